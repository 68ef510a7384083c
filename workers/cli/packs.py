"""`sightline pack`: what inspectors ask for, as a folder and a zip; and whether such a pack is still what it was."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from events.errors import Refused
from services.obligations.calendar import WorkingCalendar
from services.policy.expressions import Span
from services.texts.asking import Reader
from workers.cli.options import Authority, day
from workers.cli.reading import QuestionOfTexts
from workers.cli.showing import asking
from workers.cli.spread import spread
from workers.cli.tables import print_answer, screen
from workers.pack.choosing import read_children
from workers.pack.material import Chosen, Material, Question
from workers.pack.verifying import verify_pack
from workers.pack.writing import Written, write_pack
from workers.recording.desks import keyrings
from workers.reports.copies import copy_for
from workers.reports.page import AsAt
from workers.story.opening import closed_books, open_books
from workers.system import System

VIEWS = ("timeline", "register", "actions", "grade-changes", "escalations", "deliveries")
"""What a pack is made of."""

MAKE = "make"
HALF_A_YEAR = Span(6, "months")
CHANGED = 1
"""How `pack verify` ends where a pack is not what it was."""


class Packs(TyperGroup):
    """The group, in which to make a pack needs no word of its own: `sightline pack torbay …`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take what is no command of the group for what is to be made."""
        if args and args[0] not in self.commands and args[0] not in {"-h", "--help"}:
            args = [MAKE, *args]
        return super().parse_args(ctx, args)


pack = typer.Typer(
    cls=Packs, help="What inspectors ask for, as a folder and a zip that anybody can check.", no_args_is_help=True
)


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.add_typer(pack, name="pack")


@pack.command(MAKE)
@spread
def make_pack(
    authority: Authority,
    call: QuestionOfTexts,
    output: Annotated[Path, typer.Option(help="The folder in which the pack is put, under its own name.")],
    first: Annotated[
        str | None, typer.Option("--from", help="The first day (default: six months before the last).")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", help="The last day (default: today).")] = None,
    children: Annotated[
        Path | None, typer.Option(help="Children whom inspectors chose: one reference or case number a line.")
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", help="The day by which audits of those children are to be made.")
    ] = None,
    copy: Annotated[
        Literal["named", "suppressed"], typer.Option(help="Named for inspectors, suppressed for boards.")
    ] = "named",
) -> None:
    """Write what inspectors ask for about a window of auditing: eleven parts, each as pages and tables, with hashes."""
    reader = call.reader
    with asking(authority, call, *VIEWS) as ask:
        system = ask.system
        copy_for(system.live, authority, reader, "named")  # two suppressed ones of two windows tell what lies between
        question = _question(system, call, first, last, copy, by)
        if children is not None:
            question = replace(question, children=_chosen(system, authority, children))
        written = _written(system, authority, reader, question, output)
        if call.as_json:
            print_answer({name: _plain(getattr(written, name)) for name in Written.__dataclass_fields__})
            return
        ask.console.print(
            f"{authority}: pack of {written.audits} audits in {written.files} files, up to event {written.position}"
        )
        for each in (written.folder, written.zip):
            ask.console.print(f"  {each}", soft_wrap=True)
        ask.console.print(f"  SHA-256 of its manifest: {written.manifest}", soft_wrap=True)


@pack.command("verify")
def verify(
    where: Annotated[Path, typer.Argument(metavar="FOLDER|ZIP", help="The pack.")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of lines.")] = False,
) -> None:
    """Compare every file of a pack with its manifest. It needs no server; it ends with 1 where anything differs."""
    found = verify_pack(where)
    console = screen()
    if as_json:
        print_answer({name: _plain(getattr(found, name)) for name in type(found).__dataclass_fields__})
    else:
        for each in found.findings:
            console.print(each, soft_wrap=True)
        how = "all as the manifest says" if not found.findings else f"{len(found.findings)} not as the manifest says"
        console.print(f"{found.pack}: {found.files} files, {how}")
        console.print(f"  SHA-256 of its manifest: {found.manifest}", soft_wrap=True)
    if found.findings:
        raise typer.Exit(CHANGED)


def _question(
    system: System,
    call: QuestionOfTexts,
    first: str | None,
    last: str | None,
    copy: Literal["named", "suppressed"],
    by: str | None,
) -> Question:
    today = day(None, system)
    ends = day(last, system, "to") if last else today
    begins = day(first, system, "from") if first else WorkingCalendar().shift(ends, HALF_A_YEAR, -1)
    if begins > ends:
        raise Refused("from", f"{begins} is after {ends}")
    if begins > today:
        raise Refused("from", f"{begins} lies ahead; today is {today}")
    deadline = day(by, system, "by") if by else None
    return Question(
        begins,
        ends,
        copy,
        _as_at(call, system),
        deadline=deadline,
    )


def _as_at(call: QuestionOfTexts, system: System) -> AsAt:
    def asked(text: str | None, option: str) -> date | None:
        return day(text, system, option) if text else None

    return AsAt(happened_by=asked(call.as_at, "as-at"), known_by=asked(call.as_known, "as-known"))


def _chosen(system: System, authority: str, children: Path) -> tuple[Chosen, ...]:
    held = Material(Question(date.min, date.min), closed_books(system, authority))
    with keyrings(system.live) as (rings, _):
        return read_children(children, (row.child for row in held.all_audits.values()), rings[authority].known)


def _written(system: System, authority: str, reader: Reader, question: Question, output: Path) -> Written:
    if question.copy == "suppressed":
        return write_pack(Material(question, closed_books(system, authority)), output)
    with open_books(system, authority, reader) as books:
        return write_pack(Material(question, books), output)


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Path) else value
