"""The indicators of Swindon, as §7 of its framework names them with their sources, and §8 shows them."""

from dataclasses import replace

from tests.requirements.watched.rows import OWN, Watch

# SWI-124: statistical neighbours, England and the authority's own targets; of what is counted here alone, the target.
COMPARED = "target; statistical neighbours; england"
TARGET = "target"
ANNEX_A = "the Annex A lists"
CENSUS = f"{ANNEX_A}; the children in need census"
LOOKED_AFTER = f"{ANNEX_A}; the return on looked-after children (SSDA903)"

FRONT = (
    Watch(
        "early_help_rereferrals",
        says="Re-referrals to Early Help",
        covers=("SWI-103",),
        unit="per cent",
        taken=f"{ANNEX_A}; local records",
        rise="worse",
    ),
    Watch(
        "steps_between_services",
        says="Early Help and social work",
        covers=("SWI-104",),
        unit="count",
        taken=ANNEX_A,
        parts="step up; step down",
    ),
    Watch(
        "no_further_action",
        says="no further action",
        covers=("SWI-105",),
        unit="per cent",
        taken=CENSUS,
        rise="worse",
        parts="referrals; assessments",
    ),
    Watch(
        "consent_recorded",
        says="Agreement of the family",
        covers=("SWI-106",),
        unit="per cent",
        taken="local records; the audits",
        rise="better",
        against=TARGET,
        counted="Agreement of the family",
        good="Outstanding; Good",
    ),
    Watch("rereferrals", says="Re-referrals", covers=("SWI-107",), unit="per cent", taken=CENSUS, rise="worse"),
)
PROTECTION = (
    Watch(
        "child_protection_enquiries",
        says="Section 47 enquiries and strategy discussions",
        covers=("SWI-108",),
        unit="rate",
        taken=CENSUS,
        per=10_000,
        parts="section 47 enquiries; strategy discussions",
    ),
    Watch(
        "enquiries_without_plan",
        says="no child protection plan",
        covers=("SWI-109",),
        unit="per cent",
        taken=CENSUS,
        rise="worse",
    ),
    Watch(
        "three_partners",
        says="all three statutory partners",
        covers=("SWI-110",),
        unit="per cent",
        rise="better",
        against=TARGET,
    ),
    Watch(
        "workbooks_opened", says="Workbooks opened", covers=("SWI-111",), unit="count", rise="better", against=TARGET
    ),
    Watch(
        "protection_plans", says="Child protection plans", covers=("SWI-112",), unit="rate", taken=CENSUS, per=10_000
    ),
)
CARE = (
    Watch(
        "entries_to_care",
        says="Entry to care through abuse and neglect",
        covers=("SWI-113",),
        unit="rate",
        taken=LOOKED_AFTER,
        per=10_000,
    ),
    Watch("pre_proceedings", says="pre-proceedings", covers=("SWI-114",), unit="count", parts=OWN, against=TARGET),
    Watch(
        "care_applications",
        says="Applications to the family court for care orders",
        covers=("SWI-115",),
        unit="count",
        against=TARGET,
    ),
    Watch(
        "ends_of_proceedings", says="end of proceedings", covers=("SWI-116",), unit="count", parts=OWN, against=TARGET
    ),
    Watch(
        "costs_avoided",
        says="Cost avoided by fewer care placements",
        covers=("SWI-117",),
        unit="pounds",
        rise="better",
        against=TARGET,
    ),
    Watch(
        "home_to_family",
        says="Children who leave care to live with family",
        covers=("SWI-118",),
        unit="count",
        taken=LOOKED_AFTER,
        rise="better",
    ),
    Watch(
        "home_to_family_share",
        says="Share of those who leave care who go to live with family",
        covers=("SWI-118",),
        unit="per cent",
        taken=LOOKED_AFTER,
        rise="better",
    ),
)
WORKFORCE = (
    Watch(
        "worker_changes",
        says="Changes of allocated Social Worker for each child",
        covers=("SWI-119",),
        unit="rate",
        rise="worse",
        against=TARGET,
        window="24 months",
    ),
    Watch(
        "turnover_and_vacancies",
        says="Turnover and vacancies of practitioners, locums included",
        covers=("SWI-120",),
        unit="per cent",
        rise="worse",
        against=TARGET,
        parts="turnover; vacancies; locums",
    ),
    Watch("sickness", says="Sickness absence", covers=("SWI-121",), unit="days", rise="worse", against=TARGET),
    Watch(
        "staff_survey",
        says="staff survey",
        covers=("SWI-122",),
        unit="per cent",
        rise="better",
        against=TARGET,
        parts=OWN,
    ),
    Watch(
        "learning_satisfaction",
        says="Satisfaction with learning and development",
        covers=("SWI-123",),
        unit="per cent",
        rise="better",
        against=TARGET,
    ),
)
STATUTORY = (
    Watch(
        "visits_in_time",
        says="Visits made within their time",
        covers=(
            "SWI-93",
            "SWI-95",
        ),
        unit="per cent",
        rise="better",
        against=TARGET,
    ),
    Watch(
        "supervision_in_time",
        says="Supervision held as often as it is asked for",
        covers=(
            "SWI-93",
            "SWI-95",
        ),
        unit="per cent",
        rise="better",
        against=TARGET,
    ),
    Watch(
        "statutory_requirements",
        says="Statutory requirements met in time",
        covers=("SWI-93",),
        unit="per cent",
        rise="better",
        against=TARGET,
        parts=OWN,
    ),
)

ROWS = tuple(
    replace(
        each,
        heading=heading,
        covers=(*each.covers, "SWI-124", "SWI-125"),
        against=each.against or COMPARED,
    )
    for heading, rows in (
        ("Early help and front door", FRONT),
        ("Child protection", PROTECTION),
        ("Court and care", CARE),
        ("Workforce", WORKFORCE),
        ("Visits and statutory requirements", STATUTORY),
    )
    for each in rows
)
