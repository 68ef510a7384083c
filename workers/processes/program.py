"""How a process of ours starts another."""

import sys
from importlib.machinery import PathFinder

from events.errors import Refused


def program(module: str) -> list[str]:
    """The words that run a module of this program by its own interpreter.

    Its modules are those of the program, whatever lies in the folder that somebody happens to work in.
    """
    return [sys.executable, "-P", "-m", module]


def require_installed() -> None:
    """Refused where the modules are found by the folder alone in which this process was started.

    What it starts would not find them: `program` leaves that folder out.
    """
    room, _, _ = __name__.partition(".")
    searched = sys.path if sys.flags.safe_path else sys.path[1:]
    for finder in sys.meta_path:
        path = searched if finder is PathFinder else None
        if finder.find_spec(room, path) is not None:
            return
    raise Refused("program", "it is not installed here, so it cannot start its processes: run `make` in its folder")
