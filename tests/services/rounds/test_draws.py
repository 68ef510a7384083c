"""Draws of a round: from which frame, who may not be in it, that they stand, and that anybody can make them again."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from events.base import Fact
from events.cases import CaseListClosed, CaseListOpened, CasesListed, ListedCase
from events.errors import NotFound
from events.recorded import Recorded
from events.registry import encode
from events.rounds import RoundDrawn
from services.clock import local_date
from services.core.histories import Histories
from services.core.situation import Situation
from services.directory.may import Council, Roll
from services.modules import CATALOGUE
from services.rounds.commands import DrawRound
from services.rounds.decisions import draw, seed_of
from services.rounds.proving import proofs
from services.rounds.state import Round
from tests.given import Scene, fact, given
from tests.histories import sealed
from tests.lives import Life
from tests.services.rounds.scenes import (
    STRANDS,
    TEAMS,
    assigned,
    auditors,
    case,
    case_list,
    desk_with,
    drawing,
    drawn,
    february,
    round_of,
    torbay,
)

FIFTY = [case(number) for number in range(50)]


def findings(desk: Scene, history: list[Recorded] | None = None) -> list[str]:
    """What a proof of the round's draws finds."""
    held = history or list(desk.store.load("round/2026-02"))
    return [finding for each in proofs("2026-02", held, desk.store.load) for finding in each.findings]


@pytest.mark.covers("TOR-32")
def test_spread_over_children_and_teams() -> None:
    """Twenty of fifty children, none twice, of every team, with method, seed and frame on record."""
    fact = drawn(desk_with(FIFTY))
    assert (len(fact.chosen), len(set(fact.chosen)), fact.frame_size) == (20, 20, 50)
    assert {TEAMS[int(child[2:]) % 4] for child in fact.chosen} == set(TEAMS)
    assert (fact.method, fact.spread, fact.cases, fact.cases_version) == ("random", "team", "L-1", 3)
    assert fact.seed == seed_of("2026-02", "audits", fact.frame_digest)


@pytest.mark.covers("TOR-32")
@pytest.mark.parametrize("method", ["random", "systematic", "stratified"])
def test_anybody_can_draw_it_again(method: str) -> None:
    """From the events alone the same children come out, by each method, also on another system."""
    desk, other = desk_with(FIFTY), desk_with(FIFTY[::-1])
    fact = drawn(desk, method=method)
    assert drawn(other, method=method) == fact
    [proof] = proofs("2026-02", desk.store.load("round/2026-02"), desk.store.load)
    assert (proof.sound, proof.seed_from_frame, proof.size, proof.frame) == (True, True, 20, 50)


@pytest.mark.covers("TOR-32")
@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ({"chosen": ("K-000", "K-001")}, "who are not in the sample"),
        ({"seed": "another"}, "the seed does not draw"),
        ({"frame_digest": "00"}, "is another one than that of"),
        ({"excluded": ("K-003",)}, "K-003 was left out as recently audited, and nothing on record says so"),
        ({"cases_version": 9}, "has 3 events, the draw was made after 9"),
    ],
)
def test_a_choice_by_hand_is_found(change: dict[str, Any], finding: str) -> None:
    """Whatever is changed in the record of a draw, drawing it again tells."""
    desk = desk_with(FIFTY)
    drawn(desk)
    history = [
        Recorded(each.originator_id, each.originator_version, changed(each.fact, change), each.envelope)
        for each in desk.store.load("round/2026-02")
    ]
    assert finding in " ".join(findings(desk, history))


def changed(fact: Fact, change: dict[str, Any]) -> Fact:
    return fact.model_copy(update=change) if isinstance(fact, RoundDrawn) else fact


@pytest.mark.covers("TOR-32")
def test_nobody_draws_until_it_pleases() -> None:
    """A draw stands while its frame is the same, and for good once its files are given to auditors."""
    desk = desk_with(FIFTY)
    desk.do(*auditors(20))
    drawn(desk)
    desk.when(drawing(seed="another")).refused("draw", "drawn already from this frame")
    desk.do(case_list("L-2", FIFTY[:40], at="2026-02-01"))
    assert drawn(desk, cases="L-2", at="2026-02-03").frame_size == 40
    assigned(desk, at="2026-02-04")
    desk.when(drawing(at="2026-02-05")).refused("draw", "that sample stands")


