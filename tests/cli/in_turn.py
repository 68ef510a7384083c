"""`python -m tests.cli.in_turn`: calls of the program, one after the other, each in a fork that has loaded no other.

What others wrote is loaded once. The modules that bring a command are imported as the program imports them, one after
the other, and calls that have them in common are forks of the process that did so: each of them finds loaded what it
would have loaded by then had it begun alone, in the same order, and nothing else. See `tests.cli.alone`, which asks.
"""

import gc
import json
import os
import sys
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Any

Told = dict[str, Any]


def carry_out(folder: Path, calls: list[Told], imported: int = 0) -> None:
    """Carry out calls whose first modules, so many of each, are imported here. A fork ends in it, as its call does."""
    from workers.cli import whole  # noqa: PLC0415 - only once all that others wrote is loaded

    for call in (each for each in calls if len(each["modules"]) == imported):
        if not (fork := os.fork()):
            _carry_out(folder, call)
        (folder / f"{call['number']}.code").write_text(str(_ended(fork)))
    left = [each for each in calls if len(each["modules"]) > imported]
    left.sort(key=lambda each: each["modules"])
    for module, together in groupby(left, key=lambda each: each["modules"][imported]):
        if not (fork := os.fork()):
            whole._add(module)
            carry_out(folder, list(together), imported + 1)
            sys.exit(0)
        if code := _ended(fork):
            sys.exit(code)


def _ended(fork: int) -> int:
    _, status = os.waitpid(fork, 0)
    return os.waitstatus_to_exitcode(status)


def _carry_out(folder: Path, call: Told) -> None:
    """Be the program that is called so, or find the command and no more; then tell what is loaded."""
    for stream, end in ((1, "out"), (2, "err")):
        os.dup2(os.open(folder / f"{call['number']}.{end}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream)
    os.environ.update(call["variables"])
    sys.argv = ["sightline", *call["words"]]
    try:
        if call["found_only"]:
            import_module("workers.cli.program").command_of(tuple(call["words"]))
        else:
            import_module("workers.cli").main()
    finally:
        (folder / f"{call['number']}.loaded").write_text(json.dumps([*sys.modules]))
    sys.exit(0)


def main() -> None:
    """Load what others wrote, and carry out what is asked for on standard input."""
    asked = json.load(sys.stdin)
    gc.disable()  # as the program has it when it loads
    for each in asked["others"]:
        import_module(each)
    import_module("workers.cli.app")  # every call begins with it
    gc.freeze()  # what stands here is not copied into each fork for being looked through
    carry_out(Path(asked["folder"]), asked["calls"])


if __name__ == "__main__":
    main()
