"""How a process of ours starts another."""

import sys


def program(module: str) -> list[str]:
    """The words that run a module of this program by its own interpreter.

    Its modules are those of the program, whatever lies in the folder that somebody happens to work in.
    """
    return [sys.executable, "-P", "-m", module]
