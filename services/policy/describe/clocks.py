"""A clock in words: what starts it, who owes what by when, what meets it, and who is told on the way."""

from collections.abc import Iterator

from services.policy.describe.moments import clause, moment
from services.policy.describe.posts import recipient, role_title
from services.policy.describe.statement import Statement
from services.policy.describe.wording import listed, plain, sentence, value
from services.policy.ladders import LadderStep
from services.policy.model import ObligationRule, Policy, Trigger

HOURS_IN_WORDS = (
    "On the day on which a clock starts, a step whose hour has passed goes at once; "
    "what would have been for an earlier day is told to nobody, and that is recorded"
)
"""What holds of the steps of every clock."""


def clocks(policy: Policy) -> Iterator[Statement]:
    """Every clock, part by part, under its title."""
    yield Statement("Clocks and ladders", ("obligations",), "", HOURS_IN_WORDS)
    for rule in policy.obligations:
        for part, words in clock_in_words(policy, rule):
            yield Statement("Clocks and ladders", ("obligations", rule.name, part), rule.title, words)


def clock_in_words(policy: Policy, rule: ObligationRule) -> Iterator[tuple[str, str]]:
    """Each part of a clock with its words."""
    yield "title", f"Called “{rule.title}”"
    yield "trigger", f"Starts when {_start(rule.trigger)}{_life(rule)}"
    owners = listed(recipient(policy, each) for each in (rule.owner, *rule.jointly))
    yield "owner", f"Owed by {owners}{' for each action' if rule.per == 'action' else ''}"
    yield "due", _due(policy, rule)
    yield "met_by", _met(policy, rule)
    for rung in rule.ladder:
        yield f"ladder.{rung.name}", sentence(step_in_words(policy, rule, rung))
    if not rule.ladder:
        yield "ladder", "Nobody is told or chased"
    yield "source", f"From {', '.join(rule.source)}"


def _start(trigger: Trigger) -> str:
    words = listed((clause(event) for event in trigger.events), "or")
    for knob, phrase in (
        ("grade", "the overall grade is then “{}”"),
        ("was", "it was “{}” before"),
        ("was_not", "it was not “{}” before"),
        ("stage", "the action is of the stage “{}”"),
    ):
        if (held := getattr(trigger, knob)) is not None:
            words += f", if {phrase.format(plain(held))}"
    if trigger.audit_types:
        words += f", for audits of type {listed(trigger.audit_types, 'or')}"
    words += "".join(f", if its {plain(name)} is {value(held)}" for name, held in trigger.when.items())
    words += "".join(f", once {clause(event)}" for event in trigger.given)
    words += "".join(f", unless {clause(event)} before" for event in trigger.unless)
    return words + {"first": "", "restart": "; anew each time", "each": "; each time one more"}[trigger.repeat]


def _life(rule: ObligationRule) -> str:
    stays = ""
    if rule.while_grade:
        stays = f"; it lives while the overall grade stays “{plain(rule.while_grade)}”, and anew if it comes back"
    return stays + ("; a later date agreed for an action stops its clock" if rule.paused_by_agreed_date else "")


def _due(policy: Policy, rule: ObligationRule) -> str:
    if rule.due is None:
        return "By the date that the action carries" if rule.per == "action" else "The framework gives no date"
    words = f"{'On' if rule.kind == 'at' else 'By'} this day: {moment(policy, rule, rule.due)}"
    if rule.if_past:
        words += f"; if that has passed when it starts, {moment(policy, rule, rule.if_past)}"
    if rule.early_window:
        words += f"; what is done more than {rule.early_window} before does not count"
    return words


def _met(policy: Policy, rule: ObligationRule) -> str:
    if not rule.met_by:
        return "Nothing is owed beyond the notice"
    words = f"Done when {listed((clause(each) for each in rule.met_by), 'and' if rule.met_all else 'or')}"
    if rule.met_sum:
        return f"{words}, whenever it is, until they add up to {rule.met_count}"
    if rule.met_count > 1:
        words += f", {rule.met_count} times"
    words += "".join(f", if its {plain(name)} is {value(held)}" for name, held in rule.met_when.items())
    words += "".join(f", with the {plain(name)} {listed(map(plain, each))}" for name, each in rule.met_each.items())
    if rule.met_earlier:
        words += ", also before it starts"
    if rule.actions_first:
        words += ", once no action is open"
    if rule.with_reaudits:
        words += ", for this audit and for all before and after it in a line of re-audits"
    if rule.met_by_roles:
        words += f", by {listed(role_title(policy, role) for role in rule.met_by_roles)} each"
    return words


def step_in_words(policy: Policy, rule: ObligationRule, rung: LadderStep) -> str:
    """A rung with its hour and whom it tells: `reminder “Due soon”, 1 week before it is due at 08:00, to …`."""
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
