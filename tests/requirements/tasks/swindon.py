"""The tasks of Swindon, as its framework asks for them: by whom, how often, about whom, and with what."""

from tests.requirements.tasks.rows import CALENDAR_YEAR, MONTH, About, Clock, Owed

THERE = (
    ("P-CHAIR", "conference_chair", None),
    ("P-RO", "reviewing_officer", None),
    ("P-EHC", "early_help_coordinator", "T-1"),
    ("P-OM", "operational_manager", "S-1"),
)
# A month's quota is each auditor's own, whenever they came.
POSTS = {
    "team_manager": (About("P-TM", "P-TM", "T-1"), About("P-AUD", "P-AUD", "T-2")),
    "conference_chair": (About("P-CHAIR", "P-CHAIR"),),
    "reviewing_officer": (About("P-RO", "P-RO"),),
    "service_manager": (About("P-SM", "P-SM", "S-1"),),
    "head_of_service": (About("P-HOS", "P-HOS", "S-1"),),
    "director": (About("P-DIR", "P-DIR"),),
    "early_help_coordinator": (About("P-EHC", "P-EHC", "T-1"),),
    "operational_manager": (About("P-OM", "P-OM", "S-1"),),
}
CAME = tuple((f"P-N-{post}", post, each[0].unit) for post, each in POSTS.items())
EACH = {
    post: (*each, About(f"P-N-{post}", f"P-N-{post}", each[0].unit, since="2026-06-10")) for post, each in POSTS.items()
}
OBSERVED = Clock(MONTH, book="observation", steps=("reflective_discussion",))

ROWS = (
    # Five dip samples, or else an observation that was talked over.
    *(
        Owed(
            name,
            post,
            (Clock(MONTH, book="dip_sample", count=5, instead=OBSERVED),),
            EACH[post],
            at_once=True,
            covers=("SWI-45", "SWI-68", "A-SWI-04", "A-SWI-15"),
        )
        for name, post in (
            ("practice_check_team_manager", "team_manager"),
            ("practice_check_service_manager", "service_manager"),
            ("practice_check_head_of_service", "head_of_service"),
        )
    ),
    *(
        Owed(
            name,
            post,
            (Clock(MONTH, audit="case file", named="auditor"),),
            EACH[post],
            at_once=True,
            covers=("SWI-1", "SWI-44"),
        )
        for name, post in (
            ("audit_team_manager", "team_manager"),
            ("audit_conference_chair", "conference_chair"),
            ("audit_reviewing_officer", "reviewing_officer"),
            ("audit_service_manager", "service_manager"),
            ("audit_head_of_service", "head_of_service"),
            ("audit_director", "director"),
        )
    ),
    *(
        Owed(
            name,
            post,
            (Clock(MONTH, audit="early help", named="auditor"),),
            EACH[post],
            at_once=True,
            covers=("SWI-2", "A-SWI-19"),
        )
        for name, post in (
            ("audit_early_help_coordinator", "early_help_coordinator"),
            ("audit_operational_manager", "operational_manager"),
        )
    ),
    Owed(
        "practice_weeks",
        "qa_team",
        (Clock(CALENDAR_YEAR, book="practice_week", count=2),),
        covers=("SWI-20", "SWI-47", "A-SWI-18"),
    ),
    Owed("clinics", "service_manager", (Clock(MONTH, book="clinic"),), covers=("SWI-48",)),
    Owed(
        "performance_boards",
        "head_of_service",
        (Clock(MONTH, book="performance_board_meeting"),),
        covers=("SWI-97", "A-SWI-11"),
    ),
    Owed(
        "assurance_boards",
        "corporate_director",
        (Clock(MONTH, book="assurance_board_meeting"),),
        covers=("SWI-98", "A-SWI-11"),
    ),
)
