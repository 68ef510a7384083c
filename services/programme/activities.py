"""What counts towards the tasks, from all events of an authority: recorded activities, returned audits, entries."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from events.audits import (
    AuditAllocated,
    AuditExempted,
    AuditModerated,
    AuditReassigned,
    AuditSubmitted,
    AuditVoided,
)
from events.programme import RECORDS, TaskRecorded, TaskSkipped
from events.recorded import Recorded
from events.registers import EntryRecorded, EntryStepped, EntryWithdrawn
from events.reports import ReportIssued
from services.clock import local_date
from services.obligations.periods import Period
from services.policy.tasks import Counted

Named = tuple[str, str | None]
"""As what an audit names somebody (`auditor`, `moderator`, `worker`, `reviewer`, `team`) and whom.

`("", None)` stands for any audit.
"""

ANYBODY: Named = ("", None)

Issued = tuple[str, str, str | None]
"""What was issued: the name of the report, its period, and its unit."""


def team_by(auditor: str, team: str | None) -> Named:
    """How an audit names its team together with who audited it."""
    return f"team by {auditor}", team


@dataclass(slots=True)
class AuditActivity:
    """An audit as the tasks see it: `since` is the day of its allocation, `on` that of its return.

    `reviewers` are those whom it names as such, `moderated` says who moderated it when.
    """

    kind: str
    team: str
    worker: str
    reviewers: tuple[str, ...]
    auditor: str
    since: date
    on: date | None = None
    exempt: bool = False
    moderated: list[tuple[str, date]] = field(default_factory=list)

    def named(self) -> Iterator[Named]:
        """As what it names whom."""
        yield from (("auditor", self.auditor), ("worker", self.worker), ("team", self.team))
        yield team_by(self.auditor, self.team)
        yield from (("reviewer", each) for each in self.reviewers)
        yield ANYBODY


@dataclass(slots=True)
class EntryActivity:
    """An entry as the tasks see it: for which day, whom it names, and for how many it counts.

    `said` holds what can be counted of its answers, those of its steps too.
    """

    kind: str
    on: date
    holder: str
    person: str | None
    team: str | None
    subject: str | None
    count: int
    steps: set[str] = field(default_factory=set)
    said: set[tuple[str, str]] = field(default_factory=set)

    def names(self, as_what: str, whom: str | None) -> bool:
        """Whether the entry names somebody so: as `holder`, `person` or `team`; with None, it need not."""
        return whom is None or getattr(self, as_what) == whom


@dataclass(frozen=True, slots=True)
class TaskActivity:
    """Something that was done for a task (see `TaskRecorded`)."""

    on: date
    holder: str
    about: str | None = None
    item: str | None = None
    count: int = 1
    evidence: tuple[str, ...] = ()
    reported_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skip:
    """About whom a task need not be done in the period of the day, and why."""

    on: date
    about: str
    ground: str


@dataclass(frozen=True, slots=True)
class Issue:
    """A report that was issued once its period was over, the last day of which is `last`: by whom, and when."""

    report: str
    period: str
    unit: str | None
    last: date
    by: str
    on: date


@dataclass(slots=True)
class Activities:
    """Everything that counts towards the tasks. Further files and re-audits are left out (A-ESX-14).

    `began` is the day of the first act that is about more than people and units: the programme's own first day here.
    """

    recorded: dict[str, list[TaskActivity]] = field(default_factory=dict)
    skipped: dict[str, list[Skip]] = field(default_factory=dict)
    entries: dict[str, list[EntryActivity]] = field(default_factory=dict)
    returned: Counter[tuple[str, Named, int, int]] = field(default_factory=Counter)
    allocated: Counter[tuple[str, Named, int, int]] = field(default_factory=Counter)
    moderated: Counter[tuple[str, Named, int, int]] = field(default_factory=Counter)
    issues: list[Issue] = field(default_factory=list)
    began: date | None = None
    auditors: dict[str, set[str]] = field(default_factory=dict)
    """Who audited files of each team."""

    def first_issues(self, by: Callable[[str], bool] = lambda _person: True) -> dict[Issued, Issue]:
        """The first issue of each report, of each period and unit, by such a person."""
        first: dict[Issued, Issue] = {}
        for each in self.issues:
            name = (each.report, each.period, each.unit)
            if by(each.by) and (name not in first or each.on < first[name].on):
                first[name] = each
        return first

    def audits(self, types: Iterable[str], named: Named, period: Period, when: Counted = "returned") -> int:
        """How many audits of these types, naming somebody so, were returned, allocated or moderated in the period."""
        counted = {"returned": self.returned, "allocated": self.allocated, "moderated": self.moderated}[when]
        return sum(counted[kind, named, *month] for kind in types for month in period.months())

    def take_audit(self, audit: AuditActivity) -> None:
        """Count an audit that was not voided. One that was exempted was chosen and given out, and that is all."""
        kind = audit.kind
        self.allocated.update((kind, named, audit.since.year, audit.since.month) for named in audit.named())
        if audit.exempt:
            return
        self.auditors.setdefault(audit.team, set()).add(audit.auditor)
        for moderator, on in audit.moderated:
            named = (("moderator", moderator), *audit.named())
            self.moderated.update((kind, each, on.year, on.month) for each in named)
        if audit.on is not None:
            self.returned.update((kind, named, audit.on.year, audit.on.month) for named in audit.named())

    def take_entry(self, entry: EntryActivity) -> None:
        """Count an entry that was not withdrawn."""
        self.entries.setdefault(entry.kind, []).append(entry)

    def take_task(self, task: str, done: TaskActivity | Skip) -> None:
        """Count what was done for a task, or that it need not be."""
        if isinstance(done, Skip):
            self.skipped.setdefault(task, []).append(done)
        else:
            self.recorded.setdefault(task, []).append(done)

    def take_issue(self, issue: Issue) -> None:
        """Count an issue of a report that came after its period."""
        self.issues.append(issue)


Between = Callable[[date | None, date | None], Activities]
"""What counts between two days, or more than that; from the beginning, or to the end, where there is no day."""


def gather(events: Iterable[Recorded]) -> Activities:
    """What the events come to, in whatever order aggregates stand among each other.

    Voided audits are none. One that was exempted was chosen and given out, and that is all (A-SOU-03).
    """
    activities = Activities()
    audits: dict[str, AuditActivity] = {}
    entries: dict[str, EntryActivity] = {}
    for each in events:
        fact = each.fact
        if each.originator_id.startswith(RECORDS):
            on = min(local_date(each.envelope.occurred), getattr(fact, "on", date.max))
            activities.began = on if activities.began is None else min(activities.began, on)
        match fact:
            case TaskRecorded():
                told = fact.model_dump(exclude={"duty", "concern"})
                activities.take_task(fact.duty, TaskActivity(**told))
            case TaskSkipped():
                activities.take_task(fact.duty, Skip(fact.on, fact.about, fact.ground))
            case ReportIssued():
                _take_issue(activities, fact, each.envelope.actor, local_date(each.envelope.occurred))
            case EntryRecorded() | EntryStepped() | EntryWithdrawn():
                _take_entry(entries, each)
            case _:
                _take_audit(audits, each)
    for entry in entries.values():
        activities.take_entry(entry)
    for audit in audits.values():
        activities.take_audit(audit)
    return activities


def _take_issue(activities: Activities, fact: ReportIssued, by: str, on: date) -> None:
    """A report is owed after its period: one that was issued before its end says nothing of what was still to come."""
    if on > fact.last:
        activities.take_issue(Issue(fact.report, fact.period, fact.unit, fact.last, by, on))


def _take_entry(entries: dict[str, EntryActivity], recorded: Recorded) -> None:
    about = recorded.originator_id
    match recorded.fact:
        case EntryRecorded() as fact:
            told = fact.model_dump(include={"kind", "on", "holder", "person", "team", "subject"})
            entries[about] = EntryActivity(**told, count=len(fact.items) or 1, said=_said(fact))
        case EntryStepped() as fact if about in entries:
            entries[about].steps.add(fact.step)
            entries[about].said |= _said(fact)
        case EntryWithdrawn():
            entries.pop(about, None)


def _said(fact: EntryRecorded | EntryStepped) -> set[tuple[str, str]]:
    return {(answer.question, word) for answer in fact.answers for word in answer.plain}


def _take_audit(audits: dict[str, AuditActivity], recorded: Recorded) -> None:
    about = recorded.originator_id
    match recorded.fact:
        case AuditAllocated(reaudit_of=None, extra_of=None) as fact:
            reviewers = tuple(each for each in (fact.reviewer, *fact.further_reviewers) if each is not None)
            on = local_date(recorded.envelope.occurred)
            audits[about] = AuditActivity(fact.audit_type, fact.team, fact.worker, reviewers, fact.auditor, on)
        case AuditReassigned(auditor=auditor) if about in audits:
            audits[about].auditor = auditor
        case AuditSubmitted() if about in audits:
            audits[about].on = local_date(recorded.envelope.occurred)
        case AuditModerated(moderator=moderator) if about in audits:
            audits[about].moderated.append((moderator, local_date(recorded.envelope.occurred)))
        case AuditExempted() if about in audits:
            audits[about].exempt = True
        case AuditVoided():
            audits.pop(about, None)
