"""Who may do what in East Sussex, as its framework and the readings of it say."""

from tests.requirements.who_may.rows import BOOKS, CLOCKS, CUSTODY, DISPUTES, NOBODY, OFFICE, REGRADING, ROUND, May

POSTS = (
    "qa_team early_help_support practitioner practice_manager operations_manager head_of_service ad_safeguarding "
    "ad_early_help ad_planning dcs chief_executive lead_member head_of_safeguarding head_of_service_locality "
    "safeguarding_manager cpa iro planning_manager complaints_manager principal_social_worker agency_decision_maker "
    "lscb_chair lscb_qa_chair"
)
TASKED = (
    "ad_early_help ad_planning ad_safeguarding all_managers chief_executive complaints_manager cpa cscmt dcs "
    "early_help_support elected_members head_of_safeguarding head_of_service head_of_service_locality iro lscb_chair "
    "lscb_qa_chair operations_manager panel_chairs planning_manager practice_manager principal_social_worker qa_team "
    "safeguarding_manager"
)
"""Everybody to whom the table of tasks gives one."""

REPORTING = (
    "qa_team practice_manager operations_manager head_of_service ad_safeguarding ad_early_help ad_planning dcs cpa iro "
    "head_of_safeguarding head_of_service_locality safeguarding_manager planning_manager complaints_manager "
    "principal_social_worker"
)
TIERS = "practice_manager operations_manager head_of_service"

ROWS = (
    May(
        by=NOBODY,
        acts="audit.allocate_moderator audit.moderate audit.grade_section audit.sign_off",
        covers=("ESX-N19",),
    ),
    May(
        by=NOBODY,
        acts=f"sample.discuss audit.exempt round.approve {DISPUTES} {REGRADING} {CLOCKS}",
    ),
    May(by="head_of_service", acts="sample.draw", covers=("ESX-N14",)),
    May(
        by=f"qa_team {TIERS} safeguarding_manager cpa iro",
        acts="audit.allocate audit.reassign",
        covers=("ESX-3.8", "ESX-3.9", "ESX-3.14", "ESX-3.16", "ESX-N6"),
    ),
    May(by="worker", acts="audit.record_reflection", covers=("ESX-N4",)),
    May(by="auditor", acts="audit.record_meeting audit.record_feedback audit.submit", covers=("ESX-N4",)),
    May(
        by="auditor worker practice_manager operations_manager qa_team",
        acts="audit.raise_safety_concern",
        covers=("ESX-N5",),
    ),
    May(by="auditor", acts="audit.give_feedback", covers=("ESX-N21",)),
    May(by="auditor qa_team", acts="audit.share audit.file audit.close audit.record_departure", covers=("A-ALL-08",)),
    May(by="qa_team", acts="audit.void", covers=("A-ALL-14",)),
    May(by=f"auditor {TIERS}", acts="action.set action.redate", covers=("ESX-3.12",)),
    May(by="action_owner worker", acts="action.complete"),
    May(by=f"auditor {TIERS}", acts="action.confirm", covers=("ESX-3.16", "ESX-N26"), own="practice_manager"),
    May(
        by="operations_manager head_of_service qa_team",
        acts="escalation.acknowledge escalation.resolve",
        covers=("ESX-N23",),
    ),
    May(by="auditor practice_manager operations_manager safeguarding_manager", acts="obligation.meet"),
    May(by=TASKED, acts="duty.record", covers=("ESX-N20",)),
    May(by=f"{TIERS} cpa iro safeguarding_manager qa_team", acts="duty.skip", covers=("A-ESX-21",)),
    May(by=POSTS, acts=BOOKS),
    May(by="qa_team", acts="entry.withdraw"),
    May(by="qa_team planning_manager", acts="indicator.record indicator.compare", covers=("ESX-4.1",)),
    May(by="qa_team", acts=f"{CUSTODY} {OFFICE} {ROUND} round.draw"),
    May(by="head_of_service", acts="round.enquire"),
    May(
        by=f"qa_team ad_safeguarding dcs auditor action_owner worker {TIERS}",
        acts="texts.open",
        covers=("A-ALL-15", "ESX-N21"),
    ),
    May(by=REPORTING, acts="report.comment report.issue", covers=("ESX-3.5", "ESX-4.7", "ESX-5.1")),
    May(by="qa_team ad_safeguarding dcs", acts="report.read_named", covers=("A-ALL-15",)),
    May(by="dcs", acts="policy.adopt", covers=("A-ALL-11",)),
)
