"""The processes that fill new generations of the views beside each other, a share each, one for a core.

Each says when it has read its part of the stream in, and goes on once all have (see `projections.shares`).
One that fails says why, and that is raised; one that is ended is missed at once. Either takes the others with it, and
all of them end with the process that asked, however that ends (see `workers.filling`). What they had written by then is
what the next rebuild goes on from.
"""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import wait
from typing import Any

from events.errors import SightlineError, Unavailable
from projections.rebuild import Progress
from projections.rebuild_all import Sharing
from projections.share_places import begun_alone, read_through
from projections.shares import BLOCK, Share
from services.modules import CATALOGUE
from services.settings import Settings
from workers.system import System

SHARED_FROM = 50_000
"""Events from which on it is worth it: a process takes two seconds to start, in which one alone takes 7,000 events."""

MOST = 4
"""Processes, where the settings say nothing: they write one after another."""


def sharing(system: System) -> Sharing | None:
    """How the system's views are filled by several processes; None where one is to do it, or only this one can.

    Views of the caller's own, and a domain of other parts, are known to this process alone.
    """
    processes = system.settings.rebuild_processes or min(_cores(), MOST)
    if processes == 1 or system.own_views or system.catalogue is not CATALOGUE:
        return None
    return Sharing(processes, partial(fill_shares, system, processes))


def _cores() -> int:
    """How many of the machine's cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Asked:
    """What one process is asked to fill, through the position `until`."""

    settings: Settings
    authority: str
    generations: Mapping[str, int]
    share: Share
    until: int


class Said(Enum):
    """What processes say to one another: that a share is read in, that all are, that a share is filled."""

    READ_IN = auto()
    GO_ON = auto()
    FILLED = auto()


@dataclass(frozen=True, slots=True)
class Failed:
    """An error on its way from one process to another: some are not made of their arguments alone."""

    kind: type[SightlineError]
    args: tuple[Any, ...]
    told: Mapping[str, Any]

    @classmethod
    def by(cls, error: SightlineError) -> "Failed":
        """The error as it can travel."""
        return cls(type(error), error.args, vars(error))

    def error(self) -> SightlineError:
        """The same error."""
        again = self.kind.__new__(self.kind, *self.args)
        vars(again).update(self.told)
        return again


def fill_shares(
    system: System, processes: int, authority: str, generations: Mapping[str, int], progress: Progress | None
) -> int:
    """Have every share of an authority's generations filled, each by a process; see `Sharing`."""
    begun = read_through(system.engine, generations, authority)
    until = begun or system.history(authority).position()
    if until < SHARED_FROM or begun_alone(system.engine, generations, authority):
        return 0
    shares = [Share(number, processes, BLOCK) for number in range(processes)]
    started: list[_Started] = []
    try:
        started += (_Started(Asked(system.settings, authority, generations, share, until)) for share in shares)
        _hear(started, authority, progress)
    finally:
        for each in started:
            each.end()
    return until


class _Started:
    """A process that fills a share."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.reached = 0
        self.said: Said | None = None
        self.line, theirs = Pipe()
        self.process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "workers.filling", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            start_new_session=True,  # Ctrl-C reaches the one that asked, which ends the others
        )
        theirs.close()  # so that its end is heard
        self.line.send(asked)

    def hear(self) -> None:
        """Take what it says. What it failed of is raised, and Unavailable if it is gone."""
        try:
            said = self.line.recv()
        except (EOFError, ConnectionError):
            share, code = self.asked.share, self.process.wait()
            raise Unavailable(
                f"rebuild of {self.asked.authority}: process {share.number + 1} of {share.of} was ended (code {code});"
                " no view has changed, and the next rebuild goes on from there"
            ) from None
        if isinstance(said, Failed):
            raise said.error()
        if isinstance(said, Said):
            self.said = said
        self.reached = said if isinstance(said, int) else self.asked.until

    def go_on(self) -> None:
        """Let it go on; one that is gone by now is missed when it is heard next."""
        with suppress(ConnectionError):
            self.line.send(Said.GO_ON)

    def end(self) -> None:
        """End it, wherever it is: what it was writing is written whole or not at all."""
        self.process.kill()
        self.process.wait()
        self.line.close()


def _hear(started: Sequence[_Started], authority: str, progress: Progress | None) -> None:
    """Listen until every one has filled its share; none goes on to the records before all have read theirs in."""
    by_line = {each.line: each for each in started}

    def until(awaited: Said) -> None:
        while any(each.said is not awaited for each in started):
            for line in wait([each.line for each in started if each.said is not Said.FILLED]):
                by_line[line].hear()  # type: ignore[index]  # they are our lines
            if progress is not None:
                progress(authority, min(each.reached for each in started))

    until(Said.READ_IN)
    for each in started:
        each.go_on()
    until(Said.FILLED)
