"""What a policy must keep beyond its shape: every name it uses is defined, and no ladder goes in a circle."""

from collections.abc import Iterator

from events.registry import EVENTS
from services.policy.action_checks import problems_of_actions
from services.policy.expressions import CALENDAR_BASES, PERSONS, Addressee
from services.policy.form_checks import problems_of_form
from services.policy.indicator_checks import problems_of_indicators
from services.policy.key_path import KeyPath
from services.policy.knob_checks import problems_of_knobs
from services.policy.known import Known
from services.policy.model import ObligationRule, Policy, Until
from services.policy.near import near, unknown
from services.policy.owed_checks import problems_of_what_is_owed
from services.policy.register_checks import problems_of_registers
from services.policy.report_checks import problems_of_reports
from services.policy.round_checks import dates_of, fields_of, problems_of_rounds
from services.policy.rules import of_reports, placed, written
from services.policy.sample_checks import problems_of_samples
from services.policy.stopping import problems_of_stops
from services.policy.task_checks import problems_of_tasks
from services.policy.value_checks import problems_of_values
from services.policy.who_checks import problems_of_people

Problem = tuple[KeyPath, str]


def problems_of(policy: Policy, known: Known) -> Iterator[Problem]:
    """Each broken rule with the key where it stands; nothing for a sound policy."""
    yield from _roles(policy, known)
    yield from _grades(policy)
    yield from _tool(policy)
    yield from problems_of_form(policy)
    yield from _types(policy)
    yield from problems_of_samples(policy)
    yield from _further_files(policy)
    yield from _agencies(policy)
    yield from problems_of_tasks(policy)
    yield from problems_of_registers(policy)
    yield from problems_of_indicators(policy)
    yield from problems_of_reports(policy)
    yield from problems_of_rounds(policy)
    yield from problems_of_values(policy)
    yield from problems_of_knobs(policy, known)
    yield from problems_of_people(policy)
    yield from problems_of_actions(policy)
    yield from problems_of_stops(policy)
    yield from problems_of_what_is_owed(policy)
    names = [rule.name for rule in written(policy)]
    for place, (at, rule) in enumerate(placed(policy)):
        if rule.name in names[:place]:
            yield (*at, "name"), f"{_called(at)} {rule.name} is defined twice"
        yield from _trigger(policy, rule, at)
        yield from _conditions(policy, rule, at)
        yield from _due(rule, at)
        yield from _ladder(policy, rule, at)
    for at, rule in of_reports(policy):
        if rule.ladder and rule.name in names:
            yield (*at, "name"), f"the obligation {rule.name} has that name: steps of both would be told as one's"
        yield from _ladder(policy, rule, at)


def _roles(policy: Policy, known: Known) -> Iterator[Problem]:
    if len(set(policy.chain)) != len(policy.chain):
        yield ("chain",), "the chain comes back to a role that it has passed"
    for index, role in enumerate(policy.chain):
        if role not in policy.roles:
            yield ("chain", index), unknown("role", role, policy.roles)
    if policy.fallback not in policy.roles:
        yield ("fallback",), unknown("role", policy.fallback, policy.roles)
    elif not policy.roles[policy.fallback].group:
        yield ("fallback",), f"{policy.fallback} is not a group: the last resort must not be a post that can be vacant"
    for clash in sorted(PERSONS & policy.roles.keys()):
        yield ("roles", clash), f"{clash} already means a person of the record"
    yield from _acts(policy, known)
    yield from _named_roles(policy)


def _named_roles(policy: Policy) -> Iterator[Problem]:
    for index, role in enumerate(policy.dispute_chain):
        if role not in policy.roles:
            yield ("dispute_chain", index), unknown("role", role, policy.roles)
        if role in policy.dispute_chain[:index]:
            yield ("dispute_chain", index), f"the chain for disputes comes back to {role}"
    if policy.exemption and policy.exemption.requested_by not in policy.roles:
        yield ("exemption", "requested_by"), unknown("role", policy.exemption.requested_by, policy.roles)


def _acts(policy: Policy, known: Known) -> Iterator[Problem]:
    for act, key in known.of.items():
        if not policy.acts.get(act) and not known.unasked(policy, act):
            yield tuple(key.split(".")), f"nobody may do that: no role has {act} in `acts`"
    for act, who in policy.acts.items():
        if act not in known.acts:
            yield ("acts", act), unknown("act", act, known.acts)
        for index, role in enumerate(who):
            if role not in policy.roles and role not in PERSONS - {"actor"}:
                yield ("acts", act, index), unknown("role", role, policy.roles.keys() | PERSONS - {"actor"})


