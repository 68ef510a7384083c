#!/usr/bin/env python3
"""Writes every worker and every door into `systemd/sightline.target` and `compose.yaml`: run it after one was added.

A repeat changes nothing. A worker that needs more than its name has a container written by hand, outside the part that
is written here, and is left out of that part. Another folder than this one may be named.
"""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from workers.parts.groups import DEPLOYED

BEGIN, END = "# Every process of workers and doors, as deploy/units.py writes it:", "# So far every process."
PART = re.compile(rf"(?<={re.escape(BEGIN)}\n).*?(?=^ *{re.escape(END)}$)", re.DOTALL | re.MULTILINE)

Write = Callable[[str], Iterator[str]]
"""The lines of every worker, for a file whose other lines are given."""


def wanted(_others: str) -> Iterator[str]:
    """The worker's unit, for the target that starts it."""
    for name in DEPLOYED:
        yield f"Wants=sightline-worker@{name}.service\n"


def containers(others: str) -> Iterator[str]:
    """The worker's container, unless it stands there already."""
    for name in DEPLOYED:
        if f"\n  {name}:\n" not in others:
            yield f"  {name}:\n    <<: *worker\n    command: [python, -m, workers, {name}]\n\n"


FILES: Mapping[str, Write] = {"systemd/sightline.target": wanted, "compose.yaml": containers}


def written(text: str, write: Write) -> str:
    """The text with the lines of every worker between its two marks. ValueError where it has none."""
    if not PART.search(text):
        raise ValueError(f"lacks the line {BEGIN!r} or the line {END!r}")
    lines = "".join(write(PART.sub("", text)))
    return PART.sub(lambda _: lines, text)


if __name__ == "__main__":
    folder = Path(sys.argv[1] if sys.argv[1:] else __file__ + "/..").resolve()
    for name, write in FILES.items():
        file = folder / name
        file.write_text(written(file.read_text(encoding="utf-8"), write), encoding="utf-8")
