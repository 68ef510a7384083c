"""What counts towards the tasks between two days, row by row as the view keeps it: for questions about some months."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.engine import Row as Found

from projections.activity_tables import AUDITS, BEGAN, ENTRIES, ISSUES, SHAPE, TASKS
from projections.generations import reading
from projections.store import Source


@dataclass(frozen=True, slots=True)
class Worked:
    """The rows that count between two days, and the first day of the programme's own work, if it has begun.

    Of an audit some day lies between them. Every issue of a report is there: it may come long after its period.
    """

    audits: Sequence[Found[Any]]
    entries: Sequence[Found[Any]]
    tasks: Sequence[Found[Any]]
    issues: Sequence[Found[Any]]
    began: date | None


def worked(source: Source, authority: str, first: date | None = None, last: date | None = None) -> Worked:
    """What counts from `first` to `last`, or from the beginning or up to the end where there is no such day."""
    with reading(SHAPE, source) as (db, tables):
        audits = _of(tables[AUDITS], authority).where(~tables[AUDITS].c.voided)
        if first is not None:
            audits = audits.where(tables[AUDITS].c.last_on >= first)
        if last is not None:
            audits = audits.where(tables[AUDITS].c.first_on <= last)
        entries = _of(tables[ENTRIES], authority, first, last).where(~tables[ENTRIES].c.withdrawn)
        tasks = _of(tables[TASKS], authority, first, last).order_by(tables[TASKS].c.position)
        began = select(func.min(tables[BEGAN].c.day)).where(tables[BEGAN].c.authority == authority)
        return Worked(
            db.execute(audits).all(),
            db.execute(entries).all(),
            db.execute(tasks).all(),
            db.execute(_of(tables[ISSUES], authority)).all(),
            db.execute(began).scalar_one(),
        )


def _of(table: Table, authority: str, first: date | None = None, last: date | None = None) -> Any:
    asked = select(table).where(table.c.authority == authority)
    if first is not None:
        asked = asked.where(table.c.day >= first)
    if last is not None:
        asked = asked.where(table.c.day <= last)
    return asked
