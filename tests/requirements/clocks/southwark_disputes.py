"""What follows in Southwark when the planning for a child is disputed: who is to settle it, and who is told.

It goes up one tier at a time, without any limit of time, and a matter of safety goes past all of them.
"""

from tests.requirements.clocks.rows import Row

AT_WORKER = ("2026-03-02 06:40 notice of dispute_at_worker: social_worker",)
AT_LEAD = (*AT_WORKER, "2026-03-03 06:40 escalation at level 1 of dispute_at_group_lead: practice_group_lead")
AT_HEAD = (*AT_LEAD, "2026-03-04 06:40 escalation at level 2 of dispute_at_head_of_service: head_of_service")
AT_DIRECTOR = (*AT_HEAD, "2026-03-05 06:40 escalation at level 3 of dispute_at_director: director")
OF_SAFETY = "escalation at level 3 of dispute_of_safety: director"

ROWS = (
    Row("raised", covers=("SOU-60",), owed=("dispute_at_worker by no day: social_worker",), told=AT_WORKER),
    Row("settled by the worker", covers=("SOU-60",), told=AT_WORKER),
    Row(
        "to the group's lead",
        covers=("SOU-60",),
        owed=("dispute_at_group_lead by no day: practice_group_lead",),
        told=AT_LEAD,
    ),
    Row(
        "to the head of service",
        covers=("SOU-60",),
        owed=("dispute_at_head_of_service by no day: head_of_service",),
        told=AT_HEAD,
    ),
    Row("to the director", covers=("SOU-60",), owed=("dispute_at_director by no day: director",), told=AT_DIRECTOR),
    Row("settled by the director", covers=("SOU-60",), told=AT_DIRECTOR),
    # Every hour until somebody has it in hand, as of every fear for a child.
    Row(
        "of safety",
        covers=("SOU-61",),
        owed=("dispute_of_safety by no day: director",),
        told=(f"2026-03-02 06:40 {OF_SAFETY}, 24 times to 2026-03-03 05:40",),
    ),
    Row(
        "of safety, settled", covers=("SOU-61",), told=(f"2026-03-02 06:40 {OF_SAFETY}, 14 times to 2026-03-02 19:40",)
    ),
    Row(
        "of safety, as it turns out",
        covers=("SOU-61",),
        owed=("dispute_of_safety by no day: director",),
        told=(*AT_WORKER, f"2026-03-03 06:40 {OF_SAFETY}, 24 times to 2026-03-04 05:40"),
    ),
)
