"""Random lives of audits: any commands in any order on any days, for what must hold whatever people do."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import orjson
from hypothesis import strategies as st

from events.errors import NotFound, Refused
from services.importer import Importer
from services.policy.rules import written
from tests.desks import TestDesk
from tests.given import Scene, given
from tests.lives import POLICIES, QA, Life, Line, people

AUDIT = "A-1"
REAUDIT = "A-2"
AUDITS = (f"audit/{AUDIT}", f"audit/{REAUDIT}")
IMPORT = "I-1"
FIRST_DAY = datetime(2026, 1, 2, tzinfo=UTC)
HOLDERS = {
    "torbay": [
        ("P-TM", "team_manager", "T-1"),
        ("P-SM", "service_manager", "S-1"),
        ("P-HOS", "head_of_service", "S-1"),
    ],
    "halton": [
        ("P-PL", "practice_lead", "T-1"),
        ("P-PM", "principal_manager", "S-1"),
        ("P-DM", "divisional_manager", "S-1"),
    ],
}
ACTIONS = st.sampled_from(["X-1", "X-2", "X-3"])
MOVES = {"leave", "appoint"}
INSTANT = timedelta(microseconds=1)
"""By so much somebody comes or goes after all that was told: in one and the same instant, who is told would hang on
which of the two was recorded first, and a life that is imported cannot say so."""

DAYS = st.dates(FIRST_DAY.date(), FIRST_DAY.date() + timedelta(days=400)).map(str)


@st.composite
def walks(draw: st.DrawFn, authority: str, *, steps: int = 14) -> list[Line]:
    """The directory, an allocation and then any acts, each with an id of its own and never before the one before."""
    policy = POLICIES[authority].newest
    grades = st.sampled_from(policy.grades.overall)
    at = FIRST_DAY + draw(st.timedeltas(timedelta(), timedelta(days=350)))
    lines = [*people(authority), *_dated(Life(authority, AUDIT).allocated(), at)]
    kinds = draw(st.sampled_from(BEGINNINGS)) + draw(st.lists(st.sampled_from(KINDS), max_size=steps))
    for kind in kinds:
        at += draw(st.timedeltas(timedelta(), timedelta(days=25)))
        if kind in MOVES:
            at += INSTANT
        lines += _dated(_step(draw, kind, authority, grades), at)
    return [{**line, "id": f"W-{number}"} for number, line in enumerate(lines)]


KINDS = [
    *[
        "submit",
        "submit",
        "to moderator",
        "moderate",
        "moderate",
        "set",
        "set",
        "redate",
        "complete",
        "confirm",
        "meet",
    ],
    *["concern", "void", "close", "reassign", "reaudit", "leave", "appoint", "acknowledge", "resolve", "feedback"],
]

BEGINNINGS = [
    *([], ["submit"], ["submit", "set", "to moderator"]),
    *(["set", "submit", "to moderator", "moderate"], ["submit", "to moderator", "moderate", "set", "moderate"]),
]
"""How far a life has come before anything may happen, so that every stage is met often."""


def _step(draw: st.DrawFn, kind: str, authority: str, grades: st.SearchStrategy[str]) -> Iterable[Line]:  # noqa: C901, PLR0911, PLR0912 - one arm for each kind of act
    policy = POLICIES[authority].newest
    life = Life(authority, AUDIT)
    match kind:
        case "submit":
            actions = [{"action": draw(ACTIONS), "text": "visit", "owner": "P-SW", "due": draw(DAYS)}]
            return life.submitted(grade=draw(grades), actions=actions if draw(st.booleans()) else [])
        case "to moderator":
            return life.to_moderator(moderator=draw(st.sampled_from(["P-MOD", "P-MOD", "P-MOD2"])))
        case "moderate":
            return life.moderated(grade=draw(st.none() | grades), safety_plan="plan checked")
        case "set":
            return life.action(None, draw(ACTIONS), due=draw(DAYS))
        case "redate":
            return life.act("action.redate", None, **QA, action=draw(ACTIONS), due=draw(DAYS))
        case "complete":
            return life.act("action.complete", None, "P-SW", "action_owner", action=draw(ACTIONS), impact="safe")
        case "confirm":
            return life.confirmed()
        case "meet":
            rule = draw(st.sampled_from([each.name for each in policy.obligations if "obligation.met" in each.met_by]))
            return life.act("obligation.meet", None, **QA, obligation=rule)
        case "concern":
            return life.act("audit.raise_safety_concern", None, **QA, concern="not safe today")
        case "void":
            return life.act("audit.void", None, **QA, reason="chosen in error") if draw(st.booleans()) else []
        case "close":
            return life.closed(reason="nothing is left to do")
        case "reassign":
            return life.act(
                "audit.reassign", None, **QA, auditor=draw(st.sampled_from(["P-AUD", "P-AUD2"])), reason="away"
            )
        case "reaudit":
            again = Life(authority, REAUDIT, auditor="P-AUD3").allocated(reaudit_of=AUDIT)
            return again.submitted(grade=draw(grades))
        case "feedback":
            return life.act("audit.give_feedback", None, **QA, recipient="P-SW")
        case "acknowledge" | "resolve":
            rungs = [(rule.name, step.name) for rule in written(policy) for step in rule.ladder]
            obligation, step = draw(st.sampled_from(rungs))
            return life.act(f"escalation.{kind}", None, **QA, obligation=obligation, step=step, note="in hand")
    person, post, unit = draw(st.sampled_from(HOLDERS[authority]))
    command = {"leave": "person.leave", "appoint": "person.appoint"}[kind]
    return [{"command": command, "authority": authority, **QA, "person": person, "post": post, "unit": unit}]


def _dated(lines: Iterable[Line], at: datetime) -> list[Line]:
    return [{**line, "at": at.isoformat()} for line in lines]


def imported(authority: str, lines: Sequence[Line], *, name: str = IMPORT, **desk: Any) -> TestDesk:
    """A desk after the lines were imported as history; what is refused leaves nothing."""
    found = TestDesk(authority, **desk)
    Importer({authority: found}, {authority: found.keys}, name).run(map(orjson.dumps, lines))  # type: ignore[dict-item]  # a test's keys also make keys
    found.forget()
    return found


def imported_after(authority: str, lines: Sequence[Line]) -> TestDesk:
    """As `imported` makes it, but for the people of a walk, whom an import before this one brought."""
    before = len(people(authority))
    found = _with_people(authority, orjson.dumps(lines[:before])).another()
    Importer({authority: found}, {authority: found.keys}, IMPORT).run(map(orjson.dumps, lines[before:]))  # type: ignore[dict-item]  # as above
    found.forget()
    return found


@lru_cache(maxsize=len(HOLDERS))
def _with_people(authority: str, lines: bytes) -> TestDesk:
    """What hundreds of walks begin with: the same people, who are imported once."""
    return imported(authority, orjson.loads(lines), name="I-0")


def lived(authority: str, lines: Sequence[Line], *, settling: bool = False) -> Scene:
    """A desk that carried out a walk line by line at its time, working out the audits after each if asked to."""
    before = len(people(authority))
    begun = _lived_people(authority, orjson.dumps(lines[:before]))
    scene = Scene(authority, staffed=False)
    scene.live, scene.now = True, begun.now
    scene.goes_on_from(begun)
    _carry_out(scene, lines[before:], settling=settling)
    return scene


@lru_cache(maxsize=len(HOLDERS))
def _lived_people(authority: str, lines: bytes) -> Scene:
    """As above; there is no audit yet that could be worked out between them."""
    scene = given(authority=authority)
    scene.live = True  # of those who run the month, everybody is there before
    _carry_out(scene, orjson.loads(lines), settling=False)
    return scene


def _carry_out(scene: Scene, lines: Iterable[Line], *, settling: bool) -> None:
    for line in lines:
        if settling:
            scene.let_time_pass(line["at"], AUDITS)
        try:
            scene.do(line)
        except (Refused, NotFound):
            continue
