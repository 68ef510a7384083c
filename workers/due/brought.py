"""What an import brought in, as its stretch of the stream goes by: whole histories of the records that began with it.

A record is read once with all others, where asking for each by itself costs the server ten times as much. What is held
is bounded: the records that were not touched for longest are handed out first, for those of an import mostly have all
they get by then. Whether what was handed out is whole is asked of the stream, not of this reading.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from urllib.parse import unquote

from events import envelope
from events.errors import BrokenHistory
from events.subjects import aggregate_of
from services.store.messages import RawMessage

HELD = 48 * 2**20
"""Bytes that the messages of records which are held may take."""

HEADERS = 2_500
"""Bytes that a message takes beside its body: its headers, as Python holds them."""


class Brought:
    """What the import of that name brought in of records whose names begin so.

    `left` are the records that it touched and of which nothing is held: they began before it, or are not whole here.
    """

    def __init__(self, name: str, worked_out: tuple[str, ...]) -> None:
        self.left: dict[str, None] = {}
        self._name = name
        self._worked_out = worked_out
        self._held: OrderedDict[str, list[RawMessage]] = OrderedDict()
        self._weight = 0

    @property
    def is_full(self) -> bool:
        """Whether more is held than may be."""
        return self._weight > HELD

    @property
    def is_empty(self) -> bool:
        """Whether nothing is held."""
        return not self._held

    def take(self, page: Iterable[RawMessage]) -> None:
        """Take what comes next of the stretch."""
        for message in page:
            about = record_of(message.subject)
            held = self._held.get(about)
            if held is not None and not message.stands_in and _version(message) == len(held) + 1:
                held.append(message)
                self._held.move_to_end(about)
                self._weight += _weight(message)
            elif held is not None:
                self.leave(about)
            elif about.startswith(self._worked_out) and self._is_of_it(message):
                self._begin(about, message)

    def _is_of_it(self, message: RawMessage) -> bool:
        return unquote(message.headers.get(envelope.IMPORTED, "")) == self._name

    def _begin(self, about: str, message: RawMessage) -> None:
        if _version(message) != 1 or message.stands_in or about in self.left:
            self.left[about] = None
            return
        self._held[about] = [message]
        self._weight += _weight(message)

    def leave(self, about: str) -> None:
        """Hold nothing of a record any more: it is read by itself."""
        for each in self._held.pop(about, ()):
            self._weight -= _weight(each)
        self.left[about] = None

    def hand_out(self, most: int) -> dict[str, Sequence[RawMessage]]:
        """Those that were not touched for longest, so many of them at most, to be held no more."""
        found: dict[str, Sequence[RawMessage]] = {}
        while self._held and len(found) < most:
            about, messages = self._held.popitem(last=False)
            self._weight -= sum(map(_weight, messages))
            found[about] = messages
        return found


def record_of(subject: str) -> str:
    """The record of an event; the subject itself where it is that of none, which is no record's business."""
    try:
        return aggregate_of(subject)
    except ValueError:
        return subject


def _version(message: RawMessage) -> int:
    """The version that a message names; none for one that names none, which its record's reader tells of."""
    try:
        return message.version
    except BrokenHistory:
        return 0


def _weight(message: RawMessage) -> int:
    return len(message.data) + HEADERS
