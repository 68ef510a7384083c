"""The pure function at the heart: history and policy in, obligations with their exact dates out.

Nothing here reads a clock, a server or a file. The timekeeper, the escalator, the sweeper, `sightline plan`
and the view of what is owed all ask this one function.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from events.recorded import Recorded
from services.clock import local_date
from services.obligations.again import Begun, owed_again
from services.obligations.discharge import changes_of, given_up
from services.obligations.framework import (
    Framework,
    Held,
    Rule,
    begun_in,
    framework_of,
    open_in,
    with_what_they_count_from,
)
from services.obligations.log import Log
from services.obligations.model import (
    ANYTHING,
    ActsOn,
    Ended,
    Obligation,
    Wanted,
    ended,
    every,
    met_since,
)
from services.obligations.moments import Bases, When
from services.obligations.rungs import Running, paused, rungs_of
from services.obligations.starts import Start, dated_by_act, earliest, starts
from services.obligations.stopping import Course, joined, stops_for
from services.policy.judging import began_under
from services.policy.model import ObligationRule, Policy
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
    began = began_under(log.acts, policies)
    frameworks = tuple(framework_of(policies.version(version), began) for version in versions)
    held, counted_from = (open_in if open_alone else begun_in)(frameworks, log.happened)
    if wanted is not every:
        rules = [rule for _, found in held for rule in found]
        asked = with_what_they_count_from(rules, {rule.name for rule in rules if wanted(rule.stated)})
        held = [(framework, [rule for rule in found if rule.name in asked]) for framework, found in held]
    asking = Asking(log, counted_from, held)
    found = [each for framework, rules in held for each in _of_version(asking, framework, rules)]
    return tuple(each for each in found if wanted(each.rule))


def last_day(policy: Policy, rule: ObligationRule, bases: Bases) -> When | None:
    """The last day of an obligation, or its last instant if it is counted in hours; None if it has none.

    `bases` holds the dates of its trigger and of the events before it. What is counted in hours moves off no day.
    """
    return _last_day(Rule(rule, policy), replace(bases, year_start=policy.calendar.year_start))


def _last_day(rule: Rule, bases: Bases) -> When | None:
    stated = rule.stated
    if stated.due is None:
        return None
    found = bases.counted(stated.due, rule.calendar)
    began = bases.whens.get("trigger")
    if stated.if_past and found and began and found.day < began.day:
        found = bases.counted(stated.if_past, rule.calendar)
    if found is None or found.at is not None:
        return found
    return When(rule.calendar.roll(found.day, rule.rolling))


class Asking:
    """One question about one record: its log, and the last days that were worked out for it so far.

    With `counted_from` what is open is asked for alone, and of the rest only what it names is worked out. `held` are
    the rules that are asked for, of each version.
    """

    def __init__(self, log: Log, counted_from: frozenset[str] | None, held: Held) -> None:
        self.log, self.counted_from, self.held = log, counted_from, held
        self.dues: dict[str, When | None] = {}

    @property
    def open_alone(self) -> bool:
        """Whether what is open is asked for alone."""
        return self.counted_from is not None

    def is_counted_from(self, rule: Rule) -> bool:
        """Whether the rule's last days must be worked out, whatever became of its clocks."""
        return self.counted_from is None or rule.name in self.counted_from or rule.stated.again_every is not None


class Dates:
    """The dates that the moments of one clock are counted from: each is worked out where a moment asks for it.

    A date that the triggering event carries is called after its field (`trigger.starts`).
    """

    def __init__(self, asking: Asking, trigger: Recorded) -> None:
        self._log, self._dues, self._trigger = asking.log, asking.dues, trigger
        self._began = When(local_date(trigger.envelope.occurred))

    def get(self, name: str, /) -> When | None:
        """The date of that name; None for what has not come."""
        if name == "trigger":
            return self._began
        if name.startswith("trigger."):
            carried = self._trigger.fact.__dict__.get(name.removeprefix("trigger."))
            if isinstance(carried, date) and not isinstance(carried, datetime):
                return When(carried)
        return self._log.when(name) or self._dues.get(name)


def _of_version(asking: Asking, framework: Framework, begun: Sequence[Rule]) -> Iterator[Obligation]:
    """The clocks of these rules that began under this version; each tells its last day to those after it."""
    version = framework.policy.version
    for rule in begun:
        counted = asking.is_counted_from(rule)
        for start in starts(asking.log, rule):
            if start.trigger.envelope.policy_version != version:
                continue
            for found in _series(asking, Begun(framework, rule, start), even_if_over=counted):
                # What is counted from a last day that stands still has not come, unless that day had passed by then.
                comes = found.due is not None and (found.stands is None or found.overdue_from is not None)
                last = When(found.due, found.due_at) if found.due and comes else None
                asking.dues.setdefault(f"{rule.name}.due", last)
                if not asking.open_alone or found.is_open:
                    yield found


