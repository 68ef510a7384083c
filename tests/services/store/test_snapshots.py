"""Which snapshots are believed: those of this very history, of this program, and of nothing that was given up since."""

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from eventsourcing.persistence import StoredEvent

from events.audits import AuditClosed
from events.losses import DamageAccepted
from events.recorded import Recorded
from events.subjects import snapshot_stream
from services.snapshots import WORTH_KEEPING, Folding
from services.store.application import History
from services.store.mapper import StateSnapshot
from tests.bench.records import CASES, Case, command_of, counting, desk_of, grown, staffed
from tests.shelves import shelved_in
from tests.stores import Store, recorded
from workers.recording.desks import keep_grown

ABOUT = "audit/A-1"
EVENTS = 12


def _step(state: list[str] | None, each: Recorded) -> list[str]:
    return [*(state or []), each.envelope.event_id]


def _dump(state: list[str]) -> bytes:
    return "\n".join(state).encode()


def _load(body: bytes) -> list[str]:
    return body.decode().split("\n")


IDS: Folding[list[str]] = Folding("ids-1", _step, _dump, _load)
"""Every event of a record by its id: one too many or too few shows."""


@pytest.fixture
def history(single_store: Store) -> Iterator[History]:
    """A record with a snapshot at its eighth event."""
    authority = single_store.authority()
    with single_store.history(authority) as history:
        history.append(*[recorded(authority, ABOUT, version) for version in range(1, 9)])
        assert history.keep_snapshot(ABOUT, IDS)
        history.append(*[recorded(authority, ABOUT, version) for version in range(9, EVENTS + 1)])
        yield history


def ids(history: History) -> list[str]:
    """What the events say, read whole."""
    return [each.envelope.event_id for each in history.load(ABOUT)]


def kept(history: History) -> StateSnapshot:
    assert history.snapshots is not None
    (found,) = history.snapshots.get(ABOUT, desc=True, limit=1)
    assert isinstance(found, StateSnapshot)
    return found


def put(history: History, snapshot: Any) -> None:
    """As the newest, whatever it is."""
    assert history.snapshots is not None
    history.snapshots.put([snapshot], newest=True)


CHANGES: dict[str, Callable[[StateSnapshot], StateSnapshot]] = {
    "of an older program": lambda made: replace(made, kind="ids-0"),
    "of another event": lambda made: replace(made, witness="0" * 64),
    "of another place": lambda made: replace(made, position=made.position - 1),
    "of another version": lambda made: replace(made, originator_version=made.originator_version - 1),
    "of what is still to come": lambda made: replace(made, originator_version=EVENTS + 5, position=EVENTS + 5),
    "of a state that is none": lambda made: replace(made, state=b"\xff"),
    "of before something was given up": lambda made: replace(made, damage="0" * 16),
}


def test_one_that_fits_is_believed(history: History) -> None:
    """It is begun from, and what is changed in the cases below is what makes the difference."""
    opened = history.opened(ABOUT, IDS)
    assert (opened.since, opened.version, len(opened.facts)) == (8, EVENTS, EVENTS - 8)
    put(history, replace(kept(history), state=b"believed"))
    assert history.opened(ABOUT, IDS).state == ["believed"]


@pytest.mark.parametrize("how", CHANGES)
def test_one_that_does_not_fit_is_thrown_away(history: History, how: str) -> None:
    """The record is loaded from its events, and the next snapshot takes the place of the one that was not believed."""
    lie = replace(CHANGES[how](kept(history)))
    put(history, lie if how == "of a state that is none" else replace(lie, state=b"a lie"))
    assert history.state(ABOUT, IDS).state == ids(history)
    assert history.opened(ABOUT, IDS).since == 0
    assert history.keep_snapshot(ABOUT, IDS), "one of any version is replaced"
    assert history.opened(ABOUT, IDS).since == EVENTS
    assert history.state(ABOUT, IDS).state == ids(history)


def test_a_body_that_was_changed_is_thrown_away(history: History) -> None:
    """The bytes are held against the hash that was kept with them."""
    stored = kept(history).to_stored()
    recorder = history.snapshots.recorder if history.snapshots else None
    assert recorder is not None
    recorder.insert_events([StoredEvent(ABOUT, 8, stored.topic, stored.state + b"\nmore")], newest=True)
    assert history.opened(ABOUT, IDS).since == 0
    recorder.insert_events([StoredEvent(ABOUT, 8, "something else", b"")], newest=True)
    assert history.state(ABOUT, IDS).state == ids(history)


def test_one_of_a_foreign_history_is_thrown_away(single_store: Store, history: History) -> None:
    """Another history with as many events at the same places is another history."""
    authority = single_store.authority()
    with single_store.history(authority) as other:
        facts = [recorded(authority, ABOUT, version, command=f"other-{version}") for version in range(1, EVENTS + 1)]
        other.append(*facts)
        put(other, kept(history))
        assert other.state(ABOUT, IDS).state == ids(other)


