"""Who audits what: by chance, within quota and register, explained where it cannot be."""

from collections import Counter
from pathlib import Path

import pytest

from events.errors import NotFound
from services.rounds.proving import proofs
from tests.edited import Edit
from tests.given import Scene
from tests.lives import QA, Life
from tests.services.rounds.scenes import HEAD, assigned, assigning, auditors, case, desk_with, drawing, drawn, torbay

EACH_TWO = ("    each: 1\n", "    each: 2\n")
NOT_OWN_TEAM = ("    each: 1\n", "    each: 1\n    not_own_team: true\n")
APART = ("closing:\n  file_after", "separation: {auditor_not_of: team}\n\nclosing:\n  file_after")
NOT_OWN_SERVICE = ("    each: 1\n", "    each: 1\n    not_own_service: true\n")


def ready(folder: Path, *edits: Edit, children: int = 6, count: int = 10, trained: bool = True) -> Scene:
    """A desk with so many children drawn, and so many advanced practitioners beside the managers."""
    policies = torbay(folder, *edits)
    desk = desk_with([case(number) for number in range(children)], policies)
    desk.do(*auditors(count, trained=trained))
    drawn(desk)
    return desk


@pytest.mark.covers("TOR-33", "TOR-4")
def test_one_child_for_each_manager(tmp_path: Path) -> None:
    """Each child gets an auditor out of the posts of the policy, nobody two, and not always the same."""
    ways = {tuple(assigned(ready(tmp_path), seed=f"s{seed}").pairs.values()) for seed in range(5)}
    assert len(ways) == 5
    for way in ways:
        assert len(set(way)) == 6
        assert set(way) <= {"P-AUD", "P-TM", "P-SM", "P-HOS", *(f"P-X{number}" for number in range(10))}


@pytest.mark.covers("TOR-3", "TOR-33")
def test_a_file_for_each_of_the_posts(tmp_path: Path) -> None:
    """Chairs and reviewing officers take part like managers and practitioners: nobody is named, and each has a file."""
    desk = ready(tmp_path, count=1, children=7)
    for person, post in (("P-CHAIR", "cp_chair"), ("P-IRO", "iro")):
        desk.do({"command": "person.appoint", **HEAD, "at": "2025-10-01", "person": person, "post": post})
        desk.do({"command": "person.train", **HEAD, "at": "2025-10-01", "person": person})
    assert set(assigned(desk).pairs.values()) == {"P-AUD", "P-TM", "P-SM", "P-HOS", "P-X0", "P-CHAIR", "P-IRO"}


@pytest.mark.covers("TOR-33")
def test_it_can_be_made_again(tmp_path: Path) -> None:
    """The assignment comes out of the record alone, and its seed follows from the draw unless one was given."""
    desk = ready(tmp_path)
    fact = assigned(desk)
    history = desk.store.load("round/2026-02")
    [_, proof] = proofs("2026-02", history, desk.store.load)
    assert (proof.what, proof.sound, proof.seed_from_frame, proof.size) == ("assignment", True, True, 6)
    assert fact == assigned(ready(tmp_path))
    swapped = dict(zip(fact.pairs, reversed(fact.pairs.values()), strict=True))
    by_hand = [
        type(each)(
            each.originator_id,
            each.originator_version,
            fact.model_copy(update={"pairs": swapped}) if each.fact == fact else each.fact,
            each.envelope,
        )
        for each in history
    ]
    [_, proof] = proofs("2026-02", by_hand, desk.store.load)
    assert any("the seed gives K-00" in finding for finding in proof.findings)


@pytest.mark.covers("HAL-3")
def test_who_makes_no_audits_is_given_none(tmp_path: Path) -> None:
    """Whom the framework lets audit nothing takes no file by chance either, though named for it."""
    posts = "advanced_practitioner, team_manager, service_manager, head_of_service, cp_chair, iro"
    only = ("closing:\n  file_after", f"selection: {{auditors: {{full: [{posts}]}}}}\n\nclosing:\n  file_after")
    desk = ready(tmp_path, only)
    desk.do({"command": "person.train", **HEAD, "at": "2025-10-01", "person": "P-DIR"})
    named = ["P-DIR", *(f"P-X{number}" for number in range(6))]
    fact = assigned(desk, auditors=named)
    assert "P-DIR" not in fact.pairs.values()
    assert all(barred == ("P-DIR",) for barred in fact.barred.values())
    ready(tmp_path, only).when(assigning(auditors=["P-DIR"])).refused("auditors", "P-DIR holds no post that audits")


