"""A bucket in memory, with the promises of `services.keyring.Bucket`."""

import threading
from collections.abc import Callable, Iterable, Mapping

from events.errors import Drifted


class MemoryBucket:
    """Keeps every revision until it is scrubbed, as the server's files do."""

    def __init__(self) -> None:
        self.revisions: dict[str, list[tuple[bytes, int]]] = {}
        self.reads = 0
        self.deny_delete = False
        self.before_write: Callable[[], None] = lambda: None
        self._sequence = 0
        self._lock = threading.Lock()

    def get(self, keys: Iterable[str]) -> dict[str, tuple[bytes, int]]:
        with self._lock:
            self.reads += 1
            return {key: self.revisions[key][-1] for key in keys if key in self.revisions}

    def create(self, values: Mapping[str, bytes]) -> set[str]:
        return {key for key, value in values.items() if self.update(key, value, 0)}

    def update(self, key: str, value: bytes, revision: int) -> bool:
        self.before_write()
        with self._lock:
            kept = self.revisions.setdefault(key, [])
            if (kept[-1][1] if kept else 0) != revision:
                return kept[-1][0] == value
            self._sequence += 1
            kept.append((value, self._sequence))
            return True

    def scrub(self, key: str) -> None:
        with self._lock:
            del self.revisions[key][:-1]

    def check(self) -> None:
        if self.deny_delete:
            raise Drifted("KV_TEST", "deny_delete", wanted=False, found=True)
