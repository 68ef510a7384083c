"""The tables of what counts towards the programme's tasks: for whoever asks them and takes in no event."""

from sqlalchemy import JSON, BigInteger, Boolean, Date, Integer, String

from projections.given import SPEC as ANSWERS
from projections.view import Shape, Spec

AUDITS = "activity_audits"
ENTRIES = "activity_entries"
TASKS = "activity_tasks"
ISSUES = "activity_issues"
BEGAN = "activity_began"

SHAPE = Shape(
    "activities",
    (
        Spec(
            AUDITS,
            {
                "audit_type": String(200),
                "team": String(64),
                "worker": String(64),
                "auditor": String(64),
                "reviewers": JSON(),
                "allocated_on": Date(),
                "returned_on": Date(),
                "moderated": JSON(),
                "exempt": Boolean(),
                "voided": Boolean(),
                "first_on": Date(),
                "last_on": Date(),
            },
            indexes=("last_on",),
        ),
        Spec(
            ENTRIES,
            {
                "kind": String(200),
                "day": Date(),
                "holder": String(64),
                "person": String(64),
                "team": String(64),
                "subject": String(64),
                "times": Integer(),
                "steps": JSON(),
                "said": JSON(),
                "withdrawn": Boolean(),
            },
            indexes=("day",),
        ),
        Spec(
            TASKS,
            {
                "version": Integer(),
                "position": BigInteger(),
                "task": String(200),
                "skipped": Boolean(),
                "day": Date(),
                "holder": String(64),
                "whom": String(64),
                "item": String(200),
                "times": Integer(),
                "evidence": JSON(),
                "reported_to": JSON(),
                "ground": String(200),
            },
            key=("version",),
            indexes=("day",),
            held=False,
        ),
        Spec(
            ISSUES,
            {
                "version": Integer(),
                "report": String(200),
                "period": String(64),
                "unit": String(64),
                "ended_on": Date(),
                "issuer": String(64),
                "issued_on": Date(),
            },
            key=("version",),
            held=False,
        ),
        Spec(BEGAN, {"day": Date()}, indexes=("day",)),
        ANSWERS,
    ),
    shown=AUDITS,
)
