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
        "early_help_rereferrals", covers=("SWI-103",), unit="per cent", taken=f"{ANNEX_A}; local records", rise="worse"
    ),
    Watch("steps_between_services", covers=("SWI-104",), unit="count", taken=ANNEX_A, parts="step up; step down"),
    Watch(
        "no_further_action",
        covers=("SWI-105",),
        unit="per cent",
        taken=CENSUS,
        rise="worse",
        parts="referrals; assessments",
    ),
    Watch(
        "consent_recorded",
        covers=("SWI-106",),
        unit="per cent",
        taken="local records; the audits",
        rise="better",
        against=TARGET,
        counted="Agreement of the family",
        good="Outstanding; Good",
    ),
    Watch("rereferrals", covers=("SWI-107",), unit="per cent", taken=CENSUS, rise="worse"),
)
PROTECTION = (
    Watch(
        "child_protection_enquiries",
        covers=("SWI-108",),
        unit="rate",
        taken=CENSUS,
        per=10_000,
        parts="section 47 enquiries; strategy discussions",
    ),
    Watch("enquiries_without_plan", covers=("SWI-109",), unit="per cent", taken=CENSUS, rise="worse"),
    Watch("three_partners", covers=("SWI-110",), unit="per cent", rise="better", against=TARGET),
    Watch("workbooks_opened", covers=("SWI-111",), unit="count", rise="better", against=TARGET),
    Watch("protection_plans", covers=("SWI-112",), unit="rate", taken=CENSUS, per=10_000),
)
CARE = (
    Watch("entries_to_care", covers=("SWI-113",), unit="rate", taken=LOOKED_AFTER, per=10_000),
    Watch("pre_proceedings", covers=("SWI-114",), unit="count", parts=OWN, against=TARGET),
    Watch("care_applications", covers=("SWI-115",), unit="count", against=TARGET),
    Watch("ends_of_proceedings", covers=("SWI-116",), unit="count", parts=OWN, against=TARGET),
    Watch("costs_avoided", covers=("SWI-117",), unit="pounds", rise="better", against=TARGET),
    Watch("home_to_family", covers=("SWI-118",), unit="count", taken=LOOKED_AFTER, rise="better"),
    Watch("home_to_family_share", covers=("SWI-118",), unit="per cent", taken=LOOKED_AFTER, rise="better"),
)
WORKFORCE = (
    Watch("worker_changes", covers=("SWI-119",), unit="rate", rise="worse", against=TARGET, window="24 months"),
    Watch(
        "turnover_and_vacancies",
        covers=("SWI-120",),
        unit="per cent",
        rise="worse",
        against=TARGET,
        parts="turnover; vacancies; locums",
    ),
    Watch("sickness", covers=("SWI-121",), unit="days", rise="worse", against=TARGET),
    Watch("staff_survey", covers=("SWI-122",), unit="per cent", rise="better", against=TARGET, parts=OWN),
    Watch("learning_satisfaction", covers=("SWI-123",), unit="per cent", rise="better", against=TARGET),
)
STATUTORY = (
    Watch(
        "visits_in_time",
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
        covers=(
            "SWI-93",
            "SWI-95",
        ),
        unit="per cent",
        rise="better",
        against=TARGET,
    ),
    Watch("statutory_requirements", covers=("SWI-93",), unit="per cent", rise="better", against=TARGET, parts=OWN),
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
