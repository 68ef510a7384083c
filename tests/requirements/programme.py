"""What the tests of the programme around the audits share: entries, what they lead to, and what a period asks for."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from events.answers import Answer
from events.escalations import EscalationRaised, NoticeSent
from events.registers import EntryRecorded, EntryStepped
from projections.answers import Asked, tally
from projections.entries import EntryRow, entries
from projections.store import open_store
from services.clock import local_date
from services.directory.state import DIRECTORY, fold_directory
from services.escalations.settle import settle
from services.modules import CATALOGUE
from services.obligation_status import owed_by
from services.obligations.engine import obligations
from services.obligations.model import Obligation
from tests.desks import TestDesk
from tests.lives import QA, Line, people
from tests.projections.views import kept
from tests.requirements.scenes import refusal
from tests.services.programme.scenes import counted, owed

By = tuple[str, str]
"""A person and the role in which they act."""

QA_TEAM: By = (QA["actor"], QA["role"])
END = datetime(2027, 12, 31, 12, 0, tzinfo=UTC)


class Books:
    """An authority's desk with its directory, for commands about entries and questions about what stands."""

    def __init__(self, authority: str, *lines: Line) -> None:
        self.authority = authority
        self.desk = TestDesk(authority)
        self.desk.do(*people(authority), *lines)

    def line(self, command: str, at: str, by: By, **fields: Any) -> Line:
        """A command as it would stand in a file."""
        actor, role = by
        return {"command": command, "authority": self.authority, "actor": actor, "role": role, "at": at, **fields}

    def enter(self, kind: str, on: str, by: By = QA_TEAM, *, entry: str = "E-1", at: str = "", **fields: Any) -> str:
        """Add an entry, recorded on its day; the field that it is refused for, or nothing."""
        return refusal(self.desk, self.line("entry.record", at or on, by, entry=entry, kind=kind, on=on, **fields))

    def step(self, step: str, at: str, by: By = QA_TEAM, *, entry: str = "E-1", **said: Any) -> str:
        """Record a step with what was said; the field that it is refused for, or nothing."""
        return refusal(self.desk, self.line("entry.step", at, by, entry=entry, step=step, answers=said))

    def appoint(self, person: str, post: str, unit: str | None = None, at: str = "2025-09-01") -> None:
        """Put a person into a post."""
        self.desk.do(self.line("person.appoint", at, QA_TEAM, person=person, post=post, unit=unit))

    def said(self, entry: str = "E-1", child: str | None = None) -> dict[str, Any]:
        """The answers of an entry and of its steps, or about one child that it looks at; texts as they are sealed."""
        found: dict[str, Any] = {}
        for each in self.desk.store.load(f"entry/{entry}"):
            given: Sequence[Answer] = ()
            if isinstance(each.fact, EntryRecorded) and child is not None:
                given = [answer for item in each.fact.items if item.child == child for answer in item.answers]
            elif isinstance(each.fact, EntryRecorded | EntryStepped) and child is None:
                given = each.fact.answers
            found |= {answer.question: ", ".join(answer.plain) or answer.text for answer in given}
        return found

    def owes(self, about: str = "entry/E-1", now: datetime = END) -> dict[str, str | None]:
        """What still stands about an entry or an audit, each with the first who owes it."""
        directory = fold_directory(self.desk.store.load(DIRECTORY))
        rows = owed_by(CATALOGUE.record_of(self.desk.store.load(about)), self.desk.policies, directory, now)
        return {
            row.obligation: next((each.holder or each.role for each in row.owners), None)
            for row in rows
            if row.state in {"open", "overdue"}
        }

    def obligations(self, about: str = "entry/E-1") -> tuple[Obligation, ...]:
        """Every clock that began about an entry or an audit."""
        return obligations(self.desk.store.load(about), self.desk.policies)

    def told(self, about: str = "entry/E-1", now: datetime = END) -> set[tuple[str, str, str]]:
        """Which clock would tell whom on which day, by the end of the story."""
        directory = fold_directory(self.desk.store.load(DIRECTORY))
        found = settle(CATALOGUE.record_of(self.desk.store.load(about)), self.desk.policies, directory, now).facts
        return {
            (each.fact.obligation, str(local_date(each.fact.due)), recipient.holder or recipient.role)
            for each in found
            if isinstance(each.fact, NoticeSent | EscalationRaised)
            for recipient in each.fact.recipients
        }

    def due(self, task: str, last: str, today: str = "2027-12-31") -> dict[str | None, str]:
        """What a task asks for by a day, by whom it is about, and how far it is."""
        return {about: state for (about, _), state in counted(owed(self.desk, last, last, today, task)).items()}

    def listed(self, folder: Path, kind: str) -> list[EntryRow]:
        """The register as it is shown."""
        engine = open_store(f"sqlite:///{folder}/entries.db")
        rows = entries(kept(engine, "timeline", self._events()), self.authority, kind=kind)
        engine.dispose()
        return rows

    def tally(self, folder: Path, question: str) -> dict[str, int]:
        """How often each answer to a question was given."""
        engine = open_store(f"sqlite:///{folder}/tally.db")
        rows = tally(kept(engine, "activities", self._events()), self.authority, Asked(question=question))
        engine.dispose()
        return {row.answer: row.times for row in rows}

    def _events(self) -> list[Any]:
        streams: dict[str, Any] = self.desk.store.streams  # type: ignore[attr-defined]  # the store in memory
        return sorted((each for history in streams.values() for each in history), key=lambda each: each.position)
