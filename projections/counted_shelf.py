"""What was read of each record for a report: for one question, to be asked of several of its periods."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from events.audits import AuditAllocated
from events.registers import EntryRecorded
from projections.counted_records import CountedAudit, CountedEntry, Told, begun, take_of_audit, take_of_entry
from projections.dates import local_date

ENTRY = "entry/"
"""How the names of entries begin."""

LEFT = (("action.set", "action.completed", "action.confirmed"), ("escalation.raised", "escalation.resolved"))
"""What may be left open on a record that has come to its end, with what ends it."""

BEGUN = "audit.allocated"
ENDS = ("audit.closed", "audit.voided", "audit.exempted")
"""What an audit begins with, and what brings it to its end."""

BOUNDS = frozenset({BEGUN, *ENDS, *(each for held in LEFT for each in held)})
"""What says whether a record is at its end."""


@dataclass(frozen=True, slots=True)
class Span:
    """The days from `first` to `last` that are asked about, and what counts for them.

    Of an audit counts what happened before the instant `until`, of an entry what it says of a day up to `until`'s,
    whenever that was written down; of both, where `known` is given, only what was recorded before that instant.
    """

    first: date
    last: date
    until: datetime
    known: datetime | None = None

    def holds(self, told: Told) -> bool:
        """Whether an event counts for these days, as far as it is known."""
        return told.occurred < self.until or (told.about.startswith(ENTRY) and told.day <= self.last_day)

    @property
    def last_day(self) -> date:
        """The last day of which something counts."""
        return local_date(self.until - datetime.resolution)


@dataclass(slots=True)
class Record:
    """One record as it was read: its known events in their order, and the days of all that is known, in theirs."""

    told: list[Told]
    days: list[date]
    begun: date
    ended: date
    left: list[list[list[date]]]
    newest: datetime
    graded: list[Told] | None = None
    _stood: dict[int, CountedAudit | CountedEntry | None] = field(default_factory=dict)

    @classmethod
    def of(cls, told: list[Told]) -> "Record":
        """The record of these events."""
        by_event: dict[str, list[date]] = {}
        for each in told:
            if (event := each.event) in BOUNDS:
                by_event.setdefault(event, []).append(each.day)
        return cls(
            told,
            sorted(each.day for each in told),
            begun=min(by_event.get(BEGUN, ()), default=date.max),
            ended=min((day for event in ENDS for day in by_event.get(event, ())), default=date.max),
            left=[[sorted(by_event.get(event, ())) for event in each] for each in LEFT if each[0] in by_event],
            newest=max(each.occurred for each in told),
        )

    def notice(self, day: date) -> None:
        """Take in that something happened that day which is not read with the record."""
        insort(self.days, day)

    def stood(self, span: Span) -> CountedAudit | CountedEntry | None:
        """What it was by the events that count for these days: folded once for all spans for which the same ones do.

        What counts for a span counts for each that lasts longer, so as many events are the same events.
        """
        told = self.told if self.newest < span.until else [each for each in self.told if span.holds(each)]
        if len(told) not in self._stood:
            self._stood[len(told)] = _folded(told)
        return self._stood[len(told)]

    def touched(self, span: Span) -> bool:
        """Whether anything happened to it in the span."""
        return bisect_left(self.days, span.first) < bisect_right(self.days, span.last)

    def alive(self, span: Span) -> bool:
        """Whether anything happened to it in the span, or it had not come to its end before."""
        return (
            self.touched(span)
            or (self.begun <= span.last and self.ended >= span.first)
            or any(_left_open(each, span.last) for each in self.left)
        )


def _left_open(days: Sequence[Sequence[date]], last: date) -> bool:
    """Whether more began by the day, by the first of these lists, than came to an end of any kind, by the others."""
    began, *ended = (bisect_right(each, last) for each in days)
    return began > max(ended)


def _folded(events: Iterable[Told]) -> CountedAudit | CountedEntry | None:
    """The record that these events of one make; None where they do not hold its beginning."""
    found: CountedAudit | CountedEntry | None = None
    for told in events:
        fact = told.fact
        if isinstance(fact, AuditAllocated):
            found = begun(told, fact)
        elif isinstance(fact, EntryRecorded):
            found = CountedEntry(told.about, fact, told.mark)
        if isinstance(found, CountedAudit):
            take_of_audit(found, told)
        elif found is not None:
            take_of_entry(found, told)
    return found


@dataclass(slots=True)
class Shelf:
    """What was read for one question, and from which day to which: what several periods of it ask is read once.

    `asked_from` is the first day that the question will come to, if it is known: who asks first reads from there on.
    A record that is alive in a part of these days is on the shelf: what a later day ends happened in them, and what
    nothing ends is left at their end.
    """

    first: date = date.max
    last: date = date.min
    asked_from: date = date.max
    records: dict[str, Record] = field(default_factory=dict)

    def within(self, span: Span) -> bool:
        """Whether what the span asks for is here."""
        return self.first <= span.first and span.last <= self.last