@pytest.mark.covers("TOR-33", "A-ALL-10")
@pytest.mark.parametrize("barred", [NOT_OWN_TEAM, APART], ids=["by the draw", "for all"])
def test_conflicts(tmp_path: Path, barred: Edit) -> None:
    """Nobody gets a child whose worker they are, or where the policy bars it one of their own team or service."""
    cases = [case(number, worker="P-X1", team="T-1") for number in range(6)]
    desk = desk_with(cases, torbay(tmp_path, barred))
    desk.do(*auditors(10))
    drawn(desk)
    fact = assigned(desk)
    own = {"P-X0", "P-X2", "P-X4", "P-X6", "P-X8", "P-TM"}
    assert not {"P-X1", *own} & set(fact.pairs.values())
    assert all({"P-X1", *own} <= set(barred) for barred in fact.barred.values())
    other = desk_with(cases, torbay(tmp_path / "service", NOT_OWN_SERVICE))
    other.do(*auditors(4))
    drawn(other)
    other.when(assigning()).refused("auditors", "is of its service S-1")


@pytest.mark.covers("TOR-33")
def test_a_child_that_nobody_may_audit_is_named(tmp_path: Path) -> None:
    """Where it cannot be done, the child is named and the rule that bars each auditor; nothing is recorded."""
    desk = desk_with([case(1, worker="P-X1", team="T-2")], torbay(tmp_path, NOT_OWN_TEAM))
    desk.do(*auditors(2))
    drawn(desk)
    before = len(desk.store.load("round/2026-02"))
    caught = desk.when(assigning(auditors=["P-X1", "P-AUD"])).refused("auditors")
    assert caught == (
        "auditors: nobody is left for K-001: P-AUD is of its team T-2, P-X1 is the allocated practitioner"
    )
    assert before == len(desk.store.load("round/2026-02"))


@pytest.mark.covers("TOR-33")
def test_a_quota_that_does_not_suffice_is_named(tmp_path: Path) -> None:
    """Six children and two people with room for one each: those who are left are named, with who is full."""
    desk = ready(tmp_path)
    caught = desk.when(assigning(auditors=["P-X1", "P-X2"])).refused("auditors", "P-X1, P-X2 have their 1 of 2026-02")
    assert caught.count("nobody is left for K-00") == 4


@pytest.mark.covers("TOR-33", "A-ALL-14")
def test_quota_and_load_count_the_month(tmp_path: Path) -> None:
    """A file that somebody has of the month counts towards the quota; one that was taken back does not."""
    desk = ready(tmp_path, EACH_TWO)
    for number, auditor in enumerate(["P-X1", "P-X1", "P-X2", "P-X3"]):
        life = Life("torbay", f"A-{number}", child=f"C-{number}", auditor=auditor).allocated("2026-02-02")
        desk.do(life.lines[0])
    desk.do(Life("torbay", "A-3").act("audit.void", "2026-02-03", **QA, reason="wrong file").lines[0])
    reason = {"auditor": "P-X5", "reason": "away"}
    desk.do(Life("torbay", "A-2").act("audit.reassign", "2026-02-03", **QA, **reason).lines[0])
    fact = assigned(desk, at="2026-02-04", auditors=["P-X1", "P-X2", "P-X3", "P-X4", "P-X5"])
    assert fact.loads == {"P-X1": 2, "P-X2": 0, "P-X3": 0, "P-X4": 0, "P-X5": 1}
    assert Counter(fact.pairs.values())["P-X1"] == 0
    assert Counter(fact.pairs.values())["P-X5"] <= 1


@pytest.mark.covers("TOR-3", "SWI-54")
def test_the_register_of_trained_auditors(tmp_path: Path) -> None:
    """Files go to those on the register alone, for as long as their training counts."""
    desk = ready(tmp_path, count=7, children=12, trained=False)
    desk.unverified = False
    for number in range(1, 7):
        until = {"until": "2026-02-02"} if number == 6 else {}
        desk.do({"command": "person.train", **HEAD, "at": "2026-01-06", "person": f"P-X{number}", **until})
    desk.when(assigning(auditors=["P-X0"])).refused(
        "auditors", "P-X0 is not on the register of trained auditors on 2026-02-03"
    )
    desk.when(assigning(auditors=["P-X6"])).refused("auditors", "P-X6 is not on the register")
    desk.when(assigning()).refused("auditors", "P-AUD, P-HOS, P-SM, P-TM, P-X1 and 4 others have their 1 of 2026-02")
    desk.when(Life("torbay", "A-9", auditor="P-X0").allocated("2026-02-04").lines[0]).refused(
        "auditor", "P-X0 is not on the register"
    )
    allocated = Life("torbay", "A-9", auditor="P-X1").allocated("2026-02-04")
    desk.do(*allocated)
    away = Life("torbay", "A-9").act("audit.reassign", "2026-02-05", **QA, auditor="P-X0", reason="away")
    desk.when(away).refused("auditor", "P-X0 is not on the register")
    desk.when({"command": "person.train", **HEAD, "at": "2026-02-06", "person": "P-X7", "until": "2026-02-05"}).refused(
        "until", "before the day of the training"
    )


