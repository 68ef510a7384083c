"""`sightline show reads`: who read which texts of which record, when, in which role and through which door."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated

import typer

from events.reads import DOORS
from projections.reads import reads
from workers.cli.options import About as Which
from workers.cli.options import Authority, QuestionOfList, day, reference
from workers.cli.showing import asking, show
from workers.cli.spread import spread
from workers.cli.tables import Column

Person = Annotated[str | None, typer.Option(help="Only what this person read.")]
Since = Annotated[str | None, typer.Option(help="Read on this day or later (YYYY-MM-DD).")]
Until = Annotated[str | None, typer.Option(help="Read on this day or earlier (YYYY-MM-DD).")]


def add_to(app: typer.Typer) -> None:
    """Add this to what can be shown."""
    del app
    show.command("reads")(show_reads)


@spread
def show_reads(
    authority: Authority,
    call: QuestionOfList,
    which: Which,
    person: Person = None,
    since: Since = None,
    until: Until = None,
) -> None:
    """Every reading of texts: by whom and when, of which record, and of which of its fields. Nothing that they say."""
    about = which.named
    reference("person", person)
    with asking(authority, call, "timeline") as ask:
        asked = partial(
            reads,
            ask.system.engine,
            authority,
            record=about,
            person=person,
            first=day(since, ask.system, "since") if since else None,
            last=day(until, ask.system, "until") if until else None,
        )
        rows = ask.cut("reads", lambda cut: asked(cut=cut))
        ask.answer("texts that were read", _columns(ask.titles), rows, about=about)


def _columns(titles: Mapping[str, str]) -> list[Column]:
    return [
        ("when", lambda row: row.occurred),
        ("who", lambda row: f"{row.actor}, {titles.get(row.role, row.role)}"),
        ("record", lambda row: row.record.removeprefix("audit/")),
        ("fields", lambda row: ", ".join(each.partition(".")[2].replace("_", " ") for each in row.fields)),
        ("by", lambda row: DOORS[row.door]),
    ]
