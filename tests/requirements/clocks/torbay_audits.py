"""What follows from an audit in Torbay: who owes what by when, and who is told.

Days are counted as the framework and its readings say; an hour is England's.
"""

from tests.requirements.clocks.rows import Row

ROWS = (
    Row(
        "given to an auditor",
        covers=("TOR-79", "TOR-92", "TOR-93", "TOR-94", "A-TOR-01", "A-TOR-13"),
        owed=("audit_return by 2026-04-04: P-AUD",),
        told=(
            "2026-03-28 08:00 reminder of audit_return: P-AUD",
            "2026-04-05 08:00 escalation at level 1 of audit_return: service_manager",
            "2026-04-18 08:00 escalation at level 2 of audit_return: head_of_service",
        ),
    ),
    Row(
        "back",
        covers=("TOR-85", "TOR-94", "A-TOR-03"),
        owed=("moderation by no day: qa_team",),
        told=("2026-04-18 08:00 escalation at level 2 of moderation: head_of_service",),
    ),
    Row(
        "back with the lowest",
        covers=(
            "TOR-53",
            "TOR-105",
            "A-TOR-21",
            "TOR-19",
            "TOR-110",
            "TOR-52",
            "TOR-85",
            "TOR-94",
            "A-TOR-03",
            "TOR-98",
            "A-TOR-09",
        ),
        owed=(
            "corrective_action by no day: head_of_service",
            "deep_dive by no day: qa_team",
            "immediate_action by 2026-03-12: head_of_service, team_manager",
            "moderation by no day: qa_team",
        ),
        told=(
            "2026-03-12 06:40 notice of corrective_action: head_of_service, team_manager",
            "2026-03-12 06:40 notice of deep_dive: qa_team",
            (
                "2026-03-12 06:40 escalation at level 4 of immediate_alert: team_manager, service_manager, "
                "head_of_service, qa_team"
            ),
            "2026-03-13 00:00 escalation at level 4 of immediate_action: team_manager, head_of_service, qa_team",
            "2026-04-18 08:00 escalation at level 2 of moderation: head_of_service",
        ),
    ),
    Row(
        "with an action",
        covers=("TOR-58", "TOR-102", "TOR-85", "TOR-94", "A-TOR-03"),
        owed=(
            "action by 2026-04-20: P-SW",
            "moderation by no day: qa_team",
        ),
        told=("2026-04-18 08:00 escalation at level 2 of moderation: head_of_service",),
    ),
    Row(
        "a child unsafe",
        covers=(
            "TOR-79",
            "TOR-92",
            "TOR-93",
            "TOR-94",
            "A-TOR-01",
            "A-TOR-13",
            "TOR-19",
            "TOR-37",
            "TOR-110",
            "TOR-52",
        ),
        owed=(
            "audit_return by 2026-04-04: P-AUD",
            "concern_deep_dive by no day: qa_team",
        ),
        told=(
            "2026-03-09 06:40 notice of concern_deep_dive: qa_team",
            (
                "2026-03-09 06:40 escalation at level 4 of safety_concern: team_manager, service_manager, "
                "head_of_service, qa_team"
            ),
            "2026-03-28 08:00 reminder of audit_return: P-AUD",
            "2026-04-05 08:00 escalation at level 1 of audit_return: service_manager",
            "2026-04-18 08:00 escalation at level 2 of audit_return: head_of_service",
        ),
    ),
    Row(
        "a child unsafe again",
        covers=(
            "TOR-79",
            "TOR-92",
            "TOR-93",
            "TOR-94",
            "A-TOR-01",
            "A-TOR-13",
            "TOR-19",
            "TOR-37",
            "TOR-110",
            "TOR-52",
        ),
        owed=("audit_return by 2026-04-04: P-AUD", "concern_deep_dive by no day: qa_team"),
        told=(
            "2026-03-09 06:40 notice of concern_deep_dive: qa_team",
            (
                "2026-03-09 06:40 escalation at level 4 of safety_concern: team_manager, service_manager, "
                "head_of_service, qa_team, 2 times to 2026-03-11 10:00"
            ),
            "2026-03-28 08:00 reminder of audit_return: P-AUD",
            "2026-04-05 08:00 escalation at level 1 of audit_return: service_manager",
            "2026-04-18 08:00 escalation at level 2 of audit_return: head_of_service",
        ),
    ),
    Row(
        "with a moderator",
        covers=("TOR-85", "TOR-94", "A-TOR-03"),
        owed=("moderation by no day: qa_team",),
        told=("2026-04-18 08:00 escalation at level 2 of moderation: head_of_service",),
    ),
    Row(
        "not good, then good, twice",
        covers=("TOR-53", "TOR-105", "TOR-89", "A-TOR-21", "A-ALL-06"),
        owed=("corrective_action by no day: head_of_service",),
        told=(
            "2026-03-12 06:40 notice of corrective_action: head_of_service, team_manager, 2 times to 2026-03-17 06:40",
            "2026-03-16 06:40 correction of lifted_grade: head_of_service, team_manager, 2 times to 2026-03-18 06:40",
            "2026-03-16 06:40 notice of moderation_feedback: P-AUD, 3 times to 2026-03-18 06:40",
        ),
    ),
    Row(
        "lifted",
        covers=(
            "TOR-53",
            "TOR-105",
            "A-TOR-21",
            "TOR-19",
            "TOR-110",
            "TOR-52",
            "TOR-98",
            "A-TOR-09",
            "A-ALL-06",
            "TOR-89",
        ),
        owed=(
            "corrective_action by no day: head_of_service",
            "deep_dive by no day: qa_team",
        ),
        told=(
            "2026-03-12 06:40 notice of corrective_action: head_of_service, team_manager",
            "2026-03-12 06:40 notice of deep_dive: qa_team",
            (
                "2026-03-12 06:40 escalation at level 4 of immediate_alert: team_manager, service_manager, "
                "head_of_service, qa_team"
            ),
            "2026-03-13 00:00 escalation at level 4 of immediate_action: team_manager, head_of_service, qa_team",
            "2026-03-16 06:40 correction of lifted_alert: team_manager, service_manager, head_of_service, qa_team",
            "2026-03-16 06:40 notice of moderation_feedback: P-AUD",
        ),
    ),
    Row(
        "found the lowest",
        covers=("TOR-53", "TOR-105", "A-TOR-21", "TOR-19", "TOR-110", "TOR-52", "TOR-98", "A-TOR-09", "TOR-89"),
        owed=(
            "corrective_action by no day: head_of_service",
            "deep_dive by no day: qa_team",
            "immediate_action by 2026-03-16: head_of_service, team_manager",
        ),
        told=(
            "2026-03-16 06:40 notice of corrective_action: head_of_service, team_manager",
            "2026-03-16 06:40 notice of deep_dive: qa_team",
            (
                "2026-03-16 06:40 escalation at level 4 of immediate_alert: team_manager, service_manager, "
                "head_of_service, qa_team"
            ),
            "2026-03-16 06:40 notice of moderation_feedback: P-AUD",
            "2026-03-17 00:00 escalation at level 4 of immediate_action: team_manager, head_of_service, qa_team",
        ),
    ),
    Row(
        "still the lowest",
        covers=("TOR-53", "TOR-105", "A-TOR-21", "TOR-19", "TOR-110", "TOR-52", "TOR-98", "A-TOR-09"),
        owed=(
            "corrective_action by no day: head_of_service",
            "deep_dive by no day: qa_team",
            "immediate_action by 2026-03-12: head_of_service, team_manager",
        ),
        told=(
            "2026-03-12 06:40 notice of corrective_action: head_of_service, team_manager",
            "2026-03-12 06:40 notice of deep_dive: qa_team",
            (
                "2026-03-12 06:40 escalation at level 4 of immediate_alert: team_manager, service_manager, "
                "head_of_service, qa_team"
            ),
            "2026-03-13 00:00 escalation at level 4 of immediate_action: team_manager, head_of_service, qa_team",
        ),
    ),
    Row(
        "to and fro",
        covers=(
            "TOR-53",
            "TOR-105",
            "A-TOR-21",
            "TOR-19",
            "TOR-110",
            "TOR-52",
            "TOR-98",
            "A-TOR-09",
            "A-ALL-06",
            "TOR-89",
        ),
        owed=(
            "corrective_action by no day: head_of_service",
            "deep_dive by no day: qa_team",
            "immediate_action by 2026-03-19: head_of_service, team_manager",
        ),
        told=(
            "2026-03-12 06:40 notice of corrective_action: head_of_service, team_manager, 3 times to 2026-03-19 06:40",
            "2026-03-12 06:40 notice of deep_dive: qa_team",
            (
                "2026-03-12 06:40 escalation at level 4 of immediate_alert: team_manager, service_manager, "
                "head_of_service, qa_team, 3 times to 2026-03-19 06:40"
            ),
            (
                "2026-03-13 00:00 escalation at level 4 of immediate_action: team_manager, head_of_service, qa_team, "
                "2 times to 2026-03-20 00:00"
            ),
            (
                "2026-03-16 06:40 correction of lifted_alert: team_manager, service_manager, head_of_service, qa_team, "
                "2 times to 2026-03-17 15:00"
            ),
            "2026-03-16 06:40 notice of moderation_feedback: P-AUD, 4 times to 2026-03-19 06:40",
        ),
    ),
    Row(
        "with an action, agreed",
        covers=(
            "TOR-58",
            "TOR-102",
            "TOR-80",
            "TOR-81",
            "TOR-90",
            "TOR-82",
            "TOR-95",
            "TOR-96",
            "TOR-97",
            "TOR-106",
            "A-TOR-04",
            "A-TOR-05",
        ),
        owed=(
            "action by 2026-04-20: P-SW",
            "case_note by no day: qa_team",
            "plan_recommendations by no day: team_manager",
            "supervision_agenda by no day: team_manager",
            "team_confirmation by 2026-05-04: team",
        ),
        told=(
            "2026-04-06 08:00 notice of team_confirmation: team",
            "2026-04-20 08:00 notice of team_confirmation: team, service_manager",
            "2026-05-05 00:00 escalation at level 3 of team_confirmation: cscslt",
        ),
    ),
    Row(
        "all done",
        covers=("TOR-53", "TOR-105", "A-TOR-21", "TOR-19", "TOR-110", "TOR-52", "TOR-98", "A-TOR-09"),
        told=(
            "2026-03-12 06:40 notice of corrective_action: head_of_service, team_manager",
            "2026-03-12 06:40 notice of deep_dive: qa_team",
            (
                "2026-03-12 06:40 escalation at level 4 of immediate_alert: team_manager, service_manager, "
                "head_of_service, qa_team"
            ),
        ),
    ),
)
