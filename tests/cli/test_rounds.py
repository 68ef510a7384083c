"""Rounds of auditing at the command line: planned, approved, drawn, proved, given to auditors and allocated."""

from collections.abc import Callable

import pytest

from tests.cli.council import Council
from tests.lives import people
from tests.services.rounds.scenes import auditors, case, case_list

FIFTY = [case(number) for number in range(50)]


@pytest.fixture
def council(recording: Callable[[], Council]) -> Council:
    """A council with its people, a case list, and nobody who works in the background."""
    council = recording()
    said = council.imports([*people("torbay"), *auditors(24), case_list("L-1", FIFTY)])
    assert said.code == 0, said
    return council


def run(council: Council, command: str, *arguments: str) -> str:
    said = council.program.run("round", command, council.authority, *arguments)
    assert said.code == 0, said
    return said.flat


def planned(council: Council) -> None:
    run(council, "schedule", "2026-02")
    run(council, "plan", "2026-02", "--unit", "S-1", "--origin", "complaint", "--focus", "drift")
    run(
        council,
        "enquire",
        "2026-02",
        "--line",
        "Do plans say by when?",
        "--role",
        "head_of_service",
        "--actor",
        "P-HOS",
    )


def approved(council: Council) -> None:
    run(council, "approve", "2026-02", "--role", "director", "--actor", "P-DIR")
    run(council, "approve", "2026-02", "--role", "head_of_service", "--actor", "P-HOS")


@pytest.mark.covers("TOR-24", "TOR-63", "SOU-15")
def test_the_years_schedule(council: Council) -> None:
    """A year of rounds is put into the schedule at once; it can be asked for one service."""
    said = run(council, "schedule", "2026-04", "--months", "12")
    assert "2026-05: Month 2 round, 2026-05-01 to 2026-05-31: SARS, CWD, Exploitation" in said
    council.know("rounds")
    rows = council.program.ask("round", "list", council.authority)
    assert [row["round"] for row in rows][:2] == ["2026-04", "2026-05"]
    assert len(rows) == 12
    of_one = council.program.ask("round", "list", council.authority, "--service", "Fostering")
    assert [row["round"] for row in of_one] == ["2026-06", "2026-09", "2026-12", "2027-03"]
    assert "Month 3 round" in run(council, "list")


@pytest.mark.covers("TOR-28", "TOR-32", "TOR-33")
def test_from_the_plan_to_the_audits(council: Council) -> None:
    """Planned, drawn, proved and assigned; allocated only once all have approved, and a second time nothing."""
    planned(council)
    drawn = run(council, "draw", "2026-02", "audits", "--cases", "L-1")
    assert "20 of 50 children drawn (random), seed" in drawn
    assert "20 children given to 20 auditors" in run(council, "assign", "2026-02", "audits")
    early = council.program.run("round", "allocate", council.authority, "2026-02", "audits")
    assert (early.code, early.out.count("wait for the approval of")) == (1, 20)
    approved(council)
    length = council.length
    assert "20 commands carried out (80 events), 0 done before, 0 refused" in run(
        council, "allocate", "2026-02", "audits"
    )
    with_ids = 80 + 20  # each of these commands has an id, which is taken with it
    assert council.length == length + with_ids
    assert "0 commands carried out (0 events), 20 done before" in run(council, "allocate", "2026-02", "audits")
    assert council.length == length + with_ids
    [found] = council.program.ask("round", "show", council.authority, "2026-02")
    assert (found["given"], found["counted"], found["missing"]) == (20, 0, [])
    audits = {f"2026-02-audits-{number:03}" for number in range(1, 21)}
    history = council.system.history(council.authority)
    facts = {audit: history.load(f"audit/{audit}")[0].fact for audit in audits}
    assert {getattr(fact, "child", None) for fact in facts.values()} == set(found["chosen"]["audits"])
    assert {getattr(fact, "auditor", None) for fact in facts.values()} == set(found["auditors"]["audits"].values())
    assert all(str(getattr(fact, "child_number", "")).startswith("sealed:") for fact in facts.values())


