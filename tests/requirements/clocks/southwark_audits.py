"""What follows from an audit in Southwark: who owes what by when, and who is told.

Days are counted as the framework and its readings say; an hour is England's.
"""

from tests.requirements.clocks.rows import Row

ROWS = (
    Row(
        "given to an auditor",
        covers=("SOU-41", "SOU-50", "A-SOU-01", "SOU-49", "SOU-83", "SOU-47"),
        owed=(
            "audit_return by 2026-03-31: P-AUD",
            "family_call by no day: P-AUD",
            "reflection by no day: P-SW",
        ),
    ),
    Row(
        "back",
        covers=("SOU-12", "SOU-54", "SOU-55", "SOU-63"),
        told=("2026-03-12 06:40 notice of copies: P-IRO, P-PLAN",),
    ),
    Row(
        "back with the lowest",
        covers=("SOU-12", "SOU-54", "SOU-55", "SOU-63"),
        told=("2026-03-12 06:40 notice of copies: P-IRO, P-PLAN",),
    ),
    Row(
        "marked on the return",
        covers=("SOU-59", "A-SOU-05", "A-SOU-18", "SOU-55"),
        told=(
            "2026-03-12 06:40 notice of copies: P-IRO, P-PLAN",
            (
                "2026-03-12 06:40 escalation at level 3 of immediate_concern: director, head_of_service, "
                "practice_group_lead, 24 times to 2026-03-13 05:40"
            ),
        ),
    ),
    Row(
        "back, for the month",
        covers=("SOU-26", "SOU-42", "A-SOU-10", "A-SOU-12"),
        owed=("discussion by 2026-04-30: head_of_service",),
    ),
    Row(
        "with an action",
        covers=("SOU-52", "SOU-64", "SOU-65", "SOU-12", "SOU-54", "SOU-55", "SOU-63"),
        owed=("improvement_plan by 2026-04-20: P-SW",),
        told=("2026-03-12 06:40 notice of copies: P-IRO, P-PLAN",),
    ),
    Row(
        "a child unsafe",
        covers=("SOU-41", "SOU-50", "A-SOU-01", "SOU-49", "SOU-83", "SOU-47", "SOU-59", "A-SOU-05"),
        owed=(
            "audit_return by 2026-03-31: P-AUD",
            "family_call by no day: P-AUD",
            "reflection by no day: P-SW",
        ),
        told=(
            (
                "2026-03-09 06:40 escalation at level 3 of safety_concern: director, head_of_service, "
                "practice_group_lead, 24 times to 2026-03-10 05:40"
            ),
        ),
    ),
    Row(
        "a child unsafe again",
        covers=("SOU-59", "A-SOU-05"),
        owed=(
            "audit_return by 2026-03-31: P-AUD",
            "family_call by no day: P-AUD",
            "reflection by no day: P-SW",
        ),
        told=(
            (
                "2026-03-09 06:40 escalation at level 3 of safety_concern: director, head_of_service, "
                "practice_group_lead, 48 times to 2026-03-12 09:00"
            ),
        ),
    ),
)
