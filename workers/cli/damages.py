"""`sightline damage`: take damage of a history as it is, on the record, and show what was taken."""

import re
from typing import Annotated, get_args

import typer

from events.errors import Refused
from events.losses import DamageReason
from workers.cli.options import Authority, PlaceOfViews, Question, known_authority, reference
from workers.cli.spread import spread
from workers.cli.tables import Column, print_json, print_table, screen
from workers.histories.accepting import By
from workers.histories.damages import accept_damage, accepted_damage
from workers.system import System

REASONS: tuple[str, ...] = get_args(DamageReason)
PLACE = re.compile(r"([0-9]{1,15})(?:-([0-9]{1,15}))?")
COLUMNS: list[Column] = [
    ("events", lambda each: each["events"]),
    ("found", lambda each: each["found"]),
    ("now", lambda each: "as it was found" if each["stands"] else "CHANGED SINCE"),
    ("reason", lambda each: each["reason"]),
    ("accepted by", lambda each: f"{each['actor']} ({each['role']})"),
    ("on", lambda each: each["on"]),
]

damage_app = typer.Typer(name="damage", help="Damage of a history that is accepted as it is.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.add_typer(damage_app)


@damage_app.command("accept")
@spread
def accept(
    authority: Authority,
    position: Annotated[
        str, typer.Argument(help="The event as `sightline verify` names it, or missing ones as 17-19.")
    ],
    reason: Annotated[str, typer.Option(help=f"Why it is damaged: one of {', '.join(REASONS)}.")],
    actor: Annotated[str, typer.Option(help="Who decides this.")],
    role: Annotated[str, typer.Option(help="In which role, such as data_protection_officer.")],
    call: PlaceOfViews,
) -> None:
    """Take a damaged or missing event as it is, so that everything goes on without it. It cannot be undone.

    First put the newest backup back, if there is one. Only what `sightline verify` finds damaged is taken, and only
    as it stands now: if it changes, everything halts again. Safe to run twice.

    Exit code 0 if history is sound but for what was accepted, 1 if other damage is left.
    """
    from workers.running.supervisor import server_for  # noqa: PLC0415 - only this command needs it

    if reason not in REASONS:
        raise Refused("reason", f"{reason!r} is none; write one of {', '.join(REASONS)}")
    for option, value in (("actor", actor), ("role", role)):
        reference(option, value)
    place = PLACE.fullmatch(position)
    if place is None:
        raise Refused("position", f"{position!r} is none; write a number such as 17, or 17-19")
    first, last = int(place[1]), int(place[2] or place[1])
    settings = call.settings
    with server_for(settings), System(settings) as system:
        known_authority(system, authority)
        why: DamageReason = reason  # type: ignore[assignment]  # looked up above
        by = By(actor, role)
        taken = accept_damage(system, authority, (first, last), reason=why, by=by, progress=lambda *_: None)
    console = screen()
    console.print(f"{authority}: event {position} is accepted as it is: {taken.found}", markup=False, soft_wrap=True)
    if taken.views:
        console.print(f"folded again without it: {', '.join(taken.views)}", markup=False)
    if not taken.sound:
        console.print(f"other damage is left: `sightline verify {authority}` names it", markup=False)
        raise typer.Exit(1)


@damage_app.command("show")
@spread
def show(
    authority: Authority,
    call: Question,
) -> None:
    """Show what was accepted, by whom and why. Exit code 1 if there stands something else now, which halts readers."""
    from workers.running.supervisor import server_for  # noqa: PLC0415 - only this command needs it

    settings = call.settings
    with server_for(settings), System(settings) as system:
        known_authority(system, authority)
        kept = accepted_damage(system, authority)
    rows = [
        {
            "events": each.given.place,
            "found": each.given.fact.found,
            "stands": each.stands,
            "reason": each.given.fact.reason,
            "actor": each.given.told.actor,
            "role": each.given.told.role,
            "on": each.given.told.recorded.isoformat(),
        }
        for each in kept
    ]
    if call.as_json:
        print_json(rows)
    else:
        print_table(screen(), f"{authority}: accepted damage", COLUMNS, rows)
    if not all(each.stands for each in kept):
        raise typer.Exit(1)
