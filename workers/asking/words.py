"""The framework's own words for its keys, and people as they are told: the same on a screen and on paper."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from events.escalations import Recipient
    from projections.grade_changes import Scales
    from services.policy.model import Policy
    from services.policy.versions import Policies

KEY = re.compile(r"(?<=“)[a-z][a-z0-9_]*(?=”)|[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
"""A key of the policy in a sentence: it has an underscore, or stands in quotes."""

MARKED = re.compile(r"«(\??[a-z][a-z0-9_]*(?:/[a-z0-9_]+)?)»")
"""A key that the sentence marks as one (see `events.wording.key`)."""

PLACE = re.compile(r"\{[a-z_]+\}")
"""A place in a title that is filled when a step fires."""


IN_A_RECORD = {
    "action_owner": "owner of the action",
    "plan_lead": "lead of the child's plan",
    "reauditor": "auditor of the re-audit",
}
"""Persons that a record itself names and no policy has a title for, where the key alone is no word."""


def record(about: str) -> str:
    """A record as it is told: what it is, and its reference."""
    return about.replace("/", " ", 1)


def titles_of(policies: "Policies") -> dict[str, str]:
    """Everything that a policy has a key for in the framework's own words, the newest that there are for each.

    Roles, obligations, registers, tasks and indicators stand under their keys, a step under `obligation/step` or
    `register/step`, a question under `?question`. What a later version no longer knows keeps its name:
    history speaks of it.
    """
    from services.policy.rules import rules, written  # noqa: PLC0415 - to say what is named already, no policy is needed

    titles: dict[str, str] = {}
    for policy in policies.versions:
        titles |= {f"report/{each.name}": each.title for each in policy.reports}
        for named in (policy.reports, policy.indicators, policy.duties, policy.registers, written(policy)):
            titles |= {each.name: each.title for each in named}
        titles |= {f"{rule.name}/{step.name}": step.title for rule in rules(policy) for step in rule.ladder}
        titles |= {f"{each.name}/{step.name}": step.title for each in policy.registers for step in each.steps}
        titles |= {f"?{name}": title for name, title in titles_of_questions(policy).items()}
        titles |= {key: role.title for key, role in policy.roles.items()}
    titles = IN_A_RECORD | titles
    return {key: PLACE.sub("…", title) for key, title in titles.items()}


def titles_of_questions(policy: "Policy") -> dict[str, str]:
    """Every question by its name: the form's, and those of the registers, their items and their steps."""
    of_registers = (
        question
        for register in policy.registers
        for asked in (register.questions, register.items, *(step.questions for step in register.steps))
        for question in asked
    )
    return {each.name: each.title for each in (*of_registers, *policy.tool.questions)}


def scales_of(policies: "Policies") -> "Scales":
    """The scales of every version of an authority's framework."""
    from projections.grade_changes import Scale  # noqa: PLC0415 - the view of one question among many

    return {
        each.version: Scale(overall=each.grades.overall, sections=each.grades.sections) for each in policies.versions
    }


def in_words(sentence: str, titles: Mapping[str, str]) -> str:
    """The sentence with the framework's own words in place of its keys."""

    def called(mark: re.Match[str]) -> str:
        return titles.get(mark[1]) or mark[1].lstrip("?").rpartition("/")[2].replace("_", " ")

    return KEY.sub(lambda key: titles.get(key[0], key[0]), MARKED.sub(called, sentence))


def people(recipients: "Sequence[Recipient]", titles: Mapping[str, str]) -> str:
    """Who was told: the post with its unit and holder, and the vacancies that were passed."""
    return "; ".join(_person(each, titles) for each in recipients)


def _person(recipient: "Recipient", titles: Mapping[str, str]) -> str:
    title = titles.get(recipient.role, recipient.role.replace("_", " "))
    title = f"allocated {title}" if recipient.role == "team" else title
    where = " ".join(filter(None, (recipient.unit, recipient.holder)))
    vacant = f"vacant: {', '.join(_vacancy(each, titles) for each in recipient.vacant)}" if recipient.vacant else ""
    inside = ", ".join(filter(None, (where, vacant)))
    return f"{title} ({inside})" if inside else title


def _vacancy(post: str, titles: Mapping[str, str]) -> str:
    """A post that was found empty, such as `director` or `team_manager of T-1`, in the framework's own words."""
    role, *where = post.split(" ", 1)
    return " ".join((titles.get(role, role.replace("_", " ")), *where))
