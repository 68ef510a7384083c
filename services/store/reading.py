"""Reading for workers and reports: facts in the order of the stream, over the worker's own connection."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping

from nats.aio.client import Client

from events import envelope, registry, subjects
from events.errors import BrokenHistory
from events.recorded import Recorded, Unread
from services.store.continuity import Continuity
from services.store.damage import Damage
from services.store.headers import whole
from services.store.messages import RawMessage, version_of
from services.store.runs import Run
from services.store.source import Source

PAGE = 2_000


def to_recorded(subject: str, headers: Mapping[str, str] | None, data: bytes, position: int | None) -> Recorded:
    """The fact in a message of an event stream.

    BrokenHistory when the subject is no event's, when the envelope is missing or speaks of another aggregate than the
    subject does, and when the content is not what its hash was made for; ContractError when the stored name or the
    body is not one we know.
    """
    aggregate, version, stored_name, told, fingerprint = _told(subject, headers or {}, data, position)
    return Recorded(aggregate, version, registry.decode(stored_name, data), told, position, fingerprint)


def to_unread(message: RawMessage) -> Unread:
    """The event in a message, held against all that `to_recorded` holds it against, but for the form of its body."""
    subject, position, headers, data, _, stands_in = message
    aggregate, version, stored_name, told, fingerprint = _told(subject, headers, data, position)
    registry.must_be_known(stored_name)
    return Unread(aggregate, version, stored_name, data, told, position, fingerprint, stands_in)


def _told(
    subject: str, given: Mapping[str, str], data: bytes, position: int | None
) -> tuple[str, int, str, envelope.Envelope, str]:
    given = whole(given)
    try:
        aggregate = subjects.aggregate_of(subject)
        told = envelope.from_headers(given)
        version = version_of(given[envelope.VERSION])
        stored_name = given[envelope.TYPE]
        fingerprint = envelope.checked_hash(given, data)
    except (KeyError, ValueError) as error:
        raise BrokenHistory(_where(subject, position), f"the envelope is not complete: {error}") from error
    if given.get(envelope.SUBJECT) != aggregate or told.authority != subject.split(".", 2)[1]:
        raise BrokenHistory(_where(subject, position), "the envelope names another aggregate than the subject")
    return aggregate, version, stored_name, told, fingerprint


def _where(subject: str, position: int | None) -> str:
    return f"{subject} at sequence {position}"


async def read_pages(
    client: Client,
    authority: str,
    *,
    after: int = 0,
    until: int | None = None,
    within: float = 5.0,
    by_runs: bool = False,
) -> AsyncIterator[list[Recorded]]:
    """The facts after position `after`, page by page, through `until` or what is the end when reading begins.

    BrokenHistory when a sequence or an aggregate's version is missing; StoreUnavailable when the server does
    not answer.
    """
    source = Source(client, subjects.stream_name(authority), timeout=within)
    try:
        check = Continuity(source.stream, after=after)
        async for messages in raw_pages(source, after=after, until=until, by_runs=by_runs):
            for message in messages:
                check.accept(message)
            yield [to_recorded(each.subject, each.headers, each.data, each.sequence) for each in messages]
    finally:
        await source.close()


async def unread_pages(
    client: Client, authority: str, *, after: int = 0, until: int | None = None, within: float = 5.0
) -> AsyncIterator[list[Unread]]:
    """The events after position `after`, as `read_pages`, but no body is read and no version is looked at.

    Whoever takes them holds the versions of each record against one another, and reads the bodies, once it has all of
    it: what this reading remembers does not grow with history.
    """
    source = Source(client, subjects.stream_name(authority), timeout=within)
    try:
        check = Continuity(source.stream, after=after)
        async for messages in raw_pages(source, after=after, until=until, by_runs=True):
            for message in messages:
                check.move_on(message)
            yield [to_unread(each) for each in messages]
    finally:
        await source.close()


async def read_recorded(
    client: Client, authority: str, *, after: int = 0, until: int | None = None, within: float = 5.0
) -> AsyncIterator[Recorded]:
    """The facts after position `after`, one by one; else as `read_pages`."""
    async for page in read_pages(client, authority, after=after, until=until, within=within):
        for recorded in page:
            yield recorded


async def raw_pages(
    source: Source, *, after: int, until: int | None = None, by_runs: bool = False
) -> AsyncGenerator[list[RawMessage]]:
    """The messages after a sequence, unchecked, through `until` or what the leader calls the end at the beginning.

    A worker has long stretches read `by_runs` (see `services.store.runs`), for which others have no permission.
    Where the copy that answers lags behind the leader, the leader fills in. In the place of accepted damage comes the
    acceptance. Jumps are left to the caller to judge, but BrokenHistory is raised for messages missing at the very end,
    since nothing after them could show it, and when the stream ends before `after`: then history was cut off, which the
    server does in silence when it rebuilds its index over a damaged block.
    """
    last = await source.last_sequence()
    if after > last:
        raise BrokenHistory(f"stream {source.stream}", f"it ends at {last}, but {after} was read before")
    if after == last:  # whoever looks for news all the time is not to pay for what he does not read
        return
    damage = Damage(source)
    await damage.learn()
    end = last if until is None else min(until, last)
    position = after
    run = Run(source, after, end if by_runs else after)
    try:
        while position < end:
            found = await _page(source, run, position + 1, min(PAGE, end - position))
            messages = [each for each in found if each.sequence <= end]
            through = end if len(messages) < len(found) or not found else 0
            messages = await damage.put_in(position, messages, through)
            if not messages:
                raise BrokenHistory(f"stream {source.stream}", f"sequence {position + 1} to {end} is missing")
            position = messages[-1].sequence
            yield messages
    finally:
        await run.close()


async def _page(source: Source, run: Run, start: int, count: int) -> list[RawMessage]:
    """Messages from a position on: of the run, or of any copy, or else the one that the leader has there."""
    if found := await run.page(start, count):
        return found
    if found := (await source.page(start, count)).messages:
        return found
    behind = await source.at(start)
    return [behind] if behind else []
