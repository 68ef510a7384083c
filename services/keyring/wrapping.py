"""Making a child's key and getting it out of its record, with the master key that wraps it."""

import os

from events.errors import BrokenHistory, SettingsError
from services.clock import Clock
from services.keyring.bucket import Bucket
from services.keyring.entries import MASTER
from services.keyring.master import KEY_BYTES, MasterKey
from services.keyring.record import KeyRecord
from services.keyring.texts import TextKey

_ID_BYTES = 8


class Wrapping:
    """Wraps and unwraps the keys of one authority's children."""

    def __init__(self, authority: str, master: MasterKey, clock: Clock) -> None:
        self._authority = authority
        self._master = master
        self._clock = clock

    def fresh(self, child: str, after: KeyRecord | None = None, number: str | None = None) -> KeyRecord:
        """Draw a new key for the child, which counts on from the one that it had; `number` names its number's entry."""
        version, key_id = after.version + 1 if after else 1, os.urandom(_ID_BYTES).hex()
        return KeyRecord(
            version=version,
            key_id=key_id,
            wrapped=self._master.wrap(os.urandom(KEY_BYTES), bound=self._bound(child, f"{version}.{key_id}")),
            created=self._clock(),
            number=number,
        )

    def open(self, child: str, record: KeyRecord) -> TextKey | None:
        """The key in the record, None in a tombstone. BrokenHistory for a key that was changed, or another child's."""
        if record.wrapped is None:
            return None
        try:
            raw = self._master.unwrap(record.wrapped, bound=self._bound(child, record.name))
        except ValueError as error:
            raise BrokenHistory(f"key of child {child}", str(error)) from error
        return TextKey(raw, authority=self._authority, child=child, name=record.name)

    def require_same_master(self, bucket: Bucket) -> None:
        """Refuse to work with another master key than the one these keys were wrapped by (SettingsError).

        Without this a machine that lost its key file would make a new one and go on, half of the texts lost
        to it.
        """
        ours = self._master.fingerprint.encode()
        entry = bucket.get([MASTER])
        if not entry and not bucket.create({MASTER: ours}):
            entry = bucket.get([MASTER])
        if entry and entry[MASTER] != ours:
            theirs = entry[MASTER].decode(errors="replace")
            raise SettingsError(
                f"setting SIGHTLINE_MASTER_KEY: the children's keys of {self._authority} were wrapped by the"
                f" master key {theirs}, but this one is {self._master.fingerprint}"
            )

    def _bound(self, child: str, name: str) -> bytes:
        return f"key:{self._authority}:{child}:{name}".encode()
