"""What is found of a file with very many lines: all of it is told, in order, and only a part is held."""

import errno
import os
import tempfile
from itertools import islice
from pathlib import Path

import pytest

from events.errors import Unavailable
from services import spilled
from services.import_summary import Rejection, Warned, counted, rejections, warnings

MANY = 23


@pytest.mark.parametrize("many", [0, 1, 9, 10, 11, 200])
def test_all_is_told_in_the_order_of_files_and_lines(
    many: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whatever was found first, more than once as well, and with nothing left on the disk by any name."""
    monkeypatch.setattr(spilled, "HELD", 10)
    monkeypatch.setattr(spilled, "BLOCK", 97)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    there = [
        Rejection(line, "audit.close", f"grade: “none”\n{line}", "grade", "“none”", file)
        for file in ("b", "a")
        for line in range(1, many + 1)
    ]
    found = rejections()
    for half in (there[:many], there[many:]):
        found.extend(half[1::2])
        found.extend(half[::-2] if many % 2 else half[::2])
    assert (len(found), bool(found)) == (2 * many, many > 0)
    assert [*found] == [*found] == there
    assert len(found._rows) < 10
    assert [*tmp_path.iterdir()] == []


def test_two_words_on_one_line_keep_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is told as it was found."""
    monkeypatch.setattr(spilled, "HELD", 2)
    found = warnings()
    there = [Warned(1, "audit.close", f"word {number}") for number in range(5)]
    found.extend(there)
    assert [*found] == there
    assert found.files == {""}


def test_no_room_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """An import that cannot keep what it is to tell ends with the reason, as it does where the store is full."""

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(spilled, "HELD", 1)
    monkeypatch.setattr(os, "write", full)
    with pytest.raises(Unavailable, match="No space left on device"):
        rejections().append(Rejection(1, "", "no JSON"))


def test_reasons_are_counted_though_each_line_has_one_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """The frequent ones are told, and what is counted at once stays small."""
    monkeypatch.setattr("services.import_summary.MOST_REASONS", 4)
    own = [Rejection(line, "audit.close", f"audit: A-{line} is not there") for line in range(1, MANY)]
    same = [Rejection(line, "audit.close", "grade: needed") for line in range(1, MANY)]
    found = counted(each for pair in zip(own, same, strict=True) for each in pair)
    assert found[0] == ("grade: needed", MANY - 1)
    assert len([*islice(found, MANY)]) <= 5
