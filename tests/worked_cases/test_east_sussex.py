"""The worked cases of East Sussex that are about periods, on the rules alone."""

import pytest

from events.escalations import NoticeSent
from tests.given import Scene, fact
from tests.lives import Life
from tests.services.programme.scenes import ESX, activity, appointed, audited, counted, desk_in_east_sussex, owed

YEAR = ("2026-04-01", "2027-03-31")
WORKERS = ["P-SW", *(f"P-W{number}" for number in range(2, 7))]
REVIEWERS = [f"P-IRO{number}" for number in range(1, 5)]
ADVISORS = [f"P-CPA{number}" for number in range(1, 5)]


def nobody_is_told(desk: Scene, records: str) -> None:
    """Nothing of what is owed by the end of a period is ever sent to anybody (A-ESX-11)."""
    written = [each.fact for each in desk.on("2027-12-31").written if each.originator_id.startswith(records)]
    told = [each for each in written if isinstance(each, NoticeSent)]
    assert told == written
    assert {to.role for each in told for to in each.recipients} <= {"worker"}


@pytest.mark.covers("ESX-C1", "ESX-3.16", "ESX-N12", "A-ESX-03", "A-ESX-11", "A-ESX-16")
def test_monthly_audit_for_each_worker() -> None:
    """ESX-C1: six audits in April, five done, one overdue from 1 May; seven in May with the worker who had started."""
    desk = desk_in_east_sussex()
    desk.do(*(appointed(person, "practitioner", "T-1") for person in WORKERS[1:]))
    desk.do(appointed("P-W7", "practitioner", "T-1", "2026-04-20"))
    for number, worker in enumerate(WORKERS[:5]):
        desk.do(*audited(f"A-{number}", "supervision file", "2026-04-28", "P-AUD", worker=worker))
    april = owed(desk, "2026-04-30", "2026-04-30", "2026-04-30", "t3_16")
    assert [row.about for row in april] == sorted(WORKERS)
    assert {(row.role, row.unit, row.holders) for row in april} == {("practice_manager", "T-1", ("P-AUD",))}
    assert [row.state for row in april].count("open") == 1
    first_of_may = counted(owed(desk, "2026-04-30", "2026-04-30", "2026-05-01", "t3_16"))
    assert first_of_may["P-W6", "2026-04-30"] == "0 of 1, overdue"
    assert sorted(first_of_may.values()) == ["0 of 1, overdue", *["1 of 1, met"] * 5]
    may = owed(desk, "2026-05-31", "2026-05-31", "2026-05-01", "t3_16")
    assert sorted(row.about or "" for row in may) == sorted([*WORKERS, "P-W7"])
    nobody_is_told(desk, "audit/")


@pytest.mark.covers("ESX-C2", "ESX-N30", "A-ESX-14")
def test_further_files_are_not_the_april_quota() -> None:
    """ESX-C2: the two further files of a worker, returned in April, are not that worker's April audit."""
    desk = desk_in_east_sussex()
    concern = {"significant_concern": True, "summary": "the plan does not hold"}
    desk.do(*Life(ESX, "A-1").allocated("2026-03-10").submitted("2026-03-18", None, **concern))
    for audit in ("A-2", "A-3"):
        further = {"audit_type": "supervision further file", "extra_of": "A-1"}
        desk.do(*Life(ESX, audit, child=f"C-{audit}").allocated("2026-04-02", **further).submitted("2026-04-09"))
    assert counted(owed(desk, "2026-04-30", "2026-04-30", "2026-05-01", "t3_16")) == {
        ("P-SW", "2026-04-30"): "0 of 1, overdue"
    }


@pytest.mark.covers("ESX-C3", "ESX-3.14", "ESX-N22", "ESX-N24")
def test_quarterly_report_on_team_files() -> None:
    """ESX-C3: the report falls due on 31 March and, once made, goes to the Head of Service and in copy."""
    desk = desk_in_east_sussex()
    [row, _] = owed(desk, "2026-03-31", "2026-03-31", "2026-03-31", "t3_14_report")
    assert (row.role, row.holders, row.state) == ("operations_manager", ("P-OM",), "open")
    assert row.reports_to == ("head_of_service", "head_of_safeguarding")
    desk.do(activity("t3_14_report", "2026-03-31", "P-OM", "operations_manager", item="quarterly report"))
    [row, other] = owed(desk, "2026-03-31", "2026-03-31", "2026-04-01", "t3_14_report")
    assert (row.state, other.state) == ("met", "overdue")
    to = [{"role": "head_of_service", "holder": "P-HOS"}, {"role": "head_of_safeguarding", "holder": "P-HSG"}]
    desk.on("2026-04-01", only=["duty/t3_14_report-2026-03"]).then(
        fact("notice.sent", obligation="team_files_report", recipients=to)
    )


