"""Asking: every view as a table and as JSON, for both authorities, with texts opened and never a sealed one shown."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import update

from projections.generations import Outdated
from projections.store import GENERATIONS, writing
from tests.cli.council import BRACKETS, NOW, Council, closed, no_policy
from tests.cli.program import Said
from tests.cli.test_growth import questions
from tests.cli.test_tree import COMMANDS
from tests.lives import Life, people
from workers.kept import halts
from workers.recording.desks import keyrings

Recording = Callable[[], Council]
AUTHORITIES = ("torbay", "halton")
CLOSED = {"torbay": "T-CLOSED", "halton": "H-CLOSED"}
VIEWS = ("register", "actions", "grade-changes", "escalations")


def show(authority: str) -> Iterator[tuple[str, ...]]:
    """Every question that there is about one authority."""
    for view in VIEWS:
        yield ("show", view, authority)
    yield ("notices", authority)
    yield ("show", "overdue", authority)
    yield ("show", "timeline", authority, "--audit", CLOSED[authority])
    yield ("show", "timeline", authority, "--child", f"C-{CLOSED[authority]}")
    yield ("show", "owed", authority, "--audit", CLOSED[authority])


QUESTIONS = [question for authority in AUTHORITIES for question in show(authority)]


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_a_table_and_its_json(question: tuple[str, ...], council: Council) -> None:
    """Every question has a table that names each audit of its JSON, and neither holds a sealed text."""
    table = council.program.run(*question)
    rows = council.program.ask(*question)
    assert (table.code, table.err) == (0, "")
    assert rows
    if question[-1] in AUTHORITIES:
        named = {row["audit"] for row in rows} - {None}  # what is owed for a month is about no audit
        assert named
        assert named <= set(table.flat.split())
    for said in (table.out, str(rows)):
        assert "sealed:" not in said


@pytest.mark.parametrize("width", [30, 100, 250])
def test_a_table_fits_the_page(width: int, council: Council) -> None:
    """Nothing is cut off: on a page of any width each line fits, and each letter of a grade and a text is there."""
    for question in QUESTIONS:
        said = council.program.run(*question, COLUMNS=str(width))
        assert max(map(len, said.out.splitlines())) <= width, question


def test_dates_stay_whole(council: Council) -> None:
    """At the width of an ordinary terminal no reference is broken in two, and at a page's width no date is."""
    narrow = council.program.run("show", "register", "torbay", COLUMNS="100").out
    assert all(audit in narrow for audit in ("T-CLOSED", "T-LATE", "T-LOWEST"))
    wide = council.program.run("show", "register", "torbay", COLUMNS="120").out
    assert "4 May 2026  1 Jun 2026   overdue" in wide


def test_to_another_program(council: Council) -> None:
    """Without a terminal and without a word on its width, a table is as wide as a page."""
    said = council.program.run("show", "timeline", "torbay", "--audit", "T-CLOSED", COLUMNS="")
    assert max(map(len, said.out.splitlines())) == 160


def test_register(council: Council) -> None:
    """The register says where each audit stands, as on the day that is asked for."""
    rows = {row["audit"]: row for row in council.program.ask("show", "register", "torbay")}
    assert rows["T-CLOSED"]["stage"] == "closed"
    assert rows["T-CLOSED"]["grade_by_auditor"] != rows["T-CLOSED"]["final_grade"]
    assert rows["T-LATE"]["late"]
    (before,) = council.program.ask("show", "register", "torbay", "--audit", "T-LATE", "--as-of", "2026-06-01")
    assert not before["late"]


def test_grade_changes(council: Council) -> None:
    """A change of grade is shown with both grades, the moderator's title, the date and the reason."""
    for authority, audit in CLOSED.items():
        said = council.program.run("show", "grade-changes", authority, "--audit", audit).flat
        assert "raised by 1 P-MOD," in said
        assert "20 Jan 2026 09:00" in said
        assert "the evidence carries more" in said
        assert "moderated: overall grade confirmed in 0, raised in 1, lowered in 0" in said


