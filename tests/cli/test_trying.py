"""`sightline policy try`: an invented month under a policy file, told in the terminal, without a server."""

import re
from datetime import datetime
from pathlib import Path

import pytest

from services.policy.model import Policy
from services.policy.start import start_of
from services.policy.written import policies_in
from services.policy_files import load
from services.settings import SHIPPED_POLICIES, Settings
from tests.cli.program import Program, Said
from tests.edited import edited
from tests.northmoor.council import FILE as NORTHMOOR

FILES = (*policies_in(SHIPPED_POLICIES), NORTHMOOR)
DRAWN = {"southwark": 2, "swindon": 1, "northmoor": 3}
"""How many samples are drawn: of each service, of the month; twice as audits come back, and once of a longer period."""

DAY = re.compile(r"[A-Z][a-z]+day, \d+ [A-Z][a-z]+ \d{4}")


def tried(file: Path, *arguments: str) -> Said:
    return Program(Settings()).run("policy", "try", str(file), *arguments)


def happened(said: Said) -> list[tuple[datetime, str]]:
    """Every act and message of the story with its instant."""
    found, day = [], ""
    for line in said.out.split("\nWho was told what")[0].splitlines():
        if DAY.fullmatch(line):
            day = line
        elif re.match(r"  \d\d:\d\d  ", line):
            at = datetime.strptime(f"{day} {line[2:7]}", "%A, %d %B %Y %H:%M")  # noqa: DTZ007 - as it was printed
            found.append((at, line[9:]))
    return found


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def month(request: pytest.FixtureRequest) -> tuple[Policy, Said]:
    """A policy, and what its month came to."""
    return load(request.param), tried(request.param)


def test_a_month_under_each_framework(month: tuple[Policy, Said]) -> None:
    """Told in the order of time, with what the framework has and without what it has not."""
    policy, said = month
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(f"{policy.framework}, version {policy.version}: an invented month")
    story = happened(said)
    assert [at for at, _ in story] == sorted(at for at, _ in story)
    words = [line for _, line in story]

    def count(wanted: str) -> int:
        return sum(bool(re.search(wanted, line)) for line in words)

    acts, graded = policy.acts, bool(policy.grades.overall)
    moderated = bool(acts["audit.moderate"] and acts["audit.allocate_moderator"])
    confirmed = not policy.actions.priorities or bool(policy.actions.priorities[-1].confirmed_by)
    kind = policy.tool.types[0]
    assert count("was given to auditor") == 4
    assert count("returned the audit with the grade" if graded else "returned the audit without a grade") == 3
    assert count("changed the grading; the audit stands with the grade") == moderated
    assert count("confirmed the audit with the grade") == 2 * moderated
    assert count("Action A-.-X .*was given to") == 3
    assert count("Action A-.-X was completed") == 2
    assert count("confirmed action A-.-X") == 2 * confirmed
    assert count("The audit was closed") == 2
    assert count("A sample for .* was drawn") == DRAWN.get(policy.authority, 0)
    due = any(
        each.due and "audit.submitted" in each.met_by and kind in (each.trigger.audit_types or policy.tool.types)
        for each in policy.obligations
        if "audit.allocated" in each.trigger.events
    )
    assert ("audit A-3" in said.out.split("Overdue on ")[1]) == due, "nobody returned it"
    assert "What was tried and refused" not in said.out


def test_what_is_told_to_whom() -> None:
    """Torbay's ladder of a return that never comes, step by step, and each message once beside whoever had it."""
    said = tried(SHIPPED_POLICIES / "torbay")
    ladder = [
        (f"{at:%-d %b %H:%M}", line.split(": ")[-1]) for at, line in happened(said) if line.startswith("audit A-3 ")
    ]
    assert ladder[1:] == [
        ("23 Mar 08:00", "Audit due in one week."),
        ("31 Mar 08:00", "Audit outstanding."),
        ("13 Apr 08:00", "Audit still outstanding."),
    ]
    listed = said.out.split("Who was told what\n")[1].split("\n\n")[0]
    assert "  Service Manager (S-2 P-SERVICE-MANAGER-S2)\n    1 x escalation, level 1: Audit outstanding\n" in listed
    messages = sum(int(count) for count in re.findall(r"^    (\d+) x ", listed, re.MULTILINE))
    assert messages == sum(
        len(line.split("; ")) for line in said.out.splitlines() if line.startswith("         told: ")
    )
    assert "Return of the audit: was due 30 Mar 2026" in said.out


def test_the_same_seed_tells_the_same(tmp_path: Path) -> None:
    """Byte for byte; another seed tells another month. A file that was only begun has its month as well."""
    first, again, other = (tried(NORTHMOOR, "--seed", seed).out for seed in ("7", "7", "8"))
    assert first == again
    assert happened(Said(0, first, "")) != happened(Said(0, other, ""))
    begun = tmp_path / "newtown.yaml"
    begun.write_text(start_of("newtown"), encoding="utf-8")
    assert tried(begun).code == 0


@pytest.mark.parametrize(
    ("edit", "mistake"),
    [
        (("fallback: qa_team", "fallback: nobody"), "unknown role nobody"),
        (("  audit.allocate: [qa_team]\n", "  audit.allocate: []\n"), "audit.allocate"),
        (("  audit.allocate: [qa_team]\n", "  audit.allocate: [auditor]\n"), "names nobody who may do it then"),
        (("  person.appoint: [qa_team]\n", "  person.appoint: []\n"), "person.appoint"),
        (("  unit.place: [qa_team]\n", "  unit.place: []\n"), "acts.unit.place: nobody may place units"),
    ],
)
def test_what_cannot_be_tried(tmp_path: Path, edit: tuple[str, str], mistake: str) -> None:
    """A file that breaks a rule, or under which nobody may begin, is refused with one line."""
    path = tmp_path / "torbay.yaml"
    path.write_text(edited("torbay", edit), encoding="utf-8")
    assert mistake in tried(path).mistake()


def test_an_office_of_two_posts(tmp_path: Path) -> None:
    """Whoever may appoint need not be who places units."""
    path = tmp_path / "torbay.yaml"
    places = ("  unit.place: [qa_team]\n", "  unit.place: [team_manager]\n")
    path.write_text(edited("torbay", places), encoding="utf-8")
    said = tried(path)
    assert (said.code, said.err) == (0, "")
    listed = said.out.split("Overdue on ")[1]
    assert "Action of the audit: was due" in listed


def test_what_was_refused_is_told_as_such(tmp_path: Path) -> None:
    """A draw of what nobody moderated finds nothing in a month in which all was: that is no rule against drawing."""
    first = "  - {name: second_tier_moderation, share: 0, marked: true}\n"
    drawn = (first, f"{first}  - {{name: the_rest, of: unmoderated, share: 13}}\n")
    path = tmp_path / "torbay.yaml"
    path.write_text(edited("torbay", drawn), encoding="utf-8")
    refused = tried(path).out.split("What was tried and refused")[1]
    assert "sample.draw of the_rest" in refused
    assert "is moderated" in refused
