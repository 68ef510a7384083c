"""A folder in which one policy breaks a rule: it is told of, and the others are as good as without it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from events.errors import PolicyError
from services.policy_folder import Folder, folder_of
from services.settings import SHIPPED_POLICIES
from tests.edited import edited


def typo(folder: Path) -> str:
    text = edited("torbay").replace("fallback:", "falback:", 1)
    (folder / "torbay.yaml").write_text(text, encoding="utf-8")
    return "fallback: this key is lacking"


def no_yaml(folder: Path) -> str:
    (folder / "torbay.yaml").write_text(f"{edited('torbay')}\n  - [", encoding="utf-8")
    return "torbay.yaml"


def no_text(folder: Path) -> str:
    (folder / "torbay-2027.yaml").write_bytes(b"authority: torbay\n\xff\xfe")
    return "the file cannot be read"


def a_part_that_would_be_left_out(folder: Path) -> str:
    shutil.copytree(SHIPPED_POLICIES / "torbay", folder / "torbay")
    (folder / "torbay" / "acts.yaml").rename(folder / "torbay" / "acts.yml")
    return "it is no part by that name"


def a_folder_of_another_name(folder: Path) -> str:
    shutil.copytree(SHIPPED_POLICIES / "torbay", folder / "old")
    return "it holds a policy of torbay"


def parts_that_do_not_fit(folder: Path) -> str:
    shutil.copytree(SHIPPED_POLICIES / "torbay", folder / "torbay")
    shutil.copy(folder / "torbay" / "acts.yaml", folder / "torbay" / "more.yaml")
    return "it stands in acts.yaml as well"


def a_version_twice(folder: Path) -> str:
    for name in ("a", "b"):
        (folder / f"{name}.yaml").write_text(edited("torbay"), encoding="utf-8")
    return "1 is also in a.yaml"


def two_from_one_day(folder: Path) -> str:
    for name in ("a", "b"):
        text = edited("torbay").replace('version: "1"', f'version: "{name}"')
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return "starts on the same day"


BROKEN = (
    typo,
    no_yaml,
    no_text,
    a_part_that_would_be_left_out,
    a_folder_of_another_name,
    parts_that_do_not_fit,
    a_version_twice,
    two_from_one_day,
)


@pytest.mark.parametrize("broken", BROKEN)
def test_one_bad_policy_is_no_matter_of_another(broken: Callable[[Path], str], tmp_path: Path) -> None:
    """Who has a sound policy has it; the bad one is told of with its rule, and whose it is."""
    (tmp_path / "halton.yaml").write_text(edited("halton"), encoding="utf-8")
    words = broken(tmp_path)
    for _ in ("read for the first time", "and again"):
        found = folder_of(tmp_path)
        assert [*found] == ["halton"]
        assert found["halton"].newest.authority == "halton"
        assert found.error_of("halton") is None
        error = found.error_of("torbay")
        assert words in str(error)
        with pytest.raises(PolicyError) as caught:
            found["torbay"]
        assert caught.value is error


@pytest.mark.parametrize("broken", BROKEN[:-2])
def test_an_authority_has_all_its_versions_or_none(broken: Callable[[Path], str], tmp_path: Path) -> None:
    """A sound version beside a bad one is not begun with: what the bad one was to decide would be decided by it."""
    text = edited("torbay").replace('version: "1"', 'version: "0"').replace("2020-01-01", "2019-01-01", 1)
    (tmp_path / "earlier.yaml").write_text(text, encoding="utf-8")
    broken(tmp_path)
    found: Folder = folder_of(tmp_path)
    assert not [*found]
    assert found.unsound


def test_what_is_nobodys_policy_is_told_of(tmp_path: Path) -> None:
    """A file that is no policy at all, and that is called by no authority, concerns nobody."""
    (tmp_path / "halton.yaml").write_text(edited("halton"), encoding="utf-8")
    (tmp_path / "stack.yaml").write_text("services:\n  nats: {}\n", encoding="utf-8")
    found = folder_of(tmp_path)
    assert [*found] == ["halton"]
    [told] = found.unsound
    assert (told.of, told.error.where) == (("stack",), f"{tmp_path / 'stack.yaml'}:1")
    assert found.error_of("torbay") is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("autority: torbay\n", id="a misspelt key"),
        pytest.param("authority: Torbay\n", id="a name that is none"),
        pytest.param("authority: halton\nversion: 9\n", id="another's name"),
    ],
)
@pytest.mark.parametrize("name", ["torbay.yaml", "torbay"])
def test_whose_file_it_is_is_known_by_its_name(text: str, name: str, tmp_path: Path) -> None:
    """Where the line that says it is what is wrong: whoever adopted rules goes on by them."""
    file = tmp_path / name
    if not file.suffix:
        file.mkdir()
        file /= "framework.yaml"
    file.write_text(text, encoding="utf-8")
    assert "torbay" in {each for told in folder_of(tmp_path).unsound for each in told.of}


@pytest.mark.parametrize("line", ["authority : torbay", '"authority": torbay', "'authority' : 'torbay'"])
def test_the_line_that_says_whose_it_is_may_be_written_otherwise(line: str, tmp_path: Path) -> None:
    """As whoever reads the whole of it would take it."""
    text = edited("torbay").replace("authority: torbay", line, 1).replace("fallback:", "falback:", 1)
    (tmp_path / "next-year.yaml").write_text(text, encoding="utf-8")
    [told] = folder_of(tmp_path).unsound
    assert told.of[-1] == "torbay"


def shut(monkeypatch: pytest.MonkeyPatch, name: str, asked: str = "iterdir") -> None:
    """Whoever looks into what is called so is not allowed to, whoever runs the tests."""
    look = getattr(Path, asked)

    def denied(path: Path) -> object:
        if path.name == name:
            raise PermissionError(13, "Permission denied", str(path))
        return look(path)

    monkeypatch.setattr(Path, asked, denied)


@pytest.mark.parametrize("asked", ["iterdir", "is_dir"])
def test_a_folder_that_nobody_may_see(asked: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told of by the name of its council, and stops no other; that of a mounted disk is no council's."""
    (tmp_path / "halton.yaml").write_text(edited("halton"), encoding="utf-8")
    shutil.copytree(SHIPPED_POLICIES / "torbay", tmp_path / "torbay")
    (tmp_path / "torbay" / "older").mkdir()
    shut(monkeypatch, "torbay" if asked == "iterdir" else "older", asked)
    found = folder_of(tmp_path)
    assert [*found] == ["halton"]
    [told] = found.unsound
    assert told.of == ("torbay",)
    assert "cannot be read: [Errno 13] Permission denied" in str(told.error)


def test_a_folder_of_a_mounted_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No policy can be called as it is: it is nobody's, and nothing is said of it."""
    (tmp_path / "halton.yaml").write_text(edited("halton"), encoding="utf-8")
    (tmp_path / "lost+found").mkdir()
    shut(monkeypatch, "lost+found")
    found = folder_of(tmp_path)
    assert [*found] == ["halton"]
    assert not found.unsound
