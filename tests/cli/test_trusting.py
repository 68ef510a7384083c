"""Trust: views replayed, history checked, workers watched."""

from collections.abc import Callable

import pytest

from events.subjects import timer_stream
from services.store.link import close_link, open_link
from services.store.source import api
from tests.cli.council import Council
from tests.stores import PATIENCE
from workers.health.whole import wait_until_settled
from workers.parts.registry import VIEW_NAMES, WORKERS

Recording = Callable[[], Council]
ASKED = {
    "register": ("show", "register"),
    "actions": ("show", "actions"),
    "grade-changes": ("show", "grade-changes"),
    "escalations": ("show", "escalations"),
    "notices": ("notices",),
    "indicators": ("show", "indicators", "--month", "2026-01"),
    "timeline": ("show", "timeline", "--audit", "T-CLOSED"),
    "owed": ("show", "overdue"),
    "deliveries": ("show", "deliveries"),
    "activities": ("show", "workload"),
    "rounds": ("round", "list"),
    "case-lists": ("cases", "show"),
}


def timers(council: Council) -> int:
    """How many messages the authority's timer stream was ever given."""
    link = open_link(council.system.url)
    try:
        info = link.run(api(link.client, f"STREAM.INFO.{timer_stream(council.authority)}", within=PATIENCE))
        return int(info["state"]["last_seq"])
    finally:
        close_link(link)


@pytest.mark.parametrize("view", VIEW_NAMES)
def test_rebuild(view: str, council: Council) -> None:
    """A view that is replayed from the first event answers as before, and neither event nor timer comes of it."""
    wait_until_settled(council.system, within=PATIENCE)
    question = (*ASKED[view], "torbay")
    before = council.program.ask(*question)
    written = (council.length, timers(council))
    said = council.program.run("rebuild", view)
    assert (said.code, said.err) == (0, "")
    assert f"{view} rebuilt:" in said.flat
    assert f"torbay to event {council.length}" in said.flat
    wait_until_settled(council.system, within=PATIENCE)
    assert (council.length, timers(council)) == written
    assert council.program.ask(*question) == before


@pytest.mark.parametrize("authority", ["torbay", "halton"])
def test_verify(authority: str, council: Council) -> None:
    """The checker reads every event, says that all is unbroken, and gives the same as JSON."""
    said = council.program.run("verify", authority)
    assert said.code == 0
    length = council.system.history(authority).position()
    assert said.flat.startswith(f"{authority}: sound; {length} events of")
    assert said.flat.count("unbroken") == 8
    assert "what the views have read: as it stands here" in said.flat
    (found,) = council.program.ask("verify", authority)
    assert (found["sound"], found["events"], found["missing"], found["drift"]) == (True, length, 0, None)
    assert found["departed"] is None
    assert found["findings"] == []


def test_health(council: Council) -> None:
    """Every worker of every authority is up to date when all is worked out, and exit code 0 says the same."""
    wait_until_settled(council.system, within=PATIENCE)
    rows = council.program.ask("health")
    assert {row["state"] for row in rows} == {"up to date"}
    assert len(rows) == len(council.system.authorities) * len(WORKERS)
    said = council.program.run("health")
    assert (said.code, said.out.count("up to date")) == (0, len(rows))


def test_health_without_workers(recording: Recording) -> None:
    """Where nobody works, health says of every worker that it is missing and how to start it: exit code 1."""
    council = recording()
    said = council.program.run("health")
    assert said.code == 1
    assert said.out.count("missing") == said.out.count("start `sightline up`") == len(WORKERS)
