"""Rounds of auditing in words: what they are, whose turn it is, who approves, what is drawn and who gets the files."""

from calendar import month_name
from collections.abc import Iterator

from services.policy.describe.posts import role_title
from services.policy.describe.statement import Statement
from services.policy.describe.wording import listed, plain
from services.policy.model import Policy
from services.policy.rounds import Draw

CHAPTER = "Rounds of auditing"
METHODS = {"random": "at random", "systematic": "systematically", "stratified": "by strata"}
TRAITS = {"worker": "practitioner"}


def rounds(policy: Policy) -> Iterator[Statement]:
    """How rounds are planned, as far as the framework says; nothing where it has none."""
    held = policy.rounds
    for part, words in (
        ("kinds", f"Kinds of activity in the year's schedule: {listed(held.kinds)}" if _has_rounds(policy) else ""),
        ("rotation", _rotation(policy)),
        ("service_areas", f"The rotation may leave out none of {listed(held.service_areas)}"),
        ("diagnostics", f"Every plan holds: {listed(held.diagnostics)}"),
        ("origins", f"The focus of a round comes from one of these: {listed(held.origins, 'or')}"),
        ("data_from", _data(policy)),
        ("approvals", f"Audits of a round wait for the approval of {_roles(policy, held.approvals)}"),
        ("counted", _counted(policy)),
        ("assignment", _assignment(policy)),
        ("trained_auditors", "Only those on the register of trained auditors are given files"),
    ):
        if words and (part == "counted" or getattr(held, part)):
            yield Statement(CHAPTER, ("rounds", part), "", words)
    for draw in held.draws:
        yield Statement(CHAPTER, ("rounds", "draws", draw.name), "", _draw(draw))


def _has_rounds(policy: Policy) -> bool:
    return any(policy.acts.get(act) for act in ("round.schedule", "round.plan"))


def _roles(policy: Policy, roles: tuple[str, ...]) -> str:
    return listed(role_title(policy, role) for role in roles)


def _rotation(policy: Policy) -> str:
    turns = policy.rounds.rotation
    if turns is None:
        return ""
    months = "; then ".join(listed(areas) for areas in turns.months)
    return f"Services are audited by turns, month by month, beginning anew in {month_name[turns.first_month]}: {months}"


def _data(policy: Policy) -> str:
    held = policy.rounds
    reach = f", for the {held.data_reach} before it starts" if held.data_reach else ""
    return f"The data of a round are asked of {role_title(policy, held.data_from)}{reach}" if held.data_from else ""


def _counted(policy: Policy) -> str:
    if not _has_rounds(policy):
        return ""
    held = policy.rounds
    types = f" of type {listed(held.counted_types, 'or')}" if held.counted_types else ""
    return f"An audit{types} counts towards its round once it is {held.counted.replace('submitted', 'returned')}"


def _assignment(policy: Policy) -> str:
    held = policy.rounds.assignment
    if held is None:
        return ""
    words = f"By chance, files are given to {_roles(policy, held.posts)}, {held.each} a month to each"
    words += "; nobody is given a child of their own team" if held.not_own_team else ""
    return words + ("; nobody is given a child of their own service" if held.not_own_service else "")


def _draw(draw: Draw) -> str:
    methods = listed((METHODS.get(each, each) for each in draw.methods), "or")
    size = (
        f"one of each {_trait(draw.one_of_each)}"
        if draw.one_of_each
        else f"{draw.size} {'child' if draw.size == 1 else 'children'}"
    )
    if draw.per:
        size += f" of each {_trait(draw.per)}, or all where there are fewer"
    usual = f", {draw.size} unless somebody says otherwise" if draw.one_of_each and draw.size > 1 else ""
    words = f"Draw “{plain(draw.name)}”: {size}{usual}, drawn {methods}"
    words += f", at most {draw.at_most}" if draw.at_most else ""
    words += f", the strata being {_trait(draw.strata)}s" if draw.strata else ""
    words += f", spread over each {_trait(draw.spread)}" if draw.spread else ""
    words += f"; only files open for {draw.min_open}" if draw.min_open else ""
    words += f"; none audited within {draw.not_audited_within}" if draw.not_audited_within else ""
    words += f"; the list must name {listed(map(_trait, draw.needs))}" if draw.needs else ""
    return words + (f"; a further sample shares the {listed(map(_trait, draw.alike))}" if draw.alike else "")


def _trait(trait: str | None) -> str:
    return TRAITS.get(str(trait), str(trait))
