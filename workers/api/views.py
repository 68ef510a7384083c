"""A route for each view that is kept, made from its columns: filters, pages, and the forms for a person."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from events.errors import Refused
from projections.moments import Moment
from projections.timeline import SHAPE as TIMELINE
from services.access.caller import Caller
from services.clock import local_date
from workers.api.bodies import json_object
from workers.api.callers import Reception
from workers.api.columns import filters_from, shown
from workers.api.cursors import Cursors
from workers.api.describing import search_operation, view_operation
from workers.api.past import AS_AT, AS_KNOWN, asked_of, moment_from
from workers.api.reading import Asked, Shown, all_rows, page
from workers.api.routes import Route, Serve
from workers.api.sheets import FORMS
from workers.api.texts import TEXTS, opened_rows, wanted
from workers.api.waiting import PARAMETER, position_from, wait_for
from workers.doors.office import Office
from workers.doors.problems import NOT_ACCEPTABLE, Stopped
from workers.system import System
from workers.views.made import views_of

JSON = "application/json"
USUAL_PAGE, LARGEST_PAGE, LARGEST_SHEET = 100, 1_000, 50_000
OPTIONS = (PARAMETER, "limit", "cursor", "format", TEXTS, AS_AT, AS_KNOWN)


def shown_views(system: System) -> dict[str, Shown]:
    """Every view that the system keeps, by its name."""
    return {name: Shown(each.shape) for name, each in views_of(system).items()}


@dataclass(frozen=True, slots=True)
class Question:
    """What `caller` asks of a view; `opened` if its texts are to be, `moment` if it is asked as at one in the past."""

    caller: Caller
    authority: str
    filters: Mapping[str, Any]
    position: int | None
    limit: int
    cursor: str | None
    form: str
    opened: bool
    moment: Moment | None


def view_routes(office: Office, reception: Reception) -> Iterator[Route]:
    """Two routes for each view: filters in the address, and in a body where a question is about one child."""
    cursors = Cursors(office.master)
    for name, view in shown_views(office.system).items():
        path = f"/v1/{{authority}}/views/{name}"
        yield Route(name, "GET", path, _in_address(office, reception, cursors, view), view_operation(view))
        search = _in_body(office, reception, cursors, view)
        yield Route(name, "POST", f"{path}/search", search, search_operation(view))


def _in_address(office: Office, reception: Reception, cursors: Cursors, view: Shown) -> Serve:
    async def serve(request: Request) -> Response:
        caller = await reception.reader(request)
        asked = once(request)
        options = {name: asked.pop(name) for name in OPTIONS if name in asked}
        filters = filters_from(asked, view.columns, in_address=True)
        return await _answer(office, cursors, view, _question(office.system, request, caller, options, filters))

    return serve


def _in_body(office: Office, reception: Reception, cursors: Cursors, view: Shown) -> Serve:
    async def serve(request: Request) -> Response:
        caller = await reception.reader(request)
        body = json_object(request, await request.body())
        asked = body.pop("filters", {})
        if not isinstance(asked, dict):
            raise Refused("filters", "must be a JSON object of columns and values")
        require_options(body, ("filters", *OPTIONS))
        for name, held in body.items():
            if not isinstance(held, str | int) or isinstance(held, bool):
                raise Refused(name, "must be a text or a number")
        filters = filters_from(asked, view.columns, in_address=False)
        options = {name: str(held) for name, held in body.items()}
        return await _answer(office, cursors, view, _question(office.system, request, caller, options, filters))

    return serve


def once(request: Request) -> dict[str, str]:
    """What stands behind the question mark. Refused for a name that stands there twice."""
    found: dict[str, str] = {}
    for name, held in request.query_params.multi_items():
        if name in found:
            raise Refused(name, "stands twice")
        found[name] = held
    return found


def require_options(asked: Iterable[str], known: Collection[str]) -> None:
    """Refused, naming it, for what is asked by a name that is not known there."""
    for name in asked:
        if name not in known:
            raise Refused(name, f"is not an option; there are {', '.join(known)}")


def _question(
    system: System, request: Request, caller: Caller, options: Mapping[str, str], filters: Mapping[str, Any]
) -> Question:
    form = _form(options.get("format"), request.headers.get("accept", "*/*"))
    largest = LARGEST_PAGE if form == "json" else LARGEST_SHEET
    usual = USUAL_PAGE if form == "json" else LARGEST_SHEET
    limit = limit_from(options.get("limit"), usual, largest)
    if form != "json" and "cursor" in options:
        raise Refused("cursor", "belongs to pages of JSON; a sheet holds every row")
    opened = wanted(options.get(TEXTS))
    if opened and form != "json":
        raise Refused(TEXTS, "are opened on pages of JSON; a sheet is taken along, and holds none")
    position, authority = position_from(options.get(PARAMETER)), request.path_params["authority"]
    moment = moment_from(options, system)
    return Question(caller, authority, filters, position, limit, options.get("cursor"), form, opened, moment)


def limit_from(written: str | None, usual: int, largest: int) -> int:
    """How many rows a page has. Refused for what is no number, or more than the largest page."""
    if written is None:
        return usual
    if not (written.isascii() and written.isdecimal() and 0 < int(written[:9]) <= largest and len(written) <= 9):  # noqa: PLR2004 - digits
        raise Refused("limit", f"must be a number from 1 to {largest}")
    return int(written)


def _form(named: str | None, accept: str) -> str:
    """The form that is asked for by name, or that the caller likes best. Stopped where none of them is to be had."""
    if named is not None:
        if named != "json" and named not in FORMS:
            raise Refused("format", f"must be json, {' or '.join(FORMS)}")
        return named
    media = {"*/*": "json", "application/*": "json", JSON: "json", "application/problem+json": "json"}
    media |= {kind.partition(";")[0]: form for form, (kind, _) in FORMS.items()} | {"text/*": "csv"}
    liked = sorted((_liking(each), media.get(_media(each), "")) for each in accept.split(","))
    found = [form for disliked, form in liked if form and disliked < 0]
    if not found:
        raise Stopped(NOT_ACCEPTABLE, f"there are {', '.join((JSON, *media))}", field="Accept")
    return found[0]


def _media(accepted: str) -> str:
    return accepted.partition(";")[0].strip().lower()


def _liking(accepted: str) -> float:
    """How much a form is liked, the most liked one first; what is no number counts as not at all."""
    quality = next((each.strip()[2:] for each in accepted.split(";")[1:] if each.strip().startswith("q=")), "1")
    return -float(quality) if quality.replace(".", "", 1).isdecimal() and quality.isascii() else 0.0


async def _answer(office: Office, cursors: Cursors, view: Shown, question: Question) -> Response:
    source = view.shape if question.moment is None else TIMELINE  # from which every past is made
    await wait_for(office, question.authority, source.name, question.position)
    make = _page if question.form == "json" else _sheet
    work = office.act if question.opened else office.ask  # a reading of texts is recorded
    return await work(make, office, cursors, view, question)


def _asked(office: Office, question: Question) -> Asked:
    """What is told of rows is told as of the day that is asked about, which is today where none is named."""
    day = question.moment.day if question.moment else None
    return Asked(question.authority, question.filters, day or local_date(office.system.clock()))


def _page(office: Office, cursors: Cursors, view: Shown, question: Question) -> Response:
    asked = view.question(question.authority, question.filters)
    asked += f" {question.moment.name}" if question.moment else ""
    after = view.key_from(cursors.open(question.cursor, asked)) if question.cursor is not None else None
    with asked_of(office.system, question.authority, view.shape.name, question.moment) as (engine, headers):
        rows = page(view, engine, _asked(office, question), after, question.limit + 1)
    more = len(rows) > question.limit
    rows = rows[: question.limit]
    following = cursors.seal(view.place(rows[-1]), asked) if more else None
    held = [shown(each) for each in rows]
    if question.opened:
        held = opened_rows(office, question.authority, question.caller, view, rows)
    told = {"rows": held, "next": following}
    return Response(orjson.dumps(told), media_type=JSON, headers=headers)


def _sheet(office: Office, _cursors: Cursors, view: Shown, question: Question) -> Response:
    """Every row of the question. Refused for more than a sheet holds: part of a list must not pass for all of it."""
    media, make = FORMS[question.form]
    with asked_of(office.system, question.authority, view.shape.name, question.moment) as (engine, headers):
        rows = list(all_rows(view, engine, _asked(office, question), question.limit + 1))
    if len(rows) > question.limit:
        raise Refused("limit", f"there are more than {question.limit} rows; filter, or read them page by page")
    content = make([each.name for each in view.columns], rows)
    when = f"-{question.moment.name}" if question.moment else ""
    name = f"{question.authority}-{view.shape.name}{when}"
    headers["Content-Disposition"] = f'attachment; filename="{name}.{question.form}"'
    return Response(content, media_type=media, headers=headers)
