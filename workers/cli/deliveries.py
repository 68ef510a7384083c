"""`sightline show deliveries`: which messages reached whom."""

from collections.abc import Mapping
from typing import Annotated

import typer

from projections.deliveries import DeliveryRow, deliveries
from workers.asking.words import people
from workers.cli.options import About, Authority, QuestionOfList, reference
from workers.cli.showing import asking, show
from workers.cli.spread import spread
from workers.cli.tables import Column


def add_to(app: typer.Typer) -> None:
    """Add the command to the views that are shown."""
    del app  # it stands under `show`, which is already a part of the program
    show.command("deliveries")(show_deliveries)


@spread
def show_deliveries(
    authority: Authority,
    call: QuestionOfList,
    which: About,
    person: Annotated[str | None, typer.Option(help="Only messages to this person.")] = None,
) -> None:
    """What became of each message: to whom, about what, delivered, tried again, given up or not sent, and why.

    What was told from imported history was never Sightline's to send: `notices` marks it as from history.
    """
    reference("person", person)
    about = which.named
    with asking(authority, call, "deliveries") as ask:
        found = ask.cut(
            "deliveries",
            lambda cut: deliveries(ask.system.engine, authority, about=about, cut=cut, recipient=person),
        )
        ask.answer("deliveries", _columns(ask.titles), found, about=about)


def _columns(titles: Mapping[str, str]) -> list[Column]:
    return [
        ("begun", lambda row: row.first_at),
        ("to", lambda row: row.recipient or titles.get(row.role, row.role)),
        ("kind", lambda row: row.kind),
        ("what", lambda row: titles.get(f"{row.obligation}/{row.step}", row.obligation)),
        ("about", lambda row: ", ".join(each.about.removeprefix("audit/") for each in row.told)),
        ("state", _state),
        ("told instead", lambda row: people(row.above, titles)),
        ("message", lambda row: row.delivery),
    ]


def _state(row: DeliveryRow) -> str:
    why = f": {row.reason.replace('_', ' ')}" if row.reason else ""
    times = f", {row.attempts} attempts" if row.attempts > 1 else ""
    return f"{row.state}{why}{times}"
