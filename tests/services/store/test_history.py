"""History as command handlers use it, with and without snapshots."""

import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from eventsourcing.application import AggregateNotFoundError

from events.audits import AuditClosed, AuditFiled
from events.errors import BrokenHistory, ContractError
from events.recorded import Recorded
from services.snapshots import Folding
from services.store.application import History
from services.store.errors import VersionConflict
from services.store.mapper import fact_to_store
from services.store.provisioner import Layout
from tests.stores import Store, eventually, recorded

Tally = dict[str, int]


def count_names(state: Tally | None, each: Recorded) -> Tally:
    name = each.fact.stored_name
    return {**(state or {}), name: (state or {}).get(name, 0) + 1}


def dump(state: Tally) -> bytes:
    return json.dumps(state).encode()


@dataclass(frozen=True)
class Told:
    """A state as the library's repository asks for it."""

    id: str
    version: int


TALLY: Folding[Tally] = Folding("tally-1", count_names, dump, json.loads)


def test_nothing_is_an_empty_history(store: Store) -> None:
    """An aggregate that does not exist has no facts."""
    with store.history(store.authority()) as history:
        assert history.load("audit/A-1") == ()
        assert history.append() == ()
        assert history.position() == 0


def test_load_gives_what_was_appended(store: Store) -> None:
    """Loading gives the very facts that were appended, with their positions, for another process at once."""
    authority = store.authority()
    with store.history(authority) as history, store.history(authority) as other:
        facts = [recorded(authority, "audit/A-1", version) for version in (1, 2, 3)]
        assert history.append(facts[0]) == (1,)
        assert history.append(*facts[1:], recorded(authority, "import/I-1", 1)) == (2, 3, 4)
        loaded = other.load("audit/A-1")
        assert tuple(other.each("audit/A-1")) == loaded
        assert [each.position for each in loaded] == [1, 2, 3]
        assert [(each.fact, each.envelope, each.originator_version) for each in loaded] == [
            (each.fact, each.envelope, each.originator_version) for each in facts
        ]
        assert other.position() == 4


def test_every_acknowledged_fact_is_seen(store: Store) -> None:
    """However fast another process appends, a load after its acknowledgement shows it: a hundred times in a row."""
    authority = store.authority()
    with store.history(authority) as writer, store.history(authority) as reader:
        for version in range(1, 101):
            writer.append(recorded(authority, "audit/A-1", version))
            assert len(reader.load("audit/A-1")) == version


def test_conflict_leaves_history_as_it_was(store: Store) -> None:
    """Two handlers that decided on the same state: the second is told, and nothing of it is kept."""
    authority = store.authority()
    with store.history(authority) as first, store.history(authority) as second:
        first.append(recorded(authority, "audit/A-1", 1, command="a"))
        with pytest.raises(VersionConflict):
            second.append(recorded(authority, "audit/A-1", 1, command="b"))
        assert [each.envelope.command_id for each in second.load("audit/A-1")] == ["a"]


def test_many_threads_share_one_history(single_store: Store) -> None:
    """Threads that append to aggregates of their own do not disturb each other."""
    authority = single_store.authority()
    with single_store.history(authority) as history, ThreadPoolExecutor(8) as pool:
        positions = list(pool.map(lambda n: history.append(recorded(authority, f"audit/A-{n}", 1))[0], range(200)))
        assert sorted(positions) == list(range(1, 201))


def test_library_repository_reconstructs(single_store: Store) -> None:
    """The library's own way works on it: save facts, get a state from a projector; none is its own error."""
    authority = single_store.authority()

    def project(_: Told | None, facts: Iterable[Recorded]) -> Told | None:
        told = tuple(facts)
        return Told("audit/A-1", len(told)) if told else None

    with single_store.history(authority) as history:
        history.save(*[recorded(authority, "audit/A-1", version) for version in (1, 2)])
        state = history.repository.get("audit/A-1", projector_func=project)
        assert state.version == 2
        with pytest.raises(AggregateNotFoundError):
            history.repository.get("audit/A-2", projector_func=project)


def test_only_facts_are_stored(single_store: Store) -> None:
    """An object that is no fact is refused by name before anything is sent."""
    with single_store.history(single_store.authority()) as history, pytest.raises(ContractError, match="only facts"):
        history.save(_Stranger())


