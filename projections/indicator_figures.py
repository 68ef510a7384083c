"""Indicators: what was recorded for each month, what it is compared with, and the graded fields of returned audits.

A value that is given again takes the place of the earlier one here; the stream holds both.
"""

from typing import Any

from sqlalchemy import JSON, Boolean, Date, Integer, String

from events.audits import AuditAllocated, AuditExempted, AuditModerated, AuditSubmitted, AuditVoided
from events.findings import SectionGraded
from events.grade_disputes import GradeSettled
from events.indicators import IndicatorCompared, IndicatorRecorded
from events.recorded import Recorded
from projections.dates import Instant, local_date
from projections.view import Change, Declared, Held, Shape, Spec, View, change, new

VALUES = "indicator_values"
COMPARATORS = "indicator_comparators"
AUDITS = "indicator_audits"

NUMBER = String(40)
"""A decimal as text, so that neither database rounds it."""

SHAPE = Shape(
    "indicators",
    (
        Spec(
            VALUES,
            {
                "month": String(7),
                "level": String(20),
                "ref": String(64),
                "part": String(200),
                "indicator": String(64),
                "value": NUMBER,
                "numerator": NUMBER,
                "denominator": NUMBER,
                "source": String(200),
                "recorded_by": String(64),
                "recorded_at": Instant(),
                "replaced": Integer(),
            },
            key=("month", "level", "ref", "part"),
            indexes=("month", "ref"),
        ),
        Spec(
            COMPARATORS,
            {
                "comparator": String(40),
                "first": Date(),
                "last": Date(),
                "part": String(200),
                "indicator": String(64),
                "value": NUMBER,
                "source": String(200),
            },
            key=("comparator", "first", "last", "part"),
        ),
        Spec(
            AUDITS,
            {
                "audit_type": String(200),
                "team": String(64),
                "counts": Boolean(),
                "month": String(7),
                "overall": String(200),
                "sections": JSON(),
            },
            indexes=("month",),
        ),
    ),
    shown=VALUES,
)


def _put(table: str, held: Held, key: tuple[Any, ...], **columns: Any) -> Change:
    return (change if key in held[table] else new)(table, **columns)


def _recorded(fact: IndicatorRecorded, event: Recorded, held: Held) -> list[Change]:
    key = (fact.month, fact.level, fact.ref or "", fact.part or "")
    before = held[VALUES].get(key)
    figures = {name: _text(getattr(fact, name)) for name in ("value", "numerator", "denominator")}
    return [
        _put(
            VALUES,
            held,
            key,
            **dict(zip(("month", "level", "ref", "part"), key, strict=True)),
            **figures,
            indicator=fact.indicator,
            source=fact.source,
            recorded_by=event.envelope.actor,
            recorded_at=event.envelope.occurred,
            replaced=0 if before is None else before["replaced"] + 1,
        )
    ]


def _compared(fact: IndicatorCompared, _: Recorded, held: Held) -> list[Change]:
    key = (fact.comparator, fact.first, fact.last, fact.part or "")
    place = dict(zip(("comparator", "first", "last", "part"), key, strict=True))
    columns = {"indicator": fact.indicator, "value": _text(fact.value), "source": fact.source}
    return [_put(COMPARATORS, held, key, **place, **columns)]


def _text(figure: Any) -> str | None:
    return None if figure is None else str(figure)


def _allocated(fact: AuditAllocated, _: Recorded, __: Held) -> list[Change]:
    first = fact.reaudit_of is None and fact.extra_of is None
    return [new(AUDITS, audit_type=fact.audit_type, team=fact.team, counts=first, sections={})]


def _graded(fact: SectionGraded, _: Recorded, held: Held) -> list[Change]:
    if fact.grader != "auditor":
        return []  # a practitioner's own grade is no grade of the audit
    return [change(AUDITS, sections={**held[AUDITS][()]["sections"], fact.section: fact.grade})]


def _submitted(fact: AuditSubmitted, event: Recorded, _: Held) -> list[Change]:
    return [change(AUDITS, overall=fact.grade, month=f"{local_date(event.envelope.occurred):%Y-%m}")]


def _moderated(fact: AuditModerated, _: Recorded, held: Held) -> list[Change]:
    return [change(AUDITS, overall=fact.grade, sections={**held[AUDITS][()]["sections"], **fact.sections})]


def _out(_: AuditVoided | AuditExempted, __: Recorded, ___: Held) -> list[Change]:
    return [change(AUDITS, counts=False)]


def indicators_view() -> View:
    """Make the view of the indicators."""
    return View(
        SHAPE,
        {
            IndicatorRecorded: _recorded,
            IndicatorCompared: _compared,
            AuditAllocated: _allocated,
            SectionGraded: _graded,
            AuditSubmitted: _submitted,
            AuditModerated: _moderated,
            GradeSettled: lambda fact, _, __: [change(AUDITS, overall=fact.grade)],
            AuditVoided: _out,
            AuditExempted: _out,
        },
    )


VIEW = Declared(SHAPE, indicators_view)
