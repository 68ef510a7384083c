"""The reports of Halton, as its framework asks for them: by whom, for whom, and when."""

from tests.requirements.calendar.rows import MONTHLY, ON_REQUEST, TWO_MONTHLY, Paper

CYCLE = (
    "Performance and Accountability cycle",
    "divisional_manager",
    "service_manager",
    "principal_manager",
    "practice_lead",
)
OVERVIEW = ("qa_manager", "Performance and Accountability cycle")

ROWS = (
    Paper("audits", covers=("HAL-87", "HAL-90", "HAL-96"), by="qa_team", to=CYCLE, due=MONTHLY),
    Paper(
        "quality_assurance",
        covers=("HAL-14", "HAL-91"),
        by="qa_team",
        to=("senior_leadership_team", *CYCLE),
        due=MONTHLY,
    ),
    Paper(
        "performance_accountability",
        covers=("HAL-88", "HAL-90", "A-HAL-13"),
        by="qa_manager",
        to=CYCLE,
        due=TWO_MONTHLY,
    ),
    Paper("team_overview", covers=("HAL-12", "HAL-92"), by="practice_lead", to=OVERVIEW, due=MONTHLY, each="team"),
    Paper(
        "service_overview",
        covers=("HAL-12", "HAL-92"),
        by="principal_manager",
        to=OVERVIEW,
        due=MONTHLY,
        each="service",
    ),
    Paper(
        "action_status",
        covers=("HAL-6", "HAL-71", "HAL-93", "HAL-95"),
        by="qa_manager",
        to=("Quality and Performance clinic", "divisional_manager"),
        due=MONTHLY,
    ),
    Paper(
        "cases_for_leaders",
        covers=("HAL-25", "HAL-89", "HAL-94"),
        by="qa_team",
        to=("senior_leadership_team",),
        due=MONTHLY,
    ),
    Paper(
        "collated_learning",
        covers=("HAL-97", "HAL-103"),
        by="qa_team",
        to=("Children's Partnership Board", "Corporate Learning and Development Team", "senior_leadership_team"),
        due=ON_REQUEST,
    ),
)
