"""What is published for other services: `follow` prints it line by line as it comes, `asyncapi` what may come."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated

import orjson
import typer
from nats.aio.msg import Msg
from pydantic import ValidationError

from events.errors import Refused
from events.published.base import TYPES
from events.published.message import read
from projections.published.asyncapi import as_text
from services.clock import at_local, doubt_of, instant_in_words
from workers.cli.options import Question, known_authority
from workers.cli.spread import spread
from workers.cli.tables import screen
from workers.system import System
from workers.telling.following import Wanted, following, topics

MIDNIGHT = time(0, 0)


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command("follow")(follow)
    app.command("asyncapi")(asyncapi)


def asyncapi() -> None:
    """Print what is published for other services as an AsyncAPI 3 document (JSON)."""
    typer.echo(as_text())


@dataclass(frozen=True, kw_only=True)
class Begin:
    """Where in the published stream to begin."""

    begin_at: Annotated[
        str | None, typer.Option("--from", help="Begin with what was published then: a date, or a date and time.")
    ] = None
    position: Annotated[
        int | None, typer.Option("--from-position", min=1, help="Begin at that place in the published stream.")
    ] = None

    def __post_init__(self) -> None:
        if self.begin_at is not None and self.position is not None:
            raise Refused("from", "name either an instant or a position, and not both")

    @property
    def since(self) -> datetime | None:
        """The instant, if one was named. Refused if it is none."""
        return None if self.begin_at is None else instant(self.begin_at)


def known_topics(named: Sequence[str]) -> Sequence[str]:
    """What was named, if it can be followed; Refused otherwise."""
    if unknown := [each for each in named if each not in topics()]:
        raise Refused("what", f"unknown {unknown[0]}; known: {', '.join(topics())}")
    return named


@spread
def follow(
    words: Annotated[
        list[str],
        typer.Argument(metavar="[WHAT...] AUTHORITY", help=f"WHAT is any of {', '.join(topics())}; without, all."),
    ],
    call: Question,
    begin: Begin,
    reconstructed: Annotated[
        bool, typer.Option("--reconstructed", help="With what is no news: imported history.")
    ] = False,
    to_the_end: Annotated[
        bool, typer.Option("--to-the-end", help="Stop at the end instead of waiting for more.")
    ] = False,
) -> None:
    """Print what is published for other services as it comes, one line each, until Ctrl-C."""
    *what, authority = words
    known_topics(what)
    with System(call.settings) as system:
        wanted = Wanted(
            known_authority(system, authority),
            tuple(what),
            since=begin.since,
            sequence=begin.position,
            old=reconstructed,
            endless=not to_the_end,
        )
        try:
            asyncio.run(_print(system, wanted, as_json=call.as_json))
        except KeyboardInterrupt:
            return


async def _print(system: System, wanted: Wanted, *, as_json: bool) -> None:
    client = await system.connect()
    try:
        async for message in following(client, wanted):
            line = orjson.dumps(read(message.data)).decode() if as_json else _line(message)
            screen().print(line, soft_wrap=True, markup=False, highlight=False)
    finally:
        await client.close()


def _line(message: Msg) -> str:
    """When, where in the stream, what, about which record, and in a sentence where this program knows the type."""
    event = read(message.data)
    name, _, version = str(event["type"]).removeprefix("sightline.").rpartition(".v")
    kind = TYPES.get((name, int(version)))
    try:
        said = kind.model_validate_json(orjson.dumps(event["data"])).sentence() if kind else "(a newer type)"
    except ValidationError:
        said = "(a newer form of the type)"
    when = instant_in_words(datetime.fromisoformat(event["time"]))
    old = " (no news)" if event.get("reconstructed") else ""
    return f"{message.metadata.sequence.stream}  {when}  {name}{old}  {event['subject']}  {said}"


def instant(text: str) -> datetime:
    """A date, which means its first moment, or a date and time. Refused for what is neither."""
    try:
        found = at_local(date.fromisoformat(text), MIDNIGHT) if len(text) == len("2026-01-31") else _at(text)
    except ValueError as error:
        raise Refused("from", f"{text!r} is not a valid date or time; write 2026-01-31 or 2026-01-31T14:30") from error
    return found


def _at(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is not None:
        return found
    if doubt := doubt_of(found):
        raise Refused("from", doubt)
    return at_local(found.date(), found.time())
