"""What a line of JSON must keep beyond the form of its command: nothing that reads in two ways, or that a screen obeys.

JSON lets a key stand twice (and the last one wins in silence), numbers that no store keeps, and characters that move
the cursor of whoever reads them. All of these are refused before anything is decided.
"""

import json
import re
from collections.abc import Iterator, Sequence
from math import isfinite
from typing import Any

import orjson

from events.errors import Refused

LARGEST_NUMBER = 10**15
"""Below it every whole number survives the way through JSON; what is counted or measured here stays far below it."""

MEANT = re.compile(r"\r\n|[\n\t]")
"""The control characters that a free text may hold: line ends, those of Windows too, and tabs."""

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202d\u202e]")
"""What a terminal or a database may obey instead of showing: control characters, separators of lines, and the two
characters that turn the direction of everything after them."""


TURNING = re.compile("[\x7f-\x9f\u2028\u2029\u202d\u202e]")
"""Those of them that JSON takes as they are."""

ESCAPED = re.compile(rb'\\[^"\\/nt]')
"""An escape that may stand for one of the others, or for a quotation mark."""

LARGE = re.compile(rb"[0-9](?:[eE]|[0-9]{14})")
"""What a number holds that may be too large, and hardly anything else."""


def require_sound(line: bytes | str) -> None:
    """Refused, naming the field, for a doubled key, a number that is none or too large, or a control character.

    `line` is JSON that a command was read from already. A free text may run over several lines.
    """
    if _is_plain(line):
        return
    for path, held in _leaves(_READER.decode(line if isinstance(line, str) else line.decode()), ()):
        match held:
            case str() if CONTROL.search(MEANT.sub("", held)):
                raise Refused(_named(path), f"holds the control character {_first(MEANT.sub('', held))}")
            case int() | float() if not isinstance(held, bool):
                _require_number(path, held)


def _is_plain(line: bytes | str) -> bool:
    """Whether there is surely nothing to refuse in the line, as in most: that takes a tenth of going through it.

    A doubled key is gone once the line is read, and its quotation marks with it: the rest has fewer than the line.
    """
    try:
        raw = line if isinstance(line, bytes) else line.encode()
        suspect = (
            b"\x7f" in raw
            or b"NaN" in raw
            or b"Infinity" in raw
            or (b"\\" in raw and ESCAPED.search(raw))
            or (not raw.isascii() and TURNING.search(raw.decode()))
            or LARGE.search(raw)
        )
        return not suspect and orjson.dumps(orjson.loads(raw)).count(b'"') == raw.count(b'"')
    except (ValueError, TypeError):  # half a surrogate pair, or what is too deep or too large to be read so
        return False


def require_single_lines(words: object) -> None:
    """Refused, naming the field, for a word of one line that runs over several. `words` holds no free text."""
    for path, held in _leaves(words, ()):
        if isinstance(held, str) and CONTROL.search(held):
            raise Refused(_named(path), f"must be of one line; it holds the control character {_first(held)}")


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    held = dict(pairs)
    if len(held) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Refused(_shown(twice), "stands twice in one JSON object")
    return held


_READER = json.JSONDecoder(object_pairs_hook=_once)


def _leaves(held: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], object]]:
    """Every key and every value that holds no other, with the way to it."""
    match held:
        case dict():
            for key, each in held.items():
                yield (*path, key), key
                yield from _leaves(each, (*path, key))
        case list():
            for number, each in enumerate(held):
                yield from _leaves(each, (*path, str(number)))
        case _:
            yield path, held


def _require_number(path: tuple[str, ...], number: float) -> None:
    if isinstance(number, float) and not isfinite(number):
        raise Refused(_named(path), "must be a finite number")
    if abs(number) >= LARGEST_NUMBER:
        raise Refused(_named(path), f"must be a number of at most {len(str(LARGEST_NUMBER)) - 1} digits")


def _named(path: Sequence[str]) -> str:
    return ".".join(map(_shown, path))


def _shown(name: str) -> str:
    return CONTROL.sub("\N{REPLACEMENT CHARACTER}", name)


def _first(text: str) -> str:
    found = CONTROL.search(text)
    return f"U+{ord(found[0]):04X}" if found else ""
