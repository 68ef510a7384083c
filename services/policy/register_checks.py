"""What a policy's registers must keep beyond their shape, and the rules and tasks that hang on their entries."""

from collections.abc import Iterable, Iterator

from services.policy.answers import problems_of_answers
from services.policy.form_checks import problems_of_questions
from services.policy.key_path import KeyPath
from services.policy.model import ObligationRule, Policy
from services.policy.near import near, unknown
from services.policy.registers import Register
from services.policy.rules import placed
from services.policy.tasks import Way

Problem = tuple[KeyPath, str]

ENTRY_EVENTS = ("entry.recorded", "entry.stepped")


def problems_of_registers(policy: Policy) -> Iterator[Problem]:
    """Each broken rule with the key where it stands; nothing for sound registers."""
    names = [each.name for each in policy.registers]
    for index, register in enumerate(policy.registers):
        at: KeyPath = ("registers", index)
        if register.name in names[:index]:
            yield (*at, "name"), f"the register {register.name} is defined twice"
        yield from _roles(policy, register.by, (*at, "by"))
        for number, what in enumerate(register.may_name):
            if what in register.about:
                yield (*at, "may_name", number), f"an entry must name a {what} already"
        if register.items_at_least and not register.items:
            yield (*at, "items_at_least"), "without questions about them there are no items"
        yield from problems_of_questions(register.questions, (*at, "questions"))
        yield from problems_of_questions(register.items, (*at, "items"))
        yield from _steps(policy, register, at)
    for at, rule in placed(policy):
        yield from _of_entries(policy, rule, at)
    for index, task in enumerate(policy.duties):
        for number, clock in enumerate(task.clocks):
            here: KeyPath = ("duties", index, "clocks", number)
            for place, way in enumerate(clock.ways):
                yield from _way(policy, way, (*here, "any_of", place) if clock.any_of else here)


def _roles(policy: Policy, roles: Iterable[str], at: KeyPath) -> Iterator[Problem]:
    for number, role in enumerate(roles):
        if role not in policy.roles:
            yield (*at, number), unknown("role", role, policy.roles)


def _steps(policy: Policy, register: Register, at: KeyPath) -> Iterator[Problem]:
    names = [each.name for each in register.steps]
    for index, step in enumerate(register.steps):
        here: KeyPath = (*at, "steps", index)
        if step.name in names[:index]:
            yield (*here, "name"), f"the step {step.name} is defined twice"
        for number, before in enumerate(step.after):
            if before not in names[:index]:
                yield (*here, "after", number), f"{before} is not a step that stands above this one"
        yield from _roles(policy, step.by, (*here, "by"))
        yield from problems_of_questions(step.questions, (*here, "questions"))


def _of_entries(policy: Policy, rule: ObligationRule, at: KeyPath) -> Iterator[Problem]:
    if not set(rule.trigger.events) & set(ENTRY_EVENTS):
        return
    named = rule.trigger.when.get("kind")
    register = next((each for each in policy.registers if each.name == named), None)
    if register is None:
        known = [each.name for each in policy.registers]
        meant = near(named, known, few=len(known))
        yield (*at, "trigger", "when"), f"an entry's rule names its register as kind{meant}"
        return
    for key, when in (("trigger", rule.trigger.when), ("met_when", rule.met_when)):
        step = when.get("step")
        if step is not None and register.step(str(step)) is None:
            known = [each.name for each in register.steps]
            yield (*at, key), f"{register.name} knows no step {step}{near(step, known)}"


def _way(policy: Policy, way: Way, at: KeyPath) -> Iterator[Problem]:
    if way.entries is None:
        if way.answered or way.steps:
            yield (*at, "entries"), "`answered` and `steps` are about the entries of a register: name it"
        return
    register = next((each for each in policy.registers if each.name == way.entries), None)
    if register is None:
        yield (*at, "entries"), unknown("register", way.entries, [each.name for each in policy.registers])
        return
    if way.audit_types or way.item or way.evidence:
        yield (*at, "entries"), "entries count, or audits, or what was recorded: not two of them at once"
    asked = [*register.questions, *(each for step in register.steps for each in step.questions)]
    yield from problems_of_answers(register.name, asked, way.answered, (*at, "answered"))
    steps = [each.name for each in register.steps]
    for number, step in enumerate(way.steps):
        if step not in steps:
            yield (*at, "steps", number), f"{register.name} knows no step {step}{near(step, steps)}"
