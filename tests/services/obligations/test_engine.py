"""What is owed, by exact dates: at the right hour, under the policy of its day, and ended when it must be."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from events.recorded import Recorded
from services.clock import LONDON, at_local, local_date
from services.obligations.engine import obligations
from services.obligations.model import Obligation
from services.policy.versions import Policies
from tests.edited import new_version, policies_of
from tests.given import given
from tests.lives import TORBAY_LOWEST, Life
from tests.services.obligations.scenes import dates, owed
from tests.walks import imported

INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 30), timezones=st.just(LONDON))  # noqa: DTZ001 - the zone is drawn with it
EIGHT = time(8, 0)


@pytest.mark.covers("TOR-92", "TOR-93", "TOR-94", "A-ALL-04")
@for_all(began=INSTANTS)
def test_no_step_moves_with_the_clocks(began: datetime) -> None:
    """Whatever the instant of an allocation, its steps stand at eight by England's clocks on their exact days."""
    began = began.astimezone(LONDON)
    [one] = owed(Life("torbay", "A-1").allocated(began.isoformat()), "audit_return")
    day = began.date()
    assert one.due == day + timedelta(weeks=4)
    expected = {"reminder": 21, "outstanding_list": 29, "second_notice": 42}
    assert {rung.step: rung.due for rung in one.rungs} == {
        step: at_local(day + timedelta(days=days), EIGHT) for step, days in expected.items()
    }
    assert {rung.due.astimezone(LONDON).time() for rung in one.rungs} == {EIGHT}
    midnight = one.overdue_from
    assert midnight is not None
    assert midnight.astimezone(LONDON).time() == time(0, 0)
    assert local_date(midnight) == one.due + timedelta(days=1)


@pytest.mark.covers("A-TOR-01")
def test_a_shorter_deadline_of_the_round() -> None:
    """A deadline given with the allocation moves the whole ladder."""
    found = owed(Life("torbay", "A-1").allocated("2026-01-05", due="2026-01-19"), "audit_return")
    assert found[0].due == date(2026, 1, 19)
    assert dates(found) == {
        "reminder": "2026-01-12 08:00",
        "outstanding_list": "2026-01-20 08:00",
        "second_notice": "2026-02-02 08:00",
    }


@pytest.mark.covers("TOR-92", "A-ALL-04")
@pytest.mark.parametrize(
    ("due", "reminder"), [("2026-01-11", None), ("2026-01-12", "2026-01-05 09:00"), ("2026-01-13", "2026-01-06 08:00")]
)
def test_no_step_comes_before_its_cause(due: str, reminder: str | None) -> None:
    """A reminder of an earlier day than the allocation is too late; one of the same morning goes with it."""
    found = owed(Life("torbay", "A-1").allocated("2026-01-05 09:00", due=due), "audit_return")
    assert dates(found).get("reminder") == reminder
    assert [rung.step for rung in found[0].rungs if rung.too_late] == ([] if reminder else ["reminder"])


@pytest.mark.covers("TOR-94", "A-TOR-03")
def test_outstanding_moderation_is_dated_by_the_audits_deadline() -> None:
    """An audit returned but not moderated is listed two weeks after the audit's own deadline."""
    life = Life("torbay", "A-1").allocated("2026-01-05").submitted("2026-01-30")
    assert dates(owed(life, "moderation")) == {"second_notice": "2026-02-16 08:00"}


@pytest.mark.covers("A-ALL-03", "TOR-C3")
@pytest.mark.parametrize(
    ("roll", "due", "steps"),
    [
        ("none", "2026-04-03", ["2026-03-27", "2026-04-04", "2026-04-17"]),
        ("next", "2026-04-07", ["2026-03-31", "2026-04-08", "2026-04-21"]),
        ("previous", "2026-04-02", ["2026-03-26", "2026-04-03", "2026-04-16"]),
    ],
)
def test_rolling_of_a_deadline_on_good_friday(tmp_path: Path, roll: str, due: str, steps: list[str]) -> None:
    """A deadline on a bank holiday stays or rolls as the policy says, and its ladder with it."""
    policies = policies_of(tmp_path, "torbay", [("roll_non_working: none", f"roll_non_working: {roll}")])
    [one] = owed(Life("torbay", "A-1").allocated("2026-03-06"), "audit_return", policies)
    assert str(one.due) == due
    assert [str(local_date(rung.due)) for rung in one.rungs] == steps


@pytest.mark.covers("A-ALL-02", "SWI-C7")
@pytest.mark.parametrize("kind", ["at", "within"])
def test_on_a_date_and_within_a_period_are_late_from_the_same_midnight(tmp_path: Path, kind: str) -> None:
    """What falls on a date and what falls within a period are both overdue from the next midnight, in GMT or BST."""
    policies = policies_of(
        tmp_path,
        "halton",
        [("    kind: at\n    due: trigger + 1 month", f"    kind: {kind}\n    due: trigger + 6 weeks")],
    )
    life = Life("halton", "A-1").allocated("2026-09-10").submitted("2026-09-18", "Inadequate")
    [one] = owed(life, "reaudit", policies)
    assert one.due == date(2026, 10, 30)
    assert one.overdue_from == datetime(2026, 10, 31, 0, 0, tzinfo=LONDON)
    assert one.overdue_from.utcoffset() == timedelta(0)