class _Stranger:
    originator_id = "audit/A-1"
    originator_version = 1


@pytest.mark.parametrize("kept_at", [1, 7, 150, 300])
def test_snapshot_changes_nothing_but_the_time(store: Store, kept_at: int) -> None:
    """The state is the same with a snapshot as without one, wherever it was kept, and as facts go on."""
    authority = store.authority()
    facts = [
        recorded(authority, "audit/A-1", version, fact=AuditFiled() if version % 3 else AuditClosed())
        for version in range(1, 301)
    ]
    others = [recorded(authority, f"audit/B-{number}", 1) for number in range(1, 301)]
    with store.history(authority) as history:
        for start in range(0, 300, 50):
            part = [each for pair in zip(facts, others, strict=True) for each in pair][2 * start : 2 * start + 100]
            history.append(*part)
            if start < kept_at <= start + 50:
                history.keep_snapshot("audit/A-1", TALLY)
        plain = history.state("audit/A-1", Folding("never-kept", count_names, dump, json.loads))
        kept = history.state("audit/A-1", TALLY)
    assert (plain.state, plain.version, plain.since) == ({"audit.filed.v1": 200, "audit.closed.v1": 100}, 300, 0)
    assert (kept.state, kept.version) == (plain.state, plain.version)
    assert kept.since == (kept_at + 49) // 50 * 50


def test_snapshot_is_kept_once(store: Store) -> None:
    """Keeping a snapshot again, or of nothing, keeps nothing; one of another kind is passed over."""
    authority = store.authority()
    with store.history(authority) as history:
        assert not history.keep_snapshot("audit/A-1", TALLY)
        history.append(recorded(authority, "audit/A-1", 1))
        assert history.keep_snapshot("audit/A-1", TALLY)
        assert not history.keep_snapshot("audit/A-1", TALLY)
        newer: Folding[Tally] = Folding("tally-2", count_names, dump, json.loads)
        assert history.state("audit/A-1", newer).since == 0
        assert history.keep_snapshot("audit/A-1", newer)  # it takes the place of the other kind's
        assert history.state("audit/A-1", newer).since == 1


def test_snapshots_may_be_thrown_away(single_store: Store) -> None:
    """Purging every snapshot changes no state; the event stream refuses to be purged."""
    authority = single_store.authority()
    layout = Layout()
    js = single_store.link.client.jetstream()
    with single_store.history(authority) as history:
        history.append(*[recorded(authority, "audit/A-1", version) for version in range(1, 6)])
        history.keep_snapshot("audit/A-1", TALLY)
        before = history.state("audit/A-1", TALLY)
        single_store.link.run(js.purge_stream(layout.snapshots(authority)["name"]))
        after = history.state("audit/A-1", TALLY)
        assert (before.since, after.since) == (5, 0)
        assert (after.state, after.version) == (before.state, before.version)
        with pytest.raises(Exception, match="not permitted"):
            single_store.link.run(js.purge_stream(layout.events(authority)["name"]))


def test_fact_that_does_not_fit_its_hash_is_not_loaded(single_store: Store) -> None:
    """A command is never decided on a fact that is not what its content hash was made for."""
    authority = single_store.authority()
    stored = fact_to_store(recorded(authority, "audit/A-1", 1))
    js = single_store.link.client.jetstream()
    forged = dict(stored.headers) | {"ce-actor": "somebody-else"}
    single_store.link.run(js.publish(f"sightline.{authority}.audit.A-1", stored.state, headers=forged))
    with single_store.history(authority) as history, pytest.raises(BrokenHistory, match="content hash"):
        history.load("audit/A-1")


def test_many_are_loaded_as_each_alone_is(store: Store) -> None:
    """Whatever number is asked for: those of which there is nothing are empty, and one asked for twice comes once."""
    authority = store.authority()
    names = [f"audit/A-{number}" for number in range(100)]
    with store.history(authority) as history:
        history.append(*(recorded(authority, each, version) for version in (1, 2, 3) for each in names))
        found = history.load_all([*names, "audit/none", names[0]])
        assert found == {each: history.load(each) for each in [*names, "audit/none"]}
        assert history.load_all([]) == {}


