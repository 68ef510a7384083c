"""Part 3: each audit as it stood: its sections, how the grade came about, whose voice is in it, and its story."""

from collections.abc import Iterator, Mapping, Sequence

from events.agencies import AgencyScored
from events.answers import Answer
from events.audits import AuditModerated, AuditSubmitted
from events.findings import (
    OUTCOMES,
    SOURCES,
    AuditAnswered,
    FeedbackRecorded,
    MeetingRecorded,
    ReflectionRecorded,
    SectionCommented,
    SectionGraded,
)
from events.grade_disputes import GradeDisputed, GradeSettled
from events.recorded import Recorded
from events.stopping import ClockResumed, ClockStopped
from projections.register import RegisterRow
from services.clock import day_in_words
from workers.asking.words import in_words
from workers.pack.material import Material, Page
from workers.pack.tables import listing
from workers.reports.page import Block, Note, Section, Table
from workers.story.paper import sections_of
from workers.story.telling import story_of_history

NUMBER, NAME, TITLE = 3, "each-audit", "Each audit as it stood"

Texts = Mapping[str, str]


def pages(material: Material) -> Iterator[Page]:
    """A page for each audit of the window. A suppressed copy has none: each is about one child."""
    if material.question.copy == "suppressed":
        note = Note(text="Left out of a suppressed copy: each page is about one child.")
        yield Page("left-out", TITLE, (Section(key="left-out", title=TITLE, blocks=(note,)),))
        return
    for row, history in material.histories():
        texts = material.books.texts_of(history)
        story = story_of_history(material.books, history, texts)
        sections = (
            Section(
                key="standing",
                title="Where it stands",
                blocks=(_standing(material, row), *_out_of_the_ordinary(material, history)),
            ),
            Section(key="sections", title="Sections", blocks=tuple(_sections(history, texts))),
            Section(
                key="grade",
                title="How the grade came about",
                blocks=(_grades(history, texts), *_agencies(material, history, texts)),
            ),
            Section(key="voices", title="Whose voice is in it", blocks=(_voices(history, texts),)),
            Section(key="answers", title="Questions of the form", blocks=(_answers(material, history, texts),)),
            *sections_of(story),
        )
        yield Page(row.audit, f"Audit {row.audit}", sections)


def _standing(material: Material, row: RegisterRow) -> Table:
    facts = [
        ("child", row.child),
        ("team", row.team),
        ("service", material.service(row.team)),
        ("practitioner", row.worker),
        ("type", row.audit_type),
        ("strand", row.strand),
        ("auditor", f"{row.auditor} ({material.posts(row.auditor, row.allocated_on) or 'no post on record'})"),
        ("moderator", row.moderator),
        ("given", row.allocated_on),
        ("due", row.due),
        ("returned", row.returned_on),
        ("moderated", row.moderated_on),
        ("closed", row.closed_on),
        ("grade by the auditor", row.grade_by_auditor),
        ("grade that stands", row.final_grade),
        ("re-audit of", row.reaudit_of),
        ("re-audited by", row.reaudited_by),
        ("concern for safety", row.safety_concern),
        ("stage", row.stage),
    ]
    return listing("standing", "The audit", ("what", "as it stands"), facts)


def _out_of_the_ordinary(material: Material, history: Sequence[Recorded]) -> Iterator[Note]:
    """A sentence on each stop of a clock and its end, and on a dispute about the grade and what settled it."""
    for each in history:
        if isinstance(each.fact, ClockStopped | ClockResumed | GradeDisputed | GradeSettled):
            said = in_words(each.fact.sentence(), material.books.titles)
            yield Note(text=f"{day_in_words(each.envelope.occurred)}: {said}")


