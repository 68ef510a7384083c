"""The tasks of East Sussex, as its table asks for them: by whom, how often, about whom, with what, and to whom."""

from tests.requirements.tasks.east_sussex_monitoring import MONITORING
from tests.requirements.tasks.rows import HALF, MONTH, QUARTER, YEAR, About, Clock, Owed, only

CHIEF, DIRECTOR, MEMBERS = "chief_executive", "dcs", "elected_members"

# The year that the table is lived through: a service with two teams, another one with one.
HEADS = (About("P-HOS", "P-HOS", "S-1"), About("P-HOS2", "P-HOS2", "S-2"))
CHECKED_HEADS = (About("P-HOS", "P-AD"), About("P-HOS2", "P-AD"))
MANAGERS = (About("P-OM", "P-OM", "S-1"), About("P-OM2", "P-OM2", "S-2"))
MANAGERS_OF_HEADS = (About("P-OM", "P-HOS", "S-1"), About("P-OM2", "P-HOS2", "S-2"))
OWN_TEAMS = (About("T-1", "P-OM", "S-1"), About("T-2", "P-OM", "S-1"), About("T-9", "P-OM2", "S-2"))
OTHERS_TEAMS = (About("T-1", "P-OM2", "S-2"), About("T-2", "P-OM2", "S-2"), About("T-9", "P-OM", "S-1"))
OTHERS_TEAMS_OF_HEADS = (About("T-1", "P-HOS2", "S-2"), About("T-2", "P-HOS2", "S-2"), About("T-9", "P-HOS", "S-1"))
NO_CASE = "no open case"
OUTSIDE = ("trend outside the boundaries",)
ON_VIEWS = ("child feedback", "action on children's views")
UPWARDS = "head_of_service head_of_safeguarding"


