"""What becomes of an authority's reports: what people write in them, and what was issued, as it was.

One stream holds one report of one period (`report/<name>-2026-Q1`, of one unit `report/<name>-2026-Q1--<unit>`). The
pages of an issue are stored here themselves, since neither views nor programs of a later day make the same again. They
hold opaque references, figures and words of the framework. What people wrote is not in them: a page names the version
of each text, which stays sealed in the event that it was written with.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from events.base import Fact, Label, Ref, Sealed
from events.directory import Hashed
from events.wording import by_when, key

Copy = Literal["named", "suppressed"]
"""A named copy is for those who may be told everything; in a suppressed one nobody is told from a small number."""

Zipped = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]+={0,2}$", max_length=400_000)]
"""A piece of a page: compressed (zlib), then base64."""


class ReportPart(BaseModel):
    """A part of a fact about a report."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class OfReport(Fact):
    """Something about one report of one period, and of one unit where the framework asks for one of each.

    A base of contracts: no event of its own.
    """

    report: Label
    period: Ref
    unit: Ref | None = None

    @property
    def called(self) -> str:
        """The report as a sentence names it."""
        return f"“{key(f'report/{self.report}')}” for {self.period}" + (f" of {self.unit}" if self.unit else "")


class ReportCommented(OfReport):
    """Somebody wrote what stands in one place of the report. `version` counts what was written there.

    The text is sealed with the key of the `child` whom it names or, where it names none, with the report's own.
    """

    stored_name = "report.commented.v1"
    clause = "somebody writes what stands in a report"
    acts = ("report.comment",)
    place: Label
    version: int
    narrative: Sealed
    child: Ref | None = None

    def sentence(self) -> str:
        again = "" if self.version == 1 else f", version {self.version}"
        return f"“{self.place}” was written in {self.called}{again}."


class ReportOwed(OfReport):
    """The period from `first` to `last` is over: from now on the report is owed, by the day `due`.

    Sightline itself records it, of a report with a ladder: its clock begins with a period and not with an act. It
    happened at the first instant after the period, whenever it was recorded.
    """

    stored_name = "report.owed.v1"
    clause = "the period of a report is over"
    by_calendar = True
    first: date
    last: date
    due: date

    def sentence(self) -> str:
        return f"{self.called} is owed, {by_when(self.due)}."


class IssuedPage(ReportPart):
    """One copy as it was issued: the hash (SHA-256) and the length of its bytes, and in how many pieces they are kept.

    The hash is of the page without what people wrote: it stays true when a child is erased.
    """

    which: Copy
    digest: Hashed
    size: int
    pieces: int


class IssuedText(ReportPart):
    """Which version of what people wrote was issued in a place, with the hash of the text as it is sealed.

    That hash needs no key: it proves that the text is the one that was issued, also once nobody can read it any more.
    """

    place: Label
    version: int
    digest: Hashed


class PageKept(OfReport):
    """One piece of a page that is issued in the same batch. The pieces of a copy in their order are its bytes."""

    stored_name = "report.page_kept.v1"
    clause = "a page of a report is kept as it is issued"
    acts = ("report.issue",)
    issue: int
    which: Copy
    piece: int
    content: Zipped

    def sentence(self) -> str:
        return f"Piece {self.piece} of the {self.which} copy of {self.called} was kept for issue {self.issue}."


class ReportIssued(OfReport):
    """The report was issued as it stood. A further `issue` replaces none before it: each stays as it was.

    They are kept for as long as the history is (TOR-136).

    It was made of the history up to `position`, by the rules of the version `policy`; as of a day where `happened_by`
    or `known_by` say one. `audience` holds the posts that are told, `shared_with` whoever else it went to.
    """

    stored_name = "report.issued.v1"
    clause = "a report is issued"
    acts = ("report.issue",)
    issue: int
    first: date
    last: date
    position: int
    policy: Label
    happened_by: date | None = None
    known_by: date | None = None
    pages: tuple[IssuedPage, ...]
    texts: tuple[IssuedText, ...] = ()
    audience: tuple[Label, ...] = ()
    shared_with: tuple[Label, ...] = ()

    def sentence(self) -> str:
        again = "" if self.issue == 1 else f" again (issue {self.issue})"
        told = [*map(key, self.audience), *self.shared_with]
        whom = f", for {', '.join(told)}" if told else ""
        return f"{self.called} was issued{again}, as it stood at position {self.position}{whom}."
