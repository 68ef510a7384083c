"""How soon a process hears of rules that somebody else adopted."""

import asyncio

import pytest

from workers import pace, rules
from workers.rules import LOOK_AT_REST, LOOK_EVERY, Rules


@pytest.mark.parametrize(("commands", "seconds"), [(True, LOOK_EVERY), (False, LOOK_AT_REST)])
async def test_who_takes_commands_never_rests(
    monkeypatch: pytest.MonkeyPatch, *, commands: bool, seconds: float
) -> None:
    """Where nothing was adopted for long, a process that takes commands looks as often as ever, another one rarely."""
    waited: list[float] = []

    async def ended(_: asyncio.Event, pause: float) -> bool:
        waited.append(pause)
        return True

    monkeypatch.setattr(pace, "RESTS_AFTER", -1.0)
    monkeypatch.setattr(rules, "unless", ended)
    await Rules({}, pytest.fail).keep(asyncio.Event(), commands=commands)
    assert waited == [seconds]
