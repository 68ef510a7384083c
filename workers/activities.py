"""What counts towards the programme's tasks, as the view keeps it, for whoever asks what is owed of them."""

from datetime import date

from projections.activities import worked
from services.programme.activities import Activities, AuditActivity, EntryActivity, Issue, Skip, TaskActivity
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
