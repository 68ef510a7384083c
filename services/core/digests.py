"""What tells a command apart from another one of the same name: of what is sealed only a hash, and that is sealed too.

Whoever holds everything but the child's key can try no guess against it, and once the key is erased nobody can.
"""

from collections.abc import Iterable
from typing import Protocol

DIGEST = "command.digest"
"""The field for which the hash of the texts is sealed."""


class Keys(Protocol):
    """What knowing a command again, and keeping its texts, needs of the keyring."""

    def seal(self, child: str, field: str, text: str) -> str:
        """Encrypt a text with the child's key."""
        ...

    def gone(self, sealed: Iterable[str]) -> frozenset[str]:
        """The children whose key does not stand any more of those that sealed these texts."""
        ...

    def unseal(self, sealed: str, field: str) -> object:
        """The text, or something else where its key is gone."""
        ...


def digest_of(opened: str, whole: str, key: str | None, keys: Keys) -> str:
    """The digest of a command by its name and the hash of all that it says; without a key nothing in it is sealed."""
    return f"{opened}.{keys.seal(key, DIGEST, whole)}" if key else opened


def is_digest_of(digest: str, opened: str, whole: str, keys: Keys) -> bool:
    """Whether a digest that was kept is that of this command. Of texts whose key is gone nobody can tell."""
    kept, _, sealed = digest.partition(".")
    if kept != opened:
        return False
    held = keys.unseal(sealed, DIGEST) if sealed else None
    return held == whole or not isinstance(held, str)
