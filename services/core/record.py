"""Records: what they have in common, and what each kind of them declares of itself."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any, Protocol

from events.base import Fact
from events.commands import ActRefused
from events.errors import NotFound
from events.escalations import Reference
from events.recorded import Recorded
from services.core.answers import checked
from services.core.escalations import Escalation, take_escalation
from services.core.writing import Loader
from services.directory.recipients import Named
from services.snapshots import ANY, WORTH_KEEPING, Folding, Form, Standing, standing


class State(Protocol):
    """A fold: what the events of a record leave. Applying an event only assigns, so that old streams always load."""

    def apply(self, recorded: Recorded) -> None:
        """Take in one event."""
        ...


Stages = Mapping[str, Callable[[Any], bool]]
"""The stages in which an act may be given, each with what must be so then, asked of the situation: see `during`."""


def during(*stages: str, **only_if: Callable[[Any], bool]) -> Stages:
    """In these stages; in those that are named with a condition, only while that is so."""
    return {**dict.fromkeys(stages, lambda _situation: True), **only_if}


def _no_stage(_state: Any) -> str | None:
    return None


LONGEST_KEY = 64
"""A key is named by a reference, which holds no more."""


def _nobody(_state: Any, _item: str) -> Named:
    return Named()


def _no_more(_fact: Fact) -> Mapping[str, Any]:
    return {}


def _stands(_state: Any, _reference: str) -> None:
    """Nothing that is there is ever taken back."""


def _answers_nothing(_moment: str, given: Mapping[str, Any], _state: Any, _situation: Any) -> list[Fact]:
    checked((), given, str)
    return []


def _with_its_kind(name: str) -> str:
    # The kind stands alone before `people`: so it was stored of the directory, and of whatever else was named so.
    return name.removesuffix("/people").replace("/", "-")


@dataclass(frozen=True)
class Kind:
    """A kind of record, as the part of the domain that it belongs to declares it.

    `name` begins the names of its records (`audit/A-1`); where people call it otherwise, `called` is what they read
    and type in its place. `begin` makes its state before the first event. `owes`: what is done about such a record
    starts clocks, so that its timers are armed, its debts shown and its escalations answered. `own_key`: its texts
    have a key of their own where it is about no child. `names` gives the people whom a record names, with one of
    its items; `begun_by` what the event that fixed a clock says beside that or instead: its actor is the one who
    acted, unless it says another. `require_standing` raises NotFound for one that never began, by its reference,
    and Refused for one that was taken back. `answers` makes facts of the answers that come along when something
    owed is done, at the moment of that name.

    `stage` gives how far a record has come, None for a kind without stages or a record that never began; `stages` says
    for acts of other parts, by their names, in which stages of such a record they may be given.

    `correlation` is what the envelopes of everything about one record have in common, given its name. It is stored.

    `form` is how its states are kept in snapshots. Every kind has them: the length of a record makes one worth it.
    """

    name: str
    begin: Callable[[], State]
    owes: bool = False
    own_key: bool = False
    names: Callable[[Any, str], Named] = _nobody
    begun_by: Callable[[Fact], Mapping[str, Any]] = _no_more
    require_standing: Callable[[Any, str], None] = _stands
    answers: Callable[[str, Mapping[str, Any], Any, Any], list[Fact]] = _answers_nothing
    stage: Callable[[Any], str | None] = _no_stage
    stages: Mapping[str, Stages] = field(default_factory=dict)
    correlation: Callable[[str], str] = _with_its_kind
    called: str = ""
    form: Form[Any] = ANY

    @cached_property
    def folding(self) -> Folding[Standing[State]]:
        """What its records' events leave, and how it is kept."""
        return standing(self.name, self.begin, self.form)

    @property
    def word(self) -> str:
        """What people call it."""
        return self.called or self.name

    def named_in(self, state: Any, item: str = "", trigger: Recorded | None = None) -> Named:
        """The people whom a record names as it stands: of one of its items, and of the event that fixed a clock."""
        named = self.names(state, item)
        if trigger is None:
            return named
        return replace(named, **{"actor": trigger.envelope.actor, **self.begun_by(trigger.fact)})


