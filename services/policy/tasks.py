"""The shape of a policy's programme tasks: who owes what about whom by the end of each period."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.policy.part import Label, Said

TaskName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=50)]
"""Part of an aggregate's reference, together with a month: so it is a little shorter than other keys."""

RoleName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]

Every = Literal["month", "two months", "quarter", "third", "half year", "year", "calendar year"]
"""A third is a third of the year. Periods are counted from `calendar.year_start` (A-ESX-02, A-ESX-03).

Only a `calendar year` always begins in January: two weeks set for a year may lie in March and October (A-SWI-18).
"""

Per = Literal["authority", "holder", "person", "team", "other team", "area"]
Counted = Literal["returned", "allocated", "moderated"]
Named = Literal["worker", "reviewer", "auditor"]


class TaskPart(BaseModel):
    """A part of a task: read once, never changed, and with no room for a misspelt key."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Way(TaskPart):
    """One way of doing what a task asks for, `count` times.

    With `audit_types`, audits of those types count, by the day of their return or, where they are `counted_when`
    allocated or moderated, by the day of their selection or (for the moderator) of their moderation; else what
    `duty.record` recorded counts: with `item`
    only that kind of it, with `evidence` only what came with all of it. Further files and re-audits never count
    (A-ESX-14). With `entries` the entries of that register count, each for as many as it has items: those with the
    answers in `answered`, and only once all of `steps` have happened. With `percent`, so many of the returned audits
    of `percent_of` are asked for, rounded up, and `count` is the least (A-ESX-12).
    """

    count: int = Field(default=1, ge=1, le=1000)
    item: Label | None = None
    evidence: tuple[Label, ...] = ()
    audit_types: tuple[Label, ...] = ()
    counted_when: Counted = "returned"
    entries: RoleName | None = None
    answered: dict[RoleName, Said] = Field(default_factory=dict)
    steps: tuple[RoleName, ...] = ()
    percent: int | None = Field(default=None, ge=1, le=100)
    percent_of: tuple[Label, ...] = ()


class TaskClock(TaskPart):
    """How often, and to which roles or bodies the outcome goes.

    `any_of` lists ways of which one must be done in full; they are never mixed. Without it, the clock's own `count`,
    `item`, `evidence`, `audit_types` and `entries` are the one way. Where records count and no way names an `item`,
    it is done when every one of `reports_to` was reported to. What is asked for every month may be asked for
    `in_months` of the year alone.
    """

    every: Every
    in_months: tuple[Annotated[int, Field(ge=1, le=12)], ...] = ()
    title: Label | None = None
    reports_to: tuple[RoleName, ...] = ()
    count: int = Field(default=1, ge=1, le=1000)
    item: Label | None = None
    evidence: tuple[Label, ...] = ()
    audit_types: tuple[Label, ...] = ()
    counted_when: Counted = "returned"
    entries: RoleName | None = None
    answered: dict[RoleName, Said] = Field(default_factory=dict)
    steps: tuple[RoleName, ...] = ()
    any_of: tuple[Way, ...] = ()

    def asked_in(self, month: int) -> bool:
        """Whether it is asked for in a period that ends with that month of the calendar."""
        return not self.in_months or month in self.in_months

    @property
    def ways(self) -> tuple[Way, ...]:
        """The ways of which one must be done in full."""
        shared = Way.model_fields.keys() & TaskClock.model_fields.keys()
        return self.any_of or (Way.model_construct(**{name: getattr(self, name) for name in shared}),)


class Task(TaskPart):
    """A programme task: what a role owes by the last day of each period. Nobody is sent anything for it (A-ESX-11).

    `per` says what one row of it is: the authority; each `holder` of the owner's role; each `person` in a post of
    `people` (in the owner's own unit, where the owner has one); each `team` of the owner's unit, or of the other
    service that the owner's is paired with for the period (`other team`, A-ESX-09); or each `area` of the policy
    (A-ESX-22). `named_as` says as whom an audit names the person of the row. With `full_periods` a person counts from
    the first period that falls whole into their time in the post (A-ESX-16). `skip_grounds` are the
    reasons for which one row may be skipped (A-ESX-21).
    """

    name: TaskName
    title: Label
    source: tuple[Label, ...] = Field(min_length=1)
    owner: RoleName
    clocks: tuple[TaskClock, ...] = Field(min_length=1)
    per: Per = "authority"
    people: tuple[RoleName, ...] = ()
    named_as: Named | None = None
    full_periods: bool = True
    skip_grounds: tuple[Label, ...] = ()


class Standing(TaskPart):
    """A task of the framework without a clock: a standing task, or one that falls due with an occasion."""

    name: TaskName
    title: Label
    source: tuple[Label, ...] = Field(min_length=1)
    owners: tuple[RoleName, ...] = Field(min_length=1)
    reports_to: tuple[RoleName, ...] = ()
