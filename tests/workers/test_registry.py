"""Views and workers are found where they declare themselves, and a process loads the one that it runs and no other."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules, walk_packages
from types import ModuleType

import pytest

import projections
import workers
from events.errors import NotFound
from projections.registry import DECLARED, declared
from projections.view import Declared, Shape, View
from tests.workers.rig import ROOT
from workers.parts.groups import DEPLOYED, DOOR_PROCESSES, GROUPS, PROCESSES, PROJECTOR
from workers.parts.registry import DOORS, VIEW_NAMES, WORKERS
from workers.parts.worker import Worker, declaring, door_modules, worker_modules, worker_named

ALONE = """
import os, sys
from workers.running.process import run_worker
from workers.parts.worker import worker_named
for name in sys.argv[1:]:
    if not (child := os.fork()):
        worker_named(name)
        print(name, *sorted(each for each in sys.modules if each.startswith(("workers.", "projections."))), flush=True)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
"""
"""A process of each worker, from the moment at which all of them are still alike: that part is loaded once."""


NAMED = {
    "WORKER": {"timekeeper", "escalator", "sweeper", "publisher", "sender", "webhooks"},
    "DOOR": {"api", "receiver"},
}
"""Names by which consumers, signs of life, units and containers know them: for ever, whichever room they stand in."""


def test_whatever_declares_a_worker_is_one() -> None:
    """What the text of a module says of a worker or a door is what the module holds: none is missed or made up."""
    for constant, found in (("WORKER", worker_modules()), ("DOOR", door_modules())):
        names = (each.name for each in walk_packages(workers.__path__, "workers.") if "__main__" not in each.name)
        modules = [import_module(name) for name in names]
        holding = {each.__name__ for each in modules if isinstance(getattr(each, constant, None), Worker)}
        assert holding == {f"workers.{each}" for each in found.values()}
    assert worker_modules().keys() >= NAMED["WORKER"]
    assert door_modules().keys() >= NAMED["DOOR"]
    assert not worker_modules().keys() & door_modules().keys()


def test_whatever_has_tables_is_a_view() -> None:
    """Every module of read models with a shape declares its view, and each view can be run alone."""
    modules = [import_module(each.name) for each in iter_modules(projections.__path__, "projections.")]
    shaped = {each.SHAPE.name for each in modules if isinstance(getattr(each, "SHAPE", None), Shape)}
    assert shaped == set(DECLARED) == set(VIEW_NAMES)
    assert len(WORKERS) == len(set(WORKERS)) == len(VIEW_NAMES) + len(worker_modules())


RARELY = {"rich", "httpx", "openpyxl", "icalendar"}
"""What only some requests need: an issuer's keys, a workbook, a calendar."""


def test_every_part_has_one_process() -> None:
    """Each worker and each door runs in one process of `up`, and in one of a deployment, and in no second one."""
    parts = {**GROUPS, PROJECTOR: VIEW_NAMES}
    for processes in ((*PROCESSES, *DOOR_PROCESSES), DEPLOYED):
        run = [part for name in processes for part in parts.get(name, (name,))]
        assert sorted(run) == sorted((*WORKERS, *DOORS))
    assert not set(parts) & {*WORKERS, *DOORS}


@pytest.mark.parametrize(
    ("module", "kept_out"),
    [
        (
            "workers.cli.everything",
            {"workers.system", "projections", "sqlalchemy", "faststream", "workers.running.process"},
        ),
        ("workers.cli.everything", {"rich"}),
        ("workers.__main__", {"rich"}),
        *((f"workers.__main__, workers.{each}", RARELY) for each in door_modules().values()),
    ],
)
def test_a_process_that_stays_holds_little(module: str, kept_out: set[str]) -> None:
    """The one above the others loads nothing of what they need, and none what few requests need, or a terminal."""
    listed = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", listed], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not kept_out & set(done.stdout.split())


def test_two_views_of_one_name_are_refused() -> None:
    """A second view of a name would take the rows of the first for its own: it is refused at the start."""
    first, second = ModuleType("first"), ModuleType("second")
    for each in (first, second):
        each.VIEW = Declared(Shape("visits", ()), lambda: View(Shape("visits", ()), {}))  # type: ignore[attr-defined]
    assert list(declared([first])) == ["visits"]
    with pytest.raises(ValueError, match="second: another module declares a view visits"):
        declared([first, second])


def test_a_new_worker_is_one_file(tmp_path: Path) -> None:
    """A module of any room that declares a worker is found under its name, or its package's; talk of one is not."""
    (tmp_path / "call_centre").mkdir()
    (tmp_path / "answering").mkdir()
    (tmp_path / "answering/caller.py").write_text('"""Calls."""\n\nWORKER = Worker(calling, look)\n')
    (tmp_path / "call_centre/worker.py").write_text('"""Calls."""\n\nWORKER = Worker(calling, look)\n')
    (tmp_path / "listening.py").write_text("# WORKER = stands elsewhere\nfrom workers.caller import WORKER\n")
    (tmp_path / "desk.py").write_text('"""Calls."""\n\nDOOR = Worker(answering)\n')
    assert declaring(tmp_path, "WORKER") == {"call-centre": "call_centre.worker", "caller": "answering.caller"}
    assert declaring(tmp_path, "DOOR") == {"desk": "desk"}
    (tmp_path / "answering/call_centre.py").write_text('"""More."""\n\nWORKER = Worker(calling, look)\n')
    with pytest.raises(ValueError, match="declares call-centre already"):
        declaring(tmp_path, "WORKER")
    with pytest.raises(NotFound, match="janitor"):
        worker_named("janitor")


@pytest.fixture(scope="module")
def loaded_by() -> dict[str, set[str]]:
    """What a process of each worker has loaded."""
    program = [sys.executable, "-c", ALONE, *worker_modules()]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=True)
    return {name: set(modules) for name, *modules in map(str.split, done.stdout.splitlines())}


@pytest.mark.parametrize("name", list(worker_modules()))
def test_a_process_loads_its_own_worker_alone(name: str, loaded_by: dict[str, set[str]]) -> None:
    """A process does not grow with the number of workers and views: neither the others nor the views are loaded."""
    loaded = loaded_by[name]
    assert f"workers.{worker_modules()[name]}" in loaded
    others = {**worker_modules(), **door_modules()}
    assert not loaded & {f"workers.{module}" for each, module in others.items() if each != name}
    assert not loaded & {
        "projections.registry",
        "workers.views.projector",
        "workers.running.supervisor",
        "workers.parts.looking",
    }
