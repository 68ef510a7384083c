"""Whether a file may be chosen for an audit, and given to an auditor: at allocation and at every change of auditor."""

from dataclasses import dataclass

from events.errors import Refused, SeparationOfDuties
from services.audits.commands import AllocateAudit
from services.audits.state import Audit
from services.clock import local_date
from services.core.situation import Situation
from services.directory.places import shared, together
from services.obligations.calendar import WorkingCalendar


def require_eligible(command: AllocateAudit, situation: Situation) -> None:
    """Refused unless the file may be chosen on this day (HAL-23, SWI-3, SWI-25, A-HAL-15, A-SWI-10).

    The span since the file was opened must have ended by the day of selection. What an earlier audit asked for is
    not chosen any more, so that a re-audit needs neither.
    """
    if command.reaudit_of is not None:
        return
    selection = situation.policy.selection
    only = selection.by.get(command.audit_type)
    if only is not None and command.role != only:
        raise Refused("role", f"the file of an audit of type {command.audit_type} is chosen by {only} alone")
    wanted = selection.min_open.get(command.audit_type)
    if wanted is None:
        return
    if command.open_since is None:
        raise Refused("open_since", f"is needed: the file must have been open for {wanted}")
    eligible = WorkingCalendar.of(situation.policy).shift(command.open_since, wanted)
    if local_date(situation.at) < eligible:
        raise Refused("open_since", f"open since {command.open_since}: it may be chosen from {eligible} ({wanted})")


@dataclass(frozen=True, slots=True)
class Given:
    """The audit that is given to somebody: its type, the child's team and practitioner, and which it looks at again."""

    audit_type: str | None
    team: str | None
    worker: str | None
    reaudit_of: str | None


def require_auditor(auditor: str, given: Given, situation: Situation) -> None:
    """Refused unless the person may be given the audit, the first auditor like every later one.

    Nobody audits their own file (A-ALL-10). A peer audit is made by somebody from another service than the team's
    (ESX-3.13, ESX-3.15): by one who holds a post in it on that day. Where the policy says so, nobody audits a child of
    their own team or service, or again what they audited before. The auditor holds a post of the authority: one of
    those that audit files of this type, where the policy names them (HAL-3). Where the policy asks for it, the auditor
    stands on the register of trained auditors (TOR-3); a register that is empty names nobody.
    """
    if auditor == given.worker:
        raise SeparationOfDuties("auditor", "the allocated practitioner may not audit the file")
    situation.roll.require_in_post("auditor", [auditor])
    situation.roll.require_auditing("auditor", auditor, given.audit_type)
    _require_apart(auditor, given, situation)
    if given.audit_type in situation.policy.tool.other_service_types:
        _require_other_service(auditor, given, situation)
    if situation.policy.rounds.trained_auditors:
        situation.roll.require_trained("auditor", auditor)


def require_moderator(moderator: str, audit: Audit, situation: Situation, field: str) -> None:
    """Refused for somebody of the child's own team or service, or of the auditor's, where the policy says so."""
    held, directory = situation.policy.separation, situation.directory()
    apart = held.moderator_not_of
    if apart and (own := shared(directory, moderator, audit.team, apart, situation.at)):
        raise SeparationOfDuties(field, f"{moderator} is of the child's {apart} {own} and may not moderate its audit")
    apart = held.moderator_not_with_auditor
    if apart and audit.auditor and (own := together(directory, moderator, audit.auditor, apart, situation.at)):
        raise SeparationOfDuties(field, f"{moderator} is of the auditor's {apart} {own} and may not moderate the audit")


def _require_apart(auditor: str, given: Given, situation: Situation) -> None:
    held = situation.policy.separation
    apart = held.auditor_not_of
    if apart and (own := shared(situation.directory(), auditor, given.team, apart, situation.at)):
        raise SeparationOfDuties("auditor", f"{auditor} is of the child's {apart} {own} and may not audit its file")
    earlier = given.reaudit_of if held.another_reauditor else None
    while earlier is not None:
        before: Audit = situation.record_of(f"audit/{earlier}").state
        if auditor == before.auditor:
            raise SeparationOfDuties("auditor", f"{auditor} made audit {earlier}: another looks at the file again")
        earlier = before.reaudit_of


def _require_other_service(auditor: str, given: Given, situation: Situation) -> None:
    if shared(situation.directory(), auditor, given.team, "service", situation.at):
        raise SeparationOfDuties("auditor", f"a peer audit of {given.team} needs an auditor from another service")
