"""What is owed by the end of a period: by whom, about whom, and what counts towards it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from events.errors import Forbidden
from events.sampling import SampleDrawn
from tests.edited import policies_of
from tests.given import Scene
from tests.lives import Life, Line
from tests.services.programme.scenes import (
    ESX,
    activity,
    appointed,
    audited,
    counted,
    desk_in_east_sussex,
    owed,
    placed,
    skipped,
)
from tests.services.reports.scenes import page

CONCERN: Line = {"significant_concern": True, "summary": "the plan does not hold"}


@pytest.mark.covers("A-ESX-14", "ESX-C2", "ESX-3.16")
def test_further_files_do_not_count_to_the_quota() -> None:
    """The further files after a concern leave the month's own audit of that worker to be done."""
    desk = desk_in_east_sussex()
    first = Life(ESX, "A-1").allocated("2026-03-18", audit_type="supervision file").submitted("2026-03-18", **CONCERN)
    desk.do(*first)
    for audit in ("A-2", "A-3"):
        further = {"audit_type": "supervision further file", "extra_of": "A-1"}
        desk.do(*Life(ESX, audit, child=f"C-{audit}").allocated("2026-04-02", **further).submitted("2026-04-03"))
    rows = owed(desk, "2026-03-31", "2026-04-30", "2026-05-01", "t3_16")
    assert counted(rows) == {("P-SW", "2026-03-31"): "1 of 1, met", ("P-SW", "2026-04-30"): "0 of 1, overdue"}


@pytest.mark.covers("A-ESX-14")
def test_void_audits_do_not_count() -> None:
    """An audit that was withdrawn is none; one returned on the last day of the month is in time."""
    desk = desk_in_east_sussex()
    desk.do(*audited("A-1", "supervision file", "2026-04-30", "P-AUD"))
    assert counted(owed(desk, "2026-04-30", "2026-04-30", "2026-05-01", "t3_16")) == {
        ("P-SW", "2026-04-30"): "1 of 1, met"
    }
    void = {"command": "audit.void", "authority": ESX, "actor": "P-QA", "role": "qa_team", "audit": "A-1"}
    desk.do({**void, "reason": "selected in error", "at": "2026-05-02"})
    [row] = owed(desk, "2026-04-30", "2026-04-30", "2026-05-02", "t3_16")
    assert row.state == "overdue"


@pytest.mark.covers("A-ESX-16")
def test_who_starts_or_leaves_within_a_month_is_not_owed() -> None:
    """A worker counts in whole months only; a move to another team does not begin it anew."""
    desk = desk_in_east_sussex()
    desk.do(appointed("P-NEW", "practitioner", "T-1", "2026-04-20"))
    leaving = {"command": "person.leave", "authority": ESX, "actor": "P-QA", "role": "qa_team", "at": "2026-06-20"}
    desk.do({**leaving, "person": "P-NEW", "post": "practitioner", "unit": "T-1"})
    desk.do(appointed("P-PM2", "practice_manager", "T-2"))
    moving = {"command": "person.move", "authority": ESX, "actor": "P-QA", "role": "qa_team", "at": "2026-05-15"}
    posts = {"from_post": "practitioner", "from_unit": "T-1", "post": "practitioner", "unit": "T-2"}
    desk.do({**moving, "person": "P-SW", **posts})
    rows = owed(desk, "2026-04-30", "2026-06-30", "2026-04-01", "t3_16")
    assert [(row.due.month, row.unit, row.about) for row in rows] == [
        (4, "T-1", "P-SW"),
        (5, "T-1", "P-NEW"),
        (5, "T-2", "P-SW"),
        (6, "T-2", "P-SW"),
    ]


@pytest.mark.covers("A-ESX-21")
def test_a_worker_without_a_case_is_skipped_with_a_reason() -> None:
    """A month skipped on an accepted ground is not overdue; the next month is owed again."""
    desk = desk_in_east_sussex()
    desk.do(skipped("t3_16", "2026-04-15", "P-SW"))
    first, second = owed(desk, "2026-04-30", "2026-05-31", "2026-06-01", "t3_16")
    assert (first.state, first.ground) == ("skipped", "no open case")
    assert (second.state, second.ground) == ("overdue", None)


