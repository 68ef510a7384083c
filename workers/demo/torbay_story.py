"""Torbay's autumn: two rounds of at least twenty audits (TOR-34), each due in four weeks, all moderated."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from services.policy.model import Policy
from workers.demo.story import Line, Story, days, numbered

SHOWN = "TOR-004"
"""The audit whose whole story the demonstration tells."""

LOWEST = 3
ROUNDS = (date(2025, 9, 1), date(2025, 10, 1))
PER_ROUND = 21
SINCE = datetime(2025, 8, 1, 9, 0)  # noqa: DTZ001 - local time, as a council writes it
SERVICES = {"S-HELP": ("T-FRONT", "T-HELP"), "S-CARE": ("T-CARE-1", "T-CARE-2")}
AUDITORS = (
    ("P-A1", "T-FRONT"),
    ("P-A2", "T-HELP"),
    ("P-A3", "T-CARE-1"),
    ("P-A4", "T-CARE-2"),
    ("P-A5", "T-FRONT"),
    ("P-A6", "T-CARE-1"),
    ("P-A7", "T-CARE-2"),
)


@dataclass(frozen=True, slots=True)
class Fate:
    """What is special about an audit; everything else goes its ordinary way."""

    return_day: int = 22
    grade: int | None = None
    moderated: int | None = None
    confirmed_after: int | None = 15
    never_returned: bool = False
    voided: bool = False
    reassigned: bool = False
    redated: bool = False
    concern: bool = False
    waits_for_moderation: bool = False


FATES: dict[int, Fate] = {
    2: Fate(return_day=31),
    3: Fate(grade=3, confirmed_after=None),
    5: Fate(return_day=45),
    6: Fate(grade=3, moderated=2),
    8: Fate(grade=2, moderated=1),
    9: Fate(grade=1, moderated=2, confirmed_after=28),
    11: Fate(confirmed_after=None),
    12: Fate(never_returned=True),
    14: Fate(voided=True),
    15: Fate(reassigned=True, return_day=30),
    17: Fate(grade=2, redated=True, confirmed_after=45),
    18: Fate(grade=0, moderated=1),
    20: Fate(grade=2, moderated=3, confirmed_after=37),
    23: Fate(confirmed_after=None),
    26: Fate(return_day=33),
    28: Fate(concern=True, grade=2),
    31: Fate(grade=1, moderated=0),
    33: Fate(never_returned=True),
    36: Fate(waits_for_moderation=True),
    38: Fate(grade=2, confirmed_after=40),
    40: Fate(return_day=50, grade=2),
}


def tell(story: Story, policy: Policy) -> None:
    """Every line of the two rounds."""
    _people(story)
    for start in ROUNDS:
        _round(story, start)
    for number in range(len(ROUNDS) * PER_ROUND):
        _audit(story, policy, number, FATES.get(number, Fate(return_day=story.dice.randint(12, 27))))


def _people(story: Story) -> None:
    story.place(SINCE, SERVICES)
    for service, teams in SERVICES.items():
        story.appoint(SINCE, f"P-HOS-{service[2:]}", "head_of_service", service)
        story.appoint(SINCE, f"P-SM-{service[2:]}", "service_manager", service)
        for team in teams:
            story.appoint(SINCE, f"P-TM-{team[2:]}", "team_manager", team)
    for auditor, team in AUDITORS:
        story.appoint(SINCE, auditor, "advanced_practitioner", team)
    story.appoint(SINCE, "P-DIR", "director")
    story.staff(SINCE, numbered("QA", 3), "qa_team")
    story.staff(SINCE, numbered("W", 11), "practitioner", [team for teams in SERVICES.values() for team in teams])
    for auditor, _ in AUDITORS:
        story.act("person.train", SINCE, "P-QA", "qa_team", person=auditor)
    # A service manager leaves and nobody follows: notices for that post go one tier up and say so.
    left = {"person": "P-SM-CARE", "post": "service_manager", "unit": "S-CARE"}
    story.act("person.leave", SINCE + timedelta(days=75), "P-QA", "qa_team", **left)


def _ten(day: date) -> datetime:
    """Ten o'clock: what is told of rounds takes no chance away from the rest of the story."""
    return datetime.combine(day, time(10, 0))