def test_several_may_keep_at_once(single_store: Store, history: History) -> None:
    """The later one counts, be it of an older version; nobody is refused, and the state is the same."""
    early = kept(history)
    with single_store.history(history.authority) as other:
        assert other.keep_snapshot(ABOUT, IDS)
        put(history, early)
        assert history.opened(ABOUT, IDS).since == other.opened(ABOUT, IDS).since == 8
        assert history.state(ABOUT, IDS).state == other.state(ABOUT, IDS).state == ids(history)


def test_without_its_stream_nothing_is_lacking(single_store: Store, history: History) -> None:
    """Whoever cannot have a snapshot, and cannot keep one, has the record from its events."""
    js = single_store.link.client.jetstream()
    before = ids(history)
    single_store.link.run(js.delete_stream(snapshot_stream(history.authority)))
    assert history.state(ABOUT, IDS).state == before
    assert not history.keep_snapshot(ABOUT, IDS)


def test_short_records_have_none(single_store: Store) -> None:
    """A record is read whole until a snapshot saves more than it costs."""
    authority = single_store.authority()
    with single_store.history(authority) as history:
        history.append(*[recorded(authority, ABOUT, version) for version in range(1, WORTH_KEEPING)])
        assert not history.keep_snapshot(ABOUT, IDS, worth=WORTH_KEEPING)
        history.append(recorded(authority, ABOUT, WORTH_KEEPING, fact=AuditClosed()))
        assert history.keep_snapshot(ABOUT, IDS, worth=WORTH_KEEPING)
        assert not history.keep_snapshot(ABOUT, IDS, worth=WORTH_KEEPING)


@pytest.mark.parametrize("name", CASES)
def test_a_command_reads_the_same_of_a_record_that_grew_tenfold(single_store: Store, name: str) -> None:
    """Counted by message, events and snapshots, at a desk that knows nothing yet."""
    case, read = CASES[name], []
    for size in (200, 2_000):
        with single_store.history(single_store.authority()) as history:
            staffed(history, case.policy)
            grown(history, case, size)
            carry_out(history, case, 0)
            with counting() as found:
                carry_out(history, case, 1)
            read.append(sum(found.values()))
    assert read[0] == read[1] < WORTH_KEEPING


def carry_out(history: History, case: Case, number: int) -> None:
    """The case's command at a new desk, and then what has grown."""
    desk = desk_of(history, case.policy)
    desk.carry_out(command_of(history, case, number))
    keep_grown(history, desk.catalogue, desk.grown())


def _killed(url: str, authority: str, name: str) -> None:
    """A process that is killed once its command is written, as it begins to keep what has grown."""
    with History(authority, url) as history:

        def kill(*_: object, **__: object) -> None:
            os.kill(os.getpid(), signal.SIGKILL)

        history.keep_snapshot = kill  # type: ignore[assignment,method-assign]  # the very moment
        carry_out(history, CASES[name], 1)


def test_a_kill_between_commit_and_snapshot_loses_nothing(single_store: Store) -> None:
    """The command stands, no snapshot does, and whoever comes next keeps one."""
    name = "somebody is trained"
    case, authority = CASES[name], single_store.authority()
    with single_store.history(authority) as history:
        staffed(history, case.policy)
        grown(history, case, WORTH_KEEPING)
        process = get_context("spawn").Process(target=_killed, args=(single_store.url, authority, name))
        process.start()
        process.join()
        assert process.exitcode == -signal.SIGKILL
        folding = desk_of(history, case.policy).catalogue.kind_of(case.record).folding
        opened = history.opened(case.record, folding)
        assert (opened.since, opened.version) == (0, WORTH_KEEPING + 1)
        carry_out(history, case, 2)
        assert history.opened(case.record, folding).since == WORTH_KEEPING + 2


def test_one_is_believed_where_the_beginning_was_archived(single_store: Store, tmp_path: Path) -> None:
    """Of a record that goes on and of one that stands in the archive alone; both take further events."""
    with shelved_in(single_store, tmp_path) as shelved:
        names = ("audit/A-0", "audit/A-2")
        with shelved.history() as history:
            assert all(history.keep_snapshot(name, IDS) for name in names)
        shelved.make()
        assert shelved.remove() > 0
        with shelved.history() as history:
            for name in names:
                opened = history.opened(name, IDS)
                assert (opened.since, opened.facts) == (opened.version, ())
                history.append(recorded(shelved.authority, name, opened.version + 1))
                assert history.opened(name, IDS).since == opened.since
                assert history.state(name, IDS).state == [each.envelope.event_id for each in history.load(name)]


def test_none_is_believed_that_is_older_than_an_acceptance_of_damage(history: History) -> None:
    """What was given up may have been of this record: it is read anew, and a snapshot of what is left is believed."""
    assert history.opened(ABOUT, IDS).since == 8
    given = DamageAccepted(position=3, through=3, found="0" * 64, reason="unknown")
    history.append(recorded(history.authority, "damage/3", 1, fact=given))
    assert history.opened(ABOUT, IDS).since == 0
    assert history.keep_snapshot(ABOUT, IDS)
    assert history.opened(ABOUT, IDS).since == EVENTS
