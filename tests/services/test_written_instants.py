"""When an act happened, as those write it who name no zone: clocks in England show some hours twice, and one never."""

import orjson
import pytest

from events.errors import Refused
from services.modules import CATALOGUE
from tests.desks import TestDesk
from tests.lives import Life

NEVER = "at: no clock in England showed 01:{} on 2026-03-29: the hour was skipped"
TWICE = "at: clocks in England showed 01:{} twice on 2026-10-25; write 01:{}+01:00 for the first, 01:{}+00:00 after it"


def line(at: str) -> bytes:
    return orjson.dumps(Life("torbay", "A-1").act("audit.void", at, "P-QA", "qa_team", reason="in error").lines[0])


@pytest.mark.parametrize(
    ("at", "rule"),
    [
        ("2026-03-29T01:00", NEVER.format("00")),
        ("2026-03-29 01:59:59.999999", NEVER.format("59")),
        ("2026-10-25T01:00", TWICE.format("00", "00", "00")),
        ("2026-10-25T01:59:59", TWICE.format("59", "59", "59")),
    ],
)
def test_an_hour_that_names_no_one_instant_is_refused(at: str, rule: str) -> None:
    """Nobody guesses which instant was meant: a guess would be an hour off, and could put an act before its cause."""
    with pytest.raises(Refused) as refused:
        CATALOGUE.parse(line(at))
    assert str(refused.value) == rule


@pytest.mark.parametrize(
    ("at", "instant"),
    [
        ("2026-03-29T00:59:59", "2026-03-29T00:59:59Z"),
        ("2026-03-29T02:00", "2026-03-29T01:00:00Z"),
        ("2026-03-29T01:30Z", "2026-03-29T01:30:00Z"),
        ("2026-10-25T00:59:59", "2026-10-24T23:59:59Z"),
        ("2026-10-25T02:00", "2026-10-25T02:00:00Z"),
        ("2026-10-25T01:30+01:00", "2026-10-25T00:30:00Z"),
        ("2026-10-25T01:30+00:00", "2026-10-25T01:30:00Z"),
        ("2026-03-29", "2026-03-29T08:00:00Z"),
        ("2026-10-25", "2026-10-25T09:00:00Z"),
    ],
)
def test_every_other_is_taken_as_written(at: str, instant: str) -> None:
    """The hours around it mean what clocks showed, and with a zone every hour means one instant."""
    assert CATALOGUE.parse(line(at)).model_dump(mode="json")["at"] == instant


def test_an_act_and_its_reversal_in_the_hour_that_comes_twice() -> None:
    """With their zones they stand in their order, though the clock showed a later time for the first."""
    desk = TestDesk()
    desk.do(*Life("torbay", "A-1").allocated("2026-10-12"))
    life = Life("torbay", "A-1")
    for at, auditor in (("2026-10-25T01:50+01:00", "P-AUD2"), ("2026-10-25T01:10+00:00", "P-AUD")):
        life.act("audit.reassign", at, "P-QA", "qa_team", auditor=auditor, reason="ill")
    desk.do(*life)
    acts = [each.envelope.occurred for each in desk.history("A-1")]
    assert acts == sorted(acts)
