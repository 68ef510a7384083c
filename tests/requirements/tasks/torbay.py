"""The tasks of Torbay, as its framework asks for them: by whom, how often, about whom, and with what."""

from tests.requirements.tasks.rows import HALF, MONTH, QUARTER, YEAR, About, Clock, Owed

# Beside a manager of each tier, another one of the first comes in June, and so does a worker.
THERE = (("P-AP", "advanced_practitioner", "T-2"),)
CAME = (("P-NTM", "team_manager", "T-2"), ("P-NSW", "practitioner", "T-1"))
JUNE = "2026-06-10"

TEAM = (
    About("P-TM", "P-TM", "T-1"),
    About("P-AUD", "P-AUD", "T-2"),
    About("P-NTM", "P-NTM", "T-2", since=JUNE),
)
MANAGERS = {
    "team_manager": TEAM,
    "service_manager": (About("P-SM", "P-SM", "S-1"),),
    "head_of_service": (About("P-HOS", "P-HOS", "S-1"),),
}

PLEDGE = {"which": "pledge survey"}

ROWS = (
    Owed("practice_week", "qa_team", (Clock(QUARTER, book="practice_week"),), covers=("TOR-70", "A-TOR-22")),
    *(
        Owed(name, post, (Clock(MONTH, audit="full", named="auditor"),), MANAGERS[post], covers=("TOR-4",))
        for name, post in (
            ("audits_of_team_manager", "team_manager"),
            ("audits_of_service_manager", "service_manager"),
            ("audits_of_head_of_service", "head_of_service"),
        )
    ),
    *(
        Owed(
            name,
            post,
            (Clock(QUARTER, book="observation"),),
            MANAGERS[post],
            covers=("TOR-18", "TOR-64", "A-TOR-23"),
        )
        for name, post in (
            ("observation_team_manager", "team_manager"),
            ("observation_service_manager", "service_manager"),
            ("observation_head_of_service", "head_of_service"),
        )
    ),
    Owed("moderation", "qa_team", (Clock(MONTH, audit="full", when="moderated"),), covers=("TOR-91",)),
    Owed(
        "supervision",
        "team_manager",
        (Clock(MONTH, book="supervision"),),
        (
            About("P-SW", "P-TM", "T-1"),
            About("P-AP", "P-AUD", "T-2"),
            About("P-NSW", "P-TM", "T-1", since=JUNE),
        ),
        covers=("TOR-65",),
    ),
    Owed(
        "supervision_audits", "qa_team", (Clock(YEAR, book="supervision_audit", count=2),), covers=("TOR-21", "TOR-66")
    ),
    Owed(
        "service_performance_review",
        "head_of_service",
        (Clock(HALF, book="service_performance_review", steps=("held",)),),
        MANAGERS["head_of_service"],
        covers=("TOR-67",),
    ),
    Owed("self_assessment", "director", (Clock(YEAR, book="self_assessment", steps=("updated",)),), covers=("TOR-68",)),
    Owed(
        "area_reaudit",
        "qa_team",
        (Clock(QUARTER, book="area_reaudit", steps=("reported",)),),
        covers=("TOR-71", "TOR-109"),
    ),
    Owed(
        "pledge_survey", "qa_team", (Clock(YEAR, book="survey", said={"which": "pledge survey"}),), covers=("TOR-72",)
    ),
    Owed("management_meeting", "qa_team", (Clock(MONTH, book="management_meeting"),), covers=("TOR-154",)),
)
