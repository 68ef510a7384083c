"""What the timer stream must do for the timekeeper: each promise is one that its settings could break."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from nats.js.api import PubAck
from nats.js.errors import BadRequestError, NotFoundError

from events import subjects
from services.store.source import api
from tests.stores import PATIENCE, Store, eventually

AGGREGATE = "audit/A-17"


class Timers:
    """Arms timers of one authority and looks at what stands in their stream."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.authority = store.authority()
        self.stream = subjects.timer_stream(self.authority)
        self.fired = subjects.fired_subject(self.authority, AGGREGATE)

    def arm(self, step: str, due: datetime, body: bytes = b"", *, headers: Mapping[str, str] | None = None) -> PubAck:
        schedule = {"Nats-Schedule": f"@at {due.isoformat()}", "Nats-Schedule-Target": self.fired, **(headers or {})}
        js = self.store.link.client.jetstream()
        return self.store.link.run(js.publish(self.armed(step), body, headers=schedule))

    def armed(self, step: str) -> str:
        return subjects.timer_subject(self.authority, AGGREGATE, step)

    def standing(self) -> dict[str, int]:
        """How many messages stand on each subject."""
        ask = api(self.store.link.client, f"STREAM.INFO.{self.stream}", {"subjects_filter": ">"}, within=PATIENCE)
        return dict(self.store.link.run(ask)["state"].get("subjects") or {})

    def stored(self) -> int:
        """How many messages were ever stored: those that went again count too."""
        ask = api(self.store.link.client, f"STREAM.INFO.{self.stream}", within=PATIENCE)
        return int(self.store.link.run(ask)["state"]["last_seq"])

    def bodies(self) -> list[bytes]:
        """The bodies of the timers that fired, in their order."""
        return [each.data for each in self.store.link.run(self._read()) if each.subject == self.fired]

    async def _read(self) -> list[Any]:
        js = self.store.link.client.jetstream()
        info = await js.stream_info(self.stream)
        found = []
        for sequence in range(info.state.first_seq, info.state.last_seq + 1):
            with_gaps = await _get(js, self.stream, sequence)
            found.extend(with_gaps)
        return found


async def _get(js: Any, stream: str, sequence: int) -> list[Any]:
    try:
        return [await js.get_msg(stream, sequence)]
    except NotFoundError:  # a timer that fired or was replaced leaves a gap here by design
        return []


def soon(seconds: float = 0.3) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def past() -> datetime:
    return datetime.now(UTC) - timedelta(days=1)


@pytest.fixture
def timers(store: Store) -> Timers:
    return Timers(store)


def test_timer_fires_with_its_body(timers: Timers) -> None:
    """An armed timer arrives on the fired subject of its aggregate with its body, and no longer stands armed."""
    timers.arm("s1", soon(), b"step one")
    eventually(lambda: timers.standing() == {timers.fired: 1})
    assert timers.bodies() == [b"step one"]


def test_all_timers_of_one_aggregate_arrive(timers: Timers) -> None:
    """Several timers that fire on one subject are all kept: no limit per subject drops the earlier ones."""
    for number in range(10):
        timers.arm(f"s{number}", past(), str(number).encode())
    eventually(lambda: timers.standing() == {timers.fired: 10})
    assert sorted(timers.bodies()) == [str(number).encode() for number in range(10)]


def test_arming_again_replaces(timers: Timers) -> None:
    """Publishing again on the subject of a step replaces the timer: one stands, and one fires."""
    timers.arm("s1", soon(3_600), b"first")
    timers.arm("s1", soon(7_200), b"second")
    assert timers.standing() == {timers.armed("s1"): 1}
    timers.arm("s1", soon(), b"third")
    eventually(lambda: timers.standing() == {timers.fired: 1})
    assert timers.bodies() == [b"third"]


def test_timer_can_be_withdrawn(timers: Timers) -> None:
    """Purging the subject of a step takes its timer back; the other steps stay armed."""
    timers.arm("s1", soon(3_600))
    timers.arm("s2", soon(3_600))
    js = timers.store.link.client.jetstream()
    timers.store.link.run(js.purge_stream(timers.stream, subject=timers.armed("s1")))
    assert timers.standing() == {timers.armed("s2"): 1}


def test_message_id_would_swallow_a_new_date(timers: Timers) -> None:
    """A message id makes a second arming a duplicate: timers must be armed without one, or with the date in it."""
    timers.arm("s1", soon(3_600), headers={"Nats-Msg-Id": "same"})
    assert timers.arm("s1", soon(7_200), headers={"Nats-Msg-Id": "same"}).duplicate


def test_fired_timer_ages_by_its_own_time(timers: Timers) -> None:
    """A fired timer leaves the stream after the time it was armed with; no armed one ever ages."""
    timers.arm("waiting", soon(3_600))
    timers.arm("s1", past(), headers={"Nats-Schedule-TTL": "1s"})
    eventually(lambda: timers.stored() >= 3)  # it fired: a busy test may not see it stand for its one second
    eventually(lambda: timers.standing() == {timers.armed("waiting"): 1})


def test_date_that_is_none_is_refused(timers: Timers) -> None:
    """A schedule that the server cannot read is refused at once, not dropped later."""
    js = timers.store.link.client.jetstream()
    wrong = {"Nats-Schedule": "@at tomorrow", "Nats-Schedule-Target": timers.fired}
    with pytest.raises(BadRequestError):
        timers.store.link.run(js.publish(timers.armed("s1"), b"", headers=wrong))
    assert timers.standing() == {}
