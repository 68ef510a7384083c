"""What would be owed and who would be told when, for a history in a file: the real rules, no server.

Everything is kept in memory and thrown away; texts are not kept at all.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import TypeVar

from events.errors import Conflict
from events.escalations import EscalationRaised, NoticeSent, Recipient
from events.recorded import Recorded
from services.clock import Clock, day_in_words, local_date
from services.core.catalogue import Catalogue
from services.core.desk import Desk
from services.core.digests import DIGEST
from services.directory.state import DIRECTORY, fold_directory
from services.escalations.settle import settle
from services.import_lines import HistoryFile
from services.import_summary import Summary
from services.importer import Importer
from services.modules import CATALOGUE
from services.obligations.engine import obligations
from services.policy.model import ObligationRule
from services.policy.versions import Policies
from services.programme.activities import gather
from services.programme.asking import LONGEST
from services.programme.reports import OwedReport, begun_in, owed_reports
from services.snapshots import Folding, Opened

S = TypeVar("S")

END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)
"""A rehearsal looks back from here, so that every step of every ladder has come due."""

REHEARSAL = "rehearsal"


class MemoryStore:
    """Histories in a dictionary, with the promise of the real store: all or nothing, on the expected version."""

    def __init__(self) -> None:
        self.streams: dict[str, list[Recorded]] = {}
        self.length = 0

    def load(self, aggregate_id: str, *, after: int = 0) -> tuple[Recorded, ...]:
        """Every event of the aggregate above the version `after`; an empty tuple for none."""
        return tuple(self.streams.get(aggregate_id, ())[after:])

    def unwritten(self, aggregate_ids: Iterable[str]) -> frozenset[str]:
        """Those that have no event."""
        return frozenset(aggregate_ids) - self.streams.keys()

    def opened(self, aggregate_id: str, folding: Folding[S]) -> Opened[S]:
        """Every event: in memory nothing is kept beside them."""
        del folding
        return Opened(None, 0, self.load(aggregate_id))

    def append(self, *recorded: Recorded, expected: Mapping[str, int] | None = None) -> tuple[int, ...]:
        """Keep all, or none with Conflict if a version is taken or leaves a hole."""
        del expected  # positions are only counted here
        versions: dict[str, int] = {}
        for each in recorded:
            aggregate = each.originator_id
            version = versions.get(aggregate, len(self.streams.get(aggregate, ())))
            if each.originator_version != version + 1:
                raise Conflict(f"{aggregate} has moved on")
            versions[aggregate] = version + 1
        for number, each in enumerate(recorded, start=self.length + 1):
            self.streams.setdefault(each.originator_id, []).append(replace(each, position=number))
        self.length += len(recorded)
        return tuple(range(self.length - len(recorded) + 1, self.length + 1))


class NoTexts:
    """Keys for a rehearsal: a text leaves only its place behind, and the hash by which a repeat is known."""

    def seal(self, child: str, field: str, text: str) -> str:
        """Give the form of a sealed text without any text in it."""
        return f"sealed:0:{child or 'none'}:{text if field == DIGEST else '0' * 40}"

    def gone(self, _sealed: Iterable[str]) -> frozenset[str]:
        """Nobody erases anything in a rehearsal."""
        return frozenset()

    def unseal(self, sealed: str, _field: str) -> str:
        """Give what was kept in place of the text."""
        return sealed.rpartition(":")[2]

    def ensure(self, children: Iterable[str]) -> None:
        """Need nothing."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One line of a plan: something due, or a step of a ladder.

    `what` is `due`, or the step's kind; `outcome` says what becomes of it, as far as the history goes. `about` is the
    record that owes it, `audit` None where that is no audit; `obligation` is the rule's name in the policy.
    """

    authority: str
    about: str
    audit: str | None
    obligation: str
    at: datetime | date
    what: str
    title: str
    to: tuple[Recipient, ...]
    owner: str
    outcome: str


class Rehearsal:
    """A file of commands, carried out in memory under the given policies; `unverified` as in an import.

    It looks back on everything, unless a `clock` says what the time is as it is carried out.
    """

    def __init__(
        self,
        policies: Mapping[str, Policies],
        *,
        unverified: bool = False,
        catalogue: Catalogue = CATALOGUE,
        clock: Clock = lambda: END_OF_TIME,
    ) -> None:
        self.catalogue = catalogue
        self.stores = {authority: MemoryStore() for authority in policies}
        self.keys = NoTexts()
        self.policies = policies
        self.desks = {
            authority: Desk(
                authority=authority,
                catalogue=catalogue,
                store=self.stores[authority],
                keys=self.keys,
                name=lambda content: sha256(content).hexdigest()[:32],
                policies=each,
                clock=clock,
                unverified=unverified,
            )
            for authority, each in policies.items()
        }

    def run(self, lines: Iterable[bytes]) -> Summary:
        """Carry the lines out; what is refused is in the summary, as in an import."""
        return self.run_files([HistoryFile("", lines)])

    def run_files(self, files: Sequence[HistoryFile]) -> Summary:
        """Carry out the lines of several files as one history."""
        return Importer(self.desks, dict.fromkeys(self.desks, self.keys), REHEARSAL).run_files(files)

    def plan(self, about: str | None = None) -> list[Planned]:
        """Everything that falls due, in the order of time; of one record, such as `audit/A-1`, if it is named.

        It holds every kind of record whose timers the running system arms, and every report of a period that the
        histories reach into, up to its end and beyond: with its last day, and with its ladder if it has one.
        """
        found = [
            line
            for authority in self.stores
            for history in self._histories(authority)
            if history[0].originator_id.startswith(self.catalogue.worked_out)
            and about in (None, history[0].originator_id)
            for line in self._of(authority, history)
        ]
        return sorted(found, key=lambda each: (_instant(each.at), each.authority, each.about, each.title))

    def _histories(self, authority: str) -> Iterator[Sequence[Recorded]]:
        """Every history of an authority, those of reports with the ends of their periods."""
        store, policies = self.stores[authority], self.policies[authority]
        events = [each for history in store.streams.values() for each in history]
        began = gather(each for each in events if each.envelope.occurred < END_OF_TIME).began
        ended: dict[str, OwedReport] = {}
        if began is not None:
            days = [local_date(each.envelope.occurred) for each in events if each.envelope.occurred < END_OF_TIME]
            last = max(days, default=began)
            directory = fold_directory(store.load(DIRECTORY))
            owed = owed_reports(policies, directory, began, began, last + LONGEST)
            ended = {each.record: each for each in owed if each.period.first <= last}
        for aggregate in dict.fromkeys((*store.streams, *ended)):
            history = store.load(aggregate)
            if aggregate in ended and not begun_in(history):
                history = (*history, ended[aggregate].begun(authority, len(history) + 1))
            yield history

    def _of(self, authority: str, history: Sequence[Recorded]) -> Iterator[Planned]:
        store, aggregate = self.stores[authority], history[0].originator_id
        audit = aggregate.removeprefix("audit/") if aggregate.startswith("audit/") else None
        for owed in obligations(history, self.policies[authority]):
            if owed.due is not None and owed.rule.owners:  # an alert of an action has its day, and nobody owes it
                outcome = "nothing owed" if owed.idle_at(END_OF_TIME) else "open"
                match owed.ended():
                    case (_, "cancelled"):
                        outcome = "fell away"
                    case (met, "met"):
                        outcome = f"met on {day_in_words(met)}"
                title, owner = owed.rule.title, _owners(owed.rule)
                yield Planned(authority, aggregate, audit, owed.name, owed.due, "due", title, (), owner, outcome)
        directory = fold_directory(store.load(DIRECTORY))
        for settled in settle(
            self.catalogue.record_of(history), self.policies[authority], directory, END_OF_TIME
        ).facts:
            fact = settled.fact
            if isinstance(fact, NoticeSent | EscalationRaised):
                kind = fact.kind if isinstance(fact, NoticeSent) else f"escalation, level {fact.level}"
                told, name = fact.recipients, fact.obligation
                yield Planned(authority, aggregate, audit, name, fact.due, kind, fact.title, told, "", "fires")


def _owners(rule: ObligationRule) -> str:
    return " and ".join(map(str, rule.owners))


def _instant(at: datetime | date) -> datetime:
    return at if isinstance(at, datetime) else datetime(at.year, at.month, at.day, tzinfo=UTC)
