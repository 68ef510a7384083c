"""The priorities of actions in words: which there are, and how one of each is closed."""

from collections.abc import Iterator

from services.policy.describe.posts import role_title
from services.policy.describe.statement import Statement
from services.policy.describe.wording import listed
from services.policy.model import Policy


def priorities(policy: Policy) -> Iterator[Statement]:
    """Which priorities an action may have, and who confirms the closing of one."""
    held = policy.actions.priorities
    if not held:
        return
    chapter = "Priorities of actions"
    words = f"Each action has a priority: {listed((each.name for each in held), 'or')}"
    yield Statement(chapter, ("actions", "priorities"), "", words)
    for each in held:
        if each.confirmed_by:
            roles = listed((role_title(policy, role) for role in each.confirmed_by), "or")
            words = f"The closing of an action of priority {each.name} is confirmed by {roles}"
        else:
            words = f"An action of priority {each.name} is closed once it is completed; nobody confirms it"
        yield Statement(chapter, ("actions", "priorities", each.name), "", words)
