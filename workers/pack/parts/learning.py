"""Part 8: what was found again and again, what was done about it, and what the council says of itself."""

from collections.abc import Iterator, Mapping

from projections.entries import EntryRow, entries
from services.policy.registers import Register
from workers.pack.issued import said_in_reports
from workers.pack.material import Material, Page
from workers.pack.tables import counting, listing, number
from workers.reports.page import Block, Cell, Note, Section

NUMBER, NAME, TITLE = 8, "learning", "Learning"


def pages(material: Material) -> Iterator[Page]:
    """One page: themes of the audits, and beside them the reports that were issued and the registers' entries."""
    books, question = material.books, material.question
    by_question: dict[str, dict[str, set[str]]] = {}
    for each in material.answers:
        for word in each.plain:
            by_question.setdefault(each.question, {}).setdefault(word, set()).add(each.about)
    themes = tuple(_themes(material, by_question))
    held = [
        row
        for row in entries(books.source, books.authority, first=question.first, last=question.last)
        if not row.withdrawn
    ]
    known = {each.name: each for policy in books.policies.versions for each in policy.registers}
    yield Page(
        "learning",
        TITLE,
        (
            Section(
                key="themes",
                title="Themes of the audits",
                blocks=themes or (Note(text="No question of the form that can be counted was answered."),),
            ),
            Section(key="itself", title="What the council said of itself", blocks=tuple(said_in_reports(material))),
            Section(
                key="entries", title="What else was looked at and done", blocks=tuple(_entries(material, held, known))
            ),
        ),
    )


def _themes(material: Material, found: Mapping[str, Mapping[str, set[str]]]) -> Iterator[Block]:
    for question, words in found.items():
        rows: list[tuple[str, list[Cell]]] = [
            (word, [number(f"{question}.{word}", abouts)])
            for word, abouts in sorted(words.items(), key=lambda each: (-len(each[1]), each[0]))
        ]
        yield counting(
            f"theme.{question}", material.books.titles.get(f"?{question}", question), "answer", ("audits",), rows
        )


def _entries(material: Material, held: list[EntryRow], known: Mapping[str, Register]) -> Iterator[Block]:
    kinds = sorted({row.kind for row in held})
    rows: list[tuple[str, list[Cell]]] = [
        (_title(kind, known), [number(kind, (f"entry/{row.entry}" for row in held if row.kind == kind))])
        for kind in kinds
    ]
    yield counting("registers", "Entries of the window", "register", ("entries",), rows)
    columns = ("entry", "register", "on", "about", "steps since", "what can be counted")
    titles = material.books.titles
    listed = (
        (
            row.entry,
            _title(row.kind, known),
            row.on,
            row.child or row.person or row.team or row.service or row.subject,
            "; ".join(f"{titles.get(f'{row.kind}/{step}', step)} {on:%-d %b %Y}" for step, on in row.steps.items()),
            "; ".join(
                f"{titles.get(f'?{each.question}', each.question)}: {', '.join(each.plain)}"
                for each in row.answers
                if each.plain
            ),
        )
        for row in held
    )
    yield listing("entries", "Each entry", columns, listed)


def _title(kind: str, known: Mapping[str, Register]) -> str:
    return known[kind].title if kind in known else kind.replace("_", " ")
