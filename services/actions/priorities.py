"""What the priority of an action decides: whether it is asked for, and who confirms that such an action is closed."""

from events.errors import Forbidden, Refused
from services.actions.state import Action
from services.policy.model import Policy


def priority_of(named: str | None, policy: Policy) -> str | None:
    """The priority of a new action. Refused for one that the framework does not know, and where one is lacking."""
    known = ", ".join(each.name for each in policy.actions.priorities)
    if named is None and known:
        raise Refused("priority", f"is needed: {known}")
    if named is not None and policy.actions.priority(named) is None:
        raise Refused("priority", f"unknown priority {named}; {f'there are {known}' if known else 'there are none'}")
    return named


def may_confirm(role: str, action: Action, policy: Policy) -> bool:
    """Whether the action waits for this role to confirm that it is closed; one without a priority for any role."""
    priority = policy.actions.priority(action.priority)
    return priority is None or (action.completed and role in priority.confirmed_by)


def require_confirmable(name: str, action: Action, role: str, policy: Policy) -> None:
    """Refused for an action that nobody confirms or that is not completed, Forbidden for a role that does not."""
    priority = policy.actions.priority(action.priority)
    if priority is None:
        return
    if not priority.confirmed_by:
        raise Refused("actions", f"{name} is of priority {priority.name}: it is closed once it is completed")
    if role not in priority.confirmed_by:
        whose = " or ".join(priority.confirmed_by)
        raise Forbidden("role", f"{role} does not confirm an action of priority {priority.name}; that is for {whose}")
    if not action.completed:
        raise Refused("actions", f"{name} is not completed yet: its closing is confirmed after that")


def require_unclosed(name: str, action: Action, policy: Policy) -> None:
    """Refused for an action that was closed by being completed, because its priority asks for no confirmation."""
    priority = policy.actions.priority(action.priority)
    if priority is not None and not priority.confirmed_by and action.completed:
        raise Refused("action", f"{name} is closed: it is completed, and of priority {priority.name}")
