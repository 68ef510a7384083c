"""No part of the domain knows another, core knows none, and no package waits for one that waits for it."""

import ast
from functools import cache
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMPONENTS = {"actions", "escalations"}
"""Parts whose commands and state are about any record: the others build them in."""

SHARED = {"core", "directory", "obligations", "policy"}
"""What every part may ask, beside the single modules that stand in the room itself."""

BESIDE = {"children": {"keyring"}}
"""What one part alone stands on: no other says who may erase or hold a key."""

LIST = "modules"
"""The list of the parts, which imports them all."""

Arrows = dict[str, dict[str, str]]
"""From each package of a room, or module that stands in the room itself, to others, with one file that draws it."""


def arrows(room: Path) -> Arrows:
    """Who imports whom within a room."""
    drawn: Arrows = {}
    for path in sorted(room.rglob("*.py")):
        own = path.relative_to(room).with_suffix("").parts[0]
        for module in imported(path):
            at, _, within = module.partition(".")
            other = within.partition(".")[0]
            if at == room.name and other not in {own, ""} and own != "__init__":
                drawn.setdefault(own, {}).setdefault(other, path.relative_to(room.parent).as_posix())
    return drawn


def imported(path: Path) -> tuple[str, ...]:
    """Every module that a file imports, wherever in the file; names of a module stand behind it."""
    return imported_in(path.read_text(encoding="utf-8"))


@cache
def imported_in(text: str) -> tuple[str, ...]:
    """The same of a text, which is read once although each test asks for every file of a room."""
    found: list[str] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found += (f"{node.module}.{alias.name}" for alias in node.names)
    return tuple(found)


def parts(room: Path) -> set[str]:
    """The parts of the domain: the folders that declare themselves."""
    return {path.parent.name for path in room.glob("*/module.py")}


def strangers(room: Path) -> list[str]:
    """What a part imports that is no component, is shared with nobody and stands in a package."""
    drawn = arrows(room)
    allowed = COMPONENTS | SHARED | {path.stem for path in room.glob("*.py")} - {LIST}
    return [
        f"{file}: the part {part} imports {other}; parts know each other by events and by core alone"
        for part in sorted(parts(room))
        for other, file in drawn.get(part, {}).items()
        if other not in allowed | BESIDE.get(part, set())
    ]


def parts_in_core(room: Path) -> list[str]:
    """What core imports of the parts, or of the list of them."""
    drawn = arrows(room).get("core", {})
    known = parts(room) | {LIST}
    return [f"{file}: core imports {other}; core knows no part" for other, file in drawn.items() if other in known]


def circle(room: Path) -> list[str]:
    """The arrows of a circle among packages and single modules, each with a file that draws it; nothing without one."""
    drawn = arrows(room)
    try:
        TopologicalSorter(drawn).prepare()
    except CycleError as error:
        way = error.args[1][::-1]
        return [f"{drawn[one][other]}: {one} imports {other}" for one, other in pairwise(way)]
    return []


def test_there_are_parts() -> None:
    """The parts are found by how they declare themselves, and the components are among them."""
    assert len(parts(ROOT / "services")) > 10
    assert parts(ROOT / "services") >= COMPONENTS


def test_no_part_knows_another() -> None:
    """A part of the domain imports the components, what is shared, and nothing of another part."""
    assert strangers(ROOT / "services") == []


def test_core_knows_no_part() -> None:
    """What every command goes through knows no audit, no round and no list of parts."""
    assert parts_in_core(ROOT / "services") == []


@pytest.mark.parametrize("room", ["events", "services", "projections", "workers"])
def test_no_circle(room: str) -> None:
    """In no room do packages or modules import each other in a circle, however long."""
    assert circle(ROOT / room) == []


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A room with core, two parts, a component and the list of them."""
    for name, content in {
        "core/desk.py": "from services.clock import Clock",
        "audits/module.py": "from services.core.desk import Desk",
        "rounds/module.py": "from services.actions.state import Actions",
        "actions/module.py": "",
        "escalations/module.py": "",
        "modules.py": "from services.audits.module import MODULE",
        "clock.py": "",
    }.items():
        (tmp_path / "services" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "services" / name).write_text(content, encoding="utf-8")
    found = tmp_path / "services"
    assert strangers(found) == parts_in_core(found) == circle(found) == []
    return found


@pytest.mark.parametrize(
    "line", ["from services.audits.state import Audit", "import services.audits.state", "from services import audits"]
)
def test_a_part_that_knows_another_is_named(room: Path, line: str) -> None:
    """However the import is written and wherever it stands, the file, the part and the rule are named."""
    (room / "rounds" / "gate.py").write_text(f"def late() -> None:\n    {line}\n", encoding="utf-8")
    assert strangers(room) == [
        "services/rounds/gate.py: the part rounds imports audits; parts know each other by events and by core alone"
    ]


@pytest.mark.parametrize("other", ["audits", "actions", "modules"])
def test_core_that_knows_a_part_is_named(room: Path, other: str) -> None:
    """Core that imports a part, a component or the list of parts is named with the file."""
    (room / "core" / "may.py").write_text(f"import services.{other}", encoding="utf-8")
    assert parts_in_core(room) == [f"services/core/may.py: core imports {other}; core knows no part"]


def test_a_circle_is_named(room: Path) -> None:
    """A circle through a single module is told arrow by arrow, with the files."""
    (room / "clock.py").write_text("from services.modules import MODULES", encoding="utf-8")
    assert set(circle(room)) == {
        "services/clock.py: clock imports modules",
        "services/modules.py: modules imports audits",
        "services/audits/module.py: audits imports core",
        "services/core/desk.py: core imports clock",
    }
