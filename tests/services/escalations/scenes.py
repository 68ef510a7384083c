"""Lives of audits as they happen, for tests of what is recorded about them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from events.escalations import EscalationRaised, NoticeSent, Step
from services.clock import LONDON
from services.escalations.settle import Settlement
from services.policy.versions import Policies
from tests.desks import TestDesk
from tests.lives import QA, Life, Line, people


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def live(*lines: Line, authority: str = "torbay", policies: Policies | None = None) -> TestDesk:
    """A desk that carried the lines out as they happened, each at its own `at`."""
    desk = TestDesk(authority, policies)
    desk.do(*people(authority))
    for line in lines:
        go_on(desk, line)
    return desk


def go_on(desk: TestDesk, line: Mapping[str, Any]) -> None:
    day = str(line["at"])
    desk.now = at(day if len(day) > 10 else f"{day} 09:00")
    desk.do({key: value for key, value in line.items() if key != "at"})


def person(command: str, who: str, post: str, unit: str | None, day: str, **fields: Any) -> Line:
    return {
        "command": f"person.{command}",
        "authority": "torbay",
        **QA,
        "person": who,
        "post": post,
        "unit": unit,
        "at": day,
        **fields,
    }


def facts(settlement: Settlement) -> list[Step]:
    return [each.fact for each in settlement.facts]


def told(step: Step) -> list[tuple[str, str | None]]:
    assert isinstance(step, NoticeSent | EscalationRaised)
    return [(each.role, each.holder) for each in step.recipients]


def step_of(found: Settlement, name: str) -> Step:
    [one] = [each for each in facts(found) if each.step == name]
    return one


OUTSTANDING = Life("torbay", "A-1").allocated("2026-01-05")
