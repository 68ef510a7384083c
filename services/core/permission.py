"""Whether the policy gives an act to the one who orders it, and whether they hold the role that they name."""

from events.errors import Forbidden, Refused
from services.core.command import Command
from services.core.part import Act
from services.core.situation import Situation
from services.policy.expressions import PERSONS


def require_act(act: Act, command: Command, situation: Situation) -> None:
    """Forbidden unless the policy gives the act to the role, and the actor holds the role on that day (see `may`).

    Where the policy ties the role to its own team or service, it must be held there. What the act itself asks first,
    such as that nobody moderates their own audit, stands between the two.
    """
    policy, allowed = situation.policy, situation.policy.acts.get(command.command, ())
    if command.role not in policy.roles and command.role not in PERSONS:
        raise Refused("role", f"unknown role {command.role}")
    if command.role not in allowed:
        raise Forbidden(
            "role", f"{command.role} may not {command.command}; that is for {', '.join(allowed) or 'nobody'}"
        )
    act.before(command, situation)
    named = situation.record.names(vars(command).get("action", "")) if command.role in PERSONS else None
    situation.roll.require_role("role", command.actor, command.role, named, unit=_own_unit(command, situation))


def _own_unit(command: Command, situation: Situation) -> str | None:
    """The team or service in which the role must be held, where the policy ties it to its own; else None.

    It is the one that the record is about or, of a record that begins, the team that the command names.
    """
    if command.role not in situation.policy.own_unit.get(command.command, ()):
        return None
    units: tuple[str | None, ...] = situation.record.units or (vars(command).get("team"),)
    return units[0]
