"""What follows from an entry of a register in East Sussex: who owes what by when, and who is told.

Days are counted as the framework and its readings say; an hour is England's.
"""

from tests.requirements.clocks.rows import Row

ROWS = (
    Row(
        "record_check_report",
        covers=("ESX-3.12", "A-ESX-23"),
        told=("2026-03-10 06:40 notice of safeguarding_report: lscb",),
    ),
    Row(
        "themed_audit",
        covers=("ESX-4.3", "ESX-N9"),
        owed=("themed_audit_report by no day: head_of_safeguarding",),
    ),
    Row(
        "regulation_33_visit",
        covers=("ESX-4.4", "ESX-N33"),
        owed=("regulation_33_findings by no day: head_of_safeguarding",),
    ),
    Row(
        "outside_review",
        covers=("ESX-4.12", "ESX-N27"),
        owed=("bodies_updated by no day: head_of_safeguarding",),
    ),
    Row(
        "annual_review",
        covers=("ESX-N38",),
        owed=("management_action_plan by no day: head_of_safeguarding",),
    ),
)
