"""Who may do what in Torbay, as its framework and the readings of it say."""

from tests.requirements.who_may.rows import (
    BOOKS,
    BY_HAND,
    CLOCKS,
    CUSTODY,
    DISPUTES,
    NOBODY,
    OFFICE,
    REGRADING,
    ROUND,
    May,
)

POSTS = (
    "qa_team intelligence_and_performance lead_auditor practitioner advanced_practitioner team_manager cp_chair iro "
    "service_manager head_of_service head_of_learning_academy principal_social_worker director cscslt "
    "learning_academy complaints_officer"
)
REPORTING = (
    "qa_team lead_auditor director deputy_director principal_social_worker head_of_learning_academy learning_academy "
    "head_of_safeguarding head_of_service service_manager team_manager iro complaints_officer "
    "intelligence_and_performance"
)
LADDER = "team_manager service_manager head_of_service director cscslt qa_team"

ROWS = (
    May(by="qa_team", acts="audit.allocate audit.reassign audit.allocate_moderator", covers=("TOR-33", "TOR-85")),
    May(by="worker", acts="audit.record_reflection"),
    May(
        by="auditor",
        acts="audit.record_meeting audit.record_feedback audit.grade_section audit.submit",
        covers=("TOR-74", "TOR-75", "TOR-127"),
    ),
    May(by="auditor moderator worker team_manager qa_team", acts="audit.raise_safety_concern", covers=("TOR-52",)),
    May(by="moderator", acts="audit.moderate", covers=("TOR-5", "TOR-87")),
    May(by="qa_team lead_auditor", acts="audit.sign_off", covers=("TOR-7",)),
    May(by="qa_team", acts="audit.share audit.file audit.close", covers=("TOR-60", "TOR-78", "TOR-80")),
    May(by="auditor moderator qa_team", acts="audit.give_feedback", covers=("TOR-77", "TOR-89")),
    May(by="qa_team", acts="audit.void", covers=("A-ALL-14",)),
    May(by="auditor moderator worker qa_team", acts="action.set", covers=("TOR-58", "TOR-76")),
    May(by="qa_team", acts="action.redate", covers=("A-TOR-06",)),
    May(by="action_owner worker team_manager", acts="action.complete", covers=("TOR-102",)),
    May(
        by="worker practitioner team_manager service_manager head_of_service",
        acts="action.confirm",
        covers=("TOR-95", "TOR-96", "TOR-105"),
        own="practitioner team_manager service_manager head_of_service",
    ),
    May(by=LADDER, acts="escalation.acknowledge escalation.resolve", covers=("TOR-97",)),
    May(by="team_manager head_of_service qa_team", acts="obligation.meet", covers=("TOR-53", "TOR-82", "TOR-105")),
    May(by="qa_team", acts="sample.draw sample.discuss", covers=("TOR-86",)),
    May(
        by=NOBODY,
        acts=f"audit.exempt audit.record_departure {BY_HAND} {DISPUTES} {REGRADING} {CLOCKS}",
    ),
    May(by=POSTS, acts=BOOKS, covers=("TOR-13", "TOR-14")),
    May(by="qa_team", acts="entry.withdraw"),
    May(by="qa_team intelligence_and_performance", acts="indicator.record indicator.compare", covers=("TOR-11",)),
    May(by="qa_team", acts=f"{CUSTODY} {OFFICE} {ROUND} round.draw", covers=("TOR-27", "TOR-30", "TOR-32")),
    May(by="head_of_service qa_team", acts="round.enquire", covers=("TOR-26",)),
    May(by="director head_of_service", acts="round.approve", covers=("TOR-28",)),
    May(
        by="qa_team lead_auditor director auditor moderator action_owner worker team_manager service_manager "
        "head_of_service",
        acts="texts.open",
        covers=("A-ALL-15", "TOR-7", "TOR-80"),
    ),
    May(by=REPORTING, acts="report.comment report.issue", covers=("TOR-9", "TOR-133", "TOR-143")),
    May(by="qa_team head_of_safeguarding director", acts="report.read_named", covers=("A-ALL-15",)),
    May(by="director", acts="policy.adopt", covers=("A-ALL-11", "TOR-2")),
)
