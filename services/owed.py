"""What is owed by whom, worked out from one matter's events at the moment of asking."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from events.escalations import Recipient
from events.recorded import Recorded
from services.audits.state import Audit
from services.obligations.engine import obligations
from services.obligations.model import Obligation
from services.people.directory import Directory
from services.people.recipients import Lookup, matter_of
from services.policy.load import Policies

State = Literal["open", "overdue", "met", "met late", "fell away", "nothing owed"]


@dataclass(frozen=True, slots=True)
class Owed:
    """One obligation as a person reads it. `about` is what owes it, `audit` None where that is no audit.

    `due` None: the framework states no date.
    """

    about: str
    audit: str | None
    obligation: str
    key: str
    title: str
    owners: tuple[Recipient, ...]
    due: date | None
    met: datetime | None
    state: State


def owed_by(history: Sequence[Recorded], policies: Policies, directory: Directory, now: datetime) -> Iterator[Owed]:
    """Everything that a matter has ever owed and that somebody can meet, with who owes it now."""
    audit, about = Audit.of(history), history[0].originator_id
    for each in obligations(history, policies):
        if not each.rule.met_by:
            continue  # a notice that is sent at once: nobody owes anything for it
        policy = policies.version(each.trigger.envelope.policy_version)
        lookup, matter = Lookup(directory, policy, now), matter_of(audit, each.key, each.trigger)
        owners = [found for to in (each.rule.owner, *each.rule.jointly) for found in lookup.recipients(to, matter)]
        yield Owed(
            about=about,
            audit=about.removeprefix("audit/") if about.startswith("audit/") else None,
            obligation=each.name,
            key=each.key,
            title=each.rule.title,
            owners=tuple(owners),
            due=each.due,
            met=_met(each),
            state=_state(each, now),
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
    return "overdue" if late_from is not None and now >= late_from else "open"
