"""Part 5: what was to be done after the audits, whether it was, and what it changed for the child."""

from collections.abc import Iterator, Sequence

from events.escalations import NoticeSent
from events.recorded import Recorded
from projections.action_tracker import ActionRow, actions
from services.clock import instant_in_words
from services.texts.asking import Sealed
from workers.pack.material import Material, Page
from workers.pack.tables import crossed, listing
from workers.reports.page import Section

NUMBER, NAME, TITLE = 5, "actions", "Actions, and what they changed"

CONFIRMED = "confirmed, day not said"
"""Somebody confirmed it, and nobody had said when it was done: whether that was in time is not known."""

STATES = ("done in time", "done late", "done, no day was set", CONFIRMED, "open", "overdue", "withdrawn")
COLUMNS = (
    "action",
    "audit",
    "level",
    "what",
    "owner",
    "set",
    "due",
    "dates agreed later",
    "done",
    "how it stands",
    "what it changed for the child",
    "confirmed",
    "by whom",
    "auditor told",
)


def pages(material: Material) -> Iterator[Page]:
    """One page: how many were done in time, and each action with what difference it made."""
    books = material.books
    audits = {row.audit: row for row in material.audits}
    held = actions(books.source, books.authority, as_of=books.today)
    rows = [row for row in held if row.kind is None and row.audit in audits]
    asked = [Sealed(f"audit/{row.audit}", "action.text", row.text, row.action) for row in rows]
    asked += [Sealed(f"audit/{row.audit}", "action.impact", row.impact, row.action) for row in rows if row.impact]
    texts = books.opened(asked) if asked else {}
    told = _told(material)
    listed = (
        (
            row.action,
            row.audit,
            row.level,
            texts[row.text],
            " and ".join(books.titles.get(each, each) for each in (row.owner, *row.jointly)),
            row.set_on,
            row.due if row.due_at is None else instant_in_words(row.due_at),
            str(row.redated),
            row.completed_on,
            stands(row),
            texts[row.impact] if row.impact else None,
            row.confirmed_on,
            row.confirmed_by and f"{row.confirmed_by}, {books.role(row.confirmed_as or '')}",
            told.get((row.audit, row.action)),
        )
        for row in rows
    )
    placed = [(row.level, stands(row), f"audit/{row.audit}") for row in rows]
    of_service = [(material.service(row.team or ""), stands(row), f"audit/{row.audit}") for row in rows]
    blocks = (
        crossed("levels", "By level", "level", STATES, placed),
        crossed("services", "By service", "service", STATES, of_service),
        listing("actions", "Each action", COLUMNS, listed),
    )
    yield Page("actions", TITLE, (Section(key="actions", title=TITLE, blocks=blocks),))


def stands(row: ActionRow) -> str:
    """How an action stands, and whether it was in time."""
    if row.state == "withdrawn":
        return "withdrawn"
    if row.state == "open":
        return "overdue" if row.overdue_since else "open"
    if row.completed_on is None:
        return CONFIRMED
    if row.due is None:
        return "done, no day was set"
    return "done late" if row.late else "done in time"


def _told(material: Material) -> dict[tuple[str, str], object]:
    """When the auditor was last sent word of an action, by audit and action; what was reconstructed told nobody."""
    found: dict[tuple[str, str], object] = {}
    for row, history in material.histories():
        for event in _notices(history, row.auditor):
            found[row.audit, event.fact.key] = event.envelope.occurred  # type: ignore[attr-defined]  # a notice
    return found


def _notices(history: Sequence[Recorded], auditor: str) -> Iterator[Recorded]:
    for event in history:
        match event.fact:
            case NoticeSent(reconstructed=False, key=key, recipients=told) if key and any(
                auditor == each.holder for each in told
            ):
                yield event
