"""What a policy's tasks must keep beyond their shape, and the rules that hang on what is done towards them."""

from collections.abc import Iterator

from services.policy.expressions import PERSONS, Addressee
from services.policy.key_path import KeyPath
from services.policy.model import ObligationRule, Policy
from services.policy.near import unknown
from services.policy.reach import kinds_of_rule
from services.policy.rules import named, placed
from services.policy.tasks import Task, TaskClock

Problem = tuple[KeyPath, str]

ACTIVITY = "duty."
BY_HAND = "obligation.met"
"""Somebody says that what was owed was done: of any record."""

OF_AUDITS = PERSONS - {"actor"}
"""Persons whom an audit names, and nothing done towards a task does."""


def problems_of_tasks(policy: Policy) -> Iterator[Problem]:
    """Each broken rule with the key where it stands; nothing for sound tasks."""
    names = [*(each.name for each in policy.duties), *(each.name for each in policy.standing)]
    for index, task in enumerate(policy.duties):
        at: KeyPath = ("duties", index)
        if names.index(task.name) != index:
            yield (*at, "name"), f"the programme task {task.name} is defined twice"
        yield from _owner(policy, task, at)
        yield from _per(policy, task, at)
        for number, clock in enumerate(task.clocks):
            yield from _clock(policy, task, clock, (*at, "clocks", number))
    for index, standing in enumerate(policy.standing):
        at = ("standing", index)
        if names.index(standing.name) != index + len(policy.duties):
            yield (*at, "name"), f"the programme task {standing.name} is defined twice"
        yield from _roles(policy, standing.owners, (*at, "owners"))
        yield from _roles(policy, standing.reports_to, (*at, "reports_to"))
    for at, rule in placed(policy):
        yield from _of_activities(policy, rule, at)


def _roles(policy: Policy, roles: tuple[str, ...], at: KeyPath) -> Iterator[Problem]:
    for number, role in enumerate(roles):
        if role not in policy.roles:
            yield (*at, number), unknown("role", role, policy.roles)


def _owner(policy: Policy, task: Task, at: KeyPath) -> Iterator[Problem]:
    owner = policy.roles.get(task.owner)
    if owner is None:
        yield (*at, "owner"), unknown("role", task.owner, policy.roles)
    elif owner.group and task.per == "holder":
        yield (*at, "per"), f"{task.owner} is a group: it has no holders"
    elif owner.scope != "service" and task.per == "other team":
        yield (*at, "per"), f"{task.owner} belongs to no service that could be paired with another"


def _per(policy: Policy, task: Task, at: KeyPath) -> Iterator[Problem]:
    yield from _roles(policy, task.people, (*at, "people"))
    if (task.per == "person") != bool(task.people):
        yield (*at, "people"), "`per: person` needs the posts that the persons are in, and nothing else does"
    if task.named_as and task.per not in {"person", "holder"}:
        yield (*at, "named_as"), "only a programme task per person or holder counts audits that name somebody"
    if task.per == "area" and not policy.areas:
        yield (*at, "per"), "a programme task per area needs areas"
    if task.skip_grounds and task.per == "authority":
        yield (*at, "skip_grounds"), "a programme task of the whole authority has no single row to skip"


def _clock(policy: Policy, task: Task, clock: TaskClock, at: KeyPath) -> Iterator[Problem]:
    yield from _roles(policy, clock.reports_to, (*at, "reports_to"))
    yield from _in_months(clock, at)
    if clock.any_of and (clock.item or clock.evidence or clock.audit_types or clock.entries or clock.count != 1):
        yield (*at, "any_of"), "what counts stands in its ways; the clock itself then says nothing of it"
    for number, way in enumerate(clock.ways):
        here: KeyPath = (*at, "any_of", number) if clock.any_of else at
        for knob in ("audit_types", "percent_of"):
            for index, label in enumerate(getattr(way, knob)):
                if label not in policy.tool.types:
                    yield (*here, knob, index), unknown("type of audit", label, policy.tool.types)
        if way.audit_types and (way.item or way.evidence):
            yield (*here, "audit_types"), "audits count, or what was recorded: not both at once"
        if way.counted_when != "returned" and not way.audit_types:
            yield (*here, "counted_when"), "only audits are allocated or moderated: name their types"
        if way.audit_types and task.per == "area":
            yield (*here, "audit_types"), "an audit names no area"
        if (way.percent is None) != (not way.percent_of):
            yield (*here, "percent"), "`percent` and `percent_of` belong together"


def _in_months(clock: TaskClock, at: KeyPath) -> Iterator[Problem]:
    if clock.in_months and clock.every != "month":
        yield (*at, "in_months"), f"what is asked for every {clock.every} has no months of its own: say `every: month`"
    if len(set(clock.in_months)) < len(clock.in_months):
        yield (*at, "in_months"), "a month stands twice"


def _of_activities(policy: Policy, rule: ObligationRule, at: KeyPath) -> Iterator[Problem]:
    """A rule started by what was done towards a task knows its actor and whom it is about, and no audit."""
    started = [event.startswith(ACTIVITY) for event in rule.trigger.events]
    said = [((*at, *key), addressee) for key, addressee in named(rule)]
    if not any(started):
        for where, addressee in said:
            if addressee.anchor == "about" and "audit" in kinds_of_rule(rule):
                yield where, f"{addressee}: an audit is about nobody but its child"
        return
    if not all(started):
        yield (*at, "trigger", "events"), "events of programme tasks and of audits do not start one rule"
    task = rule.trigger.when.get("duty")
    if task is not None and task not in {each.name for each in policy.duties}:
        yield (*at, "trigger", "when", "duty"), unknown("programme task", task, [each.name for each in policy.duties])
    for index, event in enumerate(rule.met_by):
        if not event.startswith(ACTIVITY) and event != BY_HAND:
            yield (
                (*at, "met_by", index),
                f"{event} happens to audits: it meets nothing that is done towards a task",
            )
    for where, addressee in said:
        if _needs_audit(addressee):
            yield where, f"{addressee}: what is done towards a programme task names no such person; say `over actor`"


def _needs_audit(addressee: Addressee) -> bool:
    return addressee.role in OF_AUDITS or addressee.anchor in {"child", "auditor", "moderator"}
