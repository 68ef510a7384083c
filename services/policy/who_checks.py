"""Who is named: the people that a record can have, and roles that may do what a rule asks of them."""

from collections.abc import Iterable, Iterator

from services.policy.expressions import PERSONS, Addressee
from services.policy.key_path import KeyPath
from services.policy.model import ObligationRule, Policy
from services.policy.reach import acts_of, kinds_of_rule
from services.policy.reports import Report
from services.policy.rules import named, of_reports, placed, rules
from services.policy.value_checks import register_of

Problem = tuple[KeyPath, str]
OF_AN_AUDIT = frozenset({"child", "auditor", "moderator"})


def problems_of_people(policy: Policy) -> Iterator[Problem]:
    """Each person that a record cannot have, and each role that is asked for what it may not do."""
    for at, rule in placed(policy):
        for key, addressee in named(rule):
            if wrong := _cannot_be(policy, rule, addressee):
                yield (*at, *key), wrong
        for number, role in enumerate(rule.met_by_roles):
            acts = {act for event in rule.met_by for act in acts_of(event)}
            if role in policy.roles and acts and not any(role in policy.acts.get(act, ()) for act in acts):
                yield (
                    (*at, "met_by_roles", number),
                    f"{role} may not do that: see acts.{' or acts.'.join(sorted(acts))}",
                )
    for at, rule in of_reports(policy):
        report = next(each for each in policy.reports if each.name == rule.name)
        for key, addressee in named(rule)[1:]:  # who makes it is looked at with the report
            if wrong := _cannot_be(policy, rule, addressee) or _of_report(policy, report, addressee):
                yield (*at, *key), wrong
    yield from _may(policy)
    if policy.tool.feedback_not_by_auditor and policy.acts.get("audit.record_feedback") == ("auditor",):
        words = "nobody could gather it: acts.audit.record_feedback names the auditor alone"
        yield ("tool", "feedback_not_by_auditor"), words
    yield from _chain(policy)


def _cannot_be(policy: Policy, rule: ObligationRule, addressee: Addressee) -> str:
    kinds = kinds_of_rule(rule)
    if addressee.told or not kinds or kinds == {"round"}:
        return ""  # a round's people are looked at with the round
    if "audit" in kinds:
        if addressee.anchor == "about" and kinds == {"audit"}:
            return f"{addressee}: an audit is about a child; say `of child`"
        return ""
    if kinds == {"entry"}:
        return _of_entry(policy, rule, addressee)
    if addressee.role in PERSONS - {"actor"} or addressee.anchor in OF_AN_AUDIT:
        return f"{addressee}: a {' or a '.join(sorted(kinds))} names no such person; say `of about` or `over actor`"
    return ""


def _of_report(policy: Policy, report: Report, addressee: Addressee) -> str:
    """Nobody acts when a period ends, and only a report of one unit is about a unit."""
    role = policy.roles.get(addressee.role)
    if addressee.role == "actor" or addressee.anchor == "actor":
        return f"{addressee}: a period ends by itself, and nobody has done it"
    if addressee.anchor == "about" and report.per == "authority":
        return f"{addressee}: a report of the whole authority is about no unit"
    if report.per == "service" and role is not None and role.scope == "team":
        return f"{addressee.role} is a post of a team, and the report is one of a service"
    return ""


def _of_entry(policy: Policy, rule: ObligationRule, addressee: Addressee) -> str:
    register = register_of(policy, rule)
    if register is None or addressee.role == "actor" or (addressee.role == "action_owner" and rule.per == "action"):
        return ""
    names = {*register.about, *register.may_name}
    of = f"{addressee}: an entry of {register.name} names no"
    if addressee.role in PERSONS:
        needed: set[str] = {"worker": {"person"}, "team": {"team", "service"}}.get(addressee.role, set())
        return "" if needed & names else f"{of} {addressee.role}"
    if addressee.anchor in {"auditor", "moderator"} or (addressee.anchor == "child" and "child" not in names):
        return f"{of} {addressee.anchor}; say `of about`"
    scope = policy.roles[addressee.role].scope if addressee.role in policy.roles else "authority"
    places: set[str] = {"team": {"team"}, "service": {"team", "service"}}.get(scope, set())
    lost = addressee.anchor in {"child", "about"} and places and not places & names
    return f"{of} {' and no '.join(sorted(places))}" if lost else ""


def _may(policy: Policy) -> Iterator[Problem]:
    """Roles that the file names for an act, but that the acts do not give it to."""
    for index, register in enumerate(policy.registers):
        at: KeyPath = ("registers", index)
        yield from _without(policy, "entry.record", register.by, (*at, "by"))
        for number, step in enumerate(register.steps):
            yield from _without(policy, "entry.step", step.by, (*at, "steps", number, "by"))
    yield from _without(policy, "round.approve", policy.rounds.approvals, ("rounds", "approvals"))
    for act, roles in policy.own_unit.items():
        if act not in policy.acts:
            yield ("own_unit", act), f"nobody may do that: no role has {act} in `acts`"
            continue
        yield from _without(policy, act, roles, ("own_unit", act))
        for number, role in enumerate(roles):
            if role not in policy.roles or policy.roles[role].scope == "authority":
                yield ("own_unit", act, number), f"{role} is no post of a team or service"
    for label, agencies in policy.tool.agencies.items():
        yield from _without(policy, "audit.score", agencies, ("tool", "agencies", label))
    for label, role in policy.selection.by.items():
        if role in policy.roles and role not in policy.acts.get("audit.allocate", ()):
            yield ("selection", "by", label), f"{role} may not do that: acts.audit.allocate does not name it"


def _without(policy: Policy, act: str, roles: Iterable[str], at: KeyPath) -> Iterator[Problem]:
    for number, role in enumerate(roles):
        if role in policy.roles and role not in policy.acts.get(act, ()):
            yield (*at, number), f"{role} may not do that: acts.{act} does not name it"


def _chain(policy: Policy) -> Iterator[Problem]:
    if policy.chain:
        return
    for rule in rules(policy):
        for _, addressee in named(rule):
            role = policy.roles.get(addressee.role)
            if role and not role.group and role.scope != "authority":
                why = f"{addressee} of {rule.name} can be vacant, and nobody stands above"
                yield ("chain",), f"an empty chain: {why}"
                return
