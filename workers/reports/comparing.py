"""An issued report beside today's: figure by figure what was said then and is said now, and what was recorded since."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from events.registry import decode
from projections.generations import reading
from projections.store import Source
from projections.timeline import ENTRIES, SHAPE
from workers.reports.page import Figure, Report
from workers.reports.tracing import AT_ONCE, TracedEvent, called_today


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that says something else now. `then` or `now` is None where only the other report has it.

    `events` are what was recorded since about the records that came to stand behind it, or stand there no more.
    """

    key: str
    then: Figure | None
    now: Figure | None
    events: tuple[tuple[str, TracedEvent], ...]


def differences(source: Source, then: Report, now: Report) -> list[Difference]:
    """Every figure that says something else, in the order of the report of today; what is gone stands last.

    Nothing where nothing has changed. A figure whose value came to be the same by other things is no difference.
    """
    after = {each.key: each for each in now.figures()}
    before = {called_today(each.key, after): each for each in then.figures()}
    changed = [key for key in dict.fromkeys((*after, *before)) if _said(before.get(key)) != _said(after.get(key))]
    about = {key: _concerned(before.get(key), after.get(key)) for key in changed}
    told = _recorded_since(source, then.authority, sorted({each for held in about.values() for each in held}), then)
    return [
        Difference(
            key,
            before.get(key),
            after.get(key),
            tuple((record, event) for record, event in told if record in about[key]),
        )
        for key in changed
    ]


def _said(figure: Figure | None) -> object:
    return figure and (figure.value, figure.among, figure.of, figure.unit, figure.mark)


def _concerned(then: Figure | None, now: Figure | None) -> set[str]:
    """The records of which something else stands behind the figure now."""
    before, after = (set(each.behind) if each else set() for each in (then, now))
    return {each.about for each in before ^ after}


def _recorded_since(source: Source, authority: str, records: list[str], then: Report) -> list[tuple[str, TracedEvent]]:
    return sorted(_events(source, authority, records, then.position), key=lambda each: each[1].position)


def _events(source: Source, authority: str, records: list[str], since: int) -> Iterator[tuple[str, TracedEvent]]:
    with reading(SHAPE, source) as (db, tables):
        held = tables[ENTRIES]
        for start in range(0, len(records), AT_ONCE):
            asked = held.c.about.in_(records[start : start + AT_ONCE])
            for row in db.execute(select(held).where(held.c.authority == authority, asked, held.c.position > since)):
                sentence = decode(row.stored_name, row.body.encode()).sentence()
                event = TracedEvent(row.position, row.occurred, row.recorded, row.actor, row.role, sentence)
                yield row.about, event
