"""A bucket in memory, with the promises of `services.keyring.Bucket`."""

import threading
from collections.abc import Callable, Iterable, Mapping

from events.errors import Drifted


class MemoryBucket:
    """Keeps each value under its key until it is destroyed, in the order in which they were written."""

    def __init__(self) -> None:
        self.values: dict[str, bytes] = {}
        self.reads = 0
        self.destroyed = 0
        self.deny_delete = False
        self.before_write: Callable[[], None] = lambda: None
        self.before_destroy: Callable[[str], None] = lambda _: None
        self._lock = threading.Lock()

    def get(self, keys: Iterable[str]) -> dict[str, bytes]:
        with self._lock:
            self.reads += 1
            found = {key: self._newest(key) for key in keys}
            return {key: value for key, value in found.items() if value is not None}

    def names(self, group: str) -> tuple[str, ...]:
        with self._lock:
            return tuple(each for each in self.values if each.startswith(f"{group}."))

    def create(self, values: Mapping[str, bytes]) -> set[str]:
        self.before_write()
        with self._lock:
            return {key for key, value in values.items() if self.values.setdefault(key, value) == value}

    def destroy(self, key: str, value: bytes | None = None) -> None:
        self.before_destroy(key)
        with self._lock:
            if value is None or self.values.get(key) == value:
                self.destroyed += self.values.pop(key, None) is not None

    def removed(self) -> int:
        return self.destroyed

    def check(self) -> None:
        if self.deny_delete:
            raise Drifted("KV_TEST", "deny_delete", wanted=False, found=True)

    def _newest(self, key: str) -> bytes | None:
        if not key.endswith(".*"):
            return self.values.get(key)
        covered = [value for name, value in self.values.items() if name.startswith(key[:-1])]
        return covered[-1] if covered else None
