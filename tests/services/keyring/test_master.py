"""The file of the master key: made once, for its owner only, and refused in every other state."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from events.errors import SettingsError
from services.keyring import MasterKey
from services.settings import Settings


def test_default_is_made_for_its_owner_only(tmp_path: Path) -> None:
    """The default is a 32-byte file of mode 0600 in the data folder, made once and read from then on."""
    settings = Settings(data=tmp_path / "new" / "data", master_key=None)
    made = MasterKey.of(settings)
    file = settings.master_key_file
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.stat().st_size == 32
    assert list(file.parent.iterdir()) == [file], "no draft is left behind"
    assert MasterKey.of(settings).fingerprint == made.fingerprint


def test_racing_to_make_it_ends_with_one_key(tmp_path: Path) -> None:
    """Sixteen starters at once read one and the same key."""
    start = Barrier(16)

    def load(_: int) -> str:
        start.wait()
        return MasterKey.load_or_create(tmp_path / "master.key").fingerprint

    with ThreadPoolExecutor(16) as pool:
        assert len(set(pool.map(load, range(16)))) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["master.key"]


def test_named_file_must_exist(tmp_path: Path) -> None:
    """A file that was named is never made: a mistyped path must not become a second key."""
    named = tmp_path / "typo.key"
    with pytest.raises(SettingsError, match=r"SIGHTLINE_MASTER_KEY: .*No such file"):
        MasterKey.of(Settings(data=tmp_path, master_key=named))
    assert not named.exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o660, 0o644, 0o610])
def test_file_open_to_others(tmp_path: Path, mode: int) -> None:
    """A file that group or others may touch is refused in one line that names the mode to set."""
    file = tmp_path / "master.key"
    file.write_bytes(bytes(32))
    file.chmod(mode)
    for load in (MasterKey.load, MasterKey.load_or_create):
        with pytest.raises(
            SettingsError, match=rf"has mode {mode:04o}; only its owner may read it \(0600\)"
        ) as refused:
            load(file)
        assert "\n" not in str(refused.value)


@pytest.mark.parametrize("size", [0, 16, 31, 33, 64])
def test_file_of_another_size(tmp_path: Path, size: int) -> None:
    """A file of other than 32 bytes, such as one with a line end, is refused and left as it is."""
    file = tmp_path / "master.key"
    file.write_bytes(bytes(size))
    file.chmod(0o600)
    with pytest.raises(SettingsError, match=f"must hold 32 bytes, not {size}"):
        MasterKey.load_or_create(file)
    assert file.stat().st_size == size


def test_folder_in_its_place(tmp_path: Path) -> None:
    """What is no plain file is refused; so is a place where none can be made."""
    (tmp_path / "master.key").mkdir(mode=0o700)
    with pytest.raises(SettingsError, match="not a plain file"):
        MasterKey.load(tmp_path / "master.key")
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="SIGHTLINE_MASTER_KEY"):
        MasterKey.load_or_create(tmp_path / "file" / "master.key")


def test_key_does_not_show() -> None:
    """Printing a master key shows a fingerprint and nothing of the key."""
    key = bytes(range(32))
    shown = repr(MasterKey(key))
    assert key.hex() not in shown
    assert repr(key) not in shown
    assert MasterKey(key).fingerprint in shown


def test_wrapped_key_is_bound_to_its_place() -> None:
    """A wrapped key comes back under the same binding only, and not after any change."""
    master = MasterKey(bytes(range(32)))
    wrapped = master.wrap(b"k" * 32, bound=b"key:torbay:C-17:1")
    assert master.unwrap(wrapped, bound=b"key:torbay:C-17:1") == b"k" * 32
    for form, bound in (
        (wrapped, b"key:torbay:C-18:1"),
        (wrapped[:-8], b"key:torbay:C-17:1"),
        ("AAAA" + wrapped[4:], b"key:torbay:C-17:1"),
        ("not base64!", b"key:torbay:C-17:1"),
        ("", b"key:torbay:C-17:1"),
    ):
        with pytest.raises(ValueError, match="changed, or moved"):
            master.unwrap(form, bound=bound)
