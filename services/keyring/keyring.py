"""Keep the children's keys, seal and open texts with them, and erase a key so that its texts are gone everywhere."""

import os
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from events.errors import BrokenHistory, Conflict, NotFound, Refused, SettingsError
from events.subjects import check_authority
from services.clock import Clock
from services.keyring.bucket import Bucket
from services.keyring.master import KEY_BYTES, MasterKey
from services.keyring.record import KeyRecord, checked_child, read_record
from services.keyring.texts import Erased, Lost, TextKey, parse_sealed

_MASTER = "_master"
"""The entry that names the master key in use. No child has this reference: a child's starts with no `_`."""
_ID_BYTES, _ATTEMPTS, _BATCH = 8, 20, 1_000


@dataclass(frozen=True, slots=True)
class _Held:
    """A child's key as this process knows it until `until`.

    No `key` means that this version is erased; version 0, that there never was one in this bucket.
    """

    version: int
    key_id: str | None
    key: TextKey | None
    until: float


class Keyring:
    """The keys of the children of one authority.

    Keys that were used are remembered for `remember_for`; that is also the longest time for which another
    process can go on with a key that was erased here. May be used by many threads. Every method that needs a
    key it does not hold asks the bucket's leader and raises Unavailable if that cannot be reached,
    BrokenHistory if what is kept there is damaged or missing, and SettingsError if the keys were wrapped by
    another master key.
    """

    def __init__(
        self,
        authority: str,
        master: MasterKey,
        bucket: Bucket,
        *,
        clock: Clock,
        remember_for: timedelta = timedelta(seconds=30),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._authority = check_authority(authority)
        self._master = master
        self._bucket = bucket
        self._clock = clock
        self._remember = remember_for.total_seconds()
        self._monotonic = monotonic
        self._held: dict[str, _Held] = {}
        self._lock = threading.Lock()
        self._master_checked = False

    # Texts

    def seal(self, child: str, field: str, text: str) -> str:
        """Encrypt the text for ever to this child and this field, in the form of `events.base.Sealed`.

        Makes the child's key if there is none, or none any more. A repeat gives another result that opens to
        the same text. Raises Refused for a text that is too long or no Unicode.
        """
        held = self._held.get(child)
        if held is None or held.key is None or held.until < self._monotonic():
            held = self._usable(child)
        if held.key is None:
            raise _contended(child)
        return held.key.seal(field, text)

    def unseal(self, sealed: str, field: str) -> str | Erased | Lost:
        """Give back the text that was sealed for this field; Erased if its key was, Lost if it is not in the bucket.

        Raises Tampered if it was changed, or sealed for another field, child or authority. A text whose key is
        erased or lost gives that even if it was changed as well: nobody can tell any more. So one key that is
        missing costs the texts of one child, and not the answer about all the others.
        """
        parts = parse_sealed(sealed, field)
        child, version = parts.child, parts.version
        held = self._held.get(child)
        if held is None or held.version < version or held.until < self._monotonic():
            held = self._known(child)
        if version > held.version or (version == held.version and parts.key_id != held.key_id):
            return Lost(child, version)
        if version < held.version or held.key is None:
            return Erased(child, version)
        return held.key.unseal(parts, field)

    # Keys

    def ensure(self, children: Iterable[str]) -> None:
        """Hold a usable key of each of these children, making those that are missing, many at once.

        A repeat changes nothing. After a failure part of the keys may stand; the next call completes them.
        """
        wanted = iter(dict.fromkeys(children))
        while batch := list(islice(wanted, _BATCH)):
            self.load(child for child in batch if child in self._held)  # most likely they still stand
            held = self._held
            self._make([checked_child(child) for child in batch if child not in held or not held[child].key])

    def load(self, children: Iterable[str]) -> None:
        """Hold the keys of these children, erased or not, so that opening their texts asks nobody.

        Makes no key. A repeat asks again only for what is older than `remember_for`.
        """
        now = self._monotonic()
        wanted = iter(dict.fromkeys(children))
        while batch := list(islice(wanted, _BATCH)):
            held = self._held
            stale = [checked_child(child) for child in batch if child not in held or held[child].until < now]
            if not stale:
                continue
            self._check_master()
            for child, (stored, _) in self._bucket.get(stale).items():
                self._hold(child, read_record(child, stored))

    def forget(self, children: Iterable[str]) -> None:
        """Let go of these children's keys, for who goes through very many; they are asked for again when needed."""
        for child in children:
            self._held.pop(child, None)

    def record(self, child: str) -> KeyRecord | None:
        """Look up what the bucket's leader keeps about the child's key at this moment, or None."""
        entry = self._entry(child)
        return entry[0] if entry else None

    def classify(self, child: str, retention: str) -> None:
        """Set the retention class of the child's texts. Makes the key if there is none.

        A repeat changes nothing.
        """
        self._amend(child, lambda record: record.model_copy(update={"retention": retention}))

    def hold(self, child: str) -> None:
        """Put the child's key under legal hold: it cannot be erased. Makes the key if there is none."""
        self._amend(child, lambda record: record.model_copy(update={"legal_hold": True}))

    def release(self, child: str) -> None:
        """End the legal hold, if there is one. A repeat changes nothing."""
        if self.record(child):
            self._amend(child, lambda record: record.model_copy(update={"legal_hold": False}))

    def erase(self, child: str) -> bool:
        """Destroy the child's key for good: no text sealed with it can be opened again, by anyone.

        True if this call did it, False if it was done before; a repeat then only completes a scrubbing that a crash cut
        short. A text sealed for the child later gets a new key with a higher version. What this cannot reach are
        earlier backups, and the servers' replication logs until they compact them. Raises NotFound if there never was
        a key, Refused under a legal hold, Drifted (before anything is written) if the bucket would keep the old key
        readable.
        """
        self._bucket.check()
        for _ in range(_ATTEMPTS):
            entry = self._entry(child)
            if entry is None:
                raise NotFound("key of child", child)
            record, revision = entry
            if record.legal_hold and not record.erased:
                raise Refused("child", f"the key of {child} is under legal hold and cannot be erased")
            tombstone = record.model_copy(update={"wrapped": None, "erased": record.erased or self._clock()})
            if record.erased or self._bucket.update(child, tombstone.stored(), revision):
                self._hold(child, tombstone)
                self._bucket.scrub(child)
                return record.erased is None
        raise _contended(child)

    # Inside

    def _usable(self, child: str) -> _Held:
        """Find the child's key to seal with, or make it; ask first, since most children have one."""
        entry = self._entry(child)
        if entry and not entry[0].erased:
            return self._hold(child, entry[0])
        return self._make([child])[child]

    def _known(self, child: str) -> _Held:
        """Find the child's key to open a text with, erased or not, or that there is none."""
        record = self.record(child)
        return self._hold(child, record) if record else self._keep(child, _Held(0, None, None, self._until()))

    def _make(self, children: list[str]) -> dict[str, _Held]:
        """Give these children new keys, or find those that another process made first."""
        if not children:
            return {}
        self._check_master()
        keys: dict[str, _Held] = {}
        missing = children
        for _ in range(_ATTEMPTS):
            if not missing:
                return keys
            fresh = {child: self._fresh(child) for child in missing}
            written = self._bucket.create({child: record.stored() for child, record in fresh.items()})
            keys |= {child: self._hold(child, fresh[child]) for child in written}
            lost = [child for child in missing if child not in written]
            for child, (stored, revision) in self._bucket.get(lost).items():
                record = read_record(child, stored)
                if record.erased:
                    record = self._fresh(child, after=record)
                    if not self._bucket.update(child, record.stored(), revision):
                        continue
                    self._bucket.scrub(child)  # in case the erasure was cut short before it did this
                keys[child] = self._hold(child, record)
            missing = [child for child in lost if child not in keys]
        if missing:
            raise _contended(missing[0])
        return keys

    def _fresh(self, child: str, after: KeyRecord | None = None) -> KeyRecord:
        version, key_id = after.version + 1 if after else 1, os.urandom(_ID_BYTES).hex()
        return KeyRecord(
            version=version,
            key_id=key_id,
            wrapped=self._master.wrap(os.urandom(KEY_BYTES), bound=self._wrap_bound(child, f"{version}.{key_id}")),
            created=self._clock(),
            retention=after.retention if after else None,
            legal_hold=after.legal_hold if after else False,
        )

    def _amend(self, child: str, change: Callable[[KeyRecord], KeyRecord]) -> None:
        for _ in range(_ATTEMPTS):
            entry = self._entry(child)
            if entry is None:
                self._make([child])
                continue
            record, revision = entry  # a tombstone too: its key is gone, and the next one inherits this
            changed = change(record)
            if changed == record:
                return
            if self._bucket.update(child, changed.stored(), revision):
                # The revision before holds the same wrapped key, and must not outlive it.
                self._bucket.scrub(child)
                return
        raise _contended(child)

    def _entry(self, child: str) -> tuple[KeyRecord, int] | None:
        self._check_master()
        entry = self._bucket.get([checked_child(child)]).get(child)
        return (read_record(child, entry[0]), entry[1]) if entry else None

    def _hold(self, child: str, record: KeyRecord) -> _Held:
        key = None
        if record.wrapped is not None:
            try:
                raw = self._master.unwrap(record.wrapped, bound=self._wrap_bound(child, record.name))
            except ValueError as error:
                raise BrokenHistory(f"key of child {child}", str(error)) from error
            key = TextKey(raw, authority=self._authority, child=child, name=record.name)
        return self._keep(child, _Held(record.version, record.key_id, key, self._until()))

    def _keep(self, child: str, held: _Held) -> _Held:
        with self._lock:
            # A thread that read the record before another one erased the key must not bring it back.
            known = self._held.get(child)
            if known and (known.version > held.version or (known.version == held.version and not known.key)):
                return known
            self._held[child] = held
        return held

    def _until(self) -> float:
        return self._monotonic() + self._remember

    def _wrap_bound(self, child: str, name: str) -> bytes:
        return f"key:{self._authority}:{child}:{name}".encode()

    def _check_master(self) -> None:
        """Refuse to work with another master key than the one these keys were wrapped by.

        Without this a machine that lost its key file would make a new one and go on, half of the texts lost
        to it.
        """
        if self._master_checked:
            return
        ours = self._master.fingerprint.encode()
        entry = self._bucket.get([_MASTER])
        if not entry and not self._bucket.create({_MASTER: ours}):
            entry = self._bucket.get([_MASTER])
        if entry and entry[_MASTER][0] != ours:
            theirs = entry[_MASTER][0].decode(errors="replace")
            raise SettingsError(
                f"setting SIGHTLINE_MASTER_KEY: the children's keys of {self._authority} were wrapped by the"
                f" master key {theirs}, but this one is {self._master.fingerprint}"
            )
        self._master_checked = True


def _contended(child: str) -> Conflict:
    return Conflict(f"key of child {child}: others keep changing it; try again")
