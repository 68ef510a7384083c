"""The plan of a file: what would be due and who would be told, worked out in memory by the real rules."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

import orjson
import pytest

from services.clock import LONDON
from services.policy.ladders import LadderStep
from services.policy.model import Alert
from services.policy.versions import Policies
from services.rehearsal import Planned, Rehearsal
from tests.desks import SHIPPED
from tests.lives import QA, Life, Line, people


def rehearsed(*lines: Line) -> Rehearsal:
    rehearsal = Rehearsal(SHIPPED, unverified=True)
    assert rehearsal.run(map(orjson.dumps, lines)).refused == 0
    return rehearsal


def rows(plan: Iterable[Planned]) -> list[tuple[str, str, str]]:
    return [
        (
            f"{line.at.astimezone(LONDON):%d %b %H:%M}" if isinstance(line.at, datetime) else f"{line.at:%d %b}",
            line.what,
            line.outcome,
        )
        for line in plan
    ]


@pytest.mark.covers("TOR-C3")
def test_a_plan_holds_every_step_and_every_date_in_order() -> None:
    """An audit that nobody returns: its reminder, its last day and its two escalations, in the order of time."""
    plan = rehearsed(*people("torbay"), *Life("torbay", "A-1").allocated("2026-03-06")).plan("audit/A-1")
    assert rows(plan) == [
        ("27 Mar 08:00", "reminder", "fires"),
        ("03 Apr", "due", "open"),
        ("04 Apr 08:00", "escalation, level 1", "fires"),
        ("17 Apr 08:00", "escalation, level 2", "fires"),
    ]
    assert [line.owner for line in plan if line.what == "due"] == ["auditor"]
    assert [[each.holder for each in line.to] for line in plan] == [["P-AUD"], [], ["P-SM"], ["P-HOS"]]


def test_what_was_done_is_said_with_its_day_in_england() -> None:
    """A return late in the evening of summer time was met on that day, not on the day before or after."""
    lines = [*people("torbay"), *Life("torbay", "A-1").allocated("2026-06-01").submitted("2026-06-11 00:30")]
    plan = rehearsed(*lines).plan("audit/A-1")
    assert [line.outcome for line in plan if line.at == date(2026, 6, 29)] == ["met on 11 Jun 2026"]


def test_what_fell_away_is_said_and_what_was_met_before_stays_met() -> None:
    """A void lets open dates fall away; what had been met by then stays met."""
    life = Life("torbay", "A-1").allocated("2026-06-01").submitted("2026-06-10").to_moderator("2026-06-11")
    life.moderated("2026-06-12").action("2026-06-13", "X-1", due="2026-07-01")
    life.act("audit.void", "2026-06-15", **QA, reason="chosen in error")
    plan = rehearsed(*people("torbay"), *life).plan("audit/A-1")
    assert {line.title: line.outcome for line in plan if line.what == "due"} == {
        "Return of the audit": "met on 10 Jun 2026",
        "Action of the audit": "fell away",
        "The team's confirmation that actions were followed up": "fell away",
    }


def test_a_plan_of_one_audit_leaves_the_others_out() -> None:
    """Asked for one audit, the plan holds that audit; asked for all, both authorities' audits, merged by time."""
    lines = [
        *people("torbay"),
        *Life("torbay", "A-1").allocated("2026-03-06"),
        *people("halton"),
        *Life("halton", "A-2").allocated("2026-03-07"),
    ]
    rehearsal = rehearsed(*lines)
    assert {line.audit for line in rehearsal.plan("audit/A-2")} == {"A-2"}
    every = rehearsal.plan()
    assert {(line.authority, line.audit) for line in every if line.audit} == {("torbay", "A-1"), ("halton", "A-2")}
    instants = [
        line.at if isinstance(line.at, datetime) else datetime(line.at.year, line.at.month, line.at.day, tzinfo=UTC)
        for line in every
    ]
    assert instants == sorted(instants)
    assert rehearsal.plan("audit/A-9") == []


