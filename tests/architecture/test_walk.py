"""The way of a command is the one that the README of the services tells: forward, and never to a stop twice."""

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from runpy import run_path
from types import FrameType
from typing import Any

import orjson
import pytest

from services.modules import CATALOGUE
from tests.desks import TestDesk
from tests.lives import Life, people
from tests.rounds import RoundLife

SERVICES = Path(__file__).parents[2] / "services"
MOST = 14
"""So many stops one can still keep in mind."""

ITEM = re.compile(r"^\d+\. .*?(?=^\d+\. |^$)", re.MULTILINE | re.DOTALL)
MODULE = re.compile(r"`([a-z_/]+\.py)`")


@dataclass(frozen=True)
class Stop:
    """A stop as it is told: its module, and those that it asks."""

    module: str
    asks: frozenset[str]


def told() -> list[Stop]:
    """The stops, as the README tells them."""
    _, _, way = (SERVICES / "README.md").read_text(encoding="utf-8").partition("\n## The way of a command\n")
    way, _, _ = way.partition("\n## ")
    items = [MODULE.findall(item) for item in ITEM.findall(way)]
    return [Stop(module, frozenset(asks)) for module, *asks in items]


def entered(room: Path, run: Callable[[], object]) -> list[str]:
    """The modules of a room in the order in which a call came into them from another module."""
    found: list[str] = []

    def watch(frame: FrameType, event: str, _: Any) -> None:
        came_to = Path(frame.f_code.co_filename)
        left = frame.f_back and Path(frame.f_back.f_code.co_filename)
        if event == "call" and came_to != left and came_to.is_relative_to(room):
            found.append(came_to.relative_to(room).as_posix())

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        run()
    finally:
        sys.setprofile(before)
    return found


def walked(modules: list[str], stops: set[str]) -> Iterator[Stop]:
    """The stops as they were come to, one behind the other, each with what was entered until the next."""
    last = ""
    at = [last := module if module in stops else last for module in modules]
    for stop, within in groupby(zip(at, modules, strict=True), key=lambda each: each[0]):
        yield Stop(stop, frozenset(module for _, module in within) - {stop})


@pytest.fixture(scope="module")
def moderation() -> list[str]:
    """What a desk enters while an audit of a round is moderated, from the line to the written events."""
    desk = TestDesk("torbay")
    desk.do(
        *people("torbay"), *RoundLife("2026-02").scheduled("2026-01-05").planned("2026-01-12").approved("2026-01-20")
    )
    audit = Life("torbay", "A-1").allocated("2026-02-02", round="2026-02")
    desk.do(*audit.submitted("2026-02-16").to_moderator("2026-02-17"))
    [line] = Life("torbay", "A-1").moderated("2026-02-20")
    raw = orjson.dumps(line)
    CATALOGUE.parse(raw)  # what is made once for all commands is no part of the way
    return entered(SERVICES, lambda: desk.carry_out(CATALOGUE.parse(raw)))


def test_a_command_goes_the_way_that_is_told(moderation: list[str]) -> None:
    """Stop by stop in the order of the README, in few stops, and without a way back."""
    stops = [stop.module for stop in told()]
    assert [stop.module for stop in walked(moderation, set(stops))] == stops
    assert 0 < len(stops) <= MOST


def test_each_stop_asks_whom_it_is_said_to_ask(moderation: list[str]) -> None:
    """A module that is named with a stop is entered between that stop and the next."""
    asked = {stop.module: stop.asks for stop in walked(moderation, {stop.module for stop in told()})}
    assert {stop.module: set(stop.asks - asked[stop.module]) for stop in told() if stop.asks - asked[stop.module]} == {}


def test_a_way_back_is_seen(tmp_path: Path) -> None:
    """A module that another one calls again is come to twice; what it calls of its own is no way."""
    leading, asking = tmp_path / "leading.py", tmp_path / "asking.py"
    leading.write_text("def lead(ask):\n    own()\n    ask(own)\n    return own()\n\ndef own():\n    return 1\n")
    asking.write_text("def ask(back):\n    return back()\n")
    lead, ask = run_path(str(leading))["lead"], run_path(str(asking))["ask"]
    stops = {leading.name, asking.name}
    assert [stop.module for stop in walked(entered(tmp_path, lambda: lead(ask)), stops)] == [
        "leading.py",
        "asking.py",
        "leading.py",
    ]
    forward = entered(tmp_path, lambda: lead(lambda _: ask(lambda: None)))
    assert [stop.module for stop in walked(forward, stops)] == ["leading.py", "asking.py"]
