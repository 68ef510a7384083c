"""Which tests carry what: read from their source, which is quick, or collected, which finds every mark."""

import ast
import contextlib
import io
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

from tests.beside import ROOT

TESTS = ROOT / "tests"
VARIANT = re.compile(r"(?<=\d)-[a-z][a-z-]*$")


def sources() -> list[Path]:
    """Every file of the tests."""
    return sorted(TESTS.rglob("*.py"))


@cache
def _nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


@cache
def defined_in(path: Path) -> frozenset[str]:
    """The tests that a file defines, those of a class as `Class::name`."""
    classes = [node for node in _nodes(path) if isinstance(node, ast.ClassDef)]
    functions = ast.FunctionDef | ast.AsyncFunctionDef
    methods = {f"{each.name}::{node.name}" for each in classes for node in each.body if isinstance(node, functions)}
    return frozenset(methods | {node.name for node in _nodes(path) if isinstance(node, functions)})


@cache
def words_in(path: Path) -> frozenset[str]:
    """Every text that stands in a file by itself, such as the id of a worked case."""
    constants = [node.value for node in _nodes(path) if isinstance(node, ast.Constant)]
    return frozenset(each for each in constants if isinstance(each, str))


@cache
def marked_in(path: Path) -> frozenset[str]:
    """The ids that a file gives to `covers`, as a mark or as what a worked case covers."""
    return frozenset(_marked(path))


def _marked(path: Path) -> Iterator[str]:
    for node in _nodes(path):
        if not isinstance(node, ast.Call):
            continue
        given = [each.value for each in node.keywords if each.arg == "covers"]
        if given:
            given += [each.value for each in node.keywords if each.arg == "id"]
        if isinstance(node.func, ast.Attribute) and node.func.attr == "covers":
            given += node.args
        for each in given:
            for inner in ast.walk(each):
                if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                    yield inner.value


def requirement_of(mark: str) -> str:
    """The id that a mark means: a variant of a worked case, such as `TOR-C3-next`, is part of its case."""
    return VARIANT.sub("", mark)


class _Collector:
    """Notes the tests of each id. Of one worked case in one file the first test stands for all.

    A line of a council's table, such as `torbay:seen_alone`, is asked different things by each test.
    """

    def __init__(self) -> None:
        self.found: dict[str, dict[tuple[str, str], str]] = {}

    def pytest_collection_modifyitems(self, items: Sequence[pytest.Item]) -> None:
        for item in items:
            test, _, case = item.nodeid.partition("[")
            own = getattr(getattr(item, "callspec", None), "marks", ())
            for mark in item.iter_markers("covers"):
                of_case = mark in own
                one_for_all = of_case and ":" not in case
                key = (test.partition("::")[0] if one_for_all else test, case if of_case else "")
                for each in mark.args:
                    tests = self.found.setdefault(requirement_of(each), {})
                    tests.setdefault(key, item.nodeid if of_case else test)


def collected() -> dict[str, list[str]]:
    """The tests of each id, as pytest collects them. Ends with pytest's words where a file cannot be collected."""
    collector, said = _Collector(), io.StringIO()
    with contextlib.redirect_stdout(said):
        code = pytest.main(["--collect-only", "-q", "-p", "no:cacheprovider", str(TESTS)], plugins=[collector])
    if code != pytest.ExitCode.OK:
        raise SystemExit(said.getvalue())
    return {each: sorted(tests.values()) for each, tests in collector.found.items()}
