"""From a child's number to the child's reference, and only that way round for who has the master key.

A reference is drawn at random: nothing about it can be tried out. The entry that leads to it stands under a keyed name
of the number and holds the reference sealed; the child's key record names the entry, so that erasing the key ends it.
References of the first days were keyed names of the number themselves; a child whose key still stands keeps that one.
"""

import os
from collections.abc import Iterable, Sequence

from events.errors import BrokenHistory
from services.keyring.bucket import Bucket
from services.keyring.entries import number_entry
from services.keyring.master import MasterKey
from services.keyring.record import read_record
from services.keyring.wrapping import Wrapping

_DRAWN_BYTES = 16


class Numbers:
    """Gives references for the numbers of one authority's children."""

    def __init__(self, authority: str, master: MasterKey) -> None:
        self._authority = authority
        self._master = master

    def give(self, bucket: Bucket, numbers: Iterable[str], wrapping: Wrapping) -> dict[str, str]:
        """The reference of each number: the one that it has, or a new one, which then has a key as well.

        Where several ask at once, all get the reference of the first.
        """
        wanted = list(dict.fromkeys(numbers))
        found = self._find(bucket, wanted)
        entries: dict[str, bytes] = {}
        drawn: dict[str, str] = {}
        for number in wanted:
            if number not in found:
                child, token = f"child-{os.urandom(_DRAWN_BYTES).hex()}", self._token(number)
                drawn[number] = child
                entries[number_entry(token)] = self._master.wrap(child.encode(), bound=self._bound(token)).encode()
                entries[child] = wrapping.fresh(child, number=token).stored()
        written = bucket.create(entries) if entries else set()
        mine = {number: child for number, child in drawn.items() if number_entry(self._token(number)) in written}
        late = [number for number in drawn if number not in mine]
        return found | mine | (self._find(bucket, late) if late else {})

    def known(self, bucket: Bucket, numbers: Iterable[str]) -> dict[str, str]:
        """The references that these numbers have already."""
        return self._find(bucket, list(dict.fromkeys(numbers)))

    def leading(self, bucket: Bucket, token: str, child: str) -> bytes | None:
        """The entry under this keyed name of a number, if it leads to this child; or to nobody, for it is damaged.

        None for one that leads to another child: the number was given a new reference since, or the child's key names
        a number that is not the child's.
        """
        entry = number_entry(token)
        stored = bucket.get([entry]).get(entry)
        if stored is None:
            return None
        try:
            return stored if self._opened(token, stored) == child else None
        except BrokenHistory:
            return stored

    def _find(self, bucket: Bucket, numbers: Sequence[str]) -> dict[str, str]:
        """The references that these numbers lead to, as far as they lead to any. BrokenHistory for a changed entry."""
        tokens = {number: self._token(number) for number in numbers}
        stored = bucket.get(map(number_entry, tokens.values()))
        found = {
            number: self._opened(token, stored[number_entry(token)])
            for number, token in tokens.items()
            if number_entry(token) in stored
        }
        first = {number: self._first(number) for number in numbers if number not in found}
        standing = bucket.get(first.values()) if first else {}
        kept = {number: child for number, child in first.items() if child in standing}
        return found | {
            number: child for number, child in kept.items() if not read_record(child, standing[child]).erased
        }

    def _token(self, number: str) -> str:
        """The keyed name of a number within the authority (32 hex digits)."""
        return self._master.name(f"listed child:{self._authority}:{number}".encode())

    def _first(self, number: str) -> str:
        """The reference that lists of the first days gave a child."""
        return f"child-{self._master.name(f'child number:{self._authority}:{number}'.encode())}"

    def _opened(self, token: str, stored: bytes) -> str:
        try:
            return self._master.unwrap(stored.decode(), bound=self._bound(token)).decode()
        except ValueError as error:
            raise BrokenHistory("the entry of a child's number", str(error)) from error

    def _bound(self, token: str) -> bytes:
        return f"number:{self._authority}:{token}".encode()
