"""What a process remembers of a child's key."""

from dataclasses import dataclass, field

from services.keyring.texts import Erased, Lost, TextKey


@dataclass(frozen=True, slots=True)
class Held:
    """A child's key as this process knows it until `until`.

    No `key` means that this version is erased; version 0, that there never was one in this bucket. `removed` is how
    many entries the bucket had lost before this was read. `others` keeps what was found out about the child's other
    keys.
    """

    version: int
    key_id: str | None
    key: TextKey | None
    until: float
    removed: int | None = None
    others: dict[tuple[int, str | None], Erased | Lost] = field(default_factory=dict)

    def names(self, version: int, key_id: str | None) -> bool:
        """Whether this is the key, or the tombstone of the key, that a text names."""
        return self.version == version and self.key_id == key_id
