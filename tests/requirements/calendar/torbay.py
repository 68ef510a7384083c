"""The reports of Torbay, as its framework asks for them: by whom, for whom, and when."""

from tests.requirements.calendar.rows import MONTHLY, ON_REQUEST, QUARTERLY, YEARLY, Paper

BOARD_AND_STAFF = ("Improvement Board", "Practice Forums", "all staff")

ROWS = (
    Paper(
        "audit_highlight",
        covers=("TOR-133", "TOR-135", "TOR-150", "TOR-151"),
        by="qa_team",
        to=BOARD_AND_STAFF,
        due=MONTHLY,
    ),
    Paper(
        "thematic_practice", covers=("TOR-134", "TOR-135", "TOR-151"), by="qa_team", to=BOARD_AND_STAFF, due=QUARTERLY
    ),
    Paper(
        "performance_compendium",
        covers=("TOR-69", "TOR-137", "TOR-149", "A-TOR-15", "TOR-C10"),
        by="intelligence_and_performance",
        to=("all managers", "cscslt", "Children's Services Leadership Team", "performance surgeries"),
        # The 4th of each month, or the working day after it: a Sunday, a Saturday before Easter Monday, a bank holiday.
        due="2026-01-05 2026-02-04 2026-03-04 2026-04-07 2026-05-05 2026-06-04",
    ),
    Paper(
        "self_assessment",
        covers=("TOR-144",),
        by="head_of_service",
        to=("Children's Services Leadership Team", "every member of the service's teams"),
        due="2026-04-30",
        each="service",
    ),
    Paper(
        "campaigns_and_impact",
        covers=("TOR-142", "TOR-143"),
        by="principal_social_worker",
        to=("Improvement Board", "governing groups"),
        due=QUARTERLY,
    ),
    Paper("briefing_note", covers=("TOR-146",), by="qa_team", to=("all staff",), due=ON_REQUEST),
    Paper("complaints_and_compliments", covers=("TOR-147",), by="complaints_officer", to=("all staff",), due=QUARTERLY),
    Paper(
        "improvement_board",
        covers=("TOR-138", "TOR-150"),
        by="intelligence_and_performance",
        to=("Improvement Board",),
        due=ON_REQUEST,
    ),
    Paper(
        "corporate_parenting",
        covers=("TOR-139", "TOR-152"),
        by="head_of_safeguarding",
        to=("Corporate Parenting Board",),
        due=ON_REQUEST,
    ),
    Paper(
        "iro_annual",
        covers=("TOR-116", "TOR-139"),
        by="head_of_safeguarding",
        to=("Corporate Parenting Board",),
        due=YEARLY,
    ),
    Paper("key_indicators", covers=("TOR-140",), by="intelligence_and_performance", to=("the Council",), due=YEARLY),
    Paper(
        "members_and_scrutiny",
        covers=("TOR-140", "TOR-153"),
        by="director",
        to=("Members of the Council", "Overview and Scrutiny Board"),
        due=ON_REQUEST,
    ),
    Paper(
        "inspection_evidence",
        covers=("TOR-167",),
        by="qa_team",
        to=("director", "cscslt", "inspectors"),
        due=ON_REQUEST,
    ),
)
