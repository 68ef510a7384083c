"""Readings of Torbay's framework: warnings that refuse nothing, ages without a band, tasks that two people close."""

from pathlib import Path

import orjson
import pytest

from events.audits import AuditAllocated
from services.obligations.engine import obligations
from services.policy.versions import Policies
from services.policy_files import load_folder
from services.rehearsal import Rehearsal
from services.sampling.choosing import sample_size
from tests.desks import SHIPPED
from tests.edited import edited
from tests.given import Scene, given
from tests.lives import POLICIES, TORBAY_LOWEST, Life, cast
from tests.services.audits.scenes import allocated, life, submitted

SECTIONS = POLICIES["torbay"].newest.tool.sections
WORST = POLICIES["torbay"].newest.grades.sections[-1]


def graded(overall: str, *worst: str, grade: str = WORST) -> Life:
    whole = allocated().submitted("2026-03-10", overall)
    sections = whole.lines[-1]["sections"]
    one = {"grade": grade, "evidence": "seen on file", "impact": "felt by the child"}
    whole.lines[-1]["sections"] = sections | dict.fromkeys(worst, one)
    return whole


@pytest.mark.covers("A-TOR-12", "TOR-49")
@pytest.mark.parametrize(
    ("whole", "warned"),
    [
        (graded("Exceeds Good", SECTIONS[3]), True),
        (graded("Meets Good", SECTIONS[3]), False),
        (graded("Exceeds Good"), False),
        (graded("Exceeds Good", *SECTIONS, grade="Not applicable"), False),
        (graded(TORBAY_LOWEST, SECTIONS[3]), False),
    ],
    ids=["two steps above", "one step above", "next to it", "nothing applicable", "below"],
)
def test_an_overall_grade_far_above_the_worst_section(whole: Life, *, warned: bool) -> None:
    """Two steps above the worst section the return is taken all the same, with a warning; nearer there is none."""
    outcome = given().do(*whole)[-1]
    assert outcome.result == "accepted"
    assert len(outcome.warnings) == warned
    assert all(WORST in warning and "Exceeds Good" in warning for warning in outcome.warnings)


@pytest.mark.covers("A-TOR-12")
def test_an_import_names_the_line_of_a_warning() -> None:
    """The summary of an import names the line, counts it as carried out, and warns of no other."""
    lines = [
        *cast("torbay"),
        *graded("Exceeds Good", SECTIONS[0]),
        *life("A-2").allocated("2026-03-02").submitted("2026-03-10"),
    ]
    summary = Rehearsal({"torbay": SHIPPED["torbay"]}, unverified=True).run(map(orjson.dumps, lines))
    submits = [number for number, line in enumerate(lines, start=1) if line["command"] == "audit.submit"]
    assert [(each.line, each.command) for each in summary.warnings] == [(submits[0], "audit.submit")]
    assert (summary.accepted, summary.refused) == (len(lines), 0)


@pytest.mark.covers("A-TOR-18", "TOR-41")
@pytest.mark.parametrize(
    ("age", "band", "flag"), [("unborn", "0", "unborn"), ("over 21", "16–21", "over 21"), ("6–10", "6–10", None)]
)
def test_ages_without_a_band(age: str, band: str, flag: str | None) -> None:
    """Unborn children and care leavers over 21 go into the nearest band with a flag; the others carry none."""
    fact = given(*life().allocated("2026-03-02", age_band=age)).history("A-1")[-1].fact
    assert isinstance(fact, AuditAllocated)
    assert (fact.age_band, fact.age_flag) == (band, flag)


@pytest.mark.covers("A-TOR-18")
def test_an_age_that_nobody_knows() -> None:
    """An age that is neither a band nor put into one is refused."""
    [line] = life().allocated("2026-03-02", age_band="22–25")
    given().when(line).refused("age_band")


def closing(at: str, role: str) -> Life:
    return life().act("obligation.meet", at, f"P-{role}", role, obligation="corrective_action")


def stands(desk: Scene) -> bool:
    [owed] = [each for each in obligations(desk.history("A-1"), desk.policies) if each.name == "corrective_action"]
    return owed.ended() is None


@pytest.mark.covers("A-TOR-21", "TOR-53", "TOR-105")
@pytest.mark.parametrize("roles", [("head_of_service", "team_manager"), ("team_manager", "head_of_service")])
def test_both_managers_close_a_corrective_task(roles: tuple[str, str]) -> None:
    """Whoever comes first, the task stays open until the other has closed it too."""
    desk = given(*submitted("Does Not Meet Good"), *closing("2026-03-20", roles[0]))
    assert stands(desk)
    desk.do(*closing("2026-03-25", roles[1]))
    assert not stands(desk)


@pytest.mark.covers("A-TOR-21")
def test_one_manager_twice_is_not_two() -> None:
    """The same manager's word given twice leaves the task open, and nobody else's closes it."""
    desk = given(
        *submitted("Does Not Meet Good"), *closing("2026-03-20", "team_manager"), *closing("2026-03-21", "team_manager")
    )
    assert stands(desk)
    [line] = closing("2026-03-22", "qa_team")
    desk.when(line).refused("role")


@pytest.mark.covers("A-TOR-21")
def test_a_moderation_that_lifts_the_grade_closes_nothing() -> None:
    """The corrective task follows the auditor's grade: it stays open after the moderator has lifted it."""
    whole = submitted("Does Not Meet Good").to_moderator("2026-03-11").moderated("2026-03-12", "Meets Good")
    assert stands(given(*whole))


def senior_share(folder: Path, share: int) -> Policies:
    text = edited("torbay", ("second_tier_moderation, share: 0", f"second_tier_moderation, share: {share}"))
    (folder / "torbay.yaml").write_text(text, encoding="utf-8")
    return load_folder(folder)["torbay"]


@pytest.mark.covers("A-TOR-02")
@pytest.mark.parametrize(("share", "size"), [(0, 0), (10, 3), (100, 21)])
def test_a_senior_managers_share_of_moderation(tmp_path: Path, share: int, size: int) -> None:
    """The share of a second moderation is a figure of the file, rounded up; none until one is given."""
    [sample] = senior_share(tmp_path, share).newest.samples
    assert sample_size(sample, 21) == size
    assert sample.draws is bool(share)


@pytest.mark.covers("A-TOR-02")
def test_no_share_is_drawn_by_default() -> None:
    """As shipped, Torbay's file asks for no second moderation of anything."""
    assert [(each.name, each.share, each.draws) for each in SHIPPED["torbay"].newest.samples] == [
        ("second_tier_moderation", 0, False)
    ]
