"""Views beside what a reader of the events would say: worked out here from the facts alone, by no fold of the views.

The live view, the rebuilt one and the bare fold share one fold; that it is right itself, only another way can say.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from events.actions import ActionCompleted, ActionConfirmed, ActionRedated, ActionSet
from events.audits import (
    AuditClosed,
    AuditModerated,
    AuditReassigned,
    AuditSubmitted,
    AuditVoided,
    ModeratorAllocated,
)
from events.base import Fact
from events.escalations import EscalationAcknowledged, EscalationRaised, EscalationResolved, Step
from events.findings import FeedbackRecorded, ReflectionRecorded, SafetyConcernRaised, SectionGraded
from events.reaudits import ReauditCompleted, ReauditWithdrawn
from events.recorded import Recorded
from projections.owed import OPEN
from tests.histories import recorded, sealed
from tests.projections.test_councils import AUTHORITIES, story, work_out
from tests.projections.views import in_memory, made

SEEDS = (3, 5)
Facts = list[tuple[Any, Recorded]]
Grade = str | None


def drawn(dice: random.Random, history: Sequence[Recorded], now: datetime) -> Iterator[Fact]:
    """More of what may happen to an audit: what no desk was asked for in the story, in an order that can be."""
    grades = [each.fact.grade for each in history if isinstance(each.fact, AuditSubmitted)]
    if dice.random() < 0.5:
        yield AuditReassigned(auditor=f"P-{dice.randrange(3)}", reason=sealed())
    if dice.random() < 0.5:
        yield SafetyConcernRaised(concern=sealed())
    if grades:
        yield from moderated(dice, history, grades[0])
    for reaudit in dice.sample(("A-8", "A-9"), dice.randrange(3)):
        yield ReauditCompleted(reaudit=reaudit, grade=None)
        if dice.random() < 0.4:
            yield ReauditWithdrawn(reaudit=dice.choice(("A-8", "A-9")), how="voided")
    actions = [each.fact.action for each in history if isinstance(each.fact, ActionSet)]
    for action in dice.sample(actions, len(actions) // 2):
        later = ActionRedated(action=action, due=(now + timedelta(days=dice.randrange(90))).date(), agreed_by="P-QA")
        yield dice.choice((ActionCompleted(action=action, impact=sealed()), later))
    for number in range(dice.randrange(3)):
        step = {"obligation": "return", "step": "overdue", "key": "", "due": now, "trigger": "t-1", "number": number}
        yield EscalationRaised.model_validate({**step, "level": number, "title": "late", "recipients": ()})
        if dice.random() < 0.5:
            yield EscalationAcknowledged.model_validate(step)
        if dice.random() < 0.5:
            yield EscalationResolved.model_validate({**step, "how": "resolved"})


def moderated(dice: random.Random, history: Sequence[Recorded], grade: Grade) -> Iterator[Fact]:
    """None, one or two moderations, each after a grade of the practitioner's own."""
    sections = [each.fact.section for each in history if isinstance(each.fact, SectionGraded)][:3]
    for number in range(dice.randrange(3)):
        for section in sections[:1]:
            yield SectionGraded(section=section, grade="their own", evidence=sealed(), grader="practitioner")
        changed = {section: dice.choice(("one", "two")) for section in dice.sample(sections, min(2, len(sections)))}
        told = {"outcome": "changed", "grade": dice.choice((grade, "another")), "sections": changed}
        yield AuditModerated.model_validate({"moderator": f"P-MOD{number}", "rationale": sealed(), **told})


@cache
def lived(authority: str, seed: int) -> tuple[Recorded, ...]:
    """A council's random history, and more that is drawn for each of its audits."""
    events, dice = list(story(authority, seed)), random.Random(seed)  # noqa: S311 - a draw that can be repeated
    for about, facts in audits(events).items():
        now, version = events[-1].envelope.occurred, facts[-1][1].originator_version
        for fact in drawn(dice, [event for _, event in facts], now):
            version, now = version + 1, now + timedelta(hours=1)
            told = recorded(fact, at=now, version=version, position=len(events) + 1, about=about, authority=authority)
            events.append(replace(told, envelope=replace(told.envelope, actor=f"P-{dice.randrange(9)}")))
    return tuple(events)


