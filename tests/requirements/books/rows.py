"""How a line of the tables of registers is written."""

import re
from dataclasses import dataclass

SAID_BY_NUMBER = ("at least", "at most")
BOUND = re.compile(rf"({'|'.join(SAID_BY_NUMBER)}) (\d+)")


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to an entry later: by whom (every post, if nobody is named), after which steps, once or `again`."""

    name: str
    by: str = ""
    asks: str = ""
    after: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class Book:
    """A register: who adds to it (every post, if nobody is named), what an entry is about and may name, what it asks.

    A line of `asks` is a question with a `!` where it must be answered, and what counts as an answer. `each` asks the
    same of every child looked at, `least` of them. An entry may lie `ahead` where it can be planned.
    """

    name: str
    covers: tuple[str, ...]
    by: str = ""
    about: str = ""
    names: str = ""
    asks: str = ""
    each: str = ""
    least: int = 0
    ahead: bool = False
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """A question: what answers it, which `options` there are, and from and up to which number nothing is missed."""

    name: str
    must: bool
    kind: str
    options: tuple[str, ...]
    least: int | None
    most: int | None


def asked(lines: str) -> list[Ask]:
    """The questions of some lines, such as `rating!: one of red | amber | green` or `sides: number at most 3`."""
    return [_ask(*line.strip().split(": ", 1)) for line in lines.strip().splitlines()]


def _ask(name: str, kind: str) -> Ask:
    options: tuple[str, ...] = ()
    bounds: dict[str, int | None] = dict.fromkeys(SAID_BY_NUMBER)
    for word in ("one of", "some of"):
        if kind.startswith(f"{word} "):
            kind, options = word, tuple(kind.removeprefix(f"{word} ").split(" | "))
    if kind.startswith("number "):
        bounds |= {word: int(found) for word, found in BOUND.findall(kind)}
        kind = "number"
    return Ask(name.removesuffix("!"), name.endswith("!"), kind, options, bounds["at least"], bounds["at most"])
