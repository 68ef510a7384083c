"""The checker: reads every event of an authority and says whether history is whole and unchanged."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from nats.aio.client import Client

from events import envelope, subjects
from events.errors import BrokenHistory, ContractError
from events.recorded import Recorded
from services.store.attempts import EXPECTED
from services.store.damage import Acceptance, Damage
from services.store.messages import RawMessage
from services.store.reading import to_recorded
from services.store.source import Source

PAGE = 1_000
LISTED = 100
"""Findings of a kind that are listed one by one; beyond that they are only counted."""

SKEW = timedelta(minutes=5)
"""How far the time that an event names may lie from the server's time of storing it: an import that waited explains
less than that."""

Fold = Callable[[Recorded], str | None]
"""Takes each readable event in its order; says why its record cannot be folded further, or None."""


Progress = Callable[[int, int], None]
"""Called now and then with the events read so far and the sequence at which the reading will end."""


class Judge(Protocol):
    """Holds each event against the rules that stood then."""

    def take(self, recorded: Recorded) -> str | None:
        """Take each readable event in its order: why it was not decided by the rules that stood then, or None."""

    def pass_over(self) -> None:
        """Take in that there is nothing to read in the place of the next one, which somebody accepted."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was written: where it is, and what is wrong."""

    sequence: int
    subject: str
    reason: str


@dataclass(slots=True)
class Verification:
    """What the checker saw. `sound` when it found nothing at all.

    `missing` counts the sequences that are not there, `first_missing` is the first of them. The lists hold the
    first hundred findings of their kind; `findings` counts all of them. `expectations` are events that were written
    on another event of their record than the one that stands before them; `unfolded` are records that no command
    can be decided on any more; `misjudged` are events that name other rules than those which stood then;
    `never_done` tell of an erasure or a hold of which the key bucket knows nothing. `unfinished` are those that a
    repeat must finish, and count for nothing. `clocks` are no damage and count for nothing: they tell of events
    that were dated by a clock which was off the server's. So does `unverified`: the events that say that nobody
    could check who did it. Positions up to `archived` were read from archives. `accepted` is damage that somebody
    took as it is, and `passed_over` how many positions of it were met and stand as they were then: they count for
    nothing either.
    """

    authority: str
    last_sequence: int
    events: int = 0
    aggregates: int = 0
    missing: int = 0
    first_missing: int | None = None
    findings: int = 0
    unverified: int = 0
    archived: int = 0
    version_gaps: list[Finding] = field(default_factory=list)
    hash_mismatches: list[Finding] = field(default_factory=list)
    expectations: list[Finding] = field(default_factory=list)
    unreadable: list[Finding] = field(default_factory=list)
    unfolded: list[Finding] = field(default_factory=list)
    misjudged: list[Finding] = field(default_factory=list)
    never_done: list[Finding] = field(default_factory=list)
    unfinished: list[Finding] = field(default_factory=list)
    clocks: list[Finding] = field(default_factory=list)
    accepted: list[Acceptance] = field(default_factory=list)
    passed_over: int = 0

    @property
    def sound(self) -> bool:
        """Whether every event is there, in its place, as it was written, and by the rules that stood then."""
        return not self.missing and not self.findings

    @property
    def kinds(self) -> dict[str, list[Finding]]:
        """The lists of findings that count as damage, by what was found broken."""
        return {
            "versions": self.version_gaps,
            "content hashes": self.hash_mismatches,
            "expectations": self.expectations,
            "contracts": self.unreadable,
            "records": self.unfolded,
            "rules": self.misjudged,
            "erasures and holds": self.never_done,
        }


async def verify(  # noqa: PLR0913 - what is asked of each event is asked by name
    client: Client,
    authority: str,
    *,
    at_least: int = 0,
    fold: Fold | None = None,
    judge: Judge | None = None,
    progress: Progress | None = None,
    within: float = 5.0,
) -> Verification:
    """Read the authority's whole stream, up to its end at the beginning of the reading, and report.

    `at_least` is a position that somebody has read before, such as a read model's: the stream must reach it. A server
    that rebuilds its index over a damaged block cuts off everything after the damage and says nothing, so that only
    such a witness can tell. `fold` and `judge` take each event that can be read.
    Damage is reported, not raised. StoreUnavailable when the server does not answer. Nothing is changed.
    """
    source = Source(client, subjects.stream_name(authority), timeout=within)
    result = Verification(authority, await source.last_sequence())
    checker = _Checker(result, fold, judge, moved=await source.is_rehearsal())
    checker.result.archived = await source.first_live() - 1
    damage = Damage(source)
    try:
        await damage.learn()
        checker.result.accepted = damage.given
        while checker.position < checker.result.last_sequence:
            for message in await damage.put_in(checker.position, await _next_messages(source, checker)):
                checker.take(message)
            if progress is not None:
                progress(checker.result.events, checker.result.last_sequence)
    finally:
        await source.close()
    checker.skip_to(max(at_least, checker.position) + 1)
    return checker.finish()


