"""Commands for whoever doubts a history: `verify` checks it, `serve` runs the server alone, `accept-loss` gives up."""

import asyncio
from typing import Annotated

import typer
from rich.console import Console

from events.errors import Drifted, HistoryLost
from services.store.verify import LISTED, Verification
from workers.cli.options import Authority, Data, PlaceOfViews, QuestionOfViews, known_authority, settings_of
from workers.cli.progress import progress_bar
from workers.cli.spread import spread
from workers.cli.tables import print_json, screen
from workers.histories.accepting import accept_loss
from workers.histories.rebuilding import departure_of, drift_of, verify_stream
from workers.system import System

Reason = Annotated[str, typer.Option(help="Why, in a line. It stands in the history for ever: name no child.")]
Operator = Annotated[str, typer.Option("--actor", help="Who decides this.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command("verify")(verify)
    app.command("serve")(serve)
    app.command("accept-loss")(accept)


@spread
def verify(
    authority: Authority,
    call: QuestionOfViews,
) -> None:
    """Read every event of an authority: is all there, unchanged, and can it be folded? Exit code 1 if not.

    Sequences, versions, content hashes and what each append was written on must be unbroken, every record must fold,
    each event must name the rules that were adopted for its day, the views must have read no other history, and the
    streams' settings must be as they were made. Where no server runs, the data folder's own is started for the check,
    and nothing else.
    """
    from workers.running.supervisor import server_for  # noqa: PLC0415 - only this command needs it

    settings = call.settings
    with server_for(settings), System(settings) as system:
        known_authority(system, authority)
        drift = drift_of(system, authority)
        read = 0
        with progress_bar("verifying", system.history(authority).position(), shown=not call.as_json) as advance:

            def progress(events: int, _end: int) -> None:
                nonlocal read
                advance(events - read)
                read = events

            found = verify_stream(system, authority, progress)
        departed = departure_of(system, authority)
    if call.as_json:
        print_json([_as_dict(found, drift, departed)])
    else:
        _print_verification(screen(), found, drift, departed)
    if drift or departed or not found.sound:
        raise typer.Exit(1)


def serve(data: Data = None) -> None:
    """Run the embedded server alone until Ctrl-C: no worker starts, so nothing is written while you look."""
    from workers.running.supervisor import serve as run_server  # noqa: PLC0415 - only this command needs it

    words = "The server runs alone; ask it from another terminal, such as `sightline verify`. Ctrl-C stops it."
    asyncio.run(run_server(settings_of(data), ready=lambda: screen().print(words)))


@spread
def accept(
    authority: Authority,
    reason: Reason,
    actor: Operator,
    call: PlaceOfViews,
) -> None:
    """Give up what is lost of an authority's history or keys, so that work can go on. It cannot be undone.

    First put the newest backup back, if there is one. What is missing is made anew, the loss is recorded with actor and
    reason, and the views that hold more than the history are folded again to what it holds.
    """
    from workers.running.supervisor import server_for  # noqa: PLC0415 - only this command needs it

    settings = call.settings
    with server_for(settings), System(settings) as system:
        known_authority(system, authority)
        given = accept_loss(system, authority, reason=reason, actor=actor, progress=lambda *_: None)
    for name in given.streams:
        screen().print(f"made anew: {name}", markup=False)
    if given.views:
        screen().print(f"folded again to what the history holds: {', '.join(given.views)}", markup=False)
    screen().print(
        f"{authority}: the loss is recorded; `sightline verify {authority}` says what there is", markup=False
    )


def _as_dict(found: Verification, drift: Drifted | HistoryLost | None, departed: str | None) -> dict[str, object]:
    return {
        "authority": found.authority,
        "sound": found.sound and drift is None and departed is None,
        "events": found.events,
        "aggregates": found.aggregates,
        "unverified": found.unverified,
        "missing": found.missing,
        "first_missing": found.first_missing,
        "drift": str(drift) if drift else None,
        "departed": departed,
        "findings": [
            {"sequence": each.sequence, "subject": each.subject, "reason": each.reason}
            for findings in found.kinds.values()
            for each in findings
        ],
        "accepted": [
            {"events": each.place, "found": each.fact.found, "reason": each.fact.reason, "actor": each.told.actor}
            for each in found.accepted
        ],
        "unfinished": [{"subject": each.subject, "reason": each.reason} for each in found.unfinished],
        "clocks": [
            {"sequence": each.sequence, "subject": each.subject, "reason": each.reason} for each in found.clocks
        ],
    }


def _print_verification(
    console: Console, found: Verification, drift: Drifted | HistoryLost | None, departed: str | None
) -> None:
    sound = "sound" if found.sound and drift is None and departed is None else "NOT SOUND"
    if found.accepted and sound == "sound":
        sound = f"sound, but for {found.passed_over} events whose damage was accepted"
    console.print(f"{found.authority}: {sound}; {found.events} events of {found.aggregates} records read")
    missing = f"{found.missing} missing, first {found.first_missing}" if found.missing else "unbroken"
    if found.unverified:
        console.print(f"  unverified: {found.unverified} events of which nobody could check who did it")
    console.print(f"  sequences: {missing}")
    for what, findings in found.kinds.items():
        console.print(f"  {what}: {'unbroken' if not findings else f'{_number(len(findings))} broken'}")
        for each in findings:
            console.print(f"    event {each.sequence}, {each.subject}: {each.reason}", markup=False)
    console.print(f"  what the views have read: {departed or 'as it stands here'}", markup=False)
    console.print(f"  settings of the streams: {drift or 'as provisioned'}", markup=False)
    for taken in found.accepted:
        why = f"{taken.fact.found}; {taken.fact.reason}, accepted by {taken.told.actor} ({taken.told.role})"
        console.print(f"  accepted: event {taken.place}: {why}", markup=False, soft_wrap=True)
    for each in found.unfinished:
        console.print(f"  unfinished: {each.subject}: {each.reason}", markup=False)
    for each in found.clocks:
        console.print(f"  clock: event {each.sequence}, {each.subject}: {each.reason}", markup=False)


def _number(listed: int) -> str:
    return f"{listed} or more" if listed == LISTED else str(listed)
