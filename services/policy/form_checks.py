"""What a form's questions and references must keep beyond their shape."""

from collections.abc import Iterator, Sequence

from services.policy.form import MOMENTS, FormQuestion, Question
from services.policy.key_path import KeyPath
from services.policy.model import Policy
from services.policy.near import near, unknown
from services.policy.suggestion import Deciding, Suggestion

Problem = tuple[KeyPath, str]

PICKED = ("choice", "choices")


def problems_of_form(policy: Policy) -> Iterator[Problem]:
    """Each broken rule of the audit's form with the key where it stands."""
    tool = policy.tool
    yield from _suggestion(policy)
    yield from problems_of_questions(tool.questions, ("tool", "questions"))
    for index, question in enumerate(tool.questions):
        yield from _place(policy, question, ("tool", "questions", index))
    known = {*tool.sections, *tool.strands, *policy.grades.overall, *policy.grades.sections}
    names = [each.name for each in tool.references]
    for index, reference in enumerate(tool.references):
        at: KeyPath = ("tool", "references", index)
        if reference.name in names[:index]:
            yield (*at, "name"), f"the reference {reference.name} is defined twice"
        if reference.beside is not None and reference.beside not in known:
            yield (
                (*at, "beside"),
                f"{reference.beside} is not a section, a strand or a grade{near(reference.beside, known)}",
            )
    if tool.lookback is None and tool.lookback_rule != "limit":
        yield ("tool", "lookback_rule"), "there is no look-back that it could be the rule of"


def problems_of_questions(questions: Sequence[Question], at: KeyPath) -> Iterator[Problem]:
    """What questions of any form must keep: one name each, options where one is picked, standards for numbers."""
    names = [each.name for each in questions]
    for index, question in enumerate(questions):
        here: KeyPath = (*at, index)
        if question.name in names[:index]:
            yield (*here, "name"), f"the question {question.name} is defined twice"
        if (question.kind in PICKED) != bool(question.options):
            yield (*here, "options"), "a choice needs its options, and nothing else has any"
        for bound in ("at_least", "at_most"):
            if getattr(question, bound) is not None and question.kind != "number":
                yield (*here, bound), "only a number has a standard"
        if question.at_least is not None and question.at_most is not None and question.at_least > question.at_most:
            yield (*here, "at_most"), "the standard asks for more than it allows"


def _place(policy: Policy, question: FormQuestion, at: KeyPath) -> Iterator[Problem]:
    met = {rule.name for rule in policy.obligations if "obligation.met" in rule.met_by}
    for number, moment in enumerate(question.asked_at):
        if moment not in MOMENTS and moment not in met:
            said = f"{moment} is not one of {', '.join(MOMENTS)}, nor something recorded as met"
            yield (*at, "asked_at", number), f"{said}{near(moment, {*MOMENTS, *met}, few=0)}"
    if question.section is not None and question.section not in policy.tool.sections:
        yield (*at, "section"), unknown("section", question.section, policy.tool.sections)
    for number, label in enumerate(question.audit_types):
        if label not in policy.tool.types:
            yield (*at, "audit_types", number), unknown("type of audit", label, policy.tool.types)
    for number, label in enumerate(question.strands):
        if label not in policy.tool.strands:
            yield (*at, "strands", number), unknown("strand", label, policy.tool.strands)


def _suggestion(policy: Policy) -> Iterator[Problem]:
    """A suggested grade needs two scales that are alike, and grades and sections that there are."""
    rule, grades = policy.tool.suggestion, policy.grades
    if rule is None:
        return
    at: KeyPath = ("tool", "suggestion")
    if len(grades.overall) != len(grades.sections):
        counts = f"{len(grades.overall)} overall grades and {len(grades.sections)} of sections"
        yield at, f"there are {counts}: what the sections come to is no overall grade"
    if rule.way == "worst" and "halves" in rule.model_fields_set:
        yield (*at, "halves"), "the worst grade is never a half: leave `halves` out"
    yield from (((*at, *key), words) for key, words in _weights(policy, rule))
    for knob in ("deciding", "capped"):
        for index, each in enumerate(getattr(rule, knob)):
            yield from (((*at, knob, index, *key), words) for key, words in _deciding(policy, each))
    for index, each in enumerate(rule.capped):
        if each.grade == grades.overall[0]:
            yield (*at, "capped", index, "grade"), f"{each.grade} is the best there is: it caps nothing"


def _weights(policy: Policy, rule: Suggestion) -> Iterator[Problem]:
    if rule.way == "worst" and rule.weights:
        yield ("weights",), "only a mean is weighed: leave `weights` out"
    for section in rule.weights:
        if section not in policy.tool.sections:
            yield ("weights", section), unknown("section", section, policy.tool.sections)


def _deciding(policy: Policy, each: Deciding) -> Iterator[Problem]:
    grades, sections = policy.grades, policy.tool.sections
    if each.grade not in grades.overall:
        yield ("grade",), unknown("grade", each.grade, grades.overall)
    for number, grade in enumerate(each.graded):
        if grade not in grades.sections:
            yield ("graded", number), unknown("grade", grade, grades.sections)
    for number, section in enumerate(each.sections):
        if section not in sections:
            yield ("sections", number), unknown("section", section, sections)
    if each.at_least > len(each.sections or sections):
        yield ("at_least",), "there are fewer sections than that: it never holds"
