"""Commands by HTTP: what is answered, what a repeat changes, and what If-Match promises."""

import asyncio
from collections import Counter
from typing import Any

import orjson
import pytest

from tests.workers.api.rig import Api, allocation
from workers.doors.watched import Watched

OTHER, THIRD = "P-AUD2", "P-AUD3"


async def test_a_command_is_carried_out_and_told(api: Api) -> None:
    """The answer names the record, its version, each event, and the position by which they are in the stream."""
    answer = await api.act("audit.allocate", allocation("A-1"))
    assert answer.status_code == 200, answer.text
    told = answer.json()
    [stored] = api.rig.history("A-1")
    assert told["result"] == "accepted"
    assert (told["record"], told["version"]) == ("audit/A-1", 1)
    first = {"type": stored.fact.stored_name, "record": "audit/A-1", "version": 1, "position": stored.position}
    assert told["events"][0] == first
    assert told["position"] == told["events"][-1]["position"] <= api.rig.system.history(api.authority).position()
    assert answer.headers["ETag"] == '"1"'
    assert answer.headers["Sightline-Position"] == str(told["position"])
    assert (stored.envelope.actor, stored.envelope.role) == ("P-QA", "qa_team")


async def test_a_key_is_carried_out_once(api: Api) -> None:
    """The same key and body again answers `repeated` with the same events; nothing more is in the stream."""
    first = await api.act("audit.allocate", allocation("A-1"), **{"Idempotency-Key": "k-1"})
    end = api.rig.system.history(api.authority).position()
    again = await api.act("audit.allocate", allocation("A-1"), **{"Idempotency-Key": "k-1"})
    assert (first.json()["result"], again.json()["result"]) == ("accepted", "repeated")
    assert len(first.json()["events"]) > 1  # of other records, too
    for field in ("events", "position", "version", "record"):
        assert again.json()[field] == first.json()[field]
    assert again.headers["ETag"] == first.headers["ETag"]
    assert api.rig.system.history(api.authority).position() == end


@pytest.mark.parametrize("body", [allocation("A-1", auditor="P-AUD2"), allocation("A-2")])
async def test_a_key_with_another_body_is_refused(api: Api, body: dict[str, Any]) -> None:
    """A key belongs to one content, on whatever record; the header is named, and nothing is written."""
    await api.act("audit.allocate", allocation("A-1"), **{"Idempotency-Key": "k-1"})
    end = api.rig.system.history(api.authority).position()
    answer = await api.act("audit.allocate", body, **{"Idempotency-Key": "k-1"})
    assert (answer.status_code, answer.json()["field"]) == (422, "Idempotency-Key")
    assert api.rig.system.history(api.authority).position() == end


async def test_one_key_at_once_is_carried_out_once(api: Api) -> None:
    """Ten senders of one key: one is accepted, the others are repeats of it."""
    answers = await asyncio.gather(
        *(api.act("audit.allocate", allocation("A-1"), **{"Idempotency-Key": "k-1"}) for _ in range(10))
    )
    assert Counter(each.json().get("result") for each in answers) == {"accepted": 1, "repeated": 9}
    assert len(api.rig.history("A-1")) == 1


async def test_the_version_that_was_seen(api: Api) -> None:
    """An act on the version that the caller saw is carried out; on a former one it is refused and writes nothing."""
    seen = (await api.act("audit.allocate", allocation("A-1"))).headers["ETag"]
    reason = {"role": "qa_team", "audit": "A-1", "auditor": OTHER, "reason": "on leave"}
    first = await api.act("audit.reassign", reason, **{"If-Match": seen, "Idempotency-Key": "k-1"})
    assert first.status_code == 200, first.text
    second = await api.act("audit.reassign", reason | {"auditor": "P-AUD"}, **{"If-Match": seen})
    assert (second.status_code, second.json()["type"]) == (412, "urn:sightline:problem:moved-on")
    assert len(api.rig.history("A-1")) == first.json()["version"]
    again = await api.act("audit.reassign", reason, **{"If-Match": seen, "Idempotency-Key": "k-1"})
    assert again.json()["result"] == "repeated"


@pytest.mark.parametrize(("tag", "status"), [("*", 412), ('"1"', 412), ('W/"0"', 412), ("seven", 400), ('"0"', 404)])
async def test_a_version_of_what_is_not_there(api: Api, tag: str, status: int) -> None:
    """A record that was never begun is at no version, whatever the caller believes; what is no tag is told apart."""
    reason = {"role": "qa_team", "audit": "A-9", "auditor": OTHER, "reason": "on leave"}
    answer = await api.act("audit.reassign", reason, **{"If-Match": tag})
    assert answer.status_code == status, answer.text


async def test_the_version_is_held_by_the_append(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever writes between the look at the version and the append makes the act fail: both never stand."""
    seen = (await api.act("audit.allocate", allocation("A-1"))).headers["ETag"]
    reason = {"role": "qa_team", "audit": "A-1", "reason": "on leave"}
    append = Watched.append
    others: list[bool] = []

    def overtaken(self: Watched, *recorded: Any, **known: Any) -> Any:
        if self.expected is not None and not others:
            others.append(True)
            with api.office.seat(api.authority) as seat:
                line = {"command": "audit.reassign", "authority": api.authority, "actor": "P-QA", **reason}
                seat.watched.begin("audit/A-1", None, None)
                seat.desk.carry_out(seat.desk.catalogue.parse(orjson.dumps({**line, "auditor": THIRD})))
        return append(self, *recorded, **known)

    monkeypatch.setattr(Watched, "append", overtaken)
    answer = await api.act("audit.reassign", reason | {"auditor": OTHER}, **{"If-Match": seen})
    assert (answer.status_code, others) == (412, [True]), answer.text
    assert [each.fact.model_dump().get("auditor") for each in api.rig.history("A-1")] == ["P-AUD", THIRD]


async def test_of_two_who_saw_the_same_one_acts(api: Api) -> None:
    """Ten at once on the same version: one is carried out, nine are told that the record moved on."""
    seen = (await api.act("audit.allocate", allocation("A-1"))).headers["ETag"]
    reason = {"role": "qa_team", "audit": "A-1", "reason": "on leave", "auditor": OTHER}
    answers = await asyncio.gather(*(api.act("audit.reassign", reason, **{"If-Match": seen}) for _ in range(10)))
    assert Counter(each.status_code for each in answers) == {200: 1, 412: 9}
    assert len(api.rig.history("A-1")) == 2


async def test_many_at_once_on_one_month_all_get_through(api: Api) -> None:
    """Allocations of one month all count in it: whoever loses a race is decided again, and nobody is sent away."""
    answers = await asyncio.gather(
        *(api.act("audit.allocate", allocation(f"A-{number}", child=f"C-{number}")) for number in range(40))
    )
    assert Counter(each.status_code for each in answers) == {200: 40}
