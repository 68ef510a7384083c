"""Torbay's programme around the audits: what is sampled, observed and rated, and what periods ask for."""

from pathlib import Path

import pytest

from tests.lives import QA, Life, Line
from tests.requirements.programme import Books, By

TEAM: By = ("P-TM", "team_manager")
SERVICE: By = ("P-SM", "service_manager")
HEAD: By = ("P-HOS", "head_of_service")
DIRECTOR: By = ("P-DIR", "director")
ACADEMY: By = ("P-HLA", "head_of_learning_academy")
WORKER: By = ("P-SW", "practitioner")


def audited(audit: str, on: str, auditor: str = "P-TM") -> Life:
    return Life("torbay", audit, child=f"C-{audit}", auditor=auditor).allocated(on).submitted(on)


@pytest.mark.covers("TOR-1")
def test_no_social_work_service_is_left_out(tmp_path: Path) -> None:
    """Social work, early help and quality assurance are covered; social work without file audits stays owed."""
    books = Books("torbay")
    scope = [("social work", False), ("early help", False), ("quality assurance", False), ("social work", True)]
    for number, (work, scheduled) in enumerate(scope):
        answers = {"work": work, "audited": scheduled}
        assert books.enter("service_scope", "2026-04-01", entry=f"E-{number}", service="S-1", answers=answers) == ""
    assert books.tally(tmp_path, "work") == {"social work": 2, "early help": 1, "quality assurance": 1}
    assert [list(books.owes(f"entry/E-{number}")) for number in range(4)] == [["service_left_out"], [], [], []]
    assert books.step("scheduled", "2026-04-02", entry="E-0") == ""
    assert books.owes("entry/E-0") == {}


@pytest.mark.covers("TOR-4")
def test_every_manager_audits() -> None:
    """A manager of any tier without an audit in the month is seen, each for themselves."""
    books = Books("torbay")
    books.desk.do(*audited("A-1", "2026-03-10"), *audited("A-2", "2026-03-11", "P-HOS"))
    assert books.due("audits_of_team_manager", "2026-03-31") == {"P-TM": "1 of 1, met", "P-AUD": "0 of 1, overdue"}
    assert books.due("audits_of_service_manager", "2026-03-31") == {"P-SM": "0 of 1, overdue"}
    assert books.due("audits_of_head_of_service", "2026-03-31") == {"P-HOS": "1 of 1, met"}


@pytest.mark.covers("TOR-91")
def test_moderation_runs_each_month() -> None:
    """A month in which audits came back and none was moderated is seen; one moderation makes it a month with one."""
    books = Books("torbay")
    books.desk.do(*audited("A-1", "2026-03-10").to_moderator("2026-03-12"))
    assert books.due("moderation", "2026-03-31") == {None: "0 of 1, overdue"}
    books.desk.do(*Life("torbay", "A-1").moderated("2026-04-01"))
    assert books.due("moderation", "2026-04-30") == {None: "1 of 1, met"}
    assert books.due("moderation", "2026-03-31") == {None: "0 of 1, overdue"}


@pytest.mark.covers("TOR-80", "TOR-81", "TOR-82", "TOR-90")
def test_what_a_finished_audit_leaves_on_the_record() -> None:
    """With actions, a moderated audit owes its case note, the plan and the agenda until each is recorded."""
    onto = {"case_note", "plan_recommendations", "supervision_agenda"}
    without = Books("torbay", *audited("A-1", "2026-03-10").to_moderator("2026-03-11").moderated("2026-03-12"))
    assert not onto & without.owes("audit/A-1").keys()
    audit = audited("A-1", "2026-03-10").action("2026-03-10", "X-1", due="2026-04-20")
    books = Books("torbay", *audit)
    assert not onto & books.owes("audit/A-1").keys()
    books.desk.do(*Life("torbay", "A-1").to_moderator("2026-03-11").moderated("2026-03-12"))
    owed = books.owes("audit/A-1")
    assert {name: owed[name] for name in onto} == {
        "case_note": "qa_team",
        "plan_recommendations": "P-TM",
        "supervision_agenda": "P-TM",
    }
    done = Life("torbay", "A-1").act("obligation.meet", "2026-03-13", **QA, obligation="case_note")
    done.act("obligation.meet", "2026-03-16", *TEAM, obligation="supervision_agenda", note="taken to supervision")
    checked = {"checked_at": "review of a cared-for child"}
    done.act("obligation.meet", "2026-03-17", *TEAM, obligation="plan_recommendations", answers=checked)
    books.desk.do(*done)
    assert not onto & books.owes("audit/A-1").keys()
    assert {name for name, _, _ in books.told("audit/A-1")}.isdisjoint(onto)


