"""What an audit that follows from an earlier one must have in common with it."""

from events.errors import NotFound, Refused
from services.audits.commands import AllocateAudit
from services.audits.state import Audit
from services.core.situation import Situation


def require_earlier_audits(command: AllocateAudit, situation: Situation) -> None:
    """Refused unless the earlier audit was returned, stands, and is one that such an audit can follow from.

    A re-audit is about the same child, a further file about another one. What else a type of further file shares
    with its earlier audit is the policy's word: the practitioner, or the team (ESX-N29, ESX-N30).
    """
    rule = situation.policy.tool.further_files.get(command.audit_type)
    if rule is not None and command.extra_of is None:
        raise Refused("extra_of", f"{command.audit_type} follows from an earlier audit ({rule.of}); name it")
    for link in ("reaudit_of", "extra_of"):
        reference = getattr(command, link)
        if reference is None:
            continue
        earlier: Audit = situation.record_of(f"audit/{reference}").state
        if not earlier.has("audit.submitted"):
            raise NotFound("returned audit", reference)
        if earlier.has("audit.voided"):
            raise Refused(link, f"audit {reference} was voided: nothing follows from it any more")
        if (earlier.child == command.child) != (link == "reaudit_of"):
            other = "another" if link == "reaudit_of" else "the same"
            raise Refused(link, f"audit {reference} is about {other} child")
    if rule is None or command.extra_of is None:
        return
    asked_by: Audit = situation.record_of(f"audit/{command.extra_of}").state
    if asked_by.audit_type != rule.of:
        raise Refused(
            "extra_of", f"audit {command.extra_of} is not of type {rule.of}, which a {command.audit_type} follows"
        )
    if getattr(asked_by, rule.same) != getattr(command, rule.same):
        raise Refused(rule.same, f"the further files of audit {command.extra_of} are of the same {rule.same}")
