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
    for register in policy.registers:
        for part, words in _register(policy, register):
            yield Statement("Registers beside the audits", ("registers", register.name, part), register.title, words)


def _register(policy: Policy, register: Register) -> Iterator[tuple[str, str]]:
    who = listed((role_title(policy, role) for role in register.by), "or") if register.by else "whoever may add entries"
    about = f", about {listed(map(_one, register.about))}" if register.about else ""
    named = f"; it may name {listed(map(_one, register.may_name), 'or')}" if register.may_name else ""
    ahead = "; it may be planned ahead of its day" if register.planned else ""
    yield "title", f"Called “{register.title}”"
    yield "by", f"An entry is added by {who}{about}{named}{ahead}"
    for question in register.questions:
        yield f"questions.{question.name}", asks(question)
    if register.items_at_least:
        yield "items_at_least", f"It asks about {_children(register.items_at_least)}"
    for question in register.items:
        yield f"items.{question.name}", f"Of each child: {asks(question)}"
    for step in register.steps:
        yield f"steps.{step.name}", f"Later: {_step(policy, register, step)}"
    yield "source", f"From {', '.join(register.source)}"


THINGS = {"child": "a child", "person": "a person", "team": "a team", "service": "a service"}


def _one(what: str) -> str:
    return THINGS.get(what, "something else with a reference")


def _children(count: int) -> str:
    return "at least one child" if count == 1 else f"at least {count} children"


def _step(policy: Policy, register: Register, step: RegisterStep) -> str:
    titles = {each.name: f"“{each.title}”" for each in register.steps}
    who = f", by {listed((role_title(policy, role) for role in step.by), 'or')}" if step.by else ""
    after = f", after {listed(titles.get(each, plain(each)) for each in step.after)}" if step.after else ""
    asked = f"; asked: {'; '.join(asks(each) for each in step.questions)}" if step.questions else ""
    return f"{step.title}{who}{after}{', each time that it happens' if step.repeats else ''}{asked}"
