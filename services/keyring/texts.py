"""The form of a sealed text, and sealing and opening one with a key that is at hand.

The nonce of each text is drawn at random, so sealing one text twice gives two different results. That is
harmless for a repeated command, because it is recognised by its id before anything is sealed.
"""

import binascii
import os
import re
from dataclasses import dataclass
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from events.errors import BrokenHistory, Refused
from services.keyring.master import NONCE_BYTES

LONGEST_SEALED = 400_000
"""What `events.base.Sealed` admits: about 299,000 bytes of text."""

_SEALED = re.compile(
    r"sealed:([1-9][0-9]{0,8})(?:\.([0-9a-f]{16}))?:([A-Za-z0-9][A-Za-z0-9_-]{0,63}):([A-Za-z0-9_-]{38,})"
)
_TO_URL = bytes.maketrans(b"+/", b"-_")
_FROM_URL = bytes.maketrans(b"-_", b"+/")


class Tampered(BrokenHistory):
    """A sealed text is not what was sealed: it was changed, or taken from another place."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What opening a text gives when the key that sealed it was erased. It prints as `[erased]`."""

    child: str
    version: int

    def __str__(self) -> str:
        return "[erased]"


@dataclass(frozen=True, slots=True)
class Lost:
    """What opening a text gives when its key is not in the bucket and was never erased. It prints as `[key lost]`.

    The bucket was lost, or put back as it was before the key was made: another key may stand in its place. Putting
    back the right bucket makes the text readable again.
    """

    child: str
    version: int

    def __str__(self) -> str:
        return "[key lost]"


class SealedText(NamedTuple):
    """A sealed text taken apart: which version of whose key sealed it, and what it sealed.

    `key_id` tells that key from any other of the same version; texts of the first days have none.
    """

    version: int
    key_id: str | None
    child: str
    encoded: str


def parse_sealed(sealed: str, field: str) -> SealedText:
    """Take the sealed text of this field apart. Tampered if it has not the form of one."""
    form = _SEALED.fullmatch(sealed)
    if form is None:
        raise Tampered(f"sealed text in field {field}", "it has not the form of a sealed text")
    return SealedText(int(form[1]), form[2], form[3], form[4])


def head_of(sealed: str) -> str:
    """The sealed text without the text: enough to tell whose key sealed it, and which."""
    return f"{sealed.rpartition(':')[0]}:"


def parse_head(sealed: str) -> tuple[int, str | None, str]:
    """Version and id of the key that sealed a text of ours, and whose key it is."""
    _, name, child, _ = sealed.split(":", 3)
    version, _, key_id = name.partition(".")
    return int(version), key_id or None, child


class TextKey:
    """One version of one child's key, ready to seal and open that child's texts in one authority."""

    __slots__ = ("_aead", "_bound", "_child", "_head")

    def __init__(self, key: bytes, *, authority: str, child: str, name: str) -> None:
        """`name` is the key's own: its version, and its id if it has one (see `KeyRecord.name`)."""
        self._aead = AESGCM(key)
        self._child = child
        self._head = f"sealed:{name}:{child}:"
        # The field comes last and everything before it holds no colon, so no two bindings read the same.
        self._bound = f"text:{authority}:{child}:{name}:".encode()

    def seal(self, field: str, text: str) -> str:
        """Encrypt the text for this field; see `Keyring.seal`."""
        nonce = os.urandom(NONCE_BYTES)
        try:
            raw = nonce + self._aead.encrypt(nonce, text.encode(), self._bound + field.encode())
        except UnicodeEncodeError as error:
            raise Refused(field, "must be Unicode text; it holds half of a surrogate pair") from error
        sealed = self._head + binascii.b2a_base64(raw, newline=False).translate(_TO_URL).rstrip(b"=").decode()
        if len(sealed) > LONGEST_SEALED:
            raise Refused(field, f"must be shorter: sealed, it exceeds {LONGEST_SEALED} characters")
        return sealed

    def unseal(self, sealed: SealedText, field: str) -> str:
        """Open what this version of the key sealed for this field. Tampered if it did not seal this."""
        encoded = sealed.encoded.encode().translate(_FROM_URL)
        where = f"sealed text of child {self._child} in field {field}"
        try:
            raw = binascii.a2b_base64(encoded + b"=" * (-len(encoded) % 4))
            if binascii.b2a_base64(raw, newline=False).rstrip(b"=") != encoded:
                # Base64 leaves bits over at the end: without this a changed text could open all the same.
                raise Tampered(where, "it was changed")
            return self._aead.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], self._bound + field.encode()).decode()
        except binascii.Error as error:
            raise Tampered(where, "it was cut short") from error
        except InvalidTag as error:
            reason = "it was changed, or sealed for another field, child or authority"
            raise Tampered(where, reason) from error
