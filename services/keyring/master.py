"""The master key: it wraps the children's keys and never leaves the machine that reads it.

Keys are wrapped with AES-256-GCM and not with AES key wrap (RFC 3394), because GCM authenticates more than
the key: authority, child and version are bound in, so that nobody who can write to the bucket can give one
child the key of another, or bring an older version back under a newer number.
"""

import hashlib
import hmac
import os
import secrets
import stat
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from events.errors import SettingsError
from services.settings import Settings

KEY_BYTES = 32
NONCE_BYTES = 12


class MasterKey:
    """The key that wraps the children's keys. Its 32 bytes show in no `repr`, message or log.

    `fingerprint` tells two master keys apart without giving either away.
    """

    __slots__ = ("_aead", "_naming", "fingerprint")

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise SettingsError(f"setting SIGHTLINE_MASTER_KEY: must hold {KEY_BYTES} bytes, not {len(key)}")
        self._aead = AESGCM(key)
        self._naming = hmac.digest(key, b"sightline naming key", "sha256")
        self.fingerprint = hashlib.sha256(b"sightline master key\0" + key).hexdigest()[:16]

    def name(self, content: bytes) -> str:
        """A name for content that nobody without this key can check a guess against (32 hex digits).

        The same content gets the same name. A plain hash would let a child's number be found by trying them all.
        """
        return hmac.digest(self._naming, content, "sha256").hex()[:32]

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
        try:
            file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except OSError as error:
            raise SettingsError(f"setting SIGHTLINE_MASTER_KEY: {path}: {error.strerror}") from error
        try:
            # The open file is judged, not its name, which could be another's by the time of reading.
            found = os.fstat(file)
            if not stat.S_ISREG(found.st_mode):
                raise SettingsError(f"setting SIGHTLINE_MASTER_KEY: {path} is not a plain file")
            if found.st_mode & 0o077:
                mode = f"{stat.S_IMODE(found.st_mode):04o}"
                raise SettingsError(
                    f"setting SIGHTLINE_MASTER_KEY: {path} has mode {mode}; only its owner may read it (0600)"
                )
            if found.st_size != KEY_BYTES:
                raise SettingsError(
                    f"setting SIGHTLINE_MASTER_KEY: {path} must hold {KEY_BYTES} bytes, not {found.st_size}"
                )
            return cls(os.read(file, KEY_BYTES))
        finally:
            os.close(file)

    @classmethod
    def load_or_create(cls, path: Path) -> "MasterKey":
        """Read the key in that file, which is made with mode 0600 if there is none.

        Processes that race to make it end with one key, and a crash leaves either no file or a whole one.
        Raises SettingsError as `load` does, and if the file cannot be made.
        """
        if not path.exists():
            try:
                _create(path)
            except OSError as error:
                raise SettingsError(f"setting SIGHTLINE_MASTER_KEY: {path}: {error.strerror}") from error
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


def _create(path: Path) -> None:
    """Put a new key at `path`, or leave the one that somebody else put there first.

    The key is written to a file of its own and then linked into place: unlike opening the name itself
    exclusively, this never shows another process, or the next start after a crash, a file without its 32
    bytes.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(file, "wb") as writer:
            writer.write(os.urandom(KEY_BYTES))
            writer.flush()
            os.fsync(writer.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return  # another process was first, and its key is the one to use
    finally:
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)  # texts sealed from now on need this file after a power cut
    finally:
        os.close(folder)