@pytest.mark.covers("A-ESX-09", "ESX-3.13", "ESX-3.15", "ESX-N7")
def test_peer_audits_go_round() -> None:
    """Each quarter a service is paired with one other, no team is audited twice, and the pairs change."""
    desk = desk_in_east_sussex()
    desk.do(placed("S-3", "service"), placed("T-5", "team", "S-3"), appointed("P-OM3", "operations_manager", "S-3"))
    rows = owed(desk, "2026-06-30", "2026-12-31", "2026-04-01", "t3_15")
    quarters = [[row for row in rows if row.due.month == month] for month in (6, 9, 12)]
    for quarter in quarters:
        assert sorted(row.about or "" for row in quarter) == ["T-1", "T-2", "T-5", "T-9"]
        assert all(
            row.unit != {"T-1": "S-1", "T-2": "S-1", "T-9": "S-2", "T-5": "S-3"}[row.about or ""] for row in quarter
        )
    pairs = [{(row.unit, row.about) for row in quarter} for quarter in quarters]
    assert pairs[0] == pairs[2] != pairs[1]
    desk.do(*audited("A-1", "operations manager peer audit", "2026-05-04", "P-OM3", team="T-1"))
    met = [row for row in owed(desk, "2026-06-30", "2026-06-30", "2026-05-05", "t3_15") if row.state == "met"]
    assert [row.about for row in met] == ["T-1"]


def three_services() -> Scene:
    """In the quarter that ends in June the third service looks at the first one's teams, and the second does not."""
    desk = desk_in_east_sussex()
    desk.do(placed("S-3", "service"), placed("T-5", "team", "S-3"), appointed("P-OM3", "operations_manager", "S-3"))
    return desk


@pytest.mark.covers("A-ESX-09", "ESX-3.15")
@pytest.mark.parametrize(("auditor", "state"), [("P-OM3", "1 of 1, met"), ("P-OM2", "0 of 1, overdue")])
def test_a_peer_audit_counts_for_the_service_that_is_paired(auditor: str, state: str) -> None:
    """An audit by a service that is not paired with the team's meets nothing for the one that is."""
    desk = three_services()
    desk.do(*audited("A-1", "operations manager peer audit", "2026-05-04", auditor, team="T-1"))
    rows = counted(owed(desk, "2026-06-30", "2026-06-30", "2026-07-05", "t3_15"))
    assert rows["T-1", "2026-06-30"] == state


@pytest.mark.covers("A-ESX-09", "ESX-3.15")
@pytest.mark.parametrize(("holder", "looks_at"), [("P-OM", "S-2"), ("P-OM2", "S-3")])
def test_a_summary_is_of_the_other_service(holder: str, looks_at: str) -> None:
    """A summary about one's own service, or one that is not the pair's, is refused; that of the pair meets the row."""
    desk = three_services()
    summary = {"item": "summary", "about": "T-1", "reported_to": ["head_of_service", "head_of_safeguarding"]}
    desk.when(activity("t3_15_summary", "2026-05-14", holder, "operations_manager", **summary, concern=False)).refused(
        "about", f"T-1 is of S-1; until 2026-06-30 {holder} looks at {looks_at}"
    )
    desk.do(activity("t3_15_summary", "2026-05-14", "P-OM3", "operations_manager", **summary, concern=False))
    rows = counted(owed(desk, "2026-06-30", "2026-06-30", "2026-07-05", "t3_15_summary"))
    assert rows["T-1", "2026-06-30"] == "1 of 1, met"


def peer_summary(actor: str, at: str, unit: str = "T-1", period: str = "2026-Q1") -> Line:
    """Issuing the feedback summary of a team for the quarter that ends in June."""
    text = {"type": "narrative", "key": "summary", "title": "", "role": "", "version": 0}
    said: dict[str, Any] = {
        "authority": ESX,
        "name": "peer_feedback",
        "unit": unit,
        "sections": [{"key": "summary", "blocks": [text]}],
    }
    whole = {"authority": ESX, "actor": actor, "role": "operations_manager", "report": "peer_feedback", "unit": unit}
    return {"command": "report.issue", **whole, "period": period, "at": at, "pages": [page(**said)]}


