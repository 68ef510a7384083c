"""GOV.UK Notify, by a stand-in over loopback: what it answers, and what it knows by its reference."""

import asyncio
import logging
from collections.abc import Iterator
from functools import partial
from threading import get_ident
from typing import Any

import pytest
from notifications_python_client.notifications import NotificationsAPIClient

from services.deliveries.letters import Letter
from services.deliveries.notify import Notify
from tests.services.deliveries.stand_in import BUSY_SECONDS, KEY, StandIn, standing_in
from tests.stores import PATIENCE, eventually

LETTER = Letter("0a1b", "torbay", "team.manager@council.example", "Reminder", ("- audit TOR-1",))


@pytest.fixture
def notify() -> Iterator[StandIn]:
    """The stand-in."""
    with standing_in() as found:
        yield found


def way_to(notify: StandIn, *, seconds: float = PATIENCE) -> Notify:
    untyped: Any = NotificationsAPIClient  # it states no types of its own
    return Notify(lambda: untyped(KEY, notify.url, seconds), "t-1", "torbay", seconds=seconds)


async def test_it_takes_a_letter_under_its_reference(notify: StandIn) -> None:
    """The template is filled with subject and body; the reference leads back to it, and to nobody else's."""
    way = way_to(notify)
    assert await way.taken_before("0a1b") is False
    async with way.opened() as box:
        assert await box.put(LETTER) is None
    (body,) = notify.taken
    assert body == {
        "email_address": "team.manager@council.example",
        "template_id": "t-1",
        "personalisation": {"subject": "Reminder", "body": "- audit TOR-1\n"},
        "reference": "torbay.0a1b",
    }
    assert await way.taken_before("0a1b") is True
    assert await way.taken_before("ffff") is False


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (400, ("refused", True, False, 0.0)),
        (403, ("not_allowed", False, True, 0.0)),
        (429, ("busy", False, True, float(BUSY_SECONDS))),
        (500, ("deferred", False, False, 0.0)),
        (503, ("deferred", False, False, 0.0)),
    ],
)
async def test_what_it_refuses(
    notify: StandIn, caplog: pytest.LogCaptureFixture, status: int, told: tuple[str, bool, bool, float]
) -> None:
    """What can never go is given up, what can is tried later, when it says so; nobody writes down what it answered."""
    caplog.set_level(logging.DEBUG)
    notify.answers = [status]
    async with way_to(notify).opened() as box:
        refusal = await box.put(LETTER)
    assert refusal is not None
    assert (refusal.reason, refusal.for_good, refusal.closed, refusal.again_in) == told
    assert "council.example" not in caplog.text + repr(refusal)


async def test_one_that_took_the_letter_and_does_not_answer(notify: StandIn) -> None:
    """The time limit passes; that it was taken all the same is found by its reference."""
    notify.takes_and_hangs = True
    async with way_to(notify, seconds=0.5).opened() as box:
        refusal = await box.put(LETTER)
    assert refusal is not None
    assert (refusal.reason, refusal.closed) == ("timed_out", True)
    eventually(lambda: bool(notify.taken))  # what was sent is read, also when the machine takes longer than the limit
    assert await way_to(notify).taken_before("0a1b") is True


async def test_nobody_there_to_ask() -> None:
    """Where it does not answer, nothing is known, and so nothing may go again."""
    with standing_in() as gone:
        way = way_to(gone)
    assert await way.taken_before("0a1b") is None
    assert await way.fate("0a1b") == "on its way"


@pytest.mark.parametrize(
    ("state", "fate"),
    [("sending", "on its way"), ("delivered", "arrived"), ("permanent-failure", "came back")],
)
async def test_what_became_of_it(notify: StandIn, state: str, fate: str) -> None:
    """It says whether the letter arrived."""
    way = way_to(notify)
    async with way.opened() as box:
        await box.put(LETTER)
    notify.states["torbay.0a1b"] = state
    assert await way.fate("0a1b") == fate


async def test_a_client_belongs_to_one_thread() -> None:
    """It is made where it is used, once, and each council's in a thread of its own: it is made for one at a time."""
    seen: dict[str, set[int]] = {}

    class Counted:
        def __init__(self, council: str) -> None:
            self.council = council
            seen.setdefault(council, set()).add(get_ident())
            made.append(council)

        def send_email_notification(self, **_said: Any) -> None:
            seen[self.council].add(get_ident())

        def get_all_notifications(self, **_said: Any) -> Any:
            seen[self.council].add(get_ident())
            return {"notifications": []}

    made: list[str] = []
    make: Any = Counted  # it answers whatever it is asked
    ways = [Notify(partial(make, each), "t-1", each, seconds=PATIENCE) for each in ("torbay", "halton")]
    await asyncio.gather(*(way.put(LETTER) for way in ways * 5), *(way.taken_before("0a1b") for way in ways * 5))
    assert sorted(made) == ["halton", "torbay"]
    assert [len(each) for each in seen.values()] == [1, 1]
    assert seen["torbay"] != seen["halton"]
    assert get_ident() not in seen["torbay"] | seen["halton"]
