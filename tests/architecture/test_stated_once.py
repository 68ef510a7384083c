"""The kinds of record and the acts are stated by the parts of the domain: no list of them is kept beside those."""

import ast
from collections.abc import Iterator
from pathlib import Path

from events.actions import OfAction
from events.escalations import OWING
from services.modules import CATALOGUE
from tests.architecture.test_rooms import ROOMS, modules, named, parsed
from tests.contracts import SHIPPED_CONTRACTS

SEVERAL = 3
"""So many names of one sort in one literal are a list of them."""

STATED = {
    "events/escalations.py",  # what owes, for the steps and their answers: a contract knows no part of the domain
    "services/audits/stages.py",  # the stages in which acts of other parts may be given on an audit
    "workers/cli/files.py",  # by what a file of history is known again: as it stood when the first was taken in
}
"""The lists that are a statement of their own."""

DECLARED = "module.py"
"""Where a part of the domain declares itself."""


def names_in(node: ast.AST) -> set[str]:
    """The words that stand in a literal list, tuple, set or among the keys of a literal mapping."""
    match node:
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            held = parts
        case ast.Dict(keys=keys):
            held = [key for key in keys if key is not None]
        case _:
            return set()
    return {each.value for each in held if isinstance(each, ast.Constant) and isinstance(each.value, str)}


def lists(path: Path) -> Iterator[set[str]]:
    """The lists of kinds, and of acts, that stand in a file; but for the acts that a contract says of its own event."""
    tree = parsed(path)
    own = {
        id(statement.value)
        for statement in ast.walk(tree)
        if isinstance(statement, ast.Assign) and [ast.unparse(each) for each in statement.targets] == ["acts"]
    }
    for node in ast.walk(tree):
        if id(node) in own:
            continue
        for known in (CATALOGUE.kinds.keys(), CATALOGUE.powers.keys()):
            if len(found := names_in(node) & known) >= SEVERAL:
                yield found


def test_no_list_of_kinds_or_acts_is_kept_by_hand() -> None:
    """A new kind of record or a new act touches no list: whoever needs all of them asks the catalogue."""
    files = (path for path in modules(*ROOMS) if path.name != DECLARED and named(path) not in STATED)
    assert {named(path): held for path in files if (held := list(lists(path)))} == {}


def test_such_a_list_is_found(tmp_path: Path) -> None:
    """A list of kinds and a table of acts are found, and the acts that a contract says of its event are none."""
    file = tmp_path / "listing.py"
    file.write_text(
        'KINDS = ("audit", "entry", "dispute")\n'
        'WORDS = {"audit.submit": "", "audit.close": "", "action.set": ""}\n'
        'acts = ("audit.submit", "audit.moderate", "action.set")\n'
    )
    assert list(lists(file)) == [{"audit", "entry", "dispute"}, {"audit.submit", "audit.close", "action.set"}]


def named_in(path: Path) -> set[str]:
    """The kinds, acts and beginnings of records' names that a file's code is about: as words and as fields."""
    words: set[str] = set()
    for node in ast.walk(parsed(path)):
        match node:
            case ast.Constant(value=str(text)):
                words.add(text)
            case ast.AnnAssign(target=ast.Name(id=name)):
                words.add(name)
    return words & {*CATALOGUE.kinds, *(f"{kind}/" for kind in CATALOGUE.kinds), *CATALOGUE.powers}


def test_core_names_no_kind_and_no_act() -> None:
    """What every command goes through treats no kind of record and no act in a way of its own."""
    core = {path: named_in(path) for path in modules("services") if path.parent.name == "core"}
    assert len(core) > 20
    assert {named(path): found for path, found in core.items() if found} == {}


def test_such_a_name_is_found(tmp_path: Path) -> None:
    """A kind that is compared with, stripped off or a field is found, and an act that is asked for."""
    file = tmp_path / "knowing.py"
    file.write_text(
        "class Named:\n    audit: str\n\n"
        'def of(name, acts):\n    return f"round/{name}", name == "entry", acts["audit.close"]\n'
    )
    assert named_in(file) == {"audit", "round/", "entry", "audit.close"}


def test_what_is_stated_is_what_the_parts_declare() -> None:
    """What owes, and what leads to actions, is in the contracts just what the parts of the domain say."""
    assert set(OWING) == set(CATALOGUE.owing)
    lead = {name for name, kind in CATALOGUE.kinds.items() if hasattr(kind.begin(), "actions")}
    assert {each.kinds for each in SHIPPED_CONTRACTS if issubclass(each, OfAction)} == {OfAction.kinds}
    assert set(OfAction.kinds) == lead
