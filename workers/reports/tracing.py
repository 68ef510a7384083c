"""What stands behind a figure: each record with the events that say so, in the timeline's plain sentences."""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from events.errors import NotFound
from events.registry import decode
from projections.generations import reading
from projections.store import Source
from projections.timeline import ENTRIES, SHAPE
from services.policy.near import near
from workers.reports.page import Behind, Cited, Figure, Report

FORMER = re.compile(r"\.none(?=\.|$)")
AT_ONCE = 500
"""Positions that one query asks for: databases take some thousands of parameters."""


@dataclass(frozen=True, slots=True)
class TracedEvent:
    """One event behind a figure."""

    position: int
    occurred: datetime
    recorded: datetime
    actor: str
    role: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Traced:
    """One thing behind a figure: its record, whether it is among those counted, and the events that say so."""

    about: str
    among: bool
    value: str | None
    events: tuple[TracedEvent, ...]


def called_today(key: str, known: Container[str]) -> str:
    """The key under which a figure is known now: issued reports may have it with `none` for what it has not."""
    bare = FORMER.sub("", key)
    return bare if key not in known and bare in known else key


def figure_called(report: Report, key: str) -> Figure | Cited:
    """The figure, or what else can be opened, of that key. NotFound, with the nearest key, for another.

    A key of an issued report opens what it is called today.
    """
    found = {each.key: each for each in report.opening()}
    key = called_today(key, found)
    if key not in found:
        raise NotFound("figure", f"{key}{near(key, found)}")
    return found[key]


def trace(source: Source, authority: str, figure: Figure | Cited) -> list[Traced]:
    """What stands behind the figure, thing by thing in its order; nothing behind a nought."""
    told = dict(_events(source, authority, sorted({each for one in figure.behind for each in one.positions})))
    return [_traced(each, told) for each in figure.behind]


def _traced(behind: Behind, told: dict[int, TracedEvent]) -> Traced:
    value = None if behind.value is None else str(behind.value)
    return Traced(behind.about, behind.among, value, tuple(told[each] for each in behind.positions if each in told))


def _events(source: Source, authority: str, positions: list[int]) -> Iterator[tuple[int, TracedEvent]]:
    with reading(SHAPE, source) as (db, tables):
        held = tables[ENTRIES]
        for start in range(0, len(positions), AT_ONCE):
            asked = held.c.position.in_(positions[start : start + AT_ONCE])
            for row in db.execute(select(held).where(held.c.authority == authority, asked)):
                sentence = decode(row.stored_name, row.body.encode()).sentence()
                yield (
                    row.position,
                    TracedEvent(row.position, row.occurred, row.recorded, row.actor, row.role, sentence),
                )
