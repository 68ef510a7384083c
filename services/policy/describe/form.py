"""The form in words: what it asks for, the framework's own questions, and the texts that stand beside it."""

from collections.abc import Iterator

from services.policy.describe.settings import title_of, told
from services.policy.describe.statement import Statement
from services.policy.describe.wording import listed, plain, value
from services.policy.form import FormQuestion, Question
from services.policy.model import Policy

SPOKEN = {"questions", "references"}
"""What has a chapter of its own."""


def form(policy: Policy) -> Iterator[Statement]:
    """What the form asks for, its questions, and the texts that stand beside it."""
    for name, field in type(policy.tool).model_fields.items():
        if name not in SPOKEN:
            words = f"{title_of(name, field)}: {value(told(policy, getattr(policy.tool, name)))}"
            yield Statement("Form", ("tool", name), "", words)
    for question in policy.tool.questions:
        yield Statement("Questions", ("tool", "questions", question.name), question.section or "", asks(question))
    for reference in policy.tool.references:
        edition = f" ({reference.version})" if reference.version else ""
        words = f"{reference.title}{edition}: {'; '.join(reference.lines)}"
        yield Statement("Beside the form", ("tool", "references", reference.name), reference.beside or "", words)


def asks(question: Question) -> str:
    """A question in words: what it asks, what counts as an answer, when and of which files."""
    options = f": {listed(question.options, 'or')}" if question.options else ""
    words = f"{question.title} ({question.kind}{options})"
    words += ", must be answered" if question.required else ""
    for bound, phrase in ((question.at_least, "at least"), (question.at_most, "at most")):
        words += f", the standard is {phrase} {bound:g}" if bound is not None else ""
    if isinstance(question, FormQuestion):
        words += f"; asked at the {listed((plain(each) for each in question.asked_at), 'and')}"
        for files in (question.audit_types, question.strands):
            words += f", for {listed(files, 'or')}" if files else ""
    return f"{words}. From {', '.join(question.source)}"
