"""The check that every reader makes: no sequence and no version is missing. A hole stops the reading."""

from events.errors import BrokenHistory
from services.store.messages import RawMessage


class Continuity:
    """Follows a stream from a position on and lets nothing pass that is not the next one.

    The event stream forbids deleting and purging, so that a jump is damage, never housekeeping: the server itself skips
    a record whose bytes were changed and says nothing. Versions are checked from each aggregate's first
    message seen here; when the reading begins at the stream's beginning, that is its first version. An aggregate may
    lack as many versions as positions were lost in between whose damage was accepted: nobody can say whose they were.
    """

    def __init__(self, stream: str, *, after: int = 0) -> None:
        self._stream = stream
        self._last: dict[str, int] = {}  # no more than the version: there are as many as records
        self._lost = 0
        self._lost_before: dict[str, int] = {}
        self._complete = after == 0
        self.position = after

    def move_on(self, message: RawMessage) -> None:
        """Move on to the position of this message, and look at no version. BrokenHistory when one before it is missing.

        For a reader that holds each record against itself when it has all of it.
        """
        if message.sequence != self.position + 1:
            raise BrokenHistory(
                f"stream {self._stream}", f"sequence {self.position + 1} is missing before {message.sequence}"
            )
        self.position = message.sequence

    def accept(self, message: RawMessage) -> None:
        """Move on to this message. BrokenHistory when something is missing before it."""
        self.move_on(message)
        if message.stands_in:
            self._lost += 1
            return
        version = message.version
        known = message.subject in self._last
        before = self._last.get(message.subject, 0)
        lost = self._lost - self._lost_before.get(message.subject, 0)
        if (known or self._complete) and not before < max(version, 1) <= before + 1 + lost:
            reason = f"version {version} follows {before}" if known else f"begins with version {version}"
            raise broken_version(message, reason)
        self._last[message.subject] = version
        if self._lost:
            self._lost_before[message.subject] = self._lost


def broken_version(message: RawMessage, reason: str) -> BrokenHistory:
    """The error for an aggregate whose versions do not follow each other."""
    return BrokenHistory(f"{message.subject} at sequence {message.sequence}", reason)
