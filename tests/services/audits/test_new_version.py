"""A new version of a policy in the middle of open work.

It keeps the form and the scale that it began with; clocks that start, and who may act, are the new version's.
"""

from pathlib import Path

import orjson
import pytest

from events.audits import AuditModerated, AuditSubmitted
from events.errors import Refused
from events.recorded import Recorded
from projections.grade_changes import grade_changes
from projections.keeper import keep
from projections.registry import VIEWS
from projections.store import open_store
from services.modules import CATALOGUE
from services.policy.versions import Policies
from services.policy_files import load_folder
from tests.desks import TestDesk
from tests.edited import Edit, edited
from tests.lives import QA, Life, people
from workers.asking.words import scales_of

ADOPTED = "2026-03-15"
RENAMED: tuple[Edit, ...] = (
    ('version: "1"', 'version: "2"'),
    ("effective_from: 2020-01-01", f"effective_from: {ADOPTED}"),
    ("Does Not Meet Good – escalate immediately", "Unsafe"),
    ("Does Not Meet Good", "Falls Short"),
    ("Does not meet good", "Falls short"),
    ("    - Reviews\n", ""),
    ("audit.file: [", "audit.file: [director]   # "),
    ("on: trigger + 3 weeks", "on: trigger + 2 weeks"),
    ("due: trigger + 7 weeks", "due: trigger + 5 weeks"),
    ("to: [head_of_service of child, team_manager of child]", "to: [director]"),
)
LOWEST = "Does Not Meet Good – escalate immediately"


@pytest.fixture
def policies(tmp_path: Path) -> Policies:
    """Torbay's framework and a second version of it.

    That renames two grades, drops a section, lets the director alone file and be told of a record below good, and asks
    the team for its confirmation a week earlier, to be there two weeks earlier.
    """
    return versions_of(tmp_path, RENAMED)


