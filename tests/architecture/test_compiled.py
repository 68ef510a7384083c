"""The processes of the tests compile each source once, all of them together, and find it when they import it."""

import sys
from importlib.util import cache_from_source
from pathlib import Path
from types import SimpleNamespace

import pytest
from _pytest.assertion import rewrite

from tests.compiled import compile_a_share

SOURCES = ("events/a.py", "services/deep/b.py", "tests/c.py", "tests/test_d.py", "tests/cli/test_e.py")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that was just cloned."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    for each in SOURCES:
        (tmp_path / each).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / each).write_text("def told():\n    assert len('two') == 2\n")
    return tmp_path


def share(root: Path, config: pytest.Config, number: int, processes: int) -> None:
    """As one of so many processes takes its own."""
    given = {"workerid": f"gw{number}", "workercount": processes}
    it = SimpleNamespace(rootpath=root, workerinput=given, stash=config.stash, getini=config.getini)
    compile_a_share(it)  # type: ignore[arg-type]  # all that is asked of it


def looked_for(source: Path) -> Path:
    """Where the compiled source is looked for by who imports it."""
    if source.name.startswith("test_"):
        return rewrite.get_cache_dir(source) / (source.stem + rewrite.PYC_TAIL)
    return Path(cache_from_source(str(source)))


def test_each_source_is_compiled_by_one_process(root: Path, pytestconfig: pytest.Config) -> None:
    """Each takes a share, none takes another's, and together they leave nothing."""
    there = [looked_for(root / each) for each in SOURCES]
    made = []
    for number in range(3):
        before = {each for each in there if each.exists()}
        share(root, pytestconfig, number, 3)
        made.append({each for each in there if each.exists()} - before)
    assert all(made)
    assert sum(map(len, made)) == len(SOURCES)


def test_it_is_taken_as_it_is_by_who_imports_it(root: Path, pytestconfig: pytest.Config) -> None:
    """An import takes what was made of a file of tests, whose assertions say what they compared."""
    share(root, pytestconfig, 0, 1)
    source = root / "tests/test_d.py"
    code = rewrite._read_pyc(source, looked_for(source))
    assert code is not None
    found: dict[str, object] = {}
    exec(code, found)  # noqa: S102 - it is what the import of a file of tests does
    told = found["told"]
    assert callable(told)
    with pytest.raises(AssertionError, match=r"assert 3 == 2"):
        told()


def test_what_is_compiled_stays(root: Path, pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is compiled twice, but for what was edited."""
    share(root, pytestconfig, 0, 1)
    (root / "tests/test_d.py").write_text("def told(): ...\n")
    again = []
    real = rewrite._rewrite_test

    def noted(path: Path, config: pytest.Config) -> object:
        again.append(path)
        return real(path, config)

    monkeypatch.setattr(rewrite, "_rewrite_test", noted)
    kept = {each: looked_for(root / each).stat().st_ino for each in SOURCES}
    share(root, pytestconfig, 0, 1)
    assert again == [root / "tests/test_d.py"]
    assert [each for each in SOURCES if looked_for(root / each).stat().st_ino != kept[each]] == ["tests/test_d.py"]


def test_what_is_no_python_is_left_to_who_imports_it(root: Path, pytestconfig: pytest.Config) -> None:
    """All the rest is compiled, whether it is a file of tests or another that holds the mistake."""
    mistaken = ("events/a.py", "tests/cli/test_e.py")
    for each in mistaken:
        (root / each).write_text("def told(:\n")
    share(root, pytestconfig, 0, 1)
    assert [each for each in SOURCES if not looked_for(root / each).exists()] == [*mistaken]


def test_where_nothing_is_kept_nothing_is_compiled(
    root: Path, pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As PYTHONDONTWRITEBYTECODE has it."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    share(root, pytestconfig, 0, 1)
    assert not any(looked_for(root / each).exists() for each in SOURCES)
