"""What the tests of programme tasks share: a desk in East Sussex, and the question what is owed."""

from datetime import date
from typing import Any

from services.directory.state import DIRECTORY, fold_directory
from services.policy.versions import Policies
from services.programme.activities import gather
from services.programme.owed import Asked, TaskRow, tasks
from tests.desks import TestDesk
from tests.given import Scene, given
from tests.lives import QA, Life, Line, people

ESX = "east-sussex"


def desk_in_east_sussex(policies: Policies | None = None) -> Scene:
    """A desk whose directory holds one service with two teams, and a second one with one team."""
    return given(
        *people(ESX),
        placed("S-2", "service"),
        placed("T-9", "team", "S-2"),
        appointed("P-OM2", "operations_manager", "S-2"),
        authority=ESX,
        policies=policies,
    )


def placed(unit: str, kind: str, parent: str | None = None, at: str = "2025-09-01") -> Line:
    head = {"command": "unit.place", "authority": ESX, **QA, "at": at, "unit": unit, "kind": kind}
    return head | ({"parent": parent} if parent else {})


def appointed(person: str, post: str, unit: str | None = None, at: str = "2025-09-01") -> Line:
    head = {"command": "person.appoint", "authority": ESX, **QA, "at": at}
    return {**head, "person": person, "post": post, "unit": unit}


def activity(task: str, on: str, actor: str = "P-QA", role: str = "qa_team", **fields: Any) -> Line:
    head = {"command": "duty.record", "authority": ESX, "actor": actor, "role": role, "at": on}
    return {**head, "duty": task, "on": on, **fields}


def skipped(task: str, on: str, about: str, ground: str = "no open case") -> Line:
    head = {"command": "duty.skip", "authority": ESX, **QA, "at": on}
    return {**head, "duty": task, "on": on, "about": about, "ground": ground}


def audited(audit: str, kind: str, on: str, auditor: str, **fields: Any) -> Life:
    """An audit of that type, allocated and returned on one day."""
    life = Life(ESX, audit, child=f"C-{audit}", auditor=auditor)
    return life.allocated(on, audit_type=kind, **fields).submitted(on)


def owed(desk: TestDesk, first: str, last: str, today: str, *names: str) -> list[TaskRow]:
    """What is due between two days as it stands on a third; of the named tasks, or of all."""
    streams: dict[str, Any] = desk.store.streams  # type: ignore[attr-defined]  # the store in memory
    activities = gather(each for history in streams.values() for each in history)
    directory = fold_directory(desk.store.load(DIRECTORY))
    asked = Asked(*(date.fromisoformat(each) for each in (first, last, today)))
    return [row for row in tasks(desk.policies, directory, activities, asked) if not names or row.task in names]


MONTHS = ("04-30", "05-31", "06-30", "07-31", "08-31", "09-30", "10-31", "11-30", "12-31", "01-31", "02-28", "03-31")
LASTING = {"calendar year": 12, "month": 1, "two months": 2, "quarter": 3, "third": 4, "half year": 6, "year": 12}


def ends_of(every: str) -> list[str]:
    """The last days of the periods of that length in the year that begins in April 2026."""
    if every == "calendar year":
        return ["2026-12-31"]
    last = MONTHS[LASTING[every] - 1 :: LASTING[every]]
    return [f"{2027 if each < '04' else 2026}-{each}" for each in last]


def begin_of(every: str, end: str) -> str:
    """The first day of the period of that length with that last day."""
    years, month = divmod(int(end[:4]) * 12 + int(end[5:7]) - LASTING[every], 12)
    return f"{years}-{month + 1:02}-01"


def counted(rows: list[TaskRow]) -> dict[tuple[str | None, str], str]:
    """The rows by whom they are about and when they are due, with what was done and where it stands."""
    return {(row.about, row.due.isoformat()): f"{row.done} of {row.needed}, {row.state}" for row in rows}
