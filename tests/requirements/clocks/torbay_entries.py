"""What follows from an entry of a register in Torbay: who owes what by when, and who is told.

Days are counted as the framework and its readings say; an hour is England's.
"""

from tests.requirements.clocks.rows import Row

ROWS = (
    Row(
        "practice_week",
        covers=("TOR-100", "TOR-118", "TOR-120"),
        told=(
            (
                "2026-04-03 08:00 notice of practice_week_briefing: practice_week_members, deputy_director, "
                "head_of_safeguarding, head_of_business_support"
            ),
        ),
    ),
    Row(
        "practice_week, then findings",
        covers=("TOR-100", "TOR-118", "TOR-120"),
        told=(
            (
                "2026-04-03 08:00 notice of practice_week_briefing: practice_week_members, deputy_director, "
                "head_of_safeguarding, head_of_business_support"
            ),
        ),
    ),
    Row(
        "practice_week, then briefing_pack",
        covers=("TOR-100", "TOR-118", "TOR-120"),
        told=(
            (
                "2026-04-03 08:00 notice of practice_week_briefing: practice_week_members, deputy_director, "
                "head_of_safeguarding, head_of_business_support"
            ),
        ),
    ),
    Row(
        "practice_week_visit",
        covers=("TOR-101", "TOR-121"),
        told=("2026-04-08 08:00 notice of practice_week_pack: P-X",),
    ),
    Row(
        "service_scope, turned",
        covers=("TOR-1",),
        owed=("service_left_out by no day: qa_team",),
    ),
    Row(
        "observation",
        covers=("TOR-114",),
        owed=("observation_reviewed by no day: P-X",),
    ),
    Row(
        "observation, turned",
        covers=("TOR-19", "TOR-110", "TOR-114"),
        owed=(
            "observation_deep_dive by no day: qa_team",
            "observation_reviewed by no day: P-X",
        ),
        told=("2026-03-10 06:40 notice of observation_deep_dive: qa_team",),
    ),
    Row(
        "observation, turned, then reviewed",
        covers=("TOR-19", "TOR-110"),
        owed=("observation_deep_dive by no day: qa_team",),
        told=("2026-03-10 06:40 notice of observation_deep_dive: qa_team",),
    ),
    Row(
        "observation, turned, then deep_dive_done",
        covers=("TOR-19", "TOR-110"),
        told=("2026-03-10 06:40 notice of observation_deep_dive: qa_team",),
    ),
    Row(
        "plan_rating",
        covers=("TOR-116",),
        owed=("plan_rating_shared by no day: P-X",),
    ),
    Row(
        "plan_rating, then shared, not with the worker",
        covers=("TOR-116",),
        owed=("plan_rating_shared by no day: P-X",),
    ),
    Row(
        "plan_rating, then shared, not with the manager",
        covers=("TOR-116",),
        owed=("plan_rating_shared by no day: P-X",),
    ),
    Row(
        "plan_rating, turned",
        covers=("TOR-116",),
        owed=("plan_rating_shared by no day: P-X",),
    ),
    Row(
        "plan_rating, turned, then shared, not with the worker",
        covers=("TOR-116",),
        owed=("plan_rating_shared by no day: P-X",),
    ),
    Row(
        "plan_rating, turned, then shared, not with the manager",
        covers=("TOR-116",),
        owed=("plan_rating_shared by no day: P-X",),
    ),
    Row(
        "service_performance_review, then held",
        covers=("TOR-108", "TOR-148"),
        owed=(
            "service_action_plan by no day: head_of_service",
            "service_review_challenged by no day: cscslt",
        ),
    ),
    Row(
        "service_performance_review, then challenged",
        covers=("TOR-108",),
        owed=("service_action_plan by no day: head_of_service",),
    ),
    Row(
        "provider_check, then immediate_visit",
        covers=("TOR-99",),
        told=("2026-03-12 06:40 notice of provider_outcome: director",),
    ),
    Row(
        "provider_check, then oversight",
        covers=("TOR-99",),
        told=("2026-03-12 06:40 notice of provider_outcome: director",),
    ),
    Row(
        "provider_check, then move_considered",
        covers=("TOR-99",),
        told=("2026-03-12 06:40 notice of provider_outcome: director",),
    ),
    Row(
        "provider_check, turned",
        covers=("TOR-99",),
        owed=(
            "provider_action_plan by no day: P-X",
            "provider_move by no day: head_of_service",
            "provider_oversight by no day: head_of_service",
            "provider_visit by 2026-03-10: P-SW",
        ),
    ),
    Row(
        "provider_check, turned, then action_plan_sought",
        covers=("TOR-99",),
        owed=(
            "provider_move by no day: head_of_service",
            "provider_oversight by no day: head_of_service",
            "provider_visit by 2026-03-10: P-SW",
        ),
    ),
    Row(
        "provider_check, turned, then immediate_visit",
        covers=("TOR-99",),
        owed=(
            "provider_move by no day: head_of_service",
            "provider_oversight by no day: head_of_service",
        ),
        told=("2026-03-12 06:40 notice of provider_outcome: director",),
    ),
    Row(
        "provider_check, turned, then oversight",
        covers=("TOR-99",),
        owed=("provider_move by no day: head_of_service",),
        told=("2026-03-12 06:40 notice of provider_outcome: director",),
    ),
    Row(
        "provider_check, turned, then move_considered",
        covers=("TOR-99",),
        told=("2026-03-12 06:40 notice of provider_outcome: director",),
    ),
    Row(
        "learning_point",
        covers=("TOR-8", "TOR-107"),
        owed=(
            "learning_agreed by no day: head_of_learning_academy",
            "practice_changed by no day: head_of_learning_academy",
        ),
    ),
    Row(
        "learning_point, then agreed",
        covers=("TOR-8", "TOR-107"),
        owed=(
            "learning_agreed by no day: head_of_learning_academy",
            "practice_changed by no day: head_of_learning_academy",
        ),
    ),
    Row(
        "learning_point, then disseminated",
        covers=("TOR-8", "TOR-107"),
        owed=(
            "learning_agreed by no day: head_of_learning_academy",
            "practice_changed by no day: head_of_learning_academy",
        ),
    ),
    Row(
        "learning_point, then fed_into",
        covers=("TOR-8", "TOR-107"),
        owed=(
            "learning_agreed by no day: head_of_learning_academy",
            "practice_changed by no day: head_of_learning_academy",
        ),
    ),
    Row(
        "learning_point, then practice_changed",
        covers=("TOR-8",),
        owed=("learning_agreed by no day: head_of_learning_academy",),
    ),
    Row(
        "learning_campaign",
        covers=("TOR-9", "TOR-162"),
        owed=("campaign_impact by no day: P-X",),
    ),
)
