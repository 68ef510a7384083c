"""One word for one thing: words that were given up, or that mean something else in children's services, stay away."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from typer.testing import CliRunner

from services.modules import CATALOGUE
from tests.architecture.test_rooms import ROOMS, ROOT
from tests.contracts import SHIPPED_CONTRACTS
from workers.cli.app import app


@dataclass(frozen=True)
class GivenUp:
    """A word that is given up, what is said instead, and where it stays all the same, each with its reason."""

    word: str
    instead: str
    stays: Mapping[str, str]


GIVEN_UP = (
    GivenUp(
        r"\bmatters?\b|_matters?\b",
        "record",
        {
            r"[Aa] matter of (`?safety|the child's safety)": "what a dispute is about, in the framework's own words",
            r"(does not|that) matters?\b|\b_matters\b|matters, but": "the verb",
            r'FORMERLY = "matter"': "the name under which older files are read and identities are stored",
            r"`matter` is what|matter: Annotated\[str|self\.matter\b": "the option that is read for the sake of habit",
        },
    ),
    GivenUp(r"\bdeeds?\b", "activity", {}),
    GivenUp(
        r"\b(take|takes|took|taken|taking|has|have)( it| this| the \w+)? in hand\b",
        "acknowledged",
        {
            r"has what in hand|has in hand|have in hand": "what somebody has to do: their workload",
            r"whoever else has it in hand": "a notice that a process is sending",
        },
    ),
    GivenUp(
        r"\bdut(y|ies)\b|_dut(y|ies)\b|\bDut(y|ies)|\bDUT(Y|IES)\b",
        "programme task",
        {
            r"[Ss]eparation[- ]of[- ]duties|SeparationOfDuties|DUTIES\b": "who may do what to their own work",
            r'"duty["./]|`duty["`./]|\bduty\.(record|skip)': "names of events, subjects and commands, as stored",
            r"[<(.]duty\b(?!\.)|\bduty[=:]": "the field of a stored event and of a command",
            r'policy\.duties\b|"duties"|\bduties:': "the key of a policy, which councils write",
            r"a duty team": "what the word means in children's services",
        },
    ),
    GivenUp(
        r"\b(made|is|are) void\b|\b[Vv]oid audits?\b|\baudit (is|was) withdrawn\b",
        "voided",
        {r'"void an audit"|Void an audit': "the verb"},
    ),
    GivenUp(r"\b(submission|once submitted|yet submitted|submitted audit)\b", "return, returned", {}),
    GivenUp(r"\b(allocated|child's) worker\b|\bworker or (the )?manager\b", "practitioner", {}),
)


def texts() -> Iterator[tuple[str, str]]:
    """Every file of code and every document of the rooms, the README, and the help of each command."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*")):
            if path.suffix in {".py", ".md"}:
                yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
    yield "README.md", (ROOT / "README.md").read_text(encoding="utf-8")


def said(text: str, given_up: GivenUp) -> list[str]:
    """The lines that say the word, but where it stays."""
    stays = re.compile("|".join(f"(?:{each})" for each in given_up.stays) or r"(?!)")
    word = re.compile(given_up.word)
    if not word.search(text):  # as in nearly every file
        return []
    return [line.strip() for line in text.splitlines() if word.search(stays.sub("", line))]


@pytest.mark.parametrize("given_up", GIVEN_UP, ids=lambda each: each.instead)
def test_a_word_that_was_given_up_stays_away(given_up: GivenUp) -> None:
    """Neither code nor help nor documents say it, but where it stays for a reason."""
    assert {name: lines for name, text in texts() if (lines := said(text, given_up))} == {}


@pytest.mark.parametrize("given_up", GIVEN_UP, ids=lambda each: each.instead)
def test_each_reason_is_needed(given_up: GivenUp) -> None:
    """What is excepted is there: an exception that nothing needs would let the word back in unseen."""
    whole = "\n".join(text for _, text in texts())
    assert [each for each in given_up.stays if not re.search(each, whole)] == []


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("about what matter is it?", "record"),
        ("the deeds of a month", "activity"),
        ("until somebody takes it in hand", "acknowledged"),
        ("what each duty asks for", "programme task"),
        ("class DutyRow:", "programme task"),
        ("of a void audit", "voided"),
        ("from submission on", "return, returned"),
        ("told to the allocated worker", "practitioner"),
    ],
)
def test_such_a_word_is_found(line: str, instead: str) -> None:
    """Each is found in a line that says it."""
    [given_up] = [each for each in GIVEN_UP if each.instead == instead]
    assert said(line, given_up) == [line]


def test_sentences_and_help_say_what_is_said_today() -> None:
    """What a person reads at the edge: clauses and names of contracts aside, in no help and no schema stands duty."""
    runner = CliRunner()
    shown = runner.invoke(app, ["--help"]).output + runner.invoke(app, ["show", "--help"]).output
    assert not re.search(r"\bdut(y|ies)\b|\bmatter\b", shown)
    for kind in CATALOGUE.kinds.values():
        assert kind.word not in {"duty", "matter"}
    clauses = [getattr(each, "clause", "") for each in SHIPPED_CONTRACTS]
    assert not [each for each in clauses if re.search(r"\bdut(y|ies)\b", each)]