async def _next_messages(source: Source, checker: "_Checker") -> list[RawMessage]:
    """The next page; where no copy gives anything more, everything up to the end is missing."""
    end = checker.result.last_sequence
    page = await source.page(checker.position + 1, min(PAGE, end - checker.position))
    messages = [each for each in page.messages if each.sequence <= end]
    if not messages:  # the copy that answered may only lag: the leader knows
        found = await source.next_of(">", checker.position + 1)
        messages = [found] if found and found.sequence <= end else []
        if not messages:
            checker.skip_to(end + 1)
    return messages


class _Checker:
    """Holds each message against what came before it."""

    def __init__(self, result: Verification, fold: Fold | None, judge: Judge | None = None, *, moved: bool) -> None:
        self.result = result
        self.position = 0
        self._fold = fold
        self._judge = judge
        self._moved = moved
        self._versions: dict[str, int] = {}
        self._last: dict[str, int] = {}
        self._lost: list[int] = []

    def skip_to(self, sequence: int) -> None:
        """Note that everything after the position and before this sequence is missing."""
        if sequence > self.position + 1:
            self.result.missing += sequence - self.position - 1
            self.result.first_missing = self.result.first_missing or self.position + 1
        self.position = sequence - 1

    def take(self, message: RawMessage) -> None:
        """Check one message: its place, its version, its content and that it can be read."""
        self.skip_to(message.sequence)
        self.position = message.sequence
        if message.stands_in:
            self.result.passed_over += 1
            self._lost.append(message.sequence)
            if self._judge is not None:
                self._judge.pass_over()
            return
        self.result.events += 1
        self.result.unverified += envelope.UNVERIFIED in message.headers
        self._check_version(message)
        self._check_expectation(message)
        hashed = message.headers.get(envelope.HASH)
        if hashed != envelope.content_hash(message.headers, message.data):
            self._note(self.result.hash_mismatches, message, "the content hash does not fit the content")
            return
        try:
            recorded = to_recorded(message.subject, message.headers, message.data, message.sequence)
        except (BrokenHistory, ContractError) as error:
            self._note(self.result.unreadable, message, str(error))
            return
        if self._fold is not None and (reason := self._fold(recorded)):
            self._note(self.result.unfolded, message, reason)
        if self._judge is not None and (reason := self._judge.take(recorded)):
            self._note(self.result.misjudged, message, reason)
        self._check_clock(message, recorded)

    def finish(self) -> Verification:
        """The result, when everything was read."""
        self.result.aggregates = len(self._versions)
        return self.result

    def _check_version(self, message: RawMessage) -> None:
        try:
            version = message.version
        except BrokenHistory as error:
            self._note(self.result.version_gaps, message, error.reason)
            return
        wanted = self._versions.get(message.subject, 0) + 1
        if not wanted <= version <= wanted + self._lost_before(message):
            self._note(self.result.version_gaps, message, f"version {version} stands where {wanted} belongs")
        self._versions[message.subject] = version

    def _check_expectation(self, message: RawMessage) -> None:
        """Each append names the event of its record that it follows, and the server keeps that beside it."""
        before = self._last.get(message.subject, 0)
        expected = message.headers.get(EXPECTED)
        removed = expected == "0" and before <= self.result.archived  # then the server knew of none
        if expected is not None and expected != str(before) and not removed and not self._lost_before(message):
            reason = f"it was written after event {expected} of its record, but {before or 'none'} stands before it"
            self._note(self.result.expectations, message, reason)
        self._last[message.subject] = message.sequence

    def _lost_before(self, message: RawMessage) -> int:
        """How many accepted losses lie between the message and the one before it of its record: each may be its own."""
        return len(self._lost) - bisect_right(self._lost, self._last.get(message.subject, 0))

    def _check_clock(self, message: RawMessage, recorded: Recorded) -> None:
        ahead = recorded.envelope.recorded - datetime.fromisoformat(message.time)
        if not self._moved and abs(ahead) > SKEW and len(self.result.clocks) < LISTED:
            reason = f"it says that it was recorded {ahead.total_seconds():+.0f} seconds from the server's time"
            self.result.clocks.append(Finding(message.sequence, message.subject, reason))

    def _note(self, findings: list[Finding], message: RawMessage, reason: str) -> None:
        self.result.findings += 1
        if len(findings) < LISTED:
            findings.append(Finding(message.sequence, message.subject, reason))
