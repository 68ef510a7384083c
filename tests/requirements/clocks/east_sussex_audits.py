"""What follows from an audit in East Sussex: who owes what by when, and who is told.

Days are counted as the framework and its readings say; an hour is England's.
"""

from tests.requirements.clocks.rows import Row

ROWS = (
    Row(
        "given to an auditor",
        covers=("ESX-N4",),
        owed=("workers_part by no day: practice_manager",),
    ),
    Row(
        "back",
        covers=("ESX-3.16", "ESX-N21", "ESX-N4"),
        owed=(
            "worker_feedback by no day: practice_manager",
            "workers_part by no day: practice_manager",
        ),
        told=("2026-03-12 06:40 notice of worker_feedback: practitioner",),
    ),
    Row(
        "back with the lowest",
        covers=("ESX-3.16", "ESX-N26", "ESX-N31", "A-ESX-07", "ESX-N21", "ESX-N30", "A-ESX-05", "ESX-N4", "ESX-N23"),
        owed=(
            "file_review by 2026-06-12: practice_manager",
            "worker_feedback by no day: practice_manager",
            "worker_further_files by 2026-04-12: practice_manager",
            "workers_part by no day: practice_manager",
        ),
        told=(
            "2026-03-12 06:40 escalation at level 2 of concern_alert: operations_manager",
            "2026-03-12 06:40 notice of worker_feedback: practitioner",
            "2026-03-12 06:40 notice of worker_further_files: practice_manager",
        ),
    ),
    Row(
        "feedback alone",
        covers=("ESX-3.16", "ESX-N21", "ESX-N4"),
        told=("2026-03-12 06:40 notice of worker_feedback: practitioner",),
    ),
    Row(
        "with an action",
        covers=("ESX-N26", "ESX-3.16", "ESX-N21", "ESX-N4"),
        owed=(
            "action by 2026-04-20: practitioner",
            "worker_feedback by no day: practice_manager",
            "workers_part by no day: practice_manager",
        ),
        told=("2026-03-12 06:40 notice of worker_feedback: practitioner",),
    ),
    Row(
        "a child unsafe",
        covers=("ESX-N4", "ESX-N5"),
        owed=("workers_part by no day: practice_manager",),
        told=("2026-03-09 06:40 escalation at level 3 of safety_concern: practice_manager, operations_manager",),
    ),
    Row(
        "a child unsafe again",
        covers=("ESX-N4", "ESX-N5"),
        owed=("workers_part by no day: practice_manager",),
        told=(
            (
                "2026-03-09 06:40 escalation at level 3 of safety_concern: practice_manager, operations_manager, "
                "2 times to 2026-03-11 10:00"
            ),
        ),
    ),
    Row(
        "all done",
        covers=("ESX-3.16", "ESX-N30", "A-ESX-05", "ESX-N23", "ESX-N21"),
        owed=("worker_further_files by 2026-04-12: practice_manager",),
        told=(
            "2026-03-12 06:40 escalation at level 2 of concern_alert: operations_manager",
            "2026-03-12 06:40 notice of worker_feedback: practitioner",
            "2026-03-12 06:40 notice of worker_further_files: practice_manager",
        ),
    ),
    Row(
        "team file with a concern",
        covers=("ESX-3.14", "ESX-N29", "A-ESX-05", "ESX-N4"),
        owed=(
            "team_further_files by 2026-04-12: practice_manager",
            "workers_part by no day: practice_manager",
        ),
        told=("2026-03-12 06:40 notice of team_further_files: practice_manager",),
    ),
    Row(
        "safeguarding deep dive with a concern",
        covers=("ESX-3.9", "ESX-N4"),
        owed=(
            "deep_dive_action_plan by no day: practice_manager",
            "workers_part by no day: practice_manager",
        ),
    ),
)
