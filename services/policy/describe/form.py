"""The form in words: what it asks for, the framework's own questions, and the texts that stand beside it."""

from collections.abc import Iterator, Mapping

from services.policy.describe.posts import PERSON_TITLES, role_title
from services.policy.describe.settings import said
from services.policy.describe.statement import Statement
from services.policy.describe.wording import listed, plain
from services.policy.form import FormQuestion, Question
from services.policy.model import Policy
from services.policy.suggestion import Deciding, Suggestion

SPOKEN = {"questions", "references", "lookback_rule"}
"""What has a chapter of its own, or is told with something else."""

LOOKBACK = {
    "limit": "The audit looks back over {}; only a reason goes further",
    "least": "The audit looks back over {} at least; only a reason stays within",
    "fixed": "The audit looks back over {}, neither less nor more",
}
MOMENTS: Mapping[str, str] = {
    "return": "the return",
    "feedback": "the feedback",
    "reflection": "the reflection",
    "meeting": "the meeting",
    "moderation": "the moderation",
    "sign_off": "the last comments",
    "closing": "the closing",
}
KINDS: Mapping[str, str] = {
    "text": "a text",
    "yes or no": "yes or no",
    "date": "a day",
    "number": "a number",
    "tags": "words of one's own",
    "reference": "a reference",
}


def form(policy: Policy) -> Iterator[Statement]:
    """What the form asks for, its questions, and the texts that stand beside it."""
    for name, field in type(policy.tool).model_fields.items():
        words = _setting(policy, name)
        if name not in SPOKEN and (words := words if words is not None else said(policy, policy.tool, name, field)):
            yield Statement("The form", ("tool", name), "", words)
    for question in policy.tool.questions:
        yield Statement(
            "Questions of the form",
            ("tool", "questions", question.name),
            question.section or "The whole file",
            asks(question, policy),
        )
    for reference in policy.tool.references:
        edition = f" ({reference.version})" if reference.version else ""
        source = f". From {', '.join(reference.source)}"
        words = f"{reference.title}{edition}: {'; '.join(reference.lines)}{source}"
        yield Statement(
            "Beside the form", ("tool", "references", reference.name), reference.beside or "The whole form", words
        )


def _setting(policy: Policy, name: str) -> str | None:  # noqa: C901, PLR0911, PLR0912 - a sentence for each setting
    """What has a sentence of its own; None for what its title is enough for."""
    tool = policy.tool
    match name:
        case "sections":
            return f"It has {len(tool.sections)} sections: {listed(tool.sections)}" if tool.sections else ""
        case "section_graders":
            done = "are graded" if policy.grades.sections else "have no grade and are commented on"
            return f"Sections {done} by the {listed(tool.section_graders, 'and the')}" if tool.section_graders else ""
        case "types":
            return (
                f"Types of audit: {listed(tool.types)}"
                if len(tool.types) > 1
                else f"Audits are of one type: {listed(tool.types)}"
            )
        case "feedback_required":
            given = [each.replace("parents_carers", "parents or carers") for each in tool.feedback_required]
            return f"Feedback must be sought from the {listed(given, 'and the')}" if given else ""
        case "lookback":
            return LOOKBACK[tool.lookback_rule].format(tool.lookback) if tool.lookback else ""
        case "form_types":
            return (
                f"The whole form is asked of audits of type {listed(tool.form_types, 'or')} alone"
                if tool.form_types
                else ""
            )
        case "bottom_lines_force":
            return (
                f"An unmet bottom line makes the overall grade “{tool.bottom_lines_force}”"
                if tool.bottom_lines_force
                else ""
            )
        case "indicator_map":
            parts = (f"“{name}” is made of {listed(each)}" for name, each in tool.indicator_map.items())
            return f"In reports, {'; '.join(parts)}" if tool.indicator_map else ""
        case "age_bands_read_as":
            parts = (f"{age} as {band}" for age, band in tool.age_bands_read_as.items())
            return (
                f"Ages outside of every band are read, with a flag: {listed(parts)}" if tool.age_bands_read_as else ""
            )
        case "warn_above_worst_section":
            steps = tool.warn_above_worst_section
            return f"An overall grade {steps} steps better than the worst section gives a warning" if steps else ""
        case "agencies":
            parts = (
                f"an audit of type “{label}” for {listed(role_title(policy, each) for each in agencies)}"
                for label, agencies in tool.agencies.items()
            )
            return f"Other agencies score as well, each for itself: {'; '.join(parts)}" if tool.agencies else ""
        case "further_files":
            parts = (
                f"{each.of}, one more file of the same {each.same.replace('worker', 'practitioner')}, as “{of}”"
                for of, each in tool.further_files.items()
            )
            return f"Further files are asked for by audits of type {'; '.join(parts)}" if tool.further_files else ""
        case "review_prompts":
            return "; ".join(
                f"Reviews of {plain(name)}: " + ", ".join(f"{step.name} within {step.within}" for step in steps)
                for name, steps in tool.review_prompts.items()
            )
        case "suggestion":
            return _suggestion(tool.suggestion) if tool.suggestion else ""
        case "texts_required":
            return "Each section needs its evidence and its impact" if tool.texts_required else ""
        case _:
            return None


