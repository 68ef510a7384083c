"""What follows from an audit in Swindon: who owes what by when, and who is told.

Days are counted as the framework and its readings say; an hour is England's.
"""

from tests.requirements.clocks.rows import Row

AT_FIRST = (
    "2026-03-07 06:40 notice of family_questionnaire: participation_service, qa_team",
    "2026-03-07 06:40 notice of file_notified: P-AUD",
)
"""Told of every file when it is given out."""

CHILD_OF_CONCERN = (
    (
        "2026-03-12 06:40 escalation at level 4 of child_of_concern: team_manager, "
        "head_of_service, quality_assurance_manager"
    ),
)
"""Told of the lowest grade on the day on which it is given."""

MODERATED_LOWEST = (
    "2026-03-16 06:40 escalation at level 4 of child_of_concern: team_manager, "
    "head_of_service, quality_assurance_manager"
)
"""Told where it is given by the moderator alone."""

ROWS = (
    Row(
        "given to an auditor",
        covers=("SWI-44", "A-SWI-02", "SWI-11", "SWI-52", "SWI-82", "A-SWI-13", "SWI-24", "SWI-58", "A-SWI-01"),
        owed=("audit_return by 2026-03-31: P-AUD", "family_questionnaire by no day: participation_service"),
        told=AT_FIRST,
    ),
    Row(
        "back",
        covers=("SWI-5", "SWI-51", "SWI-11", "SWI-52", "SWI-82", "A-SWI-13", "SWI-24", "SWI-58", "A-SWI-01"),
        owed=("learning_reflection by no day: P-SW",),
        told=AT_FIRST,
    ),
    Row(
        "back from early help",
        covers=("SWI-5", "SWI-51"),
        owed=("learning_reflection by no day: P-SW",),
        told=AT_FIRST,
    ),
    Row(
        "back with the lowest",
        covers=(
            "SWI-59",
            "A-SWI-05",
            "SWI-5",
            "SWI-51",
            "SWI-55",
            "A-SWI-03",
            "SWI-66",
            "A-SWI-06",
            "SWI-11",
            "SWI-52",
            "SWI-82",
            "A-SWI-13",
            "SWI-24",
            "SWI-58",
            "A-SWI-01",
        ),
        owed=(
            "child_of_concern by no day: head_of_service",
            "learning_reflection by no day: P-SW",
            "moderation_of_lowest by no day: qa_team",
            "reaudit by 2026-04-23: qa_team",
        ),
        told=(*AT_FIRST, *CHILD_OF_CONCERN, "2026-04-23 08:00 notice of reaudit: qa_team"),
    ),
    Row(
        "with an action",
        covers=("SWI-63", "SWI-5", "SWI-51", "SWI-11", "SWI-52", "SWI-82", "A-SWI-13", "SWI-24", "SWI-58", "A-SWI-01"),
        owed=("action by 2026-04-20: P-SW", "learning_reflection by no day: P-SW"),
        told=AT_FIRST,
    ),
    Row(
        "a child unsafe",
        covers=(
            "SWI-44",
            "A-SWI-02",
            "SWI-11",
            "SWI-52",
            "SWI-82",
            "A-SWI-13",
            "SWI-24",
            "SWI-58",
            "A-SWI-01",
            "SWI-59",
            "A-SWI-05",
        ),
        owed=("audit_return by 2026-03-31: P-AUD", "family_questionnaire by no day: participation_service"),
        told=(
            *AT_FIRST,
            (
                "2026-03-09 06:40 escalation at level 4 of safety_concern: team_manager, "
                "head_of_service, quality_assurance_manager"
            ),
        ),
    ),
    Row(
        "a child unsafe again",
        covers=("SWI-59", "A-SWI-05"),
        owed=("audit_return by 2026-03-31: P-AUD", "family_questionnaire by no day: participation_service"),
        told=(
            *AT_FIRST,
            (
                "2026-03-09 06:40 escalation at level 4 of safety_concern: team_manager, "
                "head_of_service, quality_assurance_manager, 2 times to 2026-03-11 10:00"
            ),
        ),
    ),
    Row(
        "to and fro",
        covers=("SWI-57", "SWI-59", "A-SWI-05", "A-ALL-06", "SWI-66", "A-SWI-06"),
        owed=(
            "child_of_concern by no day: head_of_service",
            "learning_reflection by no day: P-SW",
            "reaudit by 2026-04-23: qa_team",
        ),
        told=(
            *AT_FIRST,
            f"{CHILD_OF_CONCERN[0]}, 3 times to 2026-03-19 06:40",
            (
                "2026-03-16 06:40 correction of lifted_grade: team_manager, head_of_service, "
                "quality_assurance_manager, 2 times to 2026-03-17 15:00"
            ),
            "2026-03-16 06:40 notice of moderation_feedback: P-AUD, 4 times to 2026-03-19 06:40",
            "2026-04-23 08:00 notice of reaudit: qa_team",
        ),
    ),
    Row(
        "with a moderator",
        covers=("SWI-55", "A-SWI-03"),
        owed=("learning_reflection by no day: P-SW", "moderation by no day: P-MOD"),
        told=AT_FIRST,
    ),
    Row(
        "agreed",
        covers=("SWI-5", "SWI-51", "SWI-11", "SWI-52", "SWI-82", "A-SWI-13", "SWI-24", "SWI-58", "A-SWI-01"),
        owed=("learning_reflection by no day: P-SW",),
        told=AT_FIRST,
    ),
    Row(
        "agreed, then with another",
        covers=("SWI-55", "A-SWI-03"),
        owed=("learning_reflection by no day: P-SW", "moderation by no day: P-MOD2"),
        told=AT_FIRST,
    ),
    Row(
        "lifted",
        covers=(
            "SWI-5",
            "SWI-51",
            "SWI-11",
            "SWI-52",
            "SWI-82",
            "A-SWI-13",
            "SWI-24",
            "SWI-58",
            "A-SWI-01",
            "SWI-59",
            "A-SWI-05",
            "A-ALL-06",
            "SWI-57",
        ),
        owed=("learning_reflection by no day: P-SW",),
        told=(
            *AT_FIRST,
            *CHILD_OF_CONCERN,
            "2026-03-16 06:40 correction of lifted_grade: team_manager, head_of_service, quality_assurance_manager",
            "2026-03-16 06:40 notice of moderation_feedback: P-AUD",
        ),
    ),
    Row(
        "found the lowest",
        covers=("SWI-59", "A-SWI-05", "SWI-5", "SWI-51", "SWI-57", "SWI-66", "A-SWI-06"),
        owed=(
            "child_of_concern by no day: head_of_service",
            "learning_reflection by no day: P-SW",
            "reaudit by 2026-04-23: qa_team",
        ),
        told=(
            *AT_FIRST,
            MODERATED_LOWEST,
            "2026-03-16 06:40 notice of moderation_feedback: P-AUD",
            "2026-04-23 08:00 notice of reaudit: qa_team",
        ),
    ),
    Row(
        "still the lowest",
        covers=("SWI-59", "A-SWI-05", "SWI-5", "SWI-51", "SWI-66", "A-SWI-06"),
        owed=(
            "child_of_concern by no day: head_of_service",
            "learning_reflection by no day: P-SW",
            "reaudit by 2026-04-23: qa_team",
        ),
        told=(*AT_FIRST, *CHILD_OF_CONCERN, "2026-04-23 08:00 notice of reaudit: qa_team"),
    ),
    Row(
        "with an action, agreed",
        covers=("SWI-63", "SWI-5", "SWI-51", "SWI-11", "SWI-52", "SWI-82", "A-SWI-13", "SWI-24", "SWI-58", "A-SWI-01"),
        owed=("action by 2026-04-20: P-SW", "learning_reflection by no day: P-SW"),
        told=AT_FIRST,
    ),
    Row(
        "all done",
        covers=(
            "SWI-66",
            "A-SWI-06",
            "SWI-11",
            "SWI-52",
            "SWI-82",
            "A-SWI-13",
            "SWI-24",
            "SWI-58",
            "A-SWI-01",
            "SWI-59",
            "A-SWI-05",
        ),
        owed=("reaudit by 2026-04-23: qa_team",),
        told=(*AT_FIRST, *CHILD_OF_CONCERN, "2026-04-23 08:00 notice of reaudit: qa_team"),
    ),
    Row(
        "the child gone",
        covers=("A-ALL-08", "SWI-59", "A-SWI-05", "SWI-5", "SWI-51", "SWI-55", "A-SWI-03", "SWI-66", "A-SWI-06"),
        owed=(
            "child_of_concern by no day: head_of_service",
            "departure by no day: quality_assurance_manager",
            "learning_reflection by no day: P-SW",
            "moderation_of_lowest by no day: qa_team",
            "reaudit by 2026-04-23: qa_team",
        ),
        told=(
            *AT_FIRST,
            *CHILD_OF_CONCERN,
            "2026-03-30 06:40 notice of departure: quality_assurance_manager",
            "2026-04-23 08:00 notice of reaudit: qa_team",
        ),
    ),
    Row(
        "the child gone, then found the lowest",
        covers=("A-ALL-08", "SWI-59", "A-SWI-05", "SWI-57", "SWI-66", "A-SWI-06"),
        owed=(
            "child_of_concern by no day: head_of_service",
            "departure by no day: quality_assurance_manager",
            "learning_reflection by no day: P-SW",
            "reaudit by 2026-04-23: qa_team",
        ),
        told=(
            *AT_FIRST,
            MODERATED_LOWEST,
            "2026-03-16 06:40 notice of departure: quality_assurance_manager",
            "2026-03-16 06:40 notice of moderation_feedback: P-AUD",
            "2026-04-23 08:00 notice of reaudit: qa_team",
        ),
    ),
    Row(
        "the child gone, and audited again",
        covers=(
            "A-ALL-08",
            "SWI-66",
            "A-SWI-06",
        ),
        owed=(
            "child_of_concern by no day: head_of_service",
            "learning_reflection by no day: P-SW",
            "moderation_of_lowest by no day: qa_team",
        ),
        told=(*AT_FIRST, *CHILD_OF_CONCERN, "2026-03-30 06:40 notice of departure: quality_assurance_manager"),
    ),
    Row(
        "audited again for nothing, the child gone",
        covers=("A-ALL-08", "A-ALL-14", "SWI-66", "A-SWI-06"),
        owed=(
            "child_of_concern by no day: head_of_service",
            "departure by no day: quality_assurance_manager",
            "learning_reflection by no day: P-SW",
            "moderation_of_lowest by no day: qa_team",
            "reaudit by 2026-04-23: qa_team",
        ),
        told=(
            *AT_FIRST,
            *CHILD_OF_CONCERN,
            "2026-04-23 08:00 notice of reaudit: qa_team",
            "2026-04-27 06:40 notice of departure: quality_assurance_manager",
        ),
    ),
)
