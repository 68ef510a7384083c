"""What follows from an entry of a register in Swindon: who owes what by when, and who is told.

Days are counted as the framework and its readings say; an hour is England's.
"""

from tests.requirements.clocks.rows import Row

ROWS = (
    Row(
        "assurance_board_meeting",
        covers=("SWI-73",),
        owed=("practice_week_summary by 2026-04-10: quality_assurance_manager",),
    ),
    Row(
        "assurance_board_meeting, then week_presented",
        covers=("SWI-73",),
        told=("2026-03-11 06:40 notice of practice_week_presented: assurance_board",),
    ),
    Row(
        "practice_review",
        covers=("SWI-62",),
        owed=("review_of_practice by no day: quality_assurance_manager",),
    ),
    Row(
        "practice_review, then practice_reviewed",
        covers=("SWI-64",),
        owed=(
            "learning_to_frontline by no day: practice_lead",
            "learning_to_teams by no day: practice_lead",
        ),
    ),
    Row(
        "practice_review, then learning_arrived, team",
        covers=("SWI-64",),
        owed=("learning_to_frontline by no day: practice_lead",),
    ),
    Row(
        "practice_review, then learning_arrived, frontline",
        covers=("SWI-64",),
        owed=("learning_to_teams by no day: practice_lead",),
    ),
    Row(
        "practice_review, then briefing_issued",
        covers=("SWI-64",),
        owed=(
            "learning_to_frontline by no day: practice_lead",
            "learning_to_teams by no day: practice_lead",
        ),
    ),
    Row(
        "practice_review, then briefing_taught",
        covers=("SWI-64",),
        owed=(
            "learning_to_frontline by no day: practice_lead",
            "learning_to_teams by no day: practice_lead",
        ),
    ),
    Row(
        "practice_review, turned, then practice_reviewed",
        covers=("SWI-64",),
        owed=(
            "learning_to_frontline by no day: practice_lead",
            "learning_to_teams by no day: practice_lead",
        ),
    ),
    Row(
        "practice_review, turned, then learning_arrived, team",
        covers=("SWI-64",),
        owed=("learning_to_frontline by no day: practice_lead",),
    ),
    Row(
        "practice_review, turned, then learning_arrived, frontline",
        covers=("SWI-64",),
        owed=("learning_to_teams by no day: practice_lead",),
    ),
    Row(
        "practice_review, turned, then briefing_issued",
        covers=("SWI-64",),
        owed=(
            "learning_to_frontline by no day: practice_lead",
            "learning_to_teams by no day: practice_lead",
        ),
    ),
    Row(
        "practice_review, turned, then briefing_taught",
        covers=("SWI-64",),
        owed=(
            "learning_to_frontline by no day: practice_lead",
            "learning_to_teams by no day: practice_lead",
        ),
    ),
)
