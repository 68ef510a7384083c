"""Combinations of a rule's knobs that nothing could honour: each is refused by name, so that none is passed over."""

from collections.abc import Iterator, Sequence

from services.policy.hours import by_clock, from_an_instant
from services.policy.key_path import KeyPath
from services.policy.known import Known
from services.policy.ladders import LadderStep
from services.policy.model import ObligationRule, Policy
from services.policy.reach import acts_of, follows, kinds_of, kinds_of_rule, unreachable
from services.policy.round_checks import fields_of
from services.policy.rules import of_reports, placed, written

Problem = tuple[KeyPath, str]
CONFIRMED = "all actions confirmed"
NO_CAUSE = "is what follows from the rules: no clock starts or ends by it"
GRADED = ("grade", "was", "was_not", "audit_types")


def problems_of_knobs(policy: Policy, known: Known) -> Iterator[Problem]:
    """Each setting without effect, and each rule that could never start, be met or fire; nothing for sound rules."""
    for at, rule in placed(policy):
        yield from ((((*at, *key)), what) for key, what in _of_action(rule))
        yield from ((((*at, *key)), what) for key, what in _of_meeting(rule))
        yield from ((((*at, *key)), what) for key, what in _of_dates(policy, rule))
        yield from ((((*at, *key)), what) for key, what in _of_ladder(rule, known))
        yield from ((((*at, *key)), what) for key, what in _of_reach(policy, rule))
    for at, rule in of_reports(policy):
        yield from ((((*at, *key)), what) for key, what in _of_dates(policy, rule))
        yield from ((((*at, *key)), what) for key, what in _of_ladder(rule, known))


def _of_action(rule: ObligationRule) -> Iterator[Problem]:
    if rule.per != "action":
        return
    if rule.trigger.repeat != "first":
        yield (
            ("trigger", "repeat"),
            "each action has its own clock, anew with each date agreed: leave `repeat` out",
        )
    if rule.while_grade:
        yield ("while_grade",), "an action's clock goes on whatever the grade becomes: ask for it in `trigger.grade`"
    if rule.paused_by_agreed_date:
        yield ("paused_by_agreed_date",), "a later date starts an action's clock anew, so that it cannot pause it"


def _of_meeting(rule: ObligationRule) -> Iterator[Problem]:
    how = {"met_all": rule.met_all, "met_by_roles": rule.met_by_roles, "met_when": rule.met_when}
    how |= {"met_each": rule.met_each, "met_earlier": rule.met_earlier}
    if not rule.met_by:
        how |= {"met_sum": rule.met_sum, "met_count": rule.met_count > 1}
    if rule.met_sum or not rule.met_by:
        why = "numbers are added up whoever did it and whenever" if rule.met_sum else "without `met_by` nothing is met"
        yield from (((knob,), f"{why}: leave `{knob}` out") for knob, held in how.items() if held)
    if rule.met_sum and rule.early_window:
        yield ("early_window",), "numbers are added up whenever they come: leave `early_window` out"
    if len(rule.met_by) > 1 and not rule.met_all:
        for knob in ("met_by_roles", "met_each"):
            if getattr(rule, knob):
                yield (knob,), "with several events say `met_all: true`: each of them is then asked for, each time"
    if CONFIRMED in rule.met_by:
        for knob in ("met_when", "met_each", "met_by_roles"):
            if getattr(rule, knob):
                yield (knob,), f"`{CONFIRMED}` is a state of the actions and says nothing of the kind"


def _of_dates(policy: Policy, rule: ObligationRule) -> Iterator[Problem]:
    if rule.if_past and not rule.due:
        yield ("if_past",), "without a due date nothing can have passed"
    for name in ("due", "if_past"):
        moment = getattr(rule, name)
        if moment and unreachable(rule, [moment.base]):
            yield (name,), f"{moment.base} never happens to what the rule is about"
    yield from _by_clock(policy, rule)
    by_name = {each.name: each for each in written(policy)}
    for index, step in enumerate(rule.ladder):
        here = ("ladder", index, "on")
        if unreachable(rule, [step.on.base]):
            yield here, f"{step.on.base} never happens to what the rule is about"
        other = by_name.get(step.on.base.removesuffix(".due")) if step.on.base.endswith(".due") else None
        if other and other.due is None and other.per != "action":
            yield here, f"{other.name} has no due date"
        elif other and not kinds_of_rule(other) & kinds_of_rule(rule):
            yield here, f"{other.name} is never owed where this rule is"


def _by_clock(policy: Policy, rule: ObligationRule) -> Iterator[Problem]:
    """What is counted in hours is so from an instant, and neither an hour of the day nor a working day bears on it."""
    if rule.by_clock:
        for knob in ("roll_non_working", "paused_by_agreed_date"):
            if getattr(rule, knob):
                yield (knob,), f"a last day counted in hours is an instant, whatever the day: leave `{knob}` out"
    if rule.roll_non_working and rule.due is None:
        yield ("roll_non_working",), "without a due date nothing moves"
    for index, step in enumerate(rule.ladder):
        if step.on.in_hours and not from_an_instant(policy, rule, step.on):
            yield ("ladder", index, "on"), f"hours are counted from an instant, and {step.on.base} is a day"
        elif by_clock(policy, rule, step.on) and step.hour != "notice":
            yield ("ladder", index, "hour"), "it goes at the instant that its hours come to: leave `hour` out"