def test_what_cannot_be_loaded_is_left_out_of_many(single_store: Store) -> None:
    """One that is not what it was hides none of the others, and is not taken for one of which there is nothing."""
    authority = single_store.authority()
    with single_store.history(authority) as history:
        history.append(recorded(authority, "audit/A-1", 1), recorded(authority, "audit/A-3", 1))
        stored = fact_to_store(recorded(authority, "audit/A-2", 1))
        js = single_store.link.client.jetstream()
        single_store.link.run(js.publish(f"sightline.{authority}.audit.A-2", b"[]", headers=dict(stored.headers)))
        found = history.load_all(["audit/A-1", "audit/A-2", "audit/A-3", "no record"])
        assert found == {each: history.load(each) for each in ("audit/A-1", "audit/A-3")}


def test_what_is_new_is_known_of_many_at_once(store: Store) -> None:
    """Those of which there is nothing, and none of the others, however many; of an empty history all."""
    authority = store.authority()
    there = [f"audit/A-{number}" for number in range(700)]
    new = [f"audit/B-{number}" for number in range(700)]
    with store.history(authority) as history:
        assert history.unwritten(new) == frozenset(new)
        history.append(*(recorded(authority, each, 1) for each in there))
        eventually(lambda: history.unwritten([*there, *new]) == frozenset(new))
        assert history.unwritten(there) == history.unwritten([]) == frozenset()
        assert history.unwritten(["audit/B-1", f"audit/{'B' * 200}"]) == {"audit/B-1"}  # whoever loads it hears why


def test_message_without_envelope_is_no_fact(single_store: Store) -> None:
    """Something published past the store stops the load loudly instead of being passed over."""
    authority = single_store.authority()
    js = single_store.link.client.jetstream()
    single_store.link.run(js.publish(f"sightline.{authority}.audit.A-1", b"{}"))
    with single_store.history(authority) as history, pytest.raises(BrokenHistory, match="no aggregate version"):
        history.load("audit/A-1")


@pytest.fixture
def put_back(single_store: Store) -> tuple[str, History]:
    """A history of three facts whose snapshots are those of a longer one: of five facts, the last of them closures."""
    longer, shorter = single_store.authority(), single_store.authority()
    with single_store.history(longer) as history:
        history.append(*[recorded(longer, "audit/A-1", version) for version in (1, 2, 3)])
        history.append(*[recorded(longer, "audit/A-1", version, fact=AuditClosed()) for version in (4, 5)])
        assert history.keep_snapshot("audit/A-1", TALLY)
        assert history.snapshots is not None
        (kept,) = history.snapshots.get("audit/A-1")
    history = single_store.history(shorter)
    history.append(*[recorded(shorter, "audit/A-1", version) for version in (1, 2, 3)])
    assert history.snapshots is not None
    history.snapshots.put([kept])
    return shorter, history


def test_snapshot_ahead_of_its_history_hides_nothing(put_back: tuple[str, History]) -> None:
    """After a restore a snapshot is ahead: it is not believed, nor when the history has grown past it."""
    authority, history = put_back
    with history:
        assert history.state("audit/A-1", TALLY).state == {"audit.filed.v1": 3}
        for version in (4, 5, 6, 7):
            history.append(recorded(authority, "audit/A-1", version, command=f"new-{version}"))
            assert history.state("audit/A-1", TALLY).state == {"audit.filed.v1": version}
        assert history.keep_snapshot("audit/A-1", TALLY)
        assert history.state("audit/A-1", TALLY).since == 7


def test_snapshot_too_large_for_a_message_is_left_out(single_store: Store) -> None:
    """A state that no message can hold is no error: it is read from its facts, as before."""
    authority = single_store.authority()
    huge: Folding[Tally] = Folding("huge-1", count_names, lambda _: bytes(5_000_000), lambda _: {})
    with single_store.history(authority) as history:
        history.append(recorded(authority, "audit/A-1", 1))
        assert not history.keep_snapshot("audit/A-1", huge)
        assert history.state("audit/A-1", huge).state == {"audit.filed.v1": 1}
