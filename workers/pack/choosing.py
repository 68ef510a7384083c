"""The children whom inspectors chose, from a file of one reference or case number a line."""

import csv
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from events.errors import Refused
from services.cases.cells import Unusable, child_number
from workers.pack.material import Chosen

MOST = 500
"""Children in one file. Inspectors choose a few; a whole case list is a slip."""

HEADING = re.compile(r"(child|case|number|reference|ref|id)\b", re.IGNORECASE)
"""How a first line begins that is a heading."""


def read_children(
    file: Path, audited: Iterable[str], known: Callable[[Iterable[str]], Mapping[str, str]]
) -> tuple[Chosen, ...]:
    """Each child of the file, once. A cell beside the first of a line is not looked at.

    What is the reference of a child here (`audited` are those that have an audit) stands for that child; everything
    else is taken for a case number, and `known` says which child has it. Refused, naming the line and never quoting it,
    for a file that cannot be read, is empty or too long, and for a line that can be neither.
    """
    given = list(_lines(file))
    if not given:
        raise Refused("children", f"{file} names nobody")
    if len(given) > MOST:
        raise Refused("children", f"{file} names more than {MOST} children")
    references = set(audited)
    numbers = {line: text for line, text in given if text not in references}
    held = known(numbers.values()) if numbers else {}
    found: dict[str, Chosen] = {}
    for line, text in given:
        found.setdefault(text, Chosen(line, text if text in references else held.get(text)))
    return tuple(found.values())


def _lines(file: Path) -> Iterable[tuple[int, str]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            for line, cells in enumerate(csv.reader(opened, strict=True), start=1):
                text = cells[0].strip() if cells else ""
                if not text or (line == 1 and HEADING.match(text)):
                    continue
                yield line, _number(text, file, line)
    except OSError as error:
        raise Refused("children", f"{file} cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused("children", f"{file} is not valid text in UTF-8, one reference or case number a line") from error


def _number(text: str, file: Path, line: int) -> str:
    try:
        return child_number(text)
    except Unusable as error:
        raise Refused("children", f"{file}: line {line} {error}") from error
