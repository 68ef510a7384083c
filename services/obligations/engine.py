"""The pure function at the heart: history and policy in, obligations with their exact dates out.

Nothing here reads a clock, a server or a file. The timekeeper, the escalator, the sweeper, `sightline plan`
and the view of what is owed all ask this one function.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial

from events.recorded import Recorded
from services.clock import at_local, local_date
from services.obligations.calendar import WorkingCalendar
from services.obligations.discharge import about_actions_alone, changes_of, given_up
from services.obligations.log import Log
from services.obligations.model import (
    ANYTHING,
    END_OF_DAY,
    ActsOn,
    Obligation,
    Rung,
    Wanted,
    every,
    met_since,
)
from services.obligations.moments import MIDNIGHT, Bases, When, overdue_from
from services.obligations.starts import Start, dated_by_act, earliest, starts
from services.obligations.stopping import Course, joined, stops_for
from services.policy.judging import began_under, graded_as
from services.policy.ladders import Hour, LadderStep
from services.policy.model import ObligationRule, Policy
from services.policy.rules import OWED, rules
from services.policy.versions import Policies


def obligations(
    history: Sequence[Recorded], policies: Policies, wanted: Wanted = every, *, open_alone: bool = False
) -> tuple[Obligation, ...]:
    """Every obligation that a record's history has given rise to, each under the policy of its trigger (A-ALL-11).

    Sets of grades are those of the scale that the record is graded on, the one of the version that it began under.
    `history` is one aggregate's events in the order of their versions. The same input gives the same answer, and those
    of the rules that are `wanted` are the same as among all, and so are those that are open where they are asked for
    alone: then little is worked out of the rest.
    """
    log = Log(history)
    versions = dict.fromkeys(each.envelope.policy_version for each in log.acts)
    known: dict[str, When | None] = {name: log.when(name) for name in log.happened}
    began = began_under(log.acts, policies)
    frameworks = [graded_as(policies.version(version), began) for version in versions]
    held = [(policy, _rules_of(log, policy)) for policy in frameworks]
    if wanted is not every:
        asked = _asked([rule for _, begun in held for rule in begun], wanted)
        held = [(policy, [rule for rule in begun if rule.name in asked]) for policy, begun in held]
    counted_from = None if not open_alone else frozenset().union(*(policy.counted_from for policy in frameworks))
    found = [each for policy, begun in held for each in _of_version(log, policy, begun, known, counted_from)]
    return tuple(each for each in found if wanted(each.rule))


def _rules_of(log: Log, policy: Policy) -> list[ObligationRule]:
    """The rules that may have begun on the record: those of reports on the record of a report alone."""
    held = rules(policy) if OWED in log.happened else policy.obligations
    return [rule for rule in held if not log.happened.isdisjoint(rule.trigger.events)]


def _asked(held: Sequence[ObligationRule], wanted: Wanted) -> set[str]:
    """The names of the rules that are wanted, and of those on whose last days these count."""
    names: set[str] = set()
    more = {rule.name for rule in held if wanted(rule)}
    while more:
        names |= more
        moments = [
            moment
            for rule in held
            if rule.name in more
            for moment in (rule.due, rule.if_past, *(step.on for step in rule.ladder))
        ]
        more = {moment.base.removesuffix(".due") for moment in moments if moment is not None} - names
    return names


def last_day(policy: Policy, rule: ObligationRule, bases: Bases) -> When | None:
    """The last day of an obligation, or its last instant if it is counted in hours; None if it has none.

    `bases` holds the dates of its trigger and of the events before it. What is counted in hours moves off no day.
    """
    if rule.due is None:
        return None
    calendar = WorkingCalendar.of(policy, rule)
    bases = bases.with_month_ends(policy.calendar.year_start)
    found = bases.counted(rule.due, calendar)
    began = bases.whens.get("trigger")
    if rule.if_past and found and began and found.day < began.day:
        found = bases.counted(rule.if_past, calendar)
    if found is None or found.at is not None:
        return found
    return When(calendar.roll(found.day, rule.roll_non_working or policy.calendar.roll_non_working))


def _of_version(
    log: Log,
    policy: Policy,
    begun: Sequence[ObligationRule],
    known: dict[str, When | None],
    counted_from: frozenset[str] | None,
) -> Iterator[Obligation]:
    """The clocks of these rules that began under this policy. `known` gathers the dates for later rules.

    With `counted_from` those that are open are given alone, and of the others only what it names is worked out.
    """
    for rule in begun:
        if counted_from is not None and not rule.met_by and rule.name not in counted_from:
            continue
        for start in starts(log, rule, policy):
            if start.trigger.envelope.policy_version != policy.version:
                continue
            if counted_from is not None and rule.name not in counted_from and _is_over(log, rule, start):
                continue
            found = _obligation(log, rule, policy, start, known, open_alone=counted_from is not None)
            # What is counted from a last day that stands still has not come, unless that day had passed by then.
            comes = found.due is not None and (found.stands is None or found.overdue_from is not None)
            known.setdefault(f"{rule.name}.due", When(found.due, found.due_at) if found.due and comes else None)
            if counted_from is None or found.is_open:
                yield found


def _is_over(log: Log, rule: ObligationRule, start: Start) -> bool:
    """Whether the clock is not open, where that can be said without its last day."""
    if start.fell_away is not None or log.stopped is not None:
        return True
    return rule.early_window is None and met_since(changes_of(log, rule, start.trigger, start.key, None)) is not None


def _obligation(
    log: Log,
    rule: ObligationRule,
    policy: Policy,
    start: Start,
    known: Mapping[str, When | None],
    *,
    open_alone: bool,
) -> Obligation:
    began = start.trigger.envelope.occurred
    whens = {**known, **log.dates_in(start.trigger), "trigger": When(local_date(began))}
    bases = Bases(whens, began, log.instants).with_month_ends(policy.calendar.year_start)
    last = _last(log, rule, policy, start, bases)
    pauses = _pauses(log, local_date(began)) if rule.paused_by_agreed_date else []
    opens = _opens(rule, policy, last and last.day)
    found = Obligation(
        rule=rule,
        key=start.key,
        trigger=start.trigger,
        due=_paused(last and last.day, pauses, ends_with_the_day=True),
        due_at=last and last.at,
        changes=changes_of(log, rule, start.trigger, start.key, opens),
        opens=opens,
        acts_on=ActsOn(needed=True, since=log.first_action) if about_actions_alone(rule) else ANYTHING,
        progress=log.sums(rule.met_by, rule.met_sum),
        fell_away=earliest(start.fell_away, log.stopped, given_up(log, rule, start.trigger, start.key)),
    )
    course = _course(log, rule, policy, found)
    days = course.last_days(last)
    if course.is_broken:
        moved = days[-1]
        found = replace(found, due=moved and moved.day, due_at=moved and moved.at, stands=course.stands)
    if open_alone and not found.is_open:
        return found
    rungs = _rungs(rule, policy, start, bases, Running(course, days, pauses))
    return replace(found, rungs=tuple(_repeated(log, rule, start, rungs)))


def _course(log: Log, rule: ObligationRule, policy: Policy, found: Obligation) -> Course:
    """How the clock ran until it ended: what stopped it after that moves nothing."""
    ended = found.ended()
    stops = stops_for(rule, found.key, log.stops) if rule.stops_for and log.stops else iter(())
    spans = joined(stops, found.trigger.envelope.occurred, ended[0] if ended else None)
    rolling = rule.roll_non_working or policy.calendar.roll_non_working
    return Course(rule, WorkingCalendar.of(policy, rule), rolling, spans)


def _last(log: Log, rule: ObligationRule, policy: Policy, start: Start, bases: Bases) -> When | None:
    """The last day: one that was agreed, else the one that the triggering event carries, else the policy's.

    A day that the event carries is the policy's own where both are the same, and then its instant holds.
    """
    if start.due is not None:
        return When(start.due, start.due_at)
    trigger = start.trigger
    due: date | None = getattr(trigger.fact, "due", None)
    if due is None or dated_by_act(log, trigger, policy) is not rule:
        return last_day(policy, rule, bases)
    own = last_day(policy, rule, bases) if rule.by_clock else None
    return own if own is not None and own.day == due else When(due)


def _opens(rule: ObligationRule, policy: Policy, due: date | None) -> date | None:
    """The first day on which what is done counts; None if any day does (A-ALL-07)."""
    if rule.early_window is None or due is None:
        return None
    return WorkingCalendar.of(policy, rule).shift(due, rule.early_window, -1)


@dataclass(frozen=True, slots=True)
class Running:
    """What the steps of one clock are counted by: its stops, its last day after each of them, and its pauses."""

    course: Course
    days: Sequence[When | None]
    pauses: Sequence[tuple[date, date]]


def _rungs(rule: ObligationRule, policy: Policy, start: Start, bases: Bases, running: Running) -> Iterator[Rung]:
    calendar = WorkingCalendar.of(policy, rule)
    steps = {step.name: step for step in rule.ladder}
    began = start.trigger.envelope.occurred

    def counted(step: LadderStep, due: When | None) -> When | None:
        base = steps.get(step.on.base)
        if base is not None:
            return bases.having(step.on.base, counted(base, due)).counted(step.on, calendar)
        if due is not None and rule.by_clock:
            due = When(due.day, overdue_from(due))  # a day that was agreed lasts to its end
        return bases.having("due", due).counted(step.on, calendar)

    for step in rule.ladder:
        effect = partial(_goes, step, policy)
        days = running.days if _counted_from_due(step, steps) else ()
        when = running.course.step(partial(counted, step), days, effect, step.on.span)
        if when is not None and not running.course.comes(when, effect):
            continue
        day = _paused(when and when.day, running.pauses)
        # What another obligation's day lists as outstanding had begun before that day, and not on it.
        if when is None or day is None or (step.on.base.endswith(".due") and day == local_date(began)):
            continue
        instant = effect(When(day, when.at))
        # On the day of its cause a step goes with it if its hour has passed; of an earlier day nobody can be told.
        too_late = instant < began if when.at else day < local_date(began)
        yield Rung(
            obligation=rule.name,
            step=step.name,
            key=start.key,
            due=instant if too_late else max(instant, began),
            kind=step.kind,
            level=step.level,
            title=step.title,
            to=step.to,
            trigger=start.trigger.envelope.event_id,
            too_late=too_late,
        )


def _repeated(log: Log, rule: ObligationRule, start: Start, rungs: Iterable[Rung]) -> Iterator[Rung]:
    """Each rung, and where the ladder says so again and again until somebody acknowledged it.

    Imported history is not repeated: nobody can say any more when it was first heard.
    """
    again = {step.name: step for step in rule.ladder if step.repeat_hours}
    for rung in rungs:
        yield rung
        step = again.get(rung.step)
        if step is None or step.repeat_hours is None or rung.too_late or start.trigger.envelope.imported:
            continue
        answered = log.answered.get((rung.obligation, rung.step, rung.trigger))
        for number in range(1, step.at_most):
            due = rung.due + timedelta(hours=number * step.repeat_hours)
            if answered is not None and answered <= due:
                break
            yield replace(rung, due=due, number=number)


def _goes(step: LadderStep, policy: Policy, when: When) -> datetime:
    """When a step of that day goes, or of that instant."""
    return when.at or at_local(when.day, _hour(step.hour, policy.calendar.notice_hour))


def _counted_from_due(step: LadderStep, steps: Mapping[str, LadderStep]) -> bool:
    base = steps.get(step.on.base)
    return step.on.base == "due" if base is None else _counted_from_due(base, steps)


def _hour(hour: Hour, notice_hour: time) -> time:
    return {"notice": notice_hour, "end of day": END_OF_DAY}.get(hour, MIDNIGHT)


def _pauses(log: Log, began: date) -> list[tuple[date, date]]:
    """The pauses, as far as they fall into a clock that began on that day."""
    return [(max(start, began), end) for start, end in log.pauses() if end > began]


def _paused(day: date | None, pauses: Sequence[tuple[date, date]], *, ends_with_the_day: bool = False) -> date | None:
    """The day moved on by every pause that began before it; a deadline lasts until the end of its day."""
    for start, end in pauses:
        if day and (day > start or (ends_with_the_day and day == start)):
            day += end - start
    return day
