"""The examples of the document are taken: the demonstration's histories, given by HTTP on the days that they name."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from services.settings import SHIPPED_POLICIES, Settings
from tests.stores import Store
from tests.workers.api.rig import KnownTokens
from workers.api.app import DOCUMENT, make_app
from workers.api.examples import body_of, examples, story_files
from workers.api.guard import Guard
from workers.doors.office import open_office
from workers.system import System


class Days:
    """A clock that is put to the day of each line."""

    def __init__(self) -> None:
        self.now = datetime(2025, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def stories() -> Iterator[tuple[Path, list[dict[str, Any]]]]:
    """Each history, with as much of it as its examples need."""
    shown: set[str] = set()
    for file in story_files():
        lines = [orjson.loads(line) for line in file.read_bytes().splitlines()]
        firsts = [number for number, line in enumerate(lines) if line["command"] not in shown]
        shown |= {line["command"] for line in lines}
        if firsts:
            yield file, lines[: last_first(lines, firsts) + 1]


def last_first(lines: list[dict[str, Any]], firsts: list[int]) -> int:
    """Where the last command of a file is given for the first time of all."""
    first_of = {lines[number]["command"]: number for number in reversed(firsts)}
    return max(first_of.values())


async def test_each_example_is_taken(single_store: Store, tmp_path: Path) -> None:
    """Every line up to the last example is answered with 200; each example that is described is one of them."""
    taken: dict[str, Any] = {}
    told: dict[str, Any] = {}
    for file, lines in stories():
        authority, clock = single_store.authority(), Days()
        folder = tmp_path / file.stem
        (folder / "policies").mkdir(parents=True)
        text = (SHIPPED_POLICIES / f"{lines[0]['authority']}.yaml").read_text()
        named = text.replace(f"authority: {lines[0]['authority']}\n", f"authority: {authority}\n")
        (folder / "policies" / f"{authority}.yaml").write_text(named)
        settings = Settings(data=folder, nats=single_store.url, policies=folder / "policies", api_burst=100_000)
        with System(settings, clock=clock) as system, open_office(system) as office:
            app = make_app(office, KnownTokens(frozenset({authority})))
            taken |= await given(app, authority, clock, lines, taken)
            told = told or await described(app)
    shown = {
        path.rpartition("/")[2]: held["post"]["requestBody"]["content"]["application/json"].get("example")
        for path, held in told["paths"].items()
        if "/commands/" in path
    }
    assert {name: held for name, held in shown.items() if held} == taken == examples()


async def described(app: Guard) -> dict[str, Any]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://api") as client:
        found: dict[str, Any] = (await client.get(DOCUMENT)).json()
        return found


async def given(
    app: Guard, authority: str, clock: Days, lines: list[dict[str, Any]], before: dict[str, Any]
) -> dict[str, Any]:
    """Give the lines, each on its day; the first body for each command that was not given before."""
    found: dict[str, Any] = {}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://api") as client:
        for line in lines:
            day = datetime.fromisoformat(line["at"])
            clock.now = max(clock.now + timedelta(seconds=1), day.replace(tzinfo=day.tzinfo or UTC))
            answer = await client.post(
                f"/v1/{authority}/commands/{line['command']}",
                json=body_of(line),
                headers={"Authorization": f"Bearer {line['actor']}"},
            )
            assert answer.status_code == 200, (line, answer.text)
            if line["command"] not in before:
                found.setdefault(line["command"], body_of(line))
    return found


def test_there_are_examples() -> None:
    """Of most commands, and nothing in them that comes from elsewhere."""
    assert len(examples()) > 30
    assert not any({"actor", "authority", "command", "id"} & set(each) for each in examples().values())


@pytest.mark.parametrize("file", story_files(), ids=lambda file: file.stem)
def test_the_histories_are_there(file: Path) -> None:
    """They come with the package."""
    assert file.stat().st_size
