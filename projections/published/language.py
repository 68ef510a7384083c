"""What is published, type by type. To add one, define its class in `events.published` and declare it here."""

from typing import Any

from events import actions, audits, escalations, findings, reports
from events.escalations import Step
from events.grade_disputes import GradeSettled
from events.published import actions as p_actions
from events.published import audits as p_audits
from events.published import escalations as p_escalations
from events.published import reports as p_reports
from events.published.message import fact_id
from events.recorded import Recorded
from projections.published.standing import Standing
from projections.published.telling import Language, always, telling


def _step(fact: Step, event: Recorded) -> dict[str, Any]:
    return {
        "record": event.originator_id,
        "obligation": fact.obligation,
        "step": fact.step,
        "item": fact.key or None,
        "due": fact.due,
    }


def _raised(fact: escalations.EscalationRaised, event: Recorded, _: Standing) -> p_escalations.EscalationRaised:
    envelope = event.envelope
    return p_escalations.EscalationRaised(
        **_step(fact, event),
        escalation=fact_id(envelope.authority, envelope.event_id),
        level=fact.level,
        told=tuple(p_escalations.Told(role=each.role, unit=each.unit, person=each.holder) for each in fact.recipients),
        late=fact.late,
    )


def _acknowledged(
    fact: escalations.EscalationAcknowledged, event: Recorded, before: Standing
) -> p_escalations.EscalationAcknowledged | None:
    raised = before.raised.get(fact.reference)
    if raised is None:  # what it answers was lost with a part of the history: nobody heard of it from here
        return None
    return p_escalations.EscalationAcknowledged(**_step(fact, event), escalation=raised.id, by_role=event.envelope.role)


def _resolved(
    fact: escalations.EscalationResolved, event: Recorded, before: Standing
) -> p_escalations.EscalationResolved | None:
    raised = before.raised.get(fact.reference)
    if raised is None:
        return None
    return p_escalations.EscalationResolved(**_step(fact, event), escalation=raised.id, how=fact.how)


def _notice(fact: escalations.NoticeSent, event: Recorded, _: Standing) -> p_escalations.NoticeSent:
    posts = dict.fromkeys((each.role, each.unit) for each in fact.recipients)
    return p_escalations.NoticeSent(
        **_step(fact, event),
        kind=fact.kind,
        told=tuple(p_escalations.Post(role=role, unit=unit) for role, unit in posts),
        late=fact.late,
    )


def _allocated(fact: audits.AuditAllocated, event: Recorded, _: Standing) -> p_audits.AuditAllocated:
    return p_audits.AuditAllocated(
        record=event.originator_id,
        audit_type=fact.audit_type,
        team=fact.team,
        due=fact.due,
        round=fact.round,
        again_of=fact.reaudit_of,
        further_of=fact.extra_of,
    )


def _returned(fact: audits.AuditSubmitted, event: Recorded, _: Standing) -> p_audits.AuditReturned:
    return p_audits.AuditReturned(record=event.originator_id, grade=fact.grade)


def _moderated(fact: audits.AuditModerated, event: Recorded, _: Standing) -> p_audits.AuditModerated:
    return p_audits.AuditModerated(record=event.originator_id, outcome=fact.outcome, grade=fact.grade)


def _regraded(fact: audits.AuditModerated, event: Recorded, before: Standing) -> p_audits.GradeChanged | None:
    overall = p_audits.Change(section=None, before=before.grade, after=fact.grade)
    parts = [
        p_audits.Change(section=section, before=before.sections.get(section), after=grade)
        for section, grade in fact.sections.items()
    ]
    changes = tuple(each for each in (overall, *parts) if each.before != each.after)
    if not changes:
        return None
    return p_audits.GradeChanged(record=event.originator_id, by_role=event.envelope.role, changes=changes)


def _settled(fact: GradeSettled, event: Recorded, before: Standing) -> p_audits.GradeChanged | None:
    if before.grade == fact.grade:
        return None
    change = p_audits.Change(section=None, before=before.grade, after=fact.grade)
    return p_audits.GradeChanged(record=event.originator_id, by_role=event.envelope.role, changes=(change,))


