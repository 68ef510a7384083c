"""The rules by HTTP: which versions an authority has adopted, and in words those in force on a day."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

import orjson
from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from events.errors import Refused
from projections.moments import Moment
from services.clock import local_date
from services.policy.describe.pages import paragraphs
from services.policy.versions import Policies
from workers.api.callers import Reception
from workers.api.describing_policies import adopted_operation, in_force_operation
from workers.api.past import AS_AT, AS_KNOWN, moment_from
from workers.api.routes import Route, Serve
from workers.api.views import once, require_options
from workers.asking.past import PoliciesAt
from workers.doors.office import Office

OPTIONS = (AS_AT, AS_KNOWN)


class AdoptedVersion(BaseModel):
    """A version that the authority adopted: by whom, in which role, and from which day it decides.

    `taken_over` says that nobody decided it: work began with it as its file had it. `in_force`: it decides today.
    """

    model_config = ConfigDict(extra="forbid")

    version: str
    framework: str
    since: date
    digest: str
    actor: str
    role: str
    adopted: datetime
    taken_over: bool
    in_force: bool


class FrameworkParagraph(BaseModel):
    """What stands under one heading of a chapter, with what is listed beneath it and where the paper says it."""

    model_config = ConfigDict(extra="forbid")

    chapter: str
    heading: str
    source: str
    text: str
    items: tuple[str, ...]


class FrameworkInWords(BaseModel):
    """A framework in words. `digest` is empty where nothing is adopted yet, and the file stands."""

    model_config = ConfigDict(extra="forbid")

    version: str
    framework: str
    since: date
    digest: str
    paragraphs: tuple[FrameworkParagraph, ...]


def policy_routes(office: Office, reception: Reception) -> Iterator[Route]:
    """The adopted versions, and the words of the one in force."""
    path = "/v1/{authority}/policies"
    yield Route("policies", "GET", path, _list(office, reception), adopted_operation())
    yield Route("policy", "GET", f"{path}/in-force", _words(office, reception), in_force_operation())


def _list(office: Office, reception: Reception) -> Serve:
    async def serve(request: Request) -> Response:
        await reception.reader(request)
        if asked := once(request):
            raise Refused(next(iter(asked)), "is not an option: every version is told")
        return _json({"rows": await office.ask(_adopted, office, request.path_params["authority"])})

    return serve


def _words(office: Office, reception: Reception) -> Serve:
    async def serve(request: Request) -> Response:
        await reception.reader(request)
        options = once(request)
        require_options(options, OPTIONS)
        moment = moment_from(options, office.system)
        return _json(await office.ask(_in_words, office, request.path_params["authority"], moment))

    return serve


def _adopted(office: Office, authority: str) -> list[AdoptedVersion]:
    rules = office.system.rules
    rules.renew(authority)
    stands = rules[authority].in_force(local_date(office.system.clock()))
    return [
        AdoptedVersion(
            **fact.model_dump(include={"version", "framework", "since", "digest", "taken_over"}),
            actor=told.actor,
            role=told.role,
            adopted=told.recorded,
            in_force=fact.digest == stands.digest,
        )
        for fact, told in rules.adopted(authority).adopted
    ]


def _in_words(office: Office, authority: str, moment: Moment | None) -> FrameworkInWords:
    system = office.system
    system.rules.renew(authority)
    held: Mapping[str, Policies] = system.policies if moment is None else PoliciesAt(system.policies, moment)
    day = moment.day if moment is not None else None
    policy = held[authority].in_force(day or local_date(system.clock()))
    told = (
        FrameworkParagraph(
            chapter=each.chapter, heading=each.heading, source=each.source, text=each.text, items=each.items
        )
        for each in paragraphs(policy, system.catalogue.known)
    )
    return FrameworkInWords(
        version=policy.version,
        framework=policy.framework,
        since=policy.effective_from,
        digest=policy.digest,
        paragraphs=tuple(told),
    )


def _json(told: object) -> Response:
    return Response(orjson.dumps(told, default=_as_data), media_type="application/json")


def _as_data(model: BaseModel) -> object:
    return model.model_dump(mode="json")
