"""Whether a file may be chosen for an audit, and given to an auditor: at allocation and at every change of auditor."""

from dataclasses import dataclass

from events.errors import Refused, SeparationOfDuties
from services.audits.commands import AllocateAudit
from services.clock import local_date
from services.core.situation import Situation
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
    """The audit that is given to somebody: its type, the child's team, and the allocated practitioner."""

    audit_type: str | None
    team: str | None
    worker: str | None


def require_auditor(auditor: str, given: Given, situation: Situation) -> None:
    """Refused unless the person may be given the audit, the first auditor like every later one.

    Nobody audits their own file (A-ALL-10). A peer audit is made by somebody from another service than the team's
    (ESX-3.13, ESX-3.15): by one who holds a post in it on that day. The auditor holds a post of the authority and,
    where the policy asks for it, stands on the register of trained auditors (TOR-3); a register that is empty names
    nobody.
    """
    if auditor == given.worker:
        raise SeparationOfDuties("auditor", "the allocated practitioner may not audit the file")
    situation.roll.require_in_post("auditor", [auditor])
    if given.audit_type in situation.policy.tool.other_service_types:
        _require_other_service(auditor, given, situation)
    if situation.policy.rounds.trained_auditors:
        situation.roll.require_trained("auditor", auditor)


def _require_other_service(auditor: str, given: Given, situation: Situation) -> None:
    directory = situation.directory()
    audited = directory.unit_of_kind(given.team, "service", situation.at)
    posts = directory.held_by(auditor, situation.at)
    services = {directory.unit_of_kind(post.unit, "service", situation.at) for post in posts}
    if audited is not None and audited in services:
        raise SeparationOfDuties("auditor", f"a peer audit of {given.team} needs an auditor from another service")
