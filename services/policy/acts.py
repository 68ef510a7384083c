"""The acts that a policy gives to roles: one for each command (a test compares this list with the commands)."""

ACTS = frozenset(
    {
        "audit.allocate",
        "audit.reassign",
        "audit.record_reflection",
        "audit.record_meeting",
        "audit.record_feedback",
        "audit.grade_section",
        "audit.raise_safety_concern",
        "audit.submit",
        "audit.allocate_moderator",
        "audit.moderate",
        "audit.sign_off",
        "audit.share",
        "audit.give_feedback",
        "audit.file",
        "audit.close",
        "audit.void",
        "action.set",
        "action.redate",
        "action.complete",
        "action.confirm",
        "escalation.acknowledge",
        "escalation.resolve",
        "obligation.meet",
        "unit.place",
        "person.appoint",
        "person.move",
        "person.leave",
    }
)
