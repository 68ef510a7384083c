"""Sealing and opening: a text comes back for its own child and field and unchanged, or not at all."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from events.base import Sealed
from events.errors import BrokenHistory, Refused
from services.keyring import Erased, Keyring, Lost, MasterKey, Tampered
from services.keyring.texts import LONGEST_SEALED
from tests.services.keyring.conftest import NOW, Opener
from tests.services.keyring.memory_bucket import MemoryBucket

CHILD, OTHER, FIELD = "C-17", "C-18", "evidence"
RING = Keyring("torbay", MasterKey(bytes(range(32))), MemoryBucket(), clock=lambda: NOW)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@given(text=st.text(max_size=400), field=st.text(st.characters(codec="utf-8"), max_size=30))
def test_any_text_comes_back(text: str, field: str) -> None:
    """Any Unicode text opens to itself, whatever its field, and its sealed form is the stored one."""
    try:
        sealed = RING.seal(CHILD, field, text)
    except Refused:
        assert any("\ud800" <= letter <= "\udfff" for letter in text)
        return
    TypeAdapter(Sealed).validate_python(sealed)
    assert re.match(rf"sealed:1\.[0-9a-f]{{16}}:{CHILD}:", sealed)
    assert RING.unseal(sealed, field) == text


@given(text=st.text(st.characters(codec="utf-8"), min_size=6, max_size=200))
def test_no_plain_text_shows(text: str) -> None:
    """The sealed form holds nothing of the text, neither as it is nor under the base64."""
    sealed = RING.seal(CHILD, FIELD, text)
    head, _, body = sealed.rpartition(":")
    assert head == RING.seal(CHILD, FIELD, "another").rpartition(":")[0]
    assert text not in body  # the head begins with a word that the text may be
    assert sealed != RING.seal(CHILD, FIELD, text)


@given(data=st.data())
def test_any_changed_character_is_noticed(data: st.DataObject) -> None:
    """A text with any one character changed, dropped or added is refused as broken, or names no key; it never opens."""
    sealed = RING.seal(CHILD, FIELD, data.draw(st.text(st.characters(codec="utf-8"), max_size=40)))
    at = data.draw(st.integers(0, len(sealed) - 1))
    kept = sealed[:at], sealed[at + 1 :]
    changed = [
        data.draw(st.sampled_from(LETTERS)).join(kept),
        "".join(kept),
        data.draw(st.sampled_from(LETTERS + "=\n +/")).join((sealed[:at], sealed[at:])),
        sealed + data.draw(st.sampled_from(LETTERS + "=\n +/")),
    ]
    for tampered in changed:
        if tampered != sealed:
            try:
                assert isinstance(RING.unseal(tampered, FIELD), Lost)
            except BrokenHistory:
                continue
            head = re.match(r"sealed:[^:]*:[^:]*:", sealed)
            assert head
            assert not tampered.startswith(head[0]), "what is changed behind the key's name is damage"


def test_spare_bits_of_the_encoding_are_no_loophole(keyring: Keyring) -> None:
    """Each other last character is refused, also those that stand for the same bytes."""
    sealed = keyring.seal(CHILD, FIELD, "four")
    for last in set(LETTERS) - {sealed[-1]}:
        with pytest.raises(Tampered):
            keyring.unseal(sealed[:-1] + last, FIELD)


@pytest.mark.parametrize(
    "form",
    [
        "",
        "plain words",
        "sealed:1:C-17:",
        "sealed:0:C-17:" + "A" * 38,
        "sealed:01:C-17:" + "A" * 38,
        "sealed:1:C-17",
    ],
)
def test_what_is_no_sealed_text_is_said_to_be_none(keyring: Keyring, form: str) -> None:
    """A text that was never sealed is refused by its form, with the field named."""
    with pytest.raises(Tampered, match="field evidence"):
        keyring.unseal(form, FIELD)


def test_moved_to_another_field(keyring: Keyring) -> None:
    """A text sealed as evidence cannot be shown as feedback."""
    sealed = keyring.seal(CHILD, FIELD, "seen alone, spoke freely")
    with pytest.raises(Tampered, match=r"child C-17 in field feedback: .*another field"):
        keyring.unseal(sealed, "feedback")


def test_moved_to_another_child(keyring: Keyring) -> None:
    """A text about one child cannot be shown as one about another."""
    sealed = keyring.seal(CHILD, FIELD, "seen alone, spoke freely")
    moved = keyring.seal(OTHER, FIELD, "").split(":")[:3] + sealed.split(":")[3:]
    with pytest.raises(Tampered):
        keyring.unseal(":".join(moved), FIELD)
    assert keyring.unseal(sealed.replace(CHILD, OTHER), FIELD) == Lost(OTHER, 1)


def test_moved_to_another_authority(keyring: Keyring, master: MasterKey, bucket: MemoryBucket) -> None:
    """Even with its key copied along, a text does not open in another authority."""
    sealed = keyring.seal(CHILD, FIELD, "seen alone, spoke freely")
    with pytest.raises(BrokenHistory):
        Keyring("halton", master, bucket, clock=lambda: NOW).unseal(sealed, FIELD)


def test_key_given_to_another_child(another: Opener, bucket: MemoryBucket) -> None:
    """Whoever writes one child's wrapped key over another's gains nothing: it does not unwrap there."""
    another().ensure([CHILD, OTHER])
    bucket.values[OTHER] = bucket.values[CHILD]
    with pytest.raises(BrokenHistory, match="key of child C-18"):
        another().seal(OTHER, FIELD, "text")


def test_key_unknown(keyring: Keyring, another: Opener, bucket: MemoryBucket) -> None:
    """A text whose key is missing from the bucket, or too old there, reads as such; no key is made for it."""
    sealed = keyring.seal(CHILD, FIELD, "text")
    assert keyring.unseal(sealed.replace("sealed:1", "sealed:2"), FIELD) == Lost(CHILD, 2)
    del bucket.values[CHILD]
    reader = another()
    assert [reader.unseal(sealed, FIELD) for _ in range(3)] == [Lost(CHILD, 1)] * 3
    assert str(Lost(CHILD, 1)) == "[key lost]"
    assert CHILD not in bucket.values
    assert reader.unseal(reader.seal(CHILD, FIELD, "new"), FIELD) == "new"


def test_key_lost_and_begun_anew(keyring: Keyring, another: Opener, bucket: MemoryBucket) -> None:
    """A text of a key that was lost reads so, also where another key of the same version has taken its place.

    Once the right bucket is put back, it opens again.
    """
    sealed = keyring.seal(CHILD, FIELD, "text")
    kept = bucket.values.pop(CHILD)
    new = another().seal(CHILD, FIELD, "new")
    assert new.startswith("sealed:1.")
    reader = another()
    assert (reader.unseal(sealed, FIELD), reader.unseal(new, FIELD)) == (Lost(CHILD, 1), "new")
    reader.erase(CHILD)
    assert (reader.unseal(sealed, FIELD), reader.unseal(new, FIELD)) == (Lost(CHILD, 1), Erased(CHILD, 1))
    bucket.values[CHILD] = kept
    assert another().unseal(sealed, FIELD) == "text"


def test_too_long(keyring: Keyring) -> None:
    """A text that the stored form cannot take is refused when it is sealed, and the longest one opens."""
    fits = (LONGEST_SEALED - len(f"sealed:1.{16 * '0'}:{CHILD}:")) * 3 // 4 - 28
    sealed = keyring.seal(CHILD, FIELD, "x" * fits)
    TypeAdapter(Sealed).validate_python(sealed)
    assert keyring.unseal(sealed, FIELD) == "x" * fits
    with pytest.raises(Refused, match="evidence: must be shorter"):
        keyring.seal(CHILD, FIELD, "x" * (fits + 1))


@pytest.mark.parametrize("child", ["", "_master", "a.b", "Jo Bloggs", "é", "x" * 65, "C-1\n", "C:1", ">"])
def test_child_that_is_no_reference(keyring: Keyring, bucket: MemoryBucket, child: str) -> None:
    """No key is made under anything but an opaque reference, and the error does not repeat what was given."""
    for act in (
        lambda: keyring.seal(child, FIELD, "text"),
        lambda: keyring.ensure([child]),
        lambda: keyring.load([child]),
        lambda: keyring.erase(child),
    ):
        with pytest.raises(Refused, match=r"^child: must be an opaque reference") as refused:
            act()
        assert not child or f"'{child}'" not in str(refused.value)
    assert set(bucket.values) <= {"_master"}


def test_held_keys_ask_nobody(keyring: Keyring, bucket: MemoryBucket) -> None:
    """Once a key is held, sealing and opening read nothing."""
    keyring.ensure([CHILD])
    reads = bucket.reads
    for _ in range(10):
        keyring.unseal(keyring.seal(CHILD, FIELD, "text"), FIELD)
    assert bucket.reads == reads


def test_load_makes_no_key(keyring: Keyring, another: Opener, bucket: MemoryBucket) -> None:
    """Loading many children's keys holds those that exist, erased ones too, and makes none."""
    kept, gone = keyring.seal(CHILD, FIELD, "kept"), keyring.seal(OTHER, FIELD, "gone")
    keyring.erase(OTHER)
    reader = another()
    reader.load([CHILD, OTHER, "C-99"])
    reads = bucket.reads
    assert reader.unseal(kept, FIELD) == "kept"
    assert reader.unseal(gone, FIELD) == Erased(OTHER, 1)
    assert bucket.reads == reads
    assert "C-99" not in bucket.values


def test_held_keys_are_asked_for_again(bucket: MemoryBucket, master: MasterKey, another: Opener) -> None:
    """An erasure in one process reaches another as soon as that one's memory of the key is too old."""
    seconds = [0.0]
    ring = Keyring(
        "torbay",
        master,
        bucket,
        clock=lambda: NOW,
        remember_for=timedelta(seconds=30),
        monotonic=lambda: seconds[0],
    )
    sealed = ring.seal(CHILD, FIELD, "text")
    another().erase(CHILD)
    assert ring.unseal(sealed, FIELD) == "text"
    seconds[0] = 31.0
    assert ring.unseal(sealed, FIELD) == Erased(CHILD, 1)
    assert ring.seal(CHILD, FIELD, "text").startswith("sealed:2.")
