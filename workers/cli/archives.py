"""`sightline archive`: the older part of a history in files that everything reads beside the live one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated, Any

import typer

from events.errors import Refused
from services.store.archives.file import Archive
from workers.cli.options import Authority, Question, known_authority, reference
from workers.cli.progress import progress_bar
from workers.cli.spread import spread
from workers.cli.tables import Column, print_answer, print_table, screen
from workers.histories.accepting import By
from workers.histories.archiving import archives_of, make_archive, remove_archived, verified
from workers.system import System

COLUMNS: list[Column] = [
    ("events", lambda each: f"{each['first']}-{each['last']}"),
    ("recorded", lambda each: f"{each['first_time'][:10]} to {each['last_time'][:10]}"),
    ("records", lambda each: str(each["records"])),
    ("bytes", lambda each: str(each["bytes"])),
    ("live as well", lambda each: each["live"]),
    ("file", lambda each: each["file"]),
]

archive_app = typer.Typer(
    name="archive", help="The older part of a history, in files that are read beside it.", no_args_is_help=True
)


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.add_typer(archive_app)


@archive_app.command("make")
@spread
def make(
    authority: Authority,
    call: Question,
    before: Annotated[
        str | None,
        typer.Option(
            help="Archive what was recorded before this day (YYYY-MM-DD) or instant (with its zone); by default what "
            "is older than the policy's `retention`."
        ),
    ] = None,
) -> None:
    """Write an archive of the oldest events that are in none yet. The live history stays as it is.

    The file holds each event as it was stored, with its texts sealed: who erases a child's key erases them there as
    well, and a legal hold on a key is not touched. Imported events are as old as their import. Safe to run twice.
    """
    from workers.running.supervisor import server_for  # noqa: PLC0415 - only this command needs it

    settings = call.settings
    with server_for(settings), System(settings) as system:
        known_authority(system, authority)
        with _bar("archiving", call) as progress:
            made = make_archive(system, authority, _instant(before), progress)
        row = _row(made, first_live=1)
    if call.as_json:
        print_answer(row)
        return
    console = screen()
    console.print(f"{authority}: events {row['first']} to {row['last']} are archived, and live as before", markup=False)
    console.print(f"  {made.path}", markup=False, soft_wrap=True)
    console.print(f"  SHA-256 of its manifest: {made.fingerprint}", markup=False, soft_wrap=True)


@archive_app.command("list")
@spread
def show(authority: Authority, call: Question) -> None:
    """Show the archives, and how much of each the live history still holds itself."""
    from workers.running.supervisor import server_for  # noqa: PLC0415 - only this command needs it

    settings = call.settings
    with server_for(settings), System(settings) as system:
        known_authority(system, authority)
        archives, first_live = archives_of(system, authority)
        rows = [_row(each, first_live=first_live) for each in archives]
    if call.as_json:
        print_answer(rows)
    else:
        print_table(screen(), f"{authority}: archives", COLUMNS, rows)


@archive_app.command("verify")
@spread
def verify(authority: Authority, call: Question) -> None:
    """Read every archive whole: it must be as it was written, unbroken, and the same as the live history.

    The first thing that is not so is told, with exit code 2.
    """
    from workers.running.supervisor import server_for  # noqa: PLC0415 - only this command needs it

    settings = call.settings
    with server_for(settings), System(settings) as system:
        known_authority(system, authority)
        with _bar("verifying", call) as progress:
            found = verified(system, authority, progress)
        files = [_row(each, first_live=1) for each in found.archives]
    answer: dict[str, Any] = {"authority": authority, "events": found.events, "compared": found.compared}
    if call.as_json:
        print_answer({**answer, "archives": files})
        return
    screen().print(
        f"{authority}: {len(files)} archives of {found.events} events are sound;"
        f" {found.compared} were compared with the live history",
        markup=False,
    )


@archive_app.command("remove")
@spread
def remove(
    authority: Authority,
    actor: Annotated[str, typer.Option(help="Who decides this.")],
    role: Annotated[
        str, typer.Option(help="In which role, one to which the policy gives `archive.remove` and that they hold.")
    ],
    call: Question,
) -> None:
    """Take archived events out of the live history. It cannot be undone: from then on the archives are the history.

    Every archive is verified first, and the act is recorded with its hash before anything is removed. The newest
    archived events stay live as well (SIGHTLINE_ARCHIVE_OVERLAP, 1000). Each process that reads the history must find
    the folder of archives (SIGHTLINE_ARCHIVES). Killed, it is finished by its repeat; until then nothing can be
    recorded. Changing a stream takes the provisioner's account (SIGHTLINE_NATS_PROVISIONER, where there are accounts).
    """
    from workers.running.supervisor import server_for  # noqa: PLC0415 - only this command needs it

    for option, value in (("actor", actor), ("role", role)):
        reference(option, value)
    settings = call.settings
    with server_for(settings), System(settings) as system:
        known_authority(system, authority)
        with _bar("verifying", call) as progress:
            removed = remove_archived(system, authority, By(actor, role), progress)
    if call.as_json:
        print_answer({"authority": authority, "removed": removed.events, "through": removed.through})
        return
    said = f"{removed.events} events were removed; up to event {removed.through} the archives are the history"
    screen().print(f"{authority}: {said}", markup=False)


def _row(archive: Archive, *, first_live: int) -> dict[str, Any]:
    manifest = archive.manifest
    live = "all" if first_live <= manifest.first else "none" if first_live > manifest.last else f"from {first_live} on"
    return {
        **manifest.model_dump(mode="json", include={"first", "last", "events", "records", "first_time", "last_time"}),
        "last_event": manifest.last_event,
        "bytes": archive.size,
        "live": live,
        "sha256": archive.fingerprint,
        "content": manifest.content,
        "file": str(archive.path),
    }


def _instant(text: str | None) -> date | datetime | None:
    """The day or the instant given. Refused for what is neither."""
    if text is None:
        return None
    try:
        if len(text) == len("YYYY-MM-DD"):
            return date.fromisoformat(text)
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused("before", f"{text!r} is no day (YYYY-MM-DD) and no instant") from error
    if found.tzinfo is None:
        raise Refused("before", f"{text!r} names no zone; write a day, or an instant such as 2026-03-31T09:00:00+01:00")
    return found


@contextmanager
def _bar(what: str, call: Question) -> Iterator[Callable[[int], None]]:
    """A bar that is moved on by positions."""
    reached = 0
    with progress_bar(what, None, shown=not call.as_json) as advance:

        def progress(position: int) -> None:
            nonlocal reached
            advance(position - reached)
            reached = position

        yield progress
