"""What many councils have in common, and what a policy takes of it: a base that ships with the program.

A policy names the base that it extends. Its own entry stands in place of the whole entry of the base; what it does not
speak of is the base's. Nothing of a base is left out in silence: an act that nobody may do is said to be so (`[]`), and
so are alerts of which there are to be none.

A base that was released keeps its meaning, and another meaning gets another name: files that were not touched never
come to say something else.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from services.policy.key_path import KeyPath

BASES = Path(__file__).parents[1] / "policies" / "bases"
"""Where they stand, a folder of parts for each. It is no policy, and none of its folders is a council's."""

EXTENDS = "extends"
"""The key with which a policy names its base. It stands in the files alone: what is adopted is the whole."""

ROLES = "roles"
_NAMED = re.compile(rf"^{EXTENDS}:[ \t]*[\"']?([a-z0-9-]+)[\"']?[ \t]*(?:#.*)?$", re.MULTILINE)
_SOMEBODY = re.compile(r"([a-z][a-z0-9_]*)(?: (?:of|over) [a-z]+)?")


@dataclass(frozen=True)
class Taken:
    """What a policy has of its base: each entry by its place in the whole, with its place in the base."""

    base: str = ""
    entries: "Mapping[KeyPath, KeyPath]" = field(default_factory=dict)

    def said_of(self, key: "KeyPath", words: str) -> str:
        """What is wrong or odd there, with what can be done where it is taken of the base."""
        if self.origin(key) is None:
            return words
        return f"{words}; this is taken from {self.base}: an entry of your own goes in its place"

    def origin(self, key: "KeyPath") -> "KeyPath | None":
        """The place in the base of what stands there; None for what is the policy's own."""
        for depth in (2, 1):
            if (found := self.entries.get(key[:depth])) is not None:
                return found + key[depth:]
        return None


@dataclass(frozen=True, slots=True)
class OfBase:
    """The same by the names that people read: the places of entries, such as `acts.audit.void`."""

    base: str
    places: frozenset[str]

    def has(self, key: tuple[str, ...]) -> bool:
        """Whether what stands there is of an entry of the base."""
        return ".".join(key[:2]) in self.places

    def told(self) -> Iterator[str]:
        """The entries by the key that they stand under, in a line for each."""
        for key in sorted({place.partition(".")[0] for place in self.places}):
            beneath = sorted(place.partition(".")[2] for place in self.places if place.startswith(f"{key}."))
            yield f"{key}: {', '.join(beneath)}" if beneath else key


def names() -> list[str]:
    """The names of the bases that ship."""
    return sorted(each.name for each in BASES.iterdir() if each.is_dir() and not each.name.startswith("."))


def of(path: Path) -> bool:
    """Whether a base stands there, and no policy."""
    return path.parent.resolve() == BASES.resolve()


def named_in(texts: Iterable[str]) -> str | None:
    """The base that the texts of a policy name, without their being read as a whole; None where they name none."""
    said = f"{EXTENDS}:"  # that a text does not hold it is found in a tenth of the time of that no line begins so
    return next((found[1] for text in texts if said in text and (found := _NAMED.search(text))), None)


def merged(own: Mapping[str, Any], base: Mapping[str, Any], name: str) -> tuple[dict[str, Any], Taken]:
    """A policy's own content with what it takes of the base of that name.

    What is held by name is taken entry by entry: each stands behind the one that it follows in the base, or, in a
    list, behind the policy's own; a list that the policy says to be empty stays so. Anything else is taken whole or not
    at all. Of the roles those are taken that something names, an act of the base as well: where the paper does not know
    such a post, an entry of its own for the act keeps it out.
    """
    content: dict[str, Any] = {key: said for key, said in own.items() if key != EXTENDS}
    taken: dict[KeyPath, KeyPath] = {}
    for key, said in base.items():
        if key != ROLES:
            content[key] = _joined(key, content, said, taken)
    if isinstance(offered := base.get(ROLES), dict):
        named = set(_somebody(content))
        wanted = {role: said for role, said in offered.items() if role in named}
        content[ROLES] = _joined(ROLES, content, wanted, taken)
    return content, Taken(name, taken)


def _joined(key: str, content: Mapping[str, Any], said: Any, taken: "dict[KeyPath, KeyPath]") -> Any:
    if key not in content:
        taken[(key,)] = (key,)
    if isinstance(said, dict) and isinstance(held := content.get(key, {}), dict):
        taken.update({(key, each): (key, each) for each in said if each not in held})
        return _in_order(held, said)
    if content.get(key) == []:
        return []
    if _by_name(said) and _by_name(held := content.get(key, [])):
        names = {each.get("name") for each in held}
        further = [(place, each) for place, each in enumerate(said) if each["name"] not in names]
        taken.update({(key, len(held) + number): (key, place) for number, (place, _) in enumerate(further)})
        return [*held, *(each for _, each in further)]
    return content.get(key, said)


def _in_order(held: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """The entries of both, those held before in their order."""
    names = list(held)
    place = 0
    for each in said:
        if each not in held:
            names.insert(place, each)
        place = names.index(each) + 1
    return {each: held[each] if each in held else said[each] for each in names}


def _by_name(said: Any) -> bool:
    """Whether it is a list whose entries have names, or could have; an own entry without one is found by the checks."""
    return isinstance(said, list) and all(isinstance(each, dict) for each in said)


def _somebody(content: Mapping[str, Any]) -> Iterator[str]:
    """Whatever could name a role: alone, or with the one whose it is (`team_manager of child`)."""
    return (found[1] for text in _texts(content) if (found := _SOMEBODY.fullmatch(text)))


def _texts(held: Any) -> Iterator[str]:
    if isinstance(held, str):
        yield held
    elif isinstance(held, dict | list):
        for each in held.values() if isinstance(held, dict) else held:
            yield from _texts(each)