@pytest.mark.parametrize("authority", AUTHORITIES)
def test_texts_may_hold_anything(authority: str, council: Council) -> None:
    """A text with brackets is shown as it was written, in the table and in the JSON."""
    (row,) = council.program.ask("show", "actions", authority)
    assert row["text"] == BRACKETS
    assert row["impact"] == "seen weekly"
    assert BRACKETS in council.program.run("show", "actions", authority, COLUMNS="300").out
    timeline = council.program.run("show", "timeline", authority, "--audit", CLOSED[authority], COLUMNS="300").out
    assert f"text: {BRACKETS}" in timeline
    assert "child number: 4711" in timeline


@pytest.mark.parametrize("authority", AUTHORITIES)
def test_notices_are_those_of_the_plan(authority: str, council: Council) -> None:
    """`plan`, without a server, names exactly the notices that the running system has sent by now, to the same."""
    sent = {
        (row["audit"], row["due"][:16].replace("T", " "), row["title"], row["recipients"][0]["role"])
        for row in council.program.ask("notices", authority)
    }
    planned = {
        (row["audit"], row["at"][:16], row["title"], row["to"][0]["role"])
        for row in council.program.ask("plan", str(council.file))
        if row["authority"] == authority and row["outcome"] == "fires" and row["at"] <= str(NOW)
    }
    assert sent == planned
    assert sent


def test_owed(council: Council) -> None:
    """What an audit owes is shown with who owes it and whether it is overdue."""
    (late,) = [row for row in council.program.ask("show", "owed", "torbay", "--audit", "T-LATE") if row["due"]]
    assert (late["due"], late["state"]) == ("2026-06-01", "overdue")
    said = council.program.run("show", "owed", "torbay", "--audit", "T-LATE").flat
    assert "1 Jun 2026 T-LATE" in said
    assert "overdue" in said


def unknown(said: Said, what: str) -> None:
    assert said.mistake() == f"sightline: {what}: there is none in this authority\n"


def test_an_audit_that_there_is_not(council: Council) -> None:
    """A question about an audit or a child that does not exist is a mistake: it must not look as if all were well."""
    of_one = [each for each in questions() if any("--audit" in option.opts for option in COMMANDS[each].params)]
    of_one.remove("story action")  # it is about an action, and says which there is not
    assert {"notices", "show owed", "show answers", *(f"show {view}" for view in VIEWS)} < set(of_one)
    for name in of_one:
        unknown(council.program.run(*name.split(), "torbay", "--audit", "T-NONE"), "audit T-NONE")
        unknown(council.program.run(*name.split(), "torbay", "--audit", "H-CLOSED", "--json"), "audit H-CLOSED")
    unknown(council.program.run("show", "timeline", "torbay", "--child", "C-NONE"), "audit of child C-NONE")
    unknown(council.program.run("plan", str(council.file), "--audit", "T-NONE"), "audit T-NONE")


def test_an_audit_with_nothing_to_show(council: Council) -> None:
    """An audit that exists and has no row in a view says so, and that is no mistake."""
    said = council.program.run("show", "actions", "torbay", "--audit", "T-LATE")
    assert (said.code, said.flat) == (0, "torbay: action tracker nothing to show")
    assert council.program.ask("show", "actions", "torbay", "--audit", "T-LATE") == []


@pytest.mark.parametrize("audit", ["", "T LATE", "T.*", "x" * 65])
def test_a_reference_that_cannot_be(audit: str, council: Council) -> None:
    """What can be no audit's reference is refused with the form that it must have."""
    for question in (("show", "register"), ("show", "owed"), ("show", "timeline"), ("notices",)):
        said = council.program.run(*question, "torbay", "--audit", audit)
        assert "audit: " in said.mistake()
        assert "letters, digits, hyphens and underscores" in said.err


def test_a_timeline_of_something(council: Council) -> None:
    """A timeline is of an audit or of a child, and says so when it is asked for neither or both."""
    for about in ((), ("--audit", "T-LATE", "--child", "C-LATE")):
        said = council.program.run("show", "timeline", "torbay", *about)
        assert said.mistake() == "sightline: audit: name one of --audit, --child and --policy\n"


