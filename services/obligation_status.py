"""What is owed by whom, worked out from one record's events at the moment of asking."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from events.escalations import Recipient
from services.core.record import Record
from services.directory.recipients import Lookup
from services.directory.state import Directory
from services.obligations.engine import obligations
from services.obligations.model import Obligation
from services.policy.versions import Policies

State = Literal["open", "overdue", "met", "met late", "fell away", "nothing owed", "stands still"]


@dataclass(frozen=True, slots=True)
class Owed:
    """One obligation as a person reads it. `about` is what owes it, `audit` None where that is no audit.

    `due` None: the framework states no date. `due_at` is the last instant, where it is counted in hours.
    While its clock stands still (`stands_since`, `stands_because`), `due` is the last day that it had.
    """

    about: str
    audit: str | None
    obligation: str
    key: str
    title: str
    owners: tuple[Recipient, ...]
    due: date | None
    due_at: datetime | None
    met: datetime | None
    state: State
    stands_since: datetime | None = None
    stands_because: str | None = None


def owed_by(record: Record, policies: Policies, directory: Directory, now: datetime) -> Iterator[Owed]:
    """Everything that a record has ever owed and that somebody can meet, with who owes it now."""
    about = record.aggregate
    for each in obligations(record.history, policies):
        if not each.rule.met_by:
            continue  # a notice that is sent at once: nobody owes anything for it
        policy = policies.version(each.trigger.envelope.policy_version)
        lookup, people = Lookup(directory, policy, now), record.names(each.key, each.trigger)
        owners = [found for to in each.rule.owners for found in lookup.recipients(to, people)]
        yield Owed(
            about=about,
            audit=about.removeprefix("audit/") if about.startswith("audit/") else None,
            obligation=each.name,
            key=each.key,
            title=each.rule.title,
            owners=tuple(owners),
            due=each.due,
            due_at=each.due_at,
            met=_met(each),
            state=_state(each, now),
            stands_since=each.stands.since if each.stands else None,
            stands_because=each.stands.ground if each.stands else None,
        )


def _met(owed: Obligation) -> datetime | None:
    ended = owed.ended()
    return ended[0] if ended is not None and ended[1] == "met" else None


def _state(owed: Obligation, now: datetime) -> State:
    late_from = owed.overdue_from
    match owed.ended():
        case (met, "met"):
            return "met late" if late_from is not None and met >= late_from else "met"
        case (_, "cancelled"):
            return "fell away"
    if owed.idle_at(now):
        return "nothing owed"
    if owed.stands is not None:
        return "stands still"
    return "overdue" if late_from is not None and now >= late_from else "open"