@pytest.mark.covers("TOR-32", "TOR-63")
def test_the_services_of_the_round() -> None:
    """Without further words the children of the round's services are drawn; a child of another is not in the frame."""
    cases = [case(number, service="Early Help" if number < 10 else "SARS") for number in range(40)]
    assert drawn(desk_with(cases)).frame_size == 30
    assert drawn(desk_with(cases), services=["Early Help"]).frame_size == 10
    assert drawn(desk_with(cases), teams=["T-1"]).frame_size == 10


@pytest.mark.covers("SWI-26")
def test_of_the_managers_own_team() -> None:
    """A draw may be of one team alone."""
    fact = drawn(desk_with(FIFTY), draw="dips", size=5, teams=["T-2"])
    assert {int(child[2:]) % 4 for child in fact.chosen} == {1}
    assert len(fact.chosen) == 5


def test_the_units_under_audit() -> None:
    """Where the list names no service, the teams of the units under audit say whose children are drawn."""
    cases = [case(number, service=None) for number in range(40)]
    fact = drawn(desk_with(cases, units=["S-1"]))
    assert (fact.frame_size, fact.teams) == (20, ("T-1", "T-2"))


@pytest.mark.covers("TOR-35")
def test_dip_samples_have_a_range() -> None:
    """Dip samples are drawn in the same way, two hundred unless the command says otherwise, and at most 350."""
    desk = desk_with([case(number) for number in range(400)])
    desk.when(drawing("dips", size=351)).refused("size", "351 is more than 350, the most of dips")
    most = desk_with([case(number) for number in range(351)])
    assert len(drawn(most, draw="dips", size=350).chosen) == 350
    assert len(drawn(desk, draw="dips").chosen) == 200
    [outcome] = desk_with(FIFTY).do(drawing("dips"))
    assert outcome.warnings == ("there are only 50 children to draw, 200 were asked for",)


@pytest.mark.covers("TOR-32")
def test_a_stratified_draw_keeps_its_strata() -> None:
    """A stratified draw has of each strand its share."""
    cases = [case(number, strand=STRANDS[number < 30]) for number in range(100)]
    fact = drawn(desk_with(cases), method="stratified")
    assert sum(int(child[2:]) < 30 for child in fact.chosen) == 6


@pytest.mark.covers("TOR-37")
def test_a_further_sample_resembles_the_child() -> None:
    """After a concern a further sample shares service and strand with the child, who is not in it."""
    fact = drawn(desk_with(FIFTY), draw="similar", like="K-007")
    own = {number: (each["service"], each["strand"]) for number, each in enumerate(FIFTY)}
    assert {own[int(child[2:])] for child in fact.chosen} == {own[7]}
    assert "K-007" not in fact.chosen
    assert (len(fact.chosen), fact.alike) == (5, ("service", "strand"))


@pytest.mark.covers("HAL-23", "SWI-25", "A-HAL-15", "A-SWI-10", "A-ALL-12")
def test_open_long_enough_and_not_just_audited(tmp_path: Path) -> None:
    """Where the policy says so, a child opened too lately or audited recently is not in the frame."""
    policies = torbay(
        tmp_path,
        ("{name: audits, size: 20,", "{name: audits, size: 20, min_open: 4 weeks, not_audited_within: 6 months,"),
    )
    opened = {1: "2026-01-05", 2: "2026-01-06", 3: None}
    cases = [case(number, open_since=opened.get(number, "2025-01-06")) for number in range(10)]
    desk = desk_with(cases, policies)
    for number, day in ((5, "2025-08-01"), (6, "2025-08-02"), (7, "2026-01-20")):
        desk.do(Life("torbay", f"A-{number}", child=f"K-{number:03}").allocated(day).lines[0])
    desk.do(Life("torbay", "A-8", child="K-008").allocated("2026-01-21").lines[0])
    desk.do(Life("torbay", "A-8").act("audit.void", "2026-01-22", "P-QA", "qa_team", reason="wrong file").lines[0])
    fact = drawn(desk)
    assert (fact.open_by, fact.not_since) == (date(2026, 1, 5), date(2025, 8, 2))
    assert fact.excluded == ("K-006", "K-007")
    assert set(fact.chosen) == {"K-000", "K-001", "K-004", "K-005", "K-008", "K-009"}
    assert findings(desk) == []
    desk.do(Life("torbay", "A-7").act("audit.void", "2026-02-03", "P-QA", "qa_team", reason="wrong file").lines[0])
    assert findings(desk) == [], "what was taken back after the draw was left out of it all the same"