def _grades(policy: Policy) -> Iterator[Problem]:
    if (low := policy.closing.action_expected) is not None and low not in policy.grades.sets:
        yield ("closing", "action_expected"), unknown("set of grades", low, policy.grades.sets)
    for scale in ("overall", "sections"):
        labels = getattr(policy.grades, scale)
        for index, label in enumerate(labels):
            if label in labels[:index]:
                yield ("grades", scale, index), f"the grade {label} stands twice on the scale"
    for name, members in policy.grades.sets.items():
        for index, label in enumerate(members):
            if label not in policy.grades.overall:
                yield ("grades", "sets", name, index), unknown("grade", label, policy.grades.overall)


def _tool(policy: Policy) -> Iterator[Problem]:
    tool = policy.tool
    for index, section in enumerate(tool.sections):
        if section in tool.sections[:index]:
            yield ("tool", "sections", index), f"the section {section} stands twice"
    if tool.bottom_lines_force and tool.bottom_lines_force not in policy.grades.overall:
        yield ("tool", "bottom_lines_force"), unknown("grade", tool.bottom_lines_force, policy.grades.overall)
    for index, label in enumerate(tool.safety_plan_with):
        if label not in policy.grades.overall:
            yield ("tool", "safety_plan_with", index), unknown("grade", label, policy.grades.overall)
    for indicator, sections in tool.indicator_map.items():
        for index, section in enumerate(sections):
            if section not in tool.sections:
                yield ("tool", "indicator_map", indicator, index), unknown("section", section, policy.tool.sections)


def _agencies(policy: Policy) -> Iterator[Problem]:
    for label, agencies in policy.tool.agencies.items():
        at: KeyPath = ("tool", "agencies", label)
        if label not in policy.tool.types:
            yield at, unknown("type of audit", label, policy.tool.types)
        for number, role in enumerate(agencies):
            if role not in policy.roles:
                yield (*at, number), unknown("role", role, policy.roles)
            elif role in agencies[:number]:
                yield (*at, number), f"{role} stands twice"


def _further_files(policy: Policy) -> Iterator[Problem]:
    for label, further in policy.tool.further_files.items():
        for name in (label, further.of):
            if name not in policy.tool.types:
                yield ("tool", "further_files", label), unknown("type of audit", name, policy.tool.types)


def _types(policy: Policy) -> Iterator[Problem]:
    tool = policy.tool
    for index, label in enumerate(tool.form_types):
        if label not in tool.types:
            yield ("tool", "form_types", index), unknown("type of audit", label, policy.tool.types)
    for age, band in tool.age_bands_read_as.items():
        if band not in tool.age_bands:
            yield ("tool", "age_bands_read_as", age), unknown("age band", band, policy.tool.age_bands)
    yield from _selection(policy)


def _selection(policy: Policy) -> Iterator[Problem]:
    for knob in ("min_open", "by", "auditors"):
        for label in getattr(policy.selection, knob):
            if label not in policy.tool.types:
                yield ("selection", knob, label), unknown("type of audit", label, policy.tool.types)
    for label, role in policy.selection.by.items():
        if role not in policy.roles:
            yield ("selection", "by", label), unknown("role", role, policy.roles)
    for label, roles in policy.selection.auditors.items():
        for index, role in enumerate(roles):
            if role not in policy.roles:
                yield ("selection", "auditors", label, index), unknown("role", role, policy.roles)


def _trigger(policy: Policy, rule: ObligationRule, at: KeyPath) -> Iterator[Problem]:
    for index, event in enumerate(rule.trigger.events):
        if event not in EVENTS:
            yield (*at, "trigger", "events", index), unknown("event", event, EVENTS)
    for name in ("grade", "was", "was_not"):
        wanted = getattr(rule.trigger, name)
        if wanted and wanted not in policy.grades.sets:
            yield (*at, "trigger", name), unknown("set of grades", wanted, policy.grades.sets)
    if rule.while_grade and rule.while_grade not in policy.grades.sets:
        yield (*at, "while_grade"), unknown("set of grades", rule.while_grade, policy.grades.sets)
    if rule.per == "action" and rule.trigger.events != ("action.set",):
        yield (*at, "per"), "an obligation per action starts with action.set"
    for index, event in enumerate(rule.met_by):
        if event not in EVENTS and event != "all actions confirmed":
            yield (*at, "met_by", index), unknown("event", event, {*EVENTS, "all actions confirmed"})


