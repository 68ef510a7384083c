"""A framework in words that a QA manager can check against the paper, and what changed between two of them.

Every setting of a policy file is told in some entry: one that has no phrase of its own is told by its key.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Literal

from pydantic import BaseModel

from services.policy.describe.clock import clock_in_words
from services.policy.describe.form import form_in_words, registers_in_words
from services.policy.describe.indicator import told
from services.policy.describe.phrases import listed, plain, role_title, sentence, value
from services.policy.model import AuditTool, Policy

ACT_WORDS: Mapping[str, str] = {
    "audit.submit": "return an audit",
    "audit.allocate": "give a file to an auditor",
    "audit.reassign": "give an audit to another auditor",
    "audit.record_reflection": "set down the practitioner's reflection",
    "audit.record_meeting": "record the meeting of auditor and practitioner",
    "audit.record_feedback": "record the feedback of child or family",
    "audit.grade_section": "grade a section",
    "audit.raise_safety_concern": "say that a child may be unsafe",
    "audit.allocate_moderator": "give an audit to a moderator",
    "audit.sign_off": "add the last comments to an audit",
    "audit.share": "send an audit to the team",
    "audit.give_feedback": "talk the findings through",
    "audit.file": "place an audit on the child's record",
    "audit.void": "withdraw an audit",
    "audit.record_departure": "record that a child has left",
    "action.redate": "agree a later date for an action",
    "indicator.record": "record what an indicator stood at",
    "indicator.compare": "record what an indicator is compared with",
    "obligation.meet": "record that something owed was done",
    "unit.place": "name a service, or put a team under one",
    "person.appoint": "put a person into a post",
    "person.move": "move a person to another post",
    "person.leave": "take a person out of a post",
}
"""Acts whose own name does not say enough."""

TOOL_WORDS: Mapping[str, str] = {
    "types": "Types of audit",
    "sections": "Sections of the form",
    "section_graders": "Sections are graded by",
    "texts_required": "Each section needs its evidence and impact",
    "meeting_required": "Auditor and practitioner must have met before the return",
    "reflection_required": "The practitioner's reflection is needed before the return",
    "reflection_before_meeting": "The reflection comes before the meeting",
    "feedback_required": "Feedback must be sought from",
    "feedback_not_by_auditor": "The auditor may not gather the feedback",
    "bottom_lines_force": "An unmet bottom line forces the grade",
    "safety_plan_with": "A plan that keeps the child safe comes with the grade",
    "immediate_concern_required": "The return must answer whether there is an immediate concern",
    "significant_concern_required": "The return must answer whether there is a significant concern",
    "form_types": "The whole form is needed for (none named: for all types)",
    "age_bands_read_as": "Ages outside of every band are put into",
    "warn_above_worst_section": "Steps above the worst section from which an overall grade gives a warning",
    "lookback": "The audit looks back over",
    "lookback_rule": "That span is",
    "strands": "Strands",
    "age_bands": "Age bands",
    "indicator_map": "Indicators of the reports with their sections",
    "other_service_types": "An auditor from another service is needed for",
    "further_files": "A further file is of the type",
}

SETTING_WORDS: Mapping[tuple[str, str], str] = {
    ("calendar", "roll_non_working"): "A date on a weekend or bank holiday moves to the working day",
    ("calendar", "closures"): "Other days without work",
    ("calendar", "notice_hour"): "Hour of a dated notice",
    ("calendar", "year_start"): "A year of duties begins with month",
    ("selection", "min_open"): "A file must have been open for, by type of audit",
    ("selection", "by"): "Files are chosen by one role alone, by type of audit",
    ("closing", "file_after_feedback"): "An audit goes on the child's record only after feedback",
    ("closing", "file_after_moderation"): "An audit goes on the child's record only after its moderation",
    ("closing", "action_expected"): "Without any action, only a reason closes an audit graded",
    ("closing", "moderation_required"): "An audit is closed only after its moderation",
    ("closing", "sign_off_required"): "An audit is closed only after the last comments",
    ("rounds", "kinds"): "Kinds of activity in the year's schedule",
    ("rounds", "rotation"): "Services are audited by turns, from a month of the year on, month by month",
    ("rounds", "service_areas"): "No turn of the rotation may leave out",
    ("rounds", "diagnostics"): "Every plan holds",
    ("rounds", "origins"): "The focus of a round comes from",
    ("rounds", "data_from"): "Data of a round are asked of",
    ("rounds", "data_reach"): "The data reach back from the start over",
    ("rounds", "approvals"): "Audits of a round wait for the approval of",
    ("rounds", "counted"): "An audit counts towards its round once it is",
    ("rounds", "counted_types"): "Of the types that count (none named: all)",
    ("rounds", "assignment"): "Files are given by chance to",
    ("rounds", "trained_auditors"): "Only those on the register of trained auditors are given files",
    ("months", "per"): "A month's record is kept for each",
    ("months", "one_per_team"): "A team has one audit a month of type",
    ("samples", "share"): "Share of the month's returned audits, in per cent, rounded up",
    ("samples", "at_least"): "At least",
    ("samples", "types"): "Of the types (none named: all)",
    ("samples", "always"): "Beside the draw, all that are graded",
    ("samples", "marked"): "Each chosen audit is marked, so that what follows from it is owed",
}
"""Settings whose own key does not say enough."""

HOURS_IN_WORDS = (
    "On the day on which a clock starts, a step whose hour has passed goes at once; "
    "what would have been for an earlier day is told to nobody, and that is recorded"
)
"""What holds of the steps of every clock."""

FRAME = ("authority", "version", "effective_from", "framework", "review_due")
TOLD_APART = {*FRAME, "roles", "chain", "fallback", "grades", "tool", "acts", "obligations", "registers", "indicators"}
"""The settings that have a chapter with words of their own; every other one is told by its key."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One statement of a framework. `key` is the same in every version; `about` is the heading under its chapter."""

    chapter: str
    key: tuple[str, ...]
    about: str
    words: str


