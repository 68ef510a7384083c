"""Grade changes: every grade that a moderator changed, by whom, why, which way and how far."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal, TypedDict, Unpack

from sqlalchemy import JSON, Boolean, Integer, String, Text, func, select

from events.audits import AuditAllocated, AuditModerated, AuditSubmitted, AuditVoided, SectionGraded
from events.recorded import Recorded
from projections.dates import Instant
from projections.generations import reading
from projections.queries import ViewRow, matching, reference
from projections.store import Source
from projections.view import Change, Held, Shape, Spec, View, change, new

AUDITS = "graded_audits"
CHANGES = "grade_changes"
SHAPE = Shape(
    "grade-changes",
    (
        Spec(
            AUDITS,
            {
                "child": String(64),
                "team": String(64),
                "auditor": String(64),
                "overall": String(200),
                "sections": JSON(),
                "outcome": String(20),
                "void": Boolean(),
            },
        ),
        Spec(
            CHANGES,
            {
                "version": Integer(),
                "place": Integer(),
                "section": String(200),
                "from_grade": String(200),
                "to_grade": String(200),
                "direction": String(20),
                "steps": Integer(),
                "moderator": String(64),
                "role": Text(),
                "occurred": Instant(),
                "recorded": Instant(),
                "rationale": Text(),
            },
            key=("version", "place"),
            indexes=("occurred",),
            held=False,
        ),
    ),
)

Direction = Literal["raised", "lowered", "changed"]


@dataclass(frozen=True, slots=True)
class Scales:
    """The grades of an authority in order, the best first: for the whole audit and for its sections."""

    overall: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()


class GradeChange(ViewRow):
    """One grade that a moderator changed; `section` is None for the overall grade. `rationale` is sealed.

    `steps` says how far apart the grades stand on the scale. Where one of them is not on it (such as "not
    applicable", or no grade), `direction` is "changed" and `steps` None.
    """

    audit: str
    child: str
    team: str
    void: bool
    section: str | None
    from_grade: str | None
    to_grade: str | None
    direction: Direction
    steps: int | None
    moderator: str
    role: str
    occurred: datetime
    recorded: datetime
    rationale: str


class GradeSummary(ViewRow):
    """What moderation did to the audits of an authority; void audits are not counted.

    `moderated` is `confirmed` and `changed` together. `raised`, `lowered` and `otherwise` count changes of
    overall grades, `sections` counts changes of section grades.
    """

    moderated: int
    confirmed: int
    changed: int
    raised: int
    lowered: int
    otherwise: int
    sections: int


class GradeChangeFilter(TypedDict, total=False):
    """Equality filters of the grade changes; None applies none."""

    audit: str | None
    child: str | None
    team: str | None
    moderator: str | None
    direction: Direction | None


def grade_changes(source: Source, authority: str, **filters: Unpack[GradeChangeFilter]) -> list[GradeChange]:
    """List the grade changes of an authority in the order in which they happened, the overall grade first."""
    with reading(SHAPE, source) as (db, tables):
        changes, audits = tables[CHANGES], tables[AUDITS]
        query = matching(changes, authority, filters, audits).order_by(
            changes.c.occurred, changes.c.about, changes.c.version, changes.c.place
        )
        return [
            GradeChange.of(row._asdict(), audit=reference(row.about), void=bool(row.void)) for row in db.execute(query)
        ]


def grade_summary(source: Source, authority: str) -> GradeSummary:
    """Count what moderation did, for one authority. Every figure can be found again among the rows."""
    with reading(SHAPE, source) as (db, tables):
        audits, changes = tables[AUDITS], tables[CHANGES]
        counted = select(audits.c.outcome, func.count()).where(
            audits.c.authority == authority, audits.c.void.is_(False), audits.c.outcome.is_not(None)
        )
        outcomes: dict[str, int] = {row[0]: row[1] for row in db.execute(counted.group_by(audits.c.outcome))}
        whole = changes.c.section.is_(None)
        query = (
            select(whole.label("whole"), changes.c.direction, func.count())
            .join(audits, (audits.c.authority == changes.c.authority) & (audits.c.about == changes.c.about))
            .where(changes.c.authority == authority, audits.c.void.is_(False))
            .group_by(whole, changes.c.direction)
        )
        ways = {(bool(row[0]), row[1]): int(row[2]) for row in db.execute(query)}
    return GradeSummary(
        moderated=sum(outcomes.values()),
        confirmed=outcomes.get("confirmed", 0),
        changed=outcomes.get("changed", 0),
        raised=ways.get((True, "raised"), 0),
        lowered=ways.get((True, "lowered"), 0),
        otherwise=ways.get((True, "changed"), 0),
        sections=sum(count for (overall, _), count in ways.items() if not overall),
    )


class GradeChanges:
    """The fold of grade changes, with the scales of every authority that it is kept for.

    An audit of an authority without scales halts it at the first change of a grade.
    """

    def __init__(self, scales: Mapping[str, Scales]) -> None:
        self._scales = scales

    def view(self) -> View:
        """Make the view. Other scales make another edition, since they may turn a direction round."""
        return View(
            SHAPE,
            {
                AuditAllocated: _allocated,
                AuditVoided: _voided,
                SectionGraded: _section_graded,
                AuditSubmitted: _submitted,
                AuditModerated: self._moderated,
            },
            edition=_edition(self._scales),
        )

    def _moderated(self, fact: AuditModerated, event: Recorded, held: Held) -> list[Change]:
        before = held[AUDITS][()]
        sections = before["sections"]
        graded: list[tuple[str | None, str | None, str | None]] = [(None, before["overall"], fact.grade)]
        graded += [(section, sections.get(section), grade) for section, grade in fact.sections.items()]
        rows = [self._change(fact, event, place, *each) for place, each in enumerate(graded) if each[1] != each[2]]
        standing = {"overall": fact.grade, "sections": {**sections, **fact.sections}}
        return [change(AUDITS, outcome=fact.outcome, **standing), *rows]

    def _change(
        self,
        fact: AuditModerated,
        event: Recorded,
        place: int,
        section: str | None,
        from_grade: str | None,
        to_grade: str | None,
    ) -> Change:
        scales = self._scales[event.envelope.authority]
        scale = scales.overall if section is None else scales.sections
        direction, steps = _compared(scale, from_grade, to_grade)
        return new(
            CHANGES,
            version=event.originator_version,
            place=place,
            section=section,
            from_grade=from_grade,
            to_grade=to_grade,
            direction=direction,
            steps=steps,
            moderator=fact.moderator,
            role=event.envelope.role,
            occurred=event.envelope.occurred,
            recorded=event.envelope.recorded,
            rationale=fact.rationale,
        )


def _edition(scales: Mapping[str, Scales]) -> str:
    return sha256(
        repr(sorted((name, each.overall, each.sections) for name, each in scales.items())).encode()
    ).hexdigest()[:16]


def _compared(scale: tuple[str, ...], before: str | None, after: str | None) -> tuple[Direction, int | None]:
    if before not in scale or after not in scale:
        return "changed", None
    better = scale.index(before) - scale.index(after)
    return ("raised" if better > 0 else "lowered"), abs(better)


def _allocated(fact: AuditAllocated, _: Recorded, __: Held) -> list[Change]:
    return [new(AUDITS, child=fact.child, team=fact.team, auditor=fact.auditor, sections={}, void=False)]


def _voided(_: AuditVoided, __: Recorded, ___: Held) -> list[Change]:
    return [change(AUDITS, void=True)]


def _section_graded(fact: SectionGraded, _: Recorded, held: Held) -> list[Change]:
    if fact.grader != "auditor":
        return []  # a practitioner's own grade is no grade of the audit
    return [change(AUDITS, sections={**held[AUDITS][()]["sections"], fact.section: fact.grade})]


def _submitted(fact: AuditSubmitted, _: Recorded, __: Held) -> list[Change]:
    return [change(AUDITS, overall=fact.grade)]