def _sections(history: Sequence[Recorded], texts: Texts) -> Iterator[Block]:
    graded: dict[tuple[str, str], tuple[object, ...]] = {}
    for each in history:
        match each.fact:
            case SectionGraded() as fact:
                said = (_text(texts, fact.evidence), _text(texts, fact.impact))
                graded[fact.section, fact.grader] = (fact.section, fact.grader, fact.grade, *said)
            case SectionCommented() as fact:
                comment = _text(texts, fact.comment)
                graded[fact.section, fact.grader] = (fact.section, fact.grader, None, comment, None)
            case AuditModerated(sections=changed):
                for section, grade in changed.items():
                    graded[section, "moderator"] = (section, "moderator", grade, None, None)
    columns = ("section", "graded by", "grade", "evidence", "impact on the child")
    yield listing("sections", "What each section shows", columns, graded.values())


def _grades(history: Sequence[Recorded], texts: Texts) -> Table:
    rows: list[tuple[object, ...]] = []
    for each in history:
        match each.fact:
            case AuditSubmitted() as fact:
                why = [f"bottom lines unmet: {', '.join(fact.bottom_lines_unmet)}"] if fact.bottom_lines_unmet else []
                why += [text for sealed in (fact.summary, fact.override) if (text := _text(texts, sealed))]
                rows.append(("the auditor's", fact.grade, each.envelope.actor, each.envelope.occurred, "; ".join(why)))
            case AuditModerated() as fact:
                said = f"{fact.outcome} by the moderator"
                rows.append((said, fact.grade, fact.moderator, each.envelope.occurred, _text(texts, fact.rationale)))
            case GradeDisputed() as fact:
                by = each.envelope.actor
                rows.append(("disputed", fact.grade, by, each.envelope.occurred, _text(texts, fact.reason)))
            case GradeSettled() as fact:
                said = f"{fact.outcome} for good, where the dispute was settled"
                rows.append((said, fact.grade, fact.settled_by, each.envelope.occurred, _text(texts, fact.rationale)))
    columns = ("grade", "which", "by whom", "when", "why")
    return listing("grades", "The grades in their order", columns, rows)


def _agencies(material: Material, history: Sequence[Recorded], texts: Texts) -> Iterator[Table]:
    """What each other agency scored last; nothing where none did."""
    scores: dict[str, tuple[object, ...]] = {}
    for each in history:
        if isinstance(fact := each.fact, AgencyScored):
            name = material.books.titles.get(fact.agency, fact.agency)
            sections = "; ".join(f"{section}: {grade}" for section, grade in fact.sections.items())
            said = (sections, fact.by, each.envelope.occurred, _text(texts, fact.finding))
            scores[fact.agency] = (name, fact.grade, *said)
    if scores:
        columns = ("agency", "grade", "sections", "by whom", "when", "finding")
        yield listing("agencies", "How other agencies scored it, each for itself", columns, scores.values())


def _voices(history: Sequence[Recorded], texts: Texts) -> Table:
    rows: list[tuple[object, ...]] = []
    for each in history:
        match each.fact:
            case FeedbackRecorded() as fact:
                said = _text(texts, fact.feedback)
                rows.append((SOURCES[fact.source], OUTCOMES[fact.outcome], each.envelope.occurred, said))
            case ReflectionRecorded() as fact:
                rows.append(("the practitioner", "reflected", each.envelope.occurred, _text(texts, fact.reflection)))
            case MeetingRecorded() as fact:
                rows.append(
                    ("the practitioner", "met the auditor", each.envelope.occurred, _text(texts, fact.override))
                )
    columns = ("whose", "what came of it", "when", "in their words")
    note = "" if rows else "Nothing is on record of the child's, the family's or the practitioner's voice."
    return listing("voices", "The child's, the family's and the practitioner's", columns, rows, note)


def _answers(material: Material, history: Sequence[Recorded], texts: Texts) -> Table:
    titles = material.books.titles
    rows = [
        (titles.get(f"?{answer.question}", answer.question), each.fact.asked_at, _said(answer, texts))
        for each in history
        if isinstance(each.fact, AuditAnswered)
        for answer in each.fact.answers
    ]
    return listing("answers", "What was answered", ("question", "asked at", "answer"), rows)


def _said(answer: Answer, texts: Texts) -> str:
    return "; ".join(filter(None, (", ".join(answer.plain), _text(texts, answer.text))))


def _text(texts: Texts, sealed: str | None) -> str | None:
    return None if sealed is None else texts[sealed]
