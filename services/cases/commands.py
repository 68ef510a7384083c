"""The command that takes in a part of a case list."""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from events.base import Label, Ref
from services.case_lists import case_list_aggregate
from services.core.command import Command, Day, Example, SetAside

LARGEST_PART = 500
"""Cases in one command: as one event they fill about a twentieth of the largest message."""

OLDEST = 30
"""Full years. Support for those who were in care ends at 25; whoever is older than this got there by a slip."""

ChildNumber = Annotated[str, StringConstraints(min_length=1, max_length=40, strip_whitespace=True), SetAside]


class CaseToList(BaseModel):
    """One child's case. `number` is the authority's own, and is sealed with the child's key before it is stored."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    child: Ref
    number: ChildNumber
    lists: tuple[Label, ...] = Field(default=(), max_length=20)
    service: Label | None = None
    team: Ref | None = None
    worker: Ref | None = None
    open_since: Day | None = None
    strand: Label | None = None
    age: Annotated[int, Field(ge=0, le=OLDEST)] | None = None


class ImportCases(Command):
    """Take in a part of a case list; the part that `closes` it makes it usable.

    What was not used of the file is counted in `left_out`, which the last part carries.
    """

    command: Literal["cases.import"]
    example: ClassVar[Example] = {
        "role": "qa_team",
        "list": "L-2026-01",
        "file_hash": "6b86b273ff34fce19d6b804eff5a3f57",
        "as_of": "2026-01-26",
        "closes": True,
        "cases": [
            {
                "child": "C-101",
                "number": "100101",
                "service": "SARS",
                "team": "T-1",
                "worker": "P-SW",
                "open_since": "2025-01-06",
                "strand": "Help and protection",
            },
            {
                "child": "C-102",
                "number": "100102",
                "service": "CWD",
                "team": "T-2",
                "worker": "P-SW2",
                "open_since": "2025-03-10",
                "strand": "Children with disability",
            },
        ],
    }
    list: Ref = Field(description="The case list, such as L-1.")
    kind: Label = Field(default="commands", description="What it was read from.")
    file_hash: Ref = Field(description="By what the file is known again.")
    as_of: Day = Field(description="The day as on which it was drawn up.")
    cases: tuple[CaseToList, ...] = Field(max_length=LARGEST_PART, description="The cases of this part.")
    closes: bool = Field(default=False, description="Whether it is the last part.")
    left_out: int = Field(default=0, ge=0, description="How many rows of the file were not used.")

    @property
    def aggregate(self) -> str:
        """The list's own record."""
        return case_list_aggregate(self.list)

    @property
    def children(self) -> tuple[str, ...]:
        """Every child of the part."""
        return tuple(case.child for case in self.cases)