@pytest.mark.covers("SOU-23", "SOU-24", "SOU-27", "A-SOU-16")
@pytest.mark.parametrize("kind", ["monthly audits", "multi-agency audit"])
def test_one_of_each_practice_group(kind: str) -> None:
    """Southwark draws one child of each practice group at random, for its own audits and for those between agencies."""
    head = {"authority": "southwark", "actor": "P-QA", "role": "qa_lead"}
    cases = [case(number, service=None, strand=None) for number in range(50)]
    desk = given(
        {**case_list("L-1", cases), **head},
        {"command": "round.schedule", **head, "at": "2026-01-05", "round": "2026-02", "month": "2026-02"}
        | {"kind": kind},
        authority="southwark",
    )
    [outcome] = desk.do({**drawing("month"), **head})
    [event] = outcome.events
    assert isinstance(event.fact, RoundDrawn)
    assert sorted(int(child[2:]) % 4 for child in event.fact.chosen) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("change", "field", "rule"),
    [
        ({"draw": "tombola"}, "draw", "unknown draw tombola; known: audits, dips, similar"),
        ({"draw": "similar", "method": "systematic"}, "method", "similar is not drawn systematic; methods: random"),
        ({"like": "K-001"}, "like", "the policy does not say in what children of audits resemble each other"),
        ({"draw": "similar", "like": "K-999"}, "like", "K-999 is not on the case list L-1"),
        ({"services": ["Fostering"]}, "cases", "none of the 50 children of L-1 can be drawn: 50 of another service"),
        ({"size": 0}, "size", "Input should be greater than or equal to 1"),
        ({"seed": "a b"}, "seed", "is not a valid reference"),
    ],
)
def test_refusals(change: dict[str, Any], field: str, rule: str) -> None:
    """What cannot be drawn is refused with the field and the rule."""
    desk_with(FIFTY).when(drawing() | change).refused(field, rule)


def test_nothing_to_draw_from() -> None:
    """No draw from a list that there is not, or for a round that has no place in the year."""
    desk_with(FIFTY).when(drawing(cases="L-9")).refused("case list", "L-9", error=NotFound)
    desk_with(FIFTY).when(drawing(round="2026-09")).refused("round", "2026-09", error=NotFound)


@pytest.mark.covers("TOR-32")
def test_a_hundred_thousand_children() -> None:
    """A list of 100,000 children is drawn from in seconds, into an event that is far below a message's size."""
    parts = [
        CasesListed(
            cases=tuple(
                ListedCase(
                    child=f"K-{each:06}",
                    number=sealed(),
                    service="SARS",
                    team=f"T-{each % 90}",
                    worker=f"P-W{each % 900}",
                    strand=STRANDS[each % 2],
                )
                for each in range(start, start + 500)
            )
        )
        for start in range(0, 100_000, 500)
    ]
    desk = desk_with(FIFTY)
    [sample, *_] = desk.store.load("cases/L-1")
    opened = CaseListOpened(file_hash="ab", kind="plain", as_of=date(2026, 1, 26))
    facts = [opened, *parts, CaseListClosed(taken=100_000, left_out=0)]
    history = [Recorded("cases/L-1", number, fact, sample.envelope) for number, fact in enumerate(facts, start=1)]
    command = DrawRound.model_validate_json(_json(drawing("dips", size=350, method="stratified")))
    situation = _situation(desk, history, command)
    [fact] = draw(command, Round.of(desk.store.load("round/2026-02")), situation)
    assert isinstance(fact, RoundDrawn)
    assert (fact.frame_size, len(fact.chosen)) == (100_000, 350)
    assert len(encode(fact)) < 20_000


def _json(line: dict[str, Any]) -> bytes:
    from orjson import dumps  # noqa: PLC0415 - only here

    return dumps(line)


def _situation(desk: Scene, history: list[Recorded], command: DrawRound) -> Situation:
    assert command.at is not None
    histories = Histories(CATALOGUE.opened, desk.store, desk.keys, desk.policies)
    histories.records["cases/L-1"] = CATALOGUE.record("cases/L-1", history)
    roll = Roll(Council(histories.directory(), desk.policies.newest), local_date(command.at))
    record = CATALOGUE.record(command.aggregate, ())
    return Situation(desk.policies.newest, command.at, record, roll, histories, None)


def test_repeat_changes_nothing() -> None:
    """The same draw again is the same draw."""
    desk = desk_with(FIFTY)
    desk.when(drawing()).then(fact("round.drawn", "round/2026-02", draw="audits")).when(drawing()).nothing()
    assert list(round_of(desk).draws) == ["audits"]
    assert february().audit == "round/2026-02"
