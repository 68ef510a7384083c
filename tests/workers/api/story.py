"""One story for each framework that its examples need, in which every command is given once just as its example says.

A step is a day, who acts, and a command: with a body it leads up to an example, without one it is the example itself.
"""

from dataclasses import dataclass
from typing import Any

from events.base import Fact
from events.deliveries import DeliveryAttempted, DeliveryDelivered, Told
from events.escalations import EscalationRaised, Recipient
from tests.lives import Life

HEAD = frozenset({"command", "authority", "actor", "at"})
QA, LEAD = {"role": "qa_team"}, {"role": "qa_lead"}
FILE = {"child": "C-5", "team": "T-1", "worker": "P-SW", "auditor": "P-AUD"}
GRADED = {"grade": "Good", "evidence": "seen on file", "impact": "felt by the child"}


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody gives on a day. `body` None stands for the example of the command."""

    on: str
    actor: str
    command: str
    body: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Worked:
    """What the workers record of a record, so that somebody may act on it."""

    on: str
    record: str
    facts: tuple[Fact, ...]


TO_P_TM = Recipient(asked="team_manager", role="team_manager", unit="T-1", holder="P-TM")
LATE = {"obligation": "audit_return", "step": "outstanding_list", "title": "Audit outstanding"}


def raised(on: str, number: int) -> Worked:
    """An escalation of the audit of the story."""
    fact = EscalationRaised.model_validate(
        {**LATE, "due": f"{on}T08:00:00Z", "trigger": "t", "level": 1, "recipients": (TO_P_TM,), "number": number}
    )
    return Worked(on, "audit/TOR-7", (fact,))


def sent(on: str, delivery: str) -> Worked:
    """A message that went out about it."""
    of = {"recipient": "P-TM", "role": "team_manager", "unit": "T-1", "kind": "escalation"}
    told = (Told(about="audit/TOR-7", notice="n"),)
    what = {**of, "obligation": LATE["obligation"], "step": LATE["step"], "told": told}
    attempt = DeliveryAttempted.model_validate({**what, "transport": "smtp"})
    return Worked(on, f"delivery/{delivery}", (attempt, DeliveryDelivered(transport="smtp")))


def people(day: str, role: str, *posts: tuple[str, str, str | None]) -> list[Step]:
    """Appointments by P-QA."""
    return [
        Step(day, "P-QA", "person.appoint", {"role": role, "person": person, "post": post, "unit": unit})
        for person, post, unit in posts
    ]


def unit(day: str, role: str, name: str, kind: str, parent: str | None = None) -> Step:
    """A service, or a team under one."""
    return Step(day, "P-QA", "unit.place", {"role": role, "unit": name, "kind": kind, "parent": parent})


DAY = "2026-01-05"
TORBAY: list[Step | Worked] = [
    Step(DAY, "P-QA", "person.appoint"),
    unit(DAY, "qa_team", "S-1", "service"),
    Step(DAY, "P-QA", "unit.place"),
    unit(DAY, "qa_team", "T-2", "team", "S-1"),
    *people(
        DAY,
        "qa_team",
        ("P-SW", "practitioner", "T-1"),
        ("P-OLD", "practitioner", "T-2"),
        ("P-TM", "team_manager", "T-1"),
        ("P-AUD", "team_manager", "T-2"),
        ("P-AUD2", "qa_team", None),
        ("P-ASM", "team_manager", "T-2"),
        ("P-MOD", "qa_team", None),
        ("P-SM", "service_manager", "S-1"),
        ("P-HOS", "head_of_service", "S-1"),
        ("P-DIR", "director", None),
    ),
    Step(DAY, "P-QA", "person.train"),
    *(Step(DAY, "P-QA", "person.train", {**QA, "person": each}) for each in ("P-AUD2", "P-SM")),
    Step(DAY, "P-QA", "person.move"),
    Step(DAY, "P-QA", "person.leave"),
    Step(DAY, "P-QA", "person.address"),
    Step(DAY, "P-QA", "calendar.give"),
    Step(DAY, "P-QA", "webhook.set"),
    Step(DAY, "P-QA", "webhook.secret"),
    Step("2026-01-06", "P-QA", "round.schedule"),
    Step("2026-01-06", "P-QA", "round.plan"),
    Step("2026-01-07", "P-HOS", "round.enquire"),
    Step("2026-01-07", "P-QA", "round.agree_questions"),
    Step("2026-01-08", "P-QA", "round.request_data"),
    Step("2026-01-27", "P-QA", "cases.import"),
    Step("2026-01-27", "P-QA", "round.receive_data"),
    Step("2026-01-28", "P-DIR", "round.approve", {"role": "director", "round": "2026-02"}),
    Step("2026-01-28", "P-HOS", "round.approve"),
    Step("2026-01-29", "P-QA", "round.review"),
    Step("2026-02-02", "P-QA", "round.draw"),
    Step("2026-02-02", "P-QA", "round.assign"),
    Step("2026-02-02", "P-QA", "round.record_dips"),
    Step("2026-02-02", "P-QA", "audit.allocate"),
    Step("2026-02-02", "P-QA", "audit.allocate", {**QA, "audit": "TOR-8", **FILE}),
    Step("2026-02-03", "P-QA", "audit.void"),
    Step("2026-02-03", "P-QA", "audit.reassign"),
    Step("2026-02-04", "P-SW", "audit.record_reflection"),
    Step("2026-02-04", "P-AUD", "audit.record_meeting"),
    Step("2026-02-04", "P-AUD", "audit.record_feedback"),
    Step("2026-02-04", "P-AUD", "audit.grade_section"),
    Step("2026-02-04", "P-AUD", "audit.raise_safety_concern"),
    raised("2026-02-05", 1),
    Step("2026-02-05", "P-TM", "escalation.acknowledge"),
    Step("2026-02-05", "P-TM", "escalation.resolve"),
    sent("2026-02-05", "M-1"),
    Step("2026-02-06", "P-QA", "delivery.report_bounce"),
    Step("2026-02-06", "P-AUD", "audit.submit"),
    Step("2026-02-06", "P-QA", "action.set"),
    Step("2026-02-09", "P-QA", "action.redate"),
    Step("2026-02-09", "P-QA", "audit.allocate_moderator"),
    Step("2026-02-09", "P-MOD", "audit.moderate"),
    Step("2026-02-10", "P-QA", "audit.sign_off"),
    Step("2026-02-10", "P-QA", "audit.share"),
    Step("2026-02-10", "P-AUD", "audit.give_feedback"),
    Step("2026-02-10", "P-HOS", "obligation.meet"),
    Step("2026-02-11", "P-SW", "action.complete"),
    Step("2026-02-11", "P-TM", "action.confirm"),
    Step("2026-02-12", "P-QA", "audit.file"),
    Step("2026-02-12", "P-QA", "audit.close"),
    Step("2026-02-12", "P-HOS", "entry.record"),
    Step("2026-02-12", "P-HOS", "entry.step"),
    Step("2026-02-12", "P-HOS", "entry.set_action"),
    Step("2026-02-12", "P-HOS", "entry.complete_action"),
    Step("2026-02-12", "P-HOS", "entry.confirm_actions"),
    Step("2026-02-13", "P-QA", "entry.withdraw"),
    Step("2026-02-13", "P-QA", "indicator.record"),
    Step("2026-02-13", "P-QA", "indicator.compare"),
    Step("2026-02-13", "P-QA", "person.withdraw_address"),
    Step("2026-02-13", "P-QA", "calendar.revoke"),
    Step("2026-02-13", "P-QA", "webhook.remove"),
    Step("2026-03-02", "P-QA", "report.comment"),
    Step("2026-03-02", "P-QA", "report.issue"),
]

SOUTHWARK: list[Step | Worked] = [
    unit(DAY, "qa_lead", "S-1", "service"),
    *people(DAY, "qa_lead", ("P-QA", "qa_lead", "S-1"), ("P-QA", "performance_team", None)),
    *(unit(DAY, "qa_lead", f"T-{each}", "team", "S-1") for each in range(1, 5)),
    *people(
        DAY,
        "qa_lead",
        ("P-SW", "social_worker", "T-1"),
        ("P-AUD", "practice_group_lead", "T-1"),
        ("P-HOS", "head_of_service", "S-1"),
        ("P-DIR", "director", None),
        ("P-IRO", "reviewing_officer", None),
    ),
    *(
        Step(
            "2026-02-02",
            "P-QA",
            "audit.allocate",
            {
                **FILE,
                "role": "performance_team",
                "audit": f"SOU-{5 + each}",
                "child": f"C-{each}",
                "team": f"T-{1 + each}",
            }
            | {"audit_type": "case file", "open_since": "2025-01-06"},
        )
        for each in range(4)
    ),
    *(
        Step(
            "2026-02-10",
            line["actor"],
            line["command"],
            {name: held for name, held in line.items() if name not in HEAD},
        )
        for audit in ("SOU-7", "SOU-8")
        for line in Life("southwark", audit).submitted()
    ),
    Step("2026-02-03", "P-QA", "audit.exempt"),
    Step("2026-02-03", "P-QA", "audit.record_departure"),
    Step("2026-02-04", "P-IRO", "dispute.raise"),
    Step("2026-02-05", "P-IRO", "dispute.escalate"),
    Step("2026-02-06", "P-IRO", "dispute.resolve"),
    Step("2026-03-02", "P-HOS", "sample.draw"),
    Step("2026-03-03", "P-HOS", "sample.discuss"),
]

EAST_SUSSEX: list[Step | Worked] = [
    *people(DAY, "qa_team", ("P-QA", "qa_team", None), ("P-DCS", "dcs", None)),
    unit(DAY, "qa_team", "S-1", "service"),
    unit(DAY, "qa_team", "T-1", "team", "S-1"),
    *people(DAY, "qa_team", ("P-OM", "operations_manager", "S-1")),
    Step("2026-02-11", "P-DCS", "duty.record"),
    Step("2026-02-11", "P-OM", "duty.skip"),
]

NORTHMOOR: list[Step | Worked] = [
    *people(DAY, "qa_team", ("P-QA", "qa_team", None)),
    unit(DAY, "qa_team", "S-1", "service"),
    *(unit(DAY, "qa_team", f"T-{each}", "team", "S-1") for each in (1, 2)),
    *people(DAY, "qa_team", ("P-SW", "practitioner", "T-1"), ("P-AUD", "team_manager", "T-2")),
    Step(
        "2026-02-02",
        "P-QA",
        "audit.allocate",
        {**FILE, **QA, "audit": "NOR-7", "audit_type": "practice conversation", "open_since": "2025-01-06"},
    ),
    Step("2026-02-03", "P-QA", "audit.stop_clock"),
    Step("2026-02-05", "P-QA", "audit.resume_clock"),
    *people(DAY, "qa_team", ("P-MOD", "panel", None), ("P-PSW", "principal_social_worker", None)),
    Step(
        "2026-02-09",
        "P-QA",
        "audit.allocate",
        {**FILE, **QA, "audit": "NOR-8", "audit_type": "themed audit", "child": "C-6", "open_since": "2025-01-06"},
    ),
    Step("2026-02-09", "P-AUD", "audit.submit", {"role": "auditor", "audit": "NOR-8", "grade": "Requires Improvement"}),
    Step("2026-02-10", "P-QA", "audit.allocate_moderator", {**QA, "audit": "NOR-8", "moderator": "P-MOD"}),
    Step(
        "2026-02-10", "P-MOD", "audit.moderate", {"role": "moderator", "audit": "NOR-8", "rationale": "no plan on file"}
    ),
    Step("2026-02-11", "P-AUD", "audit.dispute_grade"),
    Step("2026-02-12", "P-PSW", "audit.settle_grade"),
    *people(DAY, "qa_team", ("P-POLICE", "police", None)),
    Step(
        "2026-02-16",
        "P-QA",
        "audit.allocate",
        {
            **FILE,
            **QA,
            "audit": "NOR-9",
            "audit_type": "joint themed audit",
            "child": "C-7",
            "open_since": "2025-01-06",
        },
    ),
    Step("2026-02-18", "P-POLICE", "audit.score"),
]

STORIES = {"torbay": TORBAY, "southwark": SOUTHWARK, "east-sussex": EAST_SUSSEX, "northmoor": NORTHMOOR}