@dataclass(frozen=True, slots=True)
class Change:
    """One statement that stands in one of two versions only, or otherwise in both."""

    what: Literal["added", "removed", "changed"]
    chapter: str
    about: str
    before: str
    after: str


def entries(policy: Policy) -> Iterator[Entry]:
    """The framework, statement by statement, in the order of the paper."""
    for name in FRAME:
        yield Entry("Framework", (name,), "", f"{plain(name).capitalize()}: {value(getattr(policy, name))}")
    yield from _scales(policy)
    for name in AuditTool.model_fields:
        if name in {"questions", "references"}:
            continue
        told = value(_told(policy, getattr(policy.tool, name)))
        yield Entry("Form", ("tool", name), "", f"{TOOL_WORDS.get(name, plain(name).capitalize())}: {told}")
    yield from (Entry(*told) for told in (*form_in_words(policy), *registers_in_words(policy)))
    yield from _posts(policy)
    yield Entry("Clocks and ladders", ("obligations",), "", HOURS_IN_WORDS)
    for rule in policy.obligations:
        for part, words in clock_in_words(policy, rule):
            yield Entry("Clocks and ladders", ("obligations", rule.name, part), rule.title, words)
    yield from _indicators(policy)
    for act, who in sorted(policy.acts.items()):
        act_words = ACT_WORDS.get(act) or " ".join([plain(act.partition(".")[2]), _article(act.partition(".")[0])])
        words = f"{sentence(act_words)}: {listed((role_title(policy, role) for role in who), 'or')}"
        yield Entry("Who may do what", ("acts", act), "", words)
    for name in Policy.model_fields:
        if name not in TOLD_APART:
            yield from _by_key(policy, name, getattr(policy, name))


