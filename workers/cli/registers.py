"""The registers: `sightline show entries`."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any

import typer

from events.answers import Answer
from events.errors import NotFound
from projections.entries import EntryRow, entries
from services.texts.asking import Sealed
from workers.cli.options import Authority, day, reference, require_one_of
from workers.cli.reading import ListOfTexts, Unseal
from workers.cli.showing import asking, show
from workers.cli.spread import spread
from workers.cli.tables import Column, print_json, words

Kind = Annotated[str | None, typer.Option("--kind", help="Only this register.")]
Entry = Annotated[str | None, typer.Option(help="Only this entry.")]
Since = Annotated[str | None, typer.Option(help="For this day or later (YYYY-MM-DD).")]
Until = Annotated[str | None, typer.Option(help="For this day or earlier (YYYY-MM-DD).")]


def add_to(app: typer.Typer) -> None:
    """Add the registers to what can be shown."""
    del app
    show.command("entries")(show_entries)


@spread
def show_entries(
    authority: Authority,
    call: ListOfTexts,
    kind: Kind = None,
    entry: Entry = None,
    since: Since = None,
    until: Until = None,
) -> None:
    """What stands in the registers beside the audits: for which day, about whom, with what answers and steps."""
    reference("entry", entry)
    by = call.reader
    with asking(authority, call, "timeline") as ask:
        system = ask.system
        registers = ask.captions.registers
        require_one_of("kind", kind, registers)
        asked = partial(
            entries,
            system.engine,
            authority,
            kind=kind,
            entry=entry,
            first=day(since, system, "since") if since else None,
            last=day(until, system, "until") if until else None,
        )
        rows = ask.cut("entries", lambda cut: asked(cut=cut))
        if entry is not None and not rows and call.after is None:
            raise NotFound("entry", entry)
        unseal = ask.opened(by, [each for row in rows for each in _sealed(row)])
        if call.as_json:
            print_json([_opened(row, unseal) for row in rows])
            return
        ask.answer(registers[kind] if kind else "registers", _columns(registers, unseal), rows)


def _sealed(row: EntryRow) -> list[Sealed]:
    answers = [*row.answers, *(each for item in row.items for each in item.answers)]
    return [Sealed(f"entry/{row.entry}", "entry.answers", each.text) for each in answers if each.text is not None]


def _opened(row: EntryRow, unseal: Unseal) -> dict[str, Any]:
    shown = row.model_dump(mode="json")
    shown["answers"] = _answers(row.answers, unseal)
    shown["items"] = [{"child": each.child, "answers": _answers(each.answers, unseal)} for each in row.items]
    return shown


def _answers(answers: tuple[Answer, ...], unseal: Unseal) -> dict[str, Any]:
    return {each.question: ", ".join(each.plain) or unseal(each.text, "entry.answers") for each in answers}


def _columns(titles: Mapping[str, str], unseal: Unseal) -> list[Column]:
    return [
        ("for", lambda row: f"{words(row.on)} to {words(row.until)}" if row.until else row.on),
        ("register", lambda row: titles.get(row.kind, row.kind)),
        ("entry", lambda row: f"{row.entry} (withdrawn)" if row.withdrawn else row.entry),
        ("by", lambda row: row.holder),
        ("about", lambda row: " ".join(filter(None, (row.child, row.person, row.team, row.service, row.subject)))),
        ("children", lambda row: len(row.items) or None),
        ("answers", lambda row: "; ".join(f"{name}: {said}" for name, said in _answers(row.answers, unseal).items())),
        ("since then", lambda row: "; ".join(f"{name} {words(on)}" for name, on in row.steps.items())),
    ]
