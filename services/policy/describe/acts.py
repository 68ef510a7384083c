"""Who may do what, in words: each act in those of the part of the domain that it belongs to."""

from collections.abc import Iterator

from services.policy.describe.posts import role_title
from services.policy.describe.statement import Statement
from services.policy.describe.wording import listed, plain, sentence
from services.policy.known import Known
from services.policy.model import Policy

CHAPTER = "Who may do what"
PARTS = {"duty": "Programme task"}
"""Parts that nobody calls as the program does."""


def acts(policy: Policy, known: Known) -> Iterator[Statement]:
    """Each act with the roles that may, part by part; what nobody may comes last.

    Of roles that may about what is of their own unit alone, that is said. `known` has the words of every act of a
    policy that was checked against it.
    """
    given = {act: roles for act, roles in policy.acts.items() if roles}
    for part in dict.fromkeys(_part(act) for act in given):
        for act in (act for act in given if _part(act) == part):
            yield Statement(CHAPTER, ("acts", act), part, _may(policy, known, act, given[act]))
    for act in sorted(known.acts):
        if not policy.acts.get(act) and (act in policy.acts or not known.unasked(policy, act)):
            yield Statement(CHAPTER, ("acts", act), "Nobody may", sentence(known.acts[act]))


def _part(act: str) -> str:
    """The part of the domain that an act belongs to, as a heading."""
    part = act.partition(".")[0]
    return PARTS.get(part, sentence(plain(part)))


def _may(policy: Policy, known: Known, act: str, roles: tuple[str, ...]) -> str:
    own = policy.own_unit.get(act, ())
    who = listed((role_title(policy, role) for role in roles if role not in own), "or") if set(roles) - {*own} else ""
    words = f"{sentence(known.acts.get(act, plain(act)))}: {who}"
    if own:
        beside = "; " if who else ""
        words += f"{beside}{listed((role_title(policy, role) for role in own), 'or')} about their own team or service"
    return words
