"""Holding a history against the rules that it adopted itself: each envelope names those that stood on its day."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from events.envelope import Envelope
from events.errors import BrokenHistory
from events.escalations import Step
from events.imports import ImportClosed, ImportOpened
from events.losses import DamageAccepted, LossAccepted
from events.policies import PolicyAdopted
from events.recorded import Recorded
from services.clock import day_in_words, local_date
from services.core.own_names import SYSTEM_ACTOR
from services.policy.adopted import opened

TAKEN_UP = timedelta(hours=1)
"""How long what runs may go on by the rules that it knew: workers take up an adoption within seconds, an import that is
under way goes on by those that it began with."""

SHOWN = 12
"""How much of a hash is shown."""


@dataclass(slots=True)
class Rulebook:
    """What an authority has adopted so far, against which each further event is held, in the order of the stream."""

    adopted: list[tuple[PolicyAdopted, datetime]] = field(default_factory=list)
    _versions: dict[str, str] = field(default_factory=dict)
    _standing: dict[date, str] = field(default_factory=dict)
    _given_up: int = 0
    _unread: dict[str, str] = field(default_factory=dict)

    def pass_over(self) -> None:
        """Take in that damage was accepted in the place of the next event, which may have been an adoption.

        So one further hash may be named, by one version: what the rules behind it were, and from when, nobody knows.
        """
        self._given_up += 1

    def take(self, recorded: Recorded) -> str | None:
        """Why the rules that the next event names are not those which stood then, or are none; None if all is well.

        What follows from an earlier event, such as a step of a ladder, names that one's rules. Who gives up what is
        damaged may have had to do so by the file, and before the first adoption there is nothing to hold to.
        """
        fact, told = recorded.fact, recorded.envelope
        reason = None
        if self.adopted and not isinstance(fact, DamageAccepted | LossAccepted):
            reason = self._doubt(recorded)
        if isinstance(fact, PolicyAdopted):
            return reason or self._adopt(fact, told)
        return reason

    def _adopt(self, fact: PolicyAdopted, told: Envelope) -> str | None:
        before = next((digest for digest, version in self._versions.items() if version == fact.version), fact.digest)
        if before != fact.digest:
            return f"version {fact.version} was adopted before, with other words"
        try:
            opened(fact, told.recorded)
        except BrokenHistory as error:
            return str(error)
        self.adopted = sorted([*self.adopted, (fact, told.recorded)], key=lambda each: each[0].since)
        self._versions[fact.digest] = fact.version
        self._standing.clear()
        return None

    def _doubt(self, recorded: Recorded) -> str | None:
        told = recorded.envelope
        follows = isinstance(recorded.fact, Step) and told.actor == SYSTEM_ACTOR
        if not told.policy_hash:
            if follows or self._only_just(told):
                return None
            return f"names no adopted rules, but version {self.adopted[0][0].version} was adopted by then"
        version = self._versions.get(told.policy_hash)
        if version is None:
            unknown = f"names rules ({told.policy_hash[:SHOWN]}) that nobody had adopted by then"
            return None if self._was_given_up(told) else unknown
        if version != told.policy_version:
            return f"names version {told.policy_version} by the hash of version {version} ({told.policy_hash[:SHOWN]})"
        day = local_date(told.occurred)
        if follows or self._in_force(day) == told.policy_hash or self._stood(recorded, day):
            return None
        stood = self._versions[self._in_force(day)]
        return f"names version {version}, but version {stood} was in force on {day_in_words(day)}"

    def _was_given_up(self, told: Envelope) -> bool:
        """Whether such rules may have been adopted by an event that was damaged and given up."""
        if told.policy_hash not in self._unread and len(self._unread) < self._given_up:
            self._unread[told.policy_hash] = told.policy_version
        return self._unread.get(told.policy_hash) == told.policy_version

    def _in_force(self, day: date) -> str:
        """The hash of the version in force on a day, by what was adopted so far; before the first one, the first."""
        if day not in self._standing:
            held = [fact for fact, _ in self.adopted if fact.since <= day]
            self._standing[day] = (held[-1] if held else self.adopted[0][0]).digest
        return self._standing[day]

    def _stood(self, recorded: Recorded, day: date) -> bool:
        """Whether the rules stood on another day by which such an event is judged, or were not known to be over."""
        told = recorded.envelope
        if isinstance(recorded.fact, ImportOpened | ImportClosed) and self.adopted[-1][0].digest == told.policy_hash:
            return True  # they decide nothing, and once named the newest version, also one that was only to begin
        days = {day}
        if recorded.fact.by_calendar:  # it happens as its period is over, and is judged by the last day of that
            days.add(day - timedelta(days=1))
        if not told.digest:  # no command with a day of its own: what is recorded is decided on that day
            days.add(local_date(told.recorded))
        if any(self._in_force(each) == told.policy_hash for each in days):
            return True
        known = [fact for fact, adopted in self.adopted if adopted < told.recorded - TAKEN_UP]
        held = [fact for fact in known if fact.since <= day] or known[:1]
        return bool(held) and held[-1].digest == told.policy_hash

    def _only_just(self, told: Envelope) -> bool:
        return told.recorded <= min(adopted for _, adopted in self.adopted) + TAKEN_UP
