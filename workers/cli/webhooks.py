"""Webhooks by hand, beside the acts: the secret, what is parked, and posting again."""

from dataclasses import asdict
from typing import Annotated

import typer

from events.errors import NotFound, Refused
from events.webhooks import WebhookSet
from services.webhooks.state import SECRET, Webhook, webhook_aggregate
from workers.cli.act import Hand, acting
from workers.cli.following import instant
from workers.cli.options import Authority, PlaceOfViews, QuestionOfViews, known_authority, reference
from workers.cli.spread import spread
from workers.cli.tables import Column, print_answer, print_table, screen, several
from workers.recording.desks import keyrings
from workers.system import System
from workers.webhooks import books

webhook = typer.Typer(help="Webhooks: what is published, posted to others over HTTP.", no_args_is_help=True)

Named = Annotated[str, typer.Argument(metavar="WEBHOOK", help="The webhook, such as W-1.")]

PARKED: list[Column] = [
    ("webhook", lambda each: each.webhook),
    ("place", lambda each: each.sequence),
    ("message", lambda each: each.message),
    ("type", lambda each: each.type.removeprefix("sightline.")),
    ("why", lambda each: each.fault.replace("_", " ")),
    ("attempts", lambda each: each.attempts),
    ("since", lambda each: each.since),
]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.add_typer(webhook, name="webhook")


def _required(system: System, authority: str, named: str) -> tuple[Webhook, WebhookSet]:
    """The webhook as it stands, with what was set. NotFound for one that never was."""
    found = Webhook.of(system.history(known_authority(system, authority)).load(webhook_aggregate(named)))
    if found.held is None:
        raise NotFound("webhook", named)
    return found, found.held


@webhook.command("secret")
@spread
def secret(authority: Authority, named: Named, call: Hand) -> None:
    """Print the secret of a webhook, once: the receiver needs it to verify what is posted. That it was is on record.

    Refused where it was shown before: to set the webhook again with --rotate makes a new one.
    """
    reference("webhook", named)
    with acting(authority, call) as desk:
        desk.do("webhook.secret", webhook=named)
        _, held = _required(desk.system, authority, named)
        with keyrings(desk.system) as (rings, _):
            opened = rings[authority].unseal(held.secret, SECRET)
    if not isinstance(opened, str):
        raise Refused("webhook", f"the key of {named} is gone: set it again with rotate")
    typer.echo(opened)


@webhook.command("parked")
@spread
def parked(authority: Authority, call: QuestionOfViews) -> None:
    """List what a receiver did not take in all its attempts."""
    with System(call.settings) as system:
        known_authority(system, authority)
        rows = books.parked(system.engine, authority)
    if call.as_json:
        print_answer([asdict(each) for each in rows])
    else:
        print_table(screen(), f"{authority}: parked", PARKED, rows)


@webhook.command("replay")
@spread
def replay(
    authority: Authority,
    named: Named,
    call: PlaceOfViews,
    since: Annotated[
        str | None, typer.Option("--from", help="Everything published since then: a date, or a date and time.")
    ] = None,
) -> None:
    """Have what is parked posted once more, or with --from everything since then; the worker does it.

    Each message keeps its id: a receiver that knows it passes over it.
    """
    reference("webhook", named)
    begin = None if since is None else instant(since)
    with System(call.settings) as system:
        if _required(system, authority, named)[0].phase != "standing":
            raise Refused("webhook", f"{named} was removed or stopped: set it again first")
        books.prepare(system.engine)
        if begin is not None:
            books.ask_since(system.engine, authority, named, begin)
            screen().print("asked for", highlight=False)
        else:
            many = books.ask_again(system.engine, authority, named)
            screen().print(f"asked for {several(many, 'message')}", highlight=False)
