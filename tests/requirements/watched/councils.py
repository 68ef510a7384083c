"""The indicators of Torbay, Halton, Southwark and East Sussex, as their frameworks ask for them."""

from tests.requirements.watched.rows import OVERALL, OWN, Watch

EVERY_LEVEL = "authority; service; team; person"

# TOR-122: the nation, the region, the statistical neighbours, and always those that are good or outstanding.
BENCHMARKS = "england; region; statistical neighbours; good or outstanding authorities"
VOICE, PROGRESS, GENERAL = (
    "The child's voice",
    "Progress of assessments and care plans",
    "General indicators of the audits",
)
AT_LEAST_GOOD = "Exceeds good; Meets good"
# TOR-45 with A-TOR-08: the seven general indicators, each with the field of the form that tells of it.
SEVEN = {
    "audited_risk_identified": "Risk",
    "audited_family_views": "Involvement of child and family",
    "audited_assessments": "Assessments",
    "audited_decision_making": "Decision making",
    "audited_plans": "Plans",
    "audited_permanency": "Permanency",
    "audited_recording": "Decision making",
}

TORBAY = (
    *(
        Watch(
            name,
            covers=("TOR-155", "TOR-122", "TOR-160"),
            unit="per cent",
            heading=VOICE,
            rise="better",
            parts=parts,
            against=BENCHMARKS,
        )
        for name, parts in (
            ("visits_on_time", ""),
            ("seen_alone", ""),
            ("taking_part", "child protection conference; cared-for review"),
        )
    ),
    *(
        Watch(
            name,
            covers=("TOR-159", "TOR-122", "TOR-160"),
            unit="per cent",
            taken="the Annex A lists; local records",
            heading=PROGRESS,
            rise="better",
            levels=EVERY_LEVEL,
            against=BENCHMARKS,
        )
        for name in ("assessments_on_time", "care_plans_on_time")
    ),
    *(
        Watch(
            name,
            covers=("TOR-45", "TOR-160", "A-TOR-08"),
            unit="per cent",
            taken="the audits",
            heading=GENERAL,
            rise="better",
            counted=field,
            good=AT_LEAST_GOOD,
        )
        for name, field in SEVEN.items()
    ),
)

STATUTORY = "the Annex A lists; the children in need census"

HALTON = (
    *(
        Watch(
            name,
            covers=("HAL-98",),
            unit=unit,
            taken=f"{STATUTORY}; local records",
            heading="Core data",
            rise=rise,
            parts=OWN,
        )
        for name, unit, rise in (
            ("demand", "count", "above"),
            ("throughput", "count", "above"),
            ("timeliness", "per cent", "better"),
        )
    ),
    Watch(
        "audits_good",
        covers=("HAL-99",),
        unit="per cent",
        taken="the audits",
        heading="Quality assurance",
        rise="better",
        counted=OVERALL,
        good="Outstanding; Good",
    ),
    *(
        Watch(name, covers=("HAL-99",), heading=heading, parts=OWN)
        for name, heading in (
            ("monthly_performance", "Monthly performance"),
            ("performance_review", "Performance review"),
            ("workforce", "Workforce"),
        )
    ),
)

LOOKED_AFTER = "the return on looked-after children (SSDA903)"

SOUTHWARK = (
    Watch(
        "statutory_indicators",
        covers=("SOU-106", "SOU-108"),
        taken=f"{STATUTORY}; {LOOKED_AFTER}; local records",
        parts=OWN,
        levels=EVERY_LEVEL,
        against="statistical neighbours; england",
    ),
    Watch(
        "audits_good",
        covers=("SOU-107",),
        unit="per cent",
        taken="the audits",
        rise="better",
        counted=OVERALL,
        good="Outstanding; Good",
    ),
    Watch("operational_data", covers=("SOU-108",), parts=OWN, levels="service; team; person"),
    Watch("record_accuracy", covers=("SOU-108",), unit="per cent", rise="better", levels=EVERY_LEVEL),
)

INDICATORS = "Indicators"

EAST_SUSSEX = (
    Watch(
        "national_data_set",
        covers=("ESX-N42",),
        taken=f"{STATUTORY}; {LOOKED_AFTER}",
        heading=INDICATORS,
        parts=OWN,
    ),
    Watch("local_data_set", covers=("ESX-N42",), heading=INDICATORS, parts=OWN),
    Watch(
        "practice_standards",
        covers=("ESX-N42",),
        taken="local records; the audits",
        heading="Practice standards",
        parts=OWN,
        standard=True,
    ),
    Watch("families_supported", covers=("ESX-N43",), unit="count", heading=INDICATORS),
    Watch("budget", covers=("ESX-N44",), unit="pounds", heading=INDICATORS, parts="budget; spending; forecast"),
)
