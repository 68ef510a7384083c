"""What follows from an audit in Halton: who owes what by when, and who is told.

Days are counted as the framework and its readings say; an hour is England's.
"""

from tests.requirements.clocks.rows import Row

AT_FIRST = (
    "2026-03-07 06:40 notice of file_selected: divisional_manager, principal_manager, practice_lead, P-SW, P-AUD",
)
"""Told of every file when it is chosen."""

INADEQUATE = (
    (
        "2026-03-12 06:40 escalation at level 3 of inadequate_audit: divisional_manager, "
        "director_operational_safeguarding"
    ),
)
"""Told of the lowest grade on the day on which it is given."""

MODERATED_INADEQUATE = (
    "2026-03-16 06:40 escalation at level 3 of inadequate_on_moderation_first: "
    "divisional_manager, director_operational_safeguarding"
)
"""Told where the moderator is the first to give it."""

AFTER_ACTIONS = ("action_tracker by 2026-03-23: qa_manager", "expected_standard by 2026-03-23: divisional_manager")
"""Owed of an audit with actions."""

ROWS = (
    Row(
        "given to an auditor",
        covers=("HAL-44", "A-HAL-01", "HAL-43", "HAL-24", "HAL-38", "HAL-42"),
        owed=("audit_return by 2026-03-17: P-AUD", "meeting by no day: P-AUD"),
        told=AT_FIRST,
    ),
    Row("back", covers=("HAL-24", "HAL-38", "HAL-42", "HAL-43"), told=AT_FIRST),
    Row(
        "back with the lowest",
        covers=("HAL-69", "HAL-73", "A-HAL-05", "HAL-24", "HAL-38", "HAL-42", "HAL-43", "HAL-58", "HAL-59", "A-HAL-06"),
        owed=("improvement_plan by no day: divisional_manager", "reaudit by 2026-04-12: qa_team"),
        told=(*AT_FIRST, *INADEQUATE),
    ),
    Row(
        "with an action",
        covers=("HAL-66", "HAL-67", "HAL-24", "HAL-38", "HAL-42", "HAL-43"),
        owed=("immediate_tasks by 2026-04-20: P-SW",),
        told=AT_FIRST,
    ),
    Row(
        "a child unsafe",
        covers=("HAL-44", "A-HAL-01", "HAL-43", "HAL-24", "HAL-38", "HAL-42", "HAL-64", "HAL-65"),
        owed=("audit_return by 2026-03-17: P-AUD", "meeting by no day: P-AUD"),
        told=(*AT_FIRST, "2026-03-09 06:40 escalation at level 3 of safety_concern: divisional_manager, qa_team"),
    ),
    Row(
        "a child unsafe again",
        covers=("HAL-64", "HAL-65"),
        owed=("audit_return by 2026-03-17: P-AUD", "meeting by no day: P-AUD"),
        told=(
            *AT_FIRST,
            (
                "2026-03-09 06:40 escalation at level 3 of safety_concern: divisional_manager, qa_team, "
                "2 times to 2026-03-11 10:00"
            ),
        ),
    ),
    Row(
        "with a moderator",
        covers=("HAL-53", "HAL-63", "A-HAL-02", "A-HAL-10"),
        owed=("moderation by 2026-03-27: P-MOD",),
        told=AT_FIRST,
    ),
    Row(
        "agreed",
        covers=("HAL-61", "A-HAL-08", "HAL-60", "HAL-68", "A-HAL-07", "HAL-24", "HAL-38", "HAL-42", "HAL-43"),
        owed=AFTER_ACTIONS,
        told=AT_FIRST,
    ),
    Row(
        "agreed, then with another",
        covers=("HAL-53", "HAL-63", "A-HAL-02", "A-HAL-10"),
        owed=(*AFTER_ACTIONS, "moderation by 2026-03-31: P-MOD2"),
        told=AT_FIRST,
    ),
    Row(
        "lifted",
        covers=(
            "HAL-61",
            "A-HAL-08",
            "HAL-60",
            "HAL-68",
            "A-HAL-07",
            "HAL-24",
            "HAL-38",
            "HAL-42",
            "HAL-43",
            "HAL-58",
            "HAL-59",
            "A-HAL-06",
            "A-ALL-06",
        ),
        owed=AFTER_ACTIONS,
        told=(
            *AT_FIRST,
            *INADEQUATE,
            "2026-03-16 06:40 correction of lifted_grade: divisional_manager, director_operational_safeguarding",
        ),
    ),
    Row(
        "found the lowest",
        covers=(
            "HAL-61",
            "A-HAL-08",
            "HAL-60",
            "HAL-68",
            "A-HAL-07",
            "HAL-69",
            "HAL-73",
            "A-HAL-05",
            "HAL-24",
            "HAL-38",
            "HAL-42",
            "HAL-43",
            "HAL-57",
            "HAL-59",
            "A-HAL-06",
        ),
        owed=(*AFTER_ACTIONS, "improvement_plan by no day: divisional_manager", "reaudit by 2026-04-16: qa_team"),
        told=(
            *AT_FIRST,
            MODERATED_INADEQUATE,
        ),
    ),
    Row(
        "still the lowest",
        covers=(
            "HAL-61",
            "A-HAL-08",
            "HAL-60",
            "HAL-68",
            "A-HAL-07",
            "HAL-69",
            "HAL-73",
            "A-HAL-05",
            "HAL-24",
            "HAL-38",
            "HAL-42",
            "HAL-43",
            "HAL-58",
            "HAL-59",
            "A-HAL-06",
            "HAL-57",
        ),
        owed=(*AFTER_ACTIONS, "improvement_plan by no day: divisional_manager", "reaudit by 2026-04-12: qa_team"),
        told=(
            *AT_FIRST,
            *INADEQUATE,
            "2026-03-16 06:40 escalation at level 2 of inadequate_moderation: divisional_manager",
        ),
    ),
    Row(
        "to and fro",
        covers=("HAL-57", "HAL-58", "HAL-59", "A-HAL-06", "A-ALL-06", "HAL-69", "HAL-73", "A-HAL-05"),
        owed=(*AFTER_ACTIONS, "improvement_plan by no day: divisional_manager", "reaudit by 2026-04-19: qa_team"),
        told=(
            *AT_FIRST,
            *INADEQUATE,
            (
                "2026-03-16 06:40 correction of lifted_grade: divisional_manager, "
                "director_operational_safeguarding, 2 times to 2026-03-17 15:00"
            ),
            (
                "2026-03-17 10:00 escalation at level 3 of inadequate_on_moderation_first: "
                "divisional_manager, director_operational_safeguarding, 2 times to 2026-03-19 06:40"
            ),
            (
                "2026-03-20 06:40 escalation at level 2 of inadequate_moderation: divisional_manager, "
                "2 times to 2026-03-21 06:40"
            ),
        ),
    ),
    Row(
        "one action after another",
        covers=("HAL-6", "HAL-62", "HAL-61", "A-HAL-08", "HAL-60", "HAL-68", "A-HAL-07"),
        owed=AFTER_ACTIONS,
        told=(*AT_FIRST, "2026-03-17 06:40 notice of completion_message: qa_manager, 2 times to 2026-03-18 06:40"),
    ),
    Row(
        "with an action, agreed",
        covers=("HAL-61", "A-HAL-08", "HAL-60", "HAL-68", "A-HAL-07", "HAL-55", "HAL-24", "HAL-38", "HAL-42", "HAL-43"),
        owed=(*AFTER_ACTIONS, "moderation_tasks by 2026-04-20: P-SW"),
        told=AT_FIRST,
    ),
    Row(
        "all done",
        covers=(
            "HAL-73",
            "A-HAL-05",
            "HAL-24",
            "HAL-38",
            "HAL-42",
            "HAL-43",
            "HAL-58",
            "HAL-59",
            "A-HAL-06",
            "HAL-57",
            "HAL-6",
            "HAL-62",
            "HAL-61",
        ),
        owed=("reaudit by 2026-04-12: qa_team",),
        told=(
            *AT_FIRST,
            *INADEQUATE,
            "2026-03-16 06:40 escalation at level 2 of inadequate_moderation: divisional_manager",
            "2026-03-18 06:40 notice of completion_message: qa_manager",
            "2026-03-18 06:40 notice of tracker_sent: divisional_manager, principal_manager",
        ),
    ),
    Row(
        "the child gone",
        covers=(
            "A-ALL-08",
            "HAL-69",
            "HAL-73",
            "A-HAL-05",
            "HAL-24",
            "HAL-38",
            "HAL-42",
            "HAL-43",
            "HAL-58",
            "HAL-59",
            "A-HAL-06",
        ),
        owed=(
            "departure by no day: qa_manager",
            "improvement_plan by no day: divisional_manager",
            "reaudit by 2026-04-12: qa_team",
        ),
        told=(*AT_FIRST, *INADEQUATE, "2026-03-30 06:40 notice of departure: qa_manager"),
    ),
    Row(
        "the child gone, then found the lowest",
        covers=("A-ALL-08", "HAL-57", "HAL-59", "A-HAL-06", "HAL-69", "HAL-73", "A-HAL-05"),
        owed=(
            *AFTER_ACTIONS,
            "departure by no day: qa_manager",
            "improvement_plan by no day: divisional_manager",
            "reaudit by 2026-04-16: qa_team",
        ),
        told=(*AT_FIRST, "2026-03-16 06:40 notice of departure: qa_manager", MODERATED_INADEQUATE),
    ),
    Row(
        "the child gone, and audited again",
        covers=(
            "A-ALL-08",
            "HAL-69",
            "HAL-73",
            "A-HAL-05",
        ),
        owed=("improvement_plan by no day: divisional_manager",),
        told=(*AT_FIRST, *INADEQUATE, "2026-03-30 06:40 notice of departure: qa_manager"),
    ),
    Row(
        "audited again for nothing, the child gone",
        covers=("A-ALL-08", "A-ALL-14", "HAL-73", "A-HAL-05"),
        owed=(
            "departure by no day: qa_manager",
            "improvement_plan by no day: divisional_manager",
            "reaudit by 2026-04-12: qa_team",
        ),
        told=(*AT_FIRST, *INADEQUATE, "2026-04-27 06:40 notice of departure: qa_manager"),
    ),
    Row(
        "signed off",
        covers=(
            "HAL-61",
            "A-HAL-08",
            "HAL-60",
            "HAL-68",
            "A-HAL-07",
            "HAL-74",
            "HAL-75",
            "A-HAL-09",
            "HAL-24",
            "HAL-38",
            "HAL-42",
            "HAL-43",
        ),
        owed=(*AFTER_ACTIONS, "three_month_review by 2026-06-25: qa_team"),
        told=AT_FIRST,
    ),
)
