"""What happens to a council in the middle of a period, and what its reports then say."""

import csv
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path

import pytest

from events.errors import Refused
from services.policy.versions import Policies
from tests.edited import new_version, policies_of
from tests.lives import Life, Line
from tests.reports.made import History, Made
from workers.reports.making import make, question
from workers.reports.page import Column, Figure, Narrative, Note, Row, Section, Table, Words
from workers.reports.rendering.formats import FORMATS
from workers.reports.rendering.paper import Contents, Fact, Link, Paper

MARCH = "2026-03"


def placed(at: str, unit: str, kind: str, parent: str | None = None) -> Line:
    head = {"command": "unit.place", "authority": "torbay", "actor": "P-QA", "role": "qa_team", "at": at}
    return head | {"unit": unit, "kind": kind, **({"parent": parent} if parent else {})}


def audit(name: str, returned: str, team: str = "T-1", auditor: str = "P-AUD") -> Life:
    life = Life("torbay", name, child=f"C-{name}", auditor=auditor)
    return life.allocated("2026-02-20", team=team).submitted(returned, actions=[_action(name)])


def _action(name: str) -> Line:
    return {"action": f"{name}-1", "text": "see the child", "owner": "P-SW", "due": "2026-05-01"}


def held(*lives: Life, more: tuple[Line, ...] = ()) -> History:
    lines = sorted([*(line for life in lives for line in life), *more], key=lambda line: str(line["at"]))
    history = History("torbay", *lines)
    assert not any(history.refused), history.refused
    return history


def totals(made: Made) -> Iterator[tuple[str, list[Figure], Figure]]:
    """Each count of a row that adds up the others, with these."""
    for section in made.report.sections:
        for table in (block for block in section.blocks if isinstance(block, Table)):
            for row in (each for each in table.rows if each.total):
                for across, cell in enumerate(row.cells):
                    parts = [each.cells[across] for each in table.rows if not each.total]
                    if isinstance(cell, Figure) and cell.unit == "count":
                        yield table.title, [each for each in parts if isinstance(each, Figure)], cell


def test_a_reorganisation_in_the_middle_of_a_period() -> None:
    """A team goes to a new service: each audit is counted once, under what its team belongs to at the end."""
    moves = (placed("2026-03-10T09:00:00", "S-2", "service"), placed("2026-03-10T10:00:00", "T-2", "team", "S-2"))
    lives = [audit(f"A-{each}", f"2026-03-0{each}", "T-2") for each in (2, 3, 4)]
    lives += [audit("B-1", "2026-03-20", "T-2"), audit("B-2", "2026-03-21")]
    before, after = held(*lives), held(*lives, more=moves)
    told = [history.report("audit_highlight", MARCH) for history in (before, after)]
    rows = [{row.title: str(getattr(row.cells[0], "value", "")) for row in made.table("audits").rows} for made in told]
    assert rows == [{"S-1": "5", "All": "5"}, {"S-1": "1", "S-2": "4", "All": "5"}]
    for made in told:
        for title, parts, whole in totals(made):
            assert sum(each.value or 0 for each in parts) == whole.value, title
        shares = [each for each in made.report.figures() if each.unit == "per cent" and each.value is not None]
        assert all(0 <= (each.value or 0) <= 100 for each in shares)
    of_services = [
        after.report("audit_highlight", MARCH, unit=unit).value("audits", "All", "Returned") for unit in ("S-1", "S-2")
    ]
    assert of_services == [1, 4]


def test_a_person_in_two_posts_is_counted_once() -> None:
    """The auditor who is a head of service as well has one row: what the roles did adds up to what was done."""
    also = {"command": "person.appoint", "authority": "torbay", "actor": "P-QA", "role": "qa_team"}
    second = also | {"at": "2026-01-02", "person": "P-AUD", "post": "head_of_service", "unit": "S-1"}
    made = held(audit("A-1", "2026-03-02"), audit("A-2", "2026-03-03"), more=(second,)).report("audit_highlight", MARCH)
    for title, parts, whole in totals(made):
        assert sum(each.value or 0 for each in parts) == whole.value, title


