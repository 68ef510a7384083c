"""Keep the children's keys, seal and open texts with them, and erase a key so that its texts are gone everywhere."""

import threading
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from itertools import islice

from events.children import UNSTATED
from events.errors import Refused
from events.subjects import check_authority
from services.clock import Clock
from services.keyring import custody
from services.keyring.bucket import Bucket
from services.keyring.entries import ERASED, Keeping, checked_child
from services.keyring.held import Held
from services.keyring.master import MasterKey
from services.keyring.numbers import Numbers
from services.keyring.record import KeyRecord, read_record
from services.keyring.texts import Erased, Lost, SealedText, parse_head, parse_sealed
from services.keyring.wrapping import Wrapping

_BATCH = 1_000


class Keyring:
    """The keys of the children of one authority.

    Keys that were used are remembered for `remember_for`; that is also the longest time for which another
    process can open texts with a key that was erased here. May be used by many threads. Every method that needs a
    key it does not hold asks the bucket's leader and raises Unavailable if that cannot be reached,
    BrokenHistory if what is kept there is damaged, and SettingsError if the keys were wrapped by another master key.
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
        self._bucket = bucket
        self._clock = clock
        self._wrapping = Wrapping(self._authority, master, clock)
        self._numbers = Numbers(self._authority, master)
        self._remember = remember_for.total_seconds()
        self._monotonic = monotonic
        self._held: dict[str, Held] = {}
        self._lock = threading.Lock()
        self._master_checked = False
        self._removed: int | None = None

    def seal(self, child: str, field: str, text: str) -> str:
        """Encrypt the text for ever to this child and this field, in the form of `events.base.Sealed`.

        Makes the child's key if there is none, or none any more. A repeat gives another result that opens to
        the same text. Raises Refused for a text that is too long or no Unicode. Before and after the text is
        stored, ask `gone`: another process may have erased the key that this one still holds.
        """
        held = self._held.get(child)
        if held is None or held.key is None or held.until < self._monotonic():
            held = self._usable(child)
        if held.key is None:
            raise custody.contended(child)
        return held.key.seal(field, text)

    def unseal(self, sealed: str, field: str) -> str | Erased | Lost:
        """Give back the text that was sealed for this field; Erased if its key was, Lost if it is not in the bucket.

        Raises Tampered if it was changed, or sealed for another field, child or authority. A text whose key is
        erased or lost gives that even if it was changed as well: nobody can tell any more. So one key that is
        missing costs the texts of one child, and not the answer about all the others.
        """
        parts = parse_sealed(sealed, field)
        held = self._held.get(parts.child)
        if held is None or held.until < self._monotonic() or not held.names(parts.version, parts.key_id):
            held = self._looked_up(parts, held)
        if not held.names(parts.version, parts.key_id):
            return held.others[parts.version, parts.key_id]
        return held.key.unseal(parts, field) if held.key else Erased(parts.child, parts.version)

    def gone(self, sealed: Iterable[str]) -> frozenset[str]:
        """Name the children whose key does not stand any more of those that sealed these texts.

        One question to the bucket if no entry of it was destroyed since the keys were read, and otherwise one for each
        child. What is sealed next for these children gets a new key.
        """
        heads = {parse_head(each) for each in sealed}
        if not heads:
            return frozenset()
        removed = self._bucket.removed()
        held = self._held
        doubtful = {
            child
            for version, key_id, child in heads
            if (known := held.get(child)) is None or known.removed != removed or not known.names(version, key_id)
        }
        self._removed = removed
        if doubtful:
            self.forget(doubtful)
            self.load(doubtful)
        return frozenset(
            child
            for version, key_id, child in heads
            if not ((known := self._held.get(child)) and known.key and known.names(version, key_id))
        )

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
            since = self._removed
            found = self._bucket.get(stale)
            tombs = {child: f"{ERASED}.{child}.*" for child in stale if child not in found}
            erased = self._bucket.get(tombs.values()) if tombs else {}
            for child in stale:
                stored = found.get(child) if child in found else erased.get(tombs[child])
                if stored is not None:
                    self._hold(child, read_record(child, stored), since)

    def forget(self, children: Iterable[str]) -> None:
        """Let go of these children's keys, for who goes through very many; they are asked for again when needed."""
        for child in children:
            self._held.pop(child, None)

    def references(self, given: Iterable[str]) -> dict[str, str]:
        """The reference of the child that has each of these numbers, with a key that can be used.

        A number that is new gets a random reference, and the same one ever after, whoever asks first; until its child's
        key is erased, which ends the entry as well. May be a thousand numbers at once.
        """
        self._check_master()
        found = self._numbers.give(self._bucket, given, self._wrapping)
        self.load(found.values())
        held = self._held
        if ended := [number for number, child in found.items() if child not in held or not held[child].key]:
            # Erased since the number was looked up: it leads to somebody else by now, and to that child never again.
            found |= self._numbers.give(self._bucket, ended, self._wrapping)
        self.ensure(found.values())
        return found

    def known(self, given: Iterable[str]) -> dict[str, str]:
        """The references of the children that have these numbers already; for other numbers nothing is made."""
        self._check_master()
        return self._numbers.known(self._bucket, given)

    def record(self, child: str) -> KeyRecord | None:
        """Look up what the bucket's leader keeps about the child's key at this moment, or None."""
        self._check_master()
        return custody.find_record(self._bucket, child)

    def classify(self, child: str, retention: str) -> None:
        """Set the retention class of the child's texts. Makes the key if there is none.

        A repeat changes nothing.
        """
        self._keyed(child)
        custody.classify(self._bucket, child, retention)

    def hold(self, child: str, reason: str = UNSTATED, *, after: int = 0) -> custody.Kept:
        """Put the child's key under legal hold: it cannot be erased. Makes the key if there is none.

        What is held for one reason stays held for it whatever becomes of the others. A repeat changes nothing, unless
        the hold was written no later than as number `after`: then it is written once more, as a new hold.
        """
        self._keyed(child)
        return custody.hold(self._bucket, child, reason, after)

    def release(self, child: str, reason: str | None = None, *, number: int | None = None) -> bool:
        """End the legal hold for this reason, or for every one: True if there was such a hold.

        A repeat changes nothing. With `number` only if nothing was said of the child since what has that number.
        """
        return self.record(child) is not None and custody.release(self._bucket, child, reason, number)

    def keeping(self, child: str) -> Keeping:
        """What counts of retention and hold at this moment, by whatever it was said."""
        self._check_master()
        return custody.stands_kept(self._bucket, checked_child(child))

    def erase(self, child: str) -> bool:
        """Destroy the child's key for good: no text sealed with it can be opened again, by anyone.

        True if this call did it, False if it was done before; a repeat completes what a crash cut short. The entry that
        leads from the child's number to its reference ends with it. A text sealed for the child later gets a new key
        with a higher version. What this cannot reach are earlier backups, and the servers' replication logs until they
        compact them. Raises NotFound if there never was a key, Refused under a legal hold, Drifted (before anything is
        written) if the bucket would keep the old key readable.
        """
        self._check_master()
        did, tombstone = custody.erase(self._bucket, checked_child(child), self._clock, self._numbers)
        self.forget([child])
        self._hold(child, tombstone, None)
        return did

    def tombstones(self, child: str) -> list[KeyRecord]:
        """What stands in place of each of the child's keys that are erased, the first one first."""
        return custody.find_tombstones(self._bucket, child)

    # Inside

    def _usable(self, child: str) -> Held:
        """Find the child's key to seal with, or make it; ask first, since most children have one."""
        self._check_master()
        since = self._removed
        stored = self._bucket.get([checked_child(child)]).get(child)
        if stored is not None and not (record := read_record(child, stored)).erased:
            return self._hold(child, record, since)
        return self._make([child])[child]

    def _looked_up(self, parts: SealedText, held: Held | None) -> Held:
        """The child's key as it stands now, and if that is not the one of the text, what became of that one."""
        child, name = parts.child, (parts.version, parts.key_id)
        if held is not None and held.until >= self._monotonic() and name in held.others:
            return held
        self._check_master()
        since = self._removed
        record = custody.find_key(self._bucket, child)
        held = self._hold(child, record, since) if record else self._keep(child, Held(0, None, None, self._until()))
        if not held.names(*name):
            # Of the first days' keys, which had no id, one record stood for all versions before it.
            before = parts.key_id is None and held.key_id is None and parts.version < held.version
            erased = before or custody.is_erased(self._bucket, child, *name)
            held.others[name] = (Erased if erased else Lost)(child, parts.version)
        return held

    def _make(self, children: list[str]) -> dict[str, Held]:
        """Give these children new keys, or find those that another process made first."""
        if not children:
            return {}
        self._check_master()
        since = self._removed
        buried = {name.split(".")[1] for name in self._bucket.names(ERASED)}.intersection(children)
        after = {child: record for child in buried if (record := custody.find_key(self._bucket, child))}
        fresh = {child: self._wrapping.fresh(child, after=after.get(child)) for child in children}
        written = self._bucket.create({child: record.stored() for child, record in fresh.items()})
        keys = {child: self._hold(child, fresh[child], since) for child in written}
        for child, stored in self._bucket.get([each for each in children if each not in written]).items():
            record = read_record(child, stored)
            if record.erased:
                rule = f"the key of {child} was erased in an earlier form; `sightline erase` it once more to go on"
                raise Refused("child", rule)
            keys[child] = self._hold(child, record, since)
        if len(keys) < len(children):  # made by another, and erased since
            raise custody.contended(next(child for child in children if child not in keys))
        return keys

    def _keyed(self, child: str) -> None:
        """Make the child's key, unless there is or was one."""
        if self.record(child) is None:
            self._make([child])

    def _hold(self, child: str, record: KeyRecord, since: int | None) -> Held:
        """Hold what was read after `since` was all known to be destroyed: another thread may know of more by now."""
        key = self._wrapping.open(child, record)
        return self._keep(child, Held(record.version, record.key_id, key, self._until(), since))

    def _keep(self, child: str, held: Held) -> Held:
        with self._lock:
            # A thread that read the record before another one erased the key must not bring it back.
            known = self._held.get(child)
            if known and (known.version > held.version or (not known.key and known.names(held.version, held.key_id))):
                return known
            self._held[child] = held
        return held

    def _until(self) -> float:
        return self._monotonic() + self._remember

    def _check_master(self) -> None:
        if not self._master_checked:
            self._wrapping.require_same_master(self._bucket)
            self._master_checked = True
