"""The plan of a round: its place in the year, who approves it, what is held back till then, and what counts."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from events.errors import NotFound
from events.escalations import NoticeSent
from events.rounds import DataRequested, RoundPlanned, RoundScheduled
from services.rounds.planning import missing_approvals
from tests.edited import edited, policies_of
from tests.given import Scene, given
from tests.lives import QA, Life, people
from tests.rounds import DIRECTOR, HEAD_OF_SERVICE, RoundLife
from tests.services.rounds.scenes import HEAD, round_of

TWO_SERVICES = [
    {"command": "unit.place", **HEAD, "at": "2025-09-01", "unit": "S-2", "kind": "service"},
    {
        "command": "person.appoint",
        **HEAD,
        "at": "2025-09-01",
        "person": "P-HOS2",
        "post": "head_of_service",
        "unit": "S-2",
    },
]


@pytest.fixture
def desk() -> Scene:
    return given(*people("torbay"), *TWO_SERVICES)


def scheduled(desk: Scene, month: str, **fields: Any) -> RoundScheduled:
    [outcome] = desk.do(*RoundLife(fields.pop("reference", month)).scheduled("2025-12-01", month=month, **fields))
    [event] = outcome.events
    assert isinstance(event.fact, RoundScheduled)
    return event.fact


def waits_for(desk: Scene) -> list[str]:
    return list(missing_approvals(round_of(desk), desk.policies.newest))


@pytest.mark.covers("TOR-36", "TOR-62", "TOR-63", "A-TOR-14")
def test_a_year_of_rotation(desk: Scene) -> None:
    """Month 1 is April, July, October and January; each round starts on the first working day of its month."""
    year = [scheduled(desk, f"2026-{month:02}") for month in range(1, 13)]
    assert [each.name for each in year[:4]] == ["Month 1 round", "Month 2 round", "Month 3 round", "Month 1 round"]
    assert year[3].services == ("Early Help", "Front-door")
    assert year[4].services == ("SARS", "CWD", "Exploitation")
    assert "Exploitation" in year[5].services
    assert [each.starts.isoformat() for each in (year[0], year[1], year[4], year[7])] == [
        "2026-01-02",
        "2026-02-02",
        "2026-05-01",
        "2026-08-03",
    ]
    assert (year[1].ends, year[11].ends) == (date(2026, 2, 28), date(2026, 12, 31))


@pytest.mark.covers("TOR-1", "TOR-36")
def test_every_service_area_every_three_months(desk: Scene) -> None:
    """In any three months in a row each service area has its round."""
    year = [scheduled(desk, f"2026-{month:02}") for month in range(1, 13)]
    for number in range(10):
        audited = {area for each in year[number : number + 3] for area in each.services}
        assert audited >= set(desk.policies.newest.rounds.service_areas)


@pytest.mark.covers("TOR-16", "TOR-24", "HAL-17", "HAL-19", "HAL-39", "SWI-16", "SOU-14", "SOU-25", "A-SOU-02")
def test_other_activities_of_the_year(desk: Scene) -> None:
    """Themed audits, dip samples and observations stand in the schedule with theme, sections and dates of their own."""
    fact = scheduled(desk, "2026-03", reference="2026-03-neglect", kind="themed audit", theme="Neglect")
    assert (fact.name, fact.services, fact.starts.isoformat()) == ("Neglect", (), "2026-03-02")
    own = {"kind": "themed audit", "theme": "Neglect", "areas": ["Plans"], "starts": "2026-03-09", "ends": "2026-03-20"}
    moved = scheduled(desk, "2026-03", reference="2026-03-neglect", **own)
    assert (moved.areas, moved.starts, moved.ends) == (("Plans",), date(2026, 3, 9), date(2026, 3, 20))
    halton = given(*people("halton"), authority="halton")
    [outcome] = halton.do(
        *RoundLife("2026-03", "halton").scheduled("2025-12-01", kind="thematic audit", areas=["Planning"])
    )
    assert isinstance(outcome.events[0].fact, RoundScheduled)


@pytest.mark.covers("TOR-25", "TOR-27", "TOR-29", "SWI-28")
def test_the_plan(desk: Scene) -> None:
    """The plan holds the standard diagnostics, the focus with its origin, lines of enquiry and agreed questions."""
    life = RoundLife("2026-02").scheduled("2026-01-05")
    life.planned("2026-01-12", focus="drift", origin="complaint", units=["S-1"])
    life.act("round.enquire", "2026-01-13", **HEAD_OF_SERVICE, lines=["Do plans say by when?"])
    questions = {"service": "SARS", "manager": "P-SM", "questions": ["Is the plan shared?"]}
    desk.do(*life.act("round.agree_questions", "2026-01-14", **questions))
    state = round_of(desk)
    assert isinstance(state.planned, RoundPlanned)
    assert state.planned.diagnostics == desk.policies.newest.rounds.diagnostics
    assert (state.planned.focus, state.planned.origin) == ("drift", "complaint")
    assert state.enquiries == ["Do plans say by when?"]
    assert state.questions["SARS"].manager == "P-SM"


@pytest.mark.covers("TOR-28")
def test_every_head_of_service_approves(desk: Scene) -> None:
    """Director and the head of each service under audit approve, each head for their own service alone."""
    life = RoundLife("2026-02").scheduled("2026-01-05").planned("2026-01-12", units=["S-1", "S-2"])
    desk.do(*life.by_director("2026-01-20"))
    assert waits_for(desk) == ["the approval of head_of_service"]
    desk.do(*RoundLife("2026-02").by_head_of_service("2026-01-21"))
    assert waits_for(desk) == ["the approval of head_of_service of S-2"]
    second = RoundLife("2026-02").act("round.approve", "2026-01-22", actor="P-HOS2", role="head_of_service")
    desk.when(Life("torbay", "A-1").allocated("2026-02-02", round="2026-02").lines[0]).refused(
        "round", "audits of 2026-02 wait for the approval of head_of_service of S-2"
    )
    desk.when(second.lines[0] | {"units": ["S-1"]}).refused("units", "P-HOS2 is not head_of_service of S-1")
    desk.do(*second)
    assert waits_for(desk) == []
    desk.do(Life("torbay", "A-1").allocated("2026-02-02", round="2026-02").lines[0])
    desk.when(second.lines[0] | {"at": "2026-01-23"}).refused("round", "has approved the plan as it stands")


@pytest.mark.covers("TOR-28")
@pytest.mark.parametrize("change", ["plan", "enquire", "agree_questions"])
def test_a_changed_plan_is_approved_afresh(desk: Scene, change: str) -> None:
    """Whatever is added to an approved plan, the approvals are of the plan that stood before."""
    desk.do(*RoundLife("2026-02").scheduled("2026-01-05").planned("2026-01-12").approved("2026-01-20"))
    assert waits_for(desk) == []
    fields: dict[str, dict[str, Any]] = {
        "plan": {"focus": "drift", "units": ["S-1"]},
        "enquire": {"lines": ["one more"]},
        "agree_questions": {"service": "SARS", "manager": "P-SM", "questions": ["one more"]},
    }
    desk.do(*RoundLife("2026-02").act(f"round.{change}", "2026-01-21", **fields[change]))
    assert waits_for(desk) == ["the approval of director", "the approval of head_of_service"]
    desk.do(*RoundLife("2026-02").approved("2026-01-22"))
    desk.do(Life("torbay", "A-1").allocated("2026-02-02", round="2026-02").lines[0])
    once_more = fields[change] | ({"focus": "neglect"} if change == "plan" else {})
    desk.when(*RoundLife("2026-02").act(f"round.{change}", "2026-02-03", **once_more)).refused("round", "are given out")


@pytest.mark.covers("TOR-28")
def test_a_round_that_nobody_planned(desk: Scene) -> None:
    """Under a gate an audit of an unknown round is refused; an audit of no round is not held back."""
    desk.when(Life("torbay", "A-1").allocated("2026-02-02", round="2026-02").lines[0]).refused(
        "round", "2026-02", error=NotFound
    )
    desk.do(*RoundLife("2026-02").scheduled("2026-01-05"))
    desk.when(Life("torbay", "A-1").allocated("2026-02-02", round="2026-02").lines[0]).refused(
        "round", "wait for its plan, the approval of director and the approval of head_of_service"
    )
    desk.do(Life("torbay", "A-1").allocated("2026-02-02").lines[0])


@pytest.mark.covers("TOR-28")
def test_an_approval_does_not_reach_back(desk: Scene) -> None:
    """History that is told afterwards is held to the same rule: an audit given out before the approvals is refused."""
    desk.do(*RoundLife("2026-02").scheduled("2026-01-05").planned("2026-01-12").approved("2026-02-03"))
    desk.when(Life("torbay", "A-1").allocated("2026-02-02", round="2026-02").lines[0]).refused(
        "round", "wait for the approval of director and the approval of head_of_service"
    )
    desk.do(Life("torbay", "A-1").allocated("2026-02-03", round="2026-02").lines[0])


def test_without_approvals_nothing_is_held_back() -> None:
    """Where the framework names nobody who approves, a round is a word on the audit; scheduled, it counts."""
    desk = given(authority="halton")
    life = Life("halton", "A-1").allocated("2026-02-07", round="2026-02")
    desk.do(*people("halton"), *life)
    desk.do(*RoundLife("2026-03", "halton").scheduled("2026-02-20"))
    desk.do(*Life("halton", "A-2", child="C-2").allocated("2026-03-07", round="2026-03").submitted("2026-03-12"))
    assert desk.store.load("round/2026-02") == ()
    assert round_of(desk, "2026-03").counted == {"A-2"}


@pytest.mark.covers("TOR-30", "TOR-31")
@pytest.mark.parametrize(("day", "late"), [("2026-01-19", False), ("2026-01-20", True)])
def test_a_late_request_is_flagged(desk: Scene, day: str, late: bool) -> None:  # noqa: FBT001 - a table's column
    """Two weeks before the start is in time, a day later is late: recorded and warned of, never refused."""
    desk.do(*RoundLife("2026-02").scheduled("2026-01-05"))
    [outcome] = desk.do(*RoundLife("2026-02").data_requested(day))
    [event] = outcome.events
    assert isinstance(event.fact, DataRequested)
    assert (event.fact.late, event.fact.latest) == (late, date(2026, 1, 19))
    assert (event.fact.since, event.fact.until) == (date(2025, 8, 2), date(2026, 2, 2))
    assert outcome.warnings == (("the request is late: its last day was 2026-01-19",) if late else ())


@pytest.mark.covers("TOR-34", "A-TOR-10")
def test_what_counts_towards_the_round(desk: Scene) -> None:
    """A full audit counts once it is returned and moderated, once, and no more when it is voided."""
    desk.do(*RoundLife("2026-02").scheduled("2026-01-05").planned("2026-01-12").approved("2026-01-20"))
    lives = [
        Life("torbay", f"A-{number}", child=f"C-{number}").allocated("2026-02-02", round="2026-02")
        for number in range(4)
    ]
    lives[0].submitted("2026-02-10")
    for life in lives[1:3]:
        life.submitted("2026-02-10").to_moderator("2026-02-10").moderated("2026-02-12")
    lives[1].moderated("2026-02-13")
    desk.do(*(line for life in lives for line in life))
    assert (round_of(desk).counted, len(round_of(desk).given)) == ({"A-1", "A-2"}, 4)
    desk.do(*Life("torbay", "A-2").act("audit.void", "2026-02-14", **QA, reason="wrong file"))
    assert (round_of(desk).counted, len(round_of(desk).given)) == ({"A-1"}, 3)


@pytest.mark.covers("TOR-34", "TOR-35", "A-TOR-10")
@pytest.mark.parametrize(("dips", "told"), [(199, ["199 of 200 dip samples"]), (200, []), (350, []), (351, [])])
def test_shortfall_at_the_end_of_the_month(desk: Scene, dips: int, told: list[str]) -> None:
    """One below the target is told at the end of the month; on it, and above the range, nobody is told anything."""
    desk.do(*RoundLife("2026-02").scheduled("2026-01-05"))
    outcomes = desk.do(
        *RoundLife("2026-02").dipped("2026-02-27", 100).dipped("2026-02-28T15:00", dips - 100, start=101)
    )
    over = ("351 dip samples are more than the 350 that are aimed at",)
    assert outcomes[-1].warnings == (over if dips > 350 else ())
    desk.keep("round/2026-02")
    titles = [each.fact.title for each in desk.history("round/2026-02") if isinstance(each.fact, NoticeSent)]
    assert [title for title in titles if "dip samples" in title] == told
    assert [title for title in titles if "audits" in title] == ["0 of 20 audits returned and moderated"]


def test_a_moved_round_moves_its_clocks(desk: Scene) -> None:
    """A round that gets another start is opened then, and a request that was made before needs no repetition."""
    desk.do(*RoundLife("2026-02").scheduled("2026-01-05").data_requested("2026-01-06"))
    desk.do(*RoundLife("2026-02").scheduled("2026-01-07", starts="2026-02-09"))
    owed = {each.name: each for each in desk.settled("round/2026-02").owed if each.fell_away is None}
    assert owed["data_request"].due == date(2026, 1, 26)
    assert owed["data_request"].met_since() is not None
    [rung] = owed["round_opening"].rungs
    assert rung.due.date() == date(2026, 2, 9)


@pytest.mark.parametrize(
    ("command", "fields", "field", "rule"),
    [
        ("schedule", {"month": "2026-02", "kind": "party"}, "kind", "unknown kind party"),
        ("schedule", {"month": "2026-02"}, "round", "has that place already"),
        ("schedule", {"month": "2026-02", "ends": "2026-02-01"}, "ends", "before its start"),
        ("schedule", {"month": "2026-02", "areas": ["Weather"]}, "areas", "Weather is not a section of the form"),
        ("schedule", {"month": "2026-13"}, "month", "is not a valid month; write 2026-01"),
        ("plan", {"origin": "gossip"}, "origin", "unknown origin gossip; known: serious case review"),
        ("plan", {"units": ["T-1"]}, "units", "T-1 is not a service of the directory"),
        ("enquire", {"lines": ["x"]}, "round", "2026-02 has no plan yet"),
        ("agree_questions", {"service": "CWDX", "manager": "P", "questions": ["x"]}, "service", "CWDX is not in"),
        ("receive_data", {}, "round", "no data of 2026-02 were asked for"),
        ("approve", DIRECTOR, "round", "2026-02 has no plan yet"),
        ("record_dips", {"sampled": ["D-1", "D-1"]}, "sampled", "D-1 was dip sampled in 2026-02 already"),
        ("record_dips", {"sampled": []}, "sampled", "at least 1 item"),
    ],
)
def test_refusals(desk: Scene, command: str, fields: dict[str, Any], field: str, rule: str) -> None:
    """What does not fit is refused with its field and the rule."""
    desk.do(*RoundLife("2026-02").scheduled("2026-01-05"))
    desk.when(*RoundLife("2026-02").act(f"round.{command}", "2026-01-06", **fields)).refused(field, rule)


@pytest.mark.covers("SWI-46")
def test_the_year_is_looked_at_again() -> None:
    """Which bodies reviewed a planned activity is on record; a framework without data or approvals has neither."""
    desk = given(
        *people("swindon"),
        *RoundLife("2026-02", "swindon").scheduled("2026-01-05", kind="thematic audit"),
        authority="swindon",
    )
    bodies = ["Senior Leadership Team", "Practice and Performance Board"]
    desk.do(*RoundLife("2026-02", "swindon").act("round.review", "2026-01-20", bodies=bodies))
    assert getattr(desk.store.load("round/2026-02")[-1].fact, "bodies", None) == tuple(bodies)
    desk.when(*RoundLife("2026-02", "swindon").data_requested("2026-01-21")).refused("round", "asks for no data")
    assert not desk.settled("round/2026-02").owed


def test_no_message_without_a_word_of_the_framework(tmp_path: Path) -> None:
    """Taken out of the policy, none of the clocks of rounds sends anything: no figure stands in the program."""
    text = edited("torbay")
    owed = text[text.index("  - name: data_request\n") : text.index("  - name: second_tier_moderation\n    title")]
    told = text[text.index("  - name: round_opening") : text.index("  - name: practice_week_briefing")]
    policies = policies_of(tmp_path, "torbay", [(owed, ""), (told, "")])
    desk = given(
        *people("torbay"),
        *RoundLife("2026-02").scheduled("2026-01-05").planned("2026-01-12"),
        *RoundLife("2026-02").data_requested("2026-01-31"),
        policies=policies,
    )
    assert desk.settled("round/2026-02").facts == ()
