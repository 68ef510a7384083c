"""Lists that a database cuts: all parts are the list, and a part costs what it shows, however long the list is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Engine, event

from events.actions import ActionRedated, ActionSet
from events.base import Fact
from events.cases import CaseListClosed, CaseListOpened, CasesListed, ListedCase
from events.deliveries import DeliveryAttempted, Told
from events.errors import Refused
from events.reads import OpenedRecord, TextsOpened
from events.recorded import Recorded
from events.registers import EntryRecorded, EntryStepped
from events.rounds import RoundScheduled
from projections.action_tracker import actions
from projections.case_lists import case_lists
from projections.cut import Cut, Part
from projections.deliveries import deliveries
from projections.entries import entries
from projections.escalation_queue import escalations
from projections.grade_changes import grade_changes
from projections.notices import notices
from projections.reads import reads
from projections.register import register
from projections.rounds import rounds
from projections.store import open_store
from projections.timeline import audit_timeline
from tests.histories import TORBAY, allocated, history, months_of_auditing, sealed
from tests.projections.views import SCALES, kept

List = Callable[[Engine, Cut], Part[Any]]

DAY = date(2026, 1, 1)
LISTS: dict[str, tuple[str, List]] = {
    "register": ("register", lambda db, cut: register(db, TORBAY, cut=cut)),
    "register of a team": ("register", lambda db, cut: register(db, TORBAY, cut=cut, team="T-1")),
    "actions": ("actions", lambda db, cut: actions(db, TORBAY, cut=cut)),
    "open actions": ("actions", lambda db, cut: actions(db, TORBAY, cut=cut, state="open")),
    "actions of an owner": ("actions", lambda db, cut: actions(db, TORBAY, cut=cut, owner="P-J")),
    "escalations": ("escalations", lambda db, cut: escalations(db, TORBAY, cut=cut)),
    "notices": ("notices", lambda db, cut: notices(db, TORBAY, cut=cut)),
    "grade changes": ("grade-changes", lambda db, cut: grade_changes(db, TORBAY, SCALES, cut=cut)),
    "lowered grades": (
        "grade-changes",
        lambda db, cut: grade_changes(db, TORBAY, SCALES, cut=cut, direction="lowered"),
    ),
    "timeline": ("timeline", lambda db, cut: audit_timeline(db, TORBAY, "A-1", cut)),
    "deliveries": ("deliveries", lambda db, cut: deliveries(db, TORBAY, cut=cut)),
    "deliveries about one": ("deliveries", lambda db, cut: deliveries(db, TORBAY, cut=cut, about="audit/A-1")),
    "reads": ("timeline", lambda db, cut: reads(db, TORBAY, cut=cut)),
    "reads of one": ("timeline", lambda db, cut: reads(db, TORBAY, cut=cut, record="audit/A-1")),
    "entries": ("timeline", lambda db, cut: entries(db, TORBAY, cut=cut)),
    "entries of a kind": ("timeline", lambda db, cut: entries(db, TORBAY, cut=cut, kind="observation")),
    "rounds": ("rounds", lambda db, cut: rounds(db, TORBAY, cut=cut)),
    "case lists": ("case-lists", lambda db, cut: case_lists(db, TORBAY, cut=cut)),
}


def facts(audits: int) -> Iterator[tuple[str, Fact]]:
    """Months of auditing, with something of whatever else there is a list of for each audit."""
    yield from months_of_auditing(audits)
    for number in range(audits):
        step = f"A-{number}"
        joint = ("P-J",) if number % 2 else ()
        set_at = {"text": sealed(), "owner": "P-1", "jointly": joint, "stage": "audit"}
        yield f"audit/{step}", ActionSet(action="X-2", due=None, **set_at)
        yield f"audit/{step}", ActionSet(action="X-3", due=DAY + timedelta(days=number % 5), **set_at)
        told = (Told(about=f"audit/A-{number % 2}", notice=f"n{number}.0"),)
        sent = {"role": "Auditor", "kind": "reminder", "obligation": "return", "step": "one", "told": told}
        yield f"delivery/D-{number}", DeliveryAttempted(recipient="P-1", number=1, transport="folder", **sent)
        opened = tuple(OpenedRecord(record=f"audit/A-{each}", fields=("audit.rationale",)) for each in range(3))
        yield f"reads/R-{number}", TextsOpened(door="cli", opened=opened)
        kind = "observation" if number % 2 else "dip"
        yield f"entry/E-{number}", EntryRecorded(kind=kind, on=DAY + timedelta(days=number // 2), holder="P-1")
        yield f"entry/E-{number}", EntryStepped(kind=kind, step="told", on=DAY + timedelta(days=9), holder="P-1")
        yield f"cases/L-{number}", CaseListOpened(file_hash="f", kind="plain", as_of=DAY)
        listed = ListedCase(child=f"C-{number}", number=sealed(), service="S-1")
        yield f"cases/L-{number}", CasesListed(cases=(listed,))
        yield f"cases/L-{number}", CaseListClosed(taken=1, left_out=0)
        begins = DAY + timedelta(days=number)
        yield f"round/R-{number}", RoundScheduled(kind="core", name="R", services=("S-1",), starts=begins, ends=begins)


def filled(engine: Engine, audits: int) -> Engine:
    found: list[Recorded] = history(facts(audits))
    for view in dict.fromkeys(view for view, _ in LISTS.values()):
        kept(engine, view, found)
    return engine


def walked(listed: List, engine: Engine, limit: int) -> list[Any]:
    found: list[Any] = []
    after = None
    for _ in count():
        part = listed(engine, Cut(limit, after))
        assert len(part) <= limit
        found += part
        if part.place is None:
            return found
        assert len(part) == limit
        after = part.place
    raise AssertionError


def test_all_parts_are_the_list(engine: Engine) -> None:
    """On either database, in the same order, each row once: also what lacks a day, or is one of several of an event."""
    filled(engine, 9)
    lengths = {}
    for name, (_, listed) in LISTS.items():
        whole = listed(engine, Cut())
        assert whole.place is None
        for limit in (1, 2, 5):
            assert walked(listed, engine, limit) == whole, (name, limit)
        lengths[name] = len(whole)
    assert min(lengths.values()) > 0
    assert lengths["actions"] == 27
    assert lengths["reads"] == 27
    assert lengths["deliveries about one"] == 4


@contextmanager
def spent(engine: Engine) -> Iterator[list[int]]:
    """How many rows SQLite gives, and how many steps of its machine it takes."""
    found = [0, 0]

    def row(_cursor: Any, values: tuple[Any, ...]) -> tuple[Any, ...]:
        found[0] += 1
        return values

    def step() -> int:
        found[1] += 1
        return 0

    def watched(connection: Any, *_: Any) -> None:
        connection.row_factory = row
        connection.set_progress_handler(step, 1)

    event.listen(engine, "connect", watched)
    engine.dispose()
    try:
        yield found
    finally:
        event.remove(engine, "connect", watched)
        engine.dispose()


def test_a_whole_list_is_one_statement(engine: Engine) -> None:
    """The actions with a day and those without are read together: they are one state of the list, in its order."""
    filled(engine, 3)
    asked: list[str] = []

    def noted(_db: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", noted)
    whole = actions(engine, TORBAY)
    event.remove(engine, "before_cursor_execute", noted)
    assert len([each for each in asked if "action_tracker" in each or "FROM actions" in each]) == 1, asked
    days = [each.due for each in whole]
    assert None in days
    assert days == sorted(days, key=lambda day: (day is None, day or date.min))


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, Engine]]:
    """Some history, and ten times as much."""
    folder = tmp_path_factory.mktemp("cut")
    engines = [filled(open_store(f"sqlite:///{folder}/{audits}.db"), audits) for audits in (12, 120)]
    yield engines[0], engines[1]
    for each in engines:
        each.dispose()


SCANNED = {"register of a team", "actions of an owner", "deliveries about one", "open actions"}
"""The database looks through more where more is to be left out: it is asked for by what nothing is sorted by."""


@pytest.mark.parametrize("name", LISTS)
def test_a_part_costs_what_it_shows(name: str, grown: tuple[Engine, Engine]) -> None:
    """The first page and the one behind it, of ten times the history: as many rows fetched, and the database's work."""
    costs = []
    for engine in grown:
        _, listed = LISTS[name]
        part = listed(engine, Cut(2))
        with spent(engine) as found:
            listed(engine, Cut(2))
            listed(engine, Cut(2, part.place))
        costs.append(found)
    (rows, steps), (more_rows, more_steps) = costs
    assert more_rows <= rows + 1
    assert name in SCANNED or more_steps < 1.5 * steps


