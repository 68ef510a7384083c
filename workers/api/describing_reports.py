"""How the routes of reports are described in the OpenAPI document."""

from collections.abc import Iterable

from workers.api.describing import (
    ALWAYS,
    AUTHORITY,
    REFERENCE,
    TEXTS,
    WAIT,
    Operation,
    answers_of,
    json_of,
    parameter,
)
from workers.doors.problems import BEHIND, NOT_ACCEPTABLE, NOT_FOUND, Kind

NAMED_COPY = (
    "For whoever holds a post of the authority today. The named copy is for the roles that the policy gives "
    "`report.read_named`; everybody else is given the suppressed one, in which no small number stands."
)
OF_REPORT = (
    parameter("report", "path", REFERENCE, "The report, as the list names it.", required=True),
    parameter("period", "path", REFERENCE, "The period: 2026-03, 2026-Q1, 2026-H1 or 2026.", required=True),
)
UNIT = parameter("unit", "query", REFERENCE, "Of this team or service alone.")
COPY = parameter("copy", "query", {"enum": ["named", "suppressed"]}, "Which copy; else the fullest that is for them.")
DAYS = (
    parameter("as_at", "query", {"type": "string", "format": "date"}, "By what had happened up to this date."),
    parameter("as_known", "query", {"type": "string", "format": "date"}, "By what was recorded up to this date."),
)
FORMAT = parameter("format", "query", {"enum": ["json", "html", "xlsx", "pdf", "csv"]}, "Instead of Accept.")
ANY_OBJECT = {"type": "object"}


def _of_reports(name: str, said: str, parameters: Iterable[Operation], problems: Iterable[Kind]) -> Operation:
    return {
        "operationId": name,
        "tags": ["reports"],
        "summary": said,
        "description": NAMED_COPY,
        "parameters": [AUTHORITY, *parameters],
        "responses": answers_of(said, json_of(ANY_OBJECT), (*ALWAYS, *problems)),
    }


def reports_operation() -> Operation:
    """The operation of the list of reports."""
    return _of_reports("reports", "The reports that the framework in force asks for.", (), ())


def report_operation() -> Operation:
    """The operation of a report that is made now."""
    asked = (*OF_REPORT, UNIT, COPY, *DAYS, FORMAT, WAIT, TEXTS)
    return _of_reports(
        "report", "A report of a period, made now from the views.", asked, (NOT_FOUND, BEHIND, NOT_ACCEPTABLE)
    )


def figure_operation() -> Operation:
    """The operation of a figure of a report."""
    figure = parameter("figure", "path", {"type": "string"}, "The key of the figure.", required=True)
    asked = (*OF_REPORT, figure, UNIT, *DAYS, WAIT)
    return _of_reports("report-figure", "What stands behind a figure of a report.", asked, (NOT_FOUND, BEHIND))


def issued_operation() -> Operation:
    """The operation of a report that was issued."""
    issue = parameter("issue", "query", {"type": "integer", "minimum": 1, "maximum": 999_999}, "Else the last.")
    asked = (*OF_REPORT, UNIT, COPY, issue, FORMAT, WAIT, TEXTS)
    return _of_reports(
        "report-issued", "A report exactly as it was issued.", asked, (NOT_FOUND, BEHIND, NOT_ACCEPTABLE)
    )
