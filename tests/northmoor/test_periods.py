"""Northmoor's days of a period: what begins with a month, and what two months of the year have."""

from pathlib import Path

import pytest

from services.policy.describe.tasks import tasks as told_tasks
from services.policy_files import check
from tests.given import Scene
from tests.northmoor.council import FILE, POLICY, QA, Line, act, allocated, desk, owed, returned
from tests.services.programme.scenes import owed as rows_owed


def week(on: str, until: str, at: str = "2026-02-02") -> Line:
    return act("entry.record", at, **QA, entry="E-1", kind="practice_week", on=on, until=until)


def step(name: str, on: str) -> Line:
    return act("entry.step", on, **QA, entry="E-1", step=name, on=on)


def of_week(held: Scene, name: str) -> tuple[str, bool]:
    [found] = owed(held, name, "entry/E-1")
    return str(found.due), found.ended() is not None


@pytest.mark.parametrize(
    ("month", "due"),
    [("2026-04", "2026-04-01"), ("2026-05", "2026-05-01"), ("2026-08", "2026-08-03"), ("2027-01", "2027-01-04")],
)
def test_a_months_audits_are_given_out_by_its_first_working_day(month: str, due: str) -> None:
    """NM-5: the first of the month; after a weekend, or after Christmas and New Year, the working day that follows."""
    held = desk(act("round.schedule", "2026-03-02", **QA, round=month, month=month, kind="practice conversations"))
    [found] = owed(held, "allocation", f"round/{month}")
    assert (str(found.due), found.ended()) == (due, None)


def test_other_rounds_are_not_given_out_by_then() -> None:
    """NM-5: a round of dip samples has no such day."""
    held = desk(act("round.schedule", "2026-03-02", **QA, round="2026-04", month="2026-04", kind="dip sample"))
    assert owed(held, "allocation", "round/2026-04") == []


def test_the_briefing_is_two_weeks_before_and_the_report_twenty_working_days_after() -> None:
    """NM-18: a Practice Week is planned ahead; both are owed from then on, and each is met by itself."""
    held = desk(week("2026-05-11", "2026-05-15"))
    assert of_week(held, "practice_week_briefing") == ("2026-04-27", False)
    assert of_week(held, "practice_week_report") == ("2026-06-15", False)  # 25 May is a bank holiday
    held.do(step("briefed", "2026-04-24"))
    assert (of_week(held, "practice_week_briefing")[1], of_week(held, "practice_week_report")[1]) == (True, False)
    held.do(step("reported", "2026-06-01"))
    assert of_week(held, "practice_week_report")[1]


def test_a_practice_week_in_may_and_one_in_november() -> None:
    """NM-18: each of the two months owes one; a week in June, or a second one in May, does not stand for November's."""

    def rows(*lines: Line) -> list[tuple[str, str]]:
        found = rows_owed(desk(*lines), "2026-04-01", "2027-03-31", "2026-12-01", "practice_week")
        return [(str(row.due), row.state) for row in found]

    assert rows() == [("2026-05-31", "overdue"), ("2026-11-30", "overdue")]
    assert rows(week("2026-05-11", "2026-05-15")) == [("2026-05-31", "met"), ("2026-11-30", "overdue")]
    assert rows(week("2026-06-08", "2026-06-12")) == [("2026-05-31", "overdue"), ("2026-11-30", "overdue")]
    assert rows(week("2026-11-09", "2026-11-13")) == [("2026-05-31", "overdue"), ("2026-11-30", "met")]


def test_months_of_a_task_in_words() -> None:
    """NM-18: the page says which months, and not that it is owed every month."""
    said = [each.words for each in told_tasks(POLICY) if "practice_week" in each.key]
    assert any(words.startswith("In May and November of each year: ") for words in said)


def test_every_worker_is_observed_in_each_half_of_the_year() -> None:
    """NM-21: a Team Manager owes one about each worker of the team, and one of another worker meets nothing of it."""

    def rows(*lines: Line) -> dict[tuple[str, str], str]:
        found = rows_owed(desk(*lines), "2026-04-01", "2027-03-31", "2027-04-01", "observations")
        assert {row.role for row in found} == {"team_manager"}
        assert {row.holders for row in found if row.about == "P-SW-MASH"} == {("P-TEAM-MANAGER-MASH",)}
        return {(str(row.about), str(row.due)): row.state for row in found}

    manager = {"actor": "P-TEAM-MANAGER-MASH", "role": "team_manager"}
    seen = act("entry.record", "2026-05-12", **manager, entry="E-1", kind="observation", on="2026-05-12")
    before = rows()
    assert len(before) == 2 * len({worker for worker, _ in before}) == 12
    assert set(before.values()) == {"overdue"}
    after = rows(seen | {"person": "P-SW-MASH"})
    assert {each for each, state in after.items() if state == "met"} == {("P-SW-MASH", "2026-09-30")}