def _round(story: Story, start: date) -> None:
    """A round: in the year's schedule, planned, its data asked for in time, approved by all who must."""
    named = {"round": f"R-{start:%Y-%m}"}
    story.act("round.schedule", SINCE + timedelta(hours=1), "P-QA", "qa_team", **named, month=f"{start:%Y-%m}")
    planned = {"origin": "performance monitoring", "focus": "plans that drift", "units": list(SERVICES)}
    story.act("round.plan", _ten(start - days(25)), "P-QA", "qa_team", **named, **planned)
    story.act("round.request_data", _ten(start - days(18)), "P-QA", "qa_team", **named)
    lines = ["Do plans say by when?", "Is the chronology used?"]
    story.act("round.enquire", _ten(start - days(11)), "P-HOS-HELP", "head_of_service", **named, lines=lines)
    story.act("round.receive_data", _ten(start - days(5)), "P-QA", "qa_team", **named)
    for service in SERVICES:
        story.act("round.approve", _ten(start - days(4)), f"P-HOS-{service[2:]}", "head_of_service", **named)
    story.act("round.approve", _ten(start - days(3)), "P-DIR", "director", **named)
    dips = [f"D-{start:%m}-{number}" for number in range(1, 213)]
    story.act("round.record_dips", _ten(start + days(24)), "P-QA", "qa_team", **named, sampled=dips)


