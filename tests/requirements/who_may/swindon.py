"""Who may do what in Swindon, as its framework and the readings of it say."""

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
    "qa_team participation_service quality_assurance_manager head_of_service_ppqa principal_social_worker "
    "practice_lead strategic_lead_early_help practitioner early_help_coordinator team_manager conference_chair "
    "reviewing_officer operational_manager service_manager head_of_service director corporate_director specialist "
    "business_intelligence senior_leadership_team"
)
REPORTING = (
    "qa_team participation_service quality_assurance_manager head_of_service_ppqa principal_social_worker "
    "practice_lead strategic_lead_early_help team_manager conference_chair reviewing_officer operational_manager "
    "service_manager head_of_service director corporate_director business_intelligence"
)

ROWS = (
    May(by="qa_team strategic_lead_early_help", acts="audit.allocate audit.reassign", covers=("SWI-3", "SWI-24")),
    May(by="worker", acts="audit.record_reflection", covers=("SWI-5", "SWI-51")),
    May(
        by="auditor",
        acts="audit.record_meeting audit.grade_section audit.submit",
        covers=("SWI-13", "SWI-32"),
    ),
    May(
        # The auditor's own attempt is refused for the separation of duties, and stands on record.
        by="participation_service qa_team auditor",
        acts="audit.record_feedback",
        covers=("SWI-11", "SWI-52"),
    ),
    May(by="auditor moderator worker team_manager qa_team", acts="audit.raise_safety_concern", covers=("SWI-59",)),
    May(by="qa_team", acts="audit.allocate_moderator", covers=("SWI-55",)),
    May(by="moderator", acts="audit.moderate", covers=("SWI-55",)),
    May(by="qa_team quality_assurance_manager", acts="audit.sign_off audit.close", covers=("SWI-4",)),
    May(by="qa_team", acts="audit.share audit.file"),
    May(by="auditor moderator qa_team", acts="audit.give_feedback", covers=("SWI-57",)),
    May(by="qa_team", acts="audit.void audit.record_departure", covers=("A-ALL-08", "A-ALL-14")),
    May(by="auditor moderator team_manager qa_team", acts="action.set"),
    May(by="team_manager service_manager head_of_service qa_team", acts="action.redate"),
    May(by="action_owner worker team_manager", acts="action.complete"),
    May(
        by="team_manager service_manager head_of_service quality_assurance_manager",
        acts="action.confirm",
        covers=("SWI-63",),
    ),
    May(
        by="team_manager head_of_service director quality_assurance_manager qa_team",
        acts="escalation.acknowledge",
        covers=("A-SWI-05",),
    ),
    May(
        by="head_of_service director quality_assurance_manager qa_team",
        acts="escalation.resolve",
        covers=("A-SWI-05",),
    ),
    May(
        by="team_manager head_of_service quality_assurance_manager participation_service qa_team",
        acts="obligation.meet",
    ),
    May(by="qa_team", acts="sample.draw sample.discuss", covers=("SWI-55", "A-SWI-03")),
    May(by=NOBODY, acts=f"audit.exempt round.approve {BY_HAND} {DISPUTES} {REGRADING} {CLOCKS}"),
    May(by=POSTS, acts=BOOKS, covers=("SWI-8", "SWI-12")),
    May(by="qa_team", acts="entry.withdraw"),
    May(by="qa_team quality_assurance_manager business_intelligence", acts="indicator.record", covers=("SWI-10",)),
    May(by="qa_team quality_assurance_manager", acts="indicator.compare"),
    May(by="qa_team", acts=f"{CUSTODY} {OFFICE} {ROUND} round.draw", covers=("SWI-54",)),
    May(by="head_of_service", acts="round.enquire"),
    May(
        by="qa_team quality_assurance_manager director auditor action_owner moderator worker team_manager "
        "service_manager head_of_service",
        acts="texts.open",
        covers=("A-ALL-15", "SWI-63"),
    ),
    May(by=REPORTING, acts="report.comment report.issue", covers=("SWI-49", "SWI-87", "SWI-88", "SWI-89")),
    May(by="qa_team quality_assurance_manager director", acts="report.read_named", covers=("A-ALL-15",)),
    May(by="director", acts="policy.adopt", covers=("A-ALL-11",)),
)
