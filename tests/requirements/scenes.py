"""What the tests of an authority's own requirements share."""

from datetime import date
from typing import Any

from events.base import Fact
from events.errors import Refused, SightlineError
from services.directory.state import DIRECTORY, fold_directory
from services.obligations.engine import obligations
from services.obligations.model import Obligation
from services.programme.activities import gather
from services.programme.owed import Asked, TaskRow
from services.programme.reports import report_rows
from tests.desks import SHIPPED, TestDesk
from tests.lives import Life, Line, people

FORMS = {name: policies.newest.tool for name, policies in SHIPPED.items()}


def titles(authority: str) -> set[str]:
    """The posts and groups of a framework in its own words."""
    return {role.title for role in SHIPPED[authority].newest.roles.values()}


def desk_of(authority: str, *lines: Line) -> TestDesk:
    """A desk with the directory of the authority, which has carried out the lines."""
    desk = TestDesk(authority)
    desk.do(*people(authority), *lines)
    return desk


def last_fact(desk: TestDesk, audit: str = "A-1") -> Fact:
    return desk.history(audit)[-1].fact


def refusal(desk: TestDesk, line: Line) -> str:
    """The field that a command is refused for; empty if it is taken."""
    try:
        desk.do(line)
    except Refused as refused:
        return refused.field
    except SightlineError as error:
        return type(error).__name__
    return ""


def may(life: Life, command: str, at: str, roles: dict[str, str], **fields: object) -> set[str]:
    """The roles, each with its person, that may carry out a command on this audit."""
    found = set()
    for role, person in roles.items():
        desk = desk_of(life.authority, *life)
        [line] = Life(life.authority, life.audit).act(command, at, person, role, **fields)
        if not refusal(desk, line):
            found.add(role)
    return found


def owed_now(desk: TestDesk, name: str, audit: str = "A-1") -> list[Obligation]:
    """The obligations of that name that still stand."""
    found = obligations(desk.history(audit), desk.policies)
    return [each for each in found if each.name == name and each.ended() is None]


def reports_owed(desk: TestDesk, due: str, today: str) -> list[TaskRow]:
    """The reports that fall due on one day, as they stand on another."""
    streams: dict[str, Any] = desk.store.streams  # type: ignore[attr-defined]  # the store in memory
    activities = gather(each for history in streams.values() for each in history)
    day = date.fromisoformat(due)
    asked = Asked(day, day, date.fromisoformat(today))
    return report_rows(desk.policies, fold_directory(desk.store.load(DIRECTORY)), activities, asked)
