"""East Sussex's autumn: one file a month of every worker, without grades, and tasks with their periods."""

from datetime import date, datetime

from services.policy.model import Policy
from workers.demo.story import Line, Story, days

SHOWN = "ESX-005"
"""The audit whose whole story the demonstration tells."""

STARTS = (date(2025, 9, 1), date(2025, 10, 1), date(2025, 11, 3))
SINCE = datetime(2025, 8, 1, 9, 0)  # noqa: DTZ001 - local time, as a council writes it
SERVICES = {"S-LOCAL": ("T-L1", "T-L2"), "S-CARE": ("T-C1",)}
WORKERS = 3
CONCERN, FURTHER, MISSING = 4, (6, 7), 20
ACTIVITIES = (
    ("t1_5", "dcs", "P-DCS", date(2025, 9, 24)),
    ("t1_5", "dcs", "P-DCS", date(2025, 12, 10)),
    ("t4_18_ad", "principal_social_worker", "P-PSW", date(2025, 9, 30)),
)


def tell(story: Story, policy: Policy) -> None:
    """Every line of the three months."""
    story.place(SINCE, SERVICES)
    for service, teams in SERVICES.items():
        story.appoint(SINCE, f"P-OM-{service[2:]}", "operations_manager", service)
        for team in teams:
            story.appoint(SINCE, f"P-PM-{team[2:]}", "practice_manager", team)
            for number in range(WORKERS):
                story.appoint(SINCE, f"P-W-{team[2:]}-{number + 1}", "practitioner", team)
    for person, post in (("P-HOS", "head_of_service"), ("P-DCS", "dcs"), ("P-PSW", "principal_social_worker")):
        story.appoint(SINCE, person, post, "S-LOCAL" if post == "head_of_service" else None)
    every_team = [team for each in SERVICES.values() for team in each]
    audits = [(start, team, worker) for start in STARTS for team in every_team for worker in range(WORKERS)]
    for number, (start, team, worker) in enumerate(audits):
        if number != MISSING:
            _audit(story, number, (start, team, f"P-W-{team[2:]}-{worker + 1}"))
    known = {task.name for task in policy.duties}
    for task, role, actor, on in ACTIVITIES:
        if task in known:
            story.act("duty.record", story.hour(on), actor, role, duty=task, on=on.isoformat())


def _audit(story: Story, number: int, what: tuple[date, str, str]) -> None:
    start, team, worker = what
    audit, manager = f"ESX-{number + 1:03}", f"P-PM-{team[2:]}"
    returned = story.work_day(start + days(story.dice.randint(5, 22)))
    _supervision_file(story, audit, (team, worker, manager), (start, returned), concern=number == CONCERN)
    told = story.hour(story.later(returned, 1, 2))
    story.act("audit.give_feedback", told, manager, "auditor", audit=audit, recipient=worker)
    if number == CONCERN:
        for further in FURTHER:
            more = {"audit_type": "supervision further file", "extra_of": audit, "child": f"C-{further + 1201}"}
            due = (returned + days(6), returned + days(18))
            _supervision_file(story, f"{audit}-F{further}", (team, worker, manager), due, concern=False, **more)


def _supervision_file(
    story: Story,
    audit: str,
    people: tuple[str, str, str],
    dates: tuple[date, date],
    *,
    concern: bool,
    **more: str,
) -> None:
    team, worker, manager = people
    given, returned = dates
    fields: Line = {"audit_type": "supervision file", "child": f"C-{1100 + story.dice.randrange(99)}", **more}
    story.act(
        "audit.allocate", story.hour(given), manager, "practice_manager",
        audit=audit, team=team, worker=worker, auditor=manager, **fields,
    )  # fmt: skip
    actions = [story.task(audit, 1, worker, story.later(returned, 5, 15))] if concern else []
    summary = "visits are not recorded since the summer" if concern else "purposeful work, well recorded"
    story.act(
        "audit.submit", story.hour(returned), manager, "auditor",
        audit=audit, significant_concern=concern, summary=summary, actions=actions,
    )  # fmt: skip
