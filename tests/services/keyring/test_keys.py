"""The life of a key: made once whoever races, held by law, erased for good."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from events.errors import BrokenHistory, Conflict, Drifted, NotFound, Refused, SettingsError
from services.keyring import Erased, Keyring, MasterKey
from tests.services.keyring.conftest import NOW, Opener
from tests.services.keyring.memory_bucket import MemoryBucket

CHILD, FIELD = "C-17", "evidence"


def test_two_processes_make_one_key(another: Opener, bucket: MemoryBucket) -> None:
    """Two keyrings that both found no key end with the same one, and each opens what the other sealed."""
    both = Barrier(2)
    another().seal("C-1", FIELD, "settles the master key first")
    rings = another(), another()
    for ring in rings:
        ring.seal("C-1", FIELD, "so that the next write of each is the key")

    def together() -> None:
        both.wait()

    bucket.before_write = together
    with ThreadPoolExecutor(2) as pool:
        sealed = list(pool.map(lambda ring: ring.seal(CHILD, FIELD, "text"), rings))
    assert rings[0].unseal(sealed[1], FIELD) == rings[1].unseal(sealed[0], FIELD) == "text"
    assert len(bucket.values) == 3, "the master's and two children's"


def test_many_threads_share_one_keyring(keyring: Keyring) -> None:
    """Eight threads sealing and opening for the same fifty children at once get every text back."""
    start = Barrier(8)

    def work(thread: int) -> list[tuple[str, str]]:
        start.wait()
        done = []
        for turn in range(500):
            text = f"text {turn} of thread {thread}"
            sealed = keyring.seal(f"C-{turn % 50}", FIELD, text)
            assert keyring.unseal(sealed, FIELD) == text
            done.append((sealed, text))
        return done

    with ThreadPoolExecutor(8) as pool:
        for done in pool.map(work, range(8)):
            assert all(keyring.unseal(sealed, FIELD) == text for sealed, text in done)


def test_ensure_makes_only_what_is_missing(keyring: Keyring, another: Opener, bucket: MemoryBucket) -> None:
    """Thousands of keys are made at once; those that stand, here or elsewhere, stay as they are."""
    old = keyring.seal(CHILD, FIELD, "old")
    erased = keyring.seal("C-18", FIELD, "erased")
    keyring.erase("C-18")
    ring = another()
    ring.ensure([CHILD, "C-18", *(f"N-{number}" for number in range(2_500)), CHILD])
    assert ring.unseal(erased, FIELD) == Erased("C-18", 1)
    reads, written = bucket.reads, dict(bucket.values)
    assert ring.unseal(old, FIELD) == "old"
    assert ring.unseal(erased, FIELD) == Erased("C-18", 1)
    assert ring.seal("C-18", FIELD, "new").startswith("sealed:2.")
    assert ring.seal("N-2499", FIELD, "new").startswith("sealed:1.")
    ring.ensure([CHILD, "C-18", "N-7"])
    assert (bucket.reads, bucket.values) == (reads, written)


def test_erasing_makes_every_text_unreadable(keyring: Keyring, another: Opener, bucket: MemoryBucket) -> None:
    """After an erasure no text of the child opens, here or elsewhere, while the texts of others do."""
    texts = [keyring.seal(CHILD, field, f"about {field}") for field in ("evidence", "impact", "number")]
    other = keyring.seal("C-18", FIELD, "stays")
    assert keyring.erase(CHILD)
    for ring in (keyring, another()):
        for sealed, field in zip(texts, ("evidence", "impact", "number"), strict=True):
            gone = ring.unseal(sealed, field)
            assert gone == Erased(CHILD, 1)
            assert str(gone) == "[erased]"
        assert ring.unseal(other, FIELD) == "stays"
    assert CHILD not in bucket.values
    (tombstone,) = (value for key, value in bucket.values.items() if key.startswith(f"_erased.{CHILD}."))
    assert b'"wrapped":null' in tombstone


def test_erasing_twice(keyring: Keyring, another: Opener, bucket: MemoryBucket) -> None:
    """A repeat says that there was nothing left to do, and changes nothing."""
    keyring.ensure([CHILD])
    assert keyring.erase(CHILD)
    before = dict(bucket.values)
    assert not keyring.erase(CHILD)
    assert not another().erase(CHILD)
    assert bucket.values == before


def test_erasing_resumes_after_a_crash(
    keyring: Keyring, another: Opener, bucket: MemoryBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the process dies before the key is destroyed, texts still open and a repeat does all of it."""
    sealed = keyring.seal(CHILD, FIELD, "text")
    with monkeypatch.context() as patch:
        patch.setattr(bucket, "destroy", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            another().erase(CHILD)
    assert another().unseal(sealed, FIELD) == "text"
    assert another().unseal(another().seal(CHILD, FIELD, "more"), FIELD) == "more"
    assert another().erase(CHILD)
    assert another().unseal(sealed, FIELD) == Erased(CHILD, 1)
    assert CHILD not in bucket.values


def test_new_text_after_an_erasure(keyring: Keyring, another: Opener) -> None:
    """A child who comes back gets a new key of a higher version; the old texts stay erased."""
    old = keyring.seal(CHILD, FIELD, "old")
    keyring.classify(CHILD, "closed+25y")
    keyring.erase(CHILD)
    new = keyring.seal(CHILD, FIELD, "new")
    assert re.match(rf"sealed:2\.[0-9a-f]{{16}}:{CHILD}:", new)
    for ring in (keyring, another()):
        assert ring.unseal(old, FIELD) == Erased(CHILD, 1)
        assert ring.unseal(new, FIELD) == "new"
    record = keyring.record(CHILD)
    assert record
    assert (record.version, record.retention, record.erased) == (2, "closed+25y", None)


def test_nothing_to_erase(keyring: Keyring, bucket: MemoryBucket) -> None:
    """Erasing a child who never had a key is an error that writes nothing about that child."""
    with pytest.raises(NotFound, match=CHILD):
        keyring.erase(CHILD)
    assert CHILD not in bucket.values


def test_legal_hold(keyring: Keyring, another: Opener) -> None:
    """Under a legal hold the key cannot be erased, by any process; once released it can."""
    sealed = keyring.seal(CHILD, FIELD, "text")
    keyring.hold(CHILD)
    keyring.hold(CHILD)
    for ring in (keyring, another()):
        with pytest.raises(Refused, match="legal hold"):
            ring.erase(CHILD)
        assert ring.unseal(sealed, FIELD) == "text"
    keyring.release(CHILD)
    assert another().erase(CHILD)


def test_legal_hold_before_the_first_text(keyring: Keyring) -> None:
    """A hold can come first; the texts that follow are under it."""
    keyring.hold(CHILD)
    keyring.seal(CHILD, FIELD, "text")
    with pytest.raises(Refused):
        keyring.erase(CHILD)


def test_hold_wins_against_an_erasure_under_way(keyring: Keyring, another: Opener, bucket: MemoryBucket) -> None:
    """An erasure that read the record before the hold was set reads it again and is refused."""
    sealed = keyring.seal(CHILD, FIELD, "text")

    def interrupt() -> None:
        bucket.before_write = lambda: None
        another().hold(CHILD)

    bucket.before_write = interrupt
    with pytest.raises(Refused, match="legal hold"):
        keyring.erase(CHILD)
    assert another().unseal(sealed, FIELD) == "text"


def test_hold_and_class_after_an_erasure(keyring: Keyring) -> None:
    """What is set on an erased key brings nothing back; it stands for the key that comes next."""
    keyring.seal(CHILD, FIELD, "text")
    keyring.erase(CHILD)
    keyring.hold(CHILD)
    assert not keyring.erase(CHILD)
    keyring.seal(CHILD, FIELD, "new")
    with pytest.raises(Refused):
        keyring.erase(CHILD)


def test_record_says_what_stands(keyring: Keyring, bucket: MemoryBucket) -> None:
    """The record tells version, class, hold and erasure, and shows no key; a repeat writes nothing."""
    assert keyring.record(CHILD) is None
    keyring.release(CHILD)
    keyring.classify(CHILD, "care-75y")
    keyring.classify(CHILD, "care-75y")
    record = keyring.record(CHILD)
    assert record
    assert (record.version, record.created, record.retention, record.legal_hold) == (
        1,
        NOW,
        "care-75y",
        False,
    )
    assert record.wrapped
    assert record.wrapped not in repr(record)
    assert sum(key.startswith("_kept.") for key in bucket.values) == 1
    keyring.erase(CHILD)
    assert (record := keyring.record(CHILD))
    assert record.erased == NOW


def test_bucket_that_keeps_what_is_erased(keyring: Keyring, bucket: MemoryBucket) -> None:
    """Where the old key could not be overwritten an erasure is refused before it begins."""
    sealed = keyring.seal(CHILD, FIELD, "text")
    bucket.deny_delete = True
    with pytest.raises(Drifted, match="deny_delete"):
        keyring.erase(CHILD)
    assert keyring.unseal(sealed, FIELD) == "text"


def test_endless_contention_ends(keyring: Keyring, another: Opener, bucket: MemoryBucket) -> None:
    """A change that others always overtake ends as a conflict, and not in an endless loop."""
    keyring.ensure([CHILD])
    turn = [0]

    def overtake() -> None:
        mine, bucket.before_write = bucket.before_write, lambda: None
        turn[0] += 1
        another().classify(CHILD, f"class {turn[0]}")
        bucket.before_write = mine

    bucket.before_write = overtake
    with pytest.raises(Conflict, match=CHILD):
        keyring.hold(CHILD)


def test_wrong_master_key(keyring: Keyring, bucket: MemoryBucket) -> None:
    """A process with another master key is told so in one line, before it makes a single key with it."""
    sealed = keyring.seal(CHILD, FIELD, "text")
    before = dict(bucket.values)
    stranger = Keyring("torbay", MasterKey(bytes(32)), bucket, clock=lambda: NOW)
    for act in (
        lambda: stranger.unseal(sealed, FIELD),
        lambda: stranger.seal(CHILD, FIELD, "text"),
        lambda: stranger.ensure(["C-99"]),
        lambda: stranger.load([CHILD]),
    ):
        with pytest.raises(SettingsError, match=r"SIGHTLINE_MASTER_KEY: .* of torbay were wrapped") as refused:
            act()
        assert "\n" not in str(refused.value)
    assert bucket.values == before


@pytest.mark.parametrize(
    "stored",
    [b"", b"{}", b"\xff", b'{"version":1,"wrapped":null,"created":"2025-11-03T09:30:00Z"}'],
)
def test_damaged_record(another: Opener, bucket: MemoryBucket, stored: bytes) -> None:
    """A record that cannot be read stops whoever needs it; no new key is made over it."""
    another().ensure([CHILD])
    bucket.values[CHILD] = stored
    for act in (another().ensure, another().load):
        with pytest.raises(BrokenHistory, match=f"key of child {CHILD}: unreadable record"):
            act([CHILD])
    assert bucket.values[CHILD] == stored


def test_keys_that_were_let_go_of(another: Opener) -> None:
    """A key that was let go of is found again when a text needs it; letting go of one not held changes nothing."""
    ring = another()
    sealed = ring.seal(CHILD, FIELD, "text")
    ring.forget([CHILD, "C-unknown"])
    assert ring.unseal(sealed, FIELD) == "text"
    ring.forget([CHILD])
    assert another().unseal(ring.seal(CHILD, FIELD, "more"), FIELD) == "more"
    ring.erase(CHILD)
    ring.forget([CHILD])
    assert ring.unseal(sealed, FIELD) == Erased(CHILD, 1)