def _audit(story: Story, policy: Policy, number: int, fate: Fate) -> None:
    audit = f"TOR-{number + 1:03}"
    start = ROUNDS[number // PER_ROUND]
    auditor = AUDITORS[number % len(AUDITORS)][0]
    team = tuple(team for teams in SERVICES.values() for team in teams)[(number + 1) % 4]
    worker = f"P-W{number % 11 + 1}"
    story.act(
        "audit.allocate",
        story.hour(start),
        "P-QA",
        "qa_team",
        audit=audit,
        child=f"C-{number + 101}",
        child_number=f"{story.dice.randrange(10**7, 10**8)}",
        team=team,
        worker=worker,
        auditor=auditor,
        round=f"R-{start:%Y-%m}",
        strand=story.dice.choice(policy.tool.strands[:4]),
        age_band=story.dice.choice(policy.tool.age_bands),
    )
    if fate.reassigned:
        new = AUDITORS[(number + 1) % len(AUDITORS)][0]
        reason = "long absence of the first auditor"
        story.act(
            "audit.reassign", story.hour(start + days(9)), "P-QA", "qa_team", audit=audit, auditor=new, reason=reason
        )
        auditor = new
    if fate.voided:
        reason = "the child had moved to another authority before selection"
        story.act("audit.void", story.hour(start + days(6)), "P-QA", "qa_team", audit=audit, reason=reason)
    elif not fate.never_returned:
        returned = story.work_day(start + days(fate.return_day))
        _return(story, policy, audit, (auditor, worker, team), returned, fate)
        if not fate.waits_for_moderation:
            _follow(story, policy, audit, (auditor, team), returned, fate)


def _return(story: Story, policy: Policy, audit: str, people: tuple[str, str, str], returned: date, fate: Fate) -> None:
    auditor, worker, team = people
    before = story.work_day(returned - days(4))
    story.act("audit.record_meeting", story.hour(before), auditor, "auditor", audit=audit)
    obtained = story.dice.random() < 0.7  # noqa: PLR2004 - the share of families that answer
    feedback = {"outcome": "obtained", "feedback": "they feel listened to"} if obtained else {"outcome": "attempted"}
    story.act("audit.record_feedback", story.hour(before), auditor, "auditor", audit=audit, source="family", **feedback)
    if fate.concern:
        concern = "who lives in the home is not known"
        story.act("audit.raise_safety_concern", story.hour(before), auditor, "auditor", audit=audit, concern=concern)
    grade = fate.grade if fate.grade is not None else story.dice.choice((0, 1, 1, 1, 2, 2))
    fields = policy.grades.sections
    centre = min(grade, 2)
    sections = {
        name: (
            {"grade": policy.grades.not_applicable}
            if name == "Preparation for independence" and story.dice.random() < 0.5  # noqa: PLR2004 - young children
            else story.section(fields[min(2, max(0, centre + story.dice.choice((-1, 0, 0, 0, 1))))])
        )
        for name in policy.tool.sections
    }
    if grade == LOWEST:
        _answer(story, audit, team, returned)
    tasks = [
        story.task(audit, each + 1, worker, story.later(returned, 8, 20)) for each in range(story.dice.randint(1, 3))
    ]
    story.act(
        "audit.submit",
        story.hour(returned),
        auditor,
        "auditor",
        audit=audit,
        grade=policy.grades.overall[grade],
        sections=sections,
        answers=story.said(policy, "return", audit, "full"),
        actions=tasks,
    )


def _answer(story: Story, audit: str, team: str, returned: date) -> None:
    """The head of service acknowledges the alert the same evening and settles it the next day."""
    alert = {"audit": audit, "obligation": "immediate_alert", "step": "alert"}
    evening = datetime.combine(returned, time(18, 0))
    head = f"P-HOS-{next(service[2:] for service, teams in SERVICES.items() if team in teams)}"
    story.answer("escalation.acknowledge", evening, head, "head_of_service", **alert)
    note = "child seen at home and at school; safety plan in place"
    story.answer("escalation.resolve", evening + days(1), head, "head_of_service", note=note, **alert)


def _follow(story: Story, policy: Policy, audit: str, people: tuple[str, str], returned: date, fate: Fate) -> None:
    auditor, team = people
    passed = story.later(returned, 1, 1)
    moderator = f"P-QA{story.dice.randint(1, 3)}"
    story.act("audit.allocate_moderator", story.hour(passed), "P-QA", "qa_team", audit=audit, moderator=moderator)
    moderated = story.later(passed, 2, 6)
    change: Line = {"rationale": "the evidence carries the grade"}
    if fate.moderated is not None:
        change = {"grade": policy.grades.overall[fate.moderated], "rationale": "weighed the evidence of impact anew"}
        change["sections"] = {"Plans": policy.grades.sections[min(fate.moderated, 2)]}
    story.act(
        "audit.moderate",
        story.hour(moderated),
        moderator,
        "moderator",
        audit=audit,
        discussed=True,
        learning_points="say what changed for the child, not what was done",
        **change,
    )
    shared = story.later(moderated, 1, 2)
    story.act("audit.share", story.hour(shared), "P-QA", "qa_team", audit=audit)
    story.act("audit.give_feedback", story.hour(shared), auditor, "auditor", audit=audit, recipient=f"P-TM-{team[2:]}")
    filed = story.later(shared, 1, 3)
    story.act("audit.file", story.hour(filed), "P-QA", "qa_team", audit=audit)
    if fate.redated:
        late = (moderated + days(35)).isoformat()
        story.act("action.redate", story.hour(filed), "P-QA", "qa_team", audit=audit, action=f"{audit}-1", due=late)
    if fate.confirmed_after is not None:
        confirmed = story.work_day(moderated + days(fate.confirmed_after))
        when = story.hour(confirmed)
        impact = story.section("")["impact"]
        story.act(
            "action.complete", when, f"P-TM-{team[2:]}", "team_manager",
            audit=audit, action=f"{audit}-1", impact=impact,
        )  # fmt: skip
        story.act("action.confirm", when, f"P-TM-{team[2:]}", "team_manager", audit=audit)
        story.act("audit.close", story.hour(story.later(confirmed, 1, 3)), "P-QA", "qa_team", audit=audit)
