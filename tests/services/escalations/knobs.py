"""Policies in which one knob was turned, and histories as an earlier edition of the system recorded them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, time
from unittest.mock import patch

from events.escalations import Step
from services.obligations import calendar
from services.policy.expressions import Moment
from services.policy.model import Alert, ObligationRule, Policy
from services.policy.versions import Policies
from services.policy.yearly import Yearly
from services.rehearsal import MemoryStore
from tests.desks import SHIPPED, TestDesk

Knob = Callable[[Policy], Policy]


def calendar_of(**settings: object) -> Knob:
    return lambda policy: policy.model_copy(update={"calendar": policy.calendar.model_copy(update=settings)})


def due_of(obligation: str, due: str) -> Knob:
    def turned(policy: Policy) -> Policy:
        rules = (
            rule.model_copy(update={"due": Moment.parse(due)}) if rule.name == obligation else rule
            for rule in policy.obligations
        )
        return policy.model_copy(update={"obligations": tuple(rules)})

    return turned


def triggered_by(obligation: str, event: str) -> Knob:
    def turned(policy: Policy) -> Policy:
        rules = (
            rule.model_copy(update={"trigger": rule.trigger.model_copy(update={"events": (event,)})})
            if rule.name == obligation
            else rule
            for rule in policy.obligations
        )
        return policy.model_copy(update={"obligations": tuple(rules)})

    return turned


def offset_of(obligation: str, step: str, on: str) -> Knob:
    def turned(policy: Policy) -> Policy:
        def moved(rules: Iterable[ObligationRule | Alert]) -> Iterator[ObligationRule | Alert]:
            for rule in rules:
                wanted = step if rule.name == obligation else None
                ladder = (
                    rung.model_copy(update={"on": Moment.parse(on)}) if rung.name == wanted else rung
                    for rung in rule.ladder
                )
                yield rule.model_copy(update={"ladder": tuple(ladder)})

        return policy.model_copy(
            update={"obligations": tuple(moved(policy.obligations)), "alerts": tuple(moved(policy.alerts))}
        )

    return turned


KNOBS: Mapping[str, Knob] = {
    "hour": calendar_of(notice_hour=time(9, 30)),
    "closure": calendar_of(closures=(date(2026, 3, 10), date(2026, 4, 1), date(2026, 4, 20))),
    "closed each year": calendar_of(closed_each_year=(Yearly.parse("9 March to 11 March"), Yearly.parse("20 April"))),
    "rolling": calendar_of(roll_non_working="previous"),
    "later": offset_of("team_confirmation", "second_request", "first_request + 15 working days"),
    "earlier": offset_of("team_confirmation", "first_request", "trigger + 2 weeks"),
    "due": due_of("team_confirmation", "trigger + 8 weeks"),
    "shorter": due_of("team_confirmation", "trigger + 6 weeks"),
}


def counting_working_days(policy: Policy) -> Policy:
    """Torbay's framework as it would be if closures and bank holidays bore on the dates of its confirmation."""
    policy = calendar_of(roll_non_working="next")(policy)
    policy = offset_of("team_confirmation", "first_request", "trigger + 15 working days")(policy)
    return offset_of("team_confirmation", "second_request", "first_request + 10 working days")(policy)


TORBAY = counting_working_days(SHIPPED["torbay"].newest)


def policies(*versions: Policy) -> Policies:
    return Policies("torbay", versions)


@contextmanager
def one_more_bank_holiday(day: date) -> Iterator[None]:
    """As after an upgrade of the calendar of bank holidays."""
    known = calendar.bank_holidays
    with patch.object(calendar, "bank_holidays", lambda year: known(year) | {day}):
        yield


def as_recorded_before(desk: TestDesk) -> None:
    """Leave of each step what an earlier edition recorded of it: neither its trigger nor its number."""
    assert isinstance(desk.store, MemoryStore)
    for events in desk.store.streams.values():
        for place, each in enumerate(events):
            if isinstance(each.fact, Step):
                events[place] = replace(each, fact=each.fact.model_copy(update={"trigger": "", "number": 0}))
