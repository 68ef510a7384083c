"""What a policy's reports must keep beyond their shape: each role, register or grade that they name is there."""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from services.policy.expressions import Span
from services.policy.key_path import KeyPath
from services.policy.model import Policy
from services.policy.near import near
from services.policy.reports import Report

Problem = tuple[KeyPath, str]

LOOKS_LIKE = 0.8
"""How near a single word must come to a role to be a slip and no body, such as `inspectors`."""

A_WORD = re.compile(r"[A-Za-z]+")
LIKE_A_KEY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+")


def problems_of_reports(policy: Policy) -> Iterator[Problem]:
    """Each broken rule with the key where it stands; nothing for sound reports."""
    names = [each.name for each in policy.reports]
    for index, report in enumerate(policy.reports):
        at: KeyPath = ("reports", index)
        if names.index(report.name) != index:
            yield (*at, "name"), f"the report {report.name} is defined twice"
        yield from _people(policy, report, at)
        if report.due is not None and report.every is None:
            yield (*at, "due"), "what is made on request has no day on which it is due: say `every`"
        if report.every is not None and report.due is None:
            yield (*at, "due"), "say how long after the end of each period it is due, such as `4 days`"
        if report.roll_non_working and report.due is None:
            yield (*at, "roll_non_working"), "without a due date nothing moves"
        yield from _ladder(policy, report, at)
        yield from _meets(policy, report, at)
        yield from _sections(policy, report, at)


def _ladder(policy: Policy, report: Report, at: KeyPath) -> Iterator[Problem]:
    """What only a report's ladder must keep: its clock begins when a period is over."""
    if report.ladder and report.every is None:
        yield (*at, "ladder"), "what is made on request is owed by no day: say `every` and `due`"
    role = policy.roles.get(report.made_by)
    if report.ladder and report.per == "authority" and role is not None and role.scope != "authority":
        why = f"{report.made_by} is a post of each {role.scope}, and nobody in particular owes a report of all"
        yield (*at, "ladder"), f"{why}: say `per: {role.scope}`"
    for index, step in enumerate(report.ladder):
        if step.on.base == "due" and step.on.span and step.on.sign < 0 and report.due is not None:
            if _fewest(step.on.span) > _most(report.due):
                yield (*at, "ladder", index, "on"), f"before the period is over: it is due {report.due} after its end"
        elif step.on.base == "trigger" and step.on.span and step.on.sign < 0:
            yield (*at, "ladder", index, "on"), "before the period is over, when nothing is owed yet"


def _meets(policy: Policy, report: Report, at: KeyPath) -> Iterator[Problem]:
    """A task that an issue of the report can meet; what is owed itself is no part of another thing that is owed."""
    if report.meets is None:
        return
    task = next((each for each in policy.duties if each.name == report.meets), None)
    if task is None:
        known = [each.name for each in policy.duties]
        yield (*at, "meets"), f"unknown programme task {report.meets}{near(report.meets, known)}"
    elif report.every is not None:
        yield (*at, "meets"), "it is owed itself, after each period: leave `meets` out, or make it on request"
    elif task.per != (meant := _met_by(report)):
        words = {"authority": "of the whole authority", "team": "of each team", "other team": "of each other team"}
        yield (*at, "meets"), f"it meets a task {words.get(meant, 'of no kind')}: {task.name} is one of each {task.per}"
    elif not any(report.meets_clock(task.name, clock) for clock in task.clocks):
        yield (*at, "meets"), f"{task.name} is reported to others than its audience: nothing of it would be met"


def _met_by(report: Report) -> str:
    """What a row of a task is about that an issue of the report can meet."""
    return "other team" if report.from_other_service else report.per


def _fewest(span: Span) -> int:
    return span.count * {"hours": 0, "days": 1, "working days": 1, "weeks": 7, "months": 28}[span.unit]


def _most(span: Span) -> int:
    """How many days it can be at most, bank holidays and a due day that moves among them."""
    return span.count * {"hours": 1, "days": 1, "working days": 3, "weeks": 7, "months": 31}[span.unit] + 5


def _people(policy: Policy, report: Report, at: KeyPath) -> Iterator[Problem]:
    if report.made_by not in policy.roles:
        yield (*at, "made_by"), f"unknown role {report.made_by}{near(report.made_by, policy.roles)}"
    elif report.per != "authority" and policy.roles[report.made_by].scope == "team" != report.per:
        yield (*at, "made_by"), f"{report.made_by} is a post of a team, and the report is one of a service"
    elif report.from_other_service and (report.per != "team" or policy.roles[report.made_by].scope == "authority"):
        yield (*at, "from_other_service"), "only a report of each team is made by a post of another service"
    elif (wrong := _may_not(policy, report.made_by, "report.issue")) is not None:
        yield (*at, "made_by"), wrong
    for number, each in enumerate(report.audience):
        if each not in policy.roles and (meant := _claimed(policy, each)) is not None:
            yield (*at, "audience", number), f"unknown role {each}; {meant}"


def _may_not(policy: Policy, role: str, act: str) -> str | None:
    known = role in policy.roles and role not in policy.acts.get(act, ())
    return f"{role} may not do that: acts.{act} does not name it" if known else None


def _claimed(policy: Policy, label: str) -> str | None:
    """What a label would have to say to be the role that it looks like; None for a body in the framework's words.

    A body is told nothing, so that a post under its title, or under a misspelt key, would not hear of the report.
    """
    titles = {role.title.casefold(): key for key, role in policy.roles.items()}
    if (role := titles.get(label.casefold())) is not None:
        return f"that is the title of {role}: say {role}"
    if LIKE_A_KEY.fullmatch(label):
        return near(label, policy.roles).removeprefix("; ") or "a body is named in words"
    close = get_close_matches(label, list(policy.roles), n=1, cutoff=LOOKS_LIKE) if A_WORD.fullmatch(label) else []
    return f"did you mean {close[0]}?" if close else None


def _sections(policy: Policy, report: Report, at: KeyPath) -> Iterator[Problem]:
    names = [each.name for each in report.sections]
    for number, section in enumerate(report.sections):
        if names.index(section.name) != number:
            yield (*at, "sections", number, "name"), f"the section {section.name} is defined twice"
    texts: set[str] = set()
    for place, block in report.blocks():
        for key, rule in block.problems(policy):
            yield (*at, *place, *key), rule
        if block.block == "narrative":
            if (wrong := _may_not(policy, block.role, "report.comment")) is not None:
                yield (*at, *place, "role"), wrong
            if block.name in texts:
                yield (*at, *place, "name"), f"the text {block.name} is asked for twice"
            texts.add(block.name)
