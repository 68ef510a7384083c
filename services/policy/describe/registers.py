"""The registers in words: who adds an entry, whom it is about, what is asked, and what happens later."""

from collections.abc import Iterator

from services.policy.describe.form import asks
from services.policy.describe.posts import role_title
from services.policy.describe.statement import Statement
from services.policy.describe.wording import listed, plain
from services.policy.model import Policy
from services.policy.registers import Register, RegisterStep


def registers(policy: Policy) -> Iterator[Statement]:
    """Every register, part by part, under its title."""
    if not policy.registers:
        yield Statement("Registers", ("registers",), "", "Registers: none")
    for register in policy.registers:
        for part, words in _register(policy, register):
            yield Statement("Registers", ("registers", register.name, part), register.title, words)


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
