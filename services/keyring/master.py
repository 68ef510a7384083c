"""The master key: it wraps the children's keys and never leaves the machine that reads it.

Keys are wrapped with AES-256-GCM and not with AES key wrap (RFC 3394), because GCM authenticates more than
the key: authority, child and version are bound in, so that nobody who can write to the bucket can give one
child the key of another, or bring an older version back under a newer number.
"""

import hashlib
import hmac
import os
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from events.errors import SettingsError
from services.private import make_secret, read_secret
from services.settings import Settings

KEY_BYTES = 32
NONCE_BYTES = 12

SETTING = "setting SIGHTLINE_MASTER_KEY"


class MasterKey:
    """The key that wraps the children's keys. Its 32 bytes show in no `repr`, message or log.

    `fingerprint` tells two master keys apart without giving either away.
    """

    __slots__ = ("_aead", "_naming", "fingerprint")

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise SettingsError(f"{SETTING}: must hold {KEY_BYTES} bytes, not {len(key)}")
        self._aead = AESGCM(key)
        self._naming = hmac.new(hmac.digest(key, b"sightline naming key", "sha256"), digestmod="sha256")
        self.fingerprint = hashlib.sha256(b"sightline master key\0" + key).hexdigest()[:16]

    def name(self, content: bytes) -> str:
        """A name for content that nobody without this key can check a guess against (32 hex digits).

        The same content gets the same name. A plain hash would let a child's number be found by trying them all.
        """
        named = self._naming.copy()  # with its key taken in, which takes longer than a command does
        named.update(content)
        return named.hexdigest()[:32]

    @classmethod
    def of(cls, settings: Settings) -> "MasterKey":
        """Read the master key that the settings name.

        A file that was named must exist. The default one in the data folder is made on first use; a repeat
        reads it. Raises SettingsError in one line if the file is missing, unfit or open to others.
        """
        path = settings.master_key_file
        return cls.load(path) if settings.master_key else cls.load_or_create(path)

    @classmethod
    def load(cls, path: Path) -> "MasterKey":
        """Read the key in that file.

        Raises SettingsError if it cannot be read, is no plain file, holds other than 32 bytes, or if anybody
        but its owner may read or change it.
        """
        held = read_secret(path, SETTING)
        if len(held) != KEY_BYTES:
            raise SettingsError(f"{SETTING}: {path} must hold {KEY_BYTES} bytes, not {len(held)}")
        return cls(held)

    @classmethod
    def load_or_create(cls, path: Path) -> "MasterKey":
        """Read the key in that file, which is made with mode 0600 if there is none.

        Processes that race to make it end with one key, and a crash leaves either no file or a whole one.
        Raises SettingsError as `load` does, and if the file cannot be made.
        """
        make_secret(path, SETTING, lambda: os.urandom(KEY_BYTES))
        return cls.load(path)

    def wrap(self, key: bytes, *, bound: bytes) -> str:
        """Encrypt the key so that only this master key and the same `bound` give it back."""
        nonce = os.urandom(NONCE_BYTES)
        return b64encode(nonce + self._aead.encrypt(nonce, key, bound)).decode()

    def unwrap(self, wrapped: str, *, bound: bytes) -> bytes:
        """Give back a wrapped key; ValueError if it was changed, moved or wrapped by another master key."""
        try:
            raw = b64decode(wrapped, validate=True)
            return self._aead.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], bound)
        except (InvalidTag, NotBase64, ValueError) as error:
            raise ValueError("the wrapped key was changed, or moved from another place") from error

    def __repr__(self) -> str:
        return f"MasterKey(fingerprint={self.fingerprint!r})"
