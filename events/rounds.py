"""A round of auditing: its place in the year, its plan, who approved it, what was drawn and who audits what.

All of it lies on the stream of the round (`round/2026-06`). Lines of enquiry and questions are about a service, never
about a child, so that no event here carries a text that would have to be sealed.
"""

from datetime import date

from pydantic import Field

from events.base import Fact, Label, Ref
from events.vocabulary import Method
from events.wording import key


class RoundScheduled(Fact):
    """The round has its place in the year, or another one.

    `services` are the service areas that are audited in it, `areas` the sections of the form that it looks at.
    """

    stored_name = "round.scheduled.v1"
    clause = "a round has its place in the year"
    acts = ("round.schedule",)
    kind: Label
    name: Label
    services: tuple[Label, ...]
    theme: Label | None = None
    areas: tuple[Label, ...] = ()
    starts: date
    ends: date

    def sentence(self) -> str:
        return f"{self.name} ({self.kind}) runs from {self.starts} to {self.ends}{_of(self.services)}."


class RoundPlanned(Fact):
    """The plan of the round was opened or changed. `units` are the services under audit as the directory knows them.

    A changed plan is approved afresh.
    """

    stored_name = "round.planned.v1"
    clause = "the plan of the round is opened"
    acts = ("round.plan",)
    diagnostics: tuple[Label, ...]
    focus: Label | None = None
    origin: Label | None = None
    units: tuple[Ref, ...] = ()

    def sentence(self) -> str:
        return f"The plan of the round was opened{_from(self.focus, self.origin)}."


class EnquiriesAdded(Fact):
    """The head of a service under audit picked lines of enquiry; they are a part of the plan."""

    stored_name = "round.enquiries_added.v1"
    clause = "lines of enquiry are picked"
    acts = ("round.enquire",)
    lines: tuple[Label, ...]

    def sentence(self) -> str:
        return f"Lines of enquiry were picked: {'; '.join(self.lines)}."


class QuestionsAgreed(Fact):
    """The questions of this round for one service, as they were agreed with its manager; a part of the plan."""

    stored_name = "round.questions_agreed.v1"
    clause = "the questions of the round are agreed"
    acts = ("round.agree_questions",)
    service: Label
    manager: Ref
    questions: tuple[Label, ...]

    def sentence(self) -> str:
        return f"Questions for {self.service} were agreed with {self.manager}: {'; '.join(self.questions)}."


class DataRequested(Fact):
    """The data of the round were asked for. `late`: after `latest`, the last day on which that is early enough."""

    stored_name = "round.data_requested.v1"
    clause = "the data of the round are asked for"
    acts = ("round.request_data",)
    asked: Label
    since: date
    until: date
    latest: date | None = None
    late: bool = False

    def sentence(self) -> str:
        late = ", late" if self.late else ""
        return f"The data from {self.since} to {self.until} were asked of {key(self.asked)}{late}."


class DataReceived(Fact):
    """The data of the round have come; `cases` is the case list that they were imported as."""

    stored_name = "round.data_received.v1"
    clause = "the data of the round have come"
    acts = ("round.receive_data",)
    cases: Ref | None = None

    def sentence(self) -> str:
        return f"The data of the round came{f' as case list {self.cases}' if self.cases else ''}."


class RoundApproved(Fact):
    """A role approved the plan as it stood: for these units, where the role is one of each service."""

    stored_name = "round.approved.v1"
    clause = "the plan of the round is approved"
    acts = ("round.approve",)
    approver: Label
    units: tuple[Ref, ...] = ()

    def sentence(self) -> str:
        return f"The plan was approved as {key(self.approver)}{_of(self.units)}."


class RoundReviewed(Fact):
    """Bodies looked at the planned round again."""

    stored_name = "round.reviewed.v1"
    clause = "a body looks at the round again"
    acts = ("round.review",)
    bodies: tuple[Label, ...]

    def sentence(self) -> str:
        return f"The planned round was looked at again by {', '.join(self.bodies)}."


