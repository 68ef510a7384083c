"""What kinds of record there are, and what people call them: for whoever shows records and needs none of the parts."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kinds:
    """The word for each kind of record by its stored name, which of them owe something, and the part of each."""

    words: Mapping[str, str]
    owing: tuple[str, ...]
    parts: Mapping[str, str]

    def word(self, kind: str) -> str:
        """What people call a kind; what is no kind is called as it is."""
        return self.words.get(kind, kind)

    def called(self, record: str) -> str:
        """A record as people read it and may write it, such as `task/T-2026-05`, by its stored name."""
        kind, sign, reference = record.partition("/")
        return f"{self.word(kind)}{sign}{reference}"

    def stored(self, record: str) -> str:
        """The stored name of a record, by that or by the one that people read."""
        kind, sign, reference = record.partition("/")
        stored = next((name for name, word in self.words.items() if word == kind), kind)
        return f"{stored}{sign}{reference}"
