"""Part 2: what was planned against what was made, by service and team, with each gap and its reason."""

from collections.abc import Iterable, Iterator

from events.audits import AuditExempted
from events.recorded import Recorded
from projections.happened import every_event, named_of_kind
from projections.register import RegisterRow
from services.clock import day_in_words
from services.programme.activities import gather
from services.programme.owed import Asked, TaskRow, tasks
from services.rounds.state import Round
from workers.asking.words import in_words
from workers.pack.material import Material, Page
from workers.pack.tables import crossed, listing
from workers.reports.page import Note, Section, Table

NUMBER, NAME, TITLE = 2, "coverage", "Coverage: planned against made"

STANDS = ("returned", "not due yet", "overdue", "exempted", "voided")
TOOK_BACK = {"voided": "voided: it was selected in error", "exempted": "exempted"}


def pages(material: Material) -> Iterator[Page]:
    """One page: by service and team, the gaps with their reasons, the rounds, and the programme's tasks."""
    given = [row for row in material.audits if material.question.holds(row.allocated_on)]
    by_service = [(material.service(row.team), stands(row), f"audit/{row.audit}") for row in given]
    by_team = [(row.team, stands(row), f"audit/{row.audit}") for row in given]
    audits = (
        Note(text="Audits that were given out in the window, by what became of them."),
        crossed("services", "By service", "service", STANDS, by_service),
        crossed("teams", "By team", "team", STANDS, by_team),
        listing(
            "gaps", "Gaps, and their reasons", ("audit", "team", "service", "given", "due", "reason"), gaps(material)
        ),
    )
    yield Page(
        "coverage",
        TITLE,
        (
            Section(key="audits", title="Audits", blocks=audits),
            Section(key="rounds", title="Rounds of auditing", blocks=(rounds(material),)),
            Section(key="programme", title="The programme's tasks", blocks=(programme(material),)),
        ),
    )


def stands(row: RegisterRow) -> str:
    """What became of an audit that was given out."""
    if row.stage in TOOK_BACK:
        return str(row.stage)
    if row.returned_on is not None:
        return "returned"
    return "overdue" if row.late else "not due yet"


def gaps(material: Material) -> Iterator[tuple[object, ...]]:
    """Each audit of the window that was planned and not made, with the reason as far as anything says one."""
    for row, history in material.histories():
        became = stands(row)
        if material.question.holds(row.allocated_on) and became not in {"returned", "not due yet"}:
            yield row.audit, row.team, material.service(row.team), row.allocated_on, row.due, _reason(row, history)


def _reason(row: RegisterRow, history: Iterable[Recorded]) -> str:
    for each in history:
        if isinstance(each.fact, AuditExempted):
            return f"exempted: {each.fact.ground}"
    if row.stage in TOOK_BACK:
        return TOOK_BACK[str(row.stage)]
    return f"not returned; overdue since {day_in_words(row.due)}" if row.due else "not returned"


def rounds(material: Material) -> Table:
    """Each round that touches the window: what was drawn, given out and counted."""
    books, question = material.books, material.question
    found = []
    for name in named_of_kind(books.source, books.authority, "round"):
        state = Round.of(books.events([name]))
        held = state.scheduled
        if held is None or held.ends < question.first or held.starts > question.last:
            continue
        drawn = sum(len(each.chosen) for each in state.draws.values())
        found.append(
            (
                name.partition("/")[2],
                held.theme,
                held.services,
                held.starts,
                held.ends,
                drawn,
                len(state.given),
                len(state.counted),
            )
        )
    columns = ("round", "theme", "services", "starts", "ends", "drawn", "given out", "counted")
    return listing("rounds", "Planned, drawn, given out and counted", columns, found)


def programme(material: Material) -> Table:
    """Each task that fell due in the window: how much of it was done, and why not where somebody said so."""
    books, question = material.books, material.question
    last = min(question.last, books.today)
    asked = Asked(question.first, last, books.today)
    rows = []
    if question.first <= last:
        held = gather(every_event(books.source, books.authority))
        rows = tasks(books.policies, books.directory, held, asked)
    columns = ("task", "by whom", "where", "about", "due", "done", "of", "how it stands", "reason")
    return listing("tasks", "Tasks that fell due", columns, (_task(material, row) for row in rows))


def _task(material: Material, row: TaskRow) -> tuple[object, ...]:
    titles = material.books.titles
    return (
        in_words(row.title, titles),
        material.books.role(row.role),
        row.unit,
        row.about,
        row.due,
        str(row.done),
        str(row.needed),
        row.state,
        row.ground,
    )
