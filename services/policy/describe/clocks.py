"""A clock in words: what starts it, who owes what by when, what meets it, and who is told on the way."""

from collections.abc import Iterator, Mapping

from services.policy.describe.moments import clause, moment
from services.policy.describe.posts import recipient, role_title
from services.policy.describe.statement import Statement
from services.policy.describe.wording import article, listed, plain, sentence
from services.policy.expressions import Moment
from services.policy.hours import by_clock
from services.policy.ladders import LadderStep
from services.policy.model import ObligationRule, Policy, Trigger, Until
from services.policy.reach import by_audit, kinds_of_rule
from services.policy.round_checks import PLACE, fields_of
from services.policy.rules import placed
from services.policy.value_checks import questions_of_rule, register_of

ROLLED = {
    "none": "a date on a weekend or bank holiday stays where it falls",
    "next": "a date on a weekend or bank holiday moves to the next working day",
    "previous": "a date on a weekend or bank holiday moves to the working day before",
}
"""Where a date goes that falls on a day without work."""

HOURS_IN_WORDS = (
    "On the day on which a clock starts, a step whose hour has passed goes at once; "
    "what would have been for an earlier day is told to nobody, and that is recorded"
)
"""What holds of the steps of every clock."""

RETURN = "The audit and its return"
MODERATION = "Moderation"
FINDINGS = "What a finding leads to"
ACTIONS = "Actions"
AGAIN = "Auditing again"
AFTER = "After the audit"
OF_AUDITS = (RETURN, MODERATION, FINDINGS, ACTIONS, AGAIN, AFTER)
"""The stages of an audit in their order, each with a chapter of its own."""

BY_STEPS = frozenset({"audit.sampled", "audit.moderator_allocated", "audit.moderated"})
"""What moderation begins or ends with."""


def clocks(policy: Policy) -> Iterator[Statement]:
    """Every clock, part by part, under its title: those of audits by the stages of the work, then all others."""
    told = [(chapter_of(rule), str(at[0]), rule) for at, rule in placed(policy)]
    for chapter in dict.fromkeys((*OF_AUDITS, *(chapter for chapter, _, _ in told))):
        for key, rule in ((key, rule) for of, key, rule in told if of == chapter):
            for part, words in clock_in_words(policy, rule):
                yield Statement(chapter, (key, rule.name, part), rule.title, words)


def chapter_of(rule: ObligationRule) -> str:
    """The chapter that a clock belongs to, by what starts and what meets it."""
    kinds = kinds_of_rule(rule)
    return _stage(rule) if "audit" in kinds else chapter_of_kind(min(kinds, default="record"))


def chapter_of_kind(kind: str) -> str:
    """The chapter of clocks that start on a kind of record beside the audits."""
    return f"What {article(kind)} leads to"


def _stage(rule: ObligationRule) -> str:
    started, met = set(rule.trigger.events), set(rule.met_by)
    if rule.per == "action" or "all actions confirmed" in met or any(each.startswith("action.") for each in met):
        return ACTIONS
    if any("reaudit" in each or "extra" in each for each in started | met):
        return AGAIN
    graded = rule.trigger.grade or rule.trigger.was or rule.while_grade
    moderates = bool(met & BY_STEPS) or started <= BY_STEPS
    if graded or (rule.trigger.when and not moderates) or "audit.safety_concern_raised" in started:
        return FINDINGS
    if moderates:
        return MODERATION
    return RETURN if "audit.allocated" in started or "audit.submitted" in met else AFTER


def clock_in_words(policy: Policy, rule: ObligationRule) -> Iterator[tuple[str, str]]:
    """Each part of a clock with its words; nothing of what it is silent about."""
    yield "title", f"Called “{rule.title}”"
    if rule.owner is None:
        yield from _alert(policy, rule)
        return
    yield "trigger", f"Starts {_start(policy, rule)}{_life(rule)}"
    owners = listed(recipient(policy, each) for each in rule.owners)
    yield "owner", f"Owed{' for each action' if rule.per == 'action' else ''} by {owners}"
    yield "due", _due(policy, rule)
    if rule.met_by:
        yield "met_by", _met(policy, rule)
    if rule.again_every:
        words = "Each time that it is done it is owed again, by the next of the days that lie"
        yield "again_every", f"{words} {rule.again_every} apart, counted from its first last day"
    if rule.until:
        yield "until", _until(policy, rule, rule.until)
    for rung in rule.ladder:
        yield f"ladder.{rung.name}", sentence(step_in_words(policy, rule, rung))
    yield "source", f"From {', '.join(rule.source)}"


