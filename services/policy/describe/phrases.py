"""The phrases in which a policy is told to a person: events as clauses, recipients by their titles, dates in words."""

from collections.abc import Iterable, Mapping

from services.policy.expressions import Addressee, Moment
from services.policy.model import LadderStep, ObligationRule, Policy

CLAUSES: Mapping[str, str] = {
    "audit.allocated": "the file is given to an auditor",
    "audit.reassigned": "another auditor takes the audit over",
    "audit.reflection_recorded": "the practitioner's reflection is recorded",
    "audit.meeting_recorded": "auditor and practitioner have met",
    "audit.feedback_recorded": "feedback of the child or the family is recorded",
    "audit.section_graded": "a section is graded",
    "audit.safety_concern_raised": "somebody says that the child may be unsafe",
    "audit.submitted": "the audit is returned",
    "audit.moderator_allocated": "the audit is given to a moderator",
    "audit.moderated": "the audit is moderated",
    "audit.signed_off": "the last comments are added",
    "audit.shared": "the audit is sent to the team",
    "audit.feedback_given": "the findings are talked through",
    "audit.filed": "the audit is placed on the child's record",
    "audit.closed": "the audit is closed",
    "audit.voided": "the audit is withdrawn",
    "audit.sampled": "the audit is drawn in a sample",
    "audit.reaudit_allocated": "a re-audit is given to an auditor",
    "audit.reaudit_completed": "the re-audit is returned",
    "audit.extra_completed": "a further file is returned",
    "audit.reaudit_withdrawn": "the re-audit is voided or exempted",
    "audit.extra_withdrawn": "a further file is voided or exempted",
    "audit.exempted": "the audit is exempted",
    "audit.child_left": "the child's case is closed or moved",
    "action.set": "an action is set",
    "action.redated": "a later date is agreed",
    "action.completed": "the action is completed",
    "action.confirmed": "the action is confirmed",
    "all actions confirmed": "every action that was set is confirmed",
    "obligation.met": "somebody records that it was done",
    "month.return_counted": "an audit of the month is returned",
    "sample.drawn": "a sample is drawn",
    "sample.discussed": "a sample is discussed",
    "round.scheduled": "a round has its place in the year",
    "round.planned": "the plan of the round is opened",
    "round.enquiries_added": "lines of enquiry are picked",
    "round.questions_agreed": "the questions of the round are agreed",
    "round.data_requested": "the data of the round are asked for",
    "round.data_received": "the data of the round have come",
    "round.approved": "the plan of the round is approved",
    "round.drawn": "the children of the round are drawn",
    "round.audit_counted": "an audit of the round counts",
    "round.audit_withdrawn": "an audit of the round is withdrawn",
    "round.dips_recorded": "children are dip sampled in the round",
    "trigger.starts": "the round starts",
    "trigger.ends": "the round ends",
    "trigger.until": "the data reach their last day",
    "dispute.raised": "a dispute about the planning is raised",
    "dispute.escalated": "the dispute goes up the chain",
    "dispute.resolved": "the dispute is settled",
    "entry.recorded": "an entry is added to a register",
    "entry.stepped": "a step of the entry is recorded",
    "duty.recorded": "somebody records that a duty was done",
    "indicator.recorded": "an indicator's value is recorded",
    "indicator.compared": "what an indicator is compared with is recorded",
    "duty.skipped": "a duty is skipped with its reason",
    "trigger": "it starts",
    "due": "it is due",
}
"""Events and other anchors as clauses, so that “when …”, “after …” and “before …” can stand before them."""

CALENDAR: Mapping[str, str] = {
    "month_end": "the last day of the month in which it starts",
    "next_month_end": "the last day of the month after the one in which it starts",
}

PERSON_TITLES: Mapping[str, str] = {
    "auditor": "the auditor",
    "moderator": "the moderator",
    "worker": "the allocated worker",
    "team": "the allocated team",
    "action_owner": "the owner of the action",
    "reviewer": "the child's reviewing officer or conference chair",
    "plan_lead": "the lead of the child's plan",
    "reauditor": "the auditor of the re-audit",
}


