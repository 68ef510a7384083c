"""Grade changes: every grade that a moderator changed, by whom, why, which way and how far."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypedDict, Unpack

from sqlalchemy import JSON, Boolean, Integer, String, Text, func, select

from events.audits import AuditAllocated, AuditModerated, AuditSubmitted, AuditVoided
from events.findings import SectionGraded
from events.grade_disputes import GradeSettled
from events.recorded import Recorded
from projections.cut import WHOLE, Cut, Part, cut_rows, one_by_one
from projections.dates import Instant
from projections.generations import reading
from projections.queries import ViewRow, matching, reference
from projections.store import Source
from projections.view import Change, Declared, Held, Row, Shape, Spec, View, change, new

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
                "by_auditor": String(200),
                "overall": String(200),
                "sections": JSON(),
                "policy_version": Text(),
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
                "policy_version": Text(),
                "moderator": String(64),
                "role": Text(),
                "occurred": Instant(),
                "recorded": Instant(),
                "rationale": Text(),
            },
            key=("version", "place"),
            indexes=("occurred",),
            held=False,
            sealed={"rationale": "audit.rationale"},
        ),
    ),
)

Direction = Literal["raised", "lowered", "changed"]


@dataclass(frozen=True, slots=True)
class Scale:
    """The grades of one version of a policy in order, the best first: for the whole audit and for its sections."""

    overall: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()


Scales = Mapping[str, Scale]
"""The scales of one authority by the version of its policy, the oldest first."""


class GradeChange(ViewRow):
    """One grade that a moderator changed; `section` is None for the overall grade. `rationale` is sealed.

    Who settles a dispute about the overall grade, and changes it, stands as its moderator.

    `steps` says how far apart the grades stand on the scale that the audit is graded on. Where one of them is not on
    it (such as "not applicable", or no grade), `direction` is "changed" and `steps` None.
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
    """What moderation did to the audits of an authority, and apart from them to their sections; voided audits left out.

    Audits: `moderated` is the sum of `confirmed`, `raised`, `lowered` and `otherwise`, by the overall grade as it
    stands now beside the auditor's. Sections: `sections` changes of a section's grade are the sum of
    `sections_raised`, `sections_lowered` and `sections_otherwise`.
    """

    moderated: int
    confirmed: int
    raised: int
    lowered: int
    otherwise: int
    sections: int
    sections_raised: int
    sections_lowered: int
    sections_otherwise: int


class GradeChangeFilter(TypedDict, total=False):
    """Equality filters of the grade changes; None applies none."""

    audit: str | None
    child: str | None
    team: str | None
    moderator: str | None


def grade_changes(
    source: Source,
    authority: str,
    scales: Scales,
    *,
    direction: Direction | None = None,
    cut: Cut = WHOLE,
    **filters: Unpack[GradeChangeFilter],
) -> Part[GradeChange]:
    """List the grade changes of an authority in the order in which they happened, the overall grade first.

    Which way a grade went is said by the scale of the policy version that the audit was allocated under, when asked:
    what a later version renames changes nothing that was kept.
    """
    with reading(SHAPE, source) as (db, tables):
        changes, audits = tables[CHANGES], tables[AUDITS]
        query = matching(changes, authority, filters, audits)

        def asked(row: Row) -> GradeChange | None:
            told = _shown(row, scales)
            return told if direction in (None, told.direction) else None

        order = (changes.c.occurred, changes.c.about, changes.c.version, changes.c.place)
        return cut_rows(db, query, order, cut, one_by_one(asked))


def _shown(row: Row, scales: Scales) -> GradeChange:
    overall = row["section"] is None
    way, steps = _compared(scales, row["policy_version"], row["from_grade"], row["to_grade"], overall=overall)
    return GradeChange.of(row, audit=reference(row["about"]), void=bool(row["void"]), direction=way, steps=steps)


