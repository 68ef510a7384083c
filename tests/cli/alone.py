"""A program that carries out calls of the command line, each in a process that has loaded no other command.

All of them start from one process, in which nothing of ours is loaded but what each of these calls is said to need: of
that each tells what it would not have imported by itself, for alone it would lack it.
"""

import builtins
import importlib
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

OTHERS = (
    *("orjson", "pydantic", "rich.table", "sqlalchemy", "typer", "nats", "yaml", "jinja2", "structlog"),
    *("cryptography.hazmat.primitives.ciphers.aead", "eventsourcing.domain"),
)
"""What others wrote and takes long to load."""

ROOMS = {"events", "services", "projections", "workers"}

Imports = dict[str, set[str]]
"""What each module has imported of ours, by the names that stand in its imports."""


def _ours(name: str) -> bool:
    return name.partition(".")[0] in ROOMS


def _noting(imports: Imports) -> None:
    """Note from now on who imports what of ours."""
    imported, by_name = builtins.__import__, importlib.import_module

    def note(whose: str, name: str, further: Iterable[str] = ()) -> None:
        if _ours(name):
            imports.setdefault(whose, set()).update((name, *(f"{name}.{each}" for each in further)))

    def importing(
        name: str,
        globals: Mapping[str, Any] | None = None,  # noqa: A002 - so they are called
        locals: Mapping[str, Any] | None = None,  # noqa: A002
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> Any:
        found = imported(name, globals, locals, fromlist or (), level)
        if not level:
            note((globals or {}).get("__name__", ""), name, fromlist or ())
        return found

    def import_module(name: str, package: str | None = None) -> Any:
        found = by_name(name, package)
        note(sys._getframe(1).f_globals["__name__"], name)
        return found

    builtins.__import__ = importing
    importlib.import_module = import_module


def _loaded() -> set[str]:
    return {name for name in sys.modules if _ours(name)}


def _within(name: str) -> set[str]:
    """The module of that name with the packages that it stands in; nothing where the name is not a module's."""
    parts = name.split(".")
    return {".".join(parts[: end + 1]) for end in range(len(parts))} & sys.modules.keys()


def _brought(imports: Imports, by: Iterable[str]) -> set[str]:
    """All that is loaded where these names are imported."""
    found: set[str] = set()
    further = [each for name in by for each in _within(name)]
    while further:
        module = further.pop()
        if module not in found:
            found.add(module)
            further += [each for name in imports.get(module, ()) for each in _within(name)]
    return found


def _one_way(imports: Imports) -> None:
    """Whichever of them is imported first, all are loaded alike: none imports what imports it. A CycleError tells one.

    A module may import what its own package imports: the package begins first, wherever one begins.
    """
    graph = {
        module: {each for name in names for each in _within(name)} - _within(module)
        for module, names in imports.items()
    }
    TopologicalSorter(graph).prepare()


def _in_a_process(words: list[str], streams: dict[int, Path], imports: Imports) -> tuple[int, list[str]]:
    """How the call ended, and what it did not import by itself of what was there."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        before, there = dict(imports), _loaded()
        imports.clear()
        for stream, file in streams.items():
            os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream)
        sys.argv = ["sightline", *words]
        try:
            from workers.cli import main  # noqa: PLC0415 - in the process of the call

            main()
        finally:
            own = _brought({**imports, **before}, {name for names in imports.values() for name in names})
            os.write(writing, json.dumps(sorted(there - own)).encode())
            os.close(writing)
        sys.exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        lacking = json.loads(told.read())
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), lacking


def _all(folder: Path, asked: list[tuple[str, list[tuple[str, list[str]]]]]) -> None:
    """Load one module after the other, and after each carry out the calls that need it and those before it."""
    for name in OTHERS:
        importlib.import_module(name)
    imports: Imports = {}
    _noting(imports)
    for module, calls in asked:
        if module:
            importlib.import_module(module)
            _one_way(imports)
        for called, words in calls:
            streams = {1: folder / f"{called}.out", 2: folder / f"{called}.err"}
            print(json.dumps([called, *_in_a_process(words, streams, imports)]), flush=True)


if __name__ == "__main__":
    _all(Path(sys.argv[1]), json.loads(sys.stdin.read()))
