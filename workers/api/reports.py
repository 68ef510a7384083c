"""Reports by HTTP: which there are, what one says, what stands behind a figure, and what was issued, as it was.

Who holds no role that the policy lets read a named copy is given the suppressed one. What people wrote is left out
unless `texts=open` asks for it; that it was opened is on record first.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from events.errors import Refused
from events.reports import Copy
from services.access.caller import Caller
from services.clock import local_date
from services.obligations.report_dates import report_aggregate
from services.texts.asking import Reader
from workers.api import texts
from workers.api.callers import Reception
from workers.api.describing_reports import figure_operation, issued_operation, report_operation, reports_operation
from workers.api.past import AS_AT, AS_KNOWN, moment_from
from workers.api.references import valid_reference
from workers.api.routes import Route, Serve
from workers.api.views import once, require_options
from workers.api.waiting import PARAMETER, position_from, wait_for
from workers.doors.office import Office
from workers.doors.problems import NOT_ACCEPTABLE, Stopped
from workers.reports.copies import copy_for, for_boards, may_read_named
from workers.reports.issuing import TIMELINE, as_issued, issue_of, issued_for_boards, made_report, state_of
from workers.reports.making import listed
from workers.reports.narratives import Texts
from workers.reports.page import AsAt, Report
from workers.reports.tracing import figure_called, trace

UNIT, COPY, ISSUE, FORMAT = "unit", "copy", "issue", "format"
JSON = "json"
COPIES: Mapping[str, Copy] = {"named": "named", "suppressed": "suppressed"}
LONGEST_ISSUE = 6


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks of a report."""

    caller: Caller
    authority: str
    name: str
    period: str
    unit: str | None
    copy: Copy | None
    as_at: AsAt
    texts: bool
    issue: int | None

    @property
    def reader(self) -> Reader:
        """Who reads, in the roles that the token claims."""
        return Reader(self.caller.person, "http", claimed=self.caller.roles)

    @property
    def record(self) -> str:
        """The report's own record."""
        return report_aggregate(self.name, self.period, self.unit)


def report_routes(office: Office, reception: Reception) -> Iterator[Route]:
    """The reports of the framework, one as it stands, a figure of it, and one as it was issued."""
    path = "/v1/{authority}/reports"
    one = f"{path}/{{report}}/{{period}}"
    yield Route("reports", "GET", path, _list(office, reception), reports_operation())
    serve = partial(_answering, office, reception)
    yield Route("report", "GET", one, serve(_made, {UNIT, COPY, AS_AT, AS_KNOWN, FORMAT}), report_operation())
    figure = serve(_traced, {UNIT, AS_AT, AS_KNOWN}, with_texts=False)
    yield Route("report-figure", "GET", f"{one}/figures/{{figure}}", figure, figure_operation())
    yield Route(
        "report-issued", "GET", f"{one}/issued", serve(_issued, {UNIT, COPY, ISSUE, FORMAT}), issued_operation()
    )


def _list(office: Office, reception: Reception) -> Serve:
    async def serve(request: Request) -> Response:
        await reception.reader(request)
        if asked := once(request):
            raise Refused(next(iter(asked)), "is not an option: the list is that of the framework in force")
        today = local_date(office.system.clock())
        policy = office.system.policies[request.path_params["authority"]].in_force(today)
        return _json({"reports": listed(policy, today)})

    return serve


def _answering(
    office: Office,
    reception: Reception,
    answer: Callable[[Office, Asked, Request], tuple[Any, Report | None]],
    options: set[str],
    *,
    with_texts: bool = True,
) -> Serve:
    known = [*sorted(options), *([texts.TEXTS] if with_texts else []), PARAMETER]

    async def serve(request: Request) -> Response:
        caller = await reception.reader(request)
        said = once(request)
        require_options(said, known)
        asked = _asked(office, request, caller, said)
        form = _form(said.get(FORMAT), request.headers.get("accept", "*/*")) if FORMAT in options else JSON
        await wait_for(office, asked.authority, TIMELINE, position_from(said.get(PARAMETER)))
        told, made = await office.act(answer, office, asked, request)
        return _json(told) if made is None or form == JSON else await office.act(_on_paper, made, form)

    return serve


