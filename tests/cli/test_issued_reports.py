"""A report is issued once and stays as it was, whatever is recorded later; the difference is told figure by figure."""

from datetime import date
from pathlib import Path

import pytest

from tests.cli.council import Council, closed
from tests.cli.program import write_lines
from tests.stores import PATIENCE
from workers.health.whole import wait_until_settled
from workers.reports.issuing import made_report
from workers.reports.page import AsAt

REPORT = ("torbay", "audit_highlight", "2026-01")
BY = ("--actor", "P-QA", "--role", "qa_team")
WRITTEN = "plans say too little of what is to change"


@pytest.fixture(scope="module", name="council")
def council_of_its_own(own_council: Council) -> Council:
    """A council that these tests change, and nobody else looks at."""
    return own_council


def kept(council: Council, *options: str) -> str:
    said = council.program.run("report", "issued", *REPORT, "--as-kept", *BY, *options)
    assert said.code == 0, said
    return said.out


def test_a_late_correction_leaves_an_issued_report_as_it_was(council: Council, tmp_path: Path) -> None:
    """One report issued, one audit of its month recorded later: the same bytes, and what differs now is explained."""
    program = council.program
    assert program.run("report", "comment", *REPORT, "summary", "--narrative", WRITTEN, *BY).code == 0
    said = program.run("report", "issue", *REPORT, *BY)
    assert (said.code, "issue 1" in said.out) == (0, True), said
    before, shown = kept(council), program.run("report", "issued", *REPORT, *BY).out
    assert WRITTEN in shown
    assert WRITTEN not in before
    assert "every figure says what it said" in program.run("report", "compare", *REPORT, *BY).out

    late = write_lines(tmp_path / "late.jsonl", closed("torbay", "T-AFTERWARDS"))
    assert program.run("import", late, "--unverified").code == 0
    wait_until_settled(council.system, within=PATIENCE)

    assert kept(council) == before
    assert program.run("report", "issued", *REPORT, *BY).out == shown
    assert WRITTEN in program.run("report", "show", *REPORT, *BY).out
    differences = program.ask("report", "compare", *REPORT, *BY)
    assert differences != []
    for each in differences:
        assert each["then"] != each["now"]
        assert {event["record"] for event in each["events"]} == {"audit/T-AFTERWARDS"}

    assert program.run("report", "issue", *REPORT, *BY).code == 0
    assert kept(council, "--issue", "1") == before != kept(council)


def test_who_may_not_read_the_named_copy_is_given_the_other(council: Council) -> None:
    """The copy in which small numbers are hidden is for everybody, the named one for whom the policy lets."""
    report = ("torbay", "audit_highlight", "2026-02")
    assert council.program.run("report", "issue", *report, *BY).code == 0
    manager = ("--actor", "P-TM")
    said = council.program.run("report", "issued", *report, *manager)
    assert (said.code, "the suppressed copy" in said.out) == (0, True), said
    assert council.program.ask("report", "show", *report, *manager)["copy"] == "suppressed"
    for command in (
        ("issued", *report, "--copy", "named"),
        ("compare", *report),
        ("show", *report, "--copy", "named"),
        ("trace", *report, "audits.1"),
    ):
        refused = council.program.run("report", *command, *manager)
        assert (refused.code, "copy: P-TM may not read a named copy" in refused.err) == (2, True), refused


def test_boards_are_shown_what_was_issued_and_nothing_else(council: Council) -> None:
    """Two copies of two days tell what lies between them: so nobody without the named copy chooses a day.

    Nor is one made for them before somebody has issued it, of a unit of their choice, or of a window for a pack.
    """
    report, manager = ("torbay", "audit_highlight", "2026-05"), ("--actor", "P-TM")
    unissued = council.program.run("report", "show", *report, *manager)
    assert (unissued.code, "was not issued yet" in unissued.err) == (2, True), unissued
    assert council.program.run("report", "issue", *report, *BY).code == 0
    kept_copy = council.program.ask("report", "issued", *report, "--copy", "suppressed", *BY)
    assert council.program.ask("report", "show", *report, *manager) == kept_copy
    for asked in (("--as-at", "2026-05-10"), ("--as-known", "2026-05-10"), ("--unit", "S-1")):
        said = council.program.run("report", "show", *report, *manager, *asked)
        assert (said.code, "is shown a report as it was issued" in said.err) == (2, True), said


def test_what_was_never_issued(council: Council) -> None:
    """A report that nobody issued, and an issue beyond the last, are told in one line."""
    said = council.program.run("report", "issued", "torbay", "audit_highlight", "2026-03", *BY)
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert "report/audit_highlight-2026-03" in said.err


def test_the_text_of_an_erased_child(council: Council) -> None:
    """A text about a child goes with the child's key; the hashes stay true, and the rest of the issue as it was."""
    report = ("torbay", "audit_highlight", "2026-04")
    words = "the child in question was seen late"
    text = ("report", "comment", *report, "summary", "--narrative", words, "--child", "C-GONE", *BY)
    assert council.program.run(*text).code == 0
    assert council.program.run("report", "issue", *report, *BY).code == 0
    before = council.program.run("report", "issued", *report, "--as-kept", *BY).out
    assert words in council.program.run("report", "issued", *report, *BY).out
    gone = council.program.run("erase", "C-GONE", "--authority", "torbay", "--reason", "retention", *BY)
    assert gone.code == 0, gone
    said = council.program.run("report", "issued", *report, *BY)
    assert (said.code, words in said.out, "[erased]" in said.out) == (0, False, True), said
    assert council.program.run("report", "issued", *report, "--as-kept", *BY).out == before


def test_as_at_a_day_the_terminal_says_what_issuing_would_keep(council: Council) -> None:
    """A report looks back by itself: as at a day, it is the same page through each door, awaited or not."""
    report = ("torbay", "audit_highlight", "2025-12")
    as_at = AsAt(happened_by=date(2025, 12, 20))
    made = made_report(council.system, *report, as_at=as_at)
    for wait in ((), ("--wait",)):
        shown = council.program.ask("report", "show", *report, "--as-at", "2025-12-20", *BY, *wait)
        assert shown["sections"] == made.model_dump(mode="json")["sections"]
        assert shown["notes"] == made.model_dump(mode="json")["notes"]
