"""What a description is made of: statements that can be told apart, and compared."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a framework. `key` is the same in every version; `about` is the heading under its chapter."""

    chapter: str
    key: tuple[str, ...]
    about: str
    words: str
