"""Reports: one record for each report of a period, with what people wrote in it and every issue as it was."""

from collections.abc import Mapping
from typing import Any

from events.base import Fact
from events.reports import OfReport
from services.core.part import Act, Part
from services.core.record import Kind
from services.reports import commands as c
from services.reports import decisions as d
from services.reports.state import Report

READ_NAMED = "report.read_named"
"""What a policy gives to the roles that may read a named copy; everybody else reads the suppressed one."""


def _begun_by(fact: Fact) -> Mapping[str, Any]:
    """A report of one unit is about that unit."""
    return {"about": fact.unit} if isinstance(fact, OfReport) and fact.unit else {}


MODULE = Part(
    name="reports",
    kinds=(Kind("report", Report, owes=True, own_key=True, begun_by=_begun_by),),
    acts=(
        Act(c.CommentReport, d.comment, words="write a text of a report"),
        Act(c.IssueReport, d.issue, words="issue a report"),
    ),
    powers={READ_NAMED: "read the copy of a report in which nothing is suppressed"},
)
