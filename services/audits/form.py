"""What the framework's own questions and its look-back ask of an audit, beside the sections and grades."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from events.errors import Refused
from events.findings import AuditAnswered
from events.rounds import QuestionsAgreed
from services.audits.commands import SubmitAudit
from services.audits.state import Audit
from services.clock import local_date
from services.core.answers import checked, unanswered
from services.core.situation import Situation
from services.obligations.calendar import WorkingCalendar
from services.policy.audit_tool import AuditTool
from services.policy.form import FormQuestion, Question
from services.policy.model import Policy


def asked(policy: Policy, audit: Audit, moment: str) -> tuple[FormQuestion, ...]:
    """The questions asked of this audit at a moment, in the order of the form."""
    questions = policy.tool.questions
    return tuple(each for each in questions if moment in each.asked_at and each.is_for(audit.audit_type, audit.strand))


def answered(moment: str, given: Mapping[str, Any], audit: Audit, situation: Situation) -> list[AuditAnswered]:
    """The fact of the answers; none where nothing was answered. Refused as `services.core.answers.checked` says."""
    questions = asked(situation.policy, audit, moment)
    answers = checked(questions, given, lambda text: situation.seal("audit.answers", text))
    return [AuditAnswered(asked_at=moment, answers=answers)] if answers else []


def unanswered_at(moment: str, given: Mapping[str, Any], audit: Audit, policy: Policy) -> list[Question]:
    """The questions of a moment that must be answered and are not."""
    return unanswered(asked(policy, audit, moment), given)


def look_back_to(situation: Situation) -> date | None:
    """How far a file selected on this day is to be read back (A-SOU-20); None where the framework does not say."""
    span = situation.policy.tool.lookback
    if span is None:
        return None
    return WorkingCalendar.of(situation.policy).shift(local_date(situation.at), span, -1)


def require_questions_of_round(command: SubmitAudit, audit: Audit, situation: Situation) -> None:
    """Refused for an answer to what the audit's round does not ask, where it agreed questions at all (TOR-54)."""
    if audit.round is None or not command.bespoke:
        return
    history = situation.history(f"round/{audit.round}")
    agreed = {each.fact.service: each.fact for each in history if isinstance(each.fact, QuestionsAgreed)}
    known = [question for each in agreed.values() for question in each.questions]
    for question in command.bespoke:
        if known and question not in known:
            raise Refused(
                "bespoke", f"{question!r} is not a question of round {audit.round}; it asks: {'; '.join(known)}"
            )


def require_look_back(command: SubmitAudit, audit: Audit, tool: AuditTool) -> None:
    """Refused where the auditor read back otherwise than the framework says and gives no reason."""
    read, wanted = command.looked_back_to, audit.look_back_to
    if read is None or wanted is None or command.lookback_reason:
        return
    match tool.lookback_rule:
        case "limit" if read < wanted:
            raise Refused("lookback_reason", f"is needed: the file is read back to {wanted}, not as far as {read}")
        case "least" if read > wanted:
            raise Refused("lookback_reason", f"is needed: the file is read back to {wanted} at least, not to {read}")
        case "fixed" if read != wanted:
            raise Refused("lookback_reason", f"is needed: the file is read back to {wanted}, not to {read}")
