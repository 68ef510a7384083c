"""A page that was issued once is read for as long as it is kept: its form is a format for ever, as an event's is."""

import json
from pathlib import Path

from workers.reports.issuing import content_of
from workers.reports.page import Figure, Narrative, Report, Table

KEPT = Path(__file__).parent / "kept-page.json"


def test_a_page_of_the_first_day_is_still_read() -> None:
    """Every kind of part that a page may hold is in the kept one, and reads as what it was."""
    page = Report.model_validate_json(KEPT.read_bytes())
    blocks = [block for section in page.sections for block in section.blocks]
    assert [type(block).__name__ for block in blocks] == ["Narrative", "Table", "Note"]
    [place] = [block for block in blocks if isinstance(block, Narrative)]
    assert (place.key, place.version, place.text) == ("summary", 2, None)
    [table] = [block for block in blocks if isinstance(block, Table)]
    figures = [cell for row in table.rows for cell in row.cells if isinstance(cell, Figure)]
    assert [(each.key, str(each.value), each.mark) for each in figures] == [
        ("audits.a", "8", None),
        ("audits.b", "None", "c"),
    ]


def test_what_was_said_then_is_still_said() -> None:
    """Written again, every field of the kept page stands as it was: a later form may only have more."""
    kept, again = json.loads(KEPT.read_bytes()), json.loads(content_of(Report.model_validate_json(KEPT.read_bytes())))
    assert holds(again, kept)


def holds(new: object, old: object) -> bool:
    """Whether everything in the old one stands in the new one as it was."""
    if isinstance(old, dict) and isinstance(new, dict):
        return all(name in new and holds(new[name], value) for name, value in old.items())
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(holds, new, old))
    return new == old
