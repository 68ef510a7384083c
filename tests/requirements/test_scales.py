"""The scales of the councils that grade: what may be given, what is better than what, and whom the lowest calls."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from events.escalations import EscalationRaised, NoticeSent
from projections.grade_changes import grade_changes
from projections.store import open_store
from services.clock import local_date
from tests.desks import SHIPPED
from tests.given import given
from tests.lives import Life, people
from tests.projections.views import kept
from tests.requirements.scenes import desk_of, refusal
from workers.asking.words import scales_of

RETURNED = "2026-03-12"


@dataclass(frozen=True)
class Graded:
    """A framework's grades, best first, and who is told on the same day when the lowest is given."""

    council: str
    covers: tuple[str, ...]
    files: tuple[str, ...]
    sections: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    calls: frozenset[str] = frozenset()


OFSTED = ("Outstanding", "Good", "Requires improvement", "Inadequate")
HALTON = ("Outstanding", "Good", "Requires improvement to get to Good", "Inadequate")
TORBAY = ("Exceeds Good", "Meets Good", "Does Not Meet Good", "Does Not Meet Good – escalate immediately")
SCALES = (
    Graded(
        council="torbay",
        covers=("TOR-47", "TOR-49", "TOR-52", "TOR-98", "A-TOR-09", "A-TOR-11"),
        files=TORBAY,
        sections=("Exceeds good", "Meets good", "Does not meet good"),
        apart=("Not applicable",),
        calls=frozenset({"team_manager", "service_manager", "head_of_service", "qa_team"}),
    ),
    Graded(
        council="halton",
        covers=("HAL-27", "HAL-28", "HAL-58", "HAL-59", "A-HAL-12"),
        files=HALTON,
        sections=HALTON,
        calls=frozenset({"divisional_manager", "director_operational_safeguarding"}),
    ),
    # SOU-31, A-SOU-09, A-SOU-18: sections hold comments, and no grade by itself alerts anybody.
    Graded(council="southwark", covers=("SOU-29", "SOU-31", "SOU-39", "SOU-113", "A-SOU-18"), files=OFSTED),
    Graded(
        council="swindon",
        covers=("SWI-32", "SWI-33", "SWI-43", "SWI-59", "A-SWI-05", "A-SWI-09"),
        files=OFSTED,
        sections=OFSTED,
        calls=frozenset({"team_manager", "head_of_service", "quality_assurance_manager"}),
    ),
)
EACH = [pytest.param(each, id=each.council, marks=pytest.mark.covers(*each.covers)) for each in SCALES]
KNOWN = {grade for each in SCALES for grade in (*each.files, *each.sections, *each.apart)}


def returned(scale: Graded, grade: str, section: str = "") -> Life:
    """A return with that grade; with the section's grade, everywhere."""
    life = Life(scale.council, "A-1").allocated("2026-03-07").submitted(RETURNED, grade)
    said = life.lines[-1]
    for each in ("sections", "practitioner_sections") if section else ():
        if each in said:
            said[each] = {name: held | {"grade": section} for name, held in said[each].items()}
    if grade == scale.files[-1]:
        said["safety_plan"] = "seen today, plan agreed"
    return life


@pytest.mark.parametrize("scale", EACH)
def test_what_may_be_given(scale: Graded) -> None:
    """A file is given one of the framework's grades and a section one of its own; another council's is refused."""
    for grade in KNOWN:
        *before, last = returned(scale, grade)
        assert (grade, refusal(desk_of(scale.council, *before), last)) == (
            grade,
            "" if grade in scale.files else "grade",
        )
    for grade in KNOWN if scale.sections else ():
        *before, last = returned(scale, scale.files[1], grade)
        refused = refusal(desk_of(scale.council, *before), last)
        assert (grade, refused) == (grade, "" if grade in {*scale.sections, *scale.apart} else "grade")


@pytest.mark.parametrize("scale", [each for each in EACH if each.id != "southwark"])
def test_what_is_better(tmp_path: Path, scale: Graded) -> None:
    """A moderator who gives the grade below lowers by one step, whichever grade it was; the one above raises by one."""
    said: list[tuple[str, int | None]] = []
    for better, worse in zip(scale.files, scale.files[1:], strict=False):
        for first, then in ((better, worse), (worse, better)):
            life = returned(scale, first).to_moderator("2026-03-13").moderated("2026-03-16", then)
            desk = desk_of(scale.council, *life)
            engine = open_store(f"sqlite:///{tmp_path}/{len(said)}.db")
            history = [replace(each, position=each.originator_version) for each in desk.history("A-1")]
            [row] = grade_changes(
                kept(engine, "grade-changes", history), scale.council, scales_of(SHIPPED[scale.council])
            )
            engine.dispose()
            said.append((row.direction, row.steps))
    assert said == [("lowered", 1), ("raised", 1)] * (len(scale.files) - 1)


@pytest.mark.parametrize("scale", EACH)
def test_whom_the_lowest_grade_calls(scale: Graded) -> None:
    """The lowest grade is told on the day on which it is given to those whom the framework names; no other is."""
    called = {}
    for grade in scale.files:
        desk = desk_of(scale.council, *returned(scale, grade))
        raised = [each.fact for each in desk.settled("A-1").facts if isinstance(each.fact, EscalationRaised)]
        at_once = [each for each in raised if str(local_date(each.due)) == RETURNED]
        called[grade] = frozenset(to.role for each in at_once for to in each.recipients)
    assert called == {grade: scale.calls if grade == scale.files[-1] else frozenset() for grade in scale.files}


@pytest.mark.parametrize("scale", [each for each in EACH if each.id != "southwark"])
def test_what_lifts_from_the_lowest_grade(scale: Graded) -> None:
    """Whichever other grade a moderator gives is a correction, to those whom the lowest had called."""
    corrected = {}
    for grade in scale.files:
        scene = given(*people(scale.council), *returned(scale, scale.files[-1]), authority=scale.council)
        again = Life(scale.council, "A-1").to_moderator("2026-03-13")
        scene.seen_on(RETURNED).do(*again.moderated("2026-03-16", grade, safety_plan="plan checked"))
        sent = [each.fact for each in scene.on("2026-03-16").written]
        corrections = [each for each in sent if isinstance(each, NoticeSent) and each.kind == "correction"]
        corrected[grade] = frozenset(to.role for each in corrections for to in each.recipients)
    assert corrected == {grade: scale.calls if grade != scale.files[-1] else frozenset() for grade in scale.files}
