"""What the program says where a process carries out one call and has loaded nothing for another."""

import json
import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.beside import ROOT
from tests.cli.program import Said
from workers.cli.listing import ACTS, listing

OTHERS = ("nats", "orjson", "pydantic", "sqlalchemy.dialects.sqlite", "typer")
"""What others wrote and nearly every call needs: it is loaded once for all of them."""


@dataclass(frozen=True)
class Alone(Said):
    """What a call said, how it ended, and all that was loaded then."""

    loaded: frozenset[str]


@dataclass(frozen=True)
class Call:
    """Words, and what is set in the environment for them alone; or the command is `found_only`, and not carried out."""

    words: Sequence[str]
    variables: Mapping[str, str] = field(default_factory=dict)
    found_only: bool = False


def in_turn(
    folder: Path, calls: Sequence[Call], environment: Mapping[str, str], others: Collection[str] = OTHERS
) -> list[Alone]:
    """Each call in a process of its own, those that import the same first in their order; see `tests.cli.in_turn`."""
    told = [
        {
            "number": number,
            "words": [*call.words],
            "variables": {**call.variables},
            "modules": brought_by(call.words),
            "found_only": call.found_only,
        }
        for number, call in enumerate(calls)
    ]
    ended = subprocess.run(
        [sys.executable, "-m", "tests.cli.in_turn"],
        input=json.dumps({"folder": str(folder), "others": [*others], "calls": told}),
        env={**environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return [_ended(folder, number) for number in range(len(calls))]


def _ended(folder: Path, number: int) -> Alone:
    code, out, err, loaded = ((folder / f"{number}.{end}").read_text() for end in ("code", "out", "err", "loaded"))
    return Alone(int(code), out, err, frozenset(json.loads(loaded)))


def brought_by(words: Sequence[str]) -> tuple[str, ...]:
    """The modules that the program imports, in their order, to find the command; acts have one that makes them."""
    commands = listing().commands
    for word in words:
        found = commands[word]
        if found.commands is None:
            return () if found.modules == (ACTS,) else found.modules
        commands = found.commands
    return ()