def _asked(office: Office, request: Request, caller: Caller, said: Mapping[str, str]) -> Asked:
    path = request.path_params
    for name in ("report", "period"):
        valid_reference(name, path[name])
    moment_from(said, office.system)  # refused here, by the name of the option, for what is no day so far
    if said.get(COPY) not in {None, *COPIES}:
        raise Refused(COPY, f"must be {' or '.join(COPIES)}")
    return Asked(
        caller,
        path["authority"],
        path["report"],
        path["period"],
        valid_reference(UNIT, said[UNIT]) if UNIT in said else None,
        COPIES[said[COPY]] if COPY in said else None,
        AsAt.model_validate({"happened_by": said.get(AS_AT), "known_by": said.get(AS_KNOWN)}),
        texts.wanted(said.get(texts.TEXTS)),
        _number(said.get(ISSUE)),
    )


def _number(written: str | None) -> int | None:
    if written is None:
        return None
    if not (written.isascii() and written.isdecimal() and len(written) <= LONGEST_ISSUE and int(written)):
        raise Refused(ISSUE, "must be a number from 1")
    return int(written)


def _named(office: Office, asked: Asked) -> Report:
    system = office.system
    return made_report(system, asked.authority, asked.name, asked.period, unit=asked.unit, as_at=asked.as_at)


def _made(office: Office, asked: Asked, _request: Request) -> tuple[Any, Report]:
    which = copy_for(office.system, asked.authority, asked.reader, asked.copy, asked.unit)
    if not may_read_named(office.system, asked.authority, asked.reader, asked.unit):
        made, held = issued_for_boards(office.system, asked.authority, asked.record, asked.as_at)
    else:
        made = _named(office, asked)
        held = Texts.of(made, asked.record, state_of(office.system, asked.authority, asked.record))
        made = made if which == "named" else for_boards(office.system, made)
    made = _with_texts(office, asked, made, held)
    return made.model_dump(mode="json"), made


def _issued(office: Office, asked: Asked, _request: Request) -> tuple[Any, Report]:
    which = copy_for(office.system, asked.authority, asked.reader, asked.copy, asked.unit)
    state = state_of(office.system, asked.authority, asked.record)
    found = issue_of(state, asked.record, asked.issue)
    made, held = as_issued(asked.record, state, found.fact, which)
    told = found.fact.model_dump(mode="json", include={"issue", "position", "texts", "audience", "shared_with"})
    # Of the other copy nothing: how long the named one is would tell how much stands behind a hidden number.
    told["pages"] = [each.model_dump(mode="json") for each in found.fact.pages if which in {"named", each.which}]
    who = {"by": found.envelope.actor, "role": found.envelope.role, "on": found.envelope.occurred}
    made = _with_texts(office, asked, made, held)
    return {"issued": told | who, "report": made.model_dump(mode="json")}, made


def _traced(office: Office, asked: Asked, request: Request) -> tuple[Any, None]:
    copy_for(office.system, asked.authority, asked.reader, "named", asked.unit)
    figure = figure_called(_named(office, asked), request.path_params["figure"])
    found = trace(office.system.engine, asked.authority, figure)
    told = {"figure": figure.model_dump(mode="json", exclude={"behind"}), "behind": [asdict(each) for each in found]}
    return told, None


def _with_texts(office: Office, asked: Asked, made: Report, held: Texts) -> Report:
    if asked.texts:
        said = texts.opened(office, asked.authority, asked.caller, held.asked())
        made = held.put_in(made, said.__getitem__)
    return made


def _form(named: str | None, accept: str) -> str:
    """The format that is asked for by name, or the first that the caller takes. Stopped where none is to be had."""
    from workers.reports.rendering.formats import FORMATS  # noqa: PLC0415 - slow to load, and seldom asked

    if named is not None:
        if named not in FORMATS:
            raise Refused(FORMAT, f"must be {', '.join(FORMATS)}")
        return named
    media = {"*/*": JSON, "application/*": JSON, "application/problem+json": JSON, "text/*": "html"}
    media |= {each.media_type.partition(";")[0]: form for form, each in FORMATS.items()}
    for each in accept.split(","):
        if found := media.get(each.partition(";")[0].strip().lower()):
            return found
    raise Stopped(NOT_ACCEPTABLE, f"there are {', '.join(media)}", field="Accept")


def _on_paper(made: Report, form: str) -> Response:
    from workers.reports.rendering.formats import FORMATS  # noqa: PLC0415 - slow to load, and seldom asked
    from workers.reports.rendering.paper import of_report  # noqa: PLC0415

    paper, asked = of_report(made), FORMATS[form]
    head = {"Content-Disposition": f'attachment; filename="{paper.name}.{form}"'}
    return Response(asked.make(paper), media_type=asked.media_type, headers=head)


def _json(told: Any) -> Response:
    return Response(orjson.dumps(told), media_type="application/json")