def _of_ladder(rule: ObligationRule, known: Known) -> Iterator[Problem]:
    steps = {step.name: step for step in rule.ladder}
    for index, step in enumerate(rule.ladder):
        here = ("ladder", index)
        if step.kind == "reminder" and _after_due(step, steps):
            yield (
                (*here, "kind"),
                "a reminder comes before the due date: after it, say notice or escalation",
            )
        if step.repeat_hours and step.kind != "escalation":
            yield (*here, "repeat_hours"), f"a {step.kind} cannot be acknowledged: only an escalation is raised again"
        if "at_most" in step.model_fields_set and not step.repeat_hours:
            yield (*here, "at_most"), "what is not repeated needs no limit: say `repeat_hours` as well"
    for event in rule.trigger.events if rule.ladder else ():
        kinds = kinds_of(event)
        if kinds and not kinds & known.owing:
            yield ("ladder",), f"nothing is ever sent about the record of {_one(kinds)}, on which {event} happens"


def _after_due(step: LadderStep, steps: dict[str, LadderStep], depth: int = 0) -> bool:
    later = step.on.span is not None and step.on.span.count > 0 and step.on.sign > 0
    if step.on.base == "due":
        return later
    base = steps.get(step.on.base)
    if base is None or depth > len(steps):
        return False
    return (later or step.on.span is None) and (
        _after_due(base, steps, depth + 1) or (base.on.base == "due" and base.on.span is None and later)
    )


def _of_reach(policy: Policy, rule: ObligationRule) -> Iterator[Problem]:
    """What the record of a rule can hold, and what somebody may do."""
    trigger = rule.trigger
    for index, event in enumerate(trigger.events):
        if trigger.stage and fields_of(event) and "stage" not in fields_of(event):
            yield ("trigger", "stage"), f"{event} has no stage: only an action has"
        if follows(event):
            yield ("trigger", "events", index), f"{event} {NO_CAUSE}"
        if _nobody(policy, event):
            yield ("trigger", "events", index), f"nobody may do that: no role has {_acts(event)} in `acts`"
    yield from _of_grades(rule)
    yield from _elsewhere(rule, ("trigger", "given"), trigger.given)
    yield from _elsewhere(rule, ("trigger", "unless"), trigger.unless)
    yield from _elsewhere(rule, ("met_by",), rule.met_by)
    yield from _of_ending(policy, rule)
    yield from _of_repeating(rule)
    for at, events in (
        (("trigger", "given"), trigger.given),
        (("trigger", "unless"), trigger.unless),
        (("met_by",), rule.met_by),
    ):
        yield from (((*at, index), f"{event} {NO_CAUSE}") for index, event in enumerate(events) if follows(event))
    if CONFIRMED in rule.met_by and not kinds_of_rule(rule) & kinds_of("action.set"):
        yield ("met_by", rule.met_by.index(CONFIRMED)), "what the rule is about has no actions"
    meant = ["action.confirmed" if event == CONFIRMED else event for event in rule.met_by]
    dead = [event for event in meant if _nobody(policy, event)]
    if dead and (rule.met_all or len(dead) == len(meant)):
        acts = " or ".join(map(_acts, dead))
        yield ("met_by", meant.index(dead[0])), f"nobody can meet it: no role has {acts} in `acts`"


def _of_ending(policy: Policy, rule: ObligationRule) -> Iterator[Problem]:
    events = rule.until.events if rule.until else ()
    yield from _elsewhere(rule, ("until", "events"), events)
    for index, event in enumerate(events):
        if follows(event):
            yield ("until", "events", index), f"{event} {NO_CAUSE}"
        if _nobody(policy, event):
            yield ("until", "events", index), f"nobody may do that: no role has {_acts(event)} in `acts`"
    if events and not rule.met_by:
        yield ("until",), "without `met_by` nothing is owed that could end"


def _of_repeating(rule: ObligationRule) -> Iterator[Problem]:
    if rule.again_every is None:
        return
    if not rule.due or rule.by_clock:
        yield ("again_every",), "it is counted from a last day: give `due` as a day"
    if not rule.until and not rule.while_grade:
        yield ("again_every",), "it would be owed for ever: say `until` what, or `while_grade`"
    only = "only what events meet each time can be owed again"
    if not rule.met_by:
        yield ("again_every",), f"{only}: say `met_by`"
    wrong = {"per: action": rule.per == "action", "met_sum": rule.met_sum, "met_earlier": rule.met_earlier}
    wrong[CONFIRMED] = CONFIRMED in rule.met_by
    yield from ((("again_every",), f"{only}: leave `{knob}` out") for knob, held in wrong.items() if held)
    if rule.trigger.repeat == "each" and rule.met_by not in {(), ("obligation.met",)}:
        yield ("again_every",), "one act would meet several of them at once: say `repeat: first`"


def _of_grades(rule: ObligationRule) -> Iterator[Problem]:
    kinds = kinds_of_rule(rule)
    if "audit" in kinds or not kinds:
        return
    for knob in GRADED:
        if getattr(rule.trigger, knob):
            yield ("trigger", knob), f"only an audit has that: the record of {_one(kinds)} has not"
    if rule.while_grade:
        yield ("while_grade",), "only an audit has a grade to stay in"


def _elsewhere(rule: ObligationRule, at: KeyPath, events: Sequence[str]) -> Iterator[Problem]:
    for event in sorted(unreachable(rule, events)):
        yield (*at, events.index(event)), f"{event} never happens to what the rule is about"


def _one(kinds: frozenset[str]) -> str:
    return " or ".join(f"an {each}" if each[0] in "aeio" else f"a {each}" for each in sorted(kinds))


def _nobody(policy: Policy, event: str) -> bool:
    acts = acts_of(event)
    return bool(acts) and not any(policy.acts.get(act) for act in acts)


def _acts(event: str) -> str:
    return " or ".join(sorted(acts_of(event)))
