"""Halton's autumn: one file a month for each of thirteen auditors (HAL-1), from the 7th, all moderated."""

from dataclasses import dataclass
from datetime import date, datetime, time

from services.policy.model import Policy
from workers.demo.story import Line, Story, days, numbered

SHOWN = "HAL-002"
"""The audit whose whole story the demonstration tells."""

STARTS = (date(2025, 9, 7), date(2025, 10, 7), date(2025, 11, 7))
AUDITORS = 13
SINCE = datetime(2025, 8, 1, 9, 0)  # noqa: DTZ001 - local time, as a council writes it
SERVICES = {"S-NORTH": ("T-N1", "T-N2"), "S-SOUTH": ("T-S1", "T-S2")}
INADEQUATE = 3
HEADS = (("P-DOS", "director_operational_safeguarding"), ("P-QAM", "qa_manager"), ("P-QAP", "qa_principal_manager"))


@dataclass(frozen=True, slots=True)
class Fate:
    """What is special about an audit; everything else goes its ordinary way."""

    return_day: int = 8
    grade: int | None = None
    moderated: int | None = None
    late_moderation: bool = False
    redated: bool = False
    unfinished: bool = False
    never_returned: bool = False
    reaudited: bool = False


FATES: dict[int, Fate] = {
    1: Fate(grade=3, reaudited=True),
    4: Fate(grade=1, moderated=2),
    6: Fate(return_day=13),
    9: Fate(grade=2, moderated=1),
    11: Fate(redated=True),
    14: Fate(grade=2, moderated=3),
    16: Fate(late_moderation=True),
    18: Fate(grade=3, moderated=2),
    21: Fate(return_day=16, unfinished=True),
    24: Fate(grade=0, moderated=1),
    27: Fate(unfinished=True),
    30: Fate(never_returned=True),
    33: Fate(grade=3, unfinished=True),
    36: Fate(grade=1, moderated=0),
}


def tell(story: Story, policy: Policy) -> None:
    """Every line of the three months."""
    story.place(SINCE, SERVICES)
    for service, teams in SERVICES.items():
        story.appoint(SINCE, f"P-DM-{service[2:]}", "divisional_manager", service)
        story.appoint(SINCE, f"P-PM-{service[2:]}", "principal_manager", service)
        for team in teams:
            story.appoint(SINCE, f"P-PL-{team[2:]}", "practice_lead", team)
    for person, post in HEADS:
        story.appoint(SINCE, person, post)
    story.staff(SINCE, numbered("A", AUDITORS), "irm")
    story.staff(SINCE, numbered("M", 4), "qa_team")
    story.staff(SINCE, numbered("W", 9), "practitioner", [team for teams in SERVICES.values() for team in teams])
    for number in range(len(STARTS) * AUDITORS):
        _audit(story, policy, number, FATES.get(number, Fate(return_day=story.dice.randint(5, 10))))


