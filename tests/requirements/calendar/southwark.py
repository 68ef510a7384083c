"""The reports of Southwark, as its framework asks for them: by whom, for whom, and when."""

from tests.requirements.calendar.rows import ON_REQUEST, QUARTERLY, TWO_MONTHLY, YEARLY, Paper

BOARD = "Children's and Adults Management Board"
SSCB = "Southwark Safeguarding Children Board"
SCRUTINY = "Children's Services Overview and Scrutiny"
PARENTING = "Corporate Parenting Committee"

ROWS = (
    Paper(
        "service_audits",
        covers=("SOU-7", "SOU-88", "A-SOU-11"),
        by="qa_lead",
        to=("strategy_team",),
        # Ten working days after the month: Good Friday, Easter Monday and the bank holiday of 4 May are none.
        due="2026-01-15 2026-02-13 2026-03-13 2026-04-16 2026-05-15 2026-06-12",
        each="service",
    ),
    Paper(
        "service_outcomes",
        covers=("SOU-89",),
        by="qa_lead",
        to=("service_management_team",),
        due=QUARTERLY,
        each="service",
    ),
    Paper(
        "quarterly_findings",
        covers=("SOU-90", "SOU-99"),
        by="head_of_qa",
        to=("Operational Leads", "strategy_team", "director", "executive_director", "lead_member"),
        due=QUARTERLY,
    ),
    Paper(
        "practice_groups",
        covers=("SOU-6", "SOU-98"),
        by="head_of_qa",
        to=("director", "Advanced Practitioners", "Practice Group Leads"),
        due=QUARTERLY,
    ),
    Paper(
        "reviewing_officers_annual",
        covers=("SOU-4", "SOU-91", "SOU-104", "SOU-105"),
        by="head_of_qa",
        to=(BOARD, PARENTING, SSCB, SCRUTINY),
        due=YEARLY,
    ),
    Paper(
        "conference_chairs_annual", covers=("SOU-4", "SOU-92"), by="head_of_qa", to=(BOARD, SSCB, SCRUTINY), due=YEARLY
    ),
    Paper("designated_officer_annual", covers=("SOU-92",), by="head_of_qa", to=(BOARD, SSCB, SCRUTINY), due=YEARLY),
    Paper(
        "activity_and_issues",
        covers=("SOU-46", "SOU-93", "A-SOU-14"),
        by="reviewing_officer",
        to=("Management Team",),
        due=TWO_MONTHLY,
    ),
    Paper(
        "childrens_rights",
        covers=("SOU-9", "SOU-94"),
        by="childrens_rights_officer",
        to=("Senior Management Team",),
        due=QUARTERLY,
    ),
    Paper(
        "pledge",
        covers=("SOU-86",),
        by="childrens_rights_officer",
        to=(PARENTING, "Children in Care Council (Speakerbox)"),
        due=YEARLY,
    ),
    Paper("complaints_of_quarter", covers=("SOU-95",), by="complaints_manager", to=("Management Team",), due=QUARTERLY),
    Paper("complaints_of_year", covers=("SOU-95",), by="complaints_manager", to=("Management Team",), due=YEARLY),
    Paper(
        "senior_observations",
        covers=("SOU-96",),
        by="head_of_qa",
        to=("director", "Senior Management Team"),
        due=ON_REQUEST,
    ),
    Paper("speakerbox_annual", covers=("SOU-97",), by="childrens_rights_officer", to=(PARENTING, SCRUTINY), due=YEARLY),
    Paper(
        "service_quality", covers=("SOU-100",), by="executive_director", to=("Senior Management Team",), due=ON_REQUEST
    ),
    Paper(
        "safeguarding_board",
        covers=("SOU-101",),
        by="head_of_qa",
        to=(f"{SSCB}, under its independent chair", "Chief Executive"),
        due=ON_REQUEST,
    ),
    Paper("change", covers=("SOU-73",), by="head_of_qa", to=("director", "service_management_team"), due=QUARTERLY),
)
