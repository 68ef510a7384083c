"""The program as a user meets it: arguments in, what it prints and its exit code out."""

import gc
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import orjson
import structlog

from services.log import at_the_first_word
from services.settings import Settings
from workers.cli import main
from workers.running.supervisor import environment

WIDE = "200"
Line = Mapping[str, Any]


@dataclass(frozen=True)
class Said:
    """What the program said, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def flat(self) -> str:
        """What was printed, without the folding of a table."""
        return " ".join(self.out.split())

    def mistake(self) -> str:
        """The one line with which a mistake ends; nothing else was said."""
        assert (self.code, self.out) == (2, ""), self
        assert self.err.startswith("sightline: "), self.err
        assert self.err.count("\n") == 1, self.err
        return self.err


def _beside(program: str, arguments: Sequence[str], variables: Mapping[str, str]) -> None:
    """What takes this process's place runs beside it, for the tests are in it."""
    done = subprocess.run([program, *arguments[1:]], env=variables, capture_output=True, text=True, check=False)
    sys.stdout.write(done.stdout)
    sys.stderr.write(done.stderr)
    sys.exit(done.returncode)


@contextmanager
def _logs_as_before() -> Iterator[None]:
    """The program sends its log to the stream that it was given, which is gone when it has ended."""
    before = structlog.get_config()
    was_configured = structlog.is_configured()
    try:
        yield
    finally:
        at_the_first_word(None)
        structlog.reset_defaults()
        if was_configured:
            structlog.configure(**before)


@contextmanager
def _collected_as_before() -> Iterator[None]:
    """At its end the program keeps all that is left for good, for its process ends as well: this one goes on.

    What every call left behind made a process of the tests three times as large.
    """
    before = gc.get_threshold()
    try:
        with patch.object(gc, "freeze"):
            yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def _patient(seconds: float | None) -> Iterator[None]:
    """So long a question waits for its view; as long as the program does by itself where nothing is said."""
    if seconds is None:
        yield
        return
    with patch("workers.cli.showing.PATIENCE", seconds):
        yield


@dataclass(frozen=True)
class Program:
    """The program with settings. It runs within this process, which saves seconds; tests of signals start another.

    `patience` is for how many seconds a view may take in what was recorded just before, where somebody keeps it.
    """

    settings: Settings
    patience: float | None = None

    def run(self, *arguments: str, **variables: str) -> Said:
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
        variables = {"COLUMNS": WIDE, "SIGHTLINE_ACTOR": "P-QA", **self.variables, **variables}
        with (
            patch.dict(os.environ, variables),
            patch.object(sys, "argv", ["sightline", *arguments]),
            redirect_stdout(out),
            redirect_stderr(err),
            patch.object(os, "execve", _beside),
            _patient(self.patience),
            _collected_as_before(),
            _logs_as_before(),
        ):
            code = _ended()
        return Said(code, *(each.buffer.getvalue().decode() for each in (out, err)))

    def ask(self, *arguments: str, **variables: str) -> Any:
        """The answer as JSON of a question that must succeed."""
        said = self.run(*arguments, "--json", **variables)
        assert said.code == 0, said
        return said.json

    @property
    def variables(self) -> dict[str, str]:
        return environment(self.settings)


def _ended() -> int:
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0


def write_lines(file: Path, lines: Iterable[Line | bytes]) -> str:
    """A file of commands; a line that is given as bytes is written as it stands."""
    file.write_bytes(b"".join(line if isinstance(line, bytes) else orjson.dumps(line) + b"\n" for line in lines))
    return str(file)
