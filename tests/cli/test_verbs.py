"""Every act by hand: the verb records what the same line in a file records, and is refused for the same rule."""

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import patch

import orjson
import pytest

import workers.demo
from events.errors import NotFound, Refused, SeparationOfDuties
from events.recorded import Recorded
from services.core import recent
from services.core.command import Command
from services.core.desk import Desk
from services.core.outcome import Outcome
from services.modules import CATALOGUE
from services.rehearsal import MemoryStore
from services.settings import Settings
from tests.cli.council import Council
from tests.cli.later_commands import LATER
from tests.cli.program import Line, Program, Said
from tests.desks import SHIPPED, TestDesk
from tests.lives import Life, people
from tests.services.test_former_identities import FORMER
from workers.cli import verbs
from workers.cli.act import Acting, Hand
from workers.cli.verbs import verb_of
from workers.recording.desks import keyrings
from workers.system import System

PROGRAM, DEMO = Program(Settings()), Path(workers.demo.__file__).parent
LINES: list[Line] = [*(each["line"] for each in FORMER), *LATER]
RICHER = {
    *(f"round.{each}" for each in ("schedule", "plan", "enquire", "request_data", "approve", "draw", "assign")),
    "cases.import",
    "calendar.give",
    "webhook.secret",
    "report.comment",
    "report.issue",
}
"""The commands whose verbs do more than to give them, and take what they take in a way of their own."""

OWN = [line for line in LINES if line["command"] not in RICHER]
OF_RECORDS = {"action", "escalation", "obligation"}
"""The groups whose commands are about a record of any kind."""

ABOUT = {"sample": "purpose", "calendar": "person"}
"""What names the record, where it is not the field of the group's name."""


def arguments(line: Line) -> list[str]:
    """What a person types for the command of a line."""
    fields = {name: held for name, held in line.items() if name != "command"}
    group = line["command"].partition(".")[0]
    if group in OF_RECORDS:
        record = fields.pop("audit", None) or fields.pop("record")
    else:
        record = fields.pop(ABOUT.get(group, group))
    options = [word for name, held in fields.items() for word in typed(f"--{name.replace('_', '-')}", held)]
    return [group, verb_of(line["command"]), str(record), *options]


def typed(option: str, held: Any) -> Iterator[str]:
    match held:
        case True | False:
            yield option if held else f"--no-{option.removeprefix('--')}"
        case dict():
            for name, each in held.items():
                yield from (option, f"{name}={each}" if isinstance(each, str) else f"{name}:={json(each)}")
        case list():
            for each in held:
                yield from (option, each if isinstance(each, str) else json(each))
        case _:
            yield from (option, str(held))


def json(held: Any) -> str:
    return orjson.dumps(held).decode()


@pytest.fixture
def by_hand(monkeypatch: pytest.MonkeyPatch) -> Callable[[Desk], None]:
    """Have the verbs act at a desk in memory."""

    def at(desk: Desk) -> None:
        @contextmanager
        def acting(authority: str, call: Hand) -> Iterator[Acting]:
            system = SimpleNamespace(policies={authority: desk.policies}, clock=desk.clock, catalogue=CATALOGUE)
            yield Acting(cast("System", system), authority, desk, cast("Any", None), call.actor, call.role)

        monkeypatch.setattr(verbs, "acting", acting)
        monkeypatch.setattr(recent, "LONGEST_LIVE", 10_000)

    return at


@pytest.mark.parametrize("line", OWN, ids=[f"{line['command']}-{number}" for number, line in enumerate(OWN)])
def test_a_verb_says_what_its_line_says(line: Line, by_hand: Callable[[Desk], None]) -> None:
    """Every field of every command can be typed, and stands in the command as it would from a file."""
    desk = Taking()
    by_hand(desk)
    said = PROGRAM.run(*arguments(line))
    assert said.code == 0, said
    assert desk.taken == [CATALOGUE.parse(orjson.dumps(line))]


def test_every_command_is_tried() -> None:
    """Each command of the catalogue has a line above, or a verb that does more and is named."""
    assert {line["command"] for line in OWN} | RICHER == set(CATALOGUE.commands)


class Taking(TestDesk):
    """A desk that takes every command, and decides nothing."""

    def __init__(self) -> None:
        super().__init__(staffed=False)
        self.taken: list[Command] = []

    def carry_out(self, command: Command) -> Outcome:
        self.taken.append(command)
        return Outcome("accepted")


