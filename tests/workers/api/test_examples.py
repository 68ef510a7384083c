"""The examples of the document are taken: every command is given once as its example says, in a story."""

import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson
import pytest

from services.modules import CATALOGUE
from services.settings import Settings
from services.webhooks.commands import SetWebhook
from tests.edited import edited
from tests.northmoor.council import FILE as NORTHMOOR
from tests.stores import Store
from tests.workers.api.rig import KnownTokens
from tests.workers.api.story import STORIES, Step, Worked
from tests.workers.rig import Rig
from workers.api.app import DOCUMENT, make_app
from workers.doors.office import open_office
from workers.system import System

pytestmark = pytest.mark.long

ask_the_system = socket.getaddrinfo
ELSEWHERE = {"actor", "authority", "command", "id"}


class Days:
    """A clock that is put to the day of each step."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def come(self, day: str) -> None:
        """That day, or a second later if it has come."""
        self.now = max(self.now + timedelta(seconds=1), datetime.fromisoformat(f"{day}T10:00:00+00:00"))


@pytest.mark.parametrize("framework", STORIES)
async def test_each_example_is_taken(
    framework: str, single_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each body of the document, posted as it stands there, is answered with 200 in its place in the story."""
    monkeypatch.setattr(socket, "getaddrinfo", anywhere)
    authority, clock = single_store.authority(), Days()
    (tmp_path / "policies").mkdir()
    shipped = framework != NORTHMOOR.stem
    text = (edited(framework) if shipped else NORTHMOOR.read_text(encoding="utf-8")).replace(
        f"authority: {framework}\n", f"authority: {authority}\n"
    )
    (tmp_path / "policies" / f"{authority}.yaml").write_text(text)
    settings = Settings(data=tmp_path, nats=single_store.url, policies=tmp_path / "policies", api_burst=100_000)
    with System(settings, clock=clock) as system, open_office(system) as office:
        app, rig = make_app(office, KnownTokens(frozenset({authority}))), Rig(settings, system, authority)
        client_of = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://api")
        async with rig.workers("timeline"), client_of as client:
            told = described((await client.get(DOCUMENT)).json())
            for step in STORIES[framework]:
                clock.come(step.on)
                if isinstance(step, Worked):
                    rig.record("", *step.facts, aggregate=step.record)
                    continue
                answer = await client.post(
                    f"/v1/{authority}/commands/{step.command}",
                    json=told[step.command] if step.body is None else step.body,
                    headers={"Authorization": f"Bearer {step.actor}"},
                )
                assert answer.status_code == 200, (step, answer.text)
                assert answer.json()["result"] == "accepted", step


def anywhere(host: str, *more: Any, **named: Any) -> list[Any]:
    """The host of the example has an address that may be posted to."""
    if host != urlsplit(SetWebhook.example["url"]).hostname:
        return ask_the_system(host, *more, **named)
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 443))]


def described(document: Any) -> dict[str, Any]:
    """The example of each command in the document."""
    return {
        path.rpartition("/")[2]: held["post"]["requestBody"]["content"]["application/json"].get("example")
        for path, held in document["paths"].items()
        if "/commands/" in path
    }


def test_every_command_has_its_example_in_a_story() -> None:
    """None is without one, and each is given just once: whoever adds a command adds its example and its step."""
    given = [
        each.command for story in STORIES.values() for each in story if isinstance(each, Step) and each.body is None
    ]
    assert sorted(given) == sorted(CATALOGUE.commands)
    examples = {name: model.example for name, model in CATALOGUE.commands.items()}
    assert [name for name, held in examples.items() if not held or ELSEWHERE & set(held)] == []


def test_the_schema_of_lines_holds_them_too() -> None:
    """`sightline schema` shows each as a line that it reads itself."""
    described = CATALOGUE.json_schema()["$defs"]
    for name, model in CATALOGUE.commands.items():
        (line,) = described[model.__name__]["examples"]
        assert CATALOGUE.parse(orjson.dumps(line)).command == name