@pytest.mark.covers("TOR-16")
def test_themed_audits() -> None:
    """A theme is planned ahead with its interval, and done with its findings."""
    books = Books("torbay")
    answers = {"themes": ["neglect"], "interval": 6}
    assert books.enter("themed_audit", "2026-06-01", at="2026-03-10", answers={"interval": 6}) == "answers.themes"
    assert books.enter("themed_audit", "2026-06-01", at="2026-03-10", answers=answers) == ""
    assert books.step("done", "2026-06-05") == "answers.findings"
    assert books.step("done", "2026-06-05", findings="late plans") == ""
    assert books.said()["interval"] == "6"


@pytest.mark.covers("TOR-17", "TOR-111", "TOR-112", "TOR-113")
def test_dip_samples(tmp_path: Path) -> None:
    """Auditor, period, reference, scope and summary; of each child five activities and whether outcomes improved."""
    books = Books("torbay")
    head = {"period_from": "2025-09-01", "period_to": "2026-02-28", "reference": "DS-4"}
    head |= {"scope": "visits are late", "summary": "most are in time"}
    five: Line = {f"activity_{number}": "seen" for number in range(1, 6)}
    items: list[Line] = [
        {"child": f"C-{number}", "answers": {**five, "outcomes_improved": number > 0}} for number in range(3)
    ]
    task = {"action": "X-1", "text": "plan the visits", "owner": "P-TM", "due": "2026-05-01"}
    for left_out in head:
        rest = {name: each for name, each in head.items() if name != left_out}
        assert books.enter("dip_sample", "2026-03-10", SERVICE, answers=rest, items=items) == f"answers.{left_out}"
    for left_out in (*five, "outcomes_improved"):
        rest = {name: each for name, each in items[0]["answers"].items() if name != left_out}
        short = [{"child": "C-0", "answers": rest}]
        assert books.enter("dip_sample", "2026-03-10", SERVICE, answers=head, items=short) == f"answers.{left_out}"
    assert books.enter("dip_sample", "2026-03-10", SERVICE, answers=head, items=items, actions=[task]) == ""
    [row] = books.listed(tmp_path, "dip_sample")
    assert (row.holder, [item.child for item in row.items]) == ("P-SM", ["C-0", "C-1", "C-2"])
    assert len(books.said(child="C-0")) == 6
    assert books.tally(tmp_path, "outcomes_improved") == {"yes": 2, "no": 1}
    assert books.owes() == {"action": "P-TM"}


EVENTS = {
    SERVICE: ["child protection conference", "review of a cared-for child", "child in need review"],
    HEAD: ["strategy discussion"],
    TEAM: ["direct work"],
}


@pytest.mark.covers("TOR-18", "TOR-115")
@pytest.mark.parametrize(("by", "event"), [(by, event) for by, events in EVENTS.items() for event in events])
def test_observers_of_each_tier(by: By, event: str) -> None:
    """Senior managers, Heads of Service and Team Managers record what they observed; a worker observes nobody."""
    books = Books("torbay")
    seen: Line = {"person": "P-SW", "answers": {"event": event}}
    assert books.enter("observation", "2026-03-10", WORKER, **seen) == "role"
    assert books.enter("observation", "2026-03-10", by, **seen) == ""


@pytest.mark.covers("TOR-18", "TOR-64", "A-TOR-23")
def test_each_manager_observes_once_a_quarter() -> None:
    """One observation a quarter of each manager: another manager's does not count, nor does last quarter's."""
    books = Books("torbay")
    books.enter("observation", "2026-02-10", TEAM, person="P-SW", answers={"event": "direct work"})
    rows = {"P-TM": "1 of 1, met", "P-AUD": "0 of 1, overdue"}
    assert books.due("observation_team_manager", "2026-03-31") == rows
    assert books.due("observation_team_manager", "2026-06-30")["P-TM"] == "0 of 1, overdue"
    assert books.due("observation_head_of_service", "2026-03-31") == {"P-HOS": "0 of 1, overdue"}
    assert books.due("observation_service_manager", "2026-03-31") == {"P-SM": "0 of 1, overdue"}


