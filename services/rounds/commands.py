"""The commands about rounds of auditing."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from events.base import Label, Ref
from events.vocabulary import Method
from services.core.command import Command, Day, Example, Month
from services.policy.part import Key

ROUND = "round/"


class RoundCommand(Command):
    """A command about one round, such as `2026-06`."""

    round: Ref = Field(description="The round, such as 2026-06.")

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
    example: ClassVar[Example] = {"role": "qa_team", "round": "2026-02", "month": "2026-02"}
    month: Month = Field(description="Such as 2026-06.")
    kind: Label | None = Field(default=None, description="A kind of activity that the policy names.")
    name: Label | None = Field(default=None, description="What it is called; without one, as its kind.")
    services: tuple[Label, ...] = Field(
        default=(), description="The service areas that are audited; without one, those of the rotation."
    )
    theme: Label | None = Field(default=None, description="The theme.")
    areas: tuple[Label, ...] = Field(default=(), description="Sections of the form that it looks at.")
    starts: Day | None = Field(
        default=None, description="The first day, instead of the first working day of the month."
    )
    ends: Day | None = Field(default=None, description="The last day, instead of the last one of the month.")


class PlanRound(RoundCommand):
    """Open the plan of a round, or change it (TOR-25, TOR-27). `units` are the directory's services under audit."""

    command: Literal["round.plan"]
    example: ClassVar[Example] = {
        "role": "qa_team",
        "round": "2026-02",
        "units": ["S-1"],
        "focus": "chronologies",
        "origin": "management concern",
    }
    focus: Label | None = Field(default=None, description="What it looks at above all.")
    origin: Label | None = Field(default=None, description="Where the focus comes from, as the policy words it.")
    units: tuple[Ref, ...] = Field(default=(), description="The directory's services under audit.")


class AddEnquiries(RoundCommand):
    """Add the lines of enquiry that the head of a service picked (TOR-26, TOR-27)."""

    command: Literal["round.enquire"]
    example: ClassVar[Example] = {"role": "head_of_service", "round": "2026-02", "lines": ["Is the chronology used?"]}
    lines: tuple[Label, ...] = Field(min_length=1, description="A line of enquiry.")


class AgreeQuestions(RoundCommand):
    """Record the questions of the round for one service, as they were agreed with its manager (TOR-29, TOR-54)."""

    command: Literal["round.agree_questions"]
    example: ClassVar[Example] = {
        "role": "qa_team",
        "round": "2026-02",
        "service": "CWD",
        "manager": "P-SM",
        "questions": ["Does the plan say by when?"],
    }
    service: Label = Field(description="The service area.")
    manager: Ref = Field(description="Its manager, who agreed.")
    questions: tuple[Label, ...] = Field(min_length=1, description="A question of the round.")


class RequestData(RoundCommand):
    """Ask for the round's data (TOR-11, TOR-30, TOR-31). A late request is recorded as late, never refused."""

    command: Literal["round.request_data"]
    example: ClassVar[Example] = {"role": "qa_team", "round": "2026-02"}


class ReceiveData(RoundCommand):
    """Record that the round's data came, and as which case list they were imported."""

    command: Literal["round.receive_data"]
    example: ClassVar[Example] = {"role": "qa_team", "round": "2026-02", "cases": "L-2026-01"}
    cases: Ref | None = Field(default=None, description="The case list as which they were imported.")


class ApproveRound(RoundCommand):
    """Approve the plan as it stands (TOR-28).

    A role that is one of each service approves for the `units` named, or for all in which the actor holds the post.
    """

    command: Literal["round.approve"]
    example: ClassVar[Example] = {"role": "head_of_service", "round": "2026-02", "units": ["S-1"]}
    units: tuple[Ref, ...] = Field(
        default=(), description="For which services; without one, for all in which the actor holds the post."
    )


class ReviewRound(RoundCommand):
    """Record that bodies looked at the planned round again (SWI-46)."""

    command: Literal["round.review"]
    example: ClassVar[Example] = {"role": "qa_team", "round": "2026-02", "bodies": ["improvement board"]}
    bodies: tuple[Label, ...] = Field(min_length=1, description="A body that looked at it.")


class DrawRound(RoundCommand):
    """Draw children from a case list by a draw that the policy names (TOR-32, TOR-35).

    Without a `seed` it follows from the frame, so that nobody can pick it. `services` and `teams` say of whom to
    draw; without both, of the services of the round. `like` draws children that resemble one (TOR-37).
    """

    command: Literal["round.draw"]
    example: ClassVar[Example] = {
        "role": "qa_team",
        "round": "2026-02",
        "draw": "audits",
        "cases": "L-2026-01",
        "size": 2,
    }
    draw: Key = Field(description="A draw that the policy names, such as audits.")
    cases: Ref = Field(description="The case list to draw from.")
    size: Annotated[int | None, Field(ge=1, le=5000)] = Field(
        default=None, description="How many children, if not as many as the policy says."
    )
    method: Method | None = Field(default=None, description="How to draw, if not as the policy says.")
    services: tuple[Label, ...] = Field(default=(), description="Only of this service area.")
    teams: tuple[Ref, ...] = Field(default=(), description="Only of this team.")
    like: Ref | None = Field(default=None, description="Children that resemble this one.")
    seed: Ref | None = Field(default=None, description="The seed; without one, it follows from the frame.")


class AssignRound(RoundCommand):
    """Give each child of a draw to an auditor by chance (TOR-33): to `auditors`, or to those whom the policy names."""

    command: Literal["round.assign"]
    example: ClassVar[Example] = {
        "role": "qa_team",
        "round": "2026-02",
        "draw": "audits",
        "auditors": ["P-AUD", "P-SM"],
    }
    draw: Key = Field(description="A draw that the policy names, such as audits.")
    auditors: tuple[Ref, ...] = Field(default=(), description="Who takes part, if not all.")
    seed: Ref | None = Field(default=None, description="The seed; without one, it follows from the frame.")


class RecordDips(RoundCommand):
    """Record which children were dip sampled in the round (TOR-35)."""

    command: Literal["round.record_dips"]
    example: ClassVar[Example] = {"role": "qa_team", "round": "2026-02", "sampled": ["C-103", "C-104"]}
    sampled: tuple[Ref, ...] = Field(min_length=1, max_length=5000, description="A child that was sampled.")