@dataclass(slots=True)
class Record:
    """A record in memory: its history, the state that follows from it, and the commands that were carried out on it.

    One that was opened by a snapshot has its state and what came after. Its history, its commands and its escalations
    are read from its events when they are first asked for, so that whoever asks has all of them, and who can do without
    asks for what does not grow. `kept` is the version of the snapshot, 0 for none, and `kept_by` the latest instant at
    which anything in it was recorded. `is_new`: it had no event when it was opened.
    """

    aggregate: str
    kind: Kind
    standing: Standing[Any]
    kept: int = 0
    kept_by: datetime | None = None
    is_new: bool = False
    _events: list[Recorded] = field(default_factory=list)
    _earlier: Callable[[], Iterable[Recorded]] | None = None
    _commands: dict[str, str] = field(default_factory=dict)
    _refused: dict[str, ActRefused] = field(default_factory=dict)
    _escalations: dict[Reference, Escalation] = field(default_factory=dict)

    @classmethod
    def of(cls, aggregate: str, kind: Kind, history: Iterable[Recorded]) -> "Record":
        """The record as its history leaves it."""
        record = cls(aggregate, kind, Standing(kind.begin()))
        for recorded in history:
            record.take(recorded)
        return record

    @classmethod
    def opened(cls, aggregate: str, kind: Kind, store: Loader) -> "Record":
        """The record as it stands in a store, from its snapshot on if there is one that is believed."""
        found = store.opened(aggregate, kind.folding)
        if found.state is None:
            return replace(cls.of(aggregate, kind, found.facts), is_new=not found.facts)
        since = found.since
        record = cls(aggregate, kind, found.state, kept=since, kept_by=found.state.recorded_by)
        record._earlier = lambda: (each for each in store.load(aggregate) if each.originator_version <= since)
        for recorded in found.facts:
            record.take(recorded)
        return record

    @property
    def state(self) -> Any:
        """What its events leave."""
        return self.standing.state

    @property
    def version(self) -> int:
        """That of its newest event, 0 before the first."""
        return self.standing.version

    @property
    def is_whole(self) -> bool:
        """Whether all of its events are in memory."""
        return self._earlier is None

    @property
    def history(self) -> list[Recorded]:
        """All of its events."""
        self._make_whole()
        return self._events

    @property
    def commands(self) -> Mapping[str, str]:
        """The digest of each command that was carried out on it, by its id."""
        self._make_whole()
        return self._commands

    @property
    def commands_since(self) -> Mapping[str, str]:
        """The same, of the commands that came after its snapshot."""
        return self._commands

    @property
    def refused(self) -> Mapping[str, ActRefused]:
        """The attempts of acts that were refused and recorded, by the id of the command."""
        self._make_whole()
        return self._refused

    @property
    def escalations(self) -> Mapping[Reference, Escalation]:
        """Every escalation that was raised about it."""
        self._make_whole()
        return self._escalations

    @property
    def is_worth_keeping(self) -> bool:
        """Whether enough came since its snapshot, or since its beginning, for another one."""
        return self.version - self.kept >= WORTH_KEEPING

    def state_by(self, at: datetime) -> Any:
        """What those of its events leave that had happened by then. It may not be changed."""
        latest = self.standing.occurred_by
        if latest is None or latest <= at:
            return self.state
        return self.after(each for each in self.history if each.envelope.occurred <= at).state

    def may_have_had(self, since: datetime | None) -> bool:
        """Whether what was recorded at that instant or later may stand before its snapshot, unread; None: whenever."""
        return not self.is_whole and (since is None or self.kept_by is None or since <= self.kept_by)

    @property
    def reference(self) -> str:
        """Its name without its kind."""
        return self.aggregate.partition("/")[2]

    @property
    def called(self) -> str:
        """Its name as people read it, such as `task/T-2026-05`."""
        return f"{self.kind.word}/{self.reference}"

    @property
    def child(self) -> str | None:
        """The child whom it is about, None if it is about none."""
        return getattr(self.state, "child", None)

    @property
    def key(self) -> str | None:
        """The name of the key of its own, for texts where it is about no child; None where texts need a child.

        A reference that is too long to stand in it leaves its hash.
        """
        if not self.kind.own_key:
            return None
        name = self.aggregate.replace("/", "_")
        fits = len(name) <= LONGEST_KEY
        return name if fits else f"{self.kind.name}_{sha256(self.reference.encode()).hexdigest()[:32]}"

    def key_for(self, named_child: str | None) -> str | None:
        """Whose key seals the texts of a command on it, which names this child or none; None where there is no key."""
        return named_child or self.child or self.key

    def require_standing(self) -> None:
        """NotFound unless it is there; Refused if it was taken back."""
        if not self.version:
            raise NotFound(self.kind.word, self.reference)
        self.kind.require_standing(self.state, self.reference)

    def names(self, item: str = "", trigger: Recorded | None = None) -> Named:
        """The people whom it names: of one of its items, such as an action, and of the event that fixed a clock."""
        return self.kind.named_in(self.state, item, trigger)

    @property
    def units(self) -> tuple[str, ...]:
        """The team or the services that it is about, by the event that it began with; empty where it is about none."""
        if not self.version:
            return ()
        named = self.names("", self.history[0])
        return tuple(filter(None, (named.team or named.about,))) or named.abouts

    def after(self, history: Iterable[Recorded]) -> "Record":
        """The record as it would stand after these of its events."""
        return Record.of(self.aggregate, self.kind, history)

    def take(self, recorded: Recorded) -> None:
        """Add an event."""
        self._events.append(recorded)
        self.standing.take(recorded)
        self._tell(recorded)

    def _tell(self, recorded: Recorded) -> None:
        envelope = recorded.envelope
        self._commands[envelope.command_id] = envelope.digest
        if isinstance(recorded.fact, ActRefused):
            self._refused[envelope.command_id] = recorded.fact
        if self.is_whole:  # what became of one that was raised before the snapshot is told with the rest
            take_escalation(self._escalations, recorded.fact)

    def _make_whole(self) -> None:
        """Read what stands before the snapshot, if that was not done."""
        if self._earlier is None:
            return
        earlier, self._earlier = [*self._earlier()], None
        self._events[:0] = earlier
        self._commands, self._refused, self._escalations = {}, {}, {}
        for recorded in self._events:
            self._tell(recorded)
