"""Who is told in East Sussex when a manager records what was done of a task: at once, each time, and nobody of another.

Whoever records it works in another service than those it is about, P-HOS2 being the Head of Service there; of the peer
audit it is the other way round.
"""

from tests.requirements.clocks.rows import Row

ROWS = (
    Row(
        "t3_2-2026-03",
        covers=("ESX-3.2",),
        told=(
            (
                "2026-03-10 06:40 notice of managers_supervision_summary: "
                "head_of_safeguarding, 2 times to 2026-03-12 06:40"
            ),
        ),
    ),
    Row(
        "t3_3-2026-03",
        covers=("ESX-3.3",),
        told=("2026-03-10 06:40 notice of supervision_summary: P-HOS2, 2 times to 2026-03-12 06:40",),
    ),
    Row(
        "t3_3-2026-04",
        covers=("ESX-3.3", "ESX-N24"),
        told=(
            "2026-04-10 06:40 notice of supervision_concerns: head_of_safeguarding, 2 times to 2026-04-12 06:40",
            "2026-04-10 06:40 notice of supervision_summary: P-HOS2, 2 times to 2026-04-12 06:40",
        ),
    ),
    Row(
        "t3_14_report-2026-03",
        covers=("ESX-3.14", "ESX-N22", "ESX-N24"),
        told=(
            "2026-03-10 06:40 notice of team_files_report: P-HOS2, head_of_safeguarding, 2 times to 2026-03-12 06:40",
        ),
    ),
    Row(
        "t3_15_summary-2026-03",
        covers=("ESX-3.15", "ESX-N24"),
        told=(
            "2026-03-10 06:40 notice of peer_audit_summary: P-HOS2, head_of_safeguarding, 2 times to 2026-03-12 06:40",
        ),
    ),
    Row("t3_4-2026-03", covers=("A-ESX-11",)),
)
