"""What each view looks like on a screen: its columns, in the order in which a QA manager reads them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from services.clock import day_in_words
from services.modules import kinds
from workers.asking.texts import field_of
from workers.asking.words import in_words, people
from workers.cli.reading import Unseal
from workers.cli.tables import Column, words

if TYPE_CHECKING:
    from projections.action_tracker import ActionRow
    from projections.escalation_queue import EscalationRow
    from projections.grade_changes import GradeChange, GradeSummary
    from projections.notices import Notice
    from projections.register import RegisterRow
    from projections.timeline import TimelineEntry

RESOLVED = {"discharged": "met", "withdrawn": "fell away", "resolved": "resolved"}
"""How an escalation ended, as it is stored, in the words that are used of what was owed."""


def moderation_in_words(summary: "GradeSummary") -> str:
    """What moderation did, audits and sections counted apart."""
    odd = f", {summary.otherwise} otherwise" if summary.otherwise else ""
    audits = "audit" if summary.moderated == 1 else "audits"
    said = (
        f"{summary.moderated} {audits} moderated: overall grade confirmed in {summary.confirmed}, "
        f"raised in {summary.raised}, lowered in {summary.lowered}{odd}"
    )
    if not summary.sections:
        return said
    odd = f", {summary.sections_otherwise} otherwise" if summary.sections_otherwise else ""
    grades = "grade" if summary.sections == 1 else "grades"
    return (
        f"{said}; {summary.sections} section {grades} changed: "
        f"{summary.sections_raised} raised, {summary.sections_lowered} lowered{odd}"
    )


def register_columns() -> list[Column]:
    """The audit register."""
    return [
        ("audit", lambda row: row.audit),
        ("child", lambda row: row.child),
        ("team", lambda row: row.team),
        ("auditor", lambda row: row.auditor),
        ("allocated", lambda row: row.allocated_on),
        ("due", lambda row: row.due),
        ("returned", _returned),
        ("grade by auditor", lambda row: row.grade_by_auditor),
        ("final grade", lambda row: row.final_grade),
        ("stage", lambda row: row.stage),
    ]


def _returned(row: "RegisterRow") -> Any:
    if row.returned_on is None:
        return standing_still(row.stands_since, row.stands_because) or ("overdue" if row.late else None)
    return f"{words(row.returned_on)}{' (late)' if row.late else ''}"


def action_columns(unseal: Unseal, titles: Mapping[str, str]) -> list[Column]:
    """The action tracker."""
    return [
        ("audit", lambda row: row.audit),
        ("action", lambda row: unseal(row.text, "action.text")),
        ("level", lambda row: f"{row.level}, {row.priority}" if row.priority else row.level),
        ("owner", lambda row: " and ".join(titles.get(each, each) for each in (row.owner, *row.jointly))),
        ("due", _action_due),
        ("overdue since", lambda row: standing_still(row.stands_since, row.stands_because) or row.overdue_since),
        ("completed", lambda row: row.completed_on),
        ("impact", lambda row: unseal(row.impact, "action.impact")),
        ("confirmed by", lambda row: _confirmed(row, titles)),
    ]


def _action_due(row: "ActionRow") -> Any:
    return f"{words(row.due)} (agreed later)" if row.due and row.redated else row.due_at or row.due


def _confirmed(row: "ActionRow", titles: Mapping[str, str]) -> Any:
    if row.confirmed_on is None:
        return None
    return f"{row.confirmed_by}, {titles.get(row.confirmed_as or '', row.confirmed_as)}, {words(row.confirmed_on)}"


def grade_change_columns(unseal: Unseal, titles: Mapping[str, str]) -> list[Column]:
    """The grade changes made by moderators."""
    return [
        ("audit", lambda row: row.audit),
        ("what", lambda row: row.section or "overall"),
        ("from", lambda row: row.from_grade),
        ("to", lambda row: row.to_grade),
        ("direction", _direction),
        ("by", lambda row: f"{row.moderator}, {titles.get(row.role, row.role)}"),
        ("when", lambda row: row.occurred),
        ("recorded", lambda row: row.recorded),
        ("rationale", lambda row: unseal(row.rationale, "audit.rationale")),
    ]


def _direction(row: "GradeChange") -> str:
    return f"{row.direction} by {row.steps}" if row.steps else row.direction


def escalation_columns(titles: Mapping[str, str]) -> list[Column]:
    """The escalation queue."""
    return [
        ("level", lambda row: row.level),
        ("about", lambda row: row.audit or kinds().called(row.about)),
        ("what", lambda row: row.title),
        ("to", lambda row: people(row.recipients, titles)),
        ("due", lambda row: row.due),
        ("raised", _raised),
        ("acknowledged", _acknowledged),
        ("resolved", _resolved),
    ]


def _raised(row: "EscalationRow") -> str:
    if row.reconstructed:
        return "from history"
    return "late" if row.late else "in time"


def _acknowledged(row: "EscalationRow") -> Any:
    return f"{day_in_words(row.acknowledged_at)} by {row.acknowledged_by}" if row.acknowledged_at else None


def _resolved(row: "EscalationRow") -> str:
    return f"{day_in_words(row.resolved_at)}, {RESOLVED[row.how]}" if row.resolved_at and row.how else "open"


def notice_columns(titles: Mapping[str, str]) -> list[Column]:
    """Everything that was sent."""
    return [
        ("due", lambda row: row.due),
        ("kind", lambda row: row.kind),
        ("about", lambda row: row.audit or kinds().called(row.about)),
        ("team", lambda row: row.team),
        ("what", lambda row: row.title),
        ("to", lambda row: people(row.recipients, titles)),
        ("sent", _sent),
    ]


def _sent(row: "Notice") -> Any:
    if row.reconstructed:
        return "from history"
    return f"{words(row.sent_at)}{' (late)' if row.late else ''}"


def timeline_columns(unseal: Unseal, titles: Mapping[str, str]) -> list[Column]:
    """Every event, with its texts opened."""
    return [
        ("when", lambda row: row.occurred),
        ("who", lambda row: f"{row.actor}, {titles.get(row.role, row.role)}{_doubt(row)}"),
        ("what", lambda row: in_words(row.sentence, titles)),
        ("in their words", lambda row: _texts(row, unseal)),
    ]


def _doubt(row: "TimelineEntry") -> str:
    """What of the act nobody could check against the directory."""
    named = row.unverified.replace("_", " ").replace(",", ", ")
    return f" (unverified: {named})" if named else ""


def _texts(row: "TimelineEntry", unseal: Unseal) -> str:
    return "; ".join(f"{name.replace('_', ' ')}: {text}" for name, text in opened(row, unseal).items())


def opened(row: "TimelineEntry", unseal: Unseal) -> dict[str, str | None]:
    """The texts of an event by the names of their fields."""
    return {name: unseal(text, field_of(row, name)) for name, text in row.sealed.items()}


def owed_columns(titles: Mapping[str, str]) -> list[Column]:
    """What is owed, by whom and by when."""
    return [
        ("due", lambda row: row["due_at"] or row["due"]),
        ("about", lambda row: row["audit"] or kinds().called(row["about"])),
        ("what", lambda row: row["title"]),
        ("item", lambda row: row["key"]),
        ("owed by", lambda row: "; ".join(people_of(row, titles))),
        ("state", _owed_state),
    ]


def _owed_state(row: Mapping[str, Any]) -> Any:
    return standing_still(row["stands_since"], row["stands_because"]) or row["state"]


def standing_still(since: Any, because: str | None) -> str | None:
    """How a clock is told that stands still; None of one that runs."""
    return None if since is None else f"stands still since {day_in_words(since)} because of {because}"


def people_of(row: Mapping[str, Any], titles: Mapping[str, str]) -> list[str]:
    """Who owes it."""
    return [people([each], titles) for each in row["owners"]]
