"""Southwark's autumn: each month one case of every practice group, no moderation, a sample talked through."""

from datetime import date, datetime, time

from services.policy.model import Policy
from workers.demo.story import EVIDENCE, Line, Story, days, numbered

SHOWN = "SOU-009"
"""The audit whose whole story the demonstration tells."""

STARTS = (date(2025, 9, 1), date(2025, 10, 1), date(2025, 11, 3))
SINCE = datetime(2025, 8, 1, 9, 0)  # noqa: DTZ001 - local time, as a council writes it
SERVICES = {"S-CARE": ("G-1", "G-2", "G-3"), "S-PROTECT": ("G-4", "G-5", "G-6")}
EXEMPT, MISSING, UNSAFE = 4, 11, 8


def tell(story: Story, policy: Policy) -> None:
    """Every line of the three months."""
    story.place(SINCE, SERVICES)
    for service, practice_groups in SERVICES.items():
        story.appoint(SINCE, f"P-QL-{service[2:]}", "qa_lead", service)
        story.appoint(SINCE, f"P-HOS-{service[2:]}", "head_of_service", service)
        for group in practice_groups:
            story.appoint(SINCE, f"P-PGL-{group}", "practice_group_lead", group)
    story.appoint(SINCE, "P-DIR", "director")
    story.appoint(SINCE, "P-PT", "performance_team")
    groups = [group for groups in SERVICES.values() for group in groups]
    story.staff(SINCE, numbered("A", 6), "advanced_practitioner", groups)
    story.staff(SINCE, numbered("W", 8), "social_worker", groups)
    story.staff(SINCE, numbered("IRO", 3), "reviewing_officer")
    places = [(group, service) for service, groups in SERVICES.items() for group in groups]
    for month, start in enumerate(STARTS):
        for number, where in enumerate(places):
            _audit(story, policy, month * len(places) + number, start, where)
        _discussion(story, start)


def _audit(story: Story, policy: Policy, number: int, start: date, where: tuple[str, str]) -> None:
    audit, (group, service) = f"SOU-{number + 1:03}", where
    strand = story.dice.choice(policy.tool.strands)
    auditor, worker, lead = f"P-A{number % 6 + 1}", f"P-W{number % 8 + 1}", f"P-QL-{service[2:]}"
    story.act(
        "audit.allocate", story.hour(start), "P-PT", "performance_team", audit=audit, audit_type="case file",
        child=f"C-{number + 701}", team=group, worker=worker, auditor=auditor, reviewer=f"P-IRO{number % 3 + 1}",
        plan_lead=f"P-PGL-{group}", strand=strand,
    )  # fmt: skip
    if number == EXEMPT:
        asked = {"requested_by": f"P-HOS-{service[2:]}", "requested_as": "head_of_service"}
        when = story.hour(start + days(14))
        story.act("audit.exempt", when, lead, "qa_lead", audit=audit, ground="sick leave", **asked)
    elif number != MISSING:
        returned = story.work_day(start + days(story.dice.randint(14, 25)))
        _return(story, policy, (audit, strand), (auditor, worker), returned, unsafe=number == UNSAFE)
        _follow(story, audit, (worker, lead), returned)


def _return(
    story: Story, policy: Policy, file: tuple[str, str], people: tuple[str, str], returned: date, *, unsafe: bool
) -> None:
    (audit, strand), (auditor, worker) = file, people
    before = returned - days(3)
    reflection = "the plan was mine more than the family's"
    story.act("audit.record_reflection", story.hour(before), worker, "worker", audit=audit, reflection=reflection)
    story.act("audit.record_meeting", story.hour(before), auditor, "auditor", audit=audit)
    call = {"source": "family", "outcome": "obtained", "feedback": "calls are returned, letters are hard to read"}
    story.act("audit.record_feedback", story.hour(before), auditor, "auditor", audit=audit, **call)
    if unsafe:
        concern = "an adult with a ban on contact was seen in the home"
        at = datetime.combine(before, time(16, 40))
        story.act("audit.raise_safety_concern", at, auditor, "auditor", audit=audit, concern=concern)
        alert = {"audit": audit, "obligation": "safety_concern", "step": "alert"}
        story.answer("escalation.acknowledge", at.replace(hour=17), "P-DIR", "director", **alert)
        note = "seen the same evening; contact stopped"
        story.answer("escalation.resolve", at + days(1), "P-DIR", "director", note=note, **alert)
    grade = policy.grades.overall[2] if unsafe else story.dice.choice(policy.grades.overall)
    summary = f"{story.dice.choice(EVIDENCE)}; {story.dice.choice(EVIDENCE)}"
    task = story.task(audit, 1, worker, story.later(returned, 10, 20))
    comments = {name: {"evidence": story.dice.choice(EVIDENCE)} for name in policy.tool.sections}
    story.act(
        "audit.submit", story.hour(returned), auditor, "auditor",
        audit=audit, grade=grade, immediate_concern=False, sections=comments, summary=summary, actions=[task],
        answers=story.said(policy, "return", audit, "case file", strand),
    )  # fmt: skip


def _follow(story: Story, audit: str, people: tuple[str, str], returned: date) -> None:
    worker, lead = people
    done = story.later(returned, 8, 24)
    impact: Line = story.section("")
    story.act(
        "action.complete", story.hour(done), worker, "worker",
        audit=audit, action=f"{audit}-1", impact=impact["impact"],
    )  # fmt: skip
    confirmed = story.later(done, 1, 4)
    when = story.hour(confirmed)
    story.act("action.confirm", when, lead, "qa_lead", audit=audit)
    story.act("audit.close", when, lead, "qa_lead", audit=audit)


def _discussion(story: Story, start: date) -> None:
    """The Head of Service talks a sample of the month through in the month after it (SOU-42)."""
    after = story.work_day((start.replace(day=28) + days(9)).replace(day=5))
    for service in SERVICES:
        head = f"P-HOS-{service[2:]}"
        month = {"purpose": "discussion", "month": f"{start:%Y-%m}", "service": service}
        story.act("sample.draw", story.hour(after), head, "head_of_service", **month)
        talked = story.hour(story.later(after, 3, 8))
        story.act("sample.discuss", talked, head, "head_of_service", participants=["P-W1", "P-W2"], **month)