def audits(events: Sequence[Recorded]) -> dict[str, Facts]:
    """The facts of each audit, in their order, each with its event."""
    found: dict[str, Facts] = {}
    for event in events:
        if event.originator_id.startswith("audit/"):
            found.setdefault(event.originator_id, []).append((event.fact, event))
    return found


def last(facts: Facts, *kinds: type[Fact]) -> Any:
    """The last fact of these kinds, if there is one."""
    return next((fact for fact, _ in reversed(facts) if isinstance(fact, kinds)), None)


def when(facts: Facts, kind: type[Fact]) -> datetime | None:
    """When the last fact of that kind happened."""
    return next((event.envelope.occurred for fact, event in reversed(facts) if isinstance(fact, kind)), None)


def said(facts: Facts, kind: type[Fact]) -> bool:
    return last(facts, kind) is not None


def in_the_register(about: str, facts: Facts) -> set[tuple[Any, ...]]:
    """What the register must say of an audit."""
    first, moderator = facts[0][0], last(facts, ModeratorAllocated, AuditModerated)
    graded, reassigned = last(facts, AuditSubmitted, AuditModerated), last(facts, AuditReassigned)
    stages = ((AuditVoided, "voided"), (AuditClosed, "closed"), (AuditModerated, "moderated"))
    returned = "returned" if said(facts, AuditSubmitted) else "allocated"
    at = {name: when(facts, kind) for name, kind in (("returned", AuditSubmitted), ("closed", AuditClosed))}
    return {
        (
            about,
            *(first.child, first.team, first.due, reassigned.auditor if reassigned else first.auditor),
            moderator and moderator.moderator,
            graded and graded.grade,
            said(facts, AuditSubmitted) and last(facts, AuditSubmitted).grade,
            next((stage for kind, stage in stages if said(facts, kind)), returned),
            *(at["returned"], at["closed"], when(facts, AuditModerated)),
            *(said(facts, each) for each in (SafetyConcernRaised, ReflectionRecorded, FeedbackRecorded)),
            standing_reaudit([fact for fact, _ in facts]),
        )
    }


def standing_reaudit(facts: Sequence[Fact]) -> str | None:
    """The re-audit that was returned last, unless it was withdrawn since."""
    for place in reversed(range(len(facts))):
        match facts[place]:
            case ReauditCompleted(reaudit=reaudit):
                gone = any(isinstance(each, ReauditWithdrawn) and each.reaudit == reaudit for each in facts[place:])
                return None if gone else reaudit
    return None


def shown_in_register(row: dict[str, Any]) -> tuple[Any, ...]:
    """What the register's row says of the same."""
    named = ("about", "child", "team", "due", "auditor", "moderator", "final_grade")
    given = row["grade_by_auditor"] if row["submitted_at"] else False
    more = ("stage", "submitted_at", "closed_at", "moderated_at", "safety_concern", "reflection", "family_feedback")
    return (*(row[name] for name in named), given, *(row[name] for name in (*more, "reaudited_by")))


def of_actions(about: str, facts: Facts) -> set[tuple[Any, ...]]:
    """What the tracker must say of the actions of an audit."""
    found = set()
    for fact, event in facts:
        if isinstance(fact, ActionSet):
            own = [(each, told) for each, told in facts if getattr(each, "action", "") == fact.action]
            moved = [each for each, _ in own if isinstance(each, ActionRedated)]
            due = moved[-1].due if moved else fact.due
            done, confirmed = when(own, ActionCompleted), when(own, ActionConfirmed)
            row = (about, fact.action, fact.owner, event.envelope.occurred, fact.due, due, len(moved), done, confirmed)
            found.add(row)
    return found


def shown_of_actions(row: dict[str, Any]) -> tuple[Any, ...]:
    """What the row of an action says of the same."""
    named = ("about", "action", "owner", "set_at", "original_due", "due", "redated", "completed_at", "confirmed_at")
    return tuple(row[name] for name in named)


def of_grades(about: str, facts: Facts) -> set[tuple[Any, ...]]:
    """Each grade that a moderator gave otherwise than it stood before: of the audit, and of its sections."""
    found = set()
    for place, (fact, event) in enumerate(facts):
        if isinstance(fact, AuditModerated):
            before = facts[:place]
            grades: list[tuple[str | None, Grade, Grade]] = [
                (section, _of_section(before, section), grade) for section, grade in fact.sections.items()
            ]
            stood = last(before, AuditSubmitted, AuditModerated)
            grades.append((None, stood and stood.grade, fact.grade))
            found |= {(about, event.originator_version, fact.moderator, *each) for each in grades if each[1] != each[2]}
    return found


