"""The commands about reports."""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from events.base import Label, Ref
from services.core.command import MADE, Command, Day, Example, Text
from services.obligations.periods import PeriodKey
from services.obligations.report_dates import report_aggregate
from services.policy.reports import ReportName


class ReportCommand(Command):
    """A command about one report of one period."""

    report: ReportName = Field(description="The report, by its name in the policy.")
    period: PeriodKey = Field(description="The period, such as 2026-03, 2026-Q1, 2026-H1 or 2026.")
    unit: Ref | None = Field(default=None, description="The unit, where the framework asks for one of each.")

    @property
    def aggregate(self) -> str:
        """The report's own record of that period and unit."""
        return report_aggregate(self.report, self.period, self.unit)


class CommentReport(ReportCommand):
    """Write what stands in one place of a report, or write it anew: each version is kept.

    The text is sealed with the key of the child whom it names or, where it names none, with the report's own. A repeat
    is known by its id, and changes nothing.
    """

    command: Literal["report.comment"]
    example: ClassVar[Example] = {
        "role": "qa_team",
        "report": "audit_highlight",
        "period": "2026-02",
        "place": "summary",
        "narrative": "Visits are recorded in time; plans say too little of what is to change.",
    }
    place: Label = Field(description="The place, by its name in the policy's report.")
    narrative: Text = Field(description="What is to stand there.")
    child: Ref | None = Field(default=None, description="The child whom the text is about, where it is about one.")


class GivenPage(BaseModel):
    """One copy of a report, as it was made: the JSON of a page, without what people wrote in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    copy_: Literal["named", "suppressed"] = Field(alias="copy")
    content: Annotated[str, StringConstraints(min_length=2)]


class IssueReport(ReportCommand):
    """Issue a report as it stands: what it says is kept, and shown from then on as it was.

    A further issue replaces none before it. A repeat is known by its id, whatever the figures have come to since. The
    `pages` are made by Sightline as the command is given; nobody types them.
    """

    command: Literal["report.issue"]
    example: ClassVar[Example] = {"role": "qa_team", "report": "audit_highlight", "period": "2026-02"}
    as_at: Day | None = Field(default=None, description="By what had happened up to this date; without one, by all.")
    as_known: Day | None = Field(default=None, description="By what was recorded up to this date; without one, by all.")
    pages: Annotated[tuple[GivenPage, ...], MADE] = Field(default=(), description="What is issued.", max_length=2)
