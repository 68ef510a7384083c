"""What is told of one record, or of one child: its story, and what it owes. Texts are named, and opened on request."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from events.base import Ref
from events.errors import NotFound, Refused
from events.escalations import Recipient
from projections.timeline import TimelineEntry, aggregate_timeline, child_timeline
from services.access.caller import Caller
from services.directory.state import Directory
from services.obligation_status import State, owed_by
from workers.api.bodies import json_object
from workers.api.callers import Reception
from workers.api.describing import child_operation, owed_operation, record_operation
from workers.api.routes import Route, Serve
from workers.api.texts import TEXTS, opened_story, wanted
from workers.api.views import once
from workers.api.waiting import PARAMETER, position_from, wait_for
from workers.doors.office import Office

TIMELINE = "timeline"
CHILD = "child"
_REFERENCE = TypeAdapter(Ref)


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
    """One obligation of a record: by whom, by when, and whether it was met. `due` null: no date is stated."""

    model_config = ConfigDict(extra="forbid")

    about: str
    audit: str | None
    obligation: str
    key: str
    title: str
    owners: list[Recipient]
    due: date | None
    met: datetime | None
    state: State


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
    try:
        _REFERENCE.validate_python(reference)
    except ValidationError as error:
        raise Refused("reference", "is no reference: up to 64 letters, digits, hyphens and underscores") from error
    if not office.system.catalogue.knows(kind):
        raise Refused("kind", f"there are {', '.join(office.system.catalogue.kinds)}")
    return f"{kind}/{reference}"


def _options(request: Request) -> tuple[int | None, bool]:
    """The position to wait for, and whether texts are to be opened."""
    asked = once(request)
    position, texts = position_from(asked.pop(PARAMETER, None)), wanted(asked.pop(TEXTS, None))
    if asked:
        raise Refused(next(iter(asked)), f"is not an option; there are {PARAMETER} and {TEXTS}")
    return position, texts


def _story(office: Office, reception: Reception) -> Serve:
    async def serve(request: Request) -> Response:
        caller = await reception.reader(request)
        about, authority = about_of(office, request), request.path_params["authority"]
        position, texts = _options(request)
        await wait_for(office, authority, TIMELINE, position)
        entries = await office.ask(aggregate_timeline, office.system.engine, authority, about)
        if not entries:
            kind, _, reference = about.partition("/")
            raise NotFound(kind, reference)
        version = max(each.version for each in entries)
        return _answer(await _told(office, authority, caller if texts else None, entries), {"ETag": f'"{version}"'})

    return serve


def _child(office: Office, reception: Reception) -> Serve:
    async def serve(request: Request) -> Response:
        caller = await reception.reader(request)
        asked, authority = json_object(request, await request.body()), request.path_params["authority"]
        position = asked.pop(PARAMETER, None)
        if position is not None and (not isinstance(position, int | str) or isinstance(position, bool)):
            raise Refused(PARAMETER, "must be a text or a number")
        texts = wanted(asked.pop(TEXTS, None))
        child = asked.pop(CHILD, None)
        if asked or not isinstance(child, str):
            raise Refused(next(iter(asked), CHILD), f"there are {CHILD}, which is needed, {PARAMETER} and {TEXTS}")
        try:
            _REFERENCE.validate_python(child)
        except ValidationError as error:
            raise Refused(CHILD, "is no reference: up to 64 letters, digits, hyphens and underscores") from error
        await wait_for(office, authority, TIMELINE, position_from(None if position is None else str(position)))
        entries = await office.ask(child_timeline, office.system.engine, authority, child)
        if not entries:
            raise NotFound(CHILD, child)
        return _answer(await _told(office, authority, caller if texts else None, entries), {})

    return serve


def _owed(office: Office, reception: Reception) -> Serve:
    async def serve(request: Request) -> Response:
        await reception.reader(request)
        about, authority = about_of(office, request), request.path_params["authority"]
        if asked := once(request):
            raise Refused(next(iter(asked)), "is not an option: what is owed is worked out from the newest history")
        found, version = await office.ask(_work_out, office, authority, about)
        return _answer(found, {"ETag": f'"{version}"'})

    return serve


async def _told(office: Office, authority: str, reader: Caller | None, entries: list[TimelineEntry]) -> list[Told]:
    """What is told of the entries; with the texts opened for the reader, if there is one."""
    if reader is None:
        return [Told.of(each, {}) for each in entries]
    said = await office.act(opened_story, office, authority, reader, entries)
    return [Told.of(each, texts) for each, texts in zip(entries, said, strict=True)]


def _work_out(office: Office, authority: str, about: str) -> tuple[list[OwedThing], int]:
    """What a record owes by its newest history, and at which version it is."""
    system = office.system
    facts = system.history(authority).load(about)
    if not facts:
        kind, _, reference = about.partition("/")
        raise NotFound(kind, reference)
    record = system.catalogue.record(about, facts)
    directory: Directory = office.directory(authority)
    rows = owed_by(record, system.policies[authority], directory, system.clock())
    return [OwedThing(**asdict(each) | {"owners": each.owners}) for each in rows], record.version


def _answer(rows: "list[Told] | list[OwedThing]", headers: dict[str, Any]) -> Response:
    told = {"rows": [each.model_dump() for each in rows]}
    return Response(orjson.dumps(told), media_type="application/json", headers=headers)