@pytest.mark.covers("A-ESX-09", "ESX-3.15", "ESX-N16")
@pytest.mark.parametrize(
    ("issuer", "at", "state", "record"),
    [
        ("P-OM3", "2026-07-02", "1 of 1, met late", "report/peer_feedback-2026-Q1--T-1"),
        ("P-OM2", "2026-07-02", "0 of 1, overdue", None),
    ],
)
def test_a_summary_counts_by_whom_it_was_issued(issuer: str, at: str, state: str, record: str | None) -> None:
    """Issued by the service that is paired with the team's it meets the quarter it tells of; by another it does not.

    The row names the record of the report, whose timeline says who issued it and when.
    """
    desk = three_services()
    desk.do(peer_summary(issuer, at))
    rows = owed(desk, "2026-06-30", "2026-06-30", "2026-07-05", "t3_15_summary")
    assert counted(rows)["T-1", "2026-06-30"] == state
    assert {row.about: row.record for row in rows} == {"T-1": record, "T-2": None, "T-9": None, "T-5": None}
    later = owed(desk, "2026-09-30", "2026-09-30", "2026-07-05", "t3_15_summary")
    assert {row.done for row in later} == {0}


@pytest.mark.covers("A-ESX-09", "ESX-3.15")
def test_the_right_issue_counts_after_a_wrong_one() -> None:
    """What another service issued first takes nothing from whoever owes it; issued again by them it is one."""
    desk = three_services()
    desk.do(peer_summary("P-OM2", "2026-07-01"))
    desk.do(peer_summary("P-OM3", "2026-07-02"), peer_summary("P-OM3", "2026-07-03"))
    rows = owed(desk, "2026-06-30", "2026-06-30", "2026-07-05", "t3_15_summary")
    assert counted(rows)["T-1", "2026-06-30"] == "1 of 1, met late"


@pytest.mark.covers("ESX-3.15")
def test_nobody_sums_up_the_peer_audits_of_their_own_service() -> None:
    """A manager of the team's own service neither issues the summary nor writes in it; one of another does both."""
    desk = three_services()
    text = {"command": "report.comment", "place": "summary", "narrative": "what was seen"}
    wrong = peer_summary("P-OM", "2026-07-02")
    for line in (wrong, {key: value for key, value in wrong.items() if key != "pages"} | text):
        desk.when(line).refused(
            "role", "peer_feedback of T-1 is made in another service; P-OM is of its own, S-1", error=Forbidden
        )
        if "pages" not in line:
            desk.do(line | {"actor": "P-OM3"})


@pytest.mark.covers("ESX-N14")
def test_the_files_to_scrutinise_are_drawn_at_random() -> None:
    """A Head of Service draws a tenth of the month's team files, each as likely as another; no manager draws them."""
    draw = {"command": "sample.draw", "authority": ESX, "at": "2026-06-01", "purpose": "scrutiny", "month": "2026-05"}
    chosen = set()
    for seed in ("a", "b", "c"):
        desk = desk_in_east_sussex()
        desk.do(*audited("A-99", "supervision file", "2026-05-04", "P-AUD"))
        for number in range(11):
            desk.do(*audited(f"A-{number:02}", "team file", "2026-05-04", "P-OM"))
        desk.when({**draw, "actor": "P-OM", "role": "operations_manager"}).refused(
            "role", "operations_manager may not sample.draw; that is for head_of_service", error=Forbidden
        )
        [outcome] = desk.do({**draw, "actor": "P-HOS", "role": "head_of_service", "seed": seed})
        fact = outcome.events[0].fact
        assert isinstance(fact, SampleDrawn)
        assert fact.frame == tuple(f"A-{number:02}" for number in range(11))
        assert fact.size == len(fact.chosen) == 2
        chosen.add(fact.chosen)
    assert len(chosen) > 1


