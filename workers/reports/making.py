"""Making a report: from what the policy asks for and what the views hold, for a period, as of an instant."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from events.errors import Refused, SightlineError
from projections.dates import local_date
from projections.generations import positions, reading
from projections.store import Source
from projections.timeline import ENTRIES, SHAPE
from services.clock import at_local, day_in_words
from services.log import Log
from services.obligations.periods import key_of
from services.obligations.report_dates import report_of
from services.policy.blocks.trend import Trend
from services.policy.model import Policy
from services.policy.reports import Block as AskedBlock
from services.policy.reports import Report as Asked
from services.policy.reports import ReportSection
from services.policy.versions import Policies
from workers.reports.blocks import makers
from workers.reports.counting import TOTAL, UNKNOWN
from workers.reports.material import NOW, Material, Question
from workers.reports.page import AsAt, Block, Cell, Cited, Figure, Note, Report, Section, Table, Unmade
from workers.reports.placing import called

log = Log(__name__)

OF_PEOPLE = frozenset({"auditor", "moderator", "owner", "person", "subject", "holder"})
"""By what a row of a table stands for somebody: a suppressed copy leaves it out."""


def make(source: Source, authority: str, policy: Policy, asked: Question) -> Report:
    """The report, made of one state of the timeline. The same history, policy and question give the same report.

    An authority without audits gives noughts. A block that could not be made says so in its place, and the rest stands.
    Refused for a unit that the authority does not know; Unavailable where no view was ever kept.
    """
    if isinstance(source, Engine):
        with reading(SHAPE, source) as (db, _):
            return make(db, authority, policy, asked)
    with reading(SHAPE, source) as (db, tables):
        material = Material(db, tables[ENTRIES], authority, policy, asked)
        if asked.unit is not None:
            material.require_unit(asked.unit)
        for trend in _trends(asked.report):
            material.asked_from(material.before(trend.periods - 1, trend.every).period.first)
        sections = _apart(_section(asked.report, section, material) for section in asked.report.sections)
        return _bound(material, sections, _position(db, authority))


def question(
    held: Policies, name: str, key: str, now: datetime, *, unit: str | None = None, as_at: AsAt = NOW
) -> tuple[Policy, Question]:
    """The policy that the period is judged by, and the question. NotFound for a report that it does not know.

    The policy is the one in force on the last day of the period; of a report on request any period can be asked for.
    """
    policy, report, every, period = report_of(held, name, key)
    if period.first > local_date(now):
        raise Refused("period", f"{key} has not begun: it begins on {day_in_words(period.first)}")
    if as_at.happened_by is not None and as_at.happened_by < period.first:
        begins = f"the period begins on {day_in_words(period.first)}"
        raise Refused("as-at", f"{as_at.happened_by} lies before that: {begins}")
    return policy, Question(report, period, now, unit, as_at, every)


def _trends(report: Asked) -> Iterator[Trend]:
    return (block for section in report.sections for block in section.show if isinstance(block, Trend))


def _section(report: Asked, section: ReportSection, material: Material) -> Section:
    known = makers()
    blocks: list[Block] = []
    for number, block in enumerate(section.show, start=1):
        key = f"{section.name}.{number}" if len(section.show) > 1 else section.name
        try:
            blocks += _named(block, known[type(block)](block, key, material), material)
        except (SightlineError, SQLAlchemyError):  # not of this block: of what all of them are made of
            raise
        except Exception as error:  # whatever it is, the rest stands, and nothing is issued without it
            where = {"report": report.name, "section": section.name, "block": f"{number} ({block.block})"}
            log.exception("block not made", **where, error=type(error).__name__)
            blocks.append(_unmade(block, key, section, error))
    return Section(key=section.name, title=section.title, source=section.source, blocks=tuple(blocks))


def _unmade(block: AskedBlock, key: str, section: ReportSection, error: Exception) -> Unmade:
    """What stands in its place: which block, and what sort of error it was. What the error says may hold a name."""
    title = f" “{block.title or section.title}”"
    kind = type(error).__name__
    return Unmade(key=key, text=f"{type(block).shows}{title} could not be made: {kind}. The program's log says where.")


def _apart(sections: Iterable[Section]) -> tuple[Section, ...]:
    """The sections with a key of its own for each figure: a team may be called `all`, or as another but for capitals.

    The first keeps the key, and each further one has its number behind it.
    """
    often: dict[str, int] = {}

    def own(cell: Cell) -> Cell:
        if not isinstance(cell, Figure | Cited):
            return cell
        often[cell.key] = often.get(cell.key, 0) + 1
        return cell if often[cell.key] == 1 else cell.model_copy(update={"key": f"{cell.key}~{often[cell.key]}"})

    def apart(block: Block) -> Block:
        if not isinstance(block, Table):
            return block
        rows = (row.model_copy(update={"cells": tuple(own(cell) for cell in row.cells)}) for row in block.rows)
        return block.model_copy(update={"rows": tuple(rows)})

    return tuple(each.model_copy(update={"blocks": tuple(apart(block) for block in each.blocks)}) for each in sections)


def _named(asked: AskedBlock, made: Sequence[Block], material: Material) -> Iterable[Block]:
    """What a block made: rows that are set out by people name each of them, but the totals, and posts."""
    if getattr(asked, "by", None) not in OF_PEOPLE:
        return made
    nobody = {TOTAL, UNKNOWN, *(role.title for role in material.policy.roles.values())}
    return [
        each.model_copy(
            update={"rows": tuple(row.model_copy(update={"names": row.title not in nobody}) for row in each.rows)}
        )
        if isinstance(each, Table)
        else each
        for each in made
    ]


def _bound(material: Material, sections: tuple[Section, ...], position: int) -> Report:
    asked, policy = material.asked, material.policy
    report, roles = asked.report, policy.roles
    return Report(
        authority=material.authority,
        name=report.name,
        title=report.title,
        source=report.source,
        made_by=roles[report.made_by].title,
        audience=tuple(roles[each].title if each in roles else each for each in report.audience),
        first=asked.period.first,
        last=asked.period.last,
        unit=asked.unit,
        unit_called=_kind(asked.unit, material),
        as_at=asked.as_at,
        policy_version=policy.version,
        position=position,
        notes=tuple(Note(text=each) for each in (*_said_of_itself(asked), *_lacking(sections))),
        sections=sections,
        sides=report.sides,
    )


def _kind(unit: str | None, material: Material) -> str:
    """What the framework calls such a unit."""
    kind = None if unit is None else material.directory.kind_of(unit, material.asked.until)
    return called(kind or "unit", material)


def _said_of_itself(asked: Question) -> Iterable[str]:
    last = asked.period.last
    if asked.now < at_local(last, time(23, 59, 59)):
        until, day = day_in_words(last), day_in_words(asked.day)
        yield f"This period has not ended: it lasts until {until}, and the figures are of {day}."


def _lacking(sections: Sequence[Section]) -> Iterable[str]:
    lacking = [block for section in sections for block in section.blocks if isinstance(block, Unmade)]
    if lacking:
        yield f"This report is not whole, and cannot be issued: {len(lacking)} of its parts could not be made."


def _position(db: Connection, authority: str) -> int:
    return positions(db, SHAPE.name).get(authority, 0)


LISTED = {"name", "title", "source", "made_by", "audience", "every", "due", "per", "sides"}
"""What the list of reports says of each, beside what its period of today is called."""


def listed(policy: Policy, day: date) -> list[dict[str, Any]]:
    """The reports that the framework asks for, as plain data."""
    start = policy.calendar.year_start
    return [
        each.model_dump(mode="json", include=LISTED) | {"period": period_key(each, day, start)}
        for each in policy.reports
    ]


def period_key(report: Asked, day: date, year_start: int) -> str:
    """What the period of the day is called for this report."""
    return key_of(report.every or "month", day, year_start)
