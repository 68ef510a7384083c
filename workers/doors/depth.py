"""How deep a JSON text is nested, told before anything reads it."""

import re

from workers.doors.problems import MALFORMED, Stopped

DEEPEST = 32

IN_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"?', re.DOTALL)
BRACKETS = re.compile(rb"[\[\]{}]")


def _depth(body: bytes) -> int:
    """How deep the brackets are nested, its texts left out. Takes time in proportion to its length."""
    depth = deepest = 0
    if body.count(b"[") + body.count(b"{") == 0:
        return 0
    for each in BRACKETS.finditer(IN_STRING.sub(b"", body)):
        depth += 1 if each[0] in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


def require_depth(body: bytes) -> None:
    """Stopped for a text that is nested deeper than `DEEPEST`."""
    if _depth(body) > DEEPEST:
        raise Stopped(MALFORMED, f"must be nested no deeper than {DEEPEST}", field="body")
