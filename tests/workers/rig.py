"""One authority with a policy, streams and a database of its own, and its workers run within the test's loop."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

from sqlalchemy import delete

from events.base import Fact
from events.envelope import Envelope
from events.escalations import EscalationRaised, NoticeSent, Step
from events.recorded import Recorded
from projections.generations import drop_all_but, positions
from projections.notices import Notice, notices
from projections.store import GENERATIONS, writing
from services.settings import Settings
from services.store.reading import read_recorded
from tests import stores
from tests.edited import edited, sound_as_of
from workers.health.whole import settled
from workers.kept.halts import halts
from workers.running.process import working
from workers.system import System

ROOT = Path(__file__).parents[2]
LOWEST = "Does Not Meet Good – escalate immediately"
RECORDING = {"timekeeper", "escalator"}
_COMMANDS = count(1)


async def eventually(condition: Callable[[], bool], *, within: float = stores.PATIENCE) -> None:
    """Wait, without holding up the loop, until the condition holds."""
    await asyncio.to_thread(stores.eventually, condition, within=within)


def policy_folder(folder: Path, authority: str, change: Callable[[str], str] = lambda text: text) -> Path:
    """Torbay's framework under another authority's name, changed as the test says."""
    text = edited("torbay").replace("authority: torbay", f"authority: {authority}")
    folder.mkdir(exist_ok=True)
    (folder / f"{authority}.yaml").write_text(change(text))
    sound_as_of(folder / f"{authority}.yaml", authority, "torbay")
    return folder


@dataclass
class Rig:
    """What a test works with. `now` is the clock of the workers."""

    settings: Settings
    system: System
    authority: str

    def now(self) -> datetime:
        return self.system.clock()

    def record(
        self, audit: str, *facts: Fact, at: datetime | None = None, imported: str = "", aggregate: str = ""
    ) -> tuple[int, ...]:
        """Append facts to an audit (or another aggregate) as a command would, at the workers' time."""
        history = self.system.history(self.authority)
        aggregate = aggregate or f"audit/{audit}"
        before = history.load(aggregate)
        version = before[-1].originator_version if before else 0  # damage that was accepted leaves holes
        told = Envelope(
            event_id=f"cmd{next(_COMMANDS)}-{self.authority}.0",
            authority=self.authority,
            actor="P-1",
            role="qa_team",
            occurred=at or self.now(),
            recorded=self.now(),
            correlation=audit or "directory",
            causation="",
            policy_version="1",
            imported=imported,
        )
        events = [
            Recorded(aggregate, version + number, fact, _numbered(told, number))
            for number, fact in enumerate(facts, start=1)
        ]
        return history.append(*events)

    def history(self, audit: str) -> tuple[Recorded, ...]:
        return self.system.history(self.authority).load(f"audit/{audit}")

    def events(self) -> list[Recorded]:
        """Every event of the authority, in the order of the stream."""

        async def read() -> list[Recorded]:
            client = await self.system.connect()
            try:
                return [each async for each in read_recorded(client, self.authority)]
            finally:
                await client.close()

        return asyncio.run(read())

    def steps(self, audit: str) -> list[Step]:
        """What became of the audit's steps so far."""
        return [each.fact for each in self.history(audit) if isinstance(each.fact, Step)]

    def notices(self, audit: str | None = None) -> list[Notice]:
        """What the view shows; nothing yet where no projector has kept it."""
        if not positions(self.system.engine, "notices"):
            return []
        return notices(self.system.engine, self.authority, audit=audit)

    def raised(self, audit: str) -> list[EscalationRaised]:
        return [step for step in self.steps(audit) if isinstance(step, EscalationRaised)]

    def told(self, audit: str) -> set[str | None]:
        """Everybody who was told of something in the audit."""
        steps = [step for step in self.steps(audit) if isinstance(step, EscalationRaised | NoticeSent)]
        return {each.holder for step in steps for each in step.recipients}

    def reached(self, view: str) -> int:
        return positions(self.system.engine, view).get(self.authority, 0)

    def halts(self, view: str) -> list[int]:
        """The position at which the view stands still."""
        return [halt.position for place, halt in halts(self.system.engine).items() if place == (view, self.authority)]

    def drop(self, view: str) -> None:
        """Lose the view as a database restored from an older backup does."""
        with writing(self.system.engine) as db:
            drop_all_but(db, view, [])
            db.execute(delete(GENERATIONS).where(GENERATIONS.c.view == view))

    async def drained(self, *workers: str) -> None:
        """Wait until these workers, else the timekeeper and the escalator, have nothing left in hand."""
        await settled(self.system, within=stores.PATIENCE, of=workers or RECORDING)

    @asynccontextmanager
    async def workers(self, *names: str) -> AsyncIterator[None]:
        """Run the workers of these names, with the wiring that the processes have."""
        async with AsyncExitStack() as stack:
            for name in names:
                await stack.enter_async_context(working(self.system, name))
            yield

    async def until(self, condition: Callable[[], bool], *, within: float = stores.PATIENCE) -> None:
        await eventually(condition, within=within)


def _numbered(told: Envelope, number: int) -> Envelope:
    fields = {name: getattr(told, name) for name in Envelope.__dataclass_fields__}
    return Envelope(**fields | {"event_id": f"{told.event_id.rpartition('.')[0]}.{number}"})
