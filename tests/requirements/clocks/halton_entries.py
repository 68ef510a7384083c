"""What follows from an entry of a register in Halton: who owes what by when, and who is told.

Days are counted as the framework and its readings say; an hour is England's.
"""

from tests.requirements.clocks.rows import Row

ROWS = (
    Row(
        "guidance",
        covers=("HAL-11",),
        owed=("guidance by no day: qa_manager",),
        told=("2026-03-10 06:40 notice of guidance: qa_manager",),
    ),
    Row(
        "guidance, then answered",
        covers=("HAL-11",),
        told=("2026-03-10 06:40 notice of guidance: qa_manager",),
    ),
    Row(
        "practice_concern",
        covers=("HAL-64", "HAL-65"),
        owed=("practice_concern by no day: divisional_manager",),
        told=("2026-03-10 06:40 escalation at level 3 of practice_concern: divisional_manager, qa_team",),
    ),
    Row(
        "practice_concern, then acted_on",
        covers=("HAL-64", "HAL-65"),
        told=("2026-03-10 06:40 escalation at level 3 of practice_concern: divisional_manager, qa_team",),
    ),
    Row(
        "complaint",
        covers=("HAL-83",),
        owed=("meeting_with_family by no day: P-X",),
    ),
    Row(
        "complaint, then met_family, not face to face",
        covers=("HAL-83",),
        owed=("meeting_with_family by no day: P-X",),
    ),
    Row(
        "learning",
        covers=("HAL-101",),
        owed=("learning_shared by no day: qa_team",),
    ),
    Row(
        "learning, then linked",
        covers=("HAL-101",),
        owed=("learning_shared by no day: qa_team",),
    ),
)