@pytest.mark.covers("A-ESX-12", "ESX-N14")
def test_the_scrutiny_sample_is_a_tenth() -> None:
    """A Head of Service scrutinises a tenth of each Operations Manager's team files, rounded up, and at least one."""
    desk = desk_in_east_sussex()
    [row] = owed(desk, "2026-06-30", "2026-06-30", "2026-04-01", "t3_14_sample")
    assert (row.role, row.holders, row.about, row.needed) == ("head_of_service", ("P-HOS",), "P-OM", 1)
    for number in range(11):
        desk.do(*audited(f"A-{number}", "team file", "2026-05-04", "P-OM"))
    desk.do(activity("t3_14_sample", "2026-06-02", "P-HOS", "head_of_service", about="P-OM", item="scrutinised file"))
    [row] = owed(desk, "2026-06-30", "2026-06-30", "2026-07-01", "t3_14_sample")
    assert (row.done, row.needed, row.state) == (1, 2, "overdue")


@pytest.mark.covers("ESX-1.9")
def test_a_report_is_done_when_every_body_has_had_it() -> None:
    """A report owed to two bodies is not done by one; it may reach them on different days."""
    desk = desk_in_east_sussex()
    desk.do(activity("t1_9", "2026-05-04", reported_to=["cabinet"]))
    assert owed(desk, "2026-06-30", "2026-06-30", "2026-06-01", "t1_9")[0].state == "open"
    desk.do(activity("t1_9", "2026-06-20", reported_to=["cpp"]))
    assert owed(desk, "2026-06-30", "2026-06-30", "2026-07-01", "t1_9")[0].state == "met"
    [annual] = owed(desk, "2027-03-31", "2027-03-31", "2027-03-31", "t1_9")[1:]
    assert (annual.reports_to, annual.done) == (("scrutiny_committee",), 0)


@pytest.mark.covers("ESX-1.7")
def test_evidence_is_a_part_of_what_counts() -> None:
    """One of the two yearly meetings takes in early help: a meeting without it counts for the half year alone."""
    desk = desk_in_east_sussex()
    desk.do(activity("t1_7", "2026-05-04", item="meeting"))
    rows = owed(desk, "2026-09-30", "2027-03-31", "2026-10-01", "t1_7")
    assert [(row.every, row.done, row.state) for row in rows] == [
        ("half year", 1, "met"),
        ("half year", 0, "open"),
        ("year", 0, "open"),
    ]
    desk.do(activity("t1_7", "2026-11-04", item="meeting", evidence=["early help"]))
    assert {row.state for row in owed(desk, "2026-09-30", "2027-03-31", "2026-12-01", "t1_7")} == {"met"}


WAYS = (
    "    title: Observation of frontline practice; meeting staff and managers\n"
    "    source: [ESX-1.5]\n    owner: dcs\n    clocks: [{every: quarter}]\n"
)
ANY_OF = WAYS.replace(
    "{every: quarter}",
    "{every: month, any_of: [{item: dip sample, count: 5}, {item: observation, evidence: [reflective discussion]}]}",
)


@pytest.mark.covers("A-SWI-04", "A-SWI-15")
def test_either_way_counts_and_they_are_not_mixed(tmp_path: Path) -> None:
    """Five of one kind or one of another: four and a bare observation are neither, the discussion makes it one."""
    desk = desk_in_east_sussex(policies_of(tmp_path, ESX, [(WAYS, ANY_OF)]))

    def standing(today: str = "2026-05-01") -> str:
        [row] = owed(desk, "2026-04-30", "2026-04-30", today, "t1_5")
        return f"{row.done} of {row.needed}, {row.state}"

    desk.do(activity("t1_5", "2026-04-02", item="dip sample", count=4))
    desk.do(activity("t1_5", "2026-04-03", item="observation"))
    assert standing() == "4 of 5, overdue"
    assert standing("2026-04-30") == "4 of 5, open"
    desk.do(activity("t1_5", "2026-04-04", item="observation", evidence=["reflective discussion"]))
    assert standing() == "1 of 1, met"


def test_nothing_is_owed_from_before_the_record_begins() -> None:
    """A council that begins in June owes nothing for the months before: nobody can say what was done in them."""
    desk = desk_in_east_sussex()
    desk.do(*Life(ESX, "A-1").allocated("2026-06-10", audit_type="supervision file").submitted("2026-06-10"))
    rows = owed(desk, "2026-01-01", "2026-07-31", "2026-08-10")
    assert rows
    assert min(row.due for row in rows) == date(2026, 6, 30)
