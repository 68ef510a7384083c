"""Several at one child's key at once: two erasures, an erasure and a hold, an erasure and a list with the number."""

from collections.abc import Callable

import pytest

from events.errors import Refused
from services.keyring import Erased, Keyring
from services.keyring.numbers import Numbers
from tests.services.keyring.conftest import Opener
from tests.services.keyring.memory_bucket import MemoryBucket

CHILD, FIELD, NUMBER = "C-17", "evidence", "4711"


def once(act: Callable[[], object]) -> Callable[[str], None]:
    """What is done when the first entry is about to be destroyed."""
    left = [act]

    def before(_: str) -> None:
        if left:
            left.pop()()

    return before


def fall(_: str) -> None:
    raise KeyboardInterrupt


def test_a_key_made_after_another_erasure_stays(keyring: Keyring, another: Opener, bucket: MemoryBucket) -> None:
    """Who erases destroys the key that was read, and not the next one, made since somebody else erased that."""
    old = keyring.seal(CHILD, FIELD, "old")
    texts = [old]

    def overtake() -> None:
        another().erase(CHILD)
        texts.append(another().seal(CHILD, FIELD, "new"))

    bucket.before_destroy = once(overtake)
    keyring.erase(CHILD)
    assert [another().unseal(each, FIELD) for each in texts] == [Erased(CHILD, 1), "new"]


def test_a_hold_is_set_while_two_erase(keyring: Keyring, another: Opener, bucket: MemoryBucket) -> None:
    """A hold that cannot be sure of the key says so, though one of two erasures was refused and took itself back.

    Whichever of them has looked before the hold was written may still destroy the key; its tombstone says so then.
    """
    sealed = keyring.seal(CHILD, FIELD, "text")
    found: list[object] = []

    def hold() -> None:
        bucket.before_write = lambda: None
        found.append(another().hold(CHILD, "inquiry").left)

    def second() -> None:
        bucket.before_write = hold
        with pytest.raises(Refused, match="legal hold"):
            another().erase(CHILD)
        found.append(another().hold(CHILD, "inquiry").left)

    writes = iter([lambda: None, second])

    def at_the_tombstone() -> None:
        next(writes, lambda: None)()

    bucket.before_write = at_the_tombstone
    assert keyring.erase(CHILD)
    assert found == ["erasing", "erasing"]
    assert another().unseal(sealed, FIELD) == Erased(CHILD, 1)
    assert another().hold(CHILD, "inquiry").left == "erased"


def test_a_hold_after_a_refused_erasure_is_sure(keyring: Keyring, another: Opener, bucket: MemoryBucket) -> None:
    """An erasure that a hold stopped leaves no doubt behind."""
    keyring.seal(CHILD, FIELD, "text")

    def hold() -> None:
        bucket.before_write = lambda: None
        assert another().hold(CHILD, "inquiry").left == "key"

    bucket.before_write = hold
    with pytest.raises(Refused, match="legal hold"):
        keyring.erase(CHILD)
    assert another().hold(CHILD, "inquiry").left == "key"


def test_a_hold_on_what_was_erased(keyring: Keyring) -> None:
    """A hold says that there is nothing left to hold."""
    keyring.seal(CHILD, FIELD, "text")
    keyring.erase(CHILD)
    assert keyring.hold(CHILD, "inquiry").left == "erased"


def test_an_erasure_that_was_cut_short(keyring: Keyring, another: Opener, bucket: MemoryBucket) -> None:
    """A hold that finds one is in doubt; once the hold is released, the repeat erases and nothing is left of it."""
    keyring.seal(CHILD, FIELD, "text")
    bucket.before_destroy = fall
    with pytest.raises(KeyboardInterrupt):
        another().erase(CHILD)
    bucket.before_destroy = lambda _: None
    assert another().hold(CHILD).left == "erasing"
    with pytest.raises(Refused):
        another().erase(CHILD)
    another().release(CHILD)
    assert another().erase(CHILD)
    assert bucket.names("_erasing") == ()
    assert [each.version for each in another().tombstones(CHILD)] == [1]


