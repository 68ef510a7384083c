"""A body that is taken, for each command that the bundled demonstration gives: the first of its kind there."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import orjson

STORIES = Path(__file__).parents[1] / "demo"
LEFT_OUT = frozenset({"command", "authority", "actor", "id", "at"})
"""What comes from path, token and header; and the day, since an example is given now."""


def story_files() -> list[Path]:
    """The histories of the demonstration; what is answered to escalations in them comes in files of its own."""
    return sorted(file for file in STORIES.glob("*.jsonl") if not file.stem.endswith("-answers"))


def body_of(line: Mapping[str, Any]) -> dict[str, Any]:
    """The body by which a line of history would be given now, by HTTP."""
    return {name: held for name, held in line.items() if name not in LEFT_OUT}


@cache
def examples() -> Mapping[str, Mapping[str, Any]]:
    """The first body for each command."""
    found: dict[str, Mapping[str, Any]] = {}
    for file in story_files():
        for line in map(orjson.loads, file.read_bytes().splitlines()):
            found.setdefault(line["command"], body_of(line))
    return found
