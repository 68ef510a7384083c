"""Asking the views and history: the group `show`, and what every question has in common, whichever command asks it."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import typer
from rich.console import Console

from events.errors import NotFound
from services.modules import kinds
from services.texts.asking import Reader, Sealed
from workers.cli.options import (
    InPages,
    Question,
    QuestionInTime,
    QuestionOfViews,
    asked_beside_the_page,
    known_authority,
)
from workers.cli.reading import Unseal, opened
from workers.cli.tables import Column, print_json, print_table, screen
from workers.health.lag import lag
from workers.recording.desks import checked
from workers.system import System

if TYPE_CHECKING:
    from projections.cut import Cut, Part
    from workers.asking.captions import Captions

T = TypeVar("T")

PATIENCE = 1.0
"""Seconds that a view has to take in what was recorded just before."""

show = typer.Typer(help="The views, as tables or as JSON.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add the group to the program; other modules add their commands to it."""
    app.add_typer(show, name="show")


@dataclass(frozen=True, slots=True)
class Asking:
    """One question: the system, the authority, and how the answer is to be printed."""

    system: System
    authority: str
    as_json: bool
    console: Console
    pages: InPages = field(default_factory=InPages)

    @property
    def captions(self) -> "Captions":
        """The framework's own words; asked for each time anew."""
        from workers.asking.captions import captions  # noqa: PLC0415 - many a question needs none of them

        return captions(self.system, self.authority)

    @property
    def titles(self) -> Mapping[str, str]:
        """The names of roles and obligations in the framework's own words."""
        return self.captions.titles

    def answer(
        self,
        title: str,
        columns: list[Column],
        rows: Sequence[Any],
        *,
        audit: str | None = None,
        about: str | None = None,
    ) -> None:
        """Print the rows. NotFound where there are none because there is no such `audit`, or nothing `about` it.

        A slip of the pen must not look like an audit about which all is well.
        """
        about = f"audit/{audit}" if audit is not None else about
        if about is not None and not rows and not self.system.history(self.authority).load(about):
            kind, _, ref = kinds().called(about).partition("/")
            raise NotFound(kind, ref)
        if self.as_json:
            print_json(rows)
        else:
            print_table(self.console, f"{self.authority}: {title}", columns, rows)

    def page(self, rows: Sequence[T]) -> Sequence[T]:
        """The part of a list that is asked for (see `InPages`); where more comes after it, standard error says so.

        Refused, naming the option, for a place that is none in the list.
        """
        part, told = self.pages.part(rows, as_json=self.as_json)
        if told is not None:
            _say(told)
        return part

    def cut(self, name: str, listed: "Callable[[Cut], Part[T]]") -> Sequence[T]:
        """The same of a list that its view cuts: its rows alone are read.

        `name` tells its places from other lists', and all else that was asked tells them from the same list's with
        other filters or of another day.
        """
        part, told = self.pages.cut(listed, f"{self.authority} {name} {asked_beside_the_page()}", as_json=self.as_json)
        if told is not None:
            _say(told)
        return part

    def opened(self, by: Reader, sealed: Iterable[Sealed]) -> Unseal:
        """The texts that the reader needs to know; that they were read stands on record by then."""
        return opened(self.system.live, self.authority, by, sealed)


@contextmanager
def asking(authority: str, call: Question | QuestionOfViews, *views_asked: str) -> Iterator[Asking]:
    """Open the system for one question, on some views or on history itself; the streams must be as they should.

    Where a view lacks events that the stream has, standard error says so: an old answer must not pass for a new one.
    Asked as at a day in the past, the system is the one of that day; where nothing belongs to it, standard error says
    so, that an empty answer may not pass for a quiet council.
    """
    with System(call.settings) as system:
        known_authority(system, authority)
        pages = call if isinstance(call, InPages) else InPages()
        moment = call.moment(system) if isinstance(call, QuestionInTime) else None
        with checked(system, [authority]):
            if moment is None:
                for view in views_asked:
                    _say_if_behind(system, authority, view)
                yield Asking(system, authority, call.as_json, screen(), pages)
                return
            from projections.moments import is_empty  # noqa: PLC0415 - most questions are about the present
            from workers.asking.past import PAST_FROM, SystemAt  # noqa: PLC0415 - as above

            _say_if_behind(system, authority, PAST_FROM)
            if is_empty(system.engine, authority, moment):
                _say(f"nothing of {authority} stands on record {moment}")
            with SystemAt(system, authority, moment, views_asked) as past:
                yield Asking(past, authority, call.as_json, screen(), pages)


def _say_if_behind(system: System, authority: str, view: str) -> None:
    """Say so where the view lacks events, or stands still, once it had a moment: whoever reads texts adds an event."""
    until = time.monotonic() + PATIENCE
    while (told := lag(system, authority, view)) is not None and time.monotonic() < until:
        time.sleep(0.02)
    if told is not None:
        _say(told)


def _say(told: str) -> None:
    screen(stderr=True).print(f"sightline: {told}", markup=False, soft_wrap=True)
