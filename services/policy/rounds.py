"""The shape of a policy's rounds of auditing: rotation, approvals, data, draws and who may be given a file."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from events.vocabulary import Method
from services.policy.expressions import SpanText
from services.policy.part import Label, Part

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]

Trait = Literal["service", "team", "worker", "strand"]
"""What the children of a case list have in common with others: by this they are spread, told apart or likened."""


class Rotation(Part):
    """Which service areas are audited in which month of a cycle that repeats (TOR-63, A-TOR-14).

    The cycle begins anew with the calendar month `first_month`.
    """

    first_month: int = Field(ge=1, le=12)
    months: tuple[Annotated[tuple[Label, ...], Field(min_length=1)], ...] = Field(min_length=1, max_length=12)

    def of(self, month: int) -> tuple[int, tuple[Label, ...]]:
        """Which month of the cycle a calendar month is, from 1, and the service areas of it."""
        place = (month - self.first_month) % 12 % len(self.months)
        return place + 1, self.months[place]


class Draw(Part):
    """A draw that a round may make from a case list (TOR-32, TOR-35, SWI-26).

    `size` children are drawn unless the command says otherwise, never more than `at_most`. The first of `methods` is
    the usual one; `strata` tells the strata apart. With `spread`, no team (practitioner, service, strand) has a second
    child in the sample before each has a first; with `one_of_each`, each has one, however many there are (SOU-23).
    With `per`, `size` children are drawn of each team (service, practitioner, strand), or all where there are fewer.
    A child must have been open for `min_open`, must not have been audited within `not_audited_within`, and the list
    must tell of it all that is in `needs`. A further sample that resembles one child shares `alike` with it (TOR-37).
    """

    name: Name
    size: int = Field(ge=1, le=5000)
    at_most: int | None = Field(default=None, ge=1, le=5000)
    methods: tuple[Method, ...] = Field(default=("random",), min_length=1)
    strata: Trait | None = None
    spread: Trait | None = None
    one_of_each: Trait | None = None
    per: Trait | None = None
    min_open: SpanText | None = None
    not_audited_within: SpanText | None = None
    needs: tuple[Trait, ...] = ()
    alike: tuple[Trait, ...] = ()


class Assignment(Part):
    """Who may be given the files of a round by chance, and how many a month each (TOR-33).

    `posts` are those whose holders take part. The allocated practitioner never audits their own file; with
    `not_own_team` nobody who holds a post in the child's team does, with `not_own_service` nobody of its service.
    """

    posts: tuple[Name, ...] = Field(min_length=1)
    each: int = Field(default=1, ge=1, le=100)
    not_own_team: bool = False
    not_own_service: bool = False


class Rounds(Part):
    """How rounds are planned. Everything may be left out: without `approvals` nothing is held back (TOR-28).

    `kinds` are the kinds of activity in the year's schedule. The plan holds the `diagnostics` that are the same for
    all (TOR-27); its focus comes from one of `origins` (TOR-25). Each of `service_areas` must stand in the rotation
    (TOR-1, TOR-36). Data is asked of `data_from` for the span `data_reach` before the round starts (TOR-31). A role of
    `approvals` that is one of each service approves for each unit under audit. Audits of `counted_types` (none named:
    all) count towards the target of the round once they were `counted`. With `trained_auditors`, audits are given to
    those on the register of trained auditors alone: while nobody is on it, to nobody (TOR-3).
    """

    kinds: tuple[Label, ...] = Field(default=("audit",), title="Kinds of activity in the year's schedule")
    rotation: Rotation | None = Field(
        default=None, title="Services are audited by turns, from a month of the year on, month by month"
    )
    service_areas: tuple[Label, ...] = Field(default=(), title="No turn of the rotation may leave out")
    diagnostics: tuple[Label, ...] = Field(default=(), title="Every plan holds")
    origins: tuple[Label, ...] = Field(default=(), title="The focus of a round comes from")
    data_from: Name | None = Field(default=None, title="Data of a round are asked of")
    data_reach: SpanText | None = Field(default=None, title="The data reach back from the start over")
    approvals: tuple[Name, ...] = Field(default=(), title="Audits of a round wait for the approval of")
    counted: Literal["submitted", "moderated"] = Field(
        default="submitted", title="An audit counts towards its round once it is"
    )
    counted_types: tuple[Label, ...] = Field(default=(), title="Of the types that count (none named: all)")
    draws: tuple[Draw, ...] = ()
    assignment: Assignment | None = Field(default=None, title="Files are given by chance to")
    trained_auditors: bool = Field(
        default=False, title="Only those on the register of trained auditors are given files"
    )

    def draw(self, name: str) -> Draw | None:
        """The draw of that name."""
        return next((each for each in self.draws if each.name == name), None)