@pytest.mark.parametrize("authority", ["southwark", "swindon"])
def test_an_autumn_by_hand(authority: str, by_hand: Callable[[Desk], None]) -> None:
    """Every act of the demonstration leads, typed, to the events or the refusal that its line leads to."""
    hand, file = (TestDesk(authority, staffed=False) for _ in range(2))
    by_hand(hand)
    for text in (DEMO / f"{authority}.jsonl").read_bytes().splitlines():
        line = orjson.loads(text)
        result = from_a_line(file, line)
        if line["command"] in RICHER:
            assert from_a_line(hand, line) == result
            continue
        said = PROGRAM.run(*arguments(line))
        if result in {"accepted", "repeated"}:
            assert (said.code, ("carried out" in said.out) == (result == "accepted")) == (0, True), (line, said)
        else:
            assert said.mistake() == f"sightline: {' '.join(result.split())}\n"
    assert len(events(file)) > 100
    assert [(each.fact, known(each)) for each in events(hand)] == [(each.fact, known(each)) for each in events(file)]


def from_a_line(desk: TestDesk, line: Line) -> str:
    try:
        [outcome] = desk.do(line)
    except (Refused, NotFound, SeparationOfDuties) as refusal:
        return str(refusal)
    return outcome.result


def events(desk: TestDesk) -> list[Recorded]:
    streams = cast("MemoryStore", desk.store).streams
    return [each for aggregate in sorted(streams) for each in streams[aggregate]]


def known(event: Recorded) -> tuple[object, ...]:
    envelope = event.envelope
    return envelope.command_id, envelope.digest, envelope.actor, envelope.role, envelope.occurred


GRADE = SHIPPED["torbay"].newest.grades.overall[1]
CONCERN = ("audit", "raise-safety-concern", "A-1")


@pytest.fixture
def council(recording: Callable[[], Council]) -> Council:
    """A council with its people and an open audit."""
    council = recording()
    said = council.imports([*people("torbay"), *Life("torbay", "A-1").allocated("2026-03-02")])
    assert said.code == 0, said
    return council


def give(council: Council, *words: str, stdin: bytes = b"") -> Said:
    with patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin))):
        return council.program.run(*words, "--authority", council.authority)


def test_a_text_from_standard_input(council: Council) -> None:
    """An act of now is recorded at once, with a text that no shell kept; the answer names the events."""
    before = council.length
    text = "not seen since Monday\nand nobody answers the door"
    words = (*CONCERN, "--concern", "-", "--actor", "P-AUD", "--role", "auditor", "--id", "c-1")
    said = give(council, *words, "--json", stdin=text.encode())
    assert said.code == 0, said
    raised = {"event": "audit.safety_concern_raised.v1", "record": "audit/A-1", "version": 2}
    assert said.json == {"result": "accepted", "events": [raised], "warnings": []}
    history = council.system.history(council.authority)
    recorded = history.load("audit/A-1")[-1]
    assert (recorded.envelope.actor, recorded.envelope.role) == ("P-AUD", "auditor")
    assert text not in str(recorded.fact)
    with keyrings(council.system) as (rings, _):
        assert rings[council.authority].unseal(getattr(recorded.fact, "concern", ""), "audit.concern") == text
    assert council.length == before + 2  # its id is taken with it
    again = give(council, *words, stdin=text.encode())
    assert (again.code, "done before" in again.out) == (0, True)
    assert council.length == before + 2


