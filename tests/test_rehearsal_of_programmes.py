"""Plans of what lies beside the audits: every kind of record that the running system works out is rehearsed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import orjson
import pytest

from events.answers import Answer
from events.base import Fact
from events.disputes import DisputeEscalated, DisputeRaised
from events.programme import TaskRecorded
from events.registers import EntryRecorded, EntryStepped
from events.registry import BY_NAME
from events.rounds import DataRequested, RoundPlanned, RoundScheduled
from events.sampling import ReturnCounted
from services.modules import CATALOGUE
from services.policy.model import ObligationRule
from services.policy.rules import written
from services.rehearsal import Rehearsal
from tests.desks import SHIPPED
from tests.histories import recorded, sealed
from tests.lives import people
from tests.requirements.register_entries import Programme
from workers.cli.options import About

DAY = date(2026, 3, 2)
AHEAD = date(2026, 5, 4)
"""The day of an entry that is planned: long enough ahead for every step before it."""

START = datetime(2026, 3, 2, 10, tzinfo=UTC)
SOUTHWARK = Programme("southwark")
AUDITED = ("audit.", "action.", "obligation.")
"""Rules that these events start are rehearsed with the audits; the last lies on the record that owed it."""

FOUND: dict[str, Any] = {"child": "C-1", "person": "P-2", "team": "T-1", "service": "S-1", "subject": "H-1"}


def answered(when: dict[str, Any]) -> tuple[Answer, ...]:
    return tuple(
        Answer(question=name, yes=wanted) if isinstance(wanted, bool) else Answer(question=name, chosen=(wanted,))
        for name, wanted in when.items()
        if wanted is not None
    )


def cause(event: str, when: dict[str, Any]) -> tuple[str, list[Fact]]:  # noqa: PLR0911 - one return for each event
    """A record with the facts after which the event has happened as a rule wants it."""
    left = {name: wanted for name, wanted in when.items() if name not in {"kind", "step"}}
    kind = when.get("kind", "any")
    entry = EntryRecorded(kind=kind, on=AHEAD, holder="P-1", answers=answered(left), **FOUND)
    match event:
        case "entry.recorded":
            return "entry/E-1", [entry]
        case "entry.stepped":
            step = when.get("step", "any")
            return "entry/E-1", [
                entry.model_copy(update={"answers": ()}),
                EntryStepped(kind=kind, step=step, on=DAY, holder="P-1", answers=answered(left), **FOUND),
            ]
        case "dispute.raised":
            return "dispute/D-1", [
                DisputeRaised(**{"child": "C-1", "team": "T-1", "concern": sealed(), "tier": "social_worker", **when})
            ]
        case "dispute.escalated":
            return "dispute/D-1", [
                DisputeEscalated(**{"team": "T-1", "tier": "director", "reason": sealed(), **when}),
            ]
        case "duty.recorded":
            return "duty/supervision-2026-03", [TaskRecorded(**{"on": DAY, "holder": "P-1", "about": "T-1", **when})]
        case "month.return_counted":
            return "month/2026-03", [
                ReturnCounted(**{"audit": "A-1", "audit_type": "full", "grade": None, "service": "S-1", **when})
            ]
        case "round.scheduled":
            place = {"kind": "audit round", "name": "Round", "services": ("Locality",), **when}
            return "round/2026-06", [RoundScheduled(starts=date(2026, 6, 1), ends=date(2026, 6, 30), **place)]
        case "round.planned":
            return "round/2026-06", [RoundPlanned(diagnostics=(), units=("S-1",))]
        case "round.data_requested":
            return "round/2026-06", [DataRequested(asked="data_team", since=DAY, until=DAY, latest=DAY, late=False)]
    raise AssertionError(f"no test makes {event} happen")


def beside_the_audits(authority: str) -> Iterator[ObligationRule]:
    """The rules that something beside the audits starts and that a plan can say something of."""
    for rule in written(SHIPPED[authority].newest):
        if not rule.trigger.events[0].startswith(AUDITED) and (rule.due is not None or rule.ladder):
            yield rule


def planned(authority: str, about: str, facts: list[Fact]) -> set[str]:
    rehearsal = Rehearsal({authority: SHIPPED[authority]}, unverified=True)
    rehearsal.run(map(orjson.dumps, people(authority)))
    rehearsal.stores[authority].append(
        *(
            recorded(fact, at=START, version=number, about=about, authority=authority, actor="P-1")
            for number, fact in enumerate(facts, start=1)
        )
    )
    rows = [row for row in rehearsal.plan() if not row.about.startswith("report/")]
    assert {row.about for row in rows} <= {about}
    assert {row.audit for row in rows} <= {None}
    return {row.obligation for row in rows}


@pytest.mark.parametrize("authority", list(SHIPPED))
def test_every_rule_beside_the_audits_can_be_rehearsed(authority: str) -> None:
    """For each event that starts a rule, a history in which it happens plans that rule, by its name."""
    rules = list(beside_the_audits(authority))
    assert rules
    for rule in rules:
        for event in rule.trigger.events:
            about, facts = cause(event, dict(rule.trigger.when))
            given = [each for name in rule.trigger.given for each in cause(name, {})[1]]
            assert rule.name in planned(authority, about, [*given, *facts]), (rule.name, event)


def test_southwark_s_urgent_complaint_and_dispute_of_safety() -> None:
    """Through the commands of a file: who hears of an urgent complaint, and of a dispute about a child's safety."""
    rehearsal = Rehearsal({"southwark": SHIPPED["southwark"]}, unverified=True)
    head = {"authority": "southwark", "actor": "P-IRO", "role": "reviewing_officer", "at": "2026-03-02T10:00"}
    dispute = {"command": "dispute.raise", **head, "dispute": "D-1", "child": "C-1", "team": "T-1", "safety": True}
    answers = {"urgent": True, "leads_to_action": False, "issue": "nobody calls back"}
    complaint = SOUTHWARK.entry("E-1", "complaint", "2026-03-02", "complaints_manager", team="T-1", answers=answers)
    lines = [*people("southwark"), {**dispute, "concern": "nobody sees the child"}, complaint]
    summary = rehearsal.run(map(orjson.dumps, lines))
    assert [*summary.rejections] == []
    rows = [row for row in rehearsal.plan() if not row.about.startswith("report/")]
    assert {row.about for row in rows} == {"dispute/D-1", "entry/E-1"}
    for about, holder in (("dispute/D-1", "P-DIR"), ("entry/E-1", "P-PGL")):
        assert holder in {each.holder for row in rehearsal.plan(about) for each in row.to}


def test_kinds_are_named_once() -> None:
    """Every event that a policy may count from lies on a kind that is worked out, or on none that a clock hangs on."""
    assert set(CATALOGUE.owing) <= set(CATALOGUE.kinds)
    assert {About(record=f"{kind}/X-1").named for kind in CATALOGUE.owing} == {
        f"{kind}/X-1" for kind in CATALOGUE.owing
    }
    started = {
        event.partition(".")[0]
        for policies in SHIPPED.values()
        for rule in written(policies.newest)
        for event in rule.trigger.events
    }
    own = {"action": "audit", "obligation": "audit", "sample": "month"}
    assert {own.get(kind, kind) for kind in started} <= set(CATALOGUE.owing)
    assert started <= {name.partition(".")[0] for name in BY_NAME}
