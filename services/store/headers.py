"""Headers of messages, read and written as the client does: for all lines at once where that is the same.

An event carries two dozen of them, and its names are those of nearly every other one. So the names that have come are
learnt, and headers of the same names in the same order are read by that form: it takes half as long. What is anything
but plain is read line by line. Whoever asks for two or three of them has those alone read (`Headers`).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

_NAME = "[A-Za-z][A-Za-z0-9-]*+"
_VALUE = "[!-~]++(?: [!-~]++)*+"
_PLAIN = re.compile(f"(?:{_NAME}: {_VALUE}\r\n)+(?:\r\n)?")
"""Headers of which a form can be learnt: plain names, and plain values that are not empty and lose no blank."""

FIRST_LINE = b"NATS/1.0\r\n"
"""How a block begins that says no status."""

_BEGINS = re.compile(f"{_NAME}:".encode())
"""How a block begins whose first line is a header."""

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


class Headers(Mapping[str, str]):
    """What `read_headers` gives of a block without its first line; each header is read when it is asked for."""

    __slots__ = ("_raw", "_whole")

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._whole: dict[str, str] | None = None

    def whole(self) -> dict[str, str]:
        """All of them, for whoever asks for many."""
        if self._whole is None:
            self._whole = read_headers(self._raw)
        return self._whole

    def __getitem__(self, name: str) -> str:
        if self._whole is None and (sought := _sought(name)) is not None:
            # What stands there once, and so as we write it, is no other header's name and in no value.
            plain, line = sought
            times = self._raw.count(plain)
            if not times:
                raise KeyError(name)
            begins = self._raw.find(line) if times == 1 else -1
            ends = self._raw.find(b"\r\n", begins + 2) if begins >= 0 else -1
            if ends >= 0:
                return self._raw[begins + len(line) : ends].decode("utf-8", "replace").strip(_BLANKS)
        return self.whole()[name]

    def get(self, name: str, default: Any = None) -> Any:
        """The header of that name, or what is given where there is none."""
        try:
            return self[name]
        except KeyError:
            return default

    def __iter__(self) -> Iterator[str]:
        return iter(self.whole())

    def __len__(self) -> int:
        return len(self.whole())

    def __bool__(self) -> bool:
        return _BEGINS.match(self._raw) is not None or bool(self.whole())


def headers_of(block: bytes) -> Headers:
    """The headers in a block as it came, which says no status."""
    return Headers(block[len(FIRST_LINE) :])


def whole(headers: Mapping[str, str]) -> Mapping[str, str]:
    """The headers, all of them read: whoever asks for most of them asks a dictionary."""
    return headers.whole() if isinstance(headers, Headers) else headers


def _learn(lines: int, names: tuple[str, ...], text: str) -> None:
    """Have headers of just these names, in this order, read by their form from now on, if that reads these."""
    form = "".join(f"{re.escape(name)}: ({_VALUE})\r\n" for name in names)
    values_in = re.compile(f"{form}(?:\r\n)?").fullmatch
    if values_in(text) is not None:  # not where a name stands twice
        _forms.setdefault(lines, []).append((names, values_in))


@lru_cache(maxsize=1_024)
def _sought(name: str) -> tuple[bytes, bytes] | None:
    """A plain name as it stands in a block, and how its line begins there after another one; None for any other."""
    return (name.encode(), f"\r\n{name}: ".encode()) if re.fullmatch(_NAME, name) else None


@lru_cache(maxsize=1_024)
def _token(name: str) -> str | None:
    """The name of a header, None for what cannot be one. The same few names come with every event."""
    name = name.strip(_BLANKS)
    return name if name.isascii() and not _BLANK.search(name) else None


def header_block(headers: dict[str, Any]) -> bytes | None:
    """The headers as they travel, None when one of them needs the client's own care."""
    form = _form_of(tuple(headers))
    if form is None:
        return None
    block = form % tuple(headers.values())
    lines = len(headers) + 2  # that of the version, and the empty one
    if block.count("\r") != lines or block.count("\n") != lines or "  " in block or " \r" in block:
        return None  # a value with a line end, or with blanks at its ends, which the client would change
    return block.encode()


@lru_cache(maxsize=256)
def _form_of(names: tuple[str, ...]) -> str | None:
    """The block of headers of these names, without their values; None where one of the names is not plain.

    Nearly every event has the names of another one.
    """
    if not all(map(_is_plain, names)):
        return None
    return "".join(["NATS/1.0\r\n", *(f"{name}: %s\r\n" for name in names), "\r\n"])


@lru_cache(maxsize=1_024)
def _is_plain(name: str) -> bool:
    return re.fullmatch(_NAME, name) is not None
