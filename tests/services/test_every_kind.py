"""What holds of every kind of record in every council, whatever anybody does: kept whole, or refused with nothing."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from events.commands import ActRefused
from events.deliveries import DeliveryAttempted, DeliveryDelivered, Told
from events.errors import NotFound, Refused, SeparationOfDuties
from events.recorded import Recorded
from events.registry import decode, encode
from services.core.outcome import Outcome
from services.deliveries.recording import as_recorded, record_of
from services.modules import CATALOGUE
from services.rehearsal import MemoryStore
from tests.desks import SHIPPED
from tests.given import Scene, given
from tests.lives import Line, people
from tests.of_every_kind import FIRST_DAY, MESSAGE, is_had_by, walk


@dataclass
class Walked:
    """A council after some lines: how much was refused, the kinds that were written on, and each event as stored."""

    desk: Scene
    refused: int = 0
    come_by: set[str] = field(default_factory=set)
    read: dict[str, list[Recorded]] = field(default_factory=dict)

    @property
    def store(self) -> MemoryStore:
        assert isinstance(self.desk.store, MemoryStore)
        return self.desk.store

    def go(self, line: Line) -> None:
        """Carry a line out, and hold what came of it against what is stored."""
        before = self.store.length
        try:
            [outcome] = self.desk.do(line)
        except SeparationOfDuties:
            written = [each for events in self.store.streams.values() for each in events[-1:]]
            assert self.store.length - before in {0, 1}
            last = max(written, key=lambda each: each.position or 0)
            assert self.store.length == before or isinstance(last.fact, ActRefused)
        except (Refused, NotFound):
            self.refused += 1
            assert self.store.length == before, "a refusal leaves nothing"
        else:
            self.come_by |= {each.originator_id.partition("/")[0] for each in outcome.events}
            self.kept(outcome, before)

    def kept(self, outcome: Outcome, before: int) -> None:
        """What was accepted is stored, all of it and nothing else, and says of each record what was decided of it."""
        assert self.store.length == before + len(outcome.events)
        assert outcome.result == "accepted" or not outcome.events
        for record in {each.originator_id for each in outcome.events}:
            if not CATALOGUE.knows(record):
                continue
            stored, read = self.store.load(record), self.read.setdefault(record, [])
            for each in stored[len(read) :]:
                back = decode(each.fact.stored_name, encode(each.fact))
                assert back == each.fact
                read.append(replace(each, fact=back))
            assert [each.originator_version for each in read] == list(range(1, len(read) + 1))
            as_decided = (each if (each.position or 0) <= before else replace(each, position=None) for each in read)
            folded = CATALOGUE.record(record, as_decided)  # the place of what is new was not known yet
            assert self.desk.histories.record(record).state == folded.state, line_of(outcome)


def line_of(outcome: Outcome) -> str:
    return ", ".join(each.fact.stored_name for each in outcome.events)


def walked(authority: str, seed: int) -> Walked:
    """The council after a whole walk; on its first day a message went out, as the sender records it."""
    desk = given(*people(authority), authority=authority)
    found = Walked(desk)
    told = (Told(about="audit/A-1", notice="N-1"),)
    named = {"recipient": "P-SW", "role": "worker", "kind": "reminder", "obligation": "x", "step": "y", "told": told}
    went = [DeliveryAttempted.model_validate(named | {"transport": "folder"}), DeliveryDelivered(transport="folder")]
    sent = [(record_of(MESSAGE), version, each) for version, each in enumerate(went, start=1)]
    first = datetime.combine(FIRST_DAY, time(), UTC)
    desk.store.append(*as_recorded(sent, authority=authority, cause="N-1", policy=desk.policies.newest, now=first))
    for line in walk(random.Random(seed), authority):  # noqa: S311 - a draw that can be repeated, not a secret
        found.go(line)
    return found


@pytest.mark.parametrize("authority", SHIPPED)
@settings(max_examples=5)
@for_all(seed=st.integers(0, 10**6))
def test_what_is_taken_folds_as_it_is_stored_and_what_is_refused_leaves_nothing(authority: str, seed: int) -> None:
    """Whatever is tried in whatever order, on every kind of record that the council has."""
    found = walked(authority, seed)
    assert found.come_by
    assert found.refused


@pytest.mark.parametrize("authority", SHIPPED)
def test_the_walk_comes_by_every_kind_of_record(authority: str) -> None:
    """Each kind that the catalogue knows, and of which the framework lets anybody have one, is come by."""
    come_by = {kind for seed in (1, 2) for kind in walked(authority, seed).come_by}
    assert passed_by(authority, come_by, CATALOGUE.kinds) == set()
    assert passed_by(authority, come_by, [*CATALOGUE.kinds, "new"]) == {"new"}, "a kind that comes to be needs its walk"


def passed_by(authority: str, come_by: set[str], kinds: Iterable[str]) -> set[str]:
    """The kinds that the council has, and on which nothing was written."""
    return {kind for kind in kinds if is_had_by(authority, kind)} - come_by