def _conditions(policy: Policy, rule: ObligationRule, at: KeyPath) -> Iterator[Problem]:
    for condition in ("given", "unless"):
        for index, event in enumerate(getattr(rule.trigger, condition)):
            if event not in EVENTS:
                yield (*at, "trigger", condition, index), unknown("event", event, EVENTS)
    for index, event in enumerate(rule.until.events if rule.until else ()):
        if event not in EVENTS:
            yield (*at, "until", "events", index), unknown("event", event, EVENTS)
    if rule.until and rule.until.grade:
        yield from (((*at, "until", "grade"), words) for words in _ending(policy, rule.until))
    for index, role in enumerate(rule.met_by_roles):
        if role not in policy.roles and role not in PERSONS:
            yield (*at, "met_by_roles", index), unknown("role", role, policy.roles.keys() | PERSONS)


def _ending(policy: Policy, until: Until) -> Iterator[str]:
    """What is wrong with the set of grades that ends something: there is none, or an event gives no grade."""
    if until.grade not in policy.grades.sets:
        yield unknown("set of grades", until.grade, policy.grades.sets)
    yield from (f"{each} gives no grade" for each in until.events if each in EVENTS and "grade" not in fields_of(each))


def _due(rule: ObligationRule, at: KeyPath) -> Iterator[Problem]:
    for name in ("due", "if_past"):
        moment = getattr(rule, name)
        known = EVENTS.keys() | CALENDAR_BASES | {"trigger"} | dates_of(rule)
        if moment and moment.base not in known:
            said = f"{moment.base} is neither the trigger nor an event, nor an end of a month"
            yield (*at, name), f"{said}{near(moment.base, known)}"
        elif moment and moment.in_hours and moment.base not in {"trigger", *EVENTS}:
            yield (*at, name), f"hours are counted from the trigger or from an event, and {moment.base} is a day"
    if rule.early_window and not rule.due:
        yield (*at, "early_window"), "an early window needs a due date"


def _ladder(policy: Policy, rule: ObligationRule, at: KeyPath) -> Iterator[Problem]:
    bases = {step.name: step.on.base for step in rule.ladder}
    names = [each.name for each in written(policy)]
    obligations = set(names)
    known = (
        EVENTS.keys()
        | CALENDAR_BASES
        | bases.keys()
        | {"trigger"}
        | dates_of(rule)
        | {f"{name}.due" for name in names[: names.index(rule.name) if rule.name in names else None]}
    )
    if at[0] != "alerts" and (rule.due or rule.per == "action"):
        known |= {"due"}  # nothing meets an alert: counted from a date, it would be told of what is long done
    for index, step in enumerate(rule.ladder):
        here: KeyPath = (*at, "ladder", index)
        if step.name in [other.name for other in rule.ladder[:index]]:
            yield (*here, "name"), f"the step {step.name} is defined twice"
        if step.on.base not in known:
            anything = "trigger, due, NAME.due of an obligation defined above, an event nor a step of this ladder"
            yield (*here, "on"), f"{step.on.base} is neither {anything}{near(step.on.base, known)}"
        if circle := _circle(step.name, bases):
            yield (*here, "on"), f"the steps go in a circle: {' -> '.join(circle)}"
        for number, addressee in enumerate(step.to):
            if rule_broken := _addressee(policy, addressee, obligations):
                yield (*here, "to", number), rule_broken
    if at[0] == "obligations":
        yield from _owners(policy, rule, at, obligations)


def _owners(policy: Policy, rule: ObligationRule, at: KeyPath, obligations: set[str]) -> Iterator[Problem]:
    if rule.owner and (rule_broken := _addressee(policy, rule.owner, obligations)):
        yield (*at, "owner"), rule_broken
    for number, addressee in enumerate(rule.jointly):
        if rule_broken := _addressee(policy, addressee, obligations):
            yield (*at, "jointly", number), rule_broken
    if rule.with_reaudits and "obligation.met" not in rule.met_by:
        yield (*at, "with_reaudits"), "only what is met by obligation.met can be met for a line of re-audits"


def _called(at: KeyPath) -> str:
    return f"the {str(at[0]).removesuffix('s')}"


def _circle(start: str, bases: dict[str, str]) -> list[str]:
    path = [start]
    while (base := bases.get(path[-1])) is not None:
        if base in path:
            return [*path, base] if base == start else []
        path.append(base)
    return []


def _addressee(policy: Policy, addressee: Addressee, obligations: set[str]) -> str:
    if addressee.told:
        return "" if addressee.told in obligations else unknown("obligation", addressee.told, obligations)
    if addressee.role in PERSONS:
        return f"{addressee.role} is a person of the record and takes no `{addressee.link}`" if addressee.link else ""
    role = policy.roles.get(addressee.role)
    if role is None:
        return unknown("recipient", addressee.role, PERSONS | policy.roles.keys())
    if role.scope != "authority" and not addressee.link:
        return f"{addressee.role} belongs to a {role.scope}: say `of child` or `over auditor`"
    return ""
