"""Acts that nobody may do, and posts that nobody holds.

An act that a file does not speak of is one that nobody may do. Where that is meant, it says so: `audit.exempt: []`. Of
an act that belongs to what the file is silent about it need not speak.
"""

from collections.abc import Collection, Iterator

from services.policy.expressions import PERSONS
from services.policy.key_path import KeyPath
from services.policy.known import Known
from services.policy.model import Policy

Problem = tuple[KeyPath, str]


def nobody(policy: Policy, known: Known) -> Iterator[Problem]:
    """Each act that the file does not speak of."""
    for act in sorted(each for each in known.acts.keys() - policy.acts.keys() if not known.unasked(policy, each)):
        words = f"nobody may do {act} ({known.acts[act]}): give it to a role, or say `{act}: []` if nobody should"
        yield ("acts", act), words


def vacant(policy: Policy, known: Known, held: Collection[str]) -> Iterator[Problem]:
    """Each post without a holder, and each act that none but vacant posts may do. A group is told without a member."""
    for name, role in policy.roles.items():
        if name not in held and not role.group:
            yield ("roles", name), f"nobody holds the post of {name}"
    for act, roles in policy.acts.items():
        if roles and not any(role in held or role in PERSONS for role in roles):
            words = f"nobody may do {act} ({known.acts.get(act, act)}) as posts are held: {', '.join(roles)}"
            yield ("acts", act), words
