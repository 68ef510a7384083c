"""What a deployment installs: all that the program needs of what the tests ran with, and nothing that they alone do."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
NEEDED = [Requirement(each) for each in PROJECT["dependencies"]]
FOR_TESTS = [Requirement(each) for each in PROJECT["optional-dependencies"]["dev"]]


@cache
def locked(file: str) -> dict[str, str]:
    """Each package of a file of hashes, with all that the file says of it."""
    entries = re.split(r"^(?=\S)", (ROOT / file).read_text(), flags=re.MULTILINE)
    return {canonicalize_name(each.partition("==")[0]): each for each in entries if each}


def brought(asked: Iterable[Requirement]) -> Iterator[tuple[str, str]]:
    """What these requirements bring on this machine, each with an extra that is asked of it (or none)."""
    seen = set[tuple[str, str]]()
    waiting = [(canonicalize_name(each.name), extra) for each in asked for extra in ("", *each.extras)]
    while waiting:
        name, extra = one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        yield one
        try:
            found = [Requirement(each) for each in requires(name) or ()]
        except PackageNotFoundError:
            continue  # of another platform
        for each in found:
            if each.marker is None or each.marker.evaluate({"extra": extra}):
                waiting += [(canonicalize_name(each.name), more) for more in ("", *each.extras)]


def test_a_deployment_holds_all_that_the_program_needs() -> None:
    """Each package that the program brings with it is installed by a deployment."""
    names = {name for name, _ in brought(NEEDED)}
    assert len(names) > len(NEEDED)
    assert not names - locked("deploy/requirements.lock").keys()


def test_a_deployment_holds_nothing_that_only_tests_need() -> None:
    """What brings a package there is the program: no tool of the tests, nor what comes with one, is installed."""
    program = {name for name, _ in brought(NEEDED)}
    tools = {name for name, _ in brought(FOR_TESTS)} - program
    assert {"pytest", "mutmut", "mypy", "ruff"} < tools
    assert not tools & locked("deploy/requirements.lock").keys()


def test_a_deployment_installs_what_the_tests_ran_with() -> None:
    """Every version and hash of it is the one of the whole lock, to the letter."""
    whole = locked("requirements.lock")
    assert not {name for name, said in locked("deploy/requirements.lock").items() if whole.get(name) != said}


def test_the_image_installs_it() -> None:
    """What stands in the image is of that file and the program's wheel; the whole lock stays where that is built."""
    built, _, image = (ROOT / "deploy/Dockerfile").read_text().rpartition("\nFROM ")
    assert "-r requirements.lock" in built
    assert re.findall(r"\S+\.lock", image) == ["deploy/requirements.lock"] * 2