def _audit(story: Story, policy: Policy, number: int, fate: Fate) -> None:
    audit = f"HAL-{number + 1:03}"
    team = tuple(team for teams in SERVICES.values() for team in teams)[number % 4]
    who = {"child": f"C-{number + 501}", "team": team, "worker": f"P-W{number % 9 + 1}"}
    start = STARTS[number // AUDITORS]
    auditor = f"P-A{number % AUDITORS + 1}"
    story.act(
        "audit.allocate",
        story.hour(start),
        "P-QA",
        "qa_team",
        audit=audit,
        audit_type="deep dive",
        auditor=auditor,
        child_number=f"{story.dice.randrange(10**6, 10**7)}",
        open_since=(start - days(story.dice.randint(28, 400))).isoformat(),
        **who,
    )
    if not fate.never_returned:
        returned = start + days(fate.return_day)
        _return(story, policy, audit, who | {"auditor": auditor}, returned, fate)
        closed = _follow(story, policy, audit, who, returned, fate)
        if fate.reaudited:
            _reaudit(story, policy, audit, who, returned, closed)


def _return(story: Story, policy: Policy, audit: str, who: Line, returned: date, fate: Fate) -> None:
    auditor, worker = who["auditor"], who["worker"]
    before = story.hour(returned - days(2))
    reflection = "I would visit sooner and record the child's words"
    story.act(
        "audit.record_reflection", story.hour(returned - days(3)), worker, "worker", audit=audit, reflection=reflection
    )
    story.act("audit.record_meeting", before, auditor, "auditor", audit=audit)
    child: Line = story.dice.choice(
        ({"outcome": "obtained", "feedback": "I can say what I think"}, {"outcome": "not_age_appropriate"})
    )
    story.act("audit.record_feedback", before, auditor, "auditor", audit=audit, source="child", **child)
    story.act(
        "audit.record_feedback", before, auditor, "auditor", audit=audit, source="parents_carers", outcome="attempted"
    )
    grade = fate.grade if fate.grade is not None else story.dice.choice((0, 1, 1, 1, 2, 2))
    scale = policy.grades.sections
    sections = {name: _near(story, scale, grade) for name in policy.tool.sections}
    joint = {name: _near(story, scale, max(0, grade - 1)) for name in policy.tool.sections}
    forced: Line = {}
    if grade == INADEQUATE:
        notice = {"audit": audit, "obligation": "inadequate_audit", "step": "notice"}
        evening, manager = datetime.combine(returned, time(18, 0)), _manager(who["team"])
        story.answer("escalation.acknowledge", evening, manager, "divisional_manager", **notice)
        if not fate.unfinished:
            note = "plan agreed with the family; visits twice a week until the re-audit"
            story.answer("escalation.resolve", evening + days(2), manager, "divisional_manager", note=note, **notice)
        forced = {
            "bottom_lines_unmet": ["the child is seen"],
            "safety_plan": "seen today; plan agreed with the manager",
        }
    story.act(
        "audit.submit",
        story.hour(returned),
        auditor,
        "auditor",
        audit=audit,
        grade=policy.grades.overall[grade],
        sections=sections,
        practitioner_sections=joint,
        answers=story.said(policy, "return", audit, "deep dive"),
        actions=[story.task(audit, each + 1, worker) for each in range(story.dice.randint(1, 2))],
        **forced,
    )


def _manager(team: str) -> str:
    return f"P-DM-{'NORTH' if team.startswith('T-N') else 'SOUTH'}"


def _near(story: Story, scale: tuple[str, ...], grade: int) -> Line:
    return story.section(scale[min(len(scale) - 1, max(0, grade + story.dice.choice((-1, 0, 0, 0, 1))))])


def _follow(story: Story, policy: Policy, audit: str, who: Line, returned: date, fate: Fate) -> date:
    team, worker = who["team"], who["worker"]
    passed = story.later(returned, 1, 1)
    moderator = f"P-M{story.dice.randint(1, 4)}"
    story.act("audit.allocate_moderator", story.hour(passed), "P-QA", "qa_team", audit=audit, moderator=moderator)
    moderated = story.later(passed, 12, 13) if fate.late_moderation else story.later(passed, 3, 8)
    change: Line = {"rationale": "the evidence carries the grade"}
    if fate.moderated is not None:
        change = {"grade": policy.grades.overall[fate.moderated], "rationale": "judged by what changed for the child"}
        change["sections"] = {"Planning": policy.grades.sections[fate.moderated]}
    if INADEQUATE in {fate.moderated, fate.grade if fate.moderated is None else None}:
        change["safety_plan"] = "plan checked with the manager"
    learning = "agree expectations with the practitioner"
    story.act(
        "audit.moderate", story.hour(moderated), moderator, "moderator",
        audit=audit, discussed=True, learning_points=learning, **change,
    )  # fmt: skip
    manager = _manager(team)
    if fate.redated:
        due = story.later(moderated, 15, 15).isoformat()
        story.act(
            "action.redate", story.hour(story.later(returned, 2, 2)), "P-QA", "qa_team",
            audit=audit, action=f"{audit}-1", due=due, reason="the school is closed until then",
        )  # fmt: skip
    signed = story.later(moderated, 1, 2)
    story.act("audit.sign_off", story.hour(signed), "P-QAP", "qa_principal_manager", audit=audit, comments="agreed")
    if fate.unfinished:
        return signed
    done = story.later(moderated, 3, 5)
    when = story.hour(done)
    story.act(
        "action.complete", when, worker, "worker", audit=audit, action=f"{audit}-1", impact=story.section("")["impact"]
    )
    story.act("action.confirm", when, manager, "divisional_manager", audit=audit)
    for owed, role, actor in (
        ("action_tracker", "qa_manager", "P-QAM"),
        ("expected_standard", "divisional_manager", manager),
    ):
        # The standard is declared once the actions are confirmed, and not at an earlier hour of that day (HAL-60).
        at = story.hour(done)
        at = max(at, when) if owed == "expected_standard" else at
        story.act("obligation.meet", at, actor, role, audit=audit, obligation=owed)
    closed = story.later(done, 1, 1)
    story.act("audit.close", story.hour(closed), "P-QA", "qa_team", audit=audit)
    return closed


def _reaudit(story: Story, policy: Policy, audit: str, who: Line, found: date, closed: date) -> None:
    """An Inadequate file is audited again one month after the finding (HAL-73)."""
    again = f"{audit}-R"
    manager = _manager(who["team"])
    plan = {"obligation": "improvement_plan", "note": "weekly visits, reviewed by the manager"}
    story.act(
        "obligation.meet", story.hour(story.later(found, 2, 2)), manager, "divisional_manager", audit=audit, **plan
    )
    start = max(closed, found + days(24))
    story.act(
        "audit.allocate", story.hour(start), "P-QA", "qa_team",
        audit=again, audit_type="deep dive", auditor="P-A9", reaudit_of=audit, **who,
    )  # fmt: skip
    _return(story, policy, again, who | {"auditor": "P-A9"}, found + days(30), Fate(grade=2))
    _follow(story, policy, again, who, found + days(30), Fate(grade=2))
