"""Audits that other agencies look at as well: each scores for itself, in the role that the framework has for it."""

from typing import ClassVar, Literal

from pydantic import Field

from events.agencies import AgencyScored
from events.base import Fact, Label
from events.errors import Refused
from services.audits.commands import AuditCommand, CloseAudit
from services.audits.rules import require_grade, require_no_judge, require_section
from services.audits.state import Audit
from services.clock import local_date
from services.core.command import Example, Text
from services.core.dates import require_after
from services.core.situation import Situation
from services.policy.model import Policy


class ScoreAudit(AuditCommand):
    """Score an audit for one's own agency. A later score of the same agency takes the place of its earlier one."""

    command: Literal["audit.score"]
    example: ClassVar[Example] = {
        "role": "police",
        "audit": "NOR-9",
        "grade": "Good",
        "finding": "each incident was told within a day",
    }
    grade: Label | None = Field(default=None, description="The agency's overall grade, of the framework's scale.")
    sections: dict[Label, Label] = Field(default_factory=dict, description="Its grades of sections that it looked at.")
    finding: Text | None = Field(default=None, description="What the agency found.")


def score(command: ScoreAudit, audit: Audit, situation: Situation) -> list[Fact]:
    """What one agency makes of it, for which nobody else can speak.

    Refused of a type that no agency scores, or not this one, before the audit was given out, off the scales, and before
    a later score of the same agency. Nobody scores for an agency what they audited or moderated, then or before; who
    scored it is not given it to audit or to moderate (`require_no_scorer`).
    """
    agencies = situation.policy.tool.agencies.get(audit.audit_type or "", ())
    if command.role not in agencies:
        by = ", ".join(agencies) or "no other agency"
        raise Refused("role", f"an audit of type {audit.audit_type} is scored by {by}")
    require_no_judge(command.actor, situation, "score it for another agency")
    require_after(audit, situation.at, "audit.allocated")
    if (last := audit.scored.get(command.role)) is not None and situation.at < last:
        raise Refused("at", f"{local_date(situation.at)} is before its score of {local_date(last)}, which holds")
    require_grade(situation.policy, command.grade)
    for section, grade in command.sections.items():
        require_section(situation.policy, section, grade, "sections", "sections")
    finding = situation.seal_if("audit.finding", command.finding)
    return [
        AgencyScored(
            agency=command.role, by=command.actor, grade=command.grade, sections=command.sections, finding=finding
        )
    ]


def require_scored_to_close(command: CloseAudit, audit: Audit, policy: Policy) -> None:
    """Refused while an agency that is to score it has not, unless the `reason` says why it is closed all the same."""
    waited_for = [each for each in policy.tool.agencies.get(audit.audit_type or "", ()) if each not in audit.scored]
    if waited_for and not command.reason:
        raise Refused("reason", f"is needed: it was not scored by {', '.join(waited_for)}")