def _of_section(facts: Facts, section: str) -> Grade:
    for fact, _ in reversed(facts):
        if isinstance(fact, AuditModerated) and section in fact.sections:
            return fact.sections[section]
        if isinstance(fact, SectionGraded) and fact.section == section and fact.grader == "auditor":
            return fact.grade
    return None


def shown_of_grades(row: dict[str, Any]) -> tuple[Any, ...]:
    """What the row of a grade change says of the same."""
    return tuple(row[name] for name in ("about", "version", "moderator", "section", "from_grade", "to_grade"))


def of_escalations(about: str, facts: Facts) -> set[tuple[Any, ...]]:
    """Each escalation, and who answered it when."""
    found = set()
    for raised, event in facts:
        if isinstance(raised, EscalationRaised):
            own = [each for each in facts if isinstance(each[0], Step) and each[0].reference == raised.reference]
            by = [told.envelope.actor for fact, told in own if isinstance(fact, EscalationAcknowledged)]
            answered = (when(own, EscalationAcknowledged), by[-1] if by else None, when(own, EscalationResolved))
            found.add((about, raised.number, raised.level, event.envelope.occurred, *answered))
    return found


def shown_of_escalations(row: dict[str, Any]) -> tuple[Any, ...]:
    """What the row of an escalation says of the same."""
    named = ("number", "level", "raised_at", "acknowledged_at", "acknowledged_by", "resolved_at")
    return (row["about"], *(row[name] for name in named))


Naive = Callable[[str, Facts], set[tuple[Any, ...]]]
Shown = Callable[[dict[str, Any]], tuple[Any, ...]]
BESIDE: dict[str, tuple[str, Naive, Shown]] = {
    "register": ("audit_register", in_the_register, shown_in_register),
    "actions": ("actions", of_actions, shown_of_actions),
    "grade-changes": ("grade_changes", of_grades, shown_of_grades),
    "escalations": ("escalation_queue", of_escalations, shown_of_escalations),
}


@pytest.mark.parametrize("authority", AUTHORITIES)
@pytest.mark.parametrize("view", list(BESIDE))
def test_a_view_says_what_was_recorded(view: str, authority: str) -> None:
    """Over random histories, the rows of a view are what a reader of the facts would say, no more and no less."""
    table, naive, shown = BESIDE[view]
    seen = 0
    for seed in SEEDS:
        events = lived(authority, seed)
        expected = {row for about, facts in audits(events).items() for row in naive(about, facts)}
        rows = in_memory(made(view), events)[table]
        assert {shown(row) for row in rows} == expected
        assert len(rows) == len(expected)
        seen += len(rows)
    assert seen


@pytest.mark.parametrize("authority", AUTHORITIES)
def test_what_is_owed_is_what_nobody_has_done(authority: str) -> None:
    """Of each audit that stands: every action that nobody has done, by its last day, and the return until it came."""
    returns: set[tuple[str, date | None]] = set()
    for seed in SEEDS:
        for about, facts in audits(story(authority, seed)).items():
            told = work_out(authority, about, [event for _, event in facts])
            assert told is not None
            first, allocation = facts[0]
            actions = {(action, due) for _, action, _, _, _, due, _, *done in of_actions(about, facts) if not any(done)}
            stands = not said(facts, AuditVoided)
            named = {action for action, _ in actions} | {
                fact.action for fact, _ in facts if isinstance(fact, ActionSet)
            }
            open_rows = [(row["item"], row["due"]) for row in told.rows[OPEN] if row["item"] in named]
            assert sorted(open_rows) == sorted(actions if stands else ())
            waiting = [row for row in told.rows[OPEN] if row["obligation"] == "audit_return"]
            expected = [] if said(facts, AuditSubmitted) or first.due is None or not stands else [first.due]
            assert [row["due"] for row in waiting] == expected
            assert all(row["trigger"] == allocation.envelope.event_id for row in waiting)
            returns |= {(about, row["due"]) for row in waiting}
    assert returns or authority == "east-sussex"  # whose returns have no day of their own