def _closed(fact: audits.AuditClosed, event: Recorded, _: Standing) -> p_audits.AuditClosed:
    return p_audits.AuditClosed(record=event.originator_id, open_actions=fact.open_actions)


def _voided(_: audits.AuditVoided, event: Recorded, __: Standing) -> p_audits.AuditVoided:
    return p_audits.AuditVoided(record=event.originator_id, by_role=event.envelope.role)


def _concern(_: findings.SafetyConcernRaised, event: Recorded, __: Standing) -> p_audits.ConcernRaised:
    return p_audits.ConcernRaised(record=event.originator_id, kinds=("safety",), by_role=event.envelope.role)


def _marked(fact: audits.AuditSubmitted, event: Recorded, _: Standing) -> p_audits.ConcernRaised | None:
    immediate = ("immediate",) if fact.immediate_concern else ()
    significant = ("significant",) if fact.significant_concern else ()
    if not immediate and not significant:
        return None
    return p_audits.ConcernRaised(
        record=event.originator_id, kinds=(*immediate, *significant), by_role=event.envelope.role
    )


def _set(fact: actions.ActionSet, event: Recorded, _: Standing) -> p_actions.ActionSet:
    return p_actions.ActionSet(
        record=event.originator_id,
        action=fact.action,
        level=fact.level,
        stage=fact.stage,
        owners=(fact.owner, *fact.jointly),
        due=fact.due,
    )


def _confirmed(fact: actions.ActionConfirmed, event: Recorded, _: Standing) -> p_actions.ActionConfirmed:
    return p_actions.ActionConfirmed(record=event.originator_id, action=fact.action, by_role=fact.role)


def _of_item(fact: Step) -> bool:
    return bool(fact.key)


def _overdue(fact: Step, event: Recorded, before: Standing) -> p_actions.ActionOverdue | None:
    action = before.overdue(fact)
    if action is None or action.due is None:
        return None
    return p_actions.ActionOverdue(record=event.originator_id, action=fact.key, owners=action.owners, due=action.due)


def _issued(fact: reports.ReportIssued, event: Recorded, _: Standing) -> p_reports.ReportIssued:
    return p_reports.ReportIssued(
        record=event.originator_id,
        report=fact.report,
        period=fact.period,
        unit=fact.unit,
        first=fact.first,
        last=fact.last,
        issue=fact.issue,
        audience=(*fact.audience, *fact.shared_with),
    )


LANGUAGE = Language(
    [
        telling(p_escalations.EscalationRaised, escalations.EscalationRaised, _raised),
        telling(p_escalations.EscalationAcknowledged, escalations.EscalationAcknowledged, _acknowledged, asks=always),
        telling(p_escalations.EscalationResolved, escalations.EscalationResolved, _resolved, asks=always),
        telling(p_escalations.NoticeSent, escalations.NoticeSent, _notice),
        telling(p_audits.AuditAllocated, audits.AuditAllocated, _allocated),
        telling(p_audits.AuditReturned, audits.AuditSubmitted, _returned),
        telling(p_audits.AuditModerated, audits.AuditModerated, _moderated),
        telling(p_audits.GradeChanged, audits.AuditModerated, _regraded, asks=always),
        telling(p_audits.GradeChanged, GradeSettled, _settled, asks=always),
        telling(p_audits.AuditClosed, audits.AuditClosed, _closed),
        telling(p_audits.AuditVoided, audits.AuditVoided, _voided),
        telling(p_audits.ConcernRaised, findings.SafetyConcernRaised, _concern),
        telling(p_audits.ConcernRaised, audits.AuditSubmitted, _marked),
        telling(p_actions.ActionSet, actions.ActionSet, _set),
        telling(p_actions.ActionConfirmed, actions.ActionConfirmed, _confirmed),
        telling(p_actions.ActionOverdue, escalations.NoticeSent, _overdue, asks=_of_item),
        telling(p_actions.ActionOverdue, escalations.EscalationRaised, _overdue, asks=_of_item),
        telling(p_reports.ReportIssued, reports.ReportIssued, _issued),
    ]
)
"""The published language of today."""