def _series(asking: Asking, begun: Begun, *, even_if_over: bool) -> Iterator[Obligation]:
    """What a clock owes and, where its rule says so, what is owed again each time that it was met."""
    first: Obligation | None = None
    following: Begun | None = begun
    while following is not None:
        begun = following
        found = _obligation(asking, begun.framework, begun.rule, begun.start, even_if_over=even_if_over)
        if found is None:
            return
        yield found
        first = first or found
        following = owed_again(asking.log, begun, first, found, asking.held)


def _obligation(
    asking: Asking, framework: Framework, rule: Rule, start: Start, *, even_if_over: bool
) -> Obligation | None:
    """One clock; None for one that is over, where that can be said without its last day and that is not needed.

    Of one that is not open, where what is open is asked for alone, no steps are worked out.
    """
    log, stated, trigger = asking.log, rule.stated, start.trigger
    fell_away = earliest(start.fell_away, log.stopped)
    if stated.until is not None:
        fell_away = earliest(fell_away, given_up(log, rule, trigger, start.key))
    if not even_if_over and fell_away is not None:
        return None
    changes = None if stated.early_window is not None else changes_of(log, rule, trigger, start.key, None)
    if not even_if_over and changes is not None and met_since(changes) is not None:
        return None
    began = trigger.envelope.occurred
    bases = Bases(Dates(asking, trigger), began, log.instants, rule.policy.calendar.year_start)
    last = _last(log, framework, rule, start, bases)
    pauses = _pauses(log, local_date(began)) if stated.paused_by_agreed_date else []
    opens = _opens(rule, last and last.day)
    if changes is None:
        changes = changes_of(log, rule, trigger, start.key, opens)
    course = _course(log, rule, start, ended(met_since(changes), fell_away))
    days = course.last_days(last) if course else [last]
    moved = days[-1] if course else last
    steps = rungs_of(log, rule, start, bases, Running(course, days, pauses))
    found = Obligation(
        rule=stated,
        key=start.key,
        trigger=trigger,
        due=moved and (moved.day if course else paused(moved.day, pauses, ends_with_the_day=True)),
        due_at=moved and moved.at,
        changes=changes,
        rungs=() if asking.open_alone else tuple(steps),
        opens=opens,
        acts_on=ActsOn(needed=True, since=log.first_action) if rule.about_actions_alone else ANYTHING,
        progress=log.sums(stated.met_by, stated.met_sum),
        fell_away=fell_away,
        stands=course.stands if course else None,
    )
    return replace(found, rungs=tuple(steps)) if asking.open_alone and found.is_open else found


def _course(log: Log, rule: Rule, start: Start, over: Ended | None) -> Course | None:
    """How the clock ran until it was over: what stopped it after that moves nothing. None if it never stood still."""
    if not rule.stated.stops_for or not log.stops:
        return None
    stops = stops_for(rule.stated, start.key, log.stops)
    spans = joined(stops, start.trigger.envelope.occurred, over[0] if over else None)
    return Course(rule.stated, rule.calendar, rule.rolling, spans) if spans else None


def _last(log: Log, framework: Framework, rule: Rule, start: Start, bases: Bases) -> When | None:
    """The last day: one that was agreed, else the one that the triggering event carries, else the policy's.

    A day that the event carries is the policy's own where both are the same, and then its instant holds.
    """
    if start.due is not None:
        return When(start.due, start.due_at)
    trigger = start.trigger
    due: date | None = trigger.fact.__dict__.get("due")  # one without it would ask pydantic, at length
    if due is None or dated_by_act(log, trigger, framework) is not rule.stated:
        return _last_day(rule, bases)
    own = _last_day(rule, bases) if rule.stated.by_clock else None
    return own if own is not None and own.day == due else When(due)


def _opens(rule: Rule, due: date | None) -> date | None:
    """The first day on which what is done counts; None if any day does (A-ALL-07)."""
    if rule.stated.early_window is None or due is None:
        return None
    return rule.calendar.shift(due, rule.stated.early_window, -1)


def _pauses(log: Log, began: date) -> list[tuple[date, date]]:
    """The pauses, as far as they fall into a clock that began on that day."""
    return [(max(start, began), end) for start, end in log.pauses if end > began]
