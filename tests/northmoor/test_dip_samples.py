"""Northmoor's dip samples: eight records of each team, drawn by chance from the case list."""

from dataclasses import replace
from typing import Any

import pytest

from events.recorded import Recorded
from events.rounds import RoundDrawn
from services.policy.describe.rounds import rounds
from services.rounds.proving import proofs
from tests.given import Scene
from tests.northmoor.council import POLICY, QA, Line, act, desk

TEAMS = {"T-MASH": 20, "T-COURT": 9, "T-CARE": 8, "T-LEAVE": 3}


def case_list(teams: dict[str, int]) -> Line:
    held = [
        {"child": f"K-{team}-{number}", "number": f"{len(team)}{number:05}", "team": team}
        for team, count in teams.items()
        for number in range(count)
    ]
    cases = [{name: value for name, value in each.items() if value} for each in held]
    return act(
        "cases.import", "2026-03-30", **QA, list="L-1", file_hash="ab", as_of="2026-03-30", cases=cases, closes=True
    )


def drawing(**more: Any) -> Line:
    return act("round.draw", "2026-04-02", **QA, round="2026-04", draw="dip_sample", cases="L-1", **more)


def drawn(listed: dict[str, int], **more: Any) -> tuple[Scene, RoundDrawn, tuple[str, ...]]:
    place = act("round.schedule", "2026-04-01", **QA, round="2026-04", month="2026-04", kind="dip sample")
    held = desk(case_list(listed), place)
    [outcome] = held.do(drawing(**more))
    [event] = outcome.events
    assert isinstance(event.fact, RoundDrawn)
    return held, event.fact, outcome.warnings


def by_team(fact: RoundDrawn) -> dict[str, int]:
    return {team: sum(child.startswith(f"K-{team}-") for child in fact.chosen) for team in TEAMS}


def test_eight_of_each_team() -> None:
    """NM-19: eight of each, however many it has; of a team with fewer all, and it is named; nobody without a team."""
    _, fact, warnings = drawn({**TEAMS, "": 5})
    assert by_team(fact) == {"T-MASH": 8, "T-COURT": 8, "T-CARE": 8, "T-LEAVE": 3}
    assert (fact.frame_size, fact.short) == (40, {"T-LEAVE": 3})
    assert warnings == ("8 of each team were asked for, and T-LEAVE has 3",)
    assert "(random, 8 of each team) for “dip_sample”" in fact.sentence()
    assert fact.sentence().endswith("; T-LEAVE has 3.")


def test_a_team_without_a_case_is_named() -> None:
    """A team that is asked for and has no child on the list is told of, and draws nobody."""
    _, fact, _ = drawn(TEAMS, teams=["T-MASH", "T-EARLY"], size=2)
    assert (len(fact.chosen), fact.short) == (2, {"T-EARLY": 0})


def test_chance_chooses_within_the_team() -> None:
    """NM-19: it is not the first eight, and another seed draws others."""
    _, first, _ = drawn(TEAMS)
    _, other, _ = drawn(TEAMS, seed="another")
    assert first.chosen != other.chosen
    assert [child for child in first.chosen if child.startswith("K-T-MASH")] != [
        f"K-T-MASH-{each}" for each in range(8)
    ]


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ({}, ""),
        ({"size": 7}, "the seed does not draw"),
        ({"per": None}, "the seed does not draw"),
        ({"short": {}}, "T-LEAVE has 3 in the frame, and fewer than were asked for; on record it has enough"),
        ({"short": {"T-LEAVE": 2}}, "T-LEAVE has 3 in the frame, on record it has 2"),
    ],
)
def test_anybody_can_draw_it_again(change: dict[str, Any], finding: str) -> None:
    """What is on record gives the same children; another number of each gives others, and the proof says so.

    A team that had fewer cannot be left out of the record, nor named with another number.
    """
    held, _, _ = drawn(TEAMS)
    history: list[Recorded] = [
        replace(each, fact=each.fact.model_copy(update=change)) if isinstance(each.fact, RoundDrawn) else each
        for each in held.store.load("round/2026-04")
    ]
    [proof] = proofs("2026-04", history, held.store.load)
    assert "; ".join(proof.findings).startswith(finding)
    assert proof.sound == (not finding)


def test_it_reads_as_the_paper_says_it() -> None:
    """A manager reads of each team and not of one."""
    told = {each.key: each.words for each in rounds(POLICY)}
    words = "Draw “dip sample”: 8 children of each team, or all where there are fewer, drawn at random"
    assert told["rounds", "draws", "dip_sample"].startswith(words)
