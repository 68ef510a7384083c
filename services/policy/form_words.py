"""The questions and references of a form in words."""

from collections.abc import Iterator

from services.policy.form import FormQuestion, Question
from services.policy.model import Policy
from services.policy.phrases import listed, plain

Told = tuple[str, tuple[str, ...], str, str]
"""A statement: its chapter, its key, the heading under the chapter, and the words."""


def form_in_words(policy: Policy) -> Iterator[Told]:
    """The framework's own questions, and the texts that stand beside the form."""
    for question in policy.tool.questions:
        yield "Questions", ("tool", "questions", question.name), question.section or "", asks(question)
    for reference in policy.tool.references:
        edition = f" ({reference.version})" if reference.version else ""
        words = f"{reference.title}{edition}: {'; '.join(reference.lines)}"
        yield "Beside the form", ("tool", "references", reference.name), reference.beside or "", words


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
