"""Reading for workers: every fact once and in order, or a loud stop."""

from typing import Any

import pytest

from events import envelope
from events.audits import AuditFiled
from events.errors import BrokenHistory, ContractError
from events.recorded import Recorded, Unread
from services.store.continuity import Continuity
from services.store.mapper import fact_to_store
from services.store.messages import RawMessage
from services.store.reading import read_recorded, to_recorded, to_unread, unread_pages
from services.store.source import Page, Source
from tests.stores import Store, recorded


async def gather(store: Store, authority: str, **bounds: Any) -> list[Recorded]:
    return [each async for each in read_recorded(store.link.client, authority, **bounds)]


async def gather_unread(store: Store, authority: str, **bounds: Any) -> list[Unread]:
    return [each async for page in unread_pages(store.link.client, authority, **bounds) for each in page]


def test_facts_come_in_order_from_any_position(store: Store) -> None:
    """Reading gives each fact once, in the stream's order, between the two positions asked for."""
    authority = store.authority()
    with store.history(authority) as history:
        for start in range(0, 2_500, 500):
            history.append(*[recorded(authority, f"audit/A-{number}", 1) for number in range(start, start + 500)])
    everything = store.link.run(gather(store, authority))
    assert [each.position for each in everything] == list(range(1, 2_501))
    assert everything[7].originator_id == "audit/A-7"
    part = store.link.run(gather(store, authority, after=1_499, until=2_000))
    assert part == everything[1_499:2_000]
    assert store.link.run(gather(store, authority, after=2_500)) == []
    unread = store.link.run(gather_unread(store, authority, after=1_499, until=2_000))
    told = [Recorded(each.originator_id, 1, AuditFiled(), each.envelope, each.position) for each in unread]
    assert told == part
    assert {(each.originator_version, each.stored_name, each.stands_in) for each in unread} == {
        (1, AuditFiled.stored_name, False)
    }
    assert [each.fingerprint for each in unread] == [each.fingerprint for each in part]


def test_reading_beyond_the_end_is_a_broken_history(single_store: Store) -> None:
    """A stream that ends before a position that was read earlier has been cut off; the reader says so."""
    authority = single_store.authority()
    with pytest.raises(BrokenHistory, match="ends at 0, but 3"):
        single_store.link.run(gather(single_store, authority, after=3))


def test_message_becomes_the_fact_it_was() -> None:
    """A message as a worker receives it turns into the fact that was stored."""
    fact = recorded("torbay", "audit/A-17", 4)
    stored = fact_to_store(fact)
    again = to_recorded("sightline.torbay.audit.A-17", stored.headers, stored.state, 12)
    assert again == Recorded(fact.originator_id, 4, AuditFiled(), fact.envelope, position=12)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({envelope.SUBJECT: "audit/A-18"}, BrokenHistory),
        ({"ce-source": "sightline/halton"}, BrokenHistory),
        ({envelope.ID: None}, BrokenHistory),
        ({envelope.VERSION: "x"}, BrokenHistory),
        ({envelope.VERSION: "1_0"}, BrokenHistory),
        ({envelope.RECORDED: "2026-03-02T12:00:00"}, BrokenHistory),
        ({"ce-time": "2026-03-02T12:00:00"}, BrokenHistory),
        ({envelope.TYPE: "audit.unheard.v1"}, ContractError),
    ],
)
def test_message_that_is_not_whole_is_refused(change: dict[str, str | None], error: type[Exception]) -> None:
    """An envelope that is incomplete or speaks of another place, and a name nobody knows, stop the reader."""
    stored = fact_to_store(recorded("torbay", "audit/A-17", 1))
    headers = {name: value for name, value in {**stored.headers, **change}.items() if value is not None}
    headers[envelope.HASH] = envelope.content_hash(headers, stored.state)
    with pytest.raises(error):
        to_recorded("sightline.torbay.audit.A-17", headers, stored.state, 1)
    with pytest.raises(error):
        to_unread(RawMessage("sightline.torbay.audit.A-17", 1, headers, stored.state, ""))