class RoundDrawn(Fact):
    """Children were drawn from a case list so that anybody can draw them again.

    The frame is what the list held after its first `cases_version` events, less what the filters leave out
    (`services` and `teams`, of which one must fit; open by `open_by`; with a value for each of `needs`; like the
    child `like` in each of `alike`) and less `excluded`, who were audited on or after `not_since`. `frame_digest` and
    `frame_size` prove it; `size`, `method`, `strata`, `spread` and `seed` give the choice (services/rounds/drawing.py
    says how). With `per` the `size` is that of each team (service, practitioner, strand); `short` says of which there
    were fewer, and how many.
    """

    stored_name = "round.drawn.v1"
    clause = "the children of the round are drawn"
    acts = ("round.draw",)
    draw: Label
    on: date
    cases: Ref
    cases_version: int
    services: tuple[Label, ...] = ()
    teams: tuple[Ref, ...] = ()
    open_by: date | None = None
    needs: tuple[Label, ...] = ()
    like: Ref | None = None
    alike: tuple[Label, ...] = ()
    not_since: date | None = None
    excluded: tuple[Ref, ...] = ()
    frame_size: int
    frame_digest: str
    size: int
    method: Method
    strata: Label | None = None
    spread: Label | None = None
    seed: Ref
    chosen: tuple[Ref, ...]
    per: Label | None = None
    short: dict[Label, int] = Field(default_factory=dict)

    def sentence(self) -> str:
        each = f", {self.size} of each {self.per}" if self.per else ""
        fewer = ", ".join(f"{name} has {count}" for name, count in self.short.items())
        return (
            f"{len(self.chosen)} of {self.frame_size} children of case list {self.cases} were drawn "
            f"({self.method}{each}) for “{self.draw}” with seed {self.seed}{f'; {fewer}' if fewer else ''}."
        )


class RoundAssigned(Fact):
    """Each child of a draw was given to an auditor by chance: `pairs` holds the auditor of each child.

    `room` says how many files each candidate could still take, and `loads` how many each had. `barred` names for a
    child those who may not audit it.
    """

    stored_name = "round.assigned.v1"
    clause = "the children of a draw are given to auditors"
    acts = ("round.assign",)
    draw: Label
    seed: Ref
    room: dict[Ref, int]
    loads: dict[Ref, int]
    barred: dict[Ref, tuple[Ref, ...]]
    pairs: dict[Ref, Ref]

    def sentence(self) -> str:
        return (
            f"The {len(self.pairs)} children of “{self.draw}” were given to auditors by chance with seed {self.seed}."
        )


class RoundAuditGiven(Fact):
    """An audit of the round was given out: written together with its allocation."""

    stored_name = "round.audit_given.v1"
    clause = "an audit of the round is given out"
    audit: Ref
    audit_type: Label
    child: Ref
    auditor: Ref

    def sentence(self) -> str:
        return f"Audit {self.audit} of the round was given to {self.auditor}."


class RoundAuditCounted(Fact):
    """An audit of the round counts towards its target: written with the act that makes it count."""

    stored_name = "round.audit_counted.v1"
    clause = "an audit of the round counts"
    audit: Ref
    count: int = 1

    def sentence(self) -> str:
        return f"Audit {self.audit} counts towards the round."


class RoundAuditWithdrawn(Fact):
    """An audit of the round was voided. `count` takes back what it had counted."""

    stored_name = "round.audit_withdrawn.v1"
    clause = "an audit of the round is voided"
    audit: Ref
    count: int = 0

    def sentence(self) -> str:
        return f"Audit {self.audit} of the round was voided."


class DipsRecorded(Fact):
    """So many children were dip sampled in the round. `undrawn` are those whom no draw had chosen."""

    stored_name = "round.dips_recorded.v1"
    clause = "children are dip sampled in the round"
    acts = ("round.record_dips",)
    children: tuple[Ref, ...]
    count: int
    undrawn: tuple[Ref, ...] = ()

    def sentence(self) -> str:
        return f"{self.count} children were dip sampled."


class FileGiven(Fact):
    """A file was given out in this month: written together with the allocation of its audit."""

    stored_name = "files.given.v1"
    audit: Ref
    child: Ref
    auditor: Ref

    def sentence(self) -> str:
        return f"The file of child {self.child} was given to {self.auditor} as audit {self.audit}."


class FilePassedOn(Fact):
    """A file of this month was given to another auditor."""

    stored_name = "files.passed_on.v1"
    audit: Ref
    auditor: Ref

    def sentence(self) -> str:
        return f"The file of audit {self.audit} was passed on to {self.auditor}."


class FileTakenBack(Fact):
    """The audit of a file of this month was voided or exempted."""

    stored_name = "files.taken_back.v1"
    audit: Ref

    def sentence(self) -> str:
        return f"Audit {self.audit} of a file of the month was voided or exempted."


def _of(names: tuple[str, ...]) -> str:
    return f" for {', '.join(names)}" if names else ""


def _from(focus: str | None, origin: str | None) -> str:
    return (f", on {focus}" if focus else "") + (f", from {origin}" if origin else "")