def test_the_ends_of_a_month_are_those_of_englands_clocks() -> None:
    """In summer time the month begins an hour before that of UTC, and ends an hour before it."""
    lives = [
        audit("A-1", "2026-03-31T22:59:59+00:00"),
        audit("A-2", "2026-03-31T23:00:00+00:00"),
        audit("A-3", "2026-02-28T23:59:59+00:00"),
        audit("A-4", "2026-03-01T00:00:00+00:00"),
    ]
    history = held(*lives)
    returned = {
        month: {
            each.about for each in history.report("audit_highlight", month).cell("audits", "All", "Returned").behind
        }
        for month in ("2026-02", MARCH, "2026-04")
    }
    assert returned == {
        "2026-02": {"audit/A-3"},
        MARCH: {"audit/A-1", "audit/A-4"},
        "2026-04": {"audit/A-2"},
    }


def test_a_report_of_the_last_hour_of_a_month_says_that_it_has_not_ended() -> None:
    """At half past eleven of England's evening, when UTC has an hour and a half more to go, and past midnight."""
    history = held(audit("A-1", "2026-03-02"))
    evening = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)
    assert "has not ended" in history.report("audit_highlight", MARCH, now=evening).report.notes[0].text
    with pytest.raises(Refused, match="has not begun"):
        history.report("audit_highlight", "2026-04", now=evening)
    night = datetime(2026, 3, 31, 23, 0, tzinfo=UTC)
    assert history.report("audit_highlight", MARCH, now=night).report.notes == ()
    assert "has not ended" in history.report("audit_highlight", "2026-04", now=night).report.notes[0].text


def test_a_framework_that_changes_within_the_period(tmp_path: Path) -> None:
    """The newer one says what the report is and which grades there are; those of the older scale stand beside them."""
    history = held(audit("A-1", "2026-03-02"), audit("A-2", "2026-03-20"))
    later = (*new_version("2", "2026-03-10"), ("title: Audit Highlight Report", "title: Another report"))
    policies = policies_of(tmp_path, "torbay", (), later)
    made = _by(policies, history)
    assert (made.report.title, made.report.policy_version) == ("Another report", "2")
    assert made.value("audits", "All", "Returned") == 2
    grades = policies.newest.grades
    renamed = policies.newest.model_copy(update={"grades": grades.model_copy(update={"overall": grades.overall[:1]})})
    made = _by(Policies("torbay", (*policies.versions[:-1], renamed)), history)
    table = made.table("grades")
    assert {grades.overall[1]} <= {each.title for each in table.columns}
    assert made.value("grades", "By the auditor", "All") == 2


def _by(policies: Policies, history: History) -> Made:
    policy, asked = question(policies, "audit_highlight", MARCH, datetime(2026, 6, 1, tzinfo=UTC))
    return Made(make(history.engine(), "torbay", policy, asked))


EVIL = ("=1+1", "+1", "-1+2", "@x", "\t=1", "\r=1", "\n=1", "\uff1d1+1", "{=1}", "http://x.example", "internal:A1")


BEGINS = "=+-@\t\r\n\uff1d"


@pytest.mark.parametrize("said", EVIL)
def test_no_text_in_any_place_is_a_formula(said: str) -> None:
    """Titles, heads, rows, cells, notes, texts, links, facts, names of sheets: a spreadsheet works none of it out."""
    cells = (Words(text=said), Figure(key=said, value=None))
    heads, rows = (Column(title=said), Column(title=said)), (Row(title=said, cells=cells),)
    table = Table(key=said, title=said, stub=said, columns=heads, rows=rows, note=said)
    written = Narrative(key=said, title=said, role=said, text=said)
    paper = Paper(
        name="p",
        council=said,
        title=said,
        facts=(Fact(term=said, said=said),),
        notes=(Note(text=said),),
        contents=(Contents(title=said, links=(Link(title=said, to=said),)),),
        sections=(Section(key=said, title=said, blocks=(table, written, Note(text=said))),),
    )
    with zipfile.ZipFile(BytesIO(FORMATS["xlsx"].make(paper))) as book:
        assert not re.search("<f[ >]|<hyperlink", "".join(book.read(name).decode() for name in book.namelist()))
    lines = csv.reader(StringIO(FORMATS["csv"].make(paper).decode("utf-8-sig"), newline=""))
    assert not [
        cell for line in lines for cell in line if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"))
    ]