def test_a_plan_holds_the_reports_of_the_periods_that_it_reaches_into() -> None:
    """With their last days, whether or not there is a ladder: of the month, the quarter and the year of the history."""
    rehearsal = rehearsed(*people("torbay"), *Life("torbay", "A-1").allocated("2026-03-06"))
    rows = {line.about: line for line in rehearsal.plan() if line.about.startswith("report/")}
    highlight = rows["report/audit_highlight-2026-03"]
    assert (highlight.at, highlight.what, highlight.owner, highlight.outcome) == (
        date(2026, 4, 30),
        "due",
        "qa_team",
        "open",
    )
    assert not {about for about in rows if "-2026-02" in about or "-2026-04" in about}
    assert rehearsal.plan("report/audit_highlight-2026-03") == [highlight]


def test_a_plan_holds_the_steps_of_a_report() -> None:
    """Those of its ladder, with whom they tell."""
    (policy,) = SHIPPED["torbay"].versions
    on = {"name": "late", "on": "due + 1 day", "kind": "escalation", "to": ["director"], "title": "Report late"}
    step = LadderStep.model_validate(on)
    chased = [
        each.model_copy(update={"ladder": (step,)}) if each.name == "audit_highlight" else each
        for each in policy.reports
    ]
    held = Policies("torbay", (policy.model_copy(update={"reports": tuple(chased)}),))
    rehearsal = Rehearsal({"torbay": held}, unverified=True)
    rehearsal.run(map(orjson.dumps, [*people("torbay"), *Life("torbay", "A-1").allocated("2026-03-06")]))
    assert rows(rehearsal.plan("report/audit_highlight-2026-03")) == [
        ("30 Apr", "due", "open"),
        ("01 May 08:00", "escalation, level 1", "fires"),
    ]


def test_an_alert_for_each_action_is_no_date_that_somebody_owes() -> None:
    """An action has a day of its own; it stands in the plan as what its obligation owes, and not once more."""
    (policy,) = SHIPPED["torbay"].versions
    step = {"name": "now", "on": "trigger", "kind": "notice", "to": ["director"], "title": "An action is set"}
    alert = Alert.model_validate(
        {"name": "told_of_actions", "title": "Actions", "source": ["TOR-C3"], "per": "action", "ladder": [step]}
        | {"trigger": {"events": ["action.set"], "repeat": "each"}}
    )
    held = Policies("torbay", (policy.model_copy(update={"alerts": (*policy.alerts, alert)}),))
    rehearsal = Rehearsal({"torbay": held}, unverified=True)
    life = (
        Life("torbay", "A-1")
        .allocated("2026-06-01")
        .submitted("2026-06-10")
        .action("2026-06-13", "X-1", due="2026-07-01")
    )
    rehearsal.run(map(orjson.dumps, [*people("torbay"), *life]))
    plan = rehearsal.plan("audit/A-1")
    assert [line.title for line in plan if line.what == "due" and not line.owner] == []
    assert [line.what for line in plan if line.title == "An action is set"] == ["notice"]


def test_refused_lines_are_in_the_summary() -> None:
    """A rehearsal refuses what an import would refuse, and plans the rest."""
    rehearsal = Rehearsal(SHIPPED, unverified=True)
    twice = [*Life("torbay", "A-1").allocated("2026-03-06"), *Life("torbay", "A-1").allocated("2026-03-07")]
    summary = rehearsal.run(map(orjson.dumps, [*people("torbay"), *twice]))
    assert [each.reason for each in summary.rejections] == ["audit: A-1 is already allocated"]
    assert rehearsal.plan("audit/A-1")


def test_no_text_is_kept() -> None:
    """A rehearsal keeps the place of a text and nothing of the text."""
    life = Life("torbay", "A-1").allocated("2026-03-06", child_number="COUNCIL-77")
    store = rehearsed(*people("torbay"), *life.submitted("2026-03-10")).stores["torbay"]
    bodies = b"".join(each.fact.model_dump_json().encode() for each in store.load("audit/A-1"))
    assert b"COUNCIL-77" not in bodies
    assert b"seen on file" not in bodies
