"""The map of the workers is true: its rooms stand in the order of their imports, and each module is told of."""

import re
from pathlib import Path

import pytest

from tests.architecture.test_parts import ROOT, arrows

ROW = re.compile(r"^\| (`\w+`(?:, `\w+`)*) \|", re.MULTILINE)
"""A row of a table that tells what modules or rooms are for, by their names in its first cell."""


def told(page: Path) -> list[str]:
    """What the tables of a page tell of, in its order."""
    return [name for names in ROW.findall(page.read_text(encoding="utf-8")) for name in re.findall(r"\w+", names)]


def standing(room: Path) -> list[str]:
    """The packages of a room, and the modules that stand in the room itself."""
    packages = (each.parent.name for each in room.glob("*/__init__.py"))
    return sorted({*packages, *(each.stem for each in room.glob("*.py"))} - {"__init__"})


def upwards(room: Path) -> list[str]:
    """The imports that lead to what stands higher in the table of the room's README, each with a file."""
    order = {name: place for place, name in enumerate(told(room / "README.md"))}
    return [
        f"{file}: {own} imports {other}, which stands above it in {room.name}/README.md"
        for own, others in arrows(room).items()
        for other, file in others.items()
        if order[other] < order[own]
    ]


def test_the_map_names_every_room() -> None:
    """Each room of the workers, and each module that stands in none, has one row in the map, and nothing else has."""
    assert sorted(told(ROOT / "workers/README.md")) == standing(ROOT / "workers")


def test_imports_lead_down_the_map() -> None:
    """A room of the workers imports only what stands beneath it in the map."""
    assert upwards(ROOT / "workers") == []


@pytest.mark.parametrize("page", sorted((ROOT / "workers").glob("*/README.md")), ids=lambda page: page.parent.name)
def test_a_room_tells_of_each_of_its_modules(page: Path) -> None:
    """The README of a room names each of its modules once, and none that is gone or has moved."""
    assert sorted(told(page)) == standing(page.parent)


def test_an_import_against_the_map_is_named(tmp_path: Path) -> None:
    """Who imports what stands above is told with the file, also where no circle comes of it."""
    room = tmp_path / "workers"
    for name, content in {
        "README.md": "| room | what is in it |\n| --- | --- |\n| `due` | timers |\n| `kept`, `system` | tables |\n",
        "due/timekeeper.py": "from workers.kept.halts import Halt",
        "kept/halts.py": "",
        "system.py": "def late() -> None:\n    import workers.due.timekeeper\n",
    }.items():
        (room / name).parent.mkdir(parents=True, exist_ok=True)
        (room / name).write_text(content, encoding="utf-8")
    assert upwards(room) == ["workers/system.py: system imports due, which stands above it in workers/README.md"]