def plain(name: str) -> str:
    """A key of the file as words: for what has no phrase of its own."""
    return name.replace("_", " ").replace(".", " ")


def listed(words: Iterable[str], last: str = "and") -> str:
    """`a, b and c`; `nobody` for none."""
    held = list(words)
    if len(held) <= 1:
        return held[0] if held else "nobody"
    return f"{', '.join(held[:-1])} {last} {held[-1]}"


def clause(name: str) -> str:
    """What happens, as a clause."""
    return CLAUSES.get(name, plain(name))


def role_title(policy: Policy, role: str) -> str:
    """A role by the framework's own title, a person of the record by what they are in it."""
    if role in policy.roles:
        return policy.roles[role].title
    return PERSON_TITLES.get(role, plain(role))


def recipient(policy: Policy, addressee: Addressee) -> str:
    """Who is meant, in the framework's own titles."""
    if addressee.told:
        titles = {rule.name: rule.title for rule in policy.obligations}
        return f"everybody who was told of “{titles.get(addressee.told, addressee.told)}”"
    title = role_title(policy, addressee.role)
    if not addressee.link or addressee.role not in policy.roles:
        return title
    scope = policy.roles[addressee.role].scope
    if addressee.link == "over":
        return f"{title} over the {addressee.anchor}"
    return f"{title} of the {addressee.anchor}'s {scope}" if scope != "authority" else title


def moment(policy: Policy, rule: ObligationRule, when: Moment) -> str:
    """A date in words: `1 week before it is due`, `on the day on which it starts`."""
    anchor = _anchor(policy, rule, when.base)
    if when.base in CALENDAR:
        day = CALENDAR[when.base]
        return f"on {day}" if when.span is None else f"{when.span} {_side(when)} {day}"
    return f"on the day on which {anchor}" if when.span is None else f"{when.span} {_side(when)} {anchor}"


def _side(when: Moment) -> str:
    return "before" if when.sign < 0 else "after"


def _anchor(policy: Policy, rule: ObligationRule, base: str) -> str:
    steps = {step.name: step.title for step in rule.ladder}
    if base in steps:
        return f"“{steps[base]}” was for"
    if base.endswith(".due"):
        titles = {each.name: each.title for each in policy.obligations}
        name = base.removesuffix(".due")
        return f"“{titles.get(name, name)}” is due"
    return clause(base)


def step(policy: Policy, rule: ObligationRule, rung: LadderStep) -> str:
    """One rung of a ladder: what, when, and to whom."""
    kind = f"escalation at level {rung.level}" if rung.kind == "escalation" else rung.kind
    hour = {
        "notice": f" at {policy.calendar.notice_hour:%H:%M}",
        "lapse": " at 00:00",
        "at once": ", at once" if str(rung.on) == "trigger" else " at 00:00",
        "end of day": " at 23:59",
    }[rung.hour]
    again = ""
    if rung.repeat_hours is not None:
        again = f", again every {rung.repeat_hours} hours until acknowledged ({rung.at_most} times at most)"
    told = listed(recipient(policy, each) for each in rung.to)
    return f"{kind} “{rung.title}”, {moment(policy, rule, rung.on)}{hour}{again}, to {told}"


def value(held: object) -> str:
    """Any setting as text: for those that have no phrase of their own."""
    if held is None or held in ("", (), [], {}):
        return "none"
    match held:
        case bool():
            return "yes" if held else "no"
        case dict():
            return "; ".join(f"{plain(str(key))}: {value(each)}" for key, each in held.items())
        case list() | tuple():
            parts = any(isinstance(each, list | tuple | dict) for each in held)
            return (" | " if parts else ", ").join(value(each) for each in held)
        case str():
            return held.replace("_", " ")
        case _:
            return str(held)


def sentence(words: str) -> str:
    """The words with a capital in front."""
    return words[:1].upper() + words[1:]