def test_what_moves_between_two_parts(engine: Engine) -> None:
    """Whose key stays is told once, whatever came in or went; what moved is told again, or not any more."""
    dues = [DAY + timedelta(days=number) for number in range(6)]
    told = [allocated(), *(_action(f"X-{number}", due) for number, due in enumerate(dues))]
    moved = [
        ActionRedated(action="X-1", due=DAY + timedelta(days=40), agreed_by="P-2", reason=sealed()),
        _action("X-8", DAY),
        _action("X-9", dues[5]),
    ]
    events = history([*told, *moved])
    kept(engine, "actions", events[: len(told)])
    first = actions(engine, TORBAY, cut=Cut(2))
    kept(engine, "actions", events[len(told) :])
    rest = actions(engine, TORBAY, cut=Cut(10, first.place))
    assert [row.action for row in first] == ["X-0", "X-1"]
    assert [row.action for row in rest] == ["X-2", "X-3", "X-4", "X-5", "X-9", "X-1"]


def _action(name: str, due: date) -> ActionSet:
    return ActionSet(action=name, text=sealed(), owner="P-1", due=due, stage="audit")


@pytest.mark.parametrize(
    "place", [[], ["x", "audit/A-1"], [1, "audit/A-1"], [None, "audit/A-1"], ["2026-01-01T00:00:00+00:00", 3],
              ["2026-01-01T00:00:00+00:00", "audit/A-1", "x"], ["2026-01-01T00:00:00+00:00", "audit/A-1", 0, 0]]
)  # fmt: skip
def test_what_is_no_place(place: list[Any], sqlite: Engine) -> None:
    """It is said, and never taken for the beginning or the end."""
    filled(sqlite, 1)
    with pytest.raises(Refused, match="after: names no place"):
        register(sqlite, TORBAY, cut=Cut(2, place))
