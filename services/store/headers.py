"""Reading the headers of a message: what the client does for each line, for all lines at once where that is the same.

An event carries two dozen of them, and its names are those of nearly every other one. So the names that have come are
learnt, and headers of the same names in the same order are read by that form: it takes half as long. What is anything
but plain is read line by line.
"""

import re
from collections.abc import Callable
from functools import lru_cache

_NAME = "[A-Za-z][A-Za-z0-9-]*+"
_VALUE = "[!-~]++(?: [!-~]++)*+"
_PLAIN = re.compile(f"(?:{_NAME}: {_VALUE}\r\n)+(?:\r\n)?")
"""Headers of which a form can be learnt: plain names, and plain values that are not empty and lose no blank."""

_BLANKS = " \t\n\r\x0b\x0c"
_BLANK = re.compile(r"\s")

MOST_LINES, MOST_FORMS = 40, 8
"""Up to how many lines forms are learnt, and how many of as many lines: whoever sends others is read line by line."""

Values = Callable[[str], re.Match[str] | None]
_forms: dict[int, list[tuple[tuple[str, ...], Values]]] = {}
"""The forms, by how many lines they are: their names in order, and what finds their values."""


def read_headers(raw: bytes) -> dict[str, str]:
    """The headers in a block without its first line, as the client reads them."""
    text = raw.decode("utf-8", "replace")
    lines = text.count("\n")
    forms = _forms.get(lines, ())
    for names, values_in in forms:
        if (values := values_in(text)) is not None:
            return dict(zip(names, values.groups(), strict=True))
    found = {}
    for line in text.split("\r\n"):
        name, colon, value = line.partition(":")
        if colon and (token := _token(name)) is not None:
            found[token] = value.strip(_BLANKS)
    if lines < MOST_LINES and len(forms) < MOST_FORMS and _PLAIN.fullmatch(text):
        _learn(lines, tuple(found), text)
    return found


def _learn(lines: int, names: tuple[str, ...], text: str) -> None:
    """Have headers of just these names, in this order, read by their form from now on, if that reads these."""
    form = "".join(f"{re.escape(name)}: ({_VALUE})\r\n" for name in names)
    values_in = re.compile(f"{form}(?:\r\n)?").fullmatch
    if values_in(text) is not None:  # not where a name stands twice
        _forms.setdefault(lines, []).append((names, values_in))


@lru_cache(maxsize=1_024)
def _token(name: str) -> str | None:
    """The name of a header, None for what cannot be one. The same few names come with every event."""
    name = name.strip(_BLANKS)
    return name if name.isascii() and not _BLANK.search(name) else None
