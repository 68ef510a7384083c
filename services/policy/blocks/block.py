"""What all building blocks of a report share: a title, which audits are meant, and by what they are set out."""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from services.policy.key_path import KeyPath
from services.policy.near import near
from services.policy.part import Key, Label, Part

if TYPE_CHECKING:  # a policy is made of blocks
    from services.policy.model import Policy

Problem = tuple[KeyPath, str]

By = Literal[
    "team",
    "service",
    "type",
    "strand",
    "age band",
    "auditor",
    "role of the auditor",
    "moderator",
    "grade",
    "stage",
    "round",
    "month",
]
"""By what audits are set out, a row for each. Teams and services are those of the directory, with a nought where one
has none."""


class ReportBlock(Part):
    """One block of a report. `shows` is what it is called in the policy's words."""

    shows: ClassVar[str]
    block: str
    title: Label | None = None

    def problems(self, policy: "Policy") -> Iterator[Problem]:
        """Each name of the block that the policy does not know, with the key where it stands in the block."""
        del policy
        yield from ()


class OfAudits(ReportBlock):
    """A block about audits: of some types or strands, or whose overall grade is in a set; all, where none is named."""

    types: tuple[Label, ...] = Field(default=(), title="of the types")
    strands: tuple[Label, ...] = Field(default=(), title="of the strands")
    graded: Key | None = Field(default=None, title="with an overall grade of the set")
    reaudits: Literal["among them", "left out", "alone"] = Field(default="among them", title="re-audits")

    def problems(self, policy: "Policy") -> Iterator[Problem]:
        """Each type, strand or set of grades that the policy does not know."""
        yield from unknown("type of audit", self.types, policy.tool.types, ("types",))
        yield from unknown("strand", self.strands, policy.tool.strands, ("strands",))
        yield from unknown_name("set of grades", self.graded, policy.grades.sets, "graded")


def unknown(what: str, named: Collection[str], known: Collection[str], at: KeyPath) -> Iterator[Problem]:
    """Each that is named and not known; where the key holds a list, with its place in it."""
    for number, each in enumerate(named):
        if each not in known:
            yield (*at, number), f"unknown {what} {each}{near(each, known)}"


def unknown_name(what: str, named: str | None, known: Collection[str], key: str) -> Iterator[Problem]:
    """The one name of a key, if it is given and not known."""
    if named is not None and named not in known:
        yield (key,), f"unknown {what} {named}{near(named, known)}"
