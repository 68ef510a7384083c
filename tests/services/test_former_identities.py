"""Identities that were stored before a command gained a field, or a field its name of today, are known for ever."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from events.imports import ImportOpened
from events.recorded import Recorded
from services.core.command import Command
from services.core.identity import Said
from services.modules import CATALOGUE
from tests.desks import TestDesk, plain_name
from tests.histories import recorded
from tests.lives import people

FORMER = [orjson.loads(line) for line in Path(__file__).with_name("former_identities.jsonl").read_bytes().splitlines()]
"""Lines of every command with the identities under which they were stored at first. Never edited: a command that came
later has none of that form."""

OF_RECORDS = [
    orjson.loads(line) for line in Path(__file__).with_name("identities_of_matters.jsonl").read_bytes().splitlines()
]
"""Lines of every command about a record of any kind, written when the field of what is no audit was called `matter`,
with what they were known by then: the open part, the hash of everything, and the first form. Never edited."""


@pytest.mark.parametrize("former", FORMER, ids=lambda each: each["line"]["command"])
def test_identities_of_the_first_form_are_known(former: Mapping[str, Any]) -> None:
    """What was stored under the first form of an identity is found done, whatever fields its command gained since."""
    line = CATALOGUE.parse(orjson.dumps(former["line"]))
    said = "a field added to a command is marked: Annotated[..., ADDED]"
    assert found("torbay", line, former["identity"]) == "repeated", said


def found(authority: str, line: Command, identity: str) -> str:
    """How the line comes out at a desk whose record of it was stored with that identity of the first form."""
    held = TestDesk(authority, staffed=False)
    event = recorded(ImportOpened(file_hash="0a"), about=line.aggregate)
    envelope = event.envelope.__class__(
        **{name: getattr(event.envelope, name) for name in event.envelope.__slots__}
        | {"event_id": f"{identity}.0", "digest": identity}
    )
    held.store.append(Recorded(line.aggregate, 1, event.fact, envelope))
    return held.decide(line).result


@pytest.mark.parametrize("former", OF_RECORDS, ids=lambda each: f"{each['line']['command']}-{len(each['line'])}")
def test_a_field_with_another_name_today_is_known(former: Mapping[str, Any]) -> None:
    """A line with `matter`, and the same line with `record`, are the act that was stored for the former."""
    renamed = {"record" if name == "matter" else name: held for name, held in former["line"].items()}
    for line in (former["line"], renamed):
        command = CATALOGUE.parse(orjson.dumps(line))
        said = Said.by(command)
        assert (plain_name(said.open), said.whole) == (former["identity"], former["whole"])
        assert found("southwark", command, former["former"]) == "repeated"


def test_two_names_of_a_field_are_one_act() -> None:
    """What was recorded of a line with `matter` is a repeat with `record`, and nothing is recorded again."""
    held = TestDesk("southwark")
    head = {"authority": "southwark", "at": "2026-03-10T10:00", "actor": "P-IRO", "role": "reviewing_officer"}
    raised = {"command": "dispute.raise", **head, "dispute": "D-1", "child": "C-1", "team": "T-1", "concern": "c"}
    held.do(*people("southwark"), {**raised, "safety": True})
    held.keep("dispute/D-1", datetime.fromisoformat("2026-03-10T10:30Z"))
    answer = {"command": "escalation.acknowledge", "authority": "southwark", "at": "2026-03-10T10:40"}
    answer |= {"actor": "P-DIR", "role": "director", "obligation": "dispute_of_safety", "step": "alert"}
    assert [each.result for each in held.do({**answer, "matter": "dispute/D-1"})] == ["accepted"]
    before = held.history("dispute/D-1")
    assert [each.result for each in held.do({**answer, "record": "dispute/D-1"})] == ["repeated"]
    assert held.history("dispute/D-1") == before


def test_every_former_command_is_among_them() -> None:
    """The identities that were kept are of nearly every command that there is."""
    assert len({each["line"]["command"] for each in FORMER} & set(CATALOGUE.commands)) >= 57
