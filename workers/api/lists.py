"""Lists that no one view holds: what is overdue across everything, what each has in hand, and the programme.

They are worked out on asking, of what the views keep, and told page by page in the order that the command line gives.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import orjson
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from events.errors import Refused
from projections.moments import Moment
from projections.timeline import SHAPE as TIMELINE
from projections.workload import InHand
from services.clock import local_date
from services.programme.owed import TaskRow
from workers.api.callers import Reception
from workers.api.cursors import Cursors
from workers.api.describing import DAY, REFERENCE
from workers.api.describing_lists import list_operation
from workers.api.past import AS_AT, AS_KNOWN, day_from, moment_from, system_at
from workers.api.references import valid_reference
from workers.api.routes import Route, Serve
from workers.api.views import JSON, LARGEST_PAGE, USUAL_PAGE, limit_from, once, require_options
from workers.api.waiting import PARAMETER, position_from, wait_for
from workers.asking.activities import VIEW as ACTIVITIES
from workers.asking.overdue import VIEWS as OF_OVERDUE
from workers.asking.overdue import Overdue, overdue
from workers.asking.pages import Mark, page
from workers.asking.programme import task_rows
from workers.asking.workload import VIEWS as OF_WORKLOAD
from workers.asking.workload import workload
from workers.doors.office import Office
from workers.system import System

OPTIONS = (PARAMETER, "limit", "cursor", AS_AT, AS_KNOWN)

Filters = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Listed:
    """A list: what it tells, the views that it reads, by what it is asked for, and how its rows are worked out."""

    name: str
    said: str
    views: tuple[str, ...]
    filters: Mapping[str, tuple[Mapping[str, Any], str]]
    row: type[Any]
    work_out: Callable[[System, str, Filters], Sequence[Any]]

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        """What makes JSON of a row."""
        return TypeAdapter(self.row)


def _overdue(system: System, authority: str, asked: Filters) -> list[Overdue]:
    on = local_date(system.clock())
    return overdue(system, authority, on, person=asked.get("person"), team=asked.get("team"))


def _workload(system: System, authority: str, asked: Filters) -> list[InHand]:
    return workload(system, authority, asked.get("person"))


def _programme(system: System, authority: str, asked: Filters) -> list[TaskRow]:
    return task_rows(system, authority, first=asked.get("from"), last=asked.get("to"), role=asked.get("role"))


PERSON = {"person": (REFERENCE, "Only what this person, or this group of the policy, has to do.")}
LISTS = (
    Listed(
        "overdue",
        "What is overdue across everything: whose it is, since when, about what, and what happens next.",
        OF_OVERDUE,
        {**PERSON, "team": (REFERENCE, "Only what is about this team.")},
        Overdue,
        _overdue,
    ),
    Listed(
        "workload",
        "What each has in hand: audits to return and to moderate, actions, and this month's tasks.",
        OF_WORKLOAD,
        PERSON,
        InHand,
        _workload,
    ),
    Listed(
        "programme",
        "The programme's tasks of each month, quarter or year that fall due in a window: done, open or overdue.",
        (ACTIVITIES,),
        {
            "from": (DAY, "Due on this date or later; else from the year's first day."),
            "to": (DAY, "Due on this date or earlier; else by the end of this month."),
            "role": ({"type": "string", "maxLength": 200}, "Only what this role owes."),
        },
        TaskRow,
        _programme,
    ),
)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a list."""

    authority: str
    filters: Filters
    position: int | None
    limit: int
    cursor: str | None
    moment: Moment | None

    @property
    def name(self) -> str:
        """What tells this question from any other: a cursor belongs to one."""
        asked = orjson.dumps(dict(self.filters), option=orjson.OPT_SORT_KEYS).decode()
        return f"{self.authority} {asked} {self.moment.name if self.moment else ''}"


def list_routes(office: Office, reception: Reception) -> Iterator[Route]:
    """A route for each list."""
    cursors = Cursors(office.master)
    for each in LISTS:
        operation = list_operation(each.name, each.said, each.filters)
        yield Route(
            each.name, "GET", f"/v1/{{authority}}/{each.name}", _list(office, reception, cursors, each), operation
        )


def _list(office: Office, reception: Reception, cursors: Cursors, listed: Listed) -> Serve:
    async def serve(request: Request) -> Response:
        await reception.reader(request)
        question = _question(office.system, request.path_params["authority"], once(request), listed)
        for view in listed.views if question.moment is None else (TIMELINE.name,):  # from which every past is made
            await wait_for(office, question.authority, view, question.position)
        return await office.ask(_page, office, cursors, listed, question)

    return serve


def _question(system: System, authority: str, options: dict[str, str], listed: Listed) -> Question:
    """Refused, naming it, for what is no option, and for a value that is none of its kind."""
    filters = {name: _filter(name, options.pop(name), listed) for name in listed.filters if name in options}
    require_options(options, (*listed.filters, *OPTIONS))
    position, moment = position_from(options.get(PARAMETER)), moment_from(options, system)
    limit = limit_from(options.get("limit"), USUAL_PAGE, LARGEST_PAGE)
    return Question(authority, filters, position, limit, options.get("cursor"), moment)


def _filter(name: str, written: str, listed: Listed) -> str | date:
    schema, _ = listed.filters[name]
    if schema is DAY:
        return day_from(name, written)
    if schema is REFERENCE:
        return valid_reference(name, written)
    if not 0 < len(written) <= schema["maxLength"]:
        raise Refused(name, f"must be a text of 1 to {schema['maxLength']} characters")
    return written


def _page(office: Office, cursors: Cursors, listed: Listed, question: Question) -> Response:
    asked = f"{listed.name} {question.name}"
    after = None if question.cursor is None else _mark(cursors.open(question.cursor, asked))
    with system_at(office.system, question.authority, listed.views, question.moment) as (system, headers):
        rows = listed.work_out(system, question.authority, question.filters)
        part = page(rows, question.limit, after, field="cursor")
        following = None if part.mark is None else cursors.seal([each.hex() for each in part.mark], asked)
        held = [listed.adapter.dump_python(each, mode="json") for each in part.rows]
    return Response(orjson.dumps({"rows": held, "next": following}), media_type=JSON, headers=headers)


def _mark(held: Sequence[Any]) -> Mark:
    return tuple(bytes.fromhex(each) for each in held)