def versions_of(folder: Path, edits: tuple[Edit, ...]) -> Policies:
    text = edited("torbay")
    (folder / "torbay-1.yaml").write_text(text, encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    (folder / "torbay-2.yaml").write_text(text, encoding="utf-8")
    return load_folder(folder)["torbay"]


@pytest.fixture
def desk(policies: Policies) -> TestDesk:
    desk = TestDesk("torbay", policies)
    desk.do(*people("torbay"))
    return desk


def opened() -> Life:
    return Life("torbay", "A-1").allocated("2026-03-02")


def test_every_view_takes_both(desk: TestDesk, policies: Policies, tmp_path: Path) -> None:
    """Views kept from before the adoption go on through it, and each change is told on the scale it was made on."""
    newer = Life("torbay", "A-2").allocated("2026-03-16")
    newer.act("audit.submit", "2026-03-17", "P-AUD", "auditor", grade="Falls Short", override="as agreed")
    newer.to_moderator("2026-03-18").moderated("2026-03-19", "Unsafe")
    older = opened().submitted("2026-03-20", "Does Not Meet Good").to_moderator("2026-03-23")
    desk.do(*older.moderated("2026-03-24", "Meets Good"), *newer)
    streams = desk.store.streams  # type: ignore[attr-defined]  # a test's store is in memory
    events = sorted((each for stream in streams.values() for each in stream), key=lambda each: each.position)
    engine = open_store(f"sqlite:///{tmp_path}/views.db")
    for name in VIEWS:
        assert keep(VIEWS[name](), engine, "torbay", events) == len(events)
    rows = grade_changes(engine, "torbay", scales_of(policies))
    engine.dispose()
    assert [(row.audit, row.to_grade, row.direction, row.steps) for row in rows] == [
        ("A-2", "Unsafe", "lowered", 1),
        ("A-1", "Meets Good", "raised", 1),
    ]


def versions(events: tuple[Recorded, ...]) -> set[str]:
    return {each.envelope.policy_version for each in events}


@pytest.mark.covers("A-ALL-11")
def test_open_audit_keeps_its_form(desk: TestDesk) -> None:
    """Allocated on the 2nd, finished after the new version of the 15th: with the dropped section and the old grades."""
    life = opened().submitted("2026-03-20", "Does Not Meet Good")
    life.to_moderator("2026-03-23").moderated("2026-03-24", sections={"Reviews": "Does not meet good"})
    life.moderated("2026-03-25", LOWEST)
    life.act("audit.give_feedback", "2026-03-26", "P-AUD", "auditor", recipient="P-TM")
    life.act("audit.file", "2026-03-27", "P-DIR", "director")
    desk.do(*life, *Life("torbay", "A-1").closed("2026-03-30", reason="the child has moved abroad"))
    grades = [each.fact.grade for each in desk.history("A-1") if isinstance(each.fact, AuditModerated)]
    assert grades == ["Does Not Meet Good", LOWEST]


@pytest.mark.covers("A-ALL-11")
def test_new_audit_has_the_new_form(desk: TestDesk) -> None:
    """What is allocated from the 15th on knows neither the old grade nor the dropped section."""
    desk.do(*Life("torbay", "A-2").allocated("2026-03-16"))
    for wrong in (
        {"grade": "Does not meet good", "section": "Risk"},
        {"grade": "Meets good", "section": "Reviews"},
    ):
        with pytest.raises(Refused, match=r"unknown (grade|section)"):
            desk.do(*Life("torbay", "A-2").act("audit.grade_section", "2026-03-17", "P-AUD", "auditor", **wrong))
    assert versions(desk.history("A-2")) == {"2"}


@pytest.mark.covers("A-ALL-11")
def test_its_clocks_are_of_their_trigger(desk: TestDesk) -> None:
    """Returned and moderated under the second version: on the first one's scale, with the second one's clocks."""
    life = opened().submitted("2026-03-20", LOWEST, override="no actions yet").to_moderator("2026-03-23")
    desk.do(*life.moderated("2026-03-24", "Does Not Meet Good"))
    assert versions(desk.history("A-1")[:1]) == {"1"}
    assert versions(desk.history("A-1")[1:]) == {"2"}
    found = {each.name: each for each in desk.settled("A-1").owed}
    assert {name for name, each in found.items() if each.trigger.envelope.policy_version == "1"} == {"audit_return"}
    assert set(found) >= {"immediate_alert", "corrective_action", "deep_dive", "lifted_alert"}
    assert found["immediate_alert"].fell_away == desk.history("A-1")[-1].envelope.occurred
    assert [to.role for rung in found["corrective_action"].rungs for to in rung.to] == ["director"]
    confirmation = found["team_confirmation"]
    assert str(confirmation.due) == "2026-04-28"
    assert (confirmation.rungs[0].step, str(confirmation.rungs[0].due.date())) == ("first_request", "2026-04-07")


@pytest.mark.covers("A-ALL-11")
def test_a_set_that_its_scale_does_not_know(tmp_path: Path) -> None:
    """A set of grades that only the newer version names is the newer version's own."""
    named = ("    good: [Exceeds Good, Meets Good]", "    fine: [Meets Good]\n    good: [Exceeds Good, Meets Good]")
    asked = (
        "{events: [audit.moderated]}\n    owner: team\n",
        "{events: [audit.moderated], grade: fine}\n    owner: team\n",
    )
    desk = TestDesk("torbay", versions_of(tmp_path, (*RENAMED, named, asked)))
    desk.do(*people("torbay"), *opened().submitted("2026-03-20").to_moderator("2026-03-23").moderated("2026-03-24"))
    assert "team_confirmation" in {each.name for each in desk.settled("A-1").owed}


def test_moderation_without_a_grade_keeps_it(desk: TestDesk) -> None:
    """A grade that an earlier release took from the newer scale is kept by a moderator who names none."""
    desk.do(*opened())
    desk.do(*opened().submitted("2026-03-13", "Meets Good").lines[1:])
    *first, last = desk.store.load("audit/A-1")
    stored = [each for each in (*first, last) if isinstance(each.fact, AuditSubmitted)]
    [returned] = stored
    place = desk.store.streams["audit/A-1"].index(returned)  # type: ignore[attr-defined]  # a test's store is in memory
    newer = Recorded(
        returned.originator_id, returned.originator_version, AuditSubmitted(grade="Falls Short"), returned.envelope
    )
    desk.store.streams["audit/A-1"][place] = newer  # type: ignore[attr-defined]  # as above
    desk.do(*Life("torbay", "A-1").to_moderator("2026-03-20").moderated("2026-03-21"))
    assert desk.history("A-1")[-1].fact.grade == "Falls Short"  # type: ignore[attr-defined]  # a moderation


@pytest.mark.parametrize(("role", "allowed"), [("qa_team", False), ("director", True)])
def test_who_may_is_said_by_the_version_in_force(desk: TestDesk, role: str, allowed: bool) -> None:  # noqa: FBT001
    """Whom the new version lets file alone files from its day on, an audit of before it as well; up to then QA may."""
    life = opened().submitted("2026-03-05", "Meets Good").to_moderator("2026-03-06").moderated("2026-03-09")
    desk.do(*life.act("audit.give_feedback", "2026-03-10", "P-AUD", "auditor", recipient="P-TM"))
    actor = {"qa_team": QA["actor"], "director": "P-DIR"}[role]
    for day, taken in (("2026-03-14", not allowed), ("2026-03-15", allowed)):
        filing = Life("torbay", "A-1").act("audit.file", day, actor, role).lines[-1]
        if taken:
            assert desk.decide(CATALOGUE.parse(orjson.dumps(filing))).result == "accepted"
        else:
            with pytest.raises(Refused, match=f"role: {role} may not audit.file"):
                desk.do(filing)
