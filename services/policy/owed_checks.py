"""What makes an obligation of a rule: somebody can meet it, and it says by when. What is only told is an alert."""

from collections.abc import Iterator

from services.policy.expressions import NONE_STATED
from services.policy.key_path import KeyPath
from services.policy.model import Owed, Policy

Problem = tuple[KeyPath, str]


def problems_of_what_is_owed(policy: Policy) -> Iterator[Problem]:
    """Each obligation that is none, or does not say by when, with the key where it stands and where it belongs."""
    for index, rule in enumerate(policy.obligations):
        at: KeyPath = ("obligations", index)
        if not rule.met_by:
            yield (*at, "met_by"), _without_end(rule)
        elif rule.due is None and rule.per != "action" and "due" not in rule.model_fields_set:
            words = f"by when is {rule.name} owed? Say `due`, or `due: {NONE_STATED}` where the paper names no day"
            yield (*at, "due"), words
        elif rule.due is None and rule.per == "action" and "due" in rule.model_fields_set:
            yield (*at, "due"), f"each action has a day of its own, by which {rule.name} is owed: leave `due` out"


def problems_of_empty_dates(content: object) -> Iterator[Problem]:
    """Each `due` of a file with nothing behind it: a day that was forgotten is not one that the paper does not name."""
    owed = content.get("obligations") if isinstance(content, dict) else None
    for index, rule in enumerate(owed or ()):
        if "due" in rule and rule["due"] is None:
            yield (
                ("obligations", index, "due"),
                f"`due` is empty: say by when, or `{NONE_STATED}` where the paper names no day",
            )


def _without_end(rule: Owed) -> str:
    if rule.due is None:
        return (
            f"nothing meets {rule.name}, and it has no date: what is only told belongs in `alerts:`, without an owner"
        )
    told = "what is only told belongs in `alerts:`, its steps counted from `trigger`"
    return f"nothing meets {rule.name}: say `met_by`; {told}"
