"""What is told of one record, or of one child: its story, and what it owes. Texts are named, and opened on request."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from events.errors import NotFound, Refused
from events.escalations import Recipient
from projections.moments import Moment
from projections.timeline import TimelineEntry, aggregate_timeline, child_timeline
from services.access.caller import Caller
from services.obligation_status import State
from workers.api.bodies import json_object
from workers.api.callers import Reception
from workers.api.describing import child_operation, owed_operation, record_operation
from workers.api.past import AS_AT, AS_KNOWN, NOTE, moment_from
from workers.api.references import valid_reference
from workers.api.routes import Route, Serve
from workers.api.texts import TEXTS, opened_story, wanted
from workers.api.views import once, require_options
from workers.api.waiting import PARAMETER, position_from, wait_for
from workers.asking.owing import owed_of
from workers.asking.past import SystemAt
from workers.doors.office import Office

TIMELINE = "timeline"
MOMENT = (AS_AT, AS_KNOWN)
OPTIONS = (PARAMETER, TEXTS, *MOMENT)
CHILD = "child"


class Told(BaseModel):
    """One event of a story. `texts` names the texts that came with it; `opened` tells them, if that was asked."""

    model_config = ConfigDict(extra="forbid")

    record: str
    version: int
    position: int
    occurred: datetime
    recorded: datetime
    actor: str
    role: str
    type: str
    policy_version: str
    imported: str
    unverified: str
    sentence: str
    texts: list[str]
    opened: dict[str, str]

    @classmethod
    def of(cls, entry: TimelineEntry, opened: dict[str, str]) -> "Told":
        """What is told of an entry."""
        held = entry.model_dump(exclude={"about", "audit", "stored_name", "sealed"})
        return cls(**held, record=entry.about, type=entry.stored_name, texts=list(entry.sealed), opened=opened)


class OwedThing(BaseModel):
    """One obligation of a record: by whom, by when, and whether it was met. `due` null: no date is stated.

    `due_at` is the last instant, where hours are counted. While its clock stands still it says since when, and why;
    `due` is then the last day that it had.
    """

    model_config = ConfigDict(extra="forbid")

    about: str
    audit: str | None
    obligation: str
    key: str
    title: str
    owners: list[Recipient]
    due: date | None
    due_at: datetime | None
    met: datetime | None
    state: State
    stands_since: datetime | None
    stands_because: str | None


def record_routes(office: Office, reception: Reception) -> Iterator[Route]:
    """The story of a record, that of a child, and what a record owes."""
    path = "/v1/{authority}/records/{kind}/{reference}"
    yield Route("timeline", "GET", f"{path}/timeline", _story(office, reception), record_operation())
    yield Route("owed", "GET", f"{path}/owed", _owed(office, reception), owed_operation())
    yield Route("child", "POST", "/v1/{authority}/child/timeline", _child(office, reception), child_operation())


def about_of(office: Office, request: Request) -> str:
    """The record that a path names. NotFound for a kind that there is not; Refused for a child, or no reference."""
    kind, reference = request.path_params["kind"], request.path_params["reference"]
    if kind == CHILD:
        raise Refused("kind", "a child is never named in an address: ask by POST, in the body")
    valid_reference("reference", reference)
    if not office.system.catalogue.knows(kind):
        raise Refused("kind", f"there are {', '.join(office.system.catalogue.kinds)}")
    return f"{kind}/{reference}"


@dataclass(frozen=True, slots=True)
class _Asked:
    """The position to wait for, whether texts are to be opened, and the moment in the past that is asked about."""

    position: int | None
    texts: bool
    moment: Moment | None


def _asked(office: Office, options: Mapping[str, str]) -> _Asked:
    """Refused, naming it, for an option that there is not, and for a day that is none or has not come."""
    require_options(options, OPTIONS)
    position, texts = position_from(options.get(PARAMETER)), wanted(options.get(TEXTS))
    return _Asked(position, texts, moment_from(options, office.system))


def _story(office: Office, reception: Reception) -> Serve:
    async def serve(request: Request) -> Response:
        caller = await reception.reader(request)
        about, authority = about_of(office, request), request.path_params["authority"]
        asked = _asked(office, once(request))
        await wait_for(office, authority, TIMELINE, asked.position)
        entries = await office.ask(aggregate_timeline, office.system.engine, authority, about)
        if not entries:
            kind, _, reference = about.partition("/")
            raise NotFound(kind, reference)
        version = max(each.version for each in entries)
        then, note = _as_at(entries, asked.moment, authority)
        told = await _told(office, authority, caller if asked.texts else None, then)
        return _answer(told, {"ETag": f'"{version}"'} if asked.moment is None else note)

    return serve


def _child(office: Office, reception: Reception) -> Serve:
    async def serve(request: Request) -> Response:
        caller = await reception.reader(request)
        body, authority = json_object(request, await request.body()), request.path_params["authority"]
        child = body.pop(CHILD, None)
        unknown = next((name for name in body if name not in OPTIONS), CHILD)
        if unknown != CHILD or not isinstance(child, str):
            raise Refused(unknown, f"there are {CHILD}, which is needed, {', '.join(OPTIONS)}")
        for name, held in body.items():
            if not isinstance(held, int | str) or isinstance(held, bool):
                raise Refused(name, "must be a text or a number")
        asked = _asked(office, {name: str(held) for name, held in body.items()})
        valid_reference(CHILD, child)
        await wait_for(office, authority, TIMELINE, asked.position)
        entries = await office.ask(child_timeline, office.system.engine, authority, child)
        if not entries:
            raise NotFound(CHILD, child)
        then, note = _as_at(entries, asked.moment, authority)
        return _answer(await _told(office, authority, caller if asked.texts else None, then), note)

    return serve


def _owed(office: Office, reception: Reception) -> Serve:
    async def serve(request: Request) -> Response:
        await reception.reader(request)
        about, authority = about_of(office, request), request.path_params["authority"]
        options = once(request)
        require_options(options, MOMENT)
        moment = moment_from(options, office.system)
        found, headers = await office.ask(_work_out, office, authority, about, moment)
        return _answer(found, headers)

    return serve


def _as_at(
    entries: list[TimelineEntry], moment: Moment | None, authority: str
) -> tuple[list[TimelineEntry], dict[str, str]]:
    """The events that belong to the moment; where none does, a header says so."""
    if moment is None:
        return entries, {}
    then = [each for each in entries if moment.holds(each)]
    return then, {} if then else {NOTE: _nothing_then(authority, moment)}


async def _told(office: Office, authority: str, reader: Caller | None, entries: list[TimelineEntry]) -> list[Told]:
    """What is told of the entries; with the texts opened for the reader, if there is one."""
    if reader is None:
        return [Told.of(each, {}) for each in entries]
    said = await office.act(opened_story, office, authority, reader, entries)
    return [Told.of(each, texts) for each, texts in zip(entries, said, strict=True)]


def _work_out(
    office: Office, authority: str, about: str, moment: Moment | None
) -> tuple[list[OwedThing], dict[str, str]]:
    """What a record owes by its newest history, or by that of a moment, and what is to be said of it.

    NotFound for a record that there is not today; one that there was not yet owed nothing.
    """
    if moment is None:
        rows, version = owed_of(office.system, authority, about)
        headers = {"ETag": f'"{version}"'}
    else:
        with SystemAt(office.system, authority, moment, []) as past:
            rows, version = owed_of(past, authority, about)
        headers = {} if version else {NOTE: _nothing_then(authority, moment)}
    if not version and (moment is None or not office.system.history(authority).load(about)):
        kind, _, reference = about.partition("/")
        raise NotFound(kind, reference)
    return [OwedThing(**asdict(each) | {"owners": each.owners}) for each in rows], headers


def _nothing_then(authority: str, moment: Moment) -> str:
    return f"nothing of this of {authority} stands on record {moment}"


def _answer(rows: "list[Told] | list[OwedThing]", headers: dict[str, Any]) -> Response:
    told = {"rows": [each.model_dump() for each in rows]}
    return Response(orjson.dumps(told), media_type="application/json", headers=headers)
