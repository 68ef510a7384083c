"""The language of the tests: what is stated holds, and each statement fails where something else came of it."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from events.errors import Forbidden, NotFound, Refused, SeparationOfDuties
from tests.given import Came, Scene, at, fact, given
from tests.histories import sealed
from tests.lives import QA, Life

HERE = Path(__file__).parent
ALLOCATED = Life("torbay", "A-1").allocated("2026-03-02")
SET = Life("torbay", "A-1").action("2026-03-10", "X-1", due="2026-04-01")
EARLY = Life("torbay", "A-1").action("2026-03-01", "X-1", due="2026-04-01")
UNKNOWN = Life("torbay", "A-9").action("2026-03-10", "X-1", due="2026-04-01")
OWN_FILE = Life("torbay", "A-1").act("audit.reassign", "2026-03-03", **QA, auditor="P-SW", reason="x")
FOREIGN = Life("torbay", "A-1").act("audit.close", "2026-03-10", "P-SW", "practitioner")
RETURNED = Life("torbay", "A-1").submitted("2026-03-10")

Statement = Callable[[Came], object]


def happened(*lives: Life) -> Came:
    return given(*ALLOCATED).when(*lives)


HOLDS: list[tuple[str, tuple[Life, ...], Statement]] = [
    ("a fact by its name", (SET,), lambda came: came.then("action.set")),
    ("its record", (SET,), lambda came: came.then(fact("action.set", "audit/A-1"))),
    ("a date as text", (SET,), lambda came: came.then(fact("action.set", action="X-1", due="2026-04-01"))),
    ("a sealed text as given", (SET,), lambda came: came.then(fact("action.set", text="visit the child"))),
    ("a text as sealed", (SET,), lambda came: came.then(fact("action.set", text=sealed("visit the child")))),
    ("what another record takes", (UNKNOWN,), lambda came: came.refused("audit", "A-9", error=NotFound)),
    ("a repeat", (ALLOCATED,), lambda came: came.nothing()),
    ("a refusal", (EARLY,), lambda came: came.refused("at", "before")),
    ("a refusal of who asks", (FOREIGN,), lambda came: came.refused("role", error=Forbidden)),
    ("an attempt", (OWN_FILE,), lambda came: came.attempted("auditor", "may not audit the file")),
]


@pytest.mark.parametrize(("lives", "state"), [pytest.param(*each, id=name) for name, *each in HOLDS])
def test_what_came_of_it_is_stated(lives: tuple[Life, ...], state: Statement) -> None:
    """What is so may be stated, and passes."""
    state(happened(*lives))


FAILS: list[tuple[str, tuple[Life, ...], Statement, str]] = [
    ("another fact", (SET,), lambda came: came.then("action.redated"), "audit/A-1: action.set.v1("),
    ("another value", (SET,), lambda came: came.then(fact("action.set", action="X-2")), "action='X-1'"),
    ("another day", (SET,), lambda came: came.then(fact("action.set", due="2026-04-02")), "2026, 4, 1"),
    ("another text", (SET,), lambda came: came.then(fact("action.set", text="visit")), "text='sealed:1:C-1"),
    (
        "another key",
        (SET,),
        lambda came: came.then(fact("action.set", text=sealed("visit the child", child="C-2"))),
        "C-1",
    ),
    ("another record", (SET,), lambda came: came.then(fact("action.set", "audit/A-2")), "audit/A-1: action.set.v1("),
    ("one more than stated", (SET, RETURNED), lambda came: came.then("action.set"), "audit.submitted.v1("),
    ("one fewer than stated", (SET,), lambda came: came.then("action.set", "action.set"), "audit/A-1: action.set.v1("),
    ("a fact of a repeat", (ALLOCATED,), lambda came: came.then("audit.allocated"), "no event"),
    ("a fact of a refusal", (EARLY,), lambda came: came.then("action.set"), "Refused: at:"),
    ("a fact before a refusal", (SET, FOREIGN), lambda came: came.then("action.set"), "Forbidden: role:"),
    ("a warning of none", (SET,), lambda came: came.then("action.set", warns="odd"), "a warning with 'odd', among []"),
    ("nothing, of a fact", (SET,), lambda came: came.nothing(), "audit/A-1: action.set.v1("),
    ("nothing, of a refusal", (EARLY,), lambda came: came.nothing(), "Refused: at:"),
    ("nothing, of no line", (), lambda came: came.nothing(), "repeated: 0 of 0"),
    ("a refusal of what was taken", (SET,), lambda came: came.refused("at"), "audit/A-1: action.set.v1("),
    ("a refusal of a repeat", (ALLOCATED,), lambda came: came.refused("at"), "repeated: 1 of 1"),
    ("another field", (EARLY,), lambda came: came.refused("due"), "Refused: at:"),
    ("other words", (EARLY,), lambda came: came.refused("at", "after"), "Refused: at:"),
    ("words cut at their end", (EARLY,), lambda came: came.refused("at", "before its cau"), "Refused: at:"),
    ("words cut at their beginning", (EARLY,), lambda came: came.refused("at", "fore its cause"), "Refused: at:"),
    ("a narrower error", (EARLY,), lambda came: came.refused("at", error=Forbidden), "Refused: at:"),
    ("a wider error", (FOREIGN,), lambda came: came.refused("role"), "Forbidden: role:"),
    ("what is not found, of another kind", (UNKNOWN,), lambda came: came.refused("entry", error=NotFound), "NotFound"),
    ("a refusal after a fact", (SET, FOREIGN), lambda came: came.refused("role", error=Forbidden), "action.set.v1("),
    (
        "a refusal that left its attempt",
        (OWN_FILE,),
        lambda came: came.refused("auditor", error=SeparationOfDuties),
        "audit.act_refused.v1(",
    ),
    ("an attempt that was a refusal", (EARLY,), lambda came: came.attempted("at"), "Refused: at:"),
    ("an attempt for another field", (OWN_FILE,), lambda came: came.attempted("actor"), "audit.act_refused.v1("),
    ("an attempt in other words", (OWN_FILE,), lambda came: came.attempted("auditor", "peer"), "audit.act_refused.v1("),
    ("an attempt after a fact", (SET, OWN_FILE), lambda came: came.attempted("auditor"), "action.set.v1("),
]


@pytest.mark.parametrize(("lives", "state", "there"), [pytest.param(*each, id=name) for name, *each in FAILS])
def test_what_did_not_come_of_it_fails(lives: tuple[Life, ...], state: Statement, there: str) -> None:
    """What is not so fails, and the failure says what was there instead."""
    with pytest.raises(AssertionError) as failure:
        state(happened(*lives))
    assert there in str(failure.value).partition("there was")[2] or there in str(failure.value).partition("\n")[0]


def test_a_refusal_is_of_every_record() -> None:
    """A line that is taken before the refusal fails it, whichever record it was about."""
    other = Life("torbay", "A-2").allocated("2026-03-02")
    with pytest.raises(AssertionError, match=r"audit/A-2: audit\.allocated"):
        happened(other, EARLY).refused("at")


def test_an_attempt_is_recorded_once() -> None:
    """The attempt said again is refused with the same error for the same field, and leaves nothing more."""
    scene = given(*ALLOCATED)
    scene.when(*OWN_FILE).attempted("auditor")
    scene.when(*OWN_FILE).refused("auditor", error=SeparationOfDuties)
    with pytest.raises(AssertionError, match="no event"):
        scene.when(*OWN_FILE).attempted("auditor")


def test_what_is_given_must_be_taken() -> None:
    """What is given is no statement: a refusal of it is raised, and a scene goes on after what was stated."""
    with pytest.raises(Refused, match="at: "):
        given(*ALLOCATED, *EARLY)
    scene = given(*ALLOCATED).when(*SET).then("action.set")
    assert isinstance(scene, Scene)
    assert [each.key for each in scene.owed("action")] == ["X-1"]
    assert scene.owed("no such rule") == []


@pytest.mark.parametrize(
    "state",
    [
        lambda: fact("action.sat"),
        lambda: fact("action.set", until="2026-04-01"),
        lambda: happened(SET).then("action.sat"),
        lambda: happened(SET).then(),
        lambda: happened(ALLOCATED).then(),
    ],
)
def test_a_slip_of_the_test_is_told(state: Callable[[], object]) -> None:
    """An event or a field that no contract knows, and no statement at all, are mistakes of the test itself."""
    with pytest.raises(TypeError):
        state()


def lived() -> Scene:
    """An audit that was allocated as it happened, with a reminder to come on 23 March."""
    return given(*ALLOCATED, live=True)


REMINDER = fact("notice.sent", "audit/A-1", step="reminder", due="2026-03-23 08:00", recipients=[{"holder": "P-AUD"}])
LISTED = fact("escalation.raised", step="outstanding_list")


def test_time_passes_when_the_test_says_so() -> None:
    """Nothing is due before its instant; what is, is recorded as of when the escalator looks, and once."""
    scene = lived().on("2026-03-23 07:59").nothing().on("2026-03-23 11:00").then(REMINDER.at("2026-03-23 11:00"))
    scene.on("2026-03-24").nothing().until("2026-04-01 08:00").then(LISTED.at("2026-03-31 08:00"))
    assert scene.now == at("2026-04-01 08:00")


def test_what_is_due_is_stated_in_any_order() -> None:
    """Of one look the order says nothing; of acts it does."""
    lived().on("2026-03-31 08:00").then(LISTED, REMINDER)
    with pytest.raises(AssertionError):
        given().when(*ALLOCATED, *SET).then("action.set", "audit.allocated")


UNSO: list[tuple[str, Callable[[], object]]] = [
    ("one more than stated", lambda: lived().on("2026-03-31 08:00").then(LISTED)),
    ("another beside it", lambda: lived().on("2026-03-31 08:00").then(LISTED, "notice.lapsed")),
    ("one said twice", lambda: lived().on("2026-03-31 08:00").then(LISTED, LISTED)),
    ("another instant", lambda: lived().on("2026-03-23 08:00").then(REMINDER.at("2026-03-23 08:01"))),
    ("another due", lambda: lived().on("2026-03-23 08:00").then(fact("notice.sent", due="2026-03-23 08:01"))),
    ("another record", lambda: lived().on("2026-03-23 08:00").then(REMINDER.of("audit/A-2"))),
    ("nothing, where something is due", lambda: lived().on("2026-03-23 08:00").nothing()),
    ("nothing, until something is due", lambda: lived().until("2026-03-23 08:00").nothing()),
    ("nothing, without an instant", lambda: lived().on().nothing()),
    ("a record that is not looked at", lambda: lived().on("2026-03-23 08:00", only=["audit/A-2"]).then(REMINDER)),
]


@pytest.mark.parametrize("state", [pytest.param(each, id=name) for name, each in UNSO])
def test_what_is_not_so_when_time_has_passed_fails(state: Callable[[], object]) -> None:
    """What was not recorded, or was and is not stated, fails as of acts."""
    with pytest.raises(AssertionError, match="there was"):
        state()


def test_what_is_lived_happens_now() -> None:
    """Each line is carried out at its own time and held against the directory; as history it need not be."""
    unknown = Life("torbay", "A-1").action("2026-03-10", "X-1", due="2026-04-01", owner="P-NOBODY")
    given(*ALLOCATED).when(*unknown).then(fact("action.set").at("2026-03-10"))
    lived().when(*unknown).refused("owner", "held no post on 2026-03-10")
    scene = lived().when(*SET).then(fact("action.set").at("2026-03-10 09:00"))
    assert scene.now == at("2026-03-10 09:00")


STATED = ("when", "on", "until")
"""What lets something happen that is to be stated."""


def unstated(text: str) -> list[int]:
    """The lines on which something is carried out and nothing stated of it."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
        if isinstance(node.value.func, ast.Attribute) and node.value.func.attr in STATED
    ]


def test_what_happens_is_stated() -> None:
    """No test lets something happen and states nothing of it: a refusal that it did not expect would pass unseen."""
    lines = ["given().when(line)", "given().when(line).nothing()", "came = scene.when(line)", "scene.on('2026-03-02')"]
    assert unstated("\n".join([*lines, "scene.until('2026-03-02')", "scene.seen_on('2026-03-02')"])) == [1, 4, 5]
    texts = {path: path.read_text(encoding="utf-8") for path in HERE.rglob("*.py")}
    asked = {path: text for path, text in texts.items() if any(f".{each}(" in text for each in STATED)}
    found = {path.relative_to(HERE).as_posix(): unstated(text) for path, text in asked.items()}
    assert {path: lines for path, lines in found.items() if lines} == {}
