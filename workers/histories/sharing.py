"""The processes that fill new generations of the views beside each other, a share each, one for a core.

The one that asks fills the first share itself, and begins with it while the others start. Each of those says when it
has read its part of the stream in, and goes on once all have (see `projections.shares`). One that fails says why, and
that is raised; one that is ended is missed. Either is heard after the first one's next batch, and takes the others with
it; all of them end with the process that asked, however that ends (see `workers.histories.filling`). What they had
written by then is what the next rebuild goes on from.
"""

import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import wait
from typing import Self

from events.errors import Unavailable
from projections.rebuild import Progress
from projections.rebuild_all import Sharing
from projections.share_places import begun_alone, read_through
from projections.shares import BLOCK, Part, Share
from services.modules import CATALOGUE
from services.settings import Settings
from services.store.link import close_link
from workers.histories.streams import unread
from workers.processes.cores import cores
from workers.processes.failed import Failed
from workers.processes.program import program
from workers.system import System
from workers.views.made import made, views_of, worked_out_from

SHARED_FROM = 50_000
"""Events from which on it is worth it: a process takes two seconds to start, in which one alone takes 14,000 events."""

AHEAD = 2
"""Blocks of the stream that the first share has before any other: about what it reads in while another starts."""

MOST = 4
"""Processes, where the settings say nothing: they write one after another."""


def sharing(system: System) -> Sharing | None:
    """How the system's views are filled by several processes; None where one is to do it, or only this one can.

    Views of the caller's own, and a domain of other parts, are known to this process alone.
    """
    processes = system.settings.rebuild_processes or min(cores(), MOST)
    if processes == 1 or system.own_views or system.catalogue is not CATALOGUE:
        return None
    return Sharing(processes, partial(fill_shares, system, processes), AHEAD)


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


def fill_shares(
    system: System, processes: int, authority: str, generations: Mapping[str, int], progress: Progress | None
) -> int:
    """Have every share of an authority's generations filled, each by a process; see `Sharing`."""
    begun = read_through(system.engine, generations, authority)
    until = begun or system.history(authority).position()
    if until < SHARED_FROM or begun_alone(system.engine, generations, authority):
        return 0
    shares = [Share(number, processes, BLOCK, AHEAD) for number in range(processes)]
    own, *others = (Asked(system.settings, authority, generations, share, until) for share in shares)
    with _Others(others, progress) as beside:
        fill_share(system, own, beside.reached, beside.read_in, beside.hear)
        beside.until(Said.FILLED)
    return until


def fill_share(
    system: System,
    asked: Asked,
    reached: Callable[[int], None],
    together: Callable[[], object],
    going_on: Callable[[], object] = lambda: None,
) -> None:
    """Fill one share in this process; see `Part.fill`."""
    link = system.link()
    try:
        views = [made(system, name) for name in views_of(system) if name in asked.generations]
        work_out = partial(worked_out_from, system)
        part = Part(views, system.engine, asked.generations, asked.authority, asked.share, work_out)
        part.fill(unread(link, asked.authority), asked.until, reached, together, going_on)
    finally:
        close_link(link)


class _Started:
    """A process that fills a share."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.reached = 0
        self.said: Said | None = None
        self.line, theirs = Pipe()
        self.process = subprocess.Popen(  # noqa: S603 - our own module
            [*program("workers.histories.filling"), str(theirs.fileno())],
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


class _Others:
    """The processes that fill the other shares while this one fills the first. They end with the block."""

    def __init__(self, asked: Sequence[Asked], progress: Progress | None) -> None:
        self._asked, self._progress = asked, progress
        self._started: list[_Started] = []
        self._own = 0

    def __enter__(self) -> Self:
        try:
            self._started += (_Started(each) for each in self._asked)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def _end(self) -> None:
        for each in self._started:
            each.end()

    def reached(self, position: int) -> None:
        """The first share has come to that position of the stream."""
        self._own = position
        self.hear()

    def read_in(self) -> None:
        """The first share is read in: wait until all are. None goes on to the records before that."""
        self._own = self._asked[0].until
        self.until(Said.READ_IN)
        for each in self._started:
            each.go_on()

    def until(self, awaited: Said) -> None:
        """Listen until every one has said that. What one failed of is raised."""
        while any(each.said is not awaited for each in self._started):
            self.hear(wait_for_it=True)

    def hear(self, *, wait_for_it: bool = False) -> None:
        """Take what they have said by now, or wait until one says something. What one failed of is raised."""
        lines = {each.line: each for each in self._started if each.said is not Said.FILLED}
        for line in wait(list(lines), None if wait_for_it else 0):
            lines[line].hear()  # type: ignore[index]  # they are our lines
        if self._progress is not None:
            self._progress(self._asked[0].authority, min(self._own, *(each.reached for each in self._started)))
