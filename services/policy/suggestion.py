"""The shape of a computed overall grade: what the sections come to, and how far one may depart from it."""

from typing import Annotated, Literal

from pydantic import Field

from services.policy.part import Label, Part


class Deciding(Part):
    """A grade that is suggested whatever the sections come to: once `at_least` so many of them are `graded` so.

    `sections` limits it to those; none named means any of the form. Under `capped` it is the best grade that is
    suggested then, and a worse one stays.
    """

    grade: Label
    graded: tuple[Label, ...] = Field(min_length=1)
    sections: tuple[Label, ...] = ()
    at_least: int = Field(default=1, ge=1, le=50)


class Suggestion(Part):
    """How an overall grade is suggested from the auditor's grades of the sections.

    It is their mean by their places on the scale, to the nearest whole, a half to the `halves`; or the grade of the
    `worst` of them. In the mean a section counts as often as `weights` says, and once where it says nothing. What does
    not apply counts for neither. Of `capped`, each that holds lets it come to no better grade. The first of `deciding`
    that holds comes before all of that. An overall grade that is left out is the suggested one; another needs its
    reason, and is at most `departure` steps from it (none named: any number).
    """

    way: Literal["mean", "worst"] = "mean"
    halves: Literal["worse", "better"] = "worse"
    weights: dict[Label, Annotated[int, Field(ge=1, le=20)]] = Field(default_factory=dict)
    deciding: tuple[Deciding, ...] = ()
    capped: tuple[Deciding, ...] = ()
    departure: int | None = Field(default=None, ge=0, le=20)