def _alert(policy: Policy, rule: ObligationRule) -> Iterator[tuple[str, str]]:
    """Whom each step of an alert tells, and when: `Director is told when an audit closes: notice, at once: “Now”`."""
    start = f"{_start(policy, rule)}{', for each action' if rule.per == 'action' else ''}"
    for rung in rule.ladder:
        told = listed(recipient(policy, each) for each in rung.to)
        verb = "is told" if len(rung.to) == 1 else "are told"
        how = f"{_kind(rung)}{_when(policy, rule, rung)}{_again(rung)}"
        yield f"ladder.{rung.name}", sentence(f"{told} {verb} {start}: {how}: “{_title(rung)}”")
    if rule.while_grade:
        left = f"when the overall grade leaves “{plain(rule.while_grade)}”, and starts again with that grade"
        yield "while_grade", f"What is still to be told falls away {left}"
    if rule.through_closures:
        yield "through_closures", "The days on which the authority is closed count as working days for it"
    yield "source", f"From {', '.join(rule.source)}"


def _start(policy: Policy, rule: ObligationRule) -> str:
    trigger = rule.trigger
    all_of_them = trigger.repeat == "first" and set(trigger.events) == {*trigger.given}
    words = listed(
        (_happens(policy, rule, event, trigger.when) for event in trigger.events), "and" if all_of_them else "or"
    )
    words += _graded(trigger)
    if trigger.stage:
        words += f", for actions of the {trigger.stage}"
    if trigger.audit_types:
        words += f", for audits of type {listed(trigger.audit_types, 'or')}"
    words += _if(policy, rule, trigger.when)
    words += "".join(f", once {clause(event)}" for event in trigger.given if not all_of_them)
    words += "".join(f", unless {clause(event)} before" for event in trigger.unless)
    when = "once" if all_of_them else {"first": "when", "restart": "when", "each": "each time"}[trigger.repeat]
    return f"{when} {words}{', and anew each time' if trigger.repeat == 'restart' else ''}"


def _happens(policy: Policy, rule: ObligationRule, event: str, when: Mapping[str, object]) -> str:
    """An event as a clause; of an entry, the register and the step by their titles."""
    register = register_of(policy, rule)
    if register is None:
        return clause(event)
    if event == "entry.recorded":
        return f"an entry is added to “{register.title}”"
    step = register.step(str(when.get("step")))
    return f"the step “{step.title}” is recorded" if event == "entry.stepped" and step else clause(event)


def _graded(trigger: Trigger) -> str:
    words = f" with an overall grade of “{plain(trigger.grade)}”" if trigger.grade else ""
    before = [f"was “{plain(trigger.was)}” before"] if trigger.was else []
    before += [f"was not “{plain(trigger.was_not)}” before"] if trigger.was_not else []
    return words + (f"{' that' if words else ', where the grade'} {' and '.join(before)}" if before else "")


def _if(policy: Policy, rule: ObligationRule, asked: Mapping[str, object]) -> str:
    """What fields and answers must say; a register and its step are told where they happen."""
    register = register_of(policy, rule)
    events = (*rule.trigger.events, *rule.met_by, *(rule.until.events if rule.until else ()))
    spoken = {"kind", "step"} if register else set()
    questions = {each.name: each.title for event in events for each in questions_of_rule(policy, rule, event)}
    fields = {name for event in events for name in fields_of(event)}
    return "".join(
        f", if {_says(policy, name, held, '' if name in fields else questions.get(name, ''))}"
        for name, held in asked.items()
        if name not in spoken
    )


def _says(policy: Policy, name: str, held: object, asked: str) -> str:
    """What one field, or the answer to what is `asked`, must be."""
    titles: dict[str, str] = {}
    match name:
        case "obligation":
            titles = {rule.name: rule.title for rule in policy.obligations}
        case "duty":
            titles = {task.name: task.title for task in policy.duties}
        case "tier":
            titles = {role: each.title for role, each in policy.roles.items()}
    if name == "every" and not asked:
        return f"it is counted by the {held}"
    what = f"“{asked}” is answered" if asked else f"its {plain(name)} is"
    match held:
        case True:
            return f"{what} yes" if asked else f"it is marked “{plain(name)}”"
        case False:
            return f"{what} no" if asked else f"it is not marked “{plain(name)}”"
        case None:
            return f"it names no {plain(name)}"
        case _:
            return f"{what} “{titles.get(str(held), plain(str(held)))}”"


