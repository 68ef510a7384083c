"""The end of an audit: its way onto the child's record, and its closing."""

from events.audits import AuditClosed, AuditFiled
from events.base import Fact
from events.errors import Refused
from services.actions.decisions import open_actions
from services.audits import commands as c
from services.audits.agencies import require_scored_to_close
from services.audits.form import answered, asked
from services.audits.grade_dispute import require_settled_to_close
from services.audits.rules import require_event, require_once_after
from services.audits.state import Audit
from services.core.answers import require_answers
from services.core.dates import require_after
from services.core.situation import Situation


def file(_: c.FileAudit, audit: Audit, situation: Situation) -> list[Fact]:
    """On the child's record; after moderation and after feedback where the policy says so (TOR-78, TOR-90)."""
    require_once_after(audit, "audit.filed", "audit.submitted", situation)
    closing = situation.policy.closing
    for needed, event, rule in (
        (closing.file_after_moderation, "audit.moderated", "it is filed only after its moderation"),
        (
            closing.file_after_feedback,
            "audit.feedback_given",
            "it is filed only after feedback to practitioner or manager",
        ),
    ):
        if needed:
            require_event(audit, event, rule)
            require_after(audit, situation.at, event)
    return [AuditFiled()]


def close(command: c.CloseAudit, audit: Audit, situation: Situation) -> list[Fact]:
    """Closed, once all that the policy asks for has happened. What is still open of its actions is recorded with it.

    Refused while a dispute about its grade stands: no grade is final until that is settled. Refused unless the `reason`
    says why, where an agency has not scored it, or where its grade asks for an action and there is none.
    """
    require_once_after(audit, "audit.closed", "audit.submitted", situation)
    policy = situation.policy
    require_settled_to_close(audit, situation.at)
    for needed, event, rule in (
        (policy.closing.moderation_required, "audit.moderated", "it is closed only after its moderation"),
        (policy.closing.sign_off_required, "audit.signed_off", "it is closed only after the last comments"),
    ):
        if needed:
            require_event(audit, event, rule)
            require_after(audit, situation.at, event)
    low = policy.closing.action_expected
    if low is not None and audit.grade in policy.grade_set(low) and not audit.actions and not command.reason:
        raise Refused("reason", f"is needed: it is graded {audit.grade}, and no action was set")
    require_scored_to_close(command, audit, policy)
    require_answers(asked(policy, audit, "closing"), command.answers)
    reason = situation.seal_if("audit.reason", command.reason)
    closed = AuditClosed(open_actions=open_actions(situation), reason=reason)
    return [*answered("closing", command.answers, audit, situation), closed]
