"""Looking again: a text that was sealed with a key that is erased elsewhere does not get lost in silence."""

import pytest

from services.keyring import Keyring
from tests.services.keyring.conftest import Opener
from tests.services.keyring.memory_bucket import MemoryBucket

CHILD, OTHER, FIELD = "C-17", "C-18", "evidence"


def test_key_stands(keyring: Keyring, bucket: MemoryBucket) -> None:
    """As long as nothing is destroyed in the bucket, looking again costs no question about any child."""
    texts = [keyring.seal(child, FIELD, "text") for child in (CHILD, OTHER)]
    assert keyring.gone([]) == frozenset()
    assert keyring.gone(texts) == frozenset()
    reads = bucket.reads
    assert keyring.gone(texts) == frozenset()
    assert bucket.reads == reads


@pytest.mark.parametrize("looked_before", [True, False])
def test_key_erased_elsewhere(keyring: Keyring, another: Opener, *, looked_before: bool) -> None:
    """A key that another process erased is named, and what is sealed next opens; the other child's is not named."""
    texts = [keyring.seal(child, FIELD, "text") for child in (CHILD, OTHER)]
    if looked_before:
        assert not keyring.gone(texts)
    another().erase(CHILD)
    texts.append(keyring.seal(CHILD, FIELD, "sealed with a key that is gone"))
    assert keyring.gone(texts) == {CHILD}
    assert keyring.gone(texts) == {CHILD}, "as long as the text is asked about"
    new = keyring.seal(CHILD, FIELD, "new")
    assert keyring.gone([new, texts[1]]) == frozenset()
    assert another().unseal(new, FIELD) == "new"


def test_key_erased_and_made_again_elsewhere(keyring: Keyring, another: Opener) -> None:
    """A new key in the place of the erased one is not taken for it."""
    old = keyring.seal(CHILD, FIELD, "old")
    assert not keyring.gone([old])
    another().erase(CHILD)
    another().seal(CHILD, FIELD, "by another")
    assert keyring.gone([old]) == {CHILD}


def test_key_lost(keyring: Keyring, bucket: MemoryBucket) -> None:
    """A key that went with its bucket is named as well."""
    text = keyring.seal(CHILD, FIELD, "text")
    del bucket.values[CHILD]
    assert keyring.gone([text]) == {CHILD}
