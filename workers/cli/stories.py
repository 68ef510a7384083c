"""`sightline story`: who did what in which role, what followed, who was told, and what is still open."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from projections.happened import last_position
from services.clock import instant_in_words
from workers.cli.options import Authority, reference
from workers.cli.reading import QuestionOfTexts
from workers.cli.showing import asking
from workers.cli.spread import spread
from workers.cli.tables import Column, print_answer, print_table
from workers.reports.page import AsAt
from workers.reports.rendering.html import as_html
from workers.reports.rendering.paper import of_report
from workers.story.books import Books
from workers.story.filing import put
from workers.story.opening import open_books
from workers.story.paper import follows, on_paper
from workers.story.telling import Beat, Story, story_of_action, story_of_child, story_of_record
from workers.system import System

VIEWS = ("timeline", "actions", "escalations", "deliveries")
"""What a story is told from."""

story = typer.Typer(
    help="The story of an audit, an action or a child: what happened, what followed, who was told, what is open.",
    no_args_is_help=True,
)
Named = Annotated[str, typer.Argument(metavar="REF", help="Its reference.")]
Html = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write it as a page to this file.")]
LOOP: list[Column] = [
    ("what", lambda row: row.what),
    ("about", lambda row: row.about),
    ("by whom", lambda row: row.owner),
    ("by when", lambda row: row.due),
    ("how it stands", lambda row: row.state),
]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.add_typer(story, name="story")


@story.command("audit")
@spread
def story_audit(authority: Authority, ref: Named, call: QuestionOfTexts, html: Html = None) -> None:
    """Everything about one audit, from its allocation to the closed loop, with the texts that the reader may open."""
    reference("audit", ref)
    _tell(authority, call, html, lambda books: story_of_record(books, f"audit/{ref}"))


@story.command("action")
@spread
def story_action(
    authority: Authority,
    ref: Named,
    call: QuestionOfTexts,
    audit: Annotated[
        str | None, typer.Option(help="The audit or entry that it follows from, where several have it.")
    ] = None,
    html: Html = None,
) -> None:
    """One action: who was to do what by when, how it was chased, what difference it made, and who confirmed it."""
    reference("action", ref)
    reference("audit", audit)
    _tell(authority, call, html, lambda books: story_of_action(books, ref, audit))


@story.command("child")
@spread
def story_child(authority: Authority, ref: Named, call: QuestionOfTexts, html: Html = None) -> None:
    """All audits of a child's file and all entries about the child, one among the other."""
    reference("child", ref)
    _tell(authority, call, html, lambda books: story_of_child(books, ref))


def _tell(authority: str, call: QuestionOfTexts, html: Path | None, told: Callable[[Books], Story]) -> None:
    by = call.reader
    with asking(authority, call, *VIEWS) as ask, open_books(ask.system, authority, by) as books:
        position = last_position(books.source, authority)
        found = told(books)
        if html is not None:
            told_of = on_paper(books, found, name="story", position=position, as_at=_as_at(call, ask.system))
            put(html, as_html(of_report(told_of)))
            ask.console.print(f"{authority}: the story of {found.title} lies in {html}", soft_wrap=True)
        elif call.as_json:
            print_answer(asdict(found))
        else:
            print_story(ask.console, authority, found)


def _as_at(call: QuestionOfTexts, system: System) -> AsAt:
    moment = call.moment(system)
    return AsAt() if moment is None else AsAt(happened_by=moment.happened_by, known_by=moment.known_by)


def print_story(console: Console, authority: str, told: Story) -> None:
    """The story, one thing after another, and then how its loop stands."""
    console.print(Text(f"{authority}: the story of {told.title}", style="bold"))
    for beat in told.beats:
        where = f"{beat.about}: " if len(told.about) > 1 else ""
        console.print(Text(f"{beat.number:>4}  {instant_in_words(beat.occurred)}  {where}{beat.sentence}"))
        for line in _beneath(beat):
            console.print(Padding(Text(line, style="dim"), (0, 0, 0, 8)))
    console.print()
    print_table(console, "How the loop stands", LOOP, told.loop)
    console.print(told.ending)


def _beneath(beat: Beat) -> list[str]:
    """What is told of one thing beneath its sentence."""
    doubt = f" (unverified: {beat.doubt})" if beat.doubt else ""
    came = ", from an import" if beat.imported else ""
    return [
        f"by {beat.actor}, {beat.role}{doubt}; recorded {instant_in_words(beat.recorded)}{came}",
        *(f"{name.replace('_', ' ')}: {text}" for name, text in beat.texts.items()),
        *follows(beat),
        *(f"told: {each}" for each in beat.told),
    ]
