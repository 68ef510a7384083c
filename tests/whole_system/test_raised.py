"""What the workers raised equals what the pure function says, for histories drawn at random."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from events.escalations import Step
from events.recorded import Recorded
from services.directory.state import DIRECTORY, fold_directory
from services.escalations.settle import settle
from services.modules import CATALOGUE
from services.rehearsal import Rehearsal
from services.settings import Settings
from tests.random_lives import random_lines
from tests.stores import PATIENCE
from tests.systems import running
from workers.health.whole import wait_until_settled
from workers.recording.desks import recording_desks
from workers.system import System

pytestmark = pytest.mark.long

NOW = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)
"""In the middle: many a step has come due and many is still to come."""

AUTHORITIES = ("torbay", "halton")
SEEDS = (1, 2, 3)
AUDITS = 40


@dataclass(frozen=True)
class Outcome:
    """Both sides: the running system, and the same lines rehearsed in memory."""

    system: System
    rehearsal: Rehearsal

    def raised(self, authority: str) -> dict[str, set[tuple[Any, ...]]]:
        """What the escalator recorded, by audit."""
        history = self.system.history(authority)
        return {
            aggregate: {_row(each) for each in history.load(aggregate) if isinstance(each.fact, Step)}
            for aggregate in self.audits(authority)
        }

    def expected(self, authority: str) -> dict[str, set[tuple[Any, ...]]]:
        """What the pure function says should have been recorded by now."""
        store = self.rehearsal.stores[authority]
        directory = fold_directory(store.load(DIRECTORY))
        found = {}
        for aggregate in self.audits(authority):
            settlement = settle(
                CATALOGUE.record_of(store.load(aggregate)), self.rehearsal.policies[authority], directory, NOW
            )
            found[aggregate] = {(*_identity(each.fact), each.occurred) for each in settlement.facts}
        return found

    def audits(self, authority: str) -> list[str]:
        return [each for each in self.rehearsal.stores[authority].streams if each.startswith("audit/")]


def _identity(fact: Step) -> tuple[Any, ...]:
    step = (fact.obligation, fact.step, fact.key, fact.due)  # the ids of events are keyed by each installation
    return (fact.stored_name, *step, getattr(fact, "recipients", ()), getattr(fact, "reason", ""))


def _row(recorded: Recorded) -> tuple[Any, ...]:
    fact = recorded.fact
    assert isinstance(fact, Step)
    return (*_identity(fact), recorded.envelope.occurred)


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    """Random histories of both authorities, imported into a running system and worked out."""
    settings = Settings(data=tmp_path_factory.mktemp("random"), clock_offset=NOW - datetime.now(UTC), log_level="error")
    lines = [
        orjson.dumps(line)
        for authority in AUTHORITIES
        for seed in SEEDS
        for line in random_lines(seed, authority, AUDITS)
        if str(line["at"]) < NOW.date().isoformat()
    ]
    with running(settings), System(settings) as system:
        rehearsal = Rehearsal(system.policies, unverified=True)
        expected = rehearsal.run(lines)
        with recording_desks(system, "random", unverified=True) as importer:
            summary = importer.run(lines)
        assert (summary.accepted, summary.refused) == (expected.accepted, expected.refused)
        wait_until_settled(system, within=PATIENCE)
        yield Outcome(system, rehearsal)


@pytest.mark.parametrize("authority", AUTHORITIES)
def test_raised_equals_the_pure_function(authority: str, outcome: Outcome) -> None:
    """Every step that came due is recorded once, as sent, raised, lapsed or resolved, with its people, and no other."""
    raised = outcome.raised(authority)
    assert raised == outcome.expected(authority)
    assert sum(map(len, raised.values())) > AUDITS * len(SEEDS)


@pytest.mark.parametrize("authority", AUTHORITIES)
def test_every_kind_of_outcome_was_drawn(authority: str, outcome: Outcome) -> None:
    """The draw is worth comparing: notices, lapses and escalations, resolved ones among them, all occur."""
    kinds = {row[0] for rows in outcome.raised(authority).values() for row in rows}
    wanted = {"notice.sent.v1", "escalation.raised.v1"}
    assert wanted <= kinds
    if authority == "torbay":
        assert {"notice.lapsed.v1", "escalation.resolved.v1"} <= kinds
