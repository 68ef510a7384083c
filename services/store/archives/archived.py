"""What was archived of a stream and removed from it, as one who reads the stream needs it."""

from collections.abc import Iterable, Sequence
from itertools import takewhile, zip_longest

from events.errors import BrokenHistory
from services.store.archives.shelf import Shelf
from services.store.messages import PAGE_BYTES, RawMessage

ANY = frozenset({"*", ">"})


class Archived:
    """The positions `before` that which the stream itself begins with; whoever asks the stream keeps that up to date.

    BrokenHistory where no archive holds one of them.
    """

    def __init__(self, shelf: Shelf | None, stream: str) -> None:
        self.shelf = shelf
        self.before = 1
        self._stream = stream

    def may_hold(self, position: int) -> bool:
        """Whether an archive holds a position of which it is not known that the stream lacks it."""
        return self.shelf is not None and self.before <= position <= self.shelf.through

    def holds(self, subject: str) -> bool:
        """Whether an archive holds messages of the subject; they may stand in the stream as well."""
        return self.shelf is not None and bool(self.shelf.positions(subject, self.shelf.through + 1))

    def at(self, position: int) -> RawMessage | None:
        """The message at a position; None where nothing was there."""
        return self._required().at(position)

    def page(self, start: int, count: int, subject: str | None) -> list[RawMessage]:
        """The messages from a position on, of one subject or of any: as many as asked for, and as a page holds."""
        if start >= self.before:
            return []
        shelf = self._required()
        if subject is None:
            return _bounded(shelf.messages(max(start, 1), self.before), count)
        positions = (each for each in shelf.positions(subject, self.before) if each >= start)
        return _bounded((each for at in positions if (each := shelf.at(at))), count)

    def last_of(self, subject: str) -> RawMessage | None:
        """The newest message of a subject; None where there is none."""
        if self.before == 1:
            return None
        shelf = self._required()
        positions = shelf.positions(subject, self.before)
        return shelf.at(positions[-1]) if positions else None

    def subjects(self, pattern: str, of_stream: Sequence[str]) -> dict[str, int]:
        """The subjects that fit a pattern, each with its number of messages; `of_stream` are those of the stream."""
        if self.before == 1:
            return {}
        wanted = pattern.split(".")
        own = of_stream[0].split(".")  # a stream of events takes the subjects of one authority
        tokens = [
            mine if theirs == "*" and mine not in ANY else theirs
            for theirs, mine in zip_longest(wanted, own[: len(wanted)], fillvalue="*")
        ]
        literal = list(takewhile(lambda token: token not in ANY, tokens))
        prefix = ".".join(literal) + ("." if len(literal) < len(wanted) else "")
        found = self._required().subjects(prefix, self.before)
        return {name: count for name, count in found.items() if _fits(name.split("."), wanted)}

    def missing(self) -> list[int]:
        """The positions at which there is nothing, in no archive either."""
        if self.before == 1:
            return []
        if self.shelf is None:
            return list(range(1, self.before))
        return [*self.shelf.missing(self.before), *range(self.shelf.through + 1, self.before)]

    def _required(self) -> Shelf:
        if self.shelf is None:
            reason = f"events 1 to {self.before - 1} were archived, and no folder of archives is named"
            raise BrokenHistory(f"stream {self._stream}", reason)
        self.shelf.require(self.before)
        return self.shelf


def _fits(subject: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether a subject fits a pattern, both as their tokens."""
    if pattern[-1] == ">":
        pattern, subject = pattern[:-1], subject[: len(pattern) - 1]
    return len(subject) == len(pattern) and all(
        theirs in {"*", mine} for mine, theirs in zip(subject, pattern, strict=True)
    )


def _bounded(messages: Iterable[RawMessage], count: int) -> list[RawMessage]:
    """So many of the messages, and no more bytes than a page holds, but at least one."""
    found: list[RawMessage] = []
    room = PAGE_BYTES
    for message in messages:
        found.append(message)
        room -= len(message.data)
        if len(found) >= count or room <= 0:
            break
    return found