def _indicators(policy: Policy) -> Iterator[Entry]:
    for indicator in policy.indicators:
        for part, words in told(indicator):
            yield Entry("Indicators", ("indicators", indicator.name, part), indicator.title, words)
    if not policy.indicators:
        yield Entry("Indicators", ("indicators",), "", "The framework names none")


def _article(thing: str) -> str:
    return f"{'an' if thing[0] in 'aeiou' else 'a'} {thing}"


def _scales(policy: Policy) -> Iterator[Entry]:
    grades = policy.grades
    for name, heading in (("overall", "Overall grades, best first"), ("sections", "Grades of a section, best first")):
        yield Entry("Scales", (name,), "", f"{heading}: {value(getattr(grades, name))}")
    yield Entry("Scales", ("not_applicable",), "", f"A section may be left out as: {value(grades.not_applicable)}")
    for name, members in grades.sets.items():
        yield Entry("Scales", ("sets", name), "", f"“{plain(name)}” means {listed(members, 'or')}")


def _posts(policy: Policy) -> Iterator[Entry]:
    for name, role in policy.roles.items():
        holders = "told as a group" if role.group else "one post" if role.scope == "authority" else "one post in each"
        place = "" if role.scope == "authority" else f" {role.scope}"
        yield Entry("Posts", ("roles", name), "", f"{role.title}: {holders}{place}")
    chain = ", then ".join(role_title(policy, role) for role in policy.chain) or "none"
    yield Entry("Posts", ("chain",), "", f"A vacant post is told as the next of: {chain}")
    yield Entry("Posts", ("fallback",), "", f"In the last resort: {role_title(policy, policy.fallback)}")


def _by_key(policy: Policy, name: str, held: object) -> Iterator[Entry]:
    """A setting without a chapter of its own: part by part, and each item of a list for itself."""
    chapter = plain(name).capitalize()
    if isinstance(held, BaseModel):
        for field in type(held).model_fields:
            yield Entry(chapter, (name, field), "", _setting(policy, name, field, getattr(held, field)))
    elif isinstance(held, tuple) and held and all(isinstance(each, BaseModel) for each in held):
        for number, each in enumerate(held, start=1):
            called = str(getattr(each, "name", number))
            about = str(getattr(each, "title", plain(called).capitalize()))
            for field in type(each).model_fields:
                words = _setting(policy, name, field, getattr(each, field))
                yield Entry(chapter, (name, called, field), about, words)
    else:
        yield Entry(chapter, (name,), "", f"{chapter}: {value(_told(policy, held))}")


def _setting(policy: Policy, name: str, field: str, held: object) -> str:
    return f"{SETTING_WORDS.get((name, field), plain(field).capitalize())}: {value(_told(policy, held))}"


def _told(policy: Policy, held: object) -> object:
    """A setting as plain data, with the roles by their titles; of a part, only what is set."""
    match held:
        case BaseModel():
            return {key: _told(policy, each) for key, each in held.model_dump(mode="json").items() if each}
        case tuple() | list():
            return [_told(policy, each) for each in held]
        case dict():
            return {key: _told(policy, each) for key, each in held.items()}
        case time():
            return f"{held:%H:%M}"
        case str() if held in policy.roles:
            return policy.roles[held].title
        case _:
            return held


def changes(before: Policy, after: Policy) -> list[Change]:
    """What was added, removed and changed, in the words of each version. Nothing for two equal frameworks."""
    old = {(each.chapter, each.key): each for each in entries(before)}
    new = {(each.chapter, each.key): each for each in entries(after)}
    found = []
    for place in [*old, *(place for place in new if place not in old)]:
        left, right = old.get(place), new.get(place)
        if left is not None and right is not None and left.words == right.words:
            continue
        shown = right or left
        if shown is not None:
            what: Literal["added", "removed", "changed"] = (
                "added" if left is None else "removed" if right is None else "changed"
            )
            words = (left.words if left else "", right.words if right else "")
            found.append(Change(what, shown.chapter, shown.about, *words))
    return found
