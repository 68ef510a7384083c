"""The reports of East Sussex, as its framework asks for them: by whom, for whom, and when."""

from tests.requirements.calendar.rows import ON_REQUEST, Paper

MEMBERS = ("cscmt", "joint_divisional_meeting", "smt", "lead_member", "scrutiny_committee")
TO_HEADS = ("head_of_service", "head_of_safeguarding")

ROWS = (
    Paper(
        "om_feedback", covers=("ESX-N16", "ESX-N22"), by="operations_manager", to=TO_HEADS, due=ON_REQUEST, each="team"
    ),
    Paper(
        "peer_feedback",
        covers=("ESX-3.15", "ESX-N24"),
        by="operations_manager",
        to=TO_HEADS,
        due=ON_REQUEST,
        each="team",
    ),
    # The year ends on 31 March.
    Paper("review_evidence", covers=("ESX-N40",), by="qa_team", to=("head_of_safeguarding",), due="2026-04-30"),
    Paper("annual_review", covers=("ESX-5.1", "ESX-N37"), by="head_of_safeguarding", to=MEMBERS, due=ON_REQUEST),
    Paper(
        "early_help_review", covers=("ESX-5.2",), by="qa_team", to=("joint_divisional_meeting", "smt"), due=ON_REQUEST
    ),
)
