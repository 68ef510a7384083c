"""What counts towards the programme's tasks, as the view keeps it, for whoever asks what is owed of them."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import orjson

from projections.activity_counts import Counting, counting
from projections.activity_rows import worked
from services.policy.tasks import Counted
from services.programme.activities import (
    ANYBODY,
    Activities,
    AuditActivity,
    EntryActivity,
    Issue,
    Named,
    Skip,
    TaskActivity,
    team_by,
)
from services.programme.wanted import ANY, BY_AUDITOR, EntriesWanted, wanted
from workers.system import System

VIEW = "activities"


def activities_between(system: System, authority: str, first: date | None, last: date | None) -> Activities:
    """What counts between two days; from the beginning, or to the end, where there is no day.

    Unavailable where the view was never kept, Outdated where it is to be rebuilt.
    """
    held = worked(system.engine, authority, first, last)
    found = Activities(began=held.began)
    for row in held.audits:
        moderated = [(moderator, date.fromisoformat(on)) for moderator, on in row.moderated]
        reviewers = tuple(row.reviewers)
        named = (row.audit_type, row.team, row.worker, reviewers, row.auditor)
        found.take_audit(AuditActivity(*named, row.allocated_on, row.returned_on, row.exempt, moderated))
    for row in held.entries:
        said = {(question, word) for question, word in row.said}
        whom = (row.kind, row.day, row.holder, row.person, row.team, row.subject)
        found.take_entry(EntryActivity(*whom, row.times, set(row.steps), said))
    for row in held.tasks:
        if row.skipped:
            found.take_task(row.task, Skip(row.day, row.whom, row.ground))
        else:
            evidence, told = tuple(row.evidence), tuple(row.reported_to)
            done = TaskActivity(row.day, row.holder, row.whom, row.item, row.times, evidence, told)
            found.take_task(row.task, done)
    for row in held.issues:
        found.take_issue(Issue(row.report, row.period, row.unit, row.ended_on, row.issuer, row.issued_on))
    return found


def activities_counted(system: System, authority: str, last: date | None) -> Activities:
    """What counts since the record began, up to the day if there is one: as much as the authority's tasks ask for.

    Counted by months in the database, so it costs what the months, people and teams are, however much they did. All
    of a month stands on one of its days, which is the same to each period, since those are whole months. Raises as
    `activities_between`.
    """
    asked = wanted(system.policies[authority].versions)
    with counting(system.engine, authority, last) as counts:
        found = Activities(began=counts.began())
        for (when, as_what), kinds in asked.audits.items():
            _count_audits(found, counts, when, as_what, kinds)
        for kind, each in asked.entries.items():
            found.entries[kind] = list(_entries(counts, kind, each))
        for row in counts.tasks():
            found.take_task(row.task, _skip(row) if row.skipped else _done(row))
        for row in counts.issues():
            found.take_issue(Issue(row.report, row.period, row.unit, row.ended_on, row.issuer, row.issued_on))
    return found


def _count_audits(found: Activities, counts: Counting, when: Counted, as_what: str, kinds: set[str]) -> None:
    by_auditor = as_what == BY_AUDITOR
    named = {ANY: (), BY_AUDITOR: ("team", "auditor")}.get(as_what, (as_what,))
    counted = {"returned": found.returned, "allocated": found.allocated, "moderated": found.moderated}[when]
    for row in counts.audits(when, named, kinds):
        whom: Named = (
            team_by(row.auditor, row.team) if by_auditor else (as_what, getattr(row, as_what)) if as_what else ANYBODY
        )
        counted[row.audit_type, whom, int(row.day[:4]), int(row.day[5:7])] += row.number
    if by_auditor:
        for row in counts.auditors():
            found.auditors.setdefault(row.team, set()).add(row.auditor)


def _entries(counts: Counting, kind: str, asked: EntriesWanted) -> Iterator[EntryActivity]:
    steps, said = sorted(asked.steps), sorted(asked.said)
    for row in counts.entries(kind, asked.named, steps, said):
        held = row._asdict()
        whom = (held.get("holder", ""), held.get("person"), held.get("team"), held.get("subject"))
        taken = {step for place, step in enumerate(steps) if held[f"step_{place}"]}
        given = {answer for place, answer in enumerate(said) if held[f"said_{place}"]}
        yield EntryActivity(kind, date.fromisoformat(row.day), *whom, row.number, taken, given)


def _skip(row: Any) -> Skip:
    return Skip(date.fromisoformat(row.day), row.whom, row.ground)


def _done(row: Any) -> TaskActivity:
    evidence, told = (tuple(orjson.loads(each)) for each in (row.evidence, row.reported_to))
    on = date.fromisoformat(row.day)
    return TaskActivity(on, row.holder, row.whom, row.item, row.number, evidence, told)
