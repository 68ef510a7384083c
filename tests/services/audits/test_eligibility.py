"""Which files may be chosen for an audit, and by whom alone."""

from pathlib import Path

import pytest

from services.obligations.engine import obligations
from tests.edited import policies_of
from tests.given import Scene, fact, given
from tests.lives import QA, Life, Line, people

EARLY_HELP = {"actor": "P-SL", "role": "strategic_lead_early_help", "audit_type": "early help"}


def selection(day: str, since: str | None, **fields: str) -> Life:
    return Life("swindon", "A-1").allocated(day, **{**EARLY_HELP, **fields}, open_since=since)


@pytest.mark.covers("SWI-C8", "SWI-3", "SWI-14", "SWI-25", "A-SWI-10")
@pytest.mark.parametrize(("day", "since"), [("2026-04-30", "2026-02-28"), ("2026-02-28", "2025-12-31")])
def test_an_early_help_record_of_two_months_may_be_chosen(day: str, since: str) -> None:
    """Records A and C may be chosen by the Strategic Lead: two months end on the same day number or the last valid."""
    given(authority="swindon").when(selection(day, since)).then("audit.allocated", "month.file_selected", "files.given")


@pytest.mark.covers("SWI-C8", "SWI-25", "A-SWI-10")
def test_an_early_help_record_that_is_too_young() -> None:
    """Record B, a day short of two months, is refused with the day from which it may be chosen; a day later it may."""
    [line] = selection("2026-04-30", "2026-03-01")
    scene = given(authority="swindon")
    scene.when(line).refused("open_since", "2026-05-01")
    scene.when(selection("2026-05-01", "2026-03-01")).then("audit.allocated", "month.file_selected", "files.given")


@pytest.mark.covers("SWI-C8", "A-SWI-10")
@pytest.mark.parametrize("since", ["2026-04-30", None])
def test_social_work_records_have_no_minimum(since: str | None) -> None:
    """A social work record opened on the day itself may be chosen, and nobody asks since when it is open."""
    life = Life("swindon", "A-1").allocated("2026-04-30", open_since=since)
    given(authority="swindon").when(life).then("audit.allocated", "month.file_selected", "files.given")


@pytest.mark.covers("SWI-3")
def test_early_help_files_are_chosen_by_one_role() -> None:
    """The quality assurance team gives out social work files, but not those of early help."""
    [line] = selection("2026-04-30", "2025-01-06", **QA)
    given(authority="swindon").when(line).refused("role")


@pytest.mark.covers("HAL-C7", "HAL-23", "HAL-38", "A-HAL-04", "A-HAL-15")
def test_a_saturday_start_in_halton() -> None:
    """Child A, open for 28 days on Saturday 7 February, is chosen on that day; the audit is due ten days after it."""
    desk = given(*Life("halton", "A-1").allocated("2026-02-07", open_since="2026-01-10"), authority="halton")
    [owed] = [each for each in obligations(desk.history("A-1"), desk.policies) if each.name == "audit_return"]
    assert str(owed.due) == "2026-02-17"
    assert f"{desk.history('A-1')[-1].envelope.occurred:%a %d %b %Y}" == "Sat 07 Feb 2026"


@pytest.mark.covers("HAL-C7", "HAL-23", "A-HAL-15")
@pytest.mark.parametrize("since", ["2026-01-11", None])
def test_a_child_of_twenty_seven_days(since: str | None) -> None:
    """Child B, open for 27 days, is refused, and so is a file of which nobody says since when it is open."""
    [line] = Life("halton", "A-1").allocated("2026-02-07", open_since=since)
    given(authority="halton").when(line).refused("open_since")


@pytest.mark.covers("HAL-23", "HAL-73")
def test_a_reaudit_is_not_chosen_again() -> None:
    """The file of a re-audit was chosen long ago: it needs no minimum."""
    first = Life("halton", "A-1").allocated("2026-02-07").submitted("2026-02-12", "Inadequate")
    again = Life("halton", "A-2").allocated("2026-03-05", reaudit_of="A-1", open_since=None)
    given(*first, authority="halton").when(again).then(
        fact("audit.allocated", "audit/A-2", reaudit_of="A-1"), "audit.reaudit_allocated", "files.given"
    )


