"""Swindon's autumn: one audit a month for each auditor, a share moderated by lot, short re-audits after six weeks."""

from datetime import date, datetime

from services.policy.model import Policy
from workers.demo.story import Line, Story, days, numbered

SHOWN = "SWI-004"
"""The audit whose whole story the demonstration tells."""

STARTS = (date(2025, 9, 1), date(2025, 10, 1), date(2025, 11, 3))
AUDITORS = 8
SINCE = datetime(2025, 8, 1, 9, 0)  # noqa: DTZ001 - local time, as a council writes it
SERVICES = {"S-EAST": ("T-E1", "T-E2"), "S-WEST": ("T-W1", "T-W2")}
INADEQUATE = 3
LOWEST, LIFTED, MISSING = (3, 18), 12, 21


def tell(story: Story, policy: Policy) -> None:
    """Every line of the three months."""
    story.place(SINCE, SERVICES)
    for service, teams in SERVICES.items():
        story.appoint(SINCE, f"P-SM-{service[2:]}", "service_manager", service)
        story.appoint(SINCE, f"P-HOS-{service[2:]}", "head_of_service", service)
        for team in teams:
            story.appoint(SINCE, f"P-TM-{team[2:]}", "team_manager", team)
    story.appoint(SINCE, "P-QAM", "quality_assurance_manager")
    story.appoint(SINCE, "P-QA2", "qa_team")
    story.appoint(SINCE, "P-PART", "participation_service")
    story.staff(SINCE, numbered("A", AUDITORS), "practice_lead")
    story.staff(SINCE, numbered("W", 9), "practitioner", [team for teams in SERVICES.values() for team in teams])
    for number in range(len(STARTS) * AUDITORS):
        _audit(story, policy, number)
    for start in STARTS:
        after = (start.replace(day=28) + days(5)).replace(day=1)
        drawn = {"purpose": "moderation", "month": f"{start:%Y-%m}"}
        story.act("sample.draw", story.hour(story.work_day(after)), "P-QA", "qa_team", **drawn)
    for start in (*STARTS, date(2025, 12, 1)):
        _practice_checks(story, start)


def _practice_checks(story: Story, start: date) -> None:
    """Five dip samples by each team manager but one, and an observation by each above them (SWI-45)."""
    for team in (team for teams in SERVICES.values() for team in teams if team != "T-W2"):
        day = story.later(start, 8, 14)
        files = [{"child": f"C-{team[2:]}{number}", "answers": {"seen": "up to date"}} for number in range(5)]
        story.act(
            "entry.record", story.hour(day), f"P-TM-{team[2:]}", "team_manager", entry=f"DIP-{team}-{day:%Y-%m}",
            kind="dip_sample", on=day.isoformat(), team=team, answers={"theme": ["chronologies"]}, items=files,
        )  # fmt: skip
    for service in SERVICES:
        for post, role in (("SM", "service_manager"), ("HOS", "head_of_service")):
            day, entry = story.later(start, 8, 14), f"OBS-{post}-{service}-{start:%Y-%m}"
            observer = f"P-{post}-{service[2:]}"
            story.act(
                "entry.record", story.hour(day), observer, role, entry=entry, kind="observation",
                on=day.isoformat(), person="P-W1", answers={"observed": "review meeting"},
            )  # fmt: skip
            talked = {"step": "reflective_discussion", "answers": {"evidence": "notes in the supervision file"}}
            story.act("entry.step", story.hour(story.later(day, 1, 3)), observer, role, entry=entry, **talked)


