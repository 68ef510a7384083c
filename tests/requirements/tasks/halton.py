"""The tasks of Halton, as its framework asks for them: by whom, how often, about whom, and with what."""

from tests.requirements.tasks.rows import MONTH, About, Clock, Owed

# Beside those of every test, one of each other post whose holders audit or moderate; another lead comes in June.
THERE = (("P-IRM", "irm", None), ("P-SERV", "service_manager", "S-1"))
CAME = (("P-NPL", "practice_lead", "T-2"),)

LEADS = (
    About("P-PL", "P-PL", "T-1"),
    About("P-AUD", "P-AUD", "T-2"),
    About("P-NPL", "P-NPL", "T-2", since="2026-06-10"),
)
FILE = (Clock(MONTH, audit="deep dive", named="auditor"),)
MODERATED = (Clock(MONTH, audit="deep dive", when="moderated"),)

ROWS = (
    Owed("file_a_month_practice_lead", "practice_lead", FILE, LEADS, covers=("HAL-1",)),
    Owed("file_a_month_irm", "irm", FILE, (About("P-IRM", "P-IRM"),), covers=("HAL-1",)),
    *(
        Owed(name, post, MODERATED, (About(person, person, "S-1"),), covers=("HAL-2",))
        for name, post, person in (
            ("moderation_a_month_divisional_manager", "divisional_manager", "P-DM"),
            ("moderation_a_month_service_manager", "service_manager", "P-SERV"),
            ("moderation_a_month_principal_manager", "principal_manager", "P-PM"),
        )
    ),
    Owed("reflective_session", "practice_lead", (Clock(MONTH, book="reflective_session"),), LEADS, covers=("HAL-40",)),
    Owed(
        "practice_review",
        "practice_lead",
        (Clock(MONTH, book="practice_review", said={"family_asked": True}, steps=("reported",)),),
        LEADS,
        covers=("HAL-41",),
    ),
    # A-HAL-14: "several" cases are three.
    Owed(
        "leaders_cases",
        "qa_team",
        (Clock(MONTH, book="leaders_case", count=3),),
        covers=("HAL-25", "HAL-89", "A-HAL-14"),
    ),
)
