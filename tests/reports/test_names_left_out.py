"""A copy for boards names nobody and no record, whatever its tables are set out by, in whichever format it is had."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from services.policy.reports import Report as Asked
from tests.desks import SHIPPED
from tests.random_entries import random_entries
from tests.random_lives import random_lines
from tests.reports.made import LATER, History
from workers.reports.making import make, question
from workers.reports.page import Figure, Report, Table, Words
from workers.reports.rendering.html import as_html
from workers.reports.rendering.paper import of_report
from workers.reports.rendering.rows import as_csv, as_json
from workers.reports.suppression import suppressed

COUNCILS = sorted(SHIPPED)
PERIODS = {"quarter": "2025-Q4", "half year": "2025-H2", "year": "2025", "calendar year": "2026"}


@pytest.fixture(scope="module")
def torbay() -> History:
    return History("torbay", *random_lines(11, "torbay", 12), *random_entries(7, "torbay"))


def showing(history: History, *blocks: dict[str, Any]) -> Report:
    """A report of nothing but these blocks, in its named copy."""
    said = {
        "name": "asked",
        "title": "Asked",
        "source": ["TOR-1"],
        "made_by": "qa_team",
        "audience": ["boards"],
        "sections": [{"name": "shown", "title": "Shown", "show": list(blocks)}],
    }
    policy, asked = question(SHIPPED[history.authority], "thematic_practice", "2025-Q4", LATER)
    return make(history.engine(), history.authority, policy, replace(asked, report=Asked.model_validate(said)))


def records_and_people(history: History) -> set[str]:
    """What stands for a record, for a person who acted or is only spoken of, or for what an entry is about."""
    held = (each.originator_id.partition("/") for each in history.events)
    records = {ref for kind, _, ref in held if kind in {"audit", "entry"}}
    people = {getattr(each.fact, name, None) for each in history.events for name in ("owner", "person", "subject")}
    return records | {each.envelope.actor for each in history.events} | {str(each) for each in people if each}


def named_in(page: Report, history: History) -> set[str]:
    paper = of_report(page)
    said = as_html(paper) + as_csv(paper).decode() + as_json(page).decode()
    words = set(re.findall(r"[A-Za-z0-9][A-Za-z0-9_-]*", said))
    return words & records_and_people(history)


@pytest.mark.parametrize(
    "block",
    [
        {"block": "listing", "audits": "returned"},
        {"block": "listing", "actions": "set"},
        {"block": "listing", "entries": "plan_rating"},
        {"block": "audits", "count": ["returned"], "by": "auditor"},
        {"block": "grades", "by": "moderator"},
        {"block": "timeliness", "of": ["return"], "by": "auditor"},
        {"block": "coverage", "by": "auditor", "gaps": True},
        {"block": "actions", "count": ["set"], "by": "owner"},
        {"block": "entries", "of": "plan_rating", "by": "person", "answers": ["rating"]},
        {"block": "entries", "of": "plan_rating", "by": "holder", "answers": ["rating"]},
        {"block": "entries", "of": "provider_check", "by": "subject"},
    ],
    ids=str,
)
def test_no_block_names_anybody(torbay: History, block: dict[str, Any]) -> None:
    """The named copy of each of these names records or people; the other has none of them, nor how many rows went."""
    page = showing(torbay, block)
    assert named_in(page, torbay)
    copy = suppressed(page, 5)
    assert not named_in(copy, torbay)
    assert "in all" not in as_json(copy).decode()


def test_a_total_over_people_is_left(torbay: History) -> None:
    """What all of them did together stands, for it names nobody."""
    page = showing(torbay, {"block": "audits", "count": ["returned"], "by": "auditor"})
    (block,) = suppressed(page, 1).sections[0].blocks
    assert isinstance(block, Table)
    assert [row.title for row in block.rows] == ["All"]
    assert block.rows[0].cells[0].mark is None  # type: ignore[union-attr]


WAY = re.compile(r"\b(up|down|same|better|worse|above|below|met|missed)\b")


def ways_beside_hidden(copy: Report) -> Iterator[str]:
    """What is said of a hidden number: by the words of its row, or by a last row that says how each column moved."""
    for table in (block for section in copy.sections for block in section.blocks if isinstance(block, Table)):
        moved = table.rows[-1].cells if table.rows and table.rows[-1].title == "Direction" else ()
        lines = [row.cells for row in table.rows]
        lines += [(moved[at], *(row.cells[at] for row in table.rows[-3:-1])) for at in range(len(moved))]
        for line in lines:
            if any(isinstance(cell, Figure) and cell.mark for cell in line):
                yield from (cell.text for cell in line if isinstance(cell, Words) and WAY.search(cell.text))


@pytest.mark.parametrize("authority", COUNCILS)
def test_no_report_of_a_framework_names_anybody(authority: str) -> None:
    """Of every report of every framework, over a random history; nor does it say which way a hidden number went."""
    history = History(authority, *random_lines(7, authority, 10), *random_entries(7, authority))
    for report in SHIPPED[authority].newest.reports:
        page = history.report(report.name, PERIODS.get(report.every or "quarter", "2026-02")).report
        copy = suppressed(page, 5)
        assert not named_in(copy, history), report.name
        assert not list(ways_beside_hidden(copy)), report.name