@pytest.mark.parametrize("text", ["yesterday", "2026-02-30", "01/02/2026", ""])
def test_as_of_no_date(text: str, council: Council) -> None:
    """A day that is no date is refused with the form to write."""
    said = council.program.run("show", "register", "torbay", "--as-of", text)
    assert "write YYYY-MM-DD" in said.mistake()


def test_unknown_authority(council: Council) -> None:
    """An authority without a policy is refused, and those that there are are named."""
    for question in (("show", "register"), ("notices",), ("verify",)):
        said = council.program.run(*question, "leeds")
        assert said.mistake() == no_policy("leeds", council)


def test_erased(recording: Recording) -> None:
    """After a child's key is erased its texts show as [erased] everywhere, while grades and dates stay."""
    council, audit, child = recording(), "T-ERASED", "C-T-ERASED"
    name = council.authority
    assert council.imports([*people("torbay"), *closed("torbay", audit)]).code == 0
    council.know("grade-changes", "actions", "timeline")
    questions = {
        "grades": ("show", "grade-changes", name, "--audit", audit),
        "actions": ("show", "actions", name, "--audit", audit),
        "timeline": ("show", "timeline", name, "--audit", audit),
    }
    before = {each: council.program.ask(*question) for each, question in questions.items()}
    with keyrings(council.system) as (rings, _):
        assert rings[name].erase(child)
    after = {each: council.program.ask(*question) for each, question in questions.items()}
    assert [row["rationale"] for row in after["grades"]] == ["[erased]"]
    assert [(row["text"], row["impact"]) for row in after["actions"]] == [("[erased]", "[erased]")]
    kept = ("from_grade", "to_grade", "occurred", "due", "completed_on", "sentence")
    for each, rows in before.items():
        assert [[row.get(field) for field in kept] for row in rows] == [
            [row.get(field) for field in kept] for row in after[each]
        ]
    for question in questions.values():
        said = council.program.run(*question).flat
        assert "[erased]" in said
        assert "the evidence carries more" not in said
        assert "4711" not in said
    assert council.program.run("verify", name).code == 0


def test_a_view_that_lags(recording: Recording) -> None:
    """An answer from a view that lacks events comes with a line on standard error that says so."""
    council = recording()
    council.imports([*people("torbay"), *Life("torbay", "A-OLD").allocated("2026-01-05")])
    assert council.program.run("rebuild", "register").code == 0
    before = council.length
    assert council.program.run("show", "register", council.authority).err == ""
    council.imports(Life("torbay", "A-NEW").allocated("2026-01-05"))
    said = council.program.run("show", "register", council.authority)
    lacking = f"register of {council.authority} lacks the newest {council.length - before} of {council.length} events"
    assert (said.code, said.out.count("A-OLD"), said.out.count("A-NEW")) == (0, 1, 0)
    assert lacking in said.err
    assert "`sightline health`" in said.err


def test_a_view_of_another_edition(recording: Recording) -> None:
    """Where the answer itself is refused, the line that refuses it says all: none before it says the same."""
    council = recording()
    council.imports([*people("torbay"), *Life("torbay", "A-1").allocated("2026-01-05")])
    assert council.program.run("rebuild", "register").code == 0
    engine = council.system.engine
    with writing(engine) as db:
        db.execute(update(GENERATIONS).where(GENERATIONS.c.view == "register").values(fingerprint="of other code"))
    halt = halts.Halt("register", council.authority, council.length + 1, str(Outdated("register")), NOW)
    halts.note(engine, halt)
    said = council.program.run("show", "register", council.authority)
    assert said.mistake() == f"sightline: {Outdated('register')}\n"


def test_a_view_that_nobody_kept(recording: Recording) -> None:
    """A view that no worker has made yet is no empty answer."""
    council = recording()
    said = council.program.run("show", "register", council.authority)
    assert said.mistake() == "sightline: view register: no projector has kept it in this database yet\n"
