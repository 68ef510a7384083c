"""An hour of the day is written one way, wherever it stands in a policy."""

import re
from collections.abc import Callable
from datetime import time

import pytest
from pydantic import ValidationError

from services.modules import CATALOGUE
from services.policy.keeping import Messages
from services.policy.ladders import LadderStep
from services.policy.model import CalendarRules
from services.policy.schema import schema_of_policies

TAKEN = {"9:30": time(9, 30), "09:30": time(9, 30), "0:00": time(), "23:59:00": time(23, 59)}
NONE = ["24:00", "10", "10:60", "10:00:30", "8:5", "08:00Z", "08:00:00.5", "8:30 ten"]


@pytest.fixture(scope="module")
def patterns() -> list[str]:
    """What an editor takes for an hour of a step, of a dated notice and of the digest."""
    parts = schema_of_policies(CATALOGUE.known)["$defs"]
    words, own = parts["LadderStep"]["properties"]["hour"]["anyOf"]
    assert "enum" in words
    calendar, messages = parts["CalendarRules"]["properties"], parts["Messages"]["properties"]
    return [own["pattern"], calendar["notice_hour"]["pattern"], messages["digest_at"]["pattern"]]


@pytest.mark.parametrize("hour", [*TAKEN, *NONE])
def test_it_is_taken_everywhere_or_nowhere(hour: str, patterns: list[str]) -> None:
    """A step's own hour, that of dated notices and that of the digest; an editor marks what is refused."""
    step = {"name": "at", "on": "due", "kind": "notice", "to": ["qa_team"], "title": "Late"}
    found = [
        of(lambda: LadderStep.model_validate({**step, "hour": hour}).hour),
        of(lambda: CalendarRules.model_validate({"notice_hour": hour}).notice_hour),
        of(lambda: Messages.model_validate({"digest_at": hour}).digest_at),
    ]
    assert found == [TAKEN.get(hour)] * 3
    assert [bool(re.search(each, hour)) for each in patterns] == [hour in TAKEN] * 3


def of(read: Callable[[], object]) -> object:
    try:
        return read()
    except ValidationError:
        return None