@pytest.mark.parametrize("hashed", ["", "0" * 64, None])
def test_message_that_does_not_fit_its_hash_is_refused(hashed: str | None) -> None:
    """No view and no worker takes in an event that is not what its content hash was made for."""
    stored = fact_to_store(recorded("torbay", "audit/A-17", 1))
    headers = {name: value for name, value in stored.headers.items() if name != envelope.HASH}
    if hashed is not None:
        headers[envelope.HASH] = hashed
    with pytest.raises(BrokenHistory, match="content hash"):
        to_recorded("sightline.torbay.audit.A-17", headers, stored.state, 1)
    with pytest.raises(BrokenHistory, match="content hash"):
        to_unread(RawMessage("sightline.torbay.audit.A-17", 1, headers, stored.state, ""))


def test_message_on_no_subject_of_an_event_is_refused() -> None:
    """A message that stands where no aggregate can is named, not stumbled over."""
    stored = fact_to_store(recorded("torbay", "audit/A-17", 1))
    with pytest.raises(BrokenHistory, match=r"sightline\.torbay\.stray at sequence 7"):
        to_recorded("sightline.torbay.stray", stored.headers, stored.state, 7)


def message(sequence: int, version: int, subject: str = "sightline.torbay.audit.A-1") -> RawMessage:
    return RawMessage(subject, sequence, {envelope.VERSION: str(version)}, b"", "")


@pytest.mark.parametrize(
    ("messages", "reason"),
    [
        ([message(1, 1), message(3, 2)], "sequence 2 is missing"),
        ([message(2, 1)], "sequence 1 is missing"),
        ([message(1, 1), message(2, 3)], "version 3 follows 1"),
        ([message(1, 1), message(2, 1)], "version 1 follows 1"),
        ([message(1, 2)], "begins with version 2"),
    ],
)
def test_every_gap_is_noticed(messages: list[RawMessage], reason: str) -> None:
    """A missing sequence, and a missing or doubled version, stop the reader at that message."""
    check = Continuity("S")
    for each in messages[:-1]:
        check.accept(each)
    with pytest.raises(BrokenHistory, match=reason):
        check.accept(messages[-1])


def test_positions_alone() -> None:
    """Whoever holds versions against one another later is still told of a sequence that is missing."""
    check = Continuity("S")
    for sequence, version in ((1, 1), (2, 7), (3, 7)):
        check.move_on(message(sequence, version))
    with pytest.raises(BrokenHistory, match="sequence 4 is missing"):
        check.move_on(message(5, 1))


def test_copy_that_lags_is_filled_in_by_the_leader(single_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy that has not heard of the newest facts yet does not hide them from anybody."""
    authority = single_store.authority()
    with single_store.history(authority) as history:
        history.append(*[recorded(authority, "audit/A-1", version) for version in range(1, 6)])
        complete = Source.page

        async def lagging(self: Source, start: int, count: int, subject: str | None = None) -> Page:
            page = await complete(self, start, count, subject)
            return Page([each for each in page.messages if each.sequence <= 3], more=False)

        monkeypatch.setattr(Source, "page", lagging)
        assert [each.originator_version for each in history.load("audit/A-1")] == [1, 2, 3, 4, 5]
        assert len(history.recorder.select_notifications(1, 10)) == 5
        assert len(single_store.link.run(gather(single_store, authority))) == 5


@pytest.mark.parametrize("bounds", [{"lte": 3}, {"gt": 1, "lte": 3}, {"gt": 2}, {"desc": True, "limit": 3}, {}])
def test_missing_version_is_noticed_wherever_reading_ends(
    single_store: Store, monkeypatch: pytest.MonkeyPatch, bounds: dict[str, Any]
) -> None:
    """A version that is gone is noticed at the beginning, in the middle and at the end of what is asked for."""
    authority = single_store.authority()
    with single_store.history(authority) as history:
        history.append(*[recorded(authority, "audit/A-1", version) for version in range(1, 6)])
        complete = Source.page

        async def holed(self: Source, start: int, count: int, subject: str | None = None) -> Page:
            page = await complete(self, start, count, subject)
            return page._replace(messages=[each for each in page.messages if each.sequence != 3])

        monkeypatch.setattr(Source, "page", holed)
        with pytest.raises(BrokenHistory):
            history.recorder.select_events("audit/A-1", **bounds)