def _audit(story: Story, policy: Policy, number: int) -> None:
    audit, start = f"SWI-{number + 1:03}", STARTS[number // AUDITORS]
    teams = tuple(team for each in SERVICES.values() for team in each)
    who = {"child": f"C-{number + 901}", "team": teams[number % 4], "worker": f"P-W{number % 9 + 1}"}
    auditor = f"P-A{number % AUDITORS + 1}"
    story.act(
        "audit.allocate", story.hour(start), "P-QA", "qa_team",
        audit=audit, audit_type="case file", auditor=auditor, strand=policy.tool.strands[number % 3], **who,
    )  # fmt: skip
    if number == MISSING:
        return
    returned = story.work_day(start + days(story.dice.randint(12, 24)))
    lowest = number in {*LOWEST, LIFTED}
    grade = INADEQUATE if lowest else story.dice.choice((0, 1, 1, 2))
    _return(story, policy, audit, (auditor, who["worker"]), returned, grade)
    if lowest:
        _moderate(story, policy, audit, returned, lifted=number == LIFTED)
    if number == LOWEST[0]:
        _reaudit(story, policy, audit, who, returned)
    done = story.hour(story.later(returned, 8, 22))
    manager = f"P-TM-{who['team'][2:]}"
    impact = story.section("")["impact"]
    story.act("action.complete", done, who["worker"], "worker", audit=audit, action=f"{audit}-1", impact=impact)
    story.act("action.confirm", done, manager, "team_manager", audit=audit)


def _return(story: Story, policy: Policy, audit: str, people: tuple[str, str], returned: date, grade: int) -> None:
    auditor, worker = people
    before = returned - days(3)
    reflection = "I would ask the child sooner what a good week looks like"
    story.act(
        "audit.record_reflection", story.hour(before - days(1)), worker, "worker", audit=audit, reflection=reflection
    )
    story.act("audit.record_meeting", story.hour(before), auditor, "auditor", audit=audit)
    for source in ("child", "parents_carers"):
        heard: Line = {"source": source, "outcome": "obtained", "feedback": "somebody listens and comes back"}
        story.act("audit.record_feedback", story.hour(before), "P-PART", "participation_service", audit=audit, **heard)
    scale = policy.grades.sections
    sections = {
        name: story.section(scale[min(len(scale) - 1, max(0, grade + story.dice.choice((-1, 0, 0))))])
        for name in policy.tool.sections
    }
    task = story.task(audit, 1, worker, story.later(returned, 8, 20))
    story.act(
        "audit.submit", story.hour(returned), auditor, "auditor",
        audit=audit, grade=policy.grades.overall[grade], sections=sections, actions=[task],
        answers=story.said(policy, "return", audit, "case file"),
    )  # fmt: skip


def _moderate(story: Story, policy: Policy, audit: str, returned: date, *, lifted: bool) -> None:
    passed = story.later(returned, 1, 2)
    story.act("audit.allocate_moderator", story.hour(passed), "P-QA", "qa_team", audit=audit, moderator="P-QA2")
    change: Line = {"rationale": "the evidence carries the grade"}
    if lifted:
        change = {"grade": policy.grades.overall[2], "rationale": "the gaps are of recording, not of care"}
    moderated = story.hour(story.later(passed, 3, 6))
    story.act("audit.moderate", moderated, "P-QA2", "moderator", audit=audit, discussed=True, **change)
    if lifted:
        return
    concern = {"audit": audit, "obligation": "child_of_concern", "step": "opened"}
    answered = datetime.combine(returned, datetime.min.time()).replace(hour=18)
    story.answer("escalation.acknowledge", answered, "P-QAM", "quality_assurance_manager", **concern)


def _reaudit(story: Story, policy: Policy, audit: str, who: Line, found: date) -> None:
    """The file is looked at again six weeks after the audit (SWI-66)."""
    again, due = f"{audit}-R", found + days(42)
    story.act(
        "audit.allocate", story.hour(due - days(5)), "P-QA", "qa_team",
        audit=again, audit_type="short re-audit", auditor="P-A8", reaudit_of=audit, **who,
    )  # fmt: skip
    grade = policy.grades.overall[2]
    story.act("audit.submit", story.hour(due), "P-A8", "auditor", audit=again, grade=grade, summary="actions were done")
