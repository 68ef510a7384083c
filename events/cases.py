"""Case lists as an authority keeps them: which children have an open case, on which lists, with which team and whom.

One aggregate holds one list (`cases/<list>`). Nothing here names anybody: a child is a reference drawn at random (in
the first days, the keyed name of its number), the number is sealed with the child's key, and teams and
practitioners are opaque references.
"""

from datetime import date

from pydantic import BaseModel, ConfigDict

from events.base import Fact, Label, Ref, Sealed
from events.wording import in_words


class ListedCase(BaseModel):
    """One child's case as a list has it.

    `child` is the same in every list of the authority. `lists` are the lists that the child stands on, in the field's
    words. `open_since` is None where it is not known or where nothing is open any more; `age` counts full years on the
    list's date, None where it is not known or the child is not born yet.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    child: Ref
    number: Sealed
    lists: tuple[Label, ...] = ()
    service: Label | None = None
    team: Ref | None = None
    worker: Ref | None = None
    open_since: date | None = None
    strand: Label | None = None
    age: int | None = None


class CaseListOpened(Fact):
    """A list began to be taken in. `kind` is the form of the file, `as_of` the day on which the list was true.

    `file_hash` is a keyed name of the content: nobody without the key can check a guess against it.
    """

    stored_name = "cases.opened.v1"
    file_hash: Ref
    kind: Label
    as_of: date

    def sentence(self) -> str:
        return f"A case list as of {in_words(self.as_of)} began to be taken in."


class CasesListed(Fact):
    """A part of the list. No child stands in two parts."""

    stored_name = "cases.listed.v1"
    cases: tuple[ListedCase, ...]

    def sentence(self) -> str:
        return f"{len(self.cases)} cases were taken into the list."


class CaseListClosed(Fact):
    """The list is complete, and from now on usable.

    `taken` counts its children, `left_out` the rows of the file that could not be used.
    """

    stored_name = "cases.closed.v1"
    taken: int
    left_out: int

    def sentence(self) -> str:
        return f"The case list is complete with {self.taken} cases; {self.left_out} rows were left out."
