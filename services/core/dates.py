"""Rules about dates that the decisions of several parts ask."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from events.base import Fact
from events.errors import Refused
from services.clock import local_date
from services.core.situation import Situation
from services.obligations.engine import last_day
from services.obligations.log import Log, name_of
from services.obligations.moments import Bases, When
from services.obligations.starts import dated_by, occasion_next


class Dated(Protocol):
    """A state that knows when each kind of event first happened to its record."""

    @property
    def dates(self) -> Mapping[str, datetime]:
        """The instants by the names of the events."""
        ...


def require_after(record: Dated, at: datetime, cause: str) -> None:
    """Refused if the act is dated before the event that it follows from."""
    began = record.dates.get(cause)
    if began is not None and at < began:
        raise Refused("at", f"{local_date(at)} is before its cause, {cause.replace('_', ' ')} on {local_date(began)}")


def due_by_policy(situation: Situation, fact: Fact) -> date | None:
    """The last day that the policy gives to what starts with this fact of the record; None if it gives none."""
    last = last_by_policy(situation, fact)
    return last and last.day


def last_by_policy(situation: Situation, fact: Fact, *, before: Sequence[Fact] = ()) -> When | None:
    """The last day that the policy gives to what starts with this fact of the record; None if it gives none.

    Counted in hours it has its instant as well.

    `before` is what the same decision makes before the fact. The conditions of a rule ask what stands, as the engine
    does: what was taken back has not happened.
    """
    log = Log(situation.record.history)
    rule = dated_by(situation.policy, occasion_next(log, fact, situation.at, before))
    if rule is None:
        return None
    today = When(local_date(situation.at))
    made = [name_of(each) for each in before if name_of(each) != name_of(fact)]
    whens = {name: log.when(name) for name in set(log.names)} | dict.fromkeys(made, today)
    instants = {**log.instants, **dict.fromkeys(made, situation.at)}
    bases = Bases({name_of(fact): today, **whens, "trigger": today}, situation.at, instants)
    return last_day(situation.policy, rule, bases)