@pytest.mark.parametrize(
    ("words", "stdin", "line"),
    [
        ((*CONCERN,), "", "sightline: concern: is needed\n"),
        ((*CONCERN, "--concern", "-"), "", "sightline: concern: "),
        ((*CONCERN, "--concern", "x", "--at", "2020-01-06"), "", "sightline: at: 2020-01-06 is before "),
        (
            (*CONCERN, "--concern", "x", "--at", "Monday"),
            "",
            "sightline: at: is not a valid date or time; write 2026-01-31",
        ),
        ((*CONCERN, "--concern", "x", "--role", "qa"), "", "sightline: role: unknown role qa\n"),
        ((*CONCERN, "--from", "-"), "{", "sightline: from: not valid JSON"),
        ((*CONCERN, "--from", "-"), "[]", "sightline: from: must be a JSON object"),
        ((*CONCERN, "--from", "-"), '{"concern": "x", "concern": "y"}', "sightline: concern: stands twice"),
        ((*CONCERN, "--from", "-"), '{"role": "director"}', "sightline: role: is said by the call"),
        ((*CONCERN, "--from", "-"), '{"audit": "A-2", "concern": "x"}', "sightline: audit: is given twice"),
        (
            (*CONCERN, "--from", "-"),
            '{"concern": "x", "worry": "x"}',
            "sightline: worry: is not a field of this command\n",
        ),
        ((*CONCERN, "--from", "/nowhere"), "", "sightline: from: /nowhere cannot be read: No such file"),
        ((*CONCERN, "--from", "-", "--concern", "-"), "x", "sightline: from: standard input was read for concern"),
        (("audit", "raise-safety-concern", "A-9", "--concern", "x"), "", "sightline: audit A-9: there is none"),
        (("audit", "moderate", "A-1", "--section", "Plan"), "", "sightline: sections: 'Plan' is neither NAME=VALUE"),
        (
            ("audit", "moderate", "A-1", "--section", "P=a", "--section", "P=b"),
            "",
            "sightline: sections.P: is given twice\n",
        ),
        (("audit", "moderate", "A-1", "--answer", "seen:=yes"), "", "sightline: answers.seen: not valid JSON"),
        (("audit", "record-departure", "A-1", "--how", "ran"), "", "sightline: Invalid value for '--how'"),
        (("audit", "mode", "A-1"), "", "sightline: No such command 'mode'. Did you mean 'moderate'"),
        (("audits", "moderate", "A-1"), "", "sightline: No such command 'audits'. Did you mean 'audit'"),
        (("action", "confirm", "letter/A-1"), "", "sightline: "),
        (("action", "confirm", "dispute/D-9"), "", "sightline: "),
    ],
)
def test_mistakes_are_one_line(council: Council, words: tuple[str, ...], stdin: str, line: str) -> None:
    """A mistake is one line that names the field and the rule, with exit code 2, and nothing is recorded."""
    before = council.length
    assert give(council, *words, stdin=stdin.encode()).mistake().startswith(line)
    assert council.length == before


def test_a_warning_goes_to_whoever_reads(council: Council) -> None:
    """What is odd about an act that was carried out is said on standard error, or stands in the JSON."""
    words = ("audit", "submit", "A-1", "--grade", GRADE, "--override", "-", "--actor", "P-AUD", "--role", "auditor")
    said = give(council, *words, "--json", stdin=b"the family moved")
    assert said.code == 0, said
    assert said.json["warnings"]
    assert said.err == ""


def test_what_a_group_holds() -> None:
    """The program names every group; a group names its own commands and every verb, each with what its command says."""
    groups = {name.partition(".")[0] for name in CATALOGUE.commands}
    whole = PROGRAM.run("--help").out
    assert all(f" {CATALOGUE.word(group)} " in whole for group in groups)
    assert " duty " not in whole
    for group in groups - {"cases"}:
        told = PROGRAM.run(group, "--help").out
        assert all(f" {verb_of(name)} " in told for name in CATALOGUE.commands if name.startswith(f"{group}."))
    rounds = PROGRAM.run("round", "--help").out
    assert all(f" {verb} " in rounds for verb in ("verify", "allocate", "agree-questions", "record-dips"))
    former = PROGRAM.run("duty", "record", "--help").out
    assert PROGRAM.run("task", "record", "--help").out == former.replace("sightline duty", "sightline task")
    assert "always with a rationale" in PROGRAM.run("audit", "moderate", "--help").flat


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("audit mod", ["moderate"]),
        ("pers", ["person"]),
        ("audit record-departure A-1 --how ", ["closed", "moved"]),
        ("audit moderate A-1 --lear", ["--learning-points"]),
        ("round agr", ["agree-questions"]),
    ],
)
def test_completion(words: str, completed: list[str]) -> None:
    """A shell is told the groups, the verbs, their options and what there is to choose from."""
    found = PROGRAM.run(
        _SIGHTLINE_COMPLETE="complete_bash", COMP_WORDS=f"sightline {words}", COMP_CWORD=str(cword(words))
    )
    assert found.out.split() == completed


def cword(words: str) -> int:
    return len(words.split()) + words.endswith(" ")
