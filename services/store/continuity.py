"""The check that every reader makes: no sequence and no version is missing. A hole stops the reading."""

from events.errors import BrokenHistory
from services.store.messages import RawMessage


class Continuity:
    """Follows a stream from a position on and lets nothing pass that is not the next one.

    The event stream forbids deleting and purging, so that a jump is damage, never housekeeping: the server itself skips
    a record whose bytes were changed and says nothing. Versions are checked from each aggregate's first
    message seen here; when the reading begins at the stream's beginning, that is its first version.
    """

    def __init__(self, stream: str, *, after: int = 0) -> None:
        self._stream = stream
        self._versions: dict[str, int] = {}
        self._complete = after == 0
        self.position = after

    def accept(self, message: RawMessage) -> None:
        """Move on to this message. BrokenHistory when something is missing before it."""
        if message.sequence != self.position + 1:
            raise BrokenHistory(
                f"stream {self._stream}", f"sequence {self.position + 1} is missing before {message.sequence}"
            )
        version = message.version
        before = self._versions.get(message.subject)
        if before is None:
            if self._complete and version > 1:
                raise broken_version(message, f"begins with version {version}")
        elif version != before + 1:
            raise broken_version(message, f"version {version} follows {before}")
        self._versions[message.subject] = version
        self.position = message.sequence


def broken_version(message: RawMessage, reason: str) -> BrokenHistory:
    """The error for an aggregate whose versions do not follow each other."""
    return BrokenHistory(f"{message.subject} at sequence {message.sequence}", reason)
