"""Who may do what in Southwark, as its framework and the readings of it say."""

from tests.requirements.who_may.rows import BOOKS, BY_HAND, CLOCKS, CUSTODY, NOBODY, OFFICE, REGRADING, ROUND, May

POSTS = (
    "performance_team strategy_team qa_lead social_worker advanced_practitioner practice_group_lead head_of_service "
    "director executive_director lead_member reviewing_officer head_of_qa childrens_rights_officer "
    "complaints_manager service_management_team audit_learning_subgroup case_review_subgroup"
)
REPORTING = (
    "performance_team strategy_team qa_lead advanced_practitioner practice_group_lead head_of_service director "
    "executive_director reviewing_officer head_of_qa childrens_rights_officer complaints_manager"
)

ROWS = (
    May(by="performance_team", acts="audit.allocate", covers=("SOU-2", "SOU-23")),
    May(by="qa_lead", acts="audit.reassign", covers=("A-SOU-03", "SOU-1"), own="qa_lead"),
    May(by="worker", acts="audit.record_reflection", covers=("SOU-47",)),
    May(
        by="auditor",
        acts="audit.record_meeting audit.record_feedback audit.grade_section audit.submit",
        covers=("SOU-48", "SOU-49"),
    ),
    May(by="auditor", acts="audit.raise_safety_concern", covers=("SOU-59",)),
    May(by="moderator", acts="audit.moderate", covers=("A-SOU-06",)),
    May(
        by=NOBODY,
        acts=f"audit.allocate_moderator audit.sign_off round.approve {BY_HAND} {REGRADING} {CLOCKS}",
        covers=("SOU-57", "A-SOU-06"),
    ),
    May(
        by="auditor qa_lead",
        acts="audit.share audit.give_feedback audit.file action.set",
        covers=("SOU-33", "SOU-52", "SOU-53", "SOU-55"),
    ),
    May(by="qa_lead", acts="audit.close audit.void", covers=("SOU-1", "A-ALL-14"), own="qa_lead"),
    May(by="qa_lead", acts="audit.exempt", covers=("SOU-1", "SOU-51", "A-SOU-04"), own="qa_lead"),
    May(by="qa_lead", acts="audit.record_departure", covers=("A-ALL-08",)),
    May(by="auditor practice_group_lead qa_lead", acts="action.redate"),
    May(by="action_owner worker", acts="action.complete"),
    May(by="qa_lead", acts="action.confirm", covers=("SOU-67",), own="qa_lead"),
    May(by="director head_of_service practice_group_lead", acts="escalation.acknowledge", covers=("A-SOU-05",)),
    May(by="director head_of_service", acts="escalation.resolve", covers=("SOU-59",)),
    May(by="qa_lead", acts="obligation.meet", covers=("SOU-54",)),
    May(by="reviewing_officer social_worker advanced_practitioner", acts="dispute.raise", covers=("SOU-60",)),
    May(
        by="reviewing_officer social_worker advanced_practitioner practice_group_lead head_of_service",
        acts="dispute.escalate",
        covers=("SOU-60",),
    ),
    May(
        by="reviewing_officer practice_group_lead head_of_service director",
        acts="dispute.resolve",
        covers=("SOU-60",),
    ),
    May(by="head_of_service qa_lead", acts="sample.draw", covers=("SOU-3", "SOU-26")),
    May(by="head_of_service", acts="sample.discuss", covers=("SOU-3", "SOU-42")),
    May(by=POSTS, acts=BOOKS, covers=("SOU-9", "SOU-10")),
    May(by="performance_team", acts="entry.withdraw"),
    May(by="performance_team strategy_team qa_lead", acts="indicator.record indicator.compare", covers=("SOU-7",)),
    May(by="qa_lead", acts=f"{CUSTODY} {ROUND}"),
    May(by="head_of_service", acts="round.enquire"),
    May(by="performance_team qa_lead", acts="round.draw", covers=("SOU-2",)),
    May(by="qa_lead performance_team", acts=OFFICE),
    May(
        by="head_of_qa director auditor action_owner moderator worker qa_lead practice_group_lead head_of_service",
        acts="texts.open",
        covers=("A-ALL-15", "SOU-1"),
    ),
    May(
        by=REPORTING,
        acts="report.comment report.issue",
        covers=("SOU-1", "SOU-4", "SOU-6", "SOU-9", "SOU-10"),
    ),
    May(by="qa_lead head_of_qa director", acts="report.read_named", covers=("A-ALL-15",)),
    May(by="director", acts="policy.adopt", covers=("A-ALL-11",)),
)
