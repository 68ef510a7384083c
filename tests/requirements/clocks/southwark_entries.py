"""What follows from an entry of a register in Southwark: who owes what by when, and who is told.

Days are counted as the framework and its readings say; an hour is England's.
"""

from tests.requirements.clocks.rows import Row

ROWS = (
    Row(
        "practice_observation, turned",
        covers=("SOU-16", "SOU-74"),
        owed=("scheduled_observation by 2026-04-10: P-X",),
    ),
    Row(
        "multi_agency_audit",
        covers=("SOU-70",),
        owed=("agency_actions by no day: audit_learning_subgroup",),
    ),
    Row(
        "multi_agency_audit, then passed_to_agency",
        covers=("SOU-70",),
        owed=("agency_actions by no day: audit_learning_subgroup",),
    ),
    Row(
        "case_review",
        covers=("SOU-78", "SOU-79"),
        owed=(
            "case_review_learning by no day: case_review_subgroup",
            "case_review_report by no day: case_review_subgroup",
        ),
    ),
    Row(
        "case_review, then independent_review",
        covers=("SOU-78", "SOU-79"),
        owed=(
            "case_review_learning by no day: case_review_subgroup",
            "case_review_report by no day: case_review_subgroup",
        ),
    ),
    Row(
        "case_review, then reported",
        covers=("SOU-78",),
        owed=("case_review_learning by no day: case_review_subgroup",),
    ),
    Row(
        "case_review, then monitored",
        covers=("SOU-78",),
        owed=("case_review_learning by no day: case_review_subgroup",),
    ),
    Row(
        "complaint",
        covers=("SOU-62", "SOU-10"),
        owed=("complaint_into_plan by no day: complaints_manager",),
        told=("2026-03-10 06:40 notice of urgent_complaint: practice_group_lead",),
    ),
    Row(
        "complaint, then into_service_plan",
        covers=("SOU-10", "SOU-62"),
        told=("2026-03-10 06:40 notice of urgent_complaint: practice_group_lead",),
    ),
    Row(
        "performance_meeting",
        covers=("SOU-43", "SOU-90", "SOU-99"),
        owed=("quarterly_findings by 2026-04-10: director",),
    ),
    Row(
        "performance_meeting, then findings_presented",
        covers=("SOU-90",),
        told=("2026-03-11 06:40 notice of findings_onward: executive_director, lead_member",),
    ),
    Row(
        "service_plan",
        covers=("SOU-8", "SOU-69", "SOU-68", "A-SOU-19"),
        owed=(
            "service_action_plan by no day: service_management_team",
            "strategic_plan by no day: strategy_team",
        ),
    ),
    Row(
        "service_plan, then implemented",
        covers=("SOU-68", "A-SOU-19"),
        owed=("strategic_plan by no day: strategy_team",),
    ),
    Row(
        "service_plan, turned",
        covers=("SOU-8", "SOU-69"),
        owed=("service_action_plan by no day: service_management_team",),
    ),
    Row(
        "went_wrong",
        covers=("SOU-114",),
        owed=("management_response by no day: practice_group_lead",),
    ),
)
