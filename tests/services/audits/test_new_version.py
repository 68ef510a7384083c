"""A new version of a policy is for what begins under it: open work keeps the form, scale and rules it began with."""

from pathlib import Path

import pytest

from events.audits import AuditModerated, AuditSubmitted
from events.errors import Refused
from events.recorded import Recorded
from projections.grade_changes import grade_changes
from projections.keeper import keep
from projections.registry import VIEWS
from projections.store import open_store
from services.policy.load import Policies, load_folder
from services.settings import SHIPPED_POLICIES
from tests.desks import TestDesk
from tests.edited import Edit
from tests.lives import QA, Life, people
from workers.cli.views import scales_of

ADOPTED = "2026-03-15"
RENAMED: tuple[Edit, ...] = (
    ('version: "1"', 'version: "2"'),
    ("effective_from: 2020-01-01", f"effective_from: {ADOPTED}"),
    ("Does Not Meet Good – escalate immediately", "Unsafe"),
    ("Does Not Meet Good", "Falls Short"),
    ("Does not meet good", "Falls short"),
    ("    - Reviews\n", ""),
    ("audit.file: [", "audit.file: [director]   # "),
)


@pytest.fixture
def policies(tmp_path: Path) -> Policies:
    """Torbay's framework; its second version renames two grades, drops a section and lets the director alone file."""
    text = (SHIPPED_POLICIES / "torbay.yaml").read_text(encoding="utf-8")
    (tmp_path / "torbay-1.yaml").write_text(text, encoding="utf-8")
    for old, new in RENAMED:
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "torbay-2.yaml").write_text(text, encoding="utf-8")
    return load_folder(tmp_path)["torbay"]


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
    life.moderated("2026-03-25", "Does Not Meet Good – escalate immediately")
    life.act("audit.give_feedback", "2026-03-26", "P-AUD", "auditor", recipient="P-TM")
    life.act("audit.file", "2026-03-27", **QA)
    desk.do(*life, *Life("torbay", "A-1").closed("2026-03-30", reason="the child has moved abroad"))
    assert versions(desk.history("A-1")) == {"1"}
    grades = [each.fact.grade for each in desk.history("A-1") if isinstance(each.fact, AuditModerated)]
    assert grades == ["Does Not Meet Good", "Does Not Meet Good – escalate immediately"]


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
def test_its_clocks_follow_its_grade(desk: TestDesk) -> None:
    """The old audit's lowest grade, given under the new version's days, starts the clocks of the lowest grade."""
    desk.do(*opened().submitted("2026-03-20", "Does Not Meet Good – escalate immediately", override="no actions yet"))
    owed = {each.name for each in desk.settled("A-1").owed}
    before = TestDesk("torbay")
    before.do(*people("torbay"), *opened().submitted("2026-03-20", "Does Not Meet Good – escalate immediately"))
    assert owed == {each.name for each in before.settled("A-1").owed}


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


@pytest.mark.parametrize("role", ["qa_team", "director"])
def test_who_may_by_either_version(desk: TestDesk, role: str) -> None:
    """Whom the audit's own version lets file it still may, and so may whom the version in force names."""
    life = opened().submitted("2026-03-10", "Meets Good")
    life.to_moderator("2026-03-11").moderated("2026-03-12")
    life.act("audit.give_feedback", "2026-03-26", "P-AUD", "auditor", recipient="P-TM")
    actor = {"qa_team": QA["actor"], "director": "P-DIR"}[role]
    desk.do(*life, *Life("torbay", "A-1").act("audit.file", "2026-03-27", actor, role))
    assert desk.history("A-1")[-1].envelope.role == role
