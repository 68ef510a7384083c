"""The questions and references of a form, and the registers, in words."""

from collections.abc import Iterator

from services.policy.describe.phrases import listed, plain, role_title
from services.policy.form import FormQuestion, Question
from services.policy.model import Policy
from services.policy.registers import Register, RegisterStep

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


def registers_in_words(policy: Policy) -> Iterator[Told]:
    """The registers: who adds an entry, whom it is about, what is asked, and what happens later."""
    if not policy.registers:
        yield "Registers", ("registers",), "", "Registers: none"
    for register in policy.registers:
        for part, words in _register(policy, register):
            yield "Registers", ("registers", register.name, part), register.title, words


def _register(policy: Policy, register: Register) -> Iterator[tuple[str, str]]:
    who = listed((role_title(policy, role) for role in register.by), "or") if register.by else "whoever may add entries"
    about = f", about {listed(f'a {each}' for each in register.about)}" if register.about else ""
    named = f", which may name {listed((f'a {each}' for each in register.may_name), 'or')}" if register.may_name else ""
    yield "by", f"Added by {who}{about}{named}{', ahead of its day' if register.planned else ''}"
    for question in register.questions:
        yield f"questions.{question.name}", asks(question)
    if register.items_at_least:
        yield "items_at_least", f"At least {register.items_at_least} children"
    for question in register.items:
        yield f"items.{question.name}", f"Of each child: {asks(question)}"
    for step in register.steps:
        yield f"steps.{step.name}", f"Later: {_step(policy, step)}"
    yield "source", f"From {', '.join(register.source)}"


def _step(policy: Policy, step: RegisterStep) -> str:
    who = f", by {listed((role_title(policy, role) for role in step.by), 'or')}" if step.by else ""
    after = f", after {listed(plain(each) for each in step.after)}" if step.after else ""
    asked = f"; asked: {'; '.join(asks(each) for each in step.questions)}" if step.questions else ""
    return f"{step.title}{who}{after}{', as often as it happens' if step.repeats else ''}{asked}"
