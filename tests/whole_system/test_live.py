"""Audits lived day by day: what the workers record as time goes by equals what the rules say, instant for instant."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from events.errors import NotFound, Refused
from events.escalations import EscalationRaised, EscalationResolved, NoticeLapsed, NoticeSent, Step
from projections.generations import positions
from projections.notices import notices
from services.clock import LONDON
from services.core.desk import Desk
from services.modules import CATALOGUE
from services.settings import Settings
from tests.desks import TestDesk
from tests.edited import edited
from tests.lives import Line
from tests.random_lives import random_lines
from tests.stores import Store
from tests.workers.rig import eventually
from workers.due.sweeper import Sweeper
from workers.recording.desks import recording_desks
from workers.running.process import working
from workers.system import System

pytestmark = pytest.mark.long

FRAMEWORKS = ("torbay", "halton")
WORKERS = ("timekeeper", "escalator", "notices")
AUDITS = 15
END = datetime(2027, 3, 1, tzinfo=UTC)
NEVER = timedelta(days=-36_500)
"""Moves the schedules of the server a century away: here the sweep wakes, at the instants of the test's clock."""


@dataclass
class Calendar:
    """The clock of both sides."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Life:
    """One authority's months on both sides: the running system, and the rules on a store in memory."""

    system: System
    authority: str
    calendar: Calendar
    desk: Desk
    sweeper: Sweeper
    rules: TestDesk
    coming: list[tuple[datetime, Line]]
    dice: random.Random
    said: list[tuple[str, str]] = field(default_factory=list)

    async def live(self) -> None:
        """Go from instant to instant at which something is done or due."""
        while (tick := self.next_tick()) is not None:
            # Now and then nobody is there for some hours: what comes late must say so.
            late = timedelta(hours=self.dice.choice((0, 0, 0, 0, 3, 30)))
            self.calendar.now = self.rules.now = tick + late
            await self.wake()
            while self.coming and self.coming[0][0] <= self.calendar.now:
                await self.do(self.coming.pop(0)[1])

    def next_tick(self) -> datetime | None:
        pending = [rung.due for audit in self.audits() for rung in self.rules.settled(audit).pending]
        done = [at for at, _ in self.coming[:1]]
        return min((at for at in (*pending, *done) if at < END), default=None)

    def audits(self) -> Iterator[str]:
        kinds = (aggregate.partition("/") for aggregate in self.rules.store.streams)  # type: ignore[attr-defined]  # a store in memory
        return (reference for kind, _, reference in kinds if kind == "audit")

    async def wake(self) -> None:
        """Record what has come due; on the side of the system, a sweep finds it."""
        changed = [audit for audit in self.audits() if self.rules.keep(audit).facts]
        if changed:
            await self.sweeper.sweep()  # or a poke that was on its way came first
            for audit in changed:
                await self.same_length(audit)

    async def do(self, line: Line) -> None:
        """Carry out a command that names no time on both sides, and what follows from it at once."""
        command = CATALOGUE.parse(orjson.dumps(line))
        outcomes = []
        for desk in (self.rules, self.desk):
            try:
                outcomes.append((await asyncio.to_thread(desk.carry_out, command)).result)
            except (Refused, NotFound) as refusal:
                outcomes.append(str(refusal))  # type: ignore[arg-type]  # compared and nothing else
        self.said.append((outcomes[0], outcomes[1]))
        if "audit" in line and self.rules.history(line["audit"]):
            self.rules.keep(line["audit"])
            await self.same_length(line["audit"])

    async def same_length(self, audit: str) -> None:
        wanted = len(self.rules.history(audit))
        history = self.system.history(self.authority)
        await eventually(lambda: len(history.load(f"audit/{audit}")) >= wanted)

    def steps(self, side: Any) -> dict[str, list[tuple[Step, datetime]]]:
        return {
            audit: [
                (each.fact, each.envelope.occurred)
                for each in side.load(f"audit/{audit}")
                if isinstance(each.fact, Step)
            ]
            for audit in self.audits()
        }


def _own_policy(folder: Path, framework: str, authority: str) -> Path:
    text = edited(framework, (f"authority: {framework}\n", f"authority: {authority}\n"))
    (folder / f"{authority}.yaml").write_text(text)
    return folder


def _coming(framework: str, authority: str) -> Iterator[tuple[datetime, Line]]:
    for number, line in enumerate(random_lines(7, framework, AUDITS)):
        at = datetime.fromisoformat(str(line["at"])).replace(tzinfo=LONDON).astimezone(UTC)
        yield (
            at,
            {name: value for name, value in line.items() if name != "at"}
            | {
                "authority": authority,
                "id": f"line-{number}",  # both sides do the same act, and what follows from it names it
            },
        )


@asynccontextmanager
async def life(framework: str, store: Store, folder: Path) -> AsyncIterator[Life]:
    authority = store.authority()
    coming = list(_coming(framework, authority))
    calendar = Calendar(coming[0][0])
    settings = Settings(
        data=folder, nats=store.url, policies=_own_policy(folder, framework, authority), clock_offset=NEVER
    )
    async with AsyncExitStack() as stack:
        system = stack.enter_context(System(settings, clock=calendar))
        importer = stack.enter_context(recording_desks(system, "unused"))
        client = await system.connect()
        stack.push_async_callback(client.close)
        for name in WORKERS:
            await stack.enter_async_context(working(system, name))
        yield Life(
            system,
            authority,
            calendar,
            importer.desks[authority],
            Sweeper(system, authority, client),
            TestDesk(authority, system.policies[authority], calendar.now),
            coming,
            random.Random(11),  # noqa: S311 - a draw that can be repeated, not a secret
        )


@pytest.mark.parametrize("framework", FRAMEWORKS)
async def test_lived_as_the_rules_say(framework: str, single_store: Store, tmp_path: Path) -> None:
    """Every step is recorded once, at its instant, with its people and flags, as the rules have it; no other is."""
    async with life(framework, single_store, tmp_path) as lived:
        await lived.live()
        history = lived.system.history(lived.authority)
        end = history.position()
        await eventually(lambda: positions(lived.system.engine, "notices").get(lived.authority) == end)
        raised, expected = lived.steps(history), lived.steps(lived.rules.store)
        assert raised == expected
        assert history.position() == end
        assert [first for first, _ in lived.said] == [second for _, second in lived.said]

        facts = [fact for steps in raised.values() for fact, _ in steps]
        told = [fact for fact in facts if isinstance(fact, NoticeSent | EscalationRaised)]
        too_late = [fact for fact in facts if isinstance(fact, NoticeLapsed) and fact.reason == "too_late"]
        assert len(notices(lived.system.engine, lived.authority)) == len(told) + len(too_late)
        assert not any(fact.reconstructed for fact in told)
        assert len(told) > AUDITS
        if framework == "torbay":  # whose ladders are long: the draw is worth comparing
            assert {fact.late for fact in told} == {False, True}
            assert {type(fact) for fact in facts} == {NoticeSent, NoticeLapsed, EscalationRaised, EscalationResolved}
