"""What holds of commands whatever people do: a repeat is harmless, an id is used once, and histories always load."""

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.errors import NotFound, Refused, SeparationOfDuties
from events.recorded import Recorded
from events.registry import decode, encode
from services.modules import CATALOGUE
from tests.desks import TestDesk
from tests.lives import Line
from tests.walks import walks

ANY_LIFE = st.sampled_from(["torbay", "halton"]).flatmap(walks)


def streams(desk: TestDesk) -> dict[str, list[Recorded]]:
    found: dict[str, list[Recorded]] = desk.store.streams  # type: ignore[attr-defined]  # a test's store is in memory
    return found


def attempt(desk: TestDesk, line: Line) -> str:
    """What became of a command."""
    try:
        [outcome] = desk.do(line)
    except SeparationOfDuties:
        return "separated"
    except (Refused, NotFound):
        return "refused"
    return outcome.result


@settings(max_examples=80)
@given(lines=ANY_LIFE)
def test_carrying_out_again_changes_nothing(lines: list[Line]) -> None:
    """Every command that was accepted gives `repeated` and no events; one refused for its separation stays refused."""
    desk = TestDesk(str(lines[0]["authority"]))
    for line in lines:
        first = attempt(desk, line)
        lengths = {key: len(events) for key, events in streams(desk).items()}
        if first != "refused":
            assert attempt(desk, line) == ("repeated" if first == "accepted" else first)
        assert {key: len(events) for key, events in streams(desk).items()} == lengths


@settings(max_examples=80)
@given(lines=ANY_LIFE)
def test_a_second_pass_changes_nothing(lines: list[Line]) -> None:
    """The whole life carried out once more, after everything happened, repeats what was accepted and adds nothing."""
    desk = TestDesk(str(lines[0]["authority"]))
    first = [attempt(desk, line) for line in lines]
    before = {key: list(events) for key, events in streams(desk).items()}
    again = [attempt(desk, line) for line, result in zip(lines, first, strict=True) if result == "accepted"]
    assert set(again) <= {"repeated"}
    assert streams(desk) == before


@settings(max_examples=80)
@given(lines=ANY_LIFE, data=st.data())
def test_an_id_belongs_to_one_content(lines: list[Line], data: st.DataObject) -> None:
    """The id of a command that was carried out is refused with any other content."""
    desk = TestDesk(str(lines[0]["authority"]))
    taken = [line for line in lines if attempt(desk, line) == "accepted"]
    line = data.draw(st.sampled_from(taken))
    with pytest.raises(Refused) as caught:
        desk.do({**line, "at": "2025-09-02T10:00:00+00:00"})
    assert caught.value.field == "id"


@settings(max_examples=80)
@given(lines=ANY_LIFE)
def test_every_history_loads_and_has_no_holes(lines: list[Line]) -> None:
    """Whatever was tried, every history is unbroken, comes back from its stored form, and folds to its state."""
    desk = TestDesk(str(lines[0]["authority"]))
    for line in lines:
        attempt(desk, line)
    for aggregate, events in streams(desk).items():
        assert [each.originator_version for each in events] == list(range(1, len(events) + 1))
        assert [decode(each.fact.stored_name, encode(each.fact)) for each in events] == [each.fact for each in events]
        assert len({each.envelope.event_id for each in events}) == len(events)
        if CATALOGUE.knows(aggregate):
            assert CATALOGUE.record(aggregate, events).version == len(events)


@settings(max_examples=60)
@given(lines=ANY_LIFE)
def test_the_order_of_a_lines_keys_is_no_content(lines: list[Line]) -> None:
    """A command without an id is the same command however its line is written."""
    desk = TestDesk(str(lines[0]["authority"]))
    for line in lines:
        plain: dict[str, Any] = {key: value for key, value in line.items() if key != "id"}
        if attempt(desk, plain) == "accepted":
            assert attempt(desk, dict(reversed(plain.items()))) == "repeated"
            assert CATALOGUE.parse(orjson.dumps(plain, option=orjson.OPT_INDENT_2)) == CATALOGUE.parse(
                orjson.dumps(plain)
            )