AUDITORS = {
    "P-PL": "practice_lead",
    "P-PM": "principal_manager",
    "P-AUD2": "aspiring_manager",
    "P-IRM": "irm",
}
OTHERS = {"P-DM": "divisional_manager", "P-QA": "qa_team", "P-SW2": "practitioner"}


def halton(*lines: Line) -> Scene:
    """A desk that takes nothing which the directory does not bear out."""
    return given(*people("halton"), *lines, authority="halton", unverified=False, staffed=False)


def appointed(person: str, post: str, at: str = "2025-09-01") -> Line:
    unit = {"unit": "T-1"} if post == "practitioner" else {}
    line = {"command": "person.appoint", "authority": "halton", "at": at, **QA, "person": person, "post": post}
    return line | unit


@pytest.mark.covers("HAL-3", "A-HAL-03")
@pytest.mark.parametrize("person", [*AUDITORS, *OTHERS])
def test_who_audits_in_halton(person: str) -> None:
    """Both lists of the framework audit, and nobody else; the refusal names the posts, and holds after a change too."""
    desk = halton(appointed("P-IRM", "irm"), appointed("P-SW2", "practitioner"))
    life = Life("halton", "A-1", auditor=person)
    [first] = life.allocated("2026-03-02")
    change = {"command": "audit.reassign", "authority": "halton", "at": "2026-03-03", **QA, "audit": "A-1"}
    change |= {"auditor": person, "reason": "leave"}
    if person in AUDITORS:
        desk.when(first).then(fact("audit.allocated", auditor=person), "month.file_selected", "files.given")
        return
    said = f"{person} held none of these posts on 2026-03-02"
    posts = "practice_lead, irm, principal_manager, aspiring_manager"
    assert desk.when(first).refused("auditor") == f"auditor: an audit of type deep dive is for {posts}; {said}"
    desk.do(*Life("halton", "A-1").allocated("2026-03-02"))
    desk.when(change).refused("auditor", f"{person} held none of these posts on 2026-03-03")
    desk.when(change | {"auditor": "P-PL"}).then("audit.reassigned", "files.passed_on")


@pytest.mark.covers("HAL-3")
def test_the_post_is_that_of_the_day() -> None:
    """Who comes into such a post may audit from that day on."""
    desk = halton(appointed("P-DM", "irm", at="2026-03-03"))
    early, later = (
        next(iter(Life("halton", f"A-{day}", auditor="P-DM").allocated(f"2026-03-0{day}"))) for day in (2, 3)
    )
    desk.when(early).refused("auditor")
    desk.when(later).then(fact("audit.allocated", "audit/A-3", auditor="P-DM"), "month.file_selected", "files.given")


@pytest.mark.covers("HAL-3")
def test_the_set_is_the_frameworks_to_change(tmp_path: Path) -> None:
    """Another list lets others audit, and history that nobody can check says that the auditor is not borne out."""
    desk = halton()
    [line] = Life("halton", "A-1", auditor="P-DM").allocated("2026-03-02")
    desk.policies = policies_of(
        tmp_path, "halton", [("[practice_lead, irm, principal_m", "[divisional_manager, irm, principal_m")]
    )
    desk.do(line)
    desk.when(line | {"audit": "A-2", "auditor": "P-PL"}).refused("auditor")
    unchecked = given(line, authority="halton")
    assert "auditor" in unchecked.history("A-1")[0].envelope.unverified


@pytest.mark.covers("HAL-3")
def test_a_type_that_is_not_named_is_for_anybody_in_a_post(tmp_path: Path) -> None:
    """The posts are those of a type of audit: of another type the framework says nothing."""
    desk = given(authority="halton")
    desk.policies = policies_of(
        tmp_path, "halton", [("  types: [deep dive] ", "  types: [deep dive, thematic audit] ")]
    )
    desk.when(*Life("halton", "A-1", auditor="P-DM").allocated("2026-03-02", audit_type="thematic audit")).then(
        fact("audit.allocated", auditor="P-DM", audit_type="thematic audit"), "month.file_selected", "files.given"
    )
