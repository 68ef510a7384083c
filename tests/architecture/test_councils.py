"""The councils that ship are those of the policies' folder: no list of them is kept beside it."""

import ast

from services.policy.written import policies_in
from services.settings import SHIPPED_POLICIES
from tests.architecture.test_rooms import modules, named, parsed
from tests.architecture.test_stated_once import names_in
from workers.cli.demo.command import STORIES
from workers.demo.generate import FOLDER, TELLERS

SHIPPED = {path.stem for path in policies_in(SHIPPED_POLICIES)}
SEVERAL = 2
"""So many councils in one literal, or in one import, are a list of them."""


def called_in(node: ast.AST) -> set[str]:
    """The councils that a literal or an import names."""
    if isinstance(node, ast.ImportFrom):
        return {each.name.removesuffix("_story").replace("_", "-") for each in node.names} & SHIPPED
    return names_in(node) & SHIPPED


def test_no_list_of_councils_is_kept_by_hand() -> None:
    """Neither in a literal nor by imports: a sixth policy file needs no line of the program."""
    found = {
        named(path): sorted(called)
        for path in modules("services", "workers", "events", "projections")
        for node in ast.walk(parsed(path))
        if len(called := called_in(node)) >= SEVERAL
    }
    assert found == {}


def test_each_council_that_ships_has_its_story() -> None:
    """The demonstration tells of each, and of an audit that its story has."""
    assert set(TELLERS) == set(STORIES) == SHIPPED
    for council, audit in STORIES.items():
        assert f'"{audit}"' in (FOLDER / f"{council}.jsonl").read_text(encoding="utf-8")
