"""The tasks of East Sussex by which services are monitored and what was found is brought together."""

from tests.requirements.tasks.rows import HALF, MONTH, QUARTER, YEAR, About, Clock, Owed, only

DIRECTOR = "dcs"
TO_MEMBERS = "smt lead_member scrutiny_committee"
WHOLE_REVIEW = dict.fromkeys(("two_days", "file_audit", "discussion", "practice_observed", "user_feedback"), True)
ROUTES = (
    *("parents", "carers", "advocacy", "independent visitors", "IRO service"),
    *("Adoption Service", "Fostering Service", "Regulation 33 visits"),
)

MONITORING = (
    Owed(
        "t4_1",
        "planning_manager",
        (
            Clock(MONTH, to="team_and_unit_managers cscmt"),
            Clock(HALF, to="joint_divisional_meeting smt lead_member lscb_chair"),
        ),
        covers=("ESX-4.1", "ESX-N42"),
    ),
    Owed(
        "t4_2",
        "all_managers",
        only(MONTH, "team_and_unit_managers joint_divisional_meeting smt"),
        covers=("ESX-4.2", "ESX-N44"),
    ),
    Owed(
        "t4_3",
        "head_of_safeguarding",
        (Clock(QUARTER, to="cscmt"), Clock(YEAR, to=TO_MEMBERS)),
        covers=("ESX-4.3", "ESX-N9"),
    ),
    Owed(
        "t4_4",
        "head_of_safeguarding",
        (
            Clock(MONTH, book="regulation_33_visit", steps=("sent_to_ofsted",), to="ofsted"),
            Clock(QUARTER, to="cpp lead_member"),
        ),
        covers=("ESX-4.4", "ESX-N33"),
    ),
    Owed(
        "t4_5",
        "cscmt",
        (Clock(QUARTER, book="themed_audit", said={"origin": "themed", "field": "social care"}),),
        covers=("ESX-4.5", "ESX-N9"),
    ),
    Owed(
        "t4_6",
        "ad_early_help",
        (Clock(QUARTER, book="themed_audit", said={"field": "early help"}),),
        covers=("ESX-4.6", "ESX-N9", "A-ESX-17"),
    ),
    Owed(
        "t4_7",
        "complaints_manager",
        (Clock(QUARTER, to="cscmt joint_divisional_meeting"), Clock(YEAR, to=TO_MEMBERS)),
        covers=("ESX-4.7",),
    ),
    Owed("t4_8", "ad_planning", (Clock(MONTH, to="cscmt"), Clock(YEAR, to="smt lead_member")), covers=("ESX-4.8",)),
    Owed(
        "t4_9",
        "ad_planning",
        (Clock(QUARTER, to="cscmt"), Clock(YEAR, holds=("what changed",), to="smt lead_member")),
        covers=("ESX-4.9",),
    ),
    Owed(
        "t4_10",
        "ad_planning",
        (*(Clock(YEAR, item=route) for route in ROUTES), *only(YEAR, "cscmt joint_divisional_meeting cpp")),
        covers=("ESX-4.10", "ESX-N35"),
    ),
    Owed(
        "t4_11",
        "lscb_qa_chair",
        (
            Clock(QUARTER, item="referral and assessment file", count=5),
            Clock(QUARTER, item="child protection plan audit"),
            Clock(QUARTER, to="lscb_qa_subgroup"),
            Clock(YEAR, to="smt lead_member"),
            Clock(YEAR, item="section 11 audit"),
            Clock(YEAR, item="themed programme"),
        ),
        covers=("ESX-4.11", "ESX-N10", "A-ESX-18"),
    ),
    Owed("t4_12", "head_of_safeguarding", only(YEAR, "smt lscb"), covers=("ESX-4.12", "ESX-N27", "ESX-N48")),
    Owed(
        "t4_13",
        "ad_safeguarding",
        (Clock(YEAR, book="peer_review", said=WHOLE_REVIEW),),
        (About("county", "P-AD"),),
        covers=("ESX-4.13", "ESX-N11", "A-ESX-22"),
    ),
    Owed(
        "t4_14",
        DIRECTOR,
        (
            Clock(
                YEAR,
                holds=(
                    *("capacity", "demand", "recruitment", "training", "locality solutions"),
                    *("management and supervision", "strengths and challenges"),
                ),
            ),
        ),
        covers=("ESX-4.14",),
    ),
    Owed("t4_15", DIRECTOR, only(HALF), covers=("ESX-4.15",)),
    Owed("t4_16", DIRECTOR, only(QUARTER), covers=("ESX-4.16", "A-ESX-10")),
    Owed("t4_17", "ad_safeguarding", only(HALF), covers=("ESX-4.17",)),
    Owed(
        "t4_18",
        "principal_social_worker",
        (Clock("two months", item="meeting with the AD"), Clock(HALF, item="meeting with the DCS")),
        covers=("ESX-4.18",),
    ),
    Owed(
        "t5_1",
        "head_of_safeguarding",
        (
            Clock(YEAR, to=f"cscmt joint_divisional_meeting {TO_MEMBERS}"),
            Clock(YEAR, item="meeting of service leads"),
        ),
        covers=("ESX-5.1", "ESX-N37"),
    ),
    Owed("t5_2", "early_help_support", only(YEAR, "joint_divisional_meeting smt"), covers=("ESX-5.2",)),
    Owed("lscb_report", "lscb_chair", only(YEAR, "cyp_trust"), covers=("ESX-N34",)),
    Owed(
        "communications_plan",
        "ad_planning",
        (Clock(YEAR, book="annual_review", steps=("communicated",)),),
        covers=("ESX-N39",),
    ),
)
