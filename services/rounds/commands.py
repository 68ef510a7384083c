"""The commands about rounds of auditing."""

from typing import Annotated, Literal

from pydantic import Field

from events.base import Label, Ref
from events.rounds import Method
from services.core.command import Command, Day, Month
from services.policy.part import Key

ROUND = "round/"


class RoundCommand(Command):
    """A command about one round, such as `2026-06`."""

    round: Ref

    @property
    def aggregate(self) -> str:
        """The round's own record."""
        return f"{ROUND}{self.round}"


class ScheduleRound(RoundCommand):
    """Give a round its place in the year, or another one (TOR-24, TOR-62, TOR-63, HAL-19, SOU-15, SWI-16).

    What is left out follows from the policy: the services from its rotation, the start is the first working day of
    the month (A-TOR-14, A-SOU-02), the end its last day.
    """

    command: Literal["round.schedule"]
    month: Month = Field(description="Such as 2026-06.")
    kind: Label | None = None
    name: Label | None = None
    services: tuple[Label, ...] = ()
    theme: Label | None = None
    areas: tuple[Label, ...] = Field(default=(), description="Sections of the form that it looks at.")
    starts: Day | None = None
    ends: Day | None = None


class PlanRound(RoundCommand):
    """Open the plan of a round, or change it (TOR-25, TOR-27). `units` are the directory's services under audit."""

    command: Literal["round.plan"]
    focus: Label | None = None
    origin: Label | None = None
    units: tuple[Ref, ...] = ()


class AddEnquiries(RoundCommand):
    """Add the lines of enquiry that the head of a service picked (TOR-26, TOR-27)."""

    command: Literal["round.enquire"]
    lines: tuple[Label, ...] = Field(min_length=1)


class AgreeQuestions(RoundCommand):
    """Record the questions of the round for one service, as they were agreed with its manager (TOR-29, TOR-54)."""

    command: Literal["round.agree_questions"]
    service: Label
    manager: Ref
    questions: tuple[Label, ...] = Field(min_length=1)


class RequestData(RoundCommand):
    """Ask for the round's data (TOR-11, TOR-30, TOR-31). A late request is recorded as late, never refused."""

    command: Literal["round.request_data"]


class ReceiveData(RoundCommand):
    """Record that the round's data came, and as which case list they were imported."""

    command: Literal["round.receive_data"]
    cases: Ref | None = None


class ApproveRound(RoundCommand):
    """Approve the plan as it stands (TOR-28).

    A role that is one of each service approves for the `units` named, or for all in which the actor holds the post.
    """

    command: Literal["round.approve"]
    units: tuple[Ref, ...] = ()


class ReviewRound(RoundCommand):
    """Record that bodies looked at the planned round again (SWI-46)."""

    command: Literal["round.review"]
    bodies: tuple[Label, ...] = Field(min_length=1)


class DrawRound(RoundCommand):
    """Draw children from a case list by a draw that the policy names (TOR-32, TOR-35).

    Without a `seed` it follows from the frame, so that nobody can pick it. `services` and `teams` say of whom to
    draw; without both, of the services of the round. `like` draws children that resemble one (TOR-37).
    """

    command: Literal["round.draw"]
    draw: Key
    cases: Ref
    size: Annotated[int | None, Field(ge=1, le=5000)] = None
    method: Method | None = None
    services: tuple[Label, ...] = ()
    teams: tuple[Ref, ...] = ()
    like: Ref | None = None
    seed: Ref | None = None


class AssignRound(RoundCommand):
    """Give each child of a draw to an auditor by chance (TOR-33): to `auditors`, or to those whom the policy names."""

    command: Literal["round.assign"]
    draw: Key
    auditors: tuple[Ref, ...] = ()
    seed: Ref | None = None


class RecordDips(RoundCommand):
    """Record which children were dip sampled in the round (TOR-35)."""

    command: Literal["round.record_dips"]
    sampled: tuple[Ref, ...] = Field(min_length=1, max_length=5000)
