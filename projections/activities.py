"""What counts towards the programme's tasks: audits, entries and what was done for a task, each by its days.

A row for each record says what the tasks ask of it, so a question about a few months reads the rows of those months.
`services.programme.activities` counts them; what it makes of the events themselves is the same, and a test holds it to.
What was answered of audits and entries is kept beside it (see `projections.given`). The tables stand apart from what
is kept in them: a question of them loads no event.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from events.audits import AuditAllocated, AuditExempted, AuditModerated, AuditReassigned, AuditSubmitted, AuditVoided
from events.programme import RECORDS, TaskRecorded, TaskSkipped
from events.recorded import Recorded
from events.registers import EntryRecorded, EntryStepped, EntryWithdrawn
from events.registry import BY_NAME
from events.reports import ReportIssued
from projections.activity_tables import AUDITS, BEGAN, ENTRIES, ISSUES, SHAPE, TASKS
from projections.dates import local_date
from projections.given_in import HOLD_ANSWERS, given
from projections.view import Change, Declared, Held, Step, View, change, new


def _allocated(fact: AuditAllocated, event: Recorded, _: Held) -> Iterable[Change]:
    if fact.reaudit_of is not None or fact.extra_of is not None:
        return
    on = local_date(event.envelope.occurred)
    yield new(
        AUDITS,
        audit_type=fact.audit_type,
        team=fact.team,
        worker=fact.worker,
        auditor=fact.auditor,
        reviewers=[each for each in (fact.reviewer, *fact.further_reviewers) if each is not None],
        allocated_on=on,
        moderated=[],
        exempt=False,
        voided=False,
        first_on=on,
        last_on=on,
    )


def _reassigned(fact: AuditReassigned, _: Recorded, held: Held) -> Iterable[Change]:
    return [change(AUDITS, auditor=fact.auditor) for _ in held[AUDITS]]


def _submitted(_: AuditSubmitted, event: Recorded, held: Held) -> Iterable[Change]:
    on = local_date(event.envelope.occurred)
    return [change(AUDITS, returned_on=on, **_days(row, on)) for row in held[AUDITS].values()]


def _moderated(fact: AuditModerated, event: Recorded, held: Held) -> Iterable[Change]:
    on = local_date(event.envelope.occurred)
    for row in held[AUDITS].values():
        yield change(AUDITS, moderated=[*row["moderated"], [fact.moderator, on.isoformat()]], **_days(row, on))


def _days(row: Any, on: date) -> dict[str, date]:
    return {"first_on": min(row["first_on"], on), "last_on": max(row["last_on"], on)}


def _set(table: str, column: str) -> Step:
    """Make a step after which that holds of the record's row, if it has one."""
    return lambda _, __, held: [change(table, **{column: True}) for _ in held[table]]


def _entered(fact: EntryRecorded, _: Recorded, __: Held) -> Iterable[Change]:
    yield new(
        ENTRIES,
        kind=fact.kind,
        day=fact.on,
        holder=fact.holder,
        person=fact.person,
        team=fact.team,
        subject=fact.subject,
        times=len(fact.items) or 1,
        steps=[],
        said=_said(fact),
        withdrawn=False,
    )


def _stepped(fact: EntryStepped, _: Recorded, held: Held) -> Iterable[Change]:
    for row in held[ENTRIES].values():
        yield change(ENTRIES, steps=[*row["steps"], fact.step], said=[*row["said"], *_said(fact)])


def _said(fact: EntryRecorded | EntryStepped) -> list[list[str]]:
    return [[answer.question, word] for answer in fact.answers for word in answer.plain]


def _done(fact: TaskRecorded, event: Recorded, _: Held) -> Iterable[Change]:
    yield new(
        TASKS,
        version=event.originator_version,
        position=event.position,
        task=fact.duty,
        skipped=False,
        day=fact.on,
        holder=fact.holder,
        whom=fact.about,
        item=fact.item,
        times=fact.count,
        evidence=list(fact.evidence),
        reported_to=list(fact.reported_to),
    )


def _skipped(fact: TaskSkipped, event: Recorded, _: Held) -> Iterable[Change]:
    yield new(
        TASKS,
        version=event.originator_version,
        position=event.position,
        task=fact.duty,
        skipped=True,
        day=fact.on,
        whom=fact.about,
        ground=fact.ground,
    )


def _issued(fact: ReportIssued, event: Recorded, _: Held) -> Iterable[Change]:
    """A report is owed after its period: one that was issued before its end says nothing of what was still to come."""
    on = local_date(event.envelope.occurred)
    if on > fact.last:
        of = {"version": event.originator_version, "report": fact.report, "period": fact.period, "unit": fact.unit}
        yield new(ISSUES, **of, ended_on=fact.last, issuer=event.envelope.actor, issued_on=on)


STEPS: dict[type, Step] = {
    AuditAllocated: _allocated,
    AuditReassigned: _reassigned,
    AuditSubmitted: _submitted,
    AuditModerated: _moderated,
    AuditExempted: _set(AUDITS, "exempt"),
    AuditVoided: _set(AUDITS, "voided"),
    EntryRecorded: _entered,
    EntryStepped: _stepped,
    EntryWithdrawn: _set(ENTRIES, "withdrawn"),
    TaskRecorded: _done,
    TaskSkipped: _skipped,
    ReportIssued: _issued,
}


def _with_its_day(*steps: Step | None) -> Step:
    """What a fact changes, and the first day of the record's own: facts may be told of in another order."""
    own = [each for each in steps if each is not None]

    def taken(fact: Any, event: Recorded, held: Held) -> Iterable[Change]:
        for step in own:
            yield from step(fact, event, held)
        if event.originator_id.startswith(RECORDS):
            # A fact without it would be asked by pydantic for much longer than all the rest takes.
            on = min(local_date(event.envelope.occurred), fact.__dict__.get("on", date.max))
            known = next(iter(held[BEGAN].values()), None)
            if known is None:
                yield new(BEGAN, day=on)
            elif on < known["day"]:
                yield change(BEGAN, day=on)

    return taken


def activities_view() -> View:
    """Make the view of what counts towards the tasks, and of what was answered."""
    answered = dict.fromkeys(HOLD_ANSWERS, given)
    return View(SHAPE, {each: _with_its_day(STEPS.get(each), answered.get(each)) for each in BY_NAME.values()})


VIEW = Declared(SHAPE, activities_view)
