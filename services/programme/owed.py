"""What is owed by the end of each period, and how much of it was done. Worked out on asking; nobody is told."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.directory.state import Directory
from services.obligations.periods import Period, periods
from services.obligations.report_dates import report_aggregate
from services.policy.model import Policy
from services.policy.tasks import Counted, Task, TaskClock, Way
from services.policy.versions import Policies
from services.programme.activities import ANYBODY, Activities, Issue, Named, team_by
from services.programme.rows import Owing, belonged, rows_of
from services.programme.wanted import audits_name, entries_name, said_in

State = Literal["open", "met", "met late", "overdue", "skipped"]


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One thing owed by the last day of one period. `done` of `needed` is of the way that is nearest to its end.

    `overdue` begins at midnight after `due`, in England; what is done later counts to the period in which it is done.
    `ground` says why it was skipped. A report is `met late` where it was first issued after that day; `record` is what
    holds its issues, and its steps where it has any; of a task it is that of the report by whose issue it counts.
    """

    task: str
    title: str
    source: tuple[str, ...]
    every: str
    first: date
    due: date
    role: str
    unit: str | None
    holders: tuple[str, ...]
    about: str | None
    done: int
    needed: int
    state: State
    reports_to: tuple[str, ...]
    ground: str | None = None
    record: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about the tasks: everything that falls due from `first` to `last`, as it stands on `today`."""

    first: date
    last: date
    today: date


def tasks(policies: Policies, directory: Directory, activities: Activities, asked: Asked) -> list[TaskRow]:
    """What is owed, by whom and about whom, and what of it was done.

    Each period is judged by the policy that was in force on its first day (A-ALL-11). A period that was over before the
    authority's record begins owes nothing: nobody can say what was done in it. The same input gives the same answer, in
    the order of dates and of the policy.
    """
    found = [
        row
        for policy in policies.versions
        for task in policy.duties
        for clock in task.clocks
        for books in [_Books(policy, directory, activities, asked.today, clock.ways, _meeting(policy, task, clock))]
        for period in periods(clock.every, asked.first, asked.last, policy.calendar.year_start)
        if clock.asked_in(period.last.month)
        and policies.in_force(period.first) is policy
        and (activities.began is None or period.last >= activities.began)
        for row in _rows(task, clock, period, books)
    ]
    return sorted(found, key=lambda row: row.due)


@dataclass(frozen=True, slots=True)
class _Books:
    """What the rows of a clock are worked out from: the `ways` of doing it, and the reports `meeting` it."""

    policy: Policy
    directory: Directory
    activities: Activities
    today: date
    ways: tuple[Way, ...]
    meeting: frozenset[str]


def _meeting(policy: Policy, task: Task, clock: TaskClock) -> frozenset[str]:
    return frozenset(each.name for each in policy.reports if each.meets_clock(task.name, clock))


def _rows(task: Task, clock: TaskClock, period: Period, books: _Books) -> Iterator[TaskRow]:
    for owing in rows_of(task, clock.every, period, books.policy, books.directory):
        issues = _issues(task, period, owing, books)
        tallies = [
            (
                _done(task, clock, way, period, owing, books) + (len(issues) if _told_of(way) else 0),
                _needed(task, way, period, owing, books.activities),
            )
            for way in books.ways
        ]
        done, needed = max(tallies, key=lambda tally: tally[0] / tally[1])
        late = [each for each in issues if each.on > period.last]
        ground = _ground(task, period, owing, books.activities)
        yield TaskRow(
            task=task.name,
            title=clock.title or task.title,
            source=task.source,
            every=clock.every,
            first=period.first,
            due=period.last,
            role=task.owner,
            unit=owing.unit,
            holders=owing.holders,
            about=owing.about,
            done=done,
            needed=needed,
            state="met late"
            if done - len(late) < needed <= done
            else _state(period, books.today, met=done >= needed, skipped=ground is not None),
            reports_to=clock.reports_to,
            ground=ground,
            record=report_aggregate(found.report, found.period, found.unit) if (found := _last(issues)) else None,
        )


def _state(period: Period, today: date, *, met: bool, skipped: bool) -> State:
    if met:
        return "met"
    if skipped:
        return "skipped"
    return "overdue" if today > period.last else "open"


def _done(task: Task, clock: TaskClock, way: Way, period: Period, owing: Owing, books: _Books) -> int:
    activities, own = books.activities, _own(task, period, owing, books)
    if way.audit_types and task.per == "other team":
        auditors = filter(own, activities.auditors.get(owing.about or "", ()))
        named = (team_by(auditor, owing.about) for auditor in auditors)
        return sum(activities.audits(way.audit_types, each, period, way.counted_when) for each in named)
    if way.audit_types:
        return activities.audits(way.audit_types, _named(task, owing, way.counted_when), period, way.counted_when)
    if way.entries is not None:
        return _entries(task, way, way.entries, period, owing, activities, own)
    counted = [
        each
        for each in activities.recorded.get(task.name, ())
        if each.on in period
        and each.item == way.item
        and set(way.evidence) <= set(each.evidence)
        and owing.about in {None, each.holder if task.per == "holder" else each.about}
        and own(each.holder)
    ]
    if way.item is None and clock.reports_to:
        told = (sum(each.count for each in counted if body in each.reported_to) for body in clock.reports_to)
        return min(told)
    return sum(each.count for each in counted)


def _issues(task: Task, period: Period, owing: Owing, books: _Books) -> list[Issue]:
    """The first issues of the reports that do what the clock asks for in the period, by whom the row asks for it.

    A report of the whole authority counts in the period in which it was issued: of which period it is, does not matter.
    One of a team tells of what was done in its own period, which the row's period must hold to its end: so issued
    later, it is still the work of whoever owed it then, and late. What another service issued is none (A-ESX-09).
    """
    if not books.meeting:
        return []
    first = books.activities.first_issues(_own(task, period, owing, books)).values()
    mine = [each for each in first if each.report in books.meeting and each.unit == owing.about]
    return [each for each in mine if (each.on if each.unit is None else each.last) in period]


def _told_of(way: Way) -> bool:
    """Whether it is done by being recorded, and not by audits or entries."""
    return not way.audit_types and way.entries is None


def _last(issues: list[Issue]) -> Issue | None:
    return max(issues, key=lambda each: each.on, default=None)


def _own(task: Task, period: Period, owing: Owing, books: _Books) -> Callable[[str], bool]:
    """Whose work counts for the row: about another service's team, that of the service which is paired with it.

    What somebody else did about the team, of its own service or of one that is not paired with it, is none (A-ESX-09).
    """
    if task.per != "other team" or owing.unit is None:
        return lambda _person: True
    scope = books.policy.roles[task.owner].scope
    return lambda person: belonged(books.directory, person, owing.unit, scope, period)


def _entries(  # noqa: PLR0913, PLR0917 - what is counted, of which row, and by whom
    task: Task,
    way: Way,
    register: str,
    period: Period,
    owing: Owing,
    activities: Activities,
    own: Callable[[str], bool],
) -> int:
    as_what, said = entries_name(task), said_in(way)
    return sum(
        each.count
        for each in activities.entries.get(register, ())
        if each.on in period
        and each.names(as_what, owing.about)
        and own(each.holder)
        and said <= each.said
        and each.steps.issuperset(way.steps)
    )


def _named(task: Task, owing: Owing, when: Counted = "returned") -> Named:
    """As what an audit that counts for the row names whom the row is about."""
    return ANYBODY if owing.about is None else (audits_name(task, when), owing.about)


def _needed(task: Task, way: Way, period: Period, owing: Owing, activities: Activities) -> int:
    if way.percent is None:
        return way.count
    frame = activities.audits(way.percent_of, _named(task, owing), period)
    return max(way.count, -(-frame * way.percent // 100))


def _ground(task: Task, period: Period, owing: Owing, activities: Activities) -> str | None:
    for each in activities.skipped.get(task.name, ()):
        if each.on in period and each.about == owing.about:
            return each.ground
    return None
