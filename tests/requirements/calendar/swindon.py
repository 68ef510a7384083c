"""The reports of Swindon, as its framework asks for them: by whom, for whom, and when."""

from tests.requirements.calendar.rows import MONTHLY, ON_REQUEST, YEARLY, Paper

PERFORMANCE_BOARD = "Practice and Performance Board"
LEADERS = "senior_leadership_team"

ROWS = (
    Paper(
        "team_highlights",
        covers=("SWI-87",),
        by="team_manager",
        to=("Practice and performance clinic",),
        due=MONTHLY,
        each="team",
    ),
    Paper(
        "service_highlights",
        covers=("SWI-88",),
        by="service_manager",
        to=(PERFORMANCE_BOARD,),
        due=MONTHLY,
        each="service",
    ),
    Paper("assurance_summary", covers=("SWI-89",), by="director", to=("assurance_board",), due=MONTHLY),
    Paper("assurance_dashboard", covers=("SWI-92",), by="business_intelligence", to=("assurance_board",), due=MONTHLY),
    Paper(
        "team_dashboard", covers=("SWI-93",), by="business_intelligence", to=("team_manager",), due=MONTHLY, each="team"
    ),
    Paper("review_practice", covers=("SWI-49", "SWI-90"), by="reviewing_officer", to=(PERFORMANCE_BOARD,), due=MONTHLY),
    Paper("reviewing_officers_annual", covers=("SWI-90",), by="reviewing_officer", to=(PERFORMANCE_BOARD,), due=YEARLY),
    Paper("practice_week", covers=("SWI-73",), by="quality_assurance_manager", to=("assurance_board",), due=ON_REQUEST),
    Paper("mash_board", covers=("SWI-75", "SWI-102"), by="qa_team", to=("MASH governance board",), due=ON_REQUEST),
    Paper(
        "joint_inspection",
        covers=("SWI-76",),
        by="qa_team",
        to=(LEADERS, "Safeguarding Children Partnership", "inspectors of Ofsted, CQC, HMIC and HMIP, jointly (JTAI)"),
        due=ON_REQUEST,
    ),
    Paper("self_assessment", covers=("SWI-91",), by="qa_team", to=(LEADERS,), due=ON_REQUEST),
    Paper(
        "early_help_youth_work",
        covers=("SWI-23", "SWI-94"),
        by="strategic_lead_early_help",
        to=(LEADERS, PERFORMANCE_BOARD),
        due=YEARLY,
    ),
    Paper(
        "early_help_parenting",
        covers=("SWI-23", "SWI-94"),
        by="strategic_lead_early_help",
        to=(LEADERS, PERFORMANCE_BOARD),
        due=YEARLY,
    ),
    Paper(
        "early_help_fathers",
        covers=("SWI-23", "SWI-94"),
        by="strategic_lead_early_help",
        to=(LEADERS, PERFORMANCE_BOARD),
        due=YEARLY,
    ),
    Paper(
        "inspection_data",
        covers=("SWI-132",),
        by="business_intelligence",
        to=(LEADERS, "inspectors of Ofsted"),
        due=ON_REQUEST,
    ),
)
