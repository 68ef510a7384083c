"""The shape of a policy's reports: who makes each, for whom, by when, and what stands in it.

A report has no Python of its own: its sections show blocks, each a module of `services.policy.blocks` that says how it
is written here, and one of `workers.reports.blocks` that makes it.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from services.policy.blocks.actions import Actions
from services.policy.blocks.audits import Audits
from services.policy.blocks.coverage import Coverage
from services.policy.blocks.entries import Entries
from services.policy.blocks.escalations import Escalations
from services.policy.blocks.grades import Grades
from services.policy.blocks.indicators import Indicators
from services.policy.blocks.listing import Listing
from services.policy.blocks.moderation import Moderation
from services.policy.blocks.narrative import Narrative
from services.policy.blocks.reaudits import Reaudits
from services.policy.blocks.themes import Themes
from services.policy.blocks.timeliness import Timeliness
from services.policy.blocks.trend import Trend
from services.policy.expressions import Rolling, SpanText
from services.policy.key_path import KeyPath
from services.policy.ladders import LadderStep
from services.policy.part import Key, Label, Part
from services.policy.tasks import Every, TaskClock

ReportName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
"""Part of a record's reference, together with a period and a unit: so it is a little shorter than other keys."""

Block = Annotated[
    Actions
    | Audits
    | Coverage
    | Entries
    | Escalations
    | Grades
    | Indicators
    | Listing
    | Moderation
    | Narrative
    | Reaudits
    | Themes
    | Timeliness
    | Trend,
    Field(discriminator="block"),
]
"""The blocks that there are: the one place where they are named."""


class ReportSection(Part):
    """A part of a report under its own heading, with the clauses that ask for it."""

    name: Key
    title: Label
    source: tuple[Label, ...] = ()
    show: tuple[Block, ...] = Field(min_length=1)


class Report(Part):
    """A report of the framework, owed by `made_by` after each period of `every`, `due` so long after its last day.

    `ladder` says who is reminded before that day and told after it, in the words of any other ladder; where a framework
    says nothing of it, nobody is. Its clock begins when the period is over. Without `every` a report is made on
    request; issued, it then `meets` a task of the programme, in each of its clocks whose `reports_to` are all of its
    audience. `audience` names roles of the policy, or bodies in the framework's words. With `per` there is one for each
    team or service; `from_other_service`, it is made by a holder of the post in another service than the team's, and
    meets what is owed about the other's teams. `sides` is how long it may be, in sides of A4: a longer one gives a
    warning. `roll_non_working` says of this report alone where a last day goes that is no working day, in the place of
    what the calendar says of all.
    """

    name: ReportName
    title: Label
    source: tuple[Label, ...] = Field(min_length=1)
    made_by: Key
    audience: tuple[Label, ...] = Field(min_length=1)
    every: Every | None = None
    due: SpanText | None = None
    roll_non_working: Rolling | None = None
    ladder: tuple[LadderStep, ...] = ()
    meets: Key | None = None
    per: Literal["authority", "service", "team"] = "authority"
    from_other_service: bool = False
    sides: int | None = Field(default=None, ge=1, le=100)
    sections: tuple[ReportSection, ...] = Field(min_length=1)

    def meets_clock(self, task: str, clock: TaskClock) -> bool:
        """Whether an issue of it does what a clock of a task asks for: it goes to all that this is reported to."""
        return self.meets == task and bool(clock.reports_to) and set(clock.reports_to) <= set(self.audience)

    def blocks(self) -> Iterator[tuple[KeyPath, Block]]:
        """Every block with its place in the report."""
        for number, section in enumerate(self.sections):
            for place, block in enumerate(section.show):
                yield ("sections", number, "show", place), block


def as_written(place: KeyPath) -> KeyPath:
    """A place as the file has it: without the kind of a block, which pydantic puts behind the block's number."""
    kept: list[str | int] = []
    for number, step in enumerate(place):
        in_list = number > 1 and place[number - 2] == "show"
        if place[0] != "reports" or not (in_list or (number > 0 and place[number - 1] == "line")):
            kept.append(step)
    return tuple(kept)