@pytest.mark.covers("TOR-33")
@pytest.mark.parametrize(("number", "more_children", "others"), [(5, "", ""), (7, "and 2 more children", ", 2 others")])
def test_as_many_are_explained_as_can_be_read(tmp_path: Path, number: int, more_children: str, others: str) -> None:
    """Five children are named, each with five of those who may not audit it; of more the number is told."""
    cases = [case(each, worker="P-9", team="T-1") for each in range(number)]
    desk = desk_with(cases, torbay(tmp_path, NOT_OWN_SERVICE))
    desk.do(*auditors(number))
    drawn(desk)
    said = desk.when(assigning(auditors=[f"P-X{each}" for each in range(number)])).refused("auditors", more_children)
    children = said.removeprefix("auditors: ").split("; ")
    assert [each.startswith("nobody is left for K-00") for each in children] == [True] * 5 + [False] * (number > 5)
    for child in children[:5]:
        assert [f"P-X{each} is of its service S-1" in child for each in range(number)] == [
            each < 5 for each in range(number)
        ]
        assert child.endswith(f"{others} have such a conflict too" if others else "P-X4 is of its service S-1")


POSTS = "    posts: [head_of_service, service_manager, team_manager, cp_chair, iro, advanced_practitioner]\n"
CHAIRS = (POSTS, "    posts: [cp_chair, iro]\n")
UNTRAINED = ("  trained_auditors: true ", "  trained_auditors: false ")


@pytest.mark.covers("TOR-3", "TOR-33")
@pytest.mark.parametrize(
    ("edits", "said"),
    [
        ((CHAIRS,), "nobody holds a post of cp_chair, iro and is trained"),
        ((CHAIRS, UNTRAINED), "nobody holds a post of cp_chair, iro"),
    ],
    ids=["trained", "anybody"],
)
def test_where_nobody_takes_part(tmp_path: Path, edits: tuple[Edit, ...], said: str) -> None:
    """Where nobody holds one of the posts, the posts are named, and whether training is asked for."""
    assert ready(tmp_path, *edits).when(assigning()).refused("auditors") == f"auditors: {said}"


def test_a_framework_that_gives_no_files_by_chance(tmp_path: Path) -> None:
    """Where it does not say to whom, a draw is assigned to nobody."""
    without = ready(tmp_path, ("  assignment:   ", "  # assignment: "), (POSTS, ""), ("    each: 1\n", ""))
    without.when(assigning()).refused("round", "the policy does not say who may be given files by chance")


@pytest.mark.covers("TOR-33")
def test_what_was_given_by_hand_stays(tmp_path: Path) -> None:
    """Once a file of the draw is given out, the draw is assigned no more."""
    desk = ready(tmp_path)
    life = Life("torbay", "A-1", child="K-001", auditor="P-X1").allocated("2026-02-03", round="2026-02")
    desk.do(*life)
    desk.when(assigning(at="2026-02-04")).refused("draw", "files of audits are given out; the assignment stands")


def test_an_assignment_stands(tmp_path: Path) -> None:
    """A second assignment is refused, a repeat of the first changes nothing, and without a draw there is none."""
    desk = ready(tmp_path)
    desk.when(assigning("dips")).refused("draw dips of round", "draw dips of round", error=NotFound)
    desk.do(assigning())
    desk.when(assigning()).nothing()
    desk.when(assigning(seed="another")).refused("draw", "audits of 2026-02 is assigned already; that stands")
    desk.when(drawing(seed="another")).refused("draw", "that sample stands")


def test_the_allocation_itself_keeps_the_rules(tmp_path: Path) -> None:
    """What was assigned is allocated by the ordinary command, which has its own rules."""
    desk = ready(tmp_path)
    desk.when(Life("torbay", "A-1", auditor="P-SW").allocated("2026-02-03", round="2026-02").lines[0]).attempted(
        "auditor"
    )
