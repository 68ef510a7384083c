"""The pure function at the heart: history and policy in, obligations with their exact dates out.

Nothing here reads a clock, a server or a file. The timekeeper, the escalator, the sweeper, `sightline plan`
and the view of what is owed all ask this one function.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from functools import lru_cache

from events.recorded import Recorded
from services.clock import at_local, local_date
from services.obligations.calendar import WorkingCalendar, month_end
from services.obligations.discharge import about_actions_alone, changes_of
from services.obligations.log import Log
from services.obligations.model import (
    ANYTHING,
    END_OF_DAY,
    MIDNIGHT,
    ActsOn,
    Obligation,
    Rung,
    Stepped,
    Wanted,
    every,
)
from services.obligations.starts import Start, dated_by_act, earliest, starts
from services.policy.expressions import Moment
from services.policy.judging import began_under, graded_as
from services.policy.ladders import Hour, LadderStep
from services.policy.model import ObligationRule, Policy
from services.policy.rules import OWED, rules
from services.policy.versions import Policies


def obligations(
    history: Sequence[Recorded], policies: Policies, wanted: Wanted = every, stepped: Stepped = every
) -> tuple[Obligation, ...]:
    """Every obligation that a record's history has given rise to, each under the policy of its trigger (A-ALL-11).

    Sets of grades are those of the scale that the record is graded on, the one of the version that it began under.
    `history` is one aggregate's events in the order of their versions. The same input gives the same answer, and those
    of the rules that are `wanted` are the same as among all. The rungs of those that are not `stepped` are left out:
    whoever asks for what is open alone need not have the ladder of all that has ended worked out.
    """
    log = Log(history)
    versions = dict.fromkeys(each.envelope.policy_version for each in log.acts)
    known: dict[str, date | None] = {name: log.date_of(name) for name in log.happened}
    began = began_under(log.acts, policies)
    frameworks = [graded_as(policies.version(version), began) for version in versions]
    held = [(policy, _rules_of(log, policy)) for policy in frameworks]
    if wanted is not every:
        asked = _asked([rule for _, begun in held for rule in begun], wanted)
        held = [(policy, [rule for rule in begun if rule.name in asked]) for policy, begun in held]
    found = [each for policy, begun in held for each in _of_version(log, policy, begun, known, stepped)]
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


def due_date(policy: Policy, rule: ObligationRule, bases: Mapping[str, date | None]) -> date | None:
    """The last day of an obligation whose trigger and events fell on the dates in `bases`; None if it has none."""
    if rule.due is None:
        return None
    calendar = WorkingCalendar.of(policy)
    bases = _with_month_ends(bases)
    day = _day(rule.due, bases, calendar)
    began = bases.get("trigger")
    if rule.if_past and day and began and day < began:
        day = _day(rule.if_past, bases, calendar)
    return day and calendar.roll(day, policy.calendar.roll_non_working)


def _with_month_ends(bases: Mapping[str, date | None]) -> Mapping[str, date | None]:
    began = bases.get("trigger")
    if began is None:
        return bases
    return {**bases, **_month_ends(began)}


@lru_cache(maxsize=1_024)
def _month_ends(began: date) -> Mapping[str, date]:
    last = month_end(began)
    return {"month_end": last, "next_month_end": month_end(last + timedelta(days=1))}


def _of_version(
    log: Log, policy: Policy, begun: Sequence[ObligationRule], known: dict[str, date | None], stepped: Stepped
) -> Iterator[Obligation]:
    """The clocks of these rules that began under this policy. `known` gathers the dates for later rules."""
    for rule in begun:
        for start in starts(log, rule, policy):
            if start.trigger.envelope.policy_version == policy.version:
                found = _obligation(log, rule, policy, start, known, stepped)
                known.setdefault(f"{rule.name}.due", found.due)
                yield found


def _obligation(
    log: Log,
    rule: ObligationRule,
    policy: Policy,
    start: Start,
    known: Mapping[str, date | None],
    stepped: Stepped,
) -> Obligation:
    began = start.trigger.envelope.occurred
    bases = _with_month_ends({**known, **log.dates_in(start.trigger), "trigger": local_date(began)})
    stated = start.due or _carried(log, rule, policy, start.trigger)
    pauses = _pauses(log, local_date(began)) if rule.paused_by_agreed_date else []
    calculated = stated or due_date(policy, rule, bases)
    opens = _opens(rule, policy, calculated)
    found = Obligation(
        rule=rule,
        key=start.key,
        trigger=start.trigger,
        due=_paused(calculated, pauses, ends_with_the_day=True),
        changes=changes_of(log, rule, start.trigger, start.key, opens),
        opens=opens,
        acts_on=ActsOn(needed=True, since=log.first_action) if about_actions_alone(rule) else ANYTHING,
        progress=log.sums(rule.met_by, rule.met_sum),
        fell_away=earliest(start.fell_away, log.stopped),
    )
    if not stepped(found):
        return found
    rungs = _rungs(rule, policy, start, {**bases, "due": calculated}, pauses)
    return replace(found, rungs=tuple(_repeated(log, rule, start, rungs)))


def _carried(log: Log, rule: ObligationRule, policy: Policy, trigger: Recorded) -> date | None:
    """The date that the triggering event carries, if it is this obligation's."""
    due: date | None = getattr(trigger.fact, "due", None)
    return due if due is not None and dated_by_act(log, trigger, policy) is rule else None


def _opens(rule: ObligationRule, policy: Policy, due: date | None) -> date | None:
    """The first day on which what is done counts; None if any day does (A-ALL-07)."""
    if rule.early_window is None or due is None:
        return None
    return WorkingCalendar.of(policy).shift(due, rule.early_window, -1)


def _rungs(
    rule: ObligationRule,
    policy: Policy,
    start: Start,
    bases: Mapping[str, date | None],
    pauses: Sequence[tuple[date, date]],
) -> Iterator[Rung]:
    calendar = WorkingCalendar.of(policy)
    steps = {step.name: step for step in rule.ladder}
    began = start.trigger.envelope.occurred

    def day_of(step: LadderStep) -> date | None:
        base = steps.get(step.on.base)
        return _day(step.on, {**bases, step.on.base: day_of(base)} if base else bases, calendar)

    for step in rule.ladder:
        day = _paused(day_of(step), pauses)
        # What another obligation's day lists as outstanding had begun before that day, and not on it.
        if day is None or (step.on.base.endswith(".due") and day == local_date(began)):
            continue
        instant = at_local(day, _hour(step.hour, policy.calendar.notice_hour))
        # On the day of its cause a step goes with it if its hour has passed; of an earlier day nobody can be told.
        too_late = day < local_date(began)
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


def _hour(hour: Hour, notice_hour: time) -> time:
    return {"notice": notice_hour, "end of day": END_OF_DAY}.get(hour, MIDNIGHT)


def _day(moment: Moment, bases: Mapping[str, date | None], calendar: WorkingCalendar) -> date | None:
    base = bases.get(moment.base)
    if base is None or moment.span is None:
        return base
    return calendar.shift(base, moment.span, moment.sign)


def _pauses(log: Log, began: date) -> list[tuple[date, date]]:
    """The pauses, as far as they fall into a clock that began on that day."""
    return [(max(start, began), end) for start, end in log.pauses() if end > began]


def _paused(day: date | None, pauses: Sequence[tuple[date, date]], *, ends_with_the_day: bool = False) -> date | None:
    """The day moved on by every pause that began before it; a deadline lasts until the end of its day."""
    for start, end in pauses:
        if day and (day > start or (ends_with_the_day and day == start)):
            day += end - start
    return day