def _so_graded(deciding: Deciding) -> str:
    """`one section of A and B is graded 4`: when what decides or caps holds."""
    where = f" of {listed(deciding.sections)}" if len(deciding.sections) > 1 else ""
    one = deciding.sections[0] if len(deciding.sections) == 1 else f"one section{where}"
    held = f"{one} is" if deciding.at_least == 1 else f"at least {deciding.at_least} sections{where} are"
    return f"{held} graded {listed(deciding.graded, 'or')}"


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def _suggestion(rule: Suggestion) -> str:
    half = f"to the nearest whole, a half to the {rule.halves}"
    weighed = listed(f"{name} counts {_times(times)}" for name, times in rule.weights.items()) if rule.weights else ""
    mean = f"mean of the sections, {half}" + (f", where {weighed}" if weighed else "")
    come = "grade of the worst section" if rule.way == "worst" else mean
    words = f"The overall grade that is suggested is the {come}"
    for each in rule.deciding:
        words += f"; if {_so_graded(each)}, it is “{each.grade}” whatever the others are"
    for each in rule.capped:
        words += f"; if {_so_graded(each)}, it is “{each.grade}” at best"
    match rule.departure:
        case None:
            return f"{words}. The auditor may depart from it, with a reason"
        case 0:
            return f"{words}. Nobody departs from it"
        case 1:
            return f"{words}. The auditor may depart from it by one step, with a reason"
        case steps:
            return f"{words}. The auditor may depart from it by up to {steps} steps, with a reason"


def asks(question: Question, policy: Policy | None = None) -> str:
    """A question in words: what it asks, what counts as an answer, when and of which files."""
    options = listed(question.options, "or")
    several = f"any of {options}" if question.kind == "choices" else options
    words = f"{question.title} ({KINDS.get(question.kind, several)}"
    words += ", needed)" if question.required else ")"
    bounds = (("at least", question.at_least), ("at most", question.at_most))
    standard = listed(f"{phrase} {bound:g}" for phrase, bound in bounds if bound is not None)
    words += f"; the standard is {standard}" if (question.at_least, question.at_most) != (None, None) else ""
    if isinstance(question, FormQuestion):
        words += _when(question, policy)
    return f"{words}. From {', '.join(question.source)}"


def _when(question: FormQuestion, policy: Policy | None) -> str:
    titles = {rule.name: f"“{rule.title}”" for rule in policy.obligations} if policy else {}
    words = ""
    if question.asked_at != ("return",):
        moments = (
            MOMENTS.get(each) or titles.get(each) or PERSON_TITLES.get(each) or plain(each)
            for each in question.asked_at
        )
        words += f"; asked at {listed(moments)}"
    for files in (question.audit_types, question.strands):
        words += f"; for {listed(files, 'or')}" if files else ""
    return words