def two_versions(folder: Path) -> Policies:
    """Four weeks for a return; from 1 March 2026 three, and then no first request any more."""
    later = [
        *new_version("2", "2026-03-01"),
        (
            "    due: trigger + 4 weeks\n    met_by: [audit.submitted]",
            "    due: trigger + 3 weeks\n    met_by: [audit.submitted]",
        ),
        ("on: trigger + 3 weeks", "on: trigger + 5 weeks"),
    ]
    return policies_of(folder, "torbay", [], later)


@pytest.mark.covers("A-ALL-11")
@pytest.mark.parametrize(("began", "due"), [("2026-02-28 23:59", "2026-03-28"), ("2026-03-01 00:00", "2026-03-22")])
def test_a_clock_keeps_the_policy_of_its_trigger(tmp_path: Path, began: str, due: str) -> None:
    """A new policy leaves running clocks alone, and governs every clock that starts under it."""
    [one] = owed(Life("torbay", "A-1").allocated(began), "audit_return", two_versions(tmp_path))
    assert str(one.due) == due


@pytest.mark.covers("A-ALL-11", "TOR-94")
def test_a_policy_change_in_the_middle_of_an_audit(tmp_path: Path) -> None:
    """Each clock of one audit keeps its own version, and a ladder still finds the due date of an older clock."""
    policies = two_versions(tmp_path)
    life = Life("torbay", "A-1").allocated("2026-02-20")
    life.submitted("2026-03-10", actions=[{"action": "X-1", "text": "visit", "owner": "P-SW", "due": "2026-04-30"}])
    assert dates(owed(life, "moderation", policies)) == {"second_notice": "2026-04-03 08:00"}
    life.to_moderator("2026-03-11").moderated("2026-03-12")
    assert dates(owed(life, "audit_return", policies))["reminder"] == "2026-03-13 08:00"
    assert dates(owed(life, "team_confirmation", policies))["first_request"] == "2026-04-16 08:00"
    old = {each.name for each in obligations(_history(life, policies), policies) if _version(each) == "1"}
    assert old == {"audit_return"}


def _history(life: Life, policies: Policies) -> tuple[Recorded, ...]:
    return given(life, authority=life.authority, policies=policies).history(life.audit)


def _version(one: Obligation) -> str:
    return one.trigger.envelope.policy_version


@pytest.mark.covers("A-TOR-06", "TOR-106")
def test_a_condition_can_become_unmet_again() -> None:
    """A new action after all were confirmed wakes the chase again, and its confirmation puts it to rest."""
    life = Life("torbay", "A-1").allocated("2026-03-02").submitted("2026-03-20").to_moderator("2026-03-23")
    life.moderated("2026-04-01").action("2026-04-02", "X-1", due="2026-05-01").confirmed("2026-04-10")
    life.action("2026-05-04", "X-2", due="2026-06-01").confirmed("2026-05-08")
    [one] = owed(life, "team_confirmation")
    by_step = {rung.step: one.met_at(rung.due) for rung in one.rungs}
    assert by_step == {"first_request": True, "second_request": False, "escalation": True}


@pytest.mark.covers("HAL-53")
def test_another_moderator_restarts_the_moderation() -> None:
    """A new allocation to a moderator replaces the clock of the earlier one."""
    life = Life("halton", "A-1").allocated("2026-01-07").submitted("2026-01-15", "Good")
    life.to_moderator("2026-01-16").to_moderator("2026-01-21", "P-MOD2")
    first, second = owed(life, "moderation")
    assert (str(first.due), str(second.due)) == ("2026-01-30", "2026-02-04")
    assert first.fell_away == second.trigger.envelope.occurred
    assert second.fell_away is None


@pytest.mark.covers("A-ALL-14")
def test_a_void_ends_every_clock() -> None:
    """After an audit was voided nothing is owed on it any more."""
    life = Life("torbay", "A-1").allocated("2026-03-02").submitted("2026-03-20", TORBAY_LOWEST)
    life.act("audit.void", "2026-03-22", "P-QA", "qa_team", reason="chosen in error")
    desk = imported("torbay", list(life))
    found = obligations(desk.history("A-1"), desk.policies)
    assert found
    assert all(each.ended() is not None for each in found)


@pytest.mark.covers("A-TOR-01")
def test_the_date_of_an_event_belongs_to_one_obligation(tmp_path: Path) -> None:
    """Where two obligations start with one event, its date is the first one's; the other keeps its own rule."""
    second = """  - name: contact
    title: First contact with the worker
    source: [TOR-73]
    trigger: {events: [audit.allocated]}
    owner: auditor
    due: trigger + 3 days
    met_by: [audit.meeting_recorded]

  - name: moderation
    title: Moderation of the audit"""
    edit = ("  - name: moderation\n    title: Moderation of the audit", second)
    policies = policies_of(tmp_path, "torbay", [edit])
    life = Life("torbay", "A-1").allocated("2026-01-05")
    [contact], [back] = owed(life, "contact", policies), owed(life, "audit_return", policies)
    assert (str(contact.due), str(back.due)) == ("2026-01-08", "2026-02-02")