@pytest.mark.covers("TOR-19", "TOR-110", "TOR-114")
def test_after_an_observation() -> None:
    """It is reviewed with the worker, good practice and improvements; a concern opens a deep dive on like files."""
    books = Books("torbay")
    calm: Line = {"event": "direct work", "concern": False}
    books.enter("observation", "2026-03-10", TEAM, entry="E-2", person="P-SW", answers=calm)
    books.enter("observation", "2026-03-10", TEAM, person="P-SW", answers={**calm, "concern": True})
    assert books.owes("entry/E-2") == {"observation_reviewed": "P-TM"}
    assert books.owes() == {"observation_reviewed": "P-TM", "observation_deep_dive": "qa_team"}
    assert books.told() == {("observation_deep_dive", "2026-03-10", "qa_team")}
    assert books.step("reviewed", "2026-03-12", TEAM, good_practice="warm") == "answers.improvements"
    assert books.step("reviewed", "2026-03-12", TEAM, good_practice="warm", improvements="listen more") == ""
    dive = {"raised_by": "observation", "raised_in": "E-1", "corrected": True}
    method = {"file_audited": True, "worker_heard": True, "manager_told": True}
    for left_out in method:
        short = [{"child": "C-7", "answers": {name: True for name in method if name != left_out}}]
        field = books.enter("comparable_files", "2026-03-20", entry="E-3", answers=dive, items=short)
        assert field == f"answers.{left_out}"
    files = [{"child": child, "answers": method} for child in ("C-7", "C-8")]
    assert books.enter("comparable_files", "2026-03-20", entry="E-3", answers=dive, items=files) == ""
    assert books.step("deep_dive_done", "2026-03-20") == ""
    assert books.owes() == {}


@pytest.mark.covers("TOR-13", "TOR-20", "TOR-116")
def test_ratings_of_plans(tmp_path: Path) -> None:
    """The IRO or the chair rates a plan at each review; it is shared with worker and manager, and can be counted."""
    books = Books("torbay")
    for number, rating in enumerate(("red", "amber", "green", "green")):
        by: By = ("P-R", "cp_chair" if number % 2 else "iro")
        meeting = "child protection conference" if number % 2 else "care plan review"
        fields: Line = {
            "entry": f"E-{number}",
            "child": f"C-{number}",
            "answers": {"meeting": meeting, "rating": rating},
        }
        assert books.enter("plan_rating", "2026-03-10", TEAM, **fields) == "role"
        assert books.enter("plan_rating", "2026-03-10", by, **fields) == ""
    assert books.owes("entry/E-0") == {"plan_rating_shared": "P-R"}
    books.step("shared", "2026-03-11", ("P-R", "iro"), entry="E-0", with_worker=True, with_manager=False)
    assert books.owes("entry/E-0") == {"plan_rating_shared": "P-R"}
    books.step("shared", "2026-03-12", ("P-R", "iro"), entry="E-0", with_worker=True, with_manager=True)
    assert books.owes("entry/E-0") == {}
    assert books.tally(tmp_path, "rating") == {"green": 2, "amber": 1, "red": 1}


@pytest.mark.covers("TOR-65", "TOR-117")
def test_supervision_every_month() -> None:
    """Each worker in a post has supervision each month, and each says whether audits' recommendations came up."""
    books = Books("torbay")  # in whose team there is a practitioner
    books.appoint("P-AP", "advanced_practitioner", "T-1")
    assert (
        books.enter("supervision", "2026-03-10", TEAM, person="P-SW", answers={}) == "answers.recommendations_covered"
    )
    assert (
        books.enter("supervision", "2026-03-10", TEAM, person="P-SW", answers={"recommendations_covered": True}) == ""
    )
    assert books.due("supervision", "2026-03-31") == {"P-SW": "1 of 1, met", "P-AP": "0 of 1, overdue"}
    assert books.due("supervision", "2026-04-30")["P-SW"] == "0 of 1, overdue"


@pytest.mark.covers("TOR-21", "TOR-66")
def test_supervision_is_audited_twice_a_year() -> None:
    """An audit and an observation of supervision make the year's two; one does not."""
    books = Books("torbay")
    for number, (manner, on) in enumerate((("audit", "2026-05-04"), ("observation", "2026-11-04"))):
        assert books.due("supervision_audits", "2027-03-31") == {None: f"{number} of 2, overdue"}
        answers = {"manner": manner, "findings": "reflective"}
        assert books.enter("supervision_audit", on, TEAM, entry=f"E-{number}", person="P-TM", answers=answers) == ""
    assert books.due("supervision_audits", "2027-03-31") == {None: "2 of 2, met"}
