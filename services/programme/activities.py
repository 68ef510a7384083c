"""What counts towards the tasks, from all events of an authority: recorded activities, returned audits, entries."""

from collections import Counter
from collections.abc import Iterable, Iterator
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
from events.programme import TaskRecorded, TaskSkipped
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

PROGRAMME = ("audit/", "duty/", "entry/", "dispute/", "round/")
"""Records of the programme's own work; people and units are put down before it begins."""


def team_by(auditor: str, team: str | None) -> Named:
    """How an audit names its team together with who audited it."""
    return f"team by {auditor}", team


@dataclass(slots=True)
class _Audit:
    """An audit as the tasks see it: `since` is the day of its allocation, `on` that of its return.

    `moderated` says who moderated it when.
    """

    allocated: AuditAllocated
    auditor: str
    since: date
    on: date | None = None
    exempt: bool = False
    moderated: list[tuple[str, date]] = field(default_factory=list)

    def named(self) -> Iterator[Named]:
        yield from (("auditor", self.auditor), ("worker", self.allocated.worker), ("team", self.allocated.team))
        yield team_by(self.auditor, self.allocated.team)
        reviewers = (self.allocated.reviewer, *self.allocated.further_reviewers)
        yield from (("reviewer", each) for each in reviewers if each is not None)
        yield ANYBODY


@dataclass(slots=True)
class EntryActivity:
    """An entry as the tasks see it. `said` holds what can be counted of its answers, those of its steps too."""

    recorded: EntryRecorded
    steps: set[str] = field(default_factory=set)
    said: set[tuple[str, str]] = field(default_factory=set)

    @property
    def count(self) -> int:
        """For how many it counts: for each of its items, or once."""
        return len(self.recorded.items) or 1

    def take(self, fact: EntryRecorded | EntryStepped) -> None:
        """Add the answers of the entry or of a step."""
        self.said |= {(answer.question, word) for answer in fact.answers for word in answer.plain}

    def names(self, as_what: str, whom: str | None) -> bool:
        """Whether the entry names somebody so: as `holder`, `person` or `team`; with None, it need not."""
        return whom is None or getattr(self.recorded, as_what) == whom


@dataclass(slots=True)
class Activities:
    """Everything that counts towards the tasks. Further files and re-audits are left out (A-ESX-14).

    `began` is the day of the first act that is about more than people and units: the programme's own first day here.
    """

    recorded: dict[str, list[TaskRecorded]] = field(default_factory=dict)
    skipped: dict[str, list[TaskSkipped]] = field(default_factory=dict)
    entries: dict[str, list[EntryActivity]] = field(default_factory=dict)
    returned: Counter[tuple[str, Named, int, int]] = field(default_factory=Counter)
    allocated: Counter[tuple[str, Named, int, int]] = field(default_factory=Counter)
    moderated: Counter[tuple[str, Named, int, int]] = field(default_factory=Counter)
    issued: dict[tuple[str, str, str | None], date] = field(default_factory=dict)
    """The reports that were issued once their period was over: their name, period and unit, and the first day of it."""
    began: date | None = None
    auditors: dict[str, set[str]] = field(default_factory=dict)
    """Who audited files of each team."""

    def audits(self, types: Iterable[str], named: Named, period: Period, when: Counted = "returned") -> int:
        """How many audits of these types, naming somebody so, were returned, allocated or moderated in the period."""
        counted = {"returned": self.returned, "allocated": self.allocated, "moderated": self.moderated}[when]
        return sum(counted[kind, named, *month] for kind in types for month in period.months())


def gather(events: Iterable[Recorded]) -> Activities:
    """What the events come to, in whatever order aggregates stand among each other.

    Voided audits are none. One that was exempted was chosen and given out, and that is all (A-SOU-03).
    """
    activities = Activities()
    audits: dict[str, _Audit] = {}
    entries: dict[str, EntryActivity] = {}
    for each in events:
        fact = each.fact
        if each.originator_id.startswith(PROGRAMME):
            on = min(local_date(each.envelope.occurred), getattr(fact, "on", date.max))
            activities.began = on if activities.began is None else min(activities.began, on)
        match fact:
            case TaskRecorded():
                activities.recorded.setdefault(fact.duty, []).append(fact)
            case TaskSkipped():
                activities.skipped.setdefault(fact.duty, []).append(fact)
            case ReportIssued():
                _take_issue(activities, fact, local_date(each.envelope.occurred))
            case EntryRecorded() | EntryStepped() | EntryWithdrawn():
                _take_entry(entries, each)
            case _:
                _take_audit(audits, each)
    for entry in entries.values():
        activities.entries.setdefault(entry.recorded.kind, []).append(entry)
    for audit in audits.values():
        _count(activities, audit)
    return activities


def _count(activities: Activities, audit: _Audit) -> None:
    kind = audit.allocated.audit_type
    activities.allocated.update((kind, named, audit.since.year, audit.since.month) for named in audit.named())
    if audit.exempt:
        return
    activities.auditors.setdefault(audit.allocated.team, set()).add(audit.auditor)
    for moderator, on in audit.moderated:
        named = (("moderator", moderator), *audit.named())
        activities.moderated.update((kind, each, on.year, on.month) for each in named)
    if audit.on is not None:
        activities.returned.update((kind, named, audit.on.year, audit.on.month) for named in audit.named())


def _take_issue(activities: Activities, fact: ReportIssued, on: date) -> None:
    """A report is owed after its period: one that was issued before its end says nothing of what was still to come."""
    if on > fact.last:
        name = (fact.report, fact.period, fact.unit)
        activities.issued[name] = min(on, activities.issued.get(name, on))


def _take_entry(entries: dict[str, EntryActivity], recorded: Recorded) -> None:
    about = recorded.originator_id
    match recorded.fact:
        case EntryRecorded() as fact:
            entries[about] = EntryActivity(fact)
            entries[about].take(fact)
        case EntryStepped() as fact if about in entries:
            entries[about].steps.add(fact.step)
            entries[about].take(fact)
        case EntryWithdrawn():
            entries.pop(about, None)


def _take_audit(audits: dict[str, _Audit], recorded: Recorded) -> None:
    about = recorded.originator_id
    match recorded.fact:
        case AuditAllocated(reaudit_of=None, extra_of=None) as fact:
            audits[about] = _Audit(fact, fact.auditor, local_date(recorded.envelope.occurred))
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
