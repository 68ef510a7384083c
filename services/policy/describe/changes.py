"""What changed between two versions of a framework, in the words of each."""

from dataclasses import dataclass
from typing import Literal

from services.policy.describe.framework import statements
from services.policy.describe.statement import Statement
from services.policy.known import Known
from services.policy.model import Policy


@dataclass(frozen=True, slots=True)
class Change:
    """One statement that stands in one of two versions only, or otherwise in both."""

    what: Literal["added", "removed", "changed"]
    chapter: str
    about: str
    before: str
    after: str


def changes(before: Policy, after: Policy, known: Known) -> list[Change]:
    """What was added, removed and changed, in the words of each version. Nothing for two equal frameworks."""
    old = {(each.chapter, each.key): each for each in statements(before, known)}
    new = {(each.chapter, each.key): each for each in statements(after, known)}
    found = []
    for place in [*old, *(place for place in new if place not in old)]:
        left, right = old.get(place), new.get(place)
        if left is not None and right is not None and left.words == right.words and _stays(left, right):
            continue
        shown = right or left
        if shown is not None:
            what: Literal["added", "removed", "changed"] = (
                "added" if left is None else "removed" if right is None else "changed"
            )
            words = (left.words if left else "", right.words if right else "")
            found.append(Change(what, shown.chapter, shown.about, *words))
    return found


def _stays(left: Statement, right: Statement) -> bool:
    """Whether both stand under one heading; what is only called otherwise has a statement that says so."""
    return left.about == right.about or left.key[0] != "tool"