@pytest.mark.covers("ESX-C7", "ESX-3.8", "ESX-3.9", "ESX-N13", "A-ESX-08")
def test_advisors_and_reviewing_officers() -> None:
    """ESX-C7: eight own files by 31 July; a quarter with seven of eight deep dives is not complete."""
    desk = desk_in_east_sussex()
    everyone = [*ADVISORS, *REVIEWERS]
    desk.do(*(appointed(person, "cpa", at="2026-01-05") for person in ADVISORS))
    desk.do(*(appointed(person, "iro", at="2026-01-05") for person in REVIEWERS))
    desk.do(appointed("P-SG", "safeguarding_manager", at="2026-01-05"))
    for person in everyone:
        desk.do(*audited(f"A-{person}", "own file deep dive", "2026-07-20", person, reviewer=person))
    own = owed(desk, "2026-07-31", "2026-07-31", "2026-08-01", "t3_8_cpa", "t3_8_iro")
    assert [(row.holders, row.state) for row in own] == [((person,), "met") for person in everyone]
    for person in everyone[:7]:
        desk.do(*audited(f"B-{person}", "safeguarding deep dive", "2026-09-10", "P-SG", reviewer=person))
    dives = owed(desk, "2026-09-30", "2026-09-30", "2026-10-01", "t3_9")
    assert {(row.role, row.holders, row.reports_to) for row in dives} == {
        ("safeguarding_manager", ("P-SG",), ("head_of_service",))
    }
    assert [row.state for row in dives] == ["met"] * 7 + ["overdue"]
    [plan] = owed(desk, "2026-09-30", "2026-09-30", "2026-09-30", "t3_9_action_plan")
    assert (plan.reports_to, plan.state) == (("cscmt",), "open")


@pytest.mark.covers("ESX-C8", "ESX-4.11", "ESX-N10", "A-ESX-18")
def test_multi_agency_audits_short_by_one() -> None:
    """ESX-C8: four of five files and the plan audit leave one file short on 1 July; the plan is not the fifth."""
    desk = desk_in_east_sussex()
    desk.do(
        activity("t4_11", "2026-05-11", item="referral and assessment file", count=3),
        activity("t4_11", "2026-06-12", item="referral and assessment file"),
        activity("t4_11", "2026-06-12", item="child protection plan audit"),
    )
    rows = {row.title: row for row in owed(desk, "2026-06-30", "2026-06-30", "2026-07-01", "t4_11")}
    files, plan = rows["Referral and assessment files"], rows["Child with a child protection plan"]
    assert (files.role, files.done, files.needed, files.state) == ("lscb_qa_chair", 4, 5, "overdue")
    assert (plan.done, plan.needed, plan.state) == (1, 1, "met")
    assert rows["Report on the audits between agencies"].reports_to == ("lscb_qa_subgroup",)
    before = owed(desk, "2026-06-30", "2026-06-30", "2026-06-30", "t4_11")
    assert [row.state for row in before] == ["open", "met", "open"]
    annual = [row for row in owed(desk, *YEAR, "2026-07-01", "t4_11") if row.title.startswith("Annual report")]
    assert [(row.due.isoformat(), row.reports_to) for row in annual] == [("2027-03-31", ("smt", "lead_member"))]
    nobody_is_told(desk, "duty/")


@pytest.mark.covers("ESX-C9", "ESX-1.5", "ESX-1.12", "ESX-3.11", "ESX-4.18", "A-ESX-01", "A-ESX-02", "A-ESX-03")
@pytest.mark.parametrize(
    ("task", "title", "reports_to", "due"),
    [
        ("t1_5", "", (), "2026-06-30 2026-09-30 2026-12-31 2027-03-31"),
        ("t1_12", "Visits to early help teams", (), "2026-09-30 2027-03-31"),
        ("t3_11", "", ("agency_decision_maker",), "2026-07-31 2026-11-30 2027-03-31"),
        (
            "t4_18",
            "Meeting with the Assistant Director",
            (),
            "2026-05-31 2026-07-31 2026-09-30 2026-11-30 2027-01-31 2027-03-31",
        ),
    ],
)
def test_period_clocks(task: str, title: str, reports_to: tuple[str, ...], due: str) -> None:
    """ESX-C9: the dates of a financial year."""
    rows = owed(desk_in_east_sussex(), *YEAR, "2026-04-01", task)
    found = [row.due.isoformat() for row in rows if title in {"", row.title} and reports_to in {(), row.reports_to}]
    assert found == due.split()


@pytest.mark.covers("ESX-C9", "A-ESX-01")
def test_no_clock_is_biennial() -> None:
    """ESX-C9: what is called bi-annual falls due twice in every year, and nothing less often than once."""
    desk = desk_in_east_sussex()
    for task in ("t2_2", "t2_3", "t3_5", "t3_6", "t4_1"):
        for year in (2026, 2027):
            rows = owed(desk, f"{year}-04-01", f"{year + 1}-03-31", "2026-04-01", task)
            assert sum(row.every == "half year" for row in rows) == 2
    clocks = {clock.every for each in desk.policies.newest.duties for clock in each.clocks}
    assert clocks == {"month", "two months", "quarter", "third", "half year", "year"}


@pytest.mark.covers("ESX-C10", "ESX-3.3", "ESX-N8", "ESX-N24")
def test_supervision_concerns() -> None:
    """ESX-C10: both summaries go to the Head of Service at once, a copy of the one with concerns beyond."""
    desk = desk_in_east_sussex()
    by = ("t3_3", "2026-05-14", "P-OM", "operations_manager")
    about = {"about": "P-AUD", "item": "supervision audit"}
    to = [{"role": "head_of_service", "holder": "P-HOS"}]
    summary = fact("notice.sent", obligation="supervision_summary", recipients=to).at("2026-05-14")
    desk.do(activity(*by, **about, concern=False))
    desk.on("2026-05-14").then(summary)
    desk.do(activity(*by, **about, concern=True))
    beyond = [{"role": "head_of_safeguarding", "holder": "P-HSG"}]
    copy = fact("notice.sent", obligation="supervision_concerns", recipients=beyond).at("2026-05-14")
    scene = desk.on("2026-05-14").then(summary, copy)
    scene.on("2027-12-31", only=["duty/t3_3-2026-05"]).nothing()
