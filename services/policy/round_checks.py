"""What a policy's rounds must keep beyond their shape, and the rules that hang on what happens to a round."""

import re
from collections.abc import Iterator
from datetime import date
from typing import get_args

from events.registry import EVENTS
from services.policy.expressions import PERSONS, Addressee
from services.policy.key_path import KeyPath
from services.policy.model import ObligationRule, Policy
from services.policy.near import near, unknown
from services.policy.rounds import Draw
from services.policy.rules import named, of_reports, placed

Problem = tuple[KeyPath, str]

ROUND = "round."
OWN_PLACES = frozenset({"done", "wanted"})
PLACE = re.compile(r"\{([a-z_]*)\}")
"""A place in a title that is filled when the step fires."""


def problems_of_rounds(policy: Policy) -> Iterator[Problem]:
    """Each broken rule with the key where it stands; nothing for sound rounds."""
    rounds = policy.rounds
    for index, role in enumerate(rounds.approvals):
        if role not in policy.roles:
            yield ("rounds", "approvals", index), unknown("role", role, policy.roles)
    if rounds.data_from and rounds.data_from not in policy.roles:
        yield ("rounds", "data_from"), unknown("role", rounds.data_from, policy.roles)
    for index, label in enumerate(rounds.counted_types):
        if label not in policy.tool.types:
            yield ("rounds", "counted_types", index), unknown("type of audit", label, policy.tool.types)
    rotated = {area for month in rounds.rotation.months for area in month} if rounds.rotation else set()
    for index, area in enumerate(rounds.service_areas):
        if area not in rotated:
            yield ("rounds", "service_areas", index), f"{area} is left out of the rotation{near(area, rotated, few=0)}"
    if rounds.rotation and 12 % len(rounds.rotation.months):
        yield ("rounds", "rotation", "months"), "a cycle must go evenly into the year: 1, 2, 3, 4, 6 or 12 months"
    yield from _draws(policy)
    yield from _assignment(policy)
    for at, rule in placed(policy):
        yield from _of_rounds(rule, at)
    yield from _places(policy)


def _draws(policy: Policy) -> Iterator[Problem]:
    names = [each.name for each in policy.rounds.draws]
    for index, draw in enumerate(policy.rounds.draws):
        at: KeyPath = ("rounds", "draws", index)
        if names.index(draw.name) != index:
            yield (*at, "name"), f"the draw {draw.name} is defined twice"
        if draw.at_most is not None and draw.at_most < draw.size:
            yield (*at, "at_most"), f"{draw.at_most} is less than its usual size of {draw.size}"
        if draw.one_of_each and (draw.spread or draw.methods != ("random",)):
            yield (*at, "one_of_each"), "one of each is drawn at random, and is a spread by itself"
        if draw.per:
            yield from (((*at, knob), why) for knob, why in _of_each(draw, draw.per))
        if "stratified" in draw.methods and draw.strata is None:
            yield (*at, "strata"), "a stratified draw needs to know its strata"


def _of_each(draw: Draw, per: str) -> Iterator[tuple[str, str]]:
    if draw.spread or draw.one_of_each or draw.methods != ("random",):
        yield "per", f"so many of each {per} are drawn at random, without a spread or a method beside it"
    if draw.at_most is not None:
        yield "at_most", f"there is no most of all where so many of each {per} are drawn: leave it out"
    if per not in draw.needs:
        yield "needs", f"who has no {per} would be drawn as of one more: add {per}"


def _assignment(policy: Policy) -> Iterator[Problem]:
    held = policy.rounds.assignment
    for index, role in enumerate(held.posts if held else ()):
        if role not in policy.roles:
            yield ("rounds", "assignment", "posts", index), unknown("role", role, policy.roles)
        elif policy.roles[role].group:
            yield ("rounds", "assignment", "posts", index), f"{role} is a group: it has no holders"
        elif not any(policy.selection.may_audit({role}, kind) for kind in policy.tool.types):
            yield ("rounds", "assignment", "posts", index), f"{role} makes no audits: selection.auditors leaves it out"


def _places(policy: Policy) -> Iterator[Problem]:
    for at, rule in placed(policy):
        yield from _titles(rule, at)
    for at, rule in of_reports(policy):
        yield from _titles(rule, at)


def _titles(rule: ObligationRule, at: KeyPath) -> Iterator[Problem]:
    """Places in titles are known, and what is added up is a number."""
    known = OWN_PLACES | set.intersection(*(set(fields_of(each)) for each in rule.trigger.events))
    for index, step in enumerate(rule.ladder):
        for place in PLACE.findall(step.title):
            if place not in known:
                yield (*at, "ladder", index, "title"), f"unknown place {{{place}}}; known: {', '.join(sorted(known))}"
    if rule.met_sum is not None:
        for index, event in enumerate(rule.met_by):
            if fields_of(event).get(rule.met_sum) is not int:
                yield (*at, "met_by", index), f"{event} has no number {rule.met_sum} to add up"


def _of_rounds(rule: ObligationRule, at: KeyPath) -> Iterator[Problem]:
    """A rule started by what happens to a round knows whom it is about, and no audit."""
    if not any(event.startswith(ROUND) for event in rule.trigger.events):
        return
    if not all(event.startswith(ROUND) for event in rule.trigger.events):
        yield (*at, "trigger", "events"), "events of rounds and of audits do not start one rule"
    said = [((*at, *key), addressee) for key, addressee in named(rule)]
    for where, addressee in said:
        if _needs_audit(addressee):
            yield where, f"{addressee}: what happens to a round names no such person; say `of about`"


def _needs_audit(addressee: Addressee) -> bool:
    return addressee.role in PERSONS - {"actor"} or addressee.anchor in {"child", "auditor", "moderator"}


def fields_of(event: str) -> dict[str, object]:
    """The fields of an event, as a policy names it, with their types; nothing for an unknown one."""
    return {name: field.annotation for name, field in EVENTS[event].model_fields.items()} if event in EVENTS else {}


def dates_of(rule: ObligationRule) -> frozenset[str]:
    """The dates that every event which starts a rule carries, as moments name them: `trigger.starts`."""
    carried = [
        {name for name, held in fields_of(event).items() if held is date or date in get_args(held)}
        for event in rule.trigger.events
    ]
    return frozenset(f"trigger.{name}" for name in set.intersection(*carried))
