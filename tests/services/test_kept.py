"""What is kept for the next process is a help, and never believed where it could be another's or is not whole."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from services import kept

LARGE = b"whole " * 50_000


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "sightline"


def only(folder: Path) -> Path:
    [file] = folder.iterdir()
    return file


def test_what_was_kept_is_recalled(folder: Path) -> None:
    """It comes back as it was given, of what it was kept of alone, and nobody else may read it."""
    assert kept.recall("one") is None
    kept.keep("one", b"line\n\nanother")
    assert (kept.recall("one"), kept.recall("two")) == (b"line\n\nanother", None)
    assert [each.stat().st_mode & 0o777 for each in (folder, only(folder))] == [0o700, 0o600]


@pytest.mark.parametrize("part", [0, 40, 64, 70, 400], ids=str)
def test_a_flipped_bit_is_noticed(part: int, folder: Path) -> None:
    """Wherever it is damaged, it is not believed, and what is kept afresh is."""
    kept.keep("one", LARGE)
    file = only(folder)
    held = bytearray(file.read_bytes())
    held[part] ^= 1
    file.write_bytes(held)
    assert kept.recall("one") is None
    kept.keep("one", LARGE)
    assert kept.recall("one") == LARGE


@pytest.mark.parametrize("left", [0, 30, 65, 1_000], ids=str)
def test_half_a_file_is_noticed(left: int, folder: Path) -> None:
    """One that was cut off is not believed."""
    kept.keep("one", LARGE)
    os.truncate(only(folder), left)
    assert kept.recall("one") is None


def test_what_others_may_write_is_not_believed(folder: Path) -> None:
    """Whatever is open to others, leads elsewhere, or was put under another name, is as if it were not there."""
    kept.keep("one", b"1")
    file = only(folder)
    file.chmod(0o620)
    assert kept.recall("one") is None
    file.chmod(0o600)
    assert kept.recall("one") == b"1"
    kept.keep("two", b"2")
    file.replace(next(each for each in folder.iterdir() if each != file))
    assert kept.recall("two") is None
    kept.keep("one", b"1")
    file.rename(folder / "elsewhere")
    file.symlink_to(folder / "elsewhere")
    assert kept.recall("one") is None
    file.unlink()
    os.mkfifo(file, 0o600)
    assert kept.recall("one") is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives a file to another user")
def test_what_another_user_wrote_is_not_believed(folder: Path) -> None:
    """A file that belongs to another is not ours, whatever its mode."""
    kept.keep("one", b"1")
    os.chown(only(folder), 12_345, -1)
    assert kept.recall("one") is None


def test_many_keep_at_once(folder: Path) -> None:
    """Whoever reads while many write sees nothing or the whole; no draft is left behind."""
    with ThreadPoolExecutor(8) as pool:
        kept_by_all = [pool.submit(kept.keep, "one", LARGE) for _ in range(40)]
        seen = [pool.submit(kept.recall, "one") for _ in range(80)]
        assert {each.result() for each in seen} <= {None, LARGE}
        assert [each.result() for each in kept_by_all] == [None] * 40
    assert kept.recall("one") == LARGE
    assert len(list(folder.iterdir())) == 1


def test_where_nothing_can_be_kept_nothing_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No folder, or a file in its place, is no mistake of whoever asks: it is worked out each time."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    kept.keep("one", b"1")
    assert kept.recall("one") is None


def _dated(of: str, instant: int) -> None:
    os.utime(kept._file(of), ns=(instant, instant))


def test_the_folder_does_not_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written longest ago goes, a quarter of all at once."""
    monkeypatch.setattr(kept, "AT_MOST", 4)
    for number in range(6):
        kept.keep(str(number), b"1")
        _dated(str(number), number)
    assert [number for number in range(6) if kept.recall(str(number))] == [2, 3, 4, 5]


def test_what_is_asked_for_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes after what was written later and nobody asked for again."""
    monkeypatch.setattr(kept, "AT_MOST", 4)
    for number in range(4):
        kept.keep(str(number), b"1")
        _dated(str(number), number)
    assert kept.recall("0") == b"1"
    kept.keep("4", b"1")
    assert [number for number in range(5) if kept.recall(str(number))] == [0, 3, 4]


def test_another_file_is_another_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is changed, written anew, added or gone makes another program; what is compiled does not."""
    monkeypatch.setattr(kept, "ROOT", tmp_path)
    room = tmp_path / "room" / "within"
    (room / "__pycache__").mkdir(parents=True)
    file = room / "module.py"
    seen = [_told(file, "a = 1")]
    (room / "__pycache__" / "module.py").touch()
    (room / "notes.md").touch()
    assert _now() == seen[0]
    seen += [_told(file, "a = 2"), _told(file, "a = 22"), _told(room / "other.py", "")]
    (room / "other.py").rename(room / "another.py")
    seen.append(_now())
    assert len(set(seen)) == len(seen)


def _told(file: Path, text: str) -> str:
    file.write_text(text)
    return _now()


def _now() -> str:
    kept.program.cache_clear()
    return kept.program("room")
