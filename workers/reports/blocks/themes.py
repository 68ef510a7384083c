"""Themes: what was answered most often, with the period before and the way that it went."""

from collections.abc import Iterator

from projections.counted_records import CountedAnswer, CountedAudit, CountedEntry
from services.policy.blocks.themes import AUDITS, Themes
from workers.reports.counting import Counts, Thing, count, slug, table, thing
from workers.reports.material import Material, Question, taken_back
from workers.reports.page import Block, Cell, Column, Row, Words

MAKES = Themes


def make(block: Themes, key: str, material: Material) -> tuple[Block, ...]:
    """A row for each answer, the most frequent first, with how many audits and entries it was given in."""
    given = _by_answer(list(answered(block, material, material.asked)))
    before = {}
    if block.previous:
        before = _by_answer(list(answered(block, material, material.before(1))))
    ordered = sorted(given, key=lambda each: (-len(given[each]), each))[: block.most]
    rows = tuple(_row(key, each, given[each], before.get(each, []) if block.previous else None) for each in ordered)
    columns = [Column(title="Audits and entries")]
    columns += [Column(title="Period before"), Column(title="Direction")] if block.previous else []
    note = "" if rows else "No answer was given in this period."
    made = table(key, block.title or "Themes", rows, columns, stub="Theme", note=note)
    return (made.model_copy(update={"by_size": True}),)


def answered(block: Themes, material: Material, asked: Question) -> Iterator[tuple[str, Thing]]:
    """Each answer that was given in the period, once for each audit or entry."""
    found = material.of(asked)
    records: list[tuple[CountedAudit | CountedEntry, str]] = [
        *((each, AUDITS) for each in found.audits if not taken_back(each)),
        *((each, each.fact.kind) for each in found.entries if each.withdrawn is None),
    ]
    for record, kind in records:
        if block.of and kind not in block.of:
            continue
        for word, answer in _latest(record.answers, block, asked).items():
            yield word, thing(record.about, answer.said)


def _latest(answers: list[CountedAnswer], block: Themes, asked: Question) -> dict[str, CountedAnswer]:
    """The words of the last answer to each question at each moment, with that answer."""
    last = {
        (each.question, each.asked_at, each.child): each
        for each in answers
        if each.question in block.questions and each.plain and each.said.day in asked.period
    }
    return {word: each for each in last.values() for word in each.plain}


def _by_answer(given: list[tuple[str, Thing]]) -> dict[str, list[Thing]]:
    found: dict[str, list[Thing]] = {}
    for word, each in given:
        found.setdefault(word, []).append(each)
    return found


def _row(key: str, answer: str, given: list[Thing], before: list[Thing] | None) -> Row:
    own = Counts(slug(answer), answer, given)
    now = count(f"{key}.{own.key}", given)
    cells: tuple[Cell, ...] = (now,)
    if before is not None:
        moved = (len(given) > len(before)) - (len(given) < len(before))
        way = {1: "up", 0: "same", -1: "down"}[moved]
        was = count(f"{key}.{own.key}.before", before)
        cells = (*cells, was, Words(text=way, told_of=(now.key, was.key)))
    return Row(title=answer, cells=cells)
