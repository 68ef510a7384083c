"""Which rules an act is judged by: those in force on its day, on the form and scale that the work began with.

An audit, an entry of a register and a dispute are one piece of work. Its clocks, gates and permissions are those of the
version in force on the day of each act (A-ALL-11), which its event names. What was asked of it, and the grades that it
may be given, stay those of the version that it began under, until it is finished.
"""

from collections.abc import Sequence

from events.recorded import Recorded
from services.policy.model import Policy
from services.policy.registers import Register, RegisterStep
from services.policy.versions import Policies


def began_under(history: Sequence[Recorded], policies: Policies) -> Policy | None:
    """The version that a piece of work began under; None before it begins, and for what is none.

    Raises NotFound where that version is no longer among the policies.
    """
    began = next((each for each in history if each.fact.begins), None)
    return None if began is None else policies.version(began.envelope.policy_version)


def graded_as(rules: Policy, began: Policy | None) -> Policy:
    """The rules, with the scale that the work began with: what they call a set of grades is the set of that scale.

    A set that the scale does not know stays the rules' own. So a grade that was renamed since starts their clocks.
    """
    if began is None or began is rules:
        return rules
    grades = began.grades.model_copy(update={"sets": rules.grades.sets | began.grades.sets})
    return rules.model_copy(update={"grades": grades})


def on_form_of(rules: Policy, began: Policy | None) -> Policy:
    """The rules, with the scale, the priorities and the form that the work began with.

    Who may act stays the rules' word alone.
    """
    if began is None or began is rules:
        return rules
    newer = {each.name: each for each in rules.registers}
    kept = {each.name: _as_now(each, newer.get(each.name), rules) for each in began.registers}
    form = {"tool": began.tool, "actions": began.actions, "registers": tuple((newer | kept).values())}
    return graded_as(rules, began).model_copy(update=form)


def _as_now(register: Register, newer: Register | None, rules: Policy) -> Register:
    steps = tuple(
        step.model_copy(update={"by": _by(step, newer.step(step.name) if newer else None, rules)})
        for step in register.steps
    )
    return register.model_copy(update={"by": _by(register, newer, rules), "steps": steps})


def _by(own: Register | RegisterStep, newer: Register | RegisterStep | None, rules: Policy) -> tuple[str, ...]:
    """Whose it is by the rules; where they dropped it, whose it was, as far as they still know the roles."""
    return newer.by if newer is not None else tuple(role for role in own.by if role in rules.roles)