def _life(rule: ObligationRule) -> str:
    stays = ""
    if rule.while_grade:
        stays = (
            f"; it lasts while the overall grade stays “{plain(rule.while_grade)}”, and starts again with that grade"
        )
    if rule.stops_for:
        grounds = listed((f"“{each}”" for each in rule.stops_for), "or")
        stays += f"; it stands still on the ground of {grounds}, and goes on the next working day after"
    return stays + ("; a later date agreed for an action stops it until that day" if rule.paused_by_agreed_date else "")


def _due(policy: Policy, rule: ObligationRule) -> str:
    if rule.due is None:
        return "Due by the date that the action carries" if rule.per == "action" else "No date is stated"
    words = moment(policy, rule, rule.due)
    words = f"Due {words}" if rule.kind == "within" else f"To be done that very day: {words}"
    if rule.by_clock:
        words += ", to the hour, whatever the day"
    if rule.if_past:
        words += f"; if that has passed when it starts, {moment(policy, rule, rule.if_past)}"
    if rule.roll_non_working:
        words += f"; {ROLLED[rule.roll_non_working]}"
    if rule.through_closures:
        words += "; the days on which the authority is closed count as working days for it"
    if rule.early_window:
        words += f"; what is done more than {rule.early_window} before does not count"
    return words


def _met(policy: Policy, rule: ObligationRule) -> str:
    happens = (_happens(policy, rule, each, rule.met_when) for each in rule.met_by)
    words = f"Done when {listed(happens, 'and' if rule.met_all else 'or')}"
    if rule.met_sum:
        return f"{words}, whenever it is, until the {plain(rule.met_sum)} adds up to {rule.met_count}"
    if rule.met_count > 1:
        words += f", {rule.met_count} times"
    words += _if(policy, rule, rule.met_when) + _which(rule)
    words += "".join(
        f", once for each {plain(name)}: {listed(map(plain, each))}" for name, each in rule.met_each.items()
    )
    if rule.met_earlier:
        words += ", also before it starts"
    if rule.actions_first:
        words += ", once no action is open"
    if rule.with_reaudits:
        words += ", for this audit and for all before and after it in a line of re-audits"
    if rule.met_by_roles:
        words += f", by {listed(role_title(policy, role) for role in rule.met_by_roles)}"
        words += " each" if len(rule.met_by_roles) > 1 else ""
    return words


def _until(policy: Policy, rule: ObligationRule, until: Until) -> str:
    happens = listed((_happens(policy, rule, each, until.when) for each in until.events), "or")
    often = f", for the {_ordinal(until.count)} time" if until.count > 1 else ""
    happens += f", with a grade of “{plain(until.grade)}”" if until.grade else ""
    return f"Owed no more, although nobody did it, once {happens}{_if(policy, rule, until.when)}{_which(rule)}{often}"


def _which(rule: ObligationRule) -> str:
    """Of which audit of a month it is said, where each owes its own."""
    return ", for that audit" if by_audit(rule) else ""


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def step_in_words(policy: Policy, rule: ObligationRule, rung: LadderStep) -> str:
    """A rung with whom it tells and when: `reminder to the auditor 1 week before it is due, at 08:00: “Due soon”`."""
    told = listed(recipient(policy, each) for each in rung.to)
    return f"{_kind(rung)} to {told}{_when(policy, rule, rung)}{_again(rung)}: “{_title(rung)}”"


def _kind(rung: LadderStep) -> str:
    return f"escalation at level {rung.level}" if rung.kind == "escalation" else rung.kind


def _again(rung: LadderStep) -> str:
    if rung.repeat_hours is None:
        return ""
    hours = "hour" if rung.repeat_hours == 1 else f"{rung.repeat_hours} hours"
    return f", again every {hours} until acknowledged ({rung.at_most} times at most)"


def _title(rung: LadderStep) -> str:
    return PLACE.sub(r"[\1]", rung.title)


def _when(policy: Policy, rule: ObligationRule, rung: LadderStep) -> str:
    if rung.hour == "at once" and str(rung.on) == "trigger":
        return ", at once"
    if by_clock(policy, rule, rung.on):
        return f" {_instant(policy, rule, rung.on)}"
    return f" {moment(policy, rule, rung.on)}, at {rung.goes_at(policy.calendar.notice_hour):%H:%M}"


def _instant(policy: Policy, rule: ObligationRule, when: Moment) -> str:
    """An instant in words: so many hours from another, or that one itself."""
    if when.span is not None:
        return moment(policy, rule, when)
    steps = {step.name: step.title for step in rule.ladder}
    return f"together with “{steps[when.base]}”" if when.base in steps else f"the moment that {clause(when.base)}"