def grade_summary(source: Source, authority: str, scales: Scales) -> GradeSummary:
    """Count what moderation did, for one authority. Every figure can be found again among the rows."""
    with reading(SHAPE, source) as (db, tables):
        audits, changes = tables[AUDITS], tables[CHANGES]
        graded = (audits.c.by_auditor, audits.c.overall, audits.c.policy_version)
        standing = audits.c.void.is_(False)
        moderated = select(*graded, func.count()).where(
            audits.c.authority == authority, standing, audits.c.outcome.is_not(None)
        )
        moved = (changes.c.from_grade, changes.c.to_grade, changes.c.policy_version)
        of_sections = (
            select(*moved, func.count())
            .join(audits, (audits.c.authority == changes.c.authority) & (audits.c.about == changes.c.about))
            .where(changes.c.authority == authority, standing, changes.c.section.is_not(None))
        )
        overall = db.execute(moderated.group_by(*graded)).all()
        sections = db.execute(of_sections.group_by(*moved)).all()
    whole, parts = Counter[str](), Counter[str]()
    for given, now, version, number in overall:
        way = "confirmed" if given == now else _compared(scales, version, given, now, overall=True)[0]
        whole[way] += number
    for before, after, version, number in sections:
        parts[_compared(scales, version, before, after, overall=False)[0]] += number
    return GradeSummary(
        moderated=whole.total(),
        confirmed=whole["confirmed"],
        raised=whole["raised"],
        lowered=whole["lowered"],
        otherwise=whole["changed"],
        sections=parts.total(),
        sections_raised=parts["raised"],
        sections_lowered=parts["lowered"],
        sections_otherwise=parts["changed"],
    )


def _compared(
    scales: Scales, version: str, before: str | None, after: str | None, *, overall: bool
) -> tuple[Direction, int | None]:
    """Which way and how far: on the scale of that version or, where it lacks a grade, of the newest that has both."""
    own = [scales[version]] if version in scales else []
    for each in (*own, *reversed(list(scales.values()))):
        scale = each.overall if overall else each.sections
        if before in scale and after in scale:
            better = scale.index(before) - scale.index(after)
            return ("raised" if better > 0 else "lowered"), abs(better)
    return "changed", None


def _allocated(fact: AuditAllocated, event: Recorded, __: Held) -> list[Change]:
    version = event.envelope.policy_version
    columns = {"child": fact.child, "team": fact.team, "auditor": fact.auditor, "policy_version": version}
    return [new(AUDITS, **columns, sections={}, void=False)]


def _voided(_: AuditVoided, __: Recorded, ___: Held) -> list[Change]:
    return [change(AUDITS, void=True)]


def _section_graded(fact: SectionGraded, _: Recorded, held: Held) -> list[Change]:
    if fact.grader != "auditor":
        return []  # a practitioner's own grade is no grade of the audit
    return [change(AUDITS, sections={**held[AUDITS][()]["sections"], fact.section: fact.grade})]


def _submitted(fact: AuditSubmitted, _: Recorded, __: Held) -> list[Change]:
    return [change(AUDITS, overall=fact.grade, by_auditor=fact.grade)]


def _moderated(fact: AuditModerated, event: Recorded, held: Held) -> list[Change]:
    before = held[AUDITS][()]
    sections = before["sections"]
    graded: list[tuple[str | None, str | None, str | None]] = [(None, before["overall"], fact.grade)]
    graded += [(section, sections.get(section), grade) for section, grade in fact.sections.items()]
    version = before["policy_version"]
    rows = [_change(fact, event, version, place, *each) for place, each in enumerate(graded) if each[1] != each[2]]
    standing = {"overall": fact.grade, "sections": {**sections, **fact.sections}}
    return [change(AUDITS, outcome=fact.outcome, **standing), *rows]


def _settled(fact: GradeSettled, event: Recorded, held: Held) -> list[Change]:
    before = held[AUDITS][()]
    row = _change(fact, event, before["policy_version"], 0, None, before["overall"], fact.grade)
    return [change(AUDITS, overall=fact.grade), *([row] if fact.outcome == "changed" else [])]


def _change(  # noqa: PLR0913, PLR0917 - one row, told from all that it says
    fact: AuditModerated | GradeSettled,
    event: Recorded,
    policy_version: str,
    place: int,
    section: str | None,
    from_grade: str | None,
    to_grade: str | None,
) -> Change:
    return new(
        CHANGES,
        version=event.originator_version,
        place=place,
        section=section,
        from_grade=from_grade,
        to_grade=to_grade,
        policy_version=policy_version,
        moderator=fact.moderator if isinstance(fact, AuditModerated) else fact.settled_by,
        role=event.envelope.role,
        occurred=event.envelope.occurred,
        recorded=event.envelope.recorded,
        rationale=fact.rationale,
    )


def grade_changes_view() -> View:
    """Make the view of the grade changes. It knows no scale: adopting or editing a policy leaves every row as it is."""
    return View(
        SHAPE,
        {
            AuditAllocated: _allocated,
            AuditVoided: _voided,
            SectionGraded: _section_graded,
            AuditSubmitted: _submitted,
            AuditModerated: _moderated,
            GradeSettled: _settled,
        },
    )


VIEW = Declared(SHAPE, grade_changes_view)
