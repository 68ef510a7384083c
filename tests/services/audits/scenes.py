"""The stages of an audit, for tests of what may happen at each."""

from typing import Any

import pytest

from events.errors import Refused, SightlineError
from tests.desks import TestDesk
from tests.lives import POLICIES, Life, Line

SECTION = POLICIES["torbay"].newest.tool.sections[0]


def given(*lines: Line, authority: str = "torbay") -> TestDesk:
    desk = TestDesk(authority)
    desk.do(*lines)
    return desk


def refused(desk: TestDesk, line: Line, error: type[SightlineError] = Refused) -> Any:
    """The error of a command that must be refused and must leave nothing behind."""
    before = dict(desk.store.streams)  # type: ignore[attr-defined]  # a test's store is in memory
    lengths = {key: len(events) for key, events in before.items()}
    with pytest.raises(error) as caught:
        desk.do(line)
    after = {key: len(events) for key, events in desk.store.streams.items()}  # type: ignore[attr-defined]  # as above
    assert after == lengths
    return caught.value


def life(audit: str = "A-1", authority: str = "torbay", **fields: Any) -> Life:
    return Life(authority, audit, **fields)


def allocated() -> Life:
    return life().allocated("2026-03-02")


def submitted(grade: str = "Meets Good") -> Life:
    return allocated().submitted("2026-03-10", grade)


def moderated() -> Life:
    return submitted().to_moderator("2026-03-11").moderated("2026-03-12")
