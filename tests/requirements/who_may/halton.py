"""Who may do what in Halton, as its framework and the readings of it say."""

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
    "qa_team qa_manager qa_principal_manager audit_lead practitioner practice_lead irm service_manager "
    "principal_manager divisional_manager director_operational_safeguarding iro cp_chair senior_leadership_team"
)
REPORTING = (
    "qa_team qa_manager qa_principal_manager audit_lead practice_lead principal_manager divisional_manager "
    "director_operational_safeguarding irm iro cp_chair service_manager"
)

ROWS = (
    May(
        by="qa_team",
        acts="audit.allocate audit.reassign audit.allocate_moderator audit.share audit.file",
        covers=("HAL-4", "HAL-22", "HAL-47", "HAL-52"),
    ),
    May(by="worker", acts="audit.record_reflection", covers=("HAL-9", "HAL-42")),
    May(
        by="auditor",
        acts="audit.record_meeting audit.record_feedback audit.submit",
        covers=("HAL-15", "HAL-45"),
    ),
    May(by="auditor worker", acts="audit.grade_section", covers=("HAL-26",)),
    May(
        by="auditor moderator worker practice_lead qa_team",
        acts="audit.raise_safety_concern",
        covers=("HAL-64", "HAL-65"),
    ),
    May(by="moderator", acts="audit.moderate", covers=("HAL-2",)),
    May(by="qa_principal_manager", acts="audit.sign_off", covers=("HAL-5", "HAL-56")),
    May(by="auditor moderator qa_team", acts="audit.give_feedback action.set", covers=("HAL-46", "HAL-55")),
    May(by="qa_team qa_principal_manager", acts="audit.close"),
    May(by="qa_team", acts="audit.void audit.record_departure", covers=("A-ALL-08", "A-ALL-14")),
    May(
        by="auditor practice_lead principal_manager divisional_manager qa_team",
        acts="action.redate",
        covers=("HAL-67",),
    ),
    May(by="action_owner worker practice_lead", acts="action.complete", covers=("HAL-9", "HAL-50")),
    May(
        by="divisional_manager",
        acts="action.confirm",
        covers=("HAL-7", "HAL-60", "HAL-62"),
        own="divisional_manager",
    ),
    May(
        by="divisional_manager director_operational_safeguarding qa_team",
        acts="escalation.acknowledge escalation.resolve",
        covers=("HAL-58", "HAL-59"),
    ),
    May(by="divisional_manager qa_manager qa_team", acts="obligation.meet", covers=("HAL-6", "HAL-69")),
    May(by="qa_team", acts="sample.draw sample.discuss"),
    May(by=NOBODY, acts=f"audit.exempt round.approve {BY_HAND} {DISPUTES} {REGRADING} {CLOCKS}"),
    May(by=POSTS, acts=BOOKS, covers=("HAL-13", "HAL-65")),
    May(by="qa_team", acts="entry.withdraw"),
    May(by="qa_team qa_manager", acts="indicator.record indicator.compare"),
    May(by="qa_team", acts=f"{CUSTODY} {OFFICE} {ROUND} round.draw"),
    May(by="divisional_manager", acts="round.enquire"),
    May(
        by="qa_team qa_manager qa_principal_manager director_operational_safeguarding auditor action_owner moderator "
        "worker practice_lead principal_manager divisional_manager",
        acts="texts.open",
        covers=("A-ALL-15", "HAL-60"),
    ),
    May(by=REPORTING, acts="report.comment report.issue", covers=("HAL-6", "HAL-12", "HAL-87")),
    May(
        by="qa_team qa_manager director_operational_safeguarding",
        acts="report.read_named",
        covers=("A-ALL-15",),
    ),
    May(by="director_operational_safeguarding", acts="policy.adopt", covers=("A-ALL-11",)),
)
