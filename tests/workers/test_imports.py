"""Imported history: nothing is worked out while its import is open, everything once it is closed."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest

from events.audits import AuditSubmitted
from events.imports import ImportClosed, ImportOpened
from events.recorded import Recorded
from events.subjects import aggregate_of, fired_subject, timer_stream
from services.directory.state import DIRECTORY, Directory
from services.imports import import_aggregate
from services.store.application import History
from services.store.link import close_link
from services.store.messages import RawMessage
from services.store.source import Source
from tests.histories import allocated
from tests.workers.rig import LOWEST, Rig
from workers.due.settling import Settling
from workers.health.whole import health
from workers.histories.rebuilding import rebuild_everything
from workers.intake import pulling

IMPORT = "I-1"
LONG_AGO = datetime(2026, 1, 8, 9, 0, tzinfo=UTC)


async def test_an_open_import_holds_and_a_closed_one_releases(rig: Rig) -> None:
    """Half an import raises nothing; its end raises what is owed, marked as reconstructed and told to nobody twice."""
    async with rig.workers("timekeeper", "escalator", "notices", "sweeper"):
        rig.record("", ImportOpened(file_hash=IMPORT), aggregate=import_aggregate(IMPORT))
        for audit in ("A-1", "A-2"):
            rig.record(audit, allocated(due=None), at=LONG_AGO, imported=IMPORT)
            rig.record(audit, AuditSubmitted(grade=LOWEST), at=LONG_AGO + timedelta(days=1), imported=IMPORT)
        rig.record("A-9", allocated(due=None), AuditSubmitted(grade=LOWEST))  # live work goes on meanwhile
        await rig.until(lambda: len(rig.steps("A-9")) == 3)
        await rig.drained()
        assert rig.steps("A-1") == rig.steps("A-2") == []
        closed = ImportClosed(accepted=4, repeated=0, refused=0)
        rig.record("", closed, aggregate=import_aggregate(IMPORT))
        await rig.until(lambda: bool(rig.steps("A-1") and rig.steps("A-2")))
        await rig.drained()
    for audit in ("A-1", "A-2"):
        (alert,) = [step for step in rig.raised(audit) if step.obligation == "immediate_alert"]
        assert alert.reconstructed
        assert all(step.reconstructed for step in rig.raised(audit))


async def test_many_imports_closed_at_once(rig: Rig) -> None:
    """Imports that end together release what they hold: none waits for the other."""
    names = [f"I-{number}" for number in range(6)]
    for name in names:
        rig.record("", ImportOpened(file_hash=name), aggregate=import_aggregate(name))
        rig.record(f"A-{name}", allocated(due=None), at=LONG_AGO, imported=name)
        rig.record(f"A-{name}", AuditSubmitted(grade=LOWEST), at=LONG_AGO + timedelta(days=1), imported=name)
        rig.record("", ImportClosed(accepted=2, repeated=0, refused=0), aggregate=import_aggregate(name))
    async with rig.workers("timekeeper", "escalator"):
        await rig.until(lambda: all(rig.raised(f"A-{name}") for name in names))


def poked(rig: Rig) -> int:
    """How many records wait for the escalator."""
    link = rig.system.link()
    try:
        stream = Source(link.client, timer_stream(rig.authority))
        return len(link.run(stream.subjects(f"{fired_subject(rig.authority, '')}>")))
    finally:
        close_link(link)


async def test_what_the_end_of_an_import_costs(rig: Rig) -> None:
    """Audits from before it are read and recorded many at once; its own record and the directory are asked for rarely.

    Those that began with it are not even asked for (see `test_releasing`).
    """
    audits = 24
    for number in range(audits):
        rig.record(f"A-{number}", allocated(due=None), at=LONG_AGO)
    rig.record("", ImportOpened(file_hash=IMPORT), aggregate=import_aggregate(IMPORT))
    for number in range(audits):
        rig.record(f"A-{number}", AuditSubmitted(grade=LOWEST), at=LONG_AGO, imported=IMPORT)
    rig.record("", ImportClosed(accepted=audits, repeated=0, refused=0), aggregate=import_aggregate(IMPORT))
    asked: list[str] = []
    wrote: list[int] = []
    load, append, directory = History.load, History.append, Settling.directory

    def loaded(history: History, aggregate_id: str, *, after: int = 0) -> tuple[Recorded, ...]:
        asked.append(aggregate_id)
        return load(history, aggregate_id, after=after)

    def appended(history: History, *facts: Recorded, expected: Mapping[str, int] | None = None) -> tuple[int, ...]:
        wrote.append(len(facts))
        return append(history, *facts, expected=expected)

    def looked(settling: Settling) -> Directory:
        asked.append(DIRECTORY)
        return directory(settling)

    reads, writes = patch.object(History, "load", loaded), patch.object(History, "append", appended)
    waits = patch.object(pulling, "LINGER", 0.5)  # a busy machine is no smaller batch
    with reads, writes, waits, patch.object(Settling, "directory", looked):
        async with rig.workers("timekeeper"):
            await rig.until(lambda: poked(rig) == audits)  # so that the escalator finds all of them together
        async with rig.workers("timekeeper", "escalator"):
            await rig.drained()
    assert all(rig.raised(f"A-{number}") for number in range(audits))
    assert asked.count(import_aggregate(IMPORT)) <= audits / 4
    assert asked.count(DIRECTORY) <= audits / 4
    assert sum(each.startswith("audit/") for each in asked) - audits <= audits / 4, "the test itself asks for each once"
    assert sum(wrote) == sum(len(rig.steps(f"A-{number}")) for number in range(audits))
    assert len(wrote) <= audits / 4


def test_health_names_open_imports(rig: Rig) -> None:
    """Whoever wonders why nothing is sent finds the import that holds it."""
    rig.record("", ImportOpened(file_hash=IMPORT), aggregate=import_aggregate(IMPORT))
    (keeper,) = [each for each in health(rig.settings) if each.worker == "timekeeper"]
    assert keeper.open_imports == (IMPORT,)


def test_health_asks_for_the_end_of_no_import_that_is_known_to_have_ended(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the timeline knows closed is believed, until the stream has more of it; what it does not know is asked."""
    asked: set[str] = set()
    newest = Source.newest

    async def counted(source: Source, subject: str) -> RawMessage | None:
        asked.add(aggregate_of(subject))
        return await newest(source, subject)

    monkeypatch.setattr(Source, "newest", counted)
    for name in (IMPORT, "I-2", "I-3"):
        rig.record("", ImportOpened(file_hash=name), aggregate=import_aggregate(name))
        if name != "I-3":
            closed = ImportClosed(accepted=1, repeated=0, refused=0)
            rig.record("", closed, aggregate=import_aggregate(name))

    def held() -> tuple[tuple[str, ...], list[str]]:
        asked.clear()
        (keeper,) = [each for each in health(rig.settings) if each.worker == "timekeeper"]
        return keeper.open_imports, sorted(asked)

    assert held() == (("I-3",), [*map(import_aggregate, (IMPORT, "I-2", "I-3"))]), "no timeline was ever kept"
    rebuild_everything(rig.system, [rig.authority], lambda *_: None)
    assert held() == (("I-3",), [import_aggregate("I-3")])
    rig.record("", ImportOpened(file_hash="I-2"), aggregate=import_aggregate("I-2"))
    again = [*map(import_aggregate, ("I-2", "I-3"))]
    assert held() == (("I-2", "I-3"), again), "begun again, and the timeline does not know"
    rebuild_everything(rig.system, [rig.authority], lambda *_: None)
    assert held() == (("I-2", "I-3"), again), "begun again, and the timeline knows"
