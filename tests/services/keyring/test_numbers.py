"""References of children: drawn at random, the same in every list, found by the number alone, gone with the key."""

import hmac
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pytest

from events.errors import BrokenHistory
from services.keyring import Erased, Keyring, MasterKey
from tests.services.keyring.conftest import Opener
from tests.services.keyring.memory_bucket import MemoryBucket

NUMBERS = [str(number) for number in range(4_711, 4_721)]
FIELD = "case.number"


def test_the_same_in_every_list(keyring: Keyring, another: Opener) -> None:
    """A number leads to one reference, whoever asks and however often; two numbers never to one."""
    first = keyring.references(NUMBERS)
    assert sorted(first) == NUMBERS
    assert len(set(first.values())) == len(NUMBERS)
    assert another().references([*reversed(NUMBERS), "99"]) == first | {"99": another().references(["99"])["99"]}
    sealed = keyring.seal(first["4711"], FIELD, "4711")
    assert another().unseal(sealed, FIELD) == "4711"


def test_nothing_to_try_out(another: Opener, bucket: MemoryBucket, master: MasterKey) -> None:
    """Whoever has a reference, the bucket and even the master key's naming cannot tell the number from the reference.

    A second council, or the same one after everything was lost, gives other references.
    """
    reference = another().references(["4711"])["4711"]
    guesses = [f"child-{master.name(f'{label}:torbay:4711'.encode())}" for label in ("child number", "listed child")]
    assert reference not in guesses
    assert sha256(b"4711").hexdigest()[:32] not in reference
    assert hmac.digest(bytes(range(32)), b"4711", "sha256").hex()[:32] not in reference
    assert not any(reference.encode() in value for value in bucket.values.values()), "the entry is sealed"
    bucket.values.clear()
    assert another().references(["4711"])["4711"] != reference


def test_two_imports_at_once(another: Opener) -> None:
    """Eight imports of the same numbers at once end with the same references, and every one has a key."""
    another().references(["settles the master key first 1"])
    rings = [another() for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(lambda ring: ring.references(NUMBERS), rings))
    assert all(each == given[0] for each in given)
    sealed = [ring.seal(given[0]["4715"], FIELD, "4715") for ring in rings]
    assert [another().unseal(each, FIELD) for each in sealed] == ["4715"] * 8


def test_lost_to_another_import(keyring: Keyring, another: Opener, bucket: MemoryBucket) -> None:
    """Who looked before another import wrote takes the references that the other one gave."""
    others: list[dict[str, str]] = []

    def interrupt() -> None:
        bucket.before_write = lambda: None
        others.append(another().references(NUMBERS[:4]))

    keyring.references(["1"])
    bucket.before_write = interrupt
    mine = keyring.references(NUMBERS)
    assert others[0].items() <= mine.items()
    assert another().references(NUMBERS) == mine


def test_erased_with_the_child(keyring: Keyring, another: Opener, bucket: MemoryBucket) -> None:
    """Erasing the key ends the way from the number to the reference: the child comes back as somebody else."""
    reference = keyring.references(["4711", "4712"])["4711"]
    sealed = keyring.seal(reference, FIELD, "4711")
    kinds = Counter(key.partition(".")[0] for key in bucket.values)
    assert kinds["_number"] == 2
    keyring.erase(reference)
    assert Counter(key.partition(".")[0] for key in bucket.values)["_number"] == 1
    again = another().references(["4711"])["4711"]
    assert again != reference
    assert another().unseal(sealed, FIELD) == Erased(reference, 1)


def test_references_of_the_first_days(keyring: Keyring, another: Opener, master: MasterKey) -> None:
    """A child that was listed under a keyed name of its number keeps that reference while its key stands."""
    old = f"child-{master.name(b'child number:torbay:4711')}"
    keyring.ensure([old])
    assert another().references(["4711"]) == {"4711": old}
    keyring.erase(old)
    again = another().references(["4711"])["4711"]
    assert again != old
    assert another().references(["4711"])["4711"] == again


def test_a_changed_entry(keyring: Keyring, another: Opener, bucket: MemoryBucket) -> None:
    """An entry that was changed, or put under another number, is noticed."""
    keyring.references(["4711", "4712"])
    one, two = (key for key in bucket.values if key.startswith("_number."))
    bucket.values[one], bucket.values[two] = bucket.values[two], bucket.values[one]
    with pytest.raises(BrokenHistory, match="entry of a child's number"):
        another().references(["4711"])


def test_a_thousand_numbers(keyring: Keyring, bucket: MemoryBucket) -> None:
    """Many numbers are asked for together: the questions to the bucket do not grow with them."""
    keyring.references(["1"])
    before = bucket.reads
    given = keyring.references(str(number) for number in range(1_000))
    assert len(given) == 1_000
    assert bucket.reads - before < 10
