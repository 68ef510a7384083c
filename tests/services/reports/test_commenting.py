"""Writing in a report: who may, where, with whose key, and that every version stays."""

from datetime import date
from typing import Any

import pytest

from events.errors import Forbidden
from events.reports import ReportCommented
from services.policy.blocks.narrative import Narrative
from services.policy.reports import ReportSection
from services.policy.versions import Policies
from services.reports.state import Report
from tests.given import Scene
from tests.histories import sealed
from tests.services.reports.scenes import FINDINGS, OF_SERVICES, SUMMARY, comment, desk_with_reports, issue, page

RECORD = "report/findings-2026-Q1"
OF_A_GONE_ROLE = Narrative(block="narrative", name="panel", role="panel_chair", title="The panel")


@pytest.fixture
def desk() -> Scene:
    return desk_with_reports()


def facts(desk: Scene) -> list[Any]:
    return [each.fact for each in desk.store.load(RECORD)]


def test_a_text_is_sealed_with_the_key_of_the_report(desk: Scene) -> None:
    """Given no text, when the role writes it, then it stands sealed with a key of that report and period."""
    desk.do(comment())
    assert facts(desk) == [
        ReportCommented(
            report="findings",
            period="2026-Q1",
            place="summary",
            version=1,
            narrative=sealed("what the quarter showed", child="report_findings-2026-Q1"),
        )
    ]


def test_a_text_about_a_child_is_sealed_with_the_childs_key(desk: Scene) -> None:
    """A text that names a child goes when the child is erased, whatever report it stands in."""
    desk.do(comment(child="C-7"))
    [fact] = facts(desk)
    assert (fact.child, fact.narrative) == ("C-7", sealed("what the quarter showed", child="C-7"))


def test_each_version_stays(desk: Scene) -> None:
    """A text that is written anew is a further version of its place; the earlier one stays as it was."""
    desk.do(comment(id="c-1"), comment(text="better said", id="c-2"))
    desk.do(comment("view", actor="P-DIR", role="director"))
    assert [(each.place, each.version) for each in facts(desk)] == [("summary", 1), ("summary", 2), ("view", 1)]


def test_a_repeat_changes_nothing(desk: Scene) -> None:
    """The same text under the same id is written once; under another id it is a version of its own."""
    desk.do(comment(id="c-1"))
    desk.when(comment(id="c-1")).nothing()
    assert len(facts(desk)) == 1


def test_deciding_again_leaves_the_state_that_it_found(desk: Scene) -> None:
    """The fold gives each text with its versions in order, and who wrote it in which role."""
    desk.do(comment(id="c-1"), comment(text="better said", id="c-2"))
    state = Report.of(desk.store.load(RECORD))
    assert state.versions == {"summary": 2}
    assert [each.envelope.actor for each in state.written["summary"]] == ["P-QA", "P-QA"]


@pytest.mark.parametrize(
    ("line", "refusal"),
    [
        (comment(report="finding"), "report: unknown report finding; known: findings, of_services"),
        (comment("conclusion"), "place: findings has no text conclusion; its texts: summary, view"),
        (comment("view"), "role: view of findings is written by director"),
        (comment(period="2026-Q3"), "period: 2026-Q3 begins on 2026-10-01, after the day of the act"),
        (comment(period="2026-05"), "period: 2026-05 is not the name of a quarter; write 2026-Q1"),
        (comment(period="2026-13"), "period: is not the name of a period"),
        (comment(unit="S-1"), "unit: findings is one for the whole authority"),
        (comment(report="of_services"), "unit: of_services is one for each service: name it"),
        (comment(report="of_services", unit="T-1"), "unit: T-1 was not a service of the directory"),
        (comment(text="  "), "narrative: "),
    ],
)
def test_what_is_refused(desk: Scene, line: dict[str, Any], refusal: str) -> None:
    """What the framework does not ask for, or not from this role, is refused by field and rule; nothing is written."""
    field = refusal.partition(":")[0]
    assert desk.when(line).refused(field).startswith(refusal)
    assert facts(desk) == []


def test_an_act_that_the_policy_gives_to_others(desk: Scene) -> None:
    """Who holds none of the roles of the act writes nothing."""
    desk.when(comment(actor="P-TM", role="team_manager")).refused(
        "role", "team_manager may not report.comment; that is for qa_team, director", error=Forbidden
    )


def test_a_report_is_ruled_by_the_framework_of_its_period() -> None:
    """One that was renamed, or dropped, can be written and issued for its earlier periods, by whoever made it then.

    And for a period of the later version it is no report any more, by the version that says so.
    """
    desk = desk_with_reports()
    (before,) = desk.policies.versions
    after = before.model_copy(update={"version": "2", "effective_from": date(2026, 7, 1), "reports": (OF_SERVICES,)})
    desk.policies = Policies("torbay", (before, after))
    desk.do(comment())
    desk.when(comment(period="2026-Q2")).refused(
        "report", "report: findings (version 2 of the framework, in force on 30 Sep 2026, has no"
    )
    desk.when(issue(page(versions={"summary": 1}), actor="P-DIR", role="director")).refused(
        "role", "role: findings is issued by qa_team (version 1 of the framework"
    )
    desk.do(issue(page(versions={"summary": 1})))
    assert len(desk.store.load(RECORD)) == 3 + 1  # the text, a page, the issue, the notice to the director


def test_what_a_role_wrote_that_is_no_more_falls_to_the_last_resort() -> None:
    """Nobody can hold a role that the framework of today has dropped: its texts are written on its behalf."""
    desk = desk_with_reports()
    (before,) = desk.policies.versions
    written_by_another = FINDINGS.model_copy(
        update={"sections": (ReportSection(name="words", title="In words", show=(SUMMARY, OF_A_GONE_ROLE)),)}
    )
    roles = {**before.roles, "panel_chair": before.roles["director"]}
    before = before.model_copy(update={"reports": (written_by_another,), "roles": roles})
    after = desk.policies.newest.model_copy(update={"version": "2", "effective_from": date(2026, 7, 1)})
    desk.policies = Policies("torbay", (before, after))
    desk.when(comment("panel", actor="P-DIR", role="director")).refused(
        "role", "written by panel_chair, which is no more: by qa_team"
    )
    desk.do(comment("panel"))
