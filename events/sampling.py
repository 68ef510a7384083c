"""One month of auditing: which files came in, which audits came back, and the samples drawn from them.

All of it lies on the stream of the month (`month/2026-01`, or `month/2026-01-<service>` where each service keeps
its own), or of the longer period of which a sample is drawn (`month/2026-Q1`), so that a sample is drawn from exactly
the audits that its frame names.
"""

from pydantic import BaseModel, ConfigDict

from events.base import Fact, Label, Ref
from events.vocabulary import DrawnOf, SampledEvery
from events.wording import with_grade


class Terms(BaseModel):
    """What the size of a draw follows from, where the share carries over from draw to draw.

    `share` in per cent of the `counted` audits of these `types` (none named: all) that the period had so far, rounded
    up, and `at_least` so many; `drawn` of them had been drawn by chance before and still stood.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    of: DrawnOf
    types: tuple[Label, ...] = ()
    share: int
    at_least: int
    counted: int
    drawn: int

    @property
    def wanted(self) -> int:
        """How many are still to be drawn by chance."""
        return max(self.at_least, -(-self.counted * self.share // 100)) - self.drawn


class FileSelected(Fact):
    """A file of this team came into the month: written together with the allocation of its audit."""

    stored_name = "month.file_selected.v1"
    clause = "a file of the month is chosen"
    acts = ("audit.allocate",)
    audit: Ref
    audit_type: Label
    team: Ref

    def sentence(self) -> str:
        return f"Audit {self.audit} of team {self.team} was selected for the month."


class ReturnCounted(Fact):
    """An audit was returned in this month: written together with its return. `service` is the team's, if it has one."""

    stored_name = "month.return_counted.v1"
    clause = "an audit of the month is returned"
    acts = ("audit.submit",)
    audit: Ref
    audit_type: Label
    grade: Label | None
    service: Ref | None = None

    def sentence(self) -> str:
        return f"Audit {self.audit} was returned in the month {with_grade(self.grade)}."


class FileModerated(Fact):
    """An audit was moderated for the first time: written together with that, where samples ask whether it was.

    It lies on the record of each period, `every` month or longer, of whose moderated audits a sample is drawn, and is
    counted there. On that of the month in which the audit was returned it counts nothing (`every` is None): it ends
    what is owed there. `period` is the one in which it was moderated.
    """

    stored_name = "month.file_moderated.v1"
    clause = "an audit of the month is moderated"
    acts = ("audit.moderate",)
    audit: Ref
    audit_type: Label
    grade: Label | None
    every: SampledEvery | None
    period: Ref
    service: Ref | None = None

    def sentence(self) -> str:
        return f"Audit {self.audit} was moderated in {self.period} {with_grade(self.grade)}."


class FileWithdrawn(Fact):
    """An audit of this month was voided: it is in no frame, and its team's place is free again."""

    stored_name = "month.file_withdrawn.v1"
    clause = "an audit of the month is voided"
    audit: Ref

    def sentence(self) -> str:
        return f"Audit {self.audit} of the month was voided."


class SampleDiscussed(Fact):
    """The head of the service and those who worked on the files talked the sample through."""

    stored_name = "sample.discussed.v1"
    clause = "a sample is discussed"
    kinds = ("month",)
    acts = ("sample.discuss",)
    purpose: Label
    month: Ref
    participants: tuple[Ref, ...]

    def sentence(self) -> str:
        return f"The sample for “{self.purpose}” of {self.month} was discussed with {', '.join(self.participants)}."


class SampleDrawn(Fact):
    """A sample was drawn so that anybody can draw it again.

    Order `frame` by the SHA-256 (in hex) of `<seed>:<audit>`; the first `size` are drawn. `always` are those of the
    frame that are in the sample whatever the draw says. `chosen` is both, in the order of the frame. With `terms` the
    frame holds what could be drawn then and had stood in no earlier frame, and the size follows from them.
    """

    stored_name = "sample.drawn.v1"
    clause = "a sample is drawn"
    kinds = ("month",)
    acts = ("sample.draw",)
    purpose: Label
    month: Ref
    frame: tuple[Ref, ...]
    always: tuple[Ref, ...] = ()
    size: int
    seed: Ref
    chosen: tuple[Ref, ...]
    terms: Terms | None = None

    def sentence(self) -> str:
        chosen = f"{len(self.chosen)} of {len(self.frame)} audits of {self.month}"
        if self.terms is not None:
            chosen += f" that had not been in a draw ({self.size} by chance, {self.terms.drawn} before"
            chosen += f", of {self.terms.counted} so far)"
        names = ", ".join(self.chosen) or "none"
        return f"A sample for “{self.purpose}” was drawn with seed {self.seed}: {chosen}: {names}."