@pytest.mark.covers("TOR-32")
def test_verify(council: Council) -> None:
    """The proof builds the frame from the events of the list, draws again, and says from where the seed came."""
    planned(council)
    run(council, "draw", "2026-02", "audits", "--cases", "L-1")
    run(
        council,
        "draw",
        "2026-02",
        "dips",
        "--cases",
        "L-1",
        "--size",
        "30",
        "--method",
        "stratified",
        "--seed",
        "dice-6",
    )
    run(council, "assign", "2026-02", "audits")
    found = council.program.ask("round", "verify", council.authority, "2026-02")
    assert [(row["what"], row["draw"], row["size"], row["sound"]) for row in found] == [
        ("draw", "audits", 20, True),
        ("draw", "dips", 30, True),
        ("assignment", "audits", 20, True),
    ]
    assert [row["seed_from_frame"] for row in found] == [True, False, True]
    said = run(council, "verify", "2026-02")
    assert "draw dips: 30 of 50, seed dice-6 (it was given): made again, it came out the same" in said


@pytest.mark.covers("TOR-27", "TOR-30", "TOR-31")
def test_show(council: Council) -> None:
    """One round is told with its plan, its data, what it waits for, its targets and what it owes."""
    planned(council)
    warned = council.program.run("round", "request-data", council.authority, "2026-02")
    assert "data from 2025-08-02 to 2026-02-02 are asked for" in warned.flat
    assert "the request is late: its last day was 2026-01-19" in warned.err
    said = run(council, "show", "2026-02")
    for words in (
        "Do plans say by when?",
        "complaint",
        "2025-08-02 to 2026-02-02, late",
        "the approval of director, the approval of head_of_service",
        "Audits of the round, returned and moderated: 0 of 20",
        "Lines of enquiry of the head of the service under audit",
    ):
        assert words in said
    owed = council.program.ask("show", "owed", council.authority, "--record", "round/2026-02")
    assert {row["obligation"] for row in owed} >= {"data_request", "audit_volume", "dip_volume"}


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("show", "2026-09"), "sightline: round 2026-09: there is none in this authority\n"),
        (("verify", "2026-02"), "sightline: draw of round 2026-02: there is none in this authority\n"),
        (("show", "a b"), "sightline: round: 'a b' is not a valid reference; it has up to 64 letters"),
        (("schedule", "May"), "sightline: month: 'May' is not a valid month; write YYYY-MM\n"),
        (("schedule", "2026-05", "--months", "2", "--starts", "2026-05-04"), "sightline: months: a start or"),
        (("plan", "2026-02", "--origin", "gossip"), "sightline: origin: unknown origin gossip; known: "),
        (("draw", "2026-02", "audits", "--cases", "L-9"), "sightline: case list L-9: there is none"),
        (("draw", "2026-02", "audits", "--cases", "L-1", "--method", "by-eye"), "sightline: method: Input should be"),
        (("assign", "2026-02", "audits"), "sightline: draw audits of round 2026-02: there is none"),
        (("allocate", "2026-02", "audits"), "sightline: assignment of audits of round 2026-02: there is none"),
        (("approve", "2026-02", "--role", "qa_team"), "sightline: role: qa_team may not round.approve; that is for"),
        (("plan", "2026-02", "--actor", "a b"), "sightline: actor: 'a b' is not a valid reference"),
    ],
)
def test_mistakes_are_one_line(council: Council, arguments: tuple[str, ...], line: str) -> None:
    """A mistake is one line that names the field and the rule, with exit code 2, and nothing is recorded."""
    run(council, "schedule", "2026-02")
    length = council.length
    command, *others = arguments
    said = council.program.run("round", command, council.authority, *others)
    assert said.mistake().startswith(line)
    assert council.length == length


def test_what_a_screen_would_obey_is_refused(council: Council) -> None:
    """A control character in an option is one line with the field, and nothing is written."""
    length = council.length
    said = council.program.run("round", "schedule", council.authority, "2026-04", "--theme", "drift\x1b[2J")
    assert said.mistake() == "sightline: theme: holds the control character U+001B\n"
    own = council.program.run("round", "schedule", council.authority, "2026-04", "--actor", "sightline")
    assert own.mistake().startswith("sightline: actor: sightline is a name of the system's own")
    assert council.length == length