def test_families_are_told_each_quarter() -> None:
    """NM-23: each quarter owes one, and what was told in one quarter does not stand for the next."""

    def rows(*lines: Line) -> list[str]:
        held = desk(allocated("A-1", "2026-03-02"), *lines)
        found = rows_owed(held, "2026-04-01", "2027-03-31", "2027-04-01", "told_families")
        assert [str(row.due) for row in found] == ["2026-06-30", "2026-09-30", "2026-12-31", "2027-03-31"]
        return [row.state for row in found]

    told = act("entry.record", "2026-08-12", **QA, entry="E-1", kind="told_families", on="2026-08-12")
    assert rows() == ["overdue"] * 4
    assert rows(told) == ["overdue", "met", "overdue", "overdue"]


@pytest.mark.parametrize(
    ("clock", "wrong"),
    [
        ("{every: quarter, in_months: [5, 11]", "what is asked for every quarter has no months of its own"),
        ("{every: month, in_months: [5, 5]", "a month stands twice"),
        ("{every: month, in_months: [5, 13]", "write 12 or less"),
    ],
)
def test_months_that_cannot_be(clock: str, wrong: str, tmp_path: Path) -> None:
    """A mistake in them is found where it stands, and nothing is taken of the file."""
    text = FILE.read_text(encoding="utf-8")
    was = "{every: month, in_months: [5, 11]"
    assert was in text
    (path := tmp_path / "northmoor.yaml").write_text(text.replace(was, clock), encoding="utf-8")
    _, mistakes = check(path)
    assert [str(each) for each in mistakes if "in_months" in str(each) and wrong in str(each)]


def test_a_sitting_is_of_one_day() -> None:
    """NM-1: reflection, meeting and grades of another day than the return are told, and only a reason goes past it."""
    reflection, meeting, submit = returned("A-1", "2026-03-16")
    early = {**reflection, "at": "2026-03-13"}
    graded = act(
        "audit.grade_section",
        "2026-03-12",
        "P-TEAM-MANAGER-CARE",
        "auditor",
        audit="A-1",
        section="Safety and risk",
        grade="2",
    )
    held = desk(allocated("A-1", "2026-03-02"), graded, early, meeting)
    said = held.when(submit).refused("audit")
    assert "a reflection on 13 Mar 2026, and not in one sitting with the return" in said
    assert "what was said of sections on 12 Mar 2026" in said
    assert "a meeting" not in said
    held.do(submit | {"override": "the worker was called away"})
    desk(allocated("A-1", "2026-03-02"), reflection, meeting, submit)


def test_a_day_between_is_seen_in_whichever_order_it_is_recorded() -> None:
    """NM-1: grades of two days are of two days, also where the earlier one is recorded last."""
    reflection, meeting, submit = returned("A-1", "2026-03-16")
    graded = act("audit.grade_section", "2026-03-16", "P-TEAM-MANAGER-CARE", "auditor", audit="A-1", grade="2")
    first, second = (graded | {"section": each} for each in ("Safety and risk", "Plan and impact"))
    held = desk(allocated("A-1", "2026-03-02"), reflection, meeting, first, second | {"at": "2026-03-12"})
    held.when(submit).refused("audit", "what was said of sections on 12 Mar 2026")


def test_actions_are_set_in_the_sitting() -> None:
    """NM-1: an action that was set on a day before is not of the sitting either."""
    reflection, meeting, submit = returned("A-1", "2026-03-16")
    action = {"action": "X-1", "text": "see the child", "owner": "P-SW-MASH", "priority": "P2"}
    set_before = act("action.set", "2026-03-12", "P-TEAM-MANAGER-CARE", "auditor", audit="A-1", **action)
    held = desk(allocated("A-1", "2026-03-02"), set_before, reflection, meeting)
    held.when(submit).refused("audit", "actions on 12 Mar 2026, and not in one sitting")
