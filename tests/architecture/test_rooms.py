"""The rooms keep their arrows, their size and their words: every file is read, none is run."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("events", "services", "projections", "workers")
MAY_IMPORT = {
    "events": {"events"},
    "services": {"events", "services"},
    "projections": {"events", "projections"},
    "workers": {"events", "services", "projections", "workers"},
}
BROKERS = {"faststream", "nats"}
STORE = ("services/store/", "services/keyring/bucket.py", "services/nats_server.py")
"""The adapters of the command side that speak to the server itself."""

LARGEST = 300
INHERITED = {("events", "sentence")}
"""What keeps in each contract the promise that `Fact` states once."""

HOSTS = re.compile(
    "|".join(
        re.escape(f"{name}.{top}")
        for name, top in [
            *[("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("crates", "io")],
            *[("rubygems", "org"), ("proxy.golang", "org"), ("ghcr", "io"), ("docker", "io"), ("quay", "io")],
        ]
    )
)
READABLE = {".py", ".toml", ".yaml", ".yml", ".md", ".cfg", ".conf", ".json", ".sh", ".txt", ".lock", ".service", ""}
SKIPPED = {".git", ".venv", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".sightline"}


def modules(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in the file."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{named(path)}: imports name their room"
            yield node.module or ""


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def ours(path: Path) -> set[str]:
    """The rooms, and the tests, that a file imports from."""
    return {module.split(".")[0] for module in imports(path)} & {*ROOMS, "tests"}


def test_the_arrows() -> None:
    """Events import nothing of ours, services and projections only events and themselves, and workers wire."""
    wrong = {named(path): ours(path) - MAY_IMPORT[room] for room in ROOMS for path in modules(room)}
    assert {path: rooms for path, rooms in wrong.items() if rooms} == {}


def test_no_broker_outside_the_adapters() -> None:
    """The server's client is known to the store, the key bucket and the workers; rules and views know no broker."""
    inner = [path for path in modules("events", "services", "projections") if not named(path).startswith(STORE)]
    found = {named(path): {module.split(".")[0] for module in imports(path)} & BROKERS for path in inner}
    assert {path: brokers for path, brokers in found.items() if brokers} == {}


def test_a_file_is_read_in_one_sitting() -> None:
    """No module is longer than can be read in one sitting."""
    lengths = {named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules(*ROOMS, "tests")}
    assert {path: length for path, length in lengths.items() if length > LARGEST} == {}


def without_docstring(tree: ast.Module) -> Iterator[str]:
    """The public classes and functions that say no promise; the module itself if it says none."""
    if not ast.get_docstring(tree):
        yield "(module)"
    waiting: list[tuple[str, ast.AST]] = [("", tree)]
    while waiting:
        inside, parent = waiting.pop()
        for node in ast.iter_child_nodes(parent):
            if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) or node.name.startswith("_"):
                continue
            name = f"{inside}{node.name}"
            overloaded = any("overload" in ast.unparse(each) for each in node.decorator_list)
            if not ast.get_docstring(node) and not overloaded:
                yield name
            if isinstance(node, ast.ClassDef):
                waiting.append((f"{name}.", node))


def test_everything_public_says_its_promise() -> None:
    """Every module, and every public class, function and method in it, has a docstring."""
    silent = {
        named(path): [
            name
            for name in without_docstring(parsed(path))
            if (path.relative_to(ROOT).parts[0], name.rpartition(".")[2]) not in INHERITED
        ]
        for path in modules(*ROOMS)
    }
    assert {path: names for path, names in silent.items() if names} == {}


def test_every_test_is_a_sentence() -> None:
    """Every test says in a sentence what it promises."""
    silent = [
        f"{named(path)}::{node.name}"
        for path in modules("tests")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
        if not (ast.get_docstring(node) or "").rstrip().endswith(".")
    ]
    assert silent == []


def files() -> Iterator[Path]:
    """Every file of ours that holds text."""
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        ours = not SKIPPED.intersection(parts) and not any(part.endswith(".egg-info") for part in parts)
        if ours and path.is_file() and path.suffix in READABLE:
            yield path


def test_no_file_names_a_registry() -> None:
    """Where packages come from is the reader's own setting: no file of ours names the host of a registry."""
    found = [named(path) for path in files() if HOSTS.search(path.read_text(encoding="utf-8"))]
    assert found == []


def test_rooms_are_packages_of_words() -> None:
    """Every folder of code in the rooms is a package and says what it is for."""
    folders = {path.parent for path in modules(*ROOMS)}
    for folder in folders:
        first = folder / "__init__.py"
        assert first.exists(), named(folder)
        assert ast.get_docstring(parsed(first)), named(folder)
