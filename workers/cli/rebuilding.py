"""The command that replays views from the first event: `rebuild`, of one view or of all, and what it changed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated, Any

import typer

from events.errors import Refused
from projections.differences import Compared, Difference
from workers.api.columns import without_texts
from workers.cli.options import QuestionOfViews, known_authority
from workers.cli.progress import progress_bar
from workers.cli.spread import spread
from workers.cli.tables import Column, print_json, print_table, screen, several
from workers.histories.rebuilding import lengths, rebuild_everything, rebuild_view
from workers.parts.registry import VIEW_NAMES
from workers.system import System

EVERYTHING = "everything"


def add_to(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("rebuild")(rebuild)


@spread
def rebuild(
    call: QuestionOfViews,
    view: Annotated[str | None, typer.Argument(help=f"One of {', '.join(VIEW_NAMES)}.")] = None,
    every: Annotated[
        str | None,
        typer.Option("--all", metavar="COUNCIL", help=f"Every view at once, of one council or of {EVERYTHING}."),
    ] = None,
) -> None:
    """Replay one view from the first event, or every view at once, beside the live ones. No notice is sent again.

    With --all, history is read once, a rebuild that was killed is gone on with, and what each view shows otherwise than
    before is told row by row, with the events that explain it.
    """
    if (view is None) == (every is None):
        raise Refused("view", f"name either a view or --all COUNCIL; views: {', '.join(VIEW_NAMES)}")
    if every is not None:
        rebuild_every(call, every)
        return
    if view not in VIEW_NAMES:
        raise Refused("view", f"unknown view {view}; known: {', '.join(VIEW_NAMES)}")
    with System(call.settings) as system:
        with _advancing(f"rebuilding {view}", sum(lengths(system).values())) as progress:
            ends = rebuild_view(system, view, progress)
        if call.as_json:
            print_json([{"view": view, "positions": ends}])
        else:
            screen().print(f"{view} rebuilt: {_places(ends)}")


def rebuild_every(call: QuestionOfViews, council: str) -> None:
    """Every view at once, of one council or of everything."""
    with System(call.settings) as system:
        named = system.authorities if council == EVERYTHING else (known_authority(system, council),)
        ends = lengths(system)
        with _advancing("rebuilding every view", sum(ends[each] for each in named)) as progress:
            found = rebuild_everything(system, named, progress)
    if call.as_json:
        print_json(_plain(each) for each in found)
        return
    print_table(screen(), "every view rebuilt", COLUMNS, found)
    for each in found:
        if each.listed:
            print_table(screen(), f"{each.view}: what is not as it was", DIFFERENCES, each.listed)
            if each.differing > len(each.listed):
                screen().print(f"  … and {each.differing - len(each.listed)} more")


@contextmanager
def _advancing(what: str, total: int) -> Iterator[Callable[[str, int], None]]:
    reached: dict[str, int] = {}
    with progress_bar(what, total) as advance:

        def progress(authority: str, position: int) -> None:
            advance(position - reached.get(authority, 0))
            reached[authority] = position

        yield progress


def _places(ends: Any) -> str:
    return ", ".join(f"{each} to event {end}" for each, end in sorted(ends.items()))


COLUMNS: list[Column] = [
    ("view", lambda row: row.view),
    ("rows", lambda row: row.rows),
    ("reached", lambda row: _places(row.positions)),
    ("differs", lambda row: several(row.differing, "row") if row.differing else "no row"),
    ("tables changed", lambda row: ", ".join(row.changed)),
]

DIFFERENCES: list[Column] = [
    ("record", lambda row: f"{row.authority} {row.about}"),
    ("row", lambda row: " ".join([row.table, *(str(each) for each in row.key.values())])),
    ("before", lambda row: _said(row.before)),
    ("after", lambda row: _said(row.after)),
    ("by event", lambda row: ", ".join(f"{each.position} ({each.stored_name})" for each in row.because)),
]


def _said(columns: Any) -> str:
    """What the row held in the columns that differ, without what is sealed in it."""
    if columns is None:
        return "no such row"
    return ", ".join(f"{name}: {held}" for name, held in without_texts(columns).items())


def _plain(found: Compared) -> dict[str, Any]:
    return {**asdict(found), "listed": [_without_texts(each) for each in found.listed]}


def _without_texts(difference: Difference) -> dict[str, Any]:
    told = asdict(difference)
    return told | {side: without_texts(told[side]) for side in ("before", "after")}
