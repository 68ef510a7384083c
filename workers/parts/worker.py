"""What a worker declares of itself, and how it is found: without loading any other one."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import workers
from events.errors import NotFound
from workers.parts.standing import WorkerHealth

if TYPE_CHECKING:  # whoever asks for names alone loads little
    from workers.parts.looking import Looking
    from workers.system import System

Constant = Literal["WORKER", "DOOR"]
"""What a module declares. A door is what others come in by: `sightline up` starts it, and no health hangs on it."""

WHOLE = ("worker", "door")
"""What a module is called whose package as a whole is the worker or the door, and gives it its name."""


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker, as its module declares it in a constant `WORKER` or `DOOR`: by that alone it is found.

    Its name is that of the module, whichever room this stands in; that of the package where the module is called
    `worker` or `door`. `run` does its work while the block runs; it may run many times at
    once. `look` tells how it stands in one authority, None where that cannot be told at a glance (see `Looking.whole`);
    a door has none.
    """

    run: Callable[["System"], AbstractAsyncContextManager[None]]
    look: Callable[["Looking"], Awaitable[WorkerHealth | None]] | None = None


def declaring(folder: Path, constant: Constant) -> dict[str, str]:
    """The modules in a folder that declare such a constant, by their worker's name, in order.

    It is looked for in their texts, and none of them is loaded: a process loads its own worker alone. ValueError where
    two modules declare one name.
    """
    found: dict[str, str] = {}
    for file in folder.rglob("*.py"):
        if f"\n{constant} = " in file.read_text(encoding="utf-8"):
            module = file.relative_to(folder).with_suffix("").parts
            *_, package, own = (folder.name, *module)
            name = (package if own in WHOLE else own).replace("_", "-")
            if name in found:
                raise ValueError(f"{'.'.join(module)}: {found[name]} declares {name} already")
            found[name] = ".".join(module)
    return dict(sorted(found.items()))


@cache
def worker_modules() -> Mapping[str, str]:
    """The modules of all rooms that declare a worker, by the worker's name. None of them is loaded."""
    return declaring(Path(*workers.__path__), "WORKER")


@cache
def door_modules() -> Mapping[str, str]:
    """The modules of all rooms that declare a door, by its name. None of them is loaded."""
    return declaring(Path(*workers.__path__), "DOOR")


def worker_named(name: str) -> Worker:
    """The worker or the door of that name, whose module is loaded. NotFound for a name that there is not."""
    for constant, modules in (("WORKER", worker_modules()), ("DOOR", door_modules())):
        if name in modules:
            found: Worker = getattr(import_module(f"workers.{modules[name]}"), constant)
            return found
    raise NotFound("worker", name)
