"""A database's file is made closed to others, and once it is there nobody takes it from under its connections."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from services.private import make_private, private_file

WRITE = """
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as db:
    db.execute("INSERT INTO rows VALUES (1)")
db.close()
"""


def test_it_is_made_for_us_alone(tmp_path: Path) -> None:
    """A new file can be read by nobody else."""
    assert private_file(tmp_path / "views.sqlite").stat().st_mode & 0o777 == 0o600


def test_what_goes_meanwhile_is_passed_over(tmp_path: Path) -> None:
    """A journal that its database has ended with by the time of looking at it keeps nobody from beginning."""
    (tmp_path / "views.sqlite-journal").symlink_to(tmp_path / "gone")
    (tmp_path / "views.sqlite-wal").touch(0o644)
    make_private(tmp_path)
    assert (tmp_path / "views.sqlite-wal").stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_there_keeps_its_locks(tmp_path: Path) -> None:
    """Asked for again in a process that has it open, it still shows that process what others write and close after."""
    file = private_file(tmp_path / "views.sqlite")
    with closing(sqlite3.connect(file)) as held:
        held.execute("PRAGMA journal_mode=WAL")
        held.execute("CREATE TABLE rows (number)")
        held.commit()
        assert held.execute("SELECT count(*) FROM rows").fetchone() == (0,)
        private_file(file)
        for number in (1, 2):
            subprocess.run([sys.executable, "-c", WRITE, str(file)], check=True)
            assert held.execute("SELECT count(*) FROM rows").fetchone() == (number,)
