"""Who may do what, in words: each act in those of the part of the domain that it belongs to."""

from collections.abc import Iterator

from services.policy.describe.posts import role_title
from services.policy.describe.statement import Statement
from services.policy.describe.wording import listed, sentence
from services.policy.known import Known
from services.policy.model import Policy


def acts(policy: Policy, known: Known) -> Iterator[Statement]:
    """Each act with the roles that may, and then those that may about what is of their own unit alone.

    `known` has the words of every act of a policy that was checked against it.
    """
    for act, roles in sorted(policy.acts.items()):
        who = listed((role_title(policy, role) for role in roles), "or")
        yield Statement("Who may do what", ("acts", act), "", f"{sentence(known.acts[act])}: {who}")
    for act, roles in sorted(policy.own_unit.items()):
        who = listed((role_title(policy, role) for role in roles), "and")
        words = f"{sentence(known.acts[act])}: {who} only about what is of their own team or service"
        yield Statement("Who may do what", ("own_unit", act), "", words)
    if not policy.own_unit:
        words = "Of their own team or service: no act is for its posts alone"
        yield Statement("Who may do what", ("own_unit",), "", words)
