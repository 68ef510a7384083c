"""Councils without a policy file that can be used: what is known of each, for whoever would work for it.

Files are proposals. One that breaks a rule, that was taken away or that is called otherwise ends no council: what was
adopted stands. So beside the files the histories are asked whose they are: all of those on a server that is the
installation's own, and elsewhere, where others may keep theirs, those that its views have read.
"""

from collections.abc import Callable, Collection, Mapping
from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

from events.errors import BrokenHistory
from services.store.errors import NotAllowed

if TYPE_CHECKING:
    from services.store.application import History


class Unfiled(Enum):
    """What there is of a council without a file."""

    ADOPTED = auto()
    """Rules that it goes on by."""
    NOTHING = auto()
    """No rules: there is no history, or one that has adopted none."""
    LOST = auto()
    """Views that have read a history which is gone."""
    UNSEEN = auto()
    """Nothing that can be told: the account may not ask for its history."""


class Kept(NamedTuple):
    """The authorities whose histories an installation keeps: those of its own server, and those its views have read."""

    here: frozenset[str] = frozenset()
    read: frozenset[str] = frozenset()


def unfiled(
    doubtful: Collection[str], kept: Kept, stands: Callable[[str], bool], history: "Callable[[str], History]"
) -> Mapping[str, Unfiled]:
    """What there is of each authority that is not among the files: those whose file is `doubtful`, and those `kept`.

    StoreUnavailable when the histories cannot be reached.
    """

    def found(authority: str) -> Unfiled:
        try:
            if stands(authority):
                return Unfiled.ADOPTED if _has_adopted(history(authority)) else Unfiled.NOTHING
        except NotAllowed:
            return Unfiled.UNSEEN
        return Unfiled.LOST if authority in kept.read else Unfiled.NOTHING

    return {each: found(each) for each in sorted({*doubtful, *kept.here, *kept.read})}


def _has_adopted(history: "History") -> bool:
    from services.policy.adopted import RECORD  # noqa: PLC0415 - hardly ever is there such a council

    try:
        return bool(history.load(RECORD))
    except BrokenHistory:  # something was, and whoever asks for that authority is told; the others are not
        return True