ROWS = (
    Owed("t1_5", DIRECTOR, only(QUARTER), covers=("ESX-1.5",)),
    Owed(
        "t1_6",
        CHIEF,
        (Clock(MONTH, item="one-to-one", to=CHIEF), Clock(QUARTER, item="performance review", to=CHIEF)),
        covers=("ESX-1.6",),
    ),
    Owed(
        "t1_7",
        CHIEF,
        (Clock(HALF, item="meeting", to=CHIEF), Clock(YEAR, item="meeting", holds=("early help",), to=CHIEF)),
        covers=("ESX-1.7", "A-ESX-01"),
    ),
    Owed("t1_8", CHIEF, only(YEAR), covers=("ESX-1.8",)),
    Owed(
        "t1_9", MEMBERS, (Clock(QUARTER, to="cabinet cpp"), Clock(YEAR, to="scrutiny_committee")), covers=("ESX-1.9",)
    ),
    Owed("t1_10", MEMBERS, only(MONTH, "panels"), covers=("ESX-1.10",)),
    Owed("t1_11", MEMBERS, only(MONTH), covers=("ESX-1.11",)),
    Owed(
        "t1_12",
        MEMBERS,
        (Clock(QUARTER, item="social work team"), Clock(HALF, item="early help team")),
        covers=("ESX-1.12",),
    ),
    Owed("t1_13", "lscb_chair", only(HALF), covers=("ESX-1.13",)),
    Owed(
        "t2_1",
        "cscmt",
        (Clock(QUARTER, holds=("priority outcomes", "quality standards", "value for money"), to="smt"),),
        covers=("ESX-2.1",),
    ),
    Owed(
        "t2_2",
        "all_managers",
        (
            Clock(MONTH, holds=OUTSIDE, to="operations_manager"),
            Clock(QUARTER, holds=OUTSIDE, to="cpp"),
            Clock(HALF, holds=OUTSIDE, to="smt"),
            Clock(YEAR, holds=OUTSIDE, to="lead_member"),
        ),
        covers=("ESX-2.2", "A-ESX-01"),
    ),
    Owed(
        "t2_3",
        "cscmt",
        (Clock(HALF, item="contract monitoring"), Clock(YEAR, to="cpp")),
        covers=("ESX-2.3", "A-ESX-01"),
    ),
    Owed("t2_4", "cscmt", only(YEAR, "smt cpp lead_member"), covers=("ESX-2.4",)),
    Owed("t2_4_approval", MEMBERS, only(YEAR), covers=("ESX-2.4",)),
    Owed("t2_5", "cscmt", only(YEAR, "smt cpp lead_member"), covers=("ESX-2.5",)),
    Owed("t3_1", "ad_safeguarding", only(YEAR), CHECKED_HEADS, covers=("ESX-3.1", "ESX-N8")),
    Owed(
        "t3_2",
        "head_of_service",
        (Clock(YEAR, item="supervision audit", to="head_of_safeguarding"),),
        MANAGERS_OF_HEADS,
        covers=("ESX-3.2", "ESX-N8"),
    ),
    Owed(
        "t3_3",
        "operations_manager",
        (Clock(YEAR, item="supervision audit", to="head_of_service"),),
        (About("P-AUD", "P-OM", "S-1"),),
        covers=("ESX-3.3", "ESX-N8", "A-ESX-13"),
    ),
    Owed("t3_4", "operations_manager", only(YEAR, "cscmt"), MANAGERS, covers=("ESX-3.4", "ESX-N8", "A-ESX-13")),
    Owed(
        "t3_5",
        "safeguarding_manager",
        (Clock(HALF, holds=ON_VIEWS, to="cscmt cpp"), Clock(YEAR, holds=ON_VIEWS, to="lead_member dcs")),
        covers=("ESX-3.5", "ESX-N36", "A-ESX-01"),
    ),
    Owed(
        "t3_6",
        "safeguarding_manager",
        (Clock(HALF, to="cscmt"), Clock(YEAR, to="lead_member dcs")),
        covers=("ESX-3.6", "A-ESX-01"),
    ),
    Owed("t3_7", "safeguarding_manager", only(QUARTER, "cscmt lscb"), covers=("ESX-3.7",)),
    Owed(
        "t3_8_cpa",
        "cpa",
        (Clock(MONTH, audit="own file deep dive", named="auditor"),),
        (About("P-CPA", "P-CPA"),),
        NO_CASE,
        covers=("ESX-3.8", "ESX-N13", "A-ESX-08"),
    ),
    Owed(
        "t3_8_iro",
        "iro",
        (Clock(MONTH, audit="own file deep dive", named="auditor"),),
        (About("P-IRO", "P-IRO"),),
        NO_CASE,
        covers=("ESX-3.8", "ESX-N13", "A-ESX-08"),
    ),
    Owed(
        "t3_9",
        "safeguarding_manager",
        (Clock(QUARTER, audit="safeguarding deep dive", named="reviewer", to="head_of_service"),),
        (About("P-CPA"), About("P-IRO")),
        covers=("ESX-3.9", "A-ESX-08"),
    ),
    Owed("t3_9_action_plan", "safeguarding_manager", only(QUARTER, "cscmt"), covers=("ESX-3.9",)),
    Owed("t3_10", "head_of_service_locality", only(YEAR, "dcs lscb_chair cscmt"), covers=("ESX-3.10",)),
    Owed(
        "t3_11",
        "panel_chairs",
        (Clock(YEAR, to="cscmt"), Clock("third", to="agency_decision_maker")),
        covers=("ESX-3.11",),
    ),
    Owed(
        "t3_12",
        "head_of_service",
        (
            Clock(QUARTER, book="record_check_report", said={"report": "quarterly"}, to="cscmt"),
            Clock(YEAR, book="record_check_report", said={"report": "annual"}, to="dcs smt lead_member"),
        ),
        HEADS,
        covers=("ESX-3.12", "A-ESX-23"),
    ),
    Owed(
        "t3_13",
        "head_of_service",
        (Clock(QUARTER, audit="head of service peer audit", named="team", to="cscmt"),),
        OTHERS_TEAMS_OF_HEADS,
        covers=("ESX-3.13", "ESX-N7", "ESX-N12", "ESX-N17", "A-ESX-09"),
    ),
    Owed(
        "t3_14",
        "operations_manager",
        (Clock(MONTH, audit="team file", named="team"),),
        OWN_TEAMS,
        NO_CASE,
        covers=("ESX-3.14", "ESX-N12", "ESX-N15", "A-ESX-14"),
    ),
    Owed(
        "t3_14_report",
        "operations_manager",
        (Clock(QUARTER, item="quarterly report", to=UPWARDS),),
        MANAGERS,
        covers=("ESX-3.14", "ESX-N16", "ESX-N22", "ESX-N24"),
    ),
    # A tenth of the files of the quarter, one of up to ten.
    Owed(
        "t3_14_sample",
        "head_of_service",
        (Clock(QUARTER, item="scrutinised file"),),
        MANAGERS_OF_HEADS,
        covers=("ESX-3.14", "ESX-N14", "A-ESX-12"),
    ),
    Owed(
        "t3_15",
        "operations_manager",
        (Clock(QUARTER, audit="operations manager peer audit", named="team"),),
        OTHERS_TEAMS,
        covers=("ESX-3.15", "ESX-N7", "ESX-N15", "A-ESX-09"),
    ),
    Owed(
        "t3_15_summary",
        "operations_manager",
        (Clock(QUARTER, item="summary", to=UPWARDS),),
        OTHERS_TEAMS,
        covers=("ESX-3.15", "ESX-N16", "ESX-N24"),
    ),
    Owed(
        "t3_16",
        "practice_manager",
        (Clock(MONTH, audit="supervision file", named="worker"),),
        (About("P-SW", "P-AUD", "T-1"),),
        NO_CASE,
        covers=("ESX-3.16", "ESX-N12", "ESX-N15", "A-ESX-14", "A-ESX-16", "A-ESX-21"),
    ),
    *MONITORING,
)
