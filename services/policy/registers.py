"""The shape of a policy's registers: what is recorded beside the audits, such as dip samples, observations and ratings.

They are alike, so there is one mechanism: an entry with a day, the people and places it is about, answers to the
register's own questions, items where it looks at several children, and later steps.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from services.policy.form import Question
from services.policy.part import Label, Part

RegisterName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
RoleName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]

About = Literal["child", "person", "team", "service", "subject"]
"""Whom or what an entry names. A `subject` is anything else with a reference: a home, a provider, a campaign."""


class RegisterStep(Part):
    """What happens to an entry later, such as a visit, an approval or the learning being shared.

    It is recorded once, by one of the roles in `by` (by anybody who may take steps, if there are none), after each
    of the steps in `after`. With `repeats` it may happen again, such as a monthly follow-up.
    """

    name: RegisterName
    title: Label
    by: tuple[RoleName, ...] = ()
    after: tuple[RegisterName, ...] = ()
    questions: tuple[Question, ...] = ()
    repeats: bool = False


class Register(Part):
    """One kind of record. `by` are the roles that may add an entry, among those that the acts name.

    An entry must name everything in `about` and may name what is in `may_name`. Where `planned`, it may lie ahead: it
    is then a plan until its steps say more. `items` are asked of each child that it looks at, at least
    `items_at_least` of them; fewer is taken with a warning.
    """

    name: RegisterName
    title: Label
    source: tuple[Label, ...] = Field(min_length=1)
    by: tuple[RoleName, ...] = ()
    about: tuple[About, ...] = ()
    may_name: tuple[About, ...] = ()
    planned: bool = False
    questions: tuple[Question, ...] = ()
    items: tuple[Question, ...] = ()
    items_at_least: int = Field(default=0, ge=0, le=1000)
    steps: tuple[RegisterStep, ...] = ()

    def step(self, name: str) -> RegisterStep | None:
        """The step of that name."""
        return next((each for each in self.steps if each.name == name), None)