def test_every_reason_ends_by_itself(keyring: Keyring, another: Opener) -> None:
    """Held for two reasons and released for one, the key is still held; a hold without a reason counts like one."""
    keyring.hold(CHILD)
    assert keyring.hold(CHILD, "inquiry").new
    assert keyring.hold(CHILD, "litigation").new
    assert not another().hold(CHILD, "inquiry").new
    keyring.classify(CHILD, "care-75y")
    for reason in ("litigation", "unstated", "inquiry"):
        with pytest.raises(Refused, match="legal hold"):
            another().erase(CHILD)
        assert another().release(CHILD, reason)
        assert not another().release(CHILD, reason)
    assert another().erase(CHILD)


def test_a_hold_that_is_set_again_outlives_the_release_under_way(keyring: Keyring, another: Opener) -> None:
    """Who releases what has a number does not release the hold that was said after it."""
    first = keyring.hold(CHILD, "inquiry")
    again = another().hold(CHILD, "inquiry", after=first.number)
    assert (again.new, again.number) == (True, first.number + 1)
    assert not keyring.release(CHILD, "inquiry", number=first.number)
    assert keyring.keeping(CHILD).reasons == {"inquiry"}
    assert keyring.release(CHILD, "inquiry", number=again.number)


def test_a_list_between_a_crash_and_its_repeat(keyring: Keyring, another: Opener, bucket: MemoryBucket) -> None:
    """An erasure that is finished later leaves the reference alone that the number was given meanwhile."""
    old = keyring.references([NUMBER])[NUMBER]

    def before_the_key(name: str) -> None:
        if name == old:
            raise KeyboardInterrupt

    bucket.before_destroy = before_the_key
    with pytest.raises(KeyboardInterrupt):
        another().erase(old)
    bucket.before_destroy = lambda _: None
    new = another().references([NUMBER])[NUMBER]
    assert new != old
    assert another().erase(old)
    assert another().references([NUMBER]) == {NUMBER: new}


def test_a_key_that_names_the_number_of_another(keyring: Keyring, bucket: MemoryBucket) -> None:
    """Erasing a child whose key record names another child's number leaves that one where it leads."""
    one, two = keyring.references([NUMBER, "4712"]).values()
    record, other = keyring.record(one), keyring.record(two)
    assert record
    assert other
    bucket.values[two] = other.model_copy(update={"number": record.number}).stored()
    assert keyring.erase(two)
    assert keyring.references([NUMBER]) == {NUMBER: one}


def test_erased_while_its_number_is_looked_up(
    keyring: Keyring, another: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list that meets the number in that moment gets a new reference, and no new key for the old one."""
    old = keyring.references([NUMBER])[NUMBER]
    give, erased = Numbers.give, list[bool]()

    def overtaken(self: Numbers, *given: object) -> dict[str, str]:
        found = give(self, *given)  # type: ignore[arg-type]  # handed on
        if not erased:
            erased.append(another().erase(old))
        return found

    monkeypatch.setattr(Numbers, "give", overtaken)
    new = another().references([NUMBER])[NUMBER]
    assert (erased, new != old) == ([True], True)
    record = keyring.record(old)
    assert record
    assert record.erased


def test_two_keys_of_one_version(
    keyring: Keyring, another: Opener, bucket: MemoryBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the first key was made and erased while somebody made it too, who remembers the tombstone still seals."""
    texts: list[str] = []

    def overtake() -> None:
        texts.append(keyring.seal(CHILD, FIELD, "old"))
        keyring.erase(CHILD)

    monkeypatch.setattr(bucket, "names", _after(bucket.names, overtake))
    texts.append(another().seal(CHILD, FIELD, "new"))
    assert [keyring.unseal(each, FIELD) for each in texts] == [Erased(CHILD, 1), "new"]
    assert keyring.unseal(keyring.seal(CHILD, FIELD, "more"), FIELD) == "more"


def _after(look: Callable[[str], tuple[str, ...]], act: Callable[[], None]) -> Callable[[str], tuple[str, ...]]:
    left = [act]

    def looked(group: str) -> tuple[str, ...]:
        found = look(group)
        if left:
            left.pop()()
        return found

    return looked
