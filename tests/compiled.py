"""What Python and pytest make of the sources before they run them, made by the processes of the tests together.

In a folder that was just cloned nothing is compiled yet. Each process collects every test, so each would compile all of
it for itself, at the same time as the others: ten seconds of the processor, where a share of it takes two or three.
"""

import sys
from contextlib import suppress
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest
from _pytest.assertion import rewrite

ROOMS = ("events", "services", "projections", "workers", "tests")


def compile_a_share(config: pytest.Config) -> None:
    """Compile what falls to this process of those that share the tests; what is compiled already stays as it is.

    It takes every so-many-th file, and nobody waits for the others: what is not there when it is imported is compiled
    as ever. Alone, and where Python keeps nothing of what it compiles, it does nothing.
    """
    of_this_process = getattr(config, "workerinput", None)
    if of_this_process is None or sys.dont_write_bytecode:
        return
    number, processes = int(of_this_process["workerid"].removeprefix("gw")), of_this_process["workercount"]
    for path in sources(config.rootpath)[number::processes]:
        with suppress(SyntaxError):  # who imports it says so, and of what test
            if path.match("test_*.py"):
                _with_told_assertions(path, config)
            else:
                SourceFileLoader(path.stem, str(path)).get_code(path.stem)


def sources(root: Path) -> list[Path]:
    """All of ours, in an order that each process has."""
    return sorted(path for room in ROOMS for path in (root / room).rglob("*.py"))


def _with_told_assertions(path: Path, config: pytest.Config) -> None:
    """A file of tests as pytest compiles it, and where it looks for that. It has no public way to do so unasked."""
    folder = rewrite.get_cache_dir(path)
    compiled = folder / (path.stem + rewrite.PYC_TAIL)
    if rewrite.try_makedirs(folder) and rewrite._read_pyc(path, compiled) is None:
        digest, code = rewrite._rewrite_test(path, config)
        rewrite._write_pyc(config.stash[rewrite.assertstate_key], code, digest, compiled)
