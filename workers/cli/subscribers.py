"""`sightline subscriber`: other services that read what is published, each with an account and consumers of its own."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Annotated

import typer
from nats.aio.client import Client

from events.errors import Refused
from workers.cli.following import Begin, known_topics
from workers.cli.options import Place, known_authority
from workers.cli.spread import spread
from workers.cli.tables import screen
from workers.system import System
from workers.telling.following import Wanted, first_of
from workers.telling.subscribers import Subscriber, filters_of, subscribe, unsubscribe

subscriber_app = typer.Typer(
    name="subscriber", help="Other services that read what is published.", no_args_is_help=True
)
Name = Annotated[str, typer.Argument(help="What the service is called: lower-case letters, digits and hyphens.")]
Authorities = Annotated[list[str], typer.Argument(metavar="AUTHORITY...", help="The councils that it reads.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.add_typer(subscriber_app)


@subscriber_app.command("add")
@spread
def add(
    name: Name,
    authorities: Authorities,
    call: Place,
    begin: Begin,
    topics: Annotated[str, typer.Option(help="Only these, with commas between them, such as escalations,grades.")] = "",
    reconstructed: Annotated[bool, typer.Option("--reconstructed", help="With what is no news.")] = False,
) -> None:
    """Make its consumers, and print the account that lets it read them, for the server's `subscribers.conf`.

    It reads what comes from now on, unless told where to begin. A repeat makes the consumers again.
    """
    subscriber = Subscriber(name)
    named = known_topics([each for each in topics.split(",") if each])
    wanted = Wanted("", named, begin.since, begin.position, reconstructed)

    async def work(client: Client) -> None:
        for authority in authorities:
            own = replace(wanted, authority=authority)
            await subscribe(client, subscriber, own, await first_of(client, own))

    _run(call, authorities, work)
    typer.echo(subscriber.account(authorities), nl=False)


@subscriber_app.command("replay")
@spread
def replay(name: Name, authorities: Authorities, call: Place, begin: Begin) -> None:
    """Have it read again from an instant or a position on, and all that came since."""
    if begin.since is None and begin.position is None:
        raise Refused("from", "name an instant with --from, or a position with --from-position")
    subscriber = Subscriber(name)

    async def work(client: Client) -> None:
        for authority in authorities:
            subjects = await filters_of(client, subscriber, authority)
            own = Wanted(authority, since=begin.since, sequence=begin.position, subjects=subjects)
            await subscribe(client, subscriber, own, await first_of(client, own))

    _run(call, authorities, work)
    screen().print(f"{name} reads again from there: {', '.join(authorities)}")


@subscriber_app.command("remove")
@spread
def remove(name: Name, authorities: Authorities, call: Place) -> None:
    """Take its consumers away. Its account stands until it is taken out of `subscribers.conf`."""
    subscriber = Subscriber(name)

    async def work(client: Client) -> None:
        for authority in authorities:
            await unsubscribe(client, subscriber, authority)

    _run(call, authorities, work)
    screen().print(f"{name} reads no more: {', '.join(authorities)}")


def _run(call: Place, authorities: list[str], work: Callable[[Client], Awaitable[None]]) -> None:
    async def connected(system: System) -> None:
        client = await system.connect()
        try:
            await work(client)
        finally:
            await client.close()

    with System(call.settings) as system:
        for each in authorities:
            known_authority(system, each)
        asyncio.run(connected(system))
