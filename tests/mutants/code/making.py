"""The mutants of a module of the program, as mutmut makes them: one change of one function each.

What mutmut passes over is passed over: decorated functions, class bodies, annotations and constants of a module.
"""

import ast
import importlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from types import FunctionType
from typing import Any

import libcst as cst
from libcst.metadata import MetadataWrapper, ParentNodeProvider, PositionProvider
from mutmut.mutation.file_mutation import create_mutations, deep_replace

from tests.beside import ROOT


@dataclass(frozen=True)
class CodeMutant:
    """A change of one function of a module; `file` is named from the root of the project, `first` to `last` its lines.

    `name` says what was changed into what, so that it stays when the rest of the file is edited.
    """

    file: str
    owner: str
    function: str
    name: str
    text: str
    first: int
    last: int

    @property
    def told(self) -> str:
        """Its name among those of all files."""
        return f"{self.file} {self.name}"

    def apply(self) -> None:
        """Make the function of this process be the mutant, wherever it was imported to already."""
        module = importlib.import_module(self.file.removesuffix(".py").replace("/", "."))
        holder: Any = getattr(module, self.owner) if self.owner else module
        made: dict[str, Any] = {}
        exec(compile(self.text, self.file, "exec"), vars(module), made)  # noqa: S102 - the text is ours, changed
        fresh = made[self.owner].__dict__[self.function] if self.owner else made[self.function]
        now, then = _plain(vars(holder)[self.function]), _plain(fresh)
        now.__code__ = then.__code__
        now.__defaults__ = then.__defaults__
        now.__kwdefaults__ = then.__kwdefaults__


def _plain(function: Any) -> FunctionType:
    found = getattr(function, "__func__", function)
    assert isinstance(found, FunctionType), f"{function} is no function that can be changed in place"
    return found


def code_mutants_of(path: Path) -> Iterator[CodeMutant]:
    """Every mutant of the module, in the order of its text; those that read like the original or each other once."""
    file, text = str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
    module, mutations, *_ = create_mutations(str(path), text)
    wrapped = MetadataWrapper(module, unsafe_skip_copy=True)
    lines, above = wrapped.resolve(PositionProvider), wrapped.resolve(ParentNodeProvider)
    met, seen = Counter[str](), set[tuple[str, str]]()
    for each in mutations:
        function = each.contained_by_top_level_function
        if not isinstance(function, cst.FunctionDef):
            continue
        before = _code(function)
        after = _code(deep_replace(function, each.original_node, each.mutated_node))
        owner = _owner(function, above)
        called = f"{owner}.{function.name.value}" if owner else function.name.value
        if _same(before, after) or (called, after) in seen:
            continue
        seen.add((called, after))
        body, at = lines[function.body], lines.get(each.original_node, lines[function])
        if at.start.line < body.start.line:
            at = body  # a default of a parameter is seen wherever the function runs
        name = f"{called}: {_said(before, after)}"
        met[name] += 1
        if met[name] > 1:
            name += f" ({met[name]})"
        whole = f"class {owner}:\n" + "".join(f"    {line}\n" for line in after.splitlines()) if owner else after
        yield CodeMutant(file, owner, function.name.value, name, whole, at.start.line, at.end.line)


def _owner(function: cst.FunctionDef, above: Any) -> str:
    node: cst.CSTNode = function
    while not isinstance(node, cst.Module):
        node = above[node]
        if isinstance(node, cst.ClassDef):
            return node.name.value
    return ""


def _code(node: Any) -> str:
    return cst.Module([]).code_for_node(node.with_changes(leading_lines=[]))


def _same(one: str, other: str) -> bool:
    try:
        return ast.dump(ast.parse(one)) == ast.dump(ast.parse(other))
    except SyntaxError:
        return True  # what mutmut made cannot be read, and is no mutant


def _said(before: str, after: str) -> str:
    """The changed lines, in one line."""
    changed = list(unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""))[3:]
    old = " ".join(each[1:].strip() for each in changed if each.startswith("-"))
    new = " ".join(each[1:].strip() for each in changed if each.startswith("+"))
    return f"{old} → {new}"
