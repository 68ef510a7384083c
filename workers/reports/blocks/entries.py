"""Entries of a register counted, with their steps, and what was answered in them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from projections.counted_records import CountedAnswer, CountedEntry, Mark
from services.policy.blocks.entries import Entries, EntriesBy, all_questions
from services.policy.form import Question as Asked
from services.policy.registers import Register
from workers.reports.counting import TOTAL, UNKNOWN, Counts, Thing, count, rows_of, share, slug, table, thing, total_of
from workers.reports.material import Material, Question
from workers.reports.page import Block, Cell, Column, Row
from workers.reports.placing import head, units
from workers.reports.standards import standard

MAKES = Entries


@dataclass(frozen=True, slots=True)
class _Given:
    """An answer, and of what it was given: of an entry, or of one child of it."""

    word: str
    thing: Thing
    of: tuple[str, str | None]


def make(block: Entries, key: str, material: Material) -> tuple[Block, ...]:
    """The table of the entries, and one for each question."""
    asked = material.asked
    register = next(each for each in material.policy.registers if each.name == block.of)
    held = list(entries(block, material, asked))
    columns = list(_columns(block, register, held, material))
    named = _rows(block.by, [under(block.by, each, material, asked) for each in held], material, asked)
    heads = [Column(title=each.title) for each in columns]
    note = _standards(block, columns[1] if register.items else columns[0])
    title = block.title or register.title
    stub = head(block.by, material)
    made = table(key, title, rows_of(key, named, columns, total=True), heads, stub=stub, note=note)
    questions = {each.name: each for each in all_questions(register)}
    return (made, *(_answers(block, f"{key}.{name}", questions[name], held, material) for name in block.answers))


def entries(block: Entries, material: Material, asked: Question) -> Iterator[CountedEntry]:
    """The entries of the register that lie in the period, but withdrawn ones."""
    for entry in material.of(asked).entries:
        if (
            entry.fact.kind == block.of
            and entry.withdrawn is None
            and entry.fact.on in asked.period
            and answered_so(entry.answers, block.answered)
        ):
            yield entry


def answered_so(answers: list[CountedAnswer], wanted: Mapping[str, bool | str]) -> bool:
    """Whether each of these questions has such an answer: the last one given counts."""
    last = {each.question: each.plain for each in answers if each.plain}
    return all(_said(value) in last.get(name, ()) for name, value in wanted.items())


def _said(value: bool | str) -> str:  # noqa: FBT001 - an answer
    return value if isinstance(value, str) else "yes" if value else "no"


def under(by: EntriesBy | None, entry: CountedEntry, material: Material, asked: Question) -> str:
    """The name of the row that an entry belongs to."""
    fact = entry.fact
    if by is None:
        return ""
    if by == "month":
        return f"{fact.on:%Y-%m}"
    if by == "service":
        return fact.service or material.service_of(fact.team, asked) or UNKNOWN
    own: str | None = getattr(fact, by)
    return own or UNKNOWN


def _rows(by: EntriesBy | None, found: list[str], material: Material, asked: Question) -> list[tuple[str, str]]:
    if by is None:
        return []
    known = units(by, material, asked) if by in {"team", "service"} else []
    others = sorted({each for each in found if each not in known and each != UNKNOWN})
    return [(each, each) for each in (*known, *others, *([UNKNOWN] if UNKNOWN in found else []))]


def _columns(block: Entries, register: Register, held: list[CountedEntry], material: Material) -> Iterator[Counts]:
    asked = material.asked
    placed = [(each, under(block.by, each, material, asked)) for each in held]
    yield Counts("entries", "Entries", [thing(each.about, each.recorded, under=row) for each, row in placed])
    if register.items:
        looked = [thing(each.about, each.recorded, under=row) for each, row in placed for _ in each.fact.items]
        yield Counts("children", "Children looked at", looked)
    for name in block.steps:
        title = next(step.title for step in register.steps if step.name == name)
        taken = [
            thing(each.about, each.recorded, marks[-1], under=row)
            for each, row in placed
            if (marks := _by_then(each.steps.get(name, ()), asked))
        ]
        yield Counts(f"step-{name}", title, taken)


def _by_then(marks: "list[Mark] | tuple[()]", asked: Question) -> list[Mark]:
    return [each for each in marks if each.day <= asked.day]


def _standards(block: Entries, column: Counts) -> str:
    return standard(column.title, len(column.things), block.at_least, block.at_most)


def _answers(block: Entries, key: str, question: Asked, held: list[CountedEntry], material: Material) -> Block:
    """How often each answer was given: a row for each, or `by` something a column for each."""
    given = list(_given(block, question, held, material))
    if question.kind == "number":
        return _numbers(key, question, [(each.word, each.thing) for each in given])
    options = list(question.options) or (["yes", "no"] if question.kind == "yes or no" else [])
    options += sorted({each.word for each in given} - set(options))
    if block.by is None:
        rows = tuple(Row(title=each, cells=_times(f"{key}.{slug(each)}", each, given)) for each in options)
        return table(key, question.title, rows, [Column(title="Times"), Column(title="Share")], stub="Answer")
    columns = [Counts(slug(each), each, [one.thing for one in given if one.word == each]) for each in options]
    named = _rows(block.by, [one.thing.under for one in given], material, material.asked)
    made = rows_of(key, named, columns, total=True)
    return table(key, question.title, made, [Column(title=each) for each in options], stub=head(block.by, material))


def _times(key: str, answer: str, given: list[_Given]) -> tuple[Cell, ...]:
    """How often the answer was given, and its share of those who answered: of choices, each stands for itself."""
    chosen = {one.of for one in given if one.word == answer}
    everybody = {one.of: one for one in given}
    asked = [replace(one.thing, under="chosen" if one.of in chosen else "") for one in everybody.values()]
    times = count(key, (one.thing for one in given if one.word == answer))
    return times, share(f"{key}.share", asked, lambda one: one.under == "chosen")


def _given(block: Entries, question: Asked, held: list[CountedEntry], material: Material) -> Iterator[_Given]:
    """Each answer with its entry: of one entry, or of one child of it, the last one given."""
    for entry in held:
        last = {each.child: each for each in entry.answers if each.question == question.name and each.plain}
        row = under(block.by, entry, material, material.asked)
        for each in last.values():
            for word in each.plain:
                value = Decimal(word) if question.kind == "number" else None
                said = thing(entry.about, entry.recorded, each.said, under=row, value=value)
                yield _Given(word, said, (entry.about, each.child))


def _numbers(key: str, question: Asked, given: list[tuple[str, Thing]]) -> Block:
    row = Row(title=TOTAL, cells=(total_of(f"{key}.sum", (each for _, each in given)),))
    return table(key, question.title, (row,), [Column(title="Sum")])
