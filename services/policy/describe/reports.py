"""The reports in words: who makes each, for whom and by when, and what stands in it."""

from collections.abc import Iterator
from itertools import chain

from services.policy.blocks.block import ReportBlock
from services.policy.blocks.entries import all_questions
from services.policy.describe.clocks import ROLLED, step_in_words
from services.policy.describe.posts import role_title
from services.policy.describe.settings import SILENT, told
from services.policy.describe.statement import Statement
from services.policy.describe.wording import listed, period, plain, sentence, value
from services.policy.model import Policy
from services.policy.reports import Report
from services.policy.rules import rule_of, written

UNSAID = {"block", "title"}


def reports(policy: Policy) -> Iterator[Statement]:
    """Every report, section by section, under its title."""
    for report in policy.reports:
        for part, words in _report(policy, report):
            yield Statement("Reports", ("reports", report.name, part), report.title, words)


def _report(policy: Policy, report: Report) -> Iterator[tuple[str, str]]:
    yield "title", f"Called “{report.title}”"
    yield "made_by", f"Made by {role_title(policy, report.made_by)}{_per(report)}"
    yield (
        "audience",
        f"For {listed(role_title(policy, each) if each in policy.roles else each for each in report.audience)}",
    )
    yield "every", _when(report)
    rule = rule_of(policy, report)
    if report.meets is not None:
        titles = {each.name: each.title for each in policy.duties}
        yield "meets", f"Issued, it meets the task “{titles.get(report.meets, report.meets)}”"
    if rule is not None:
        for rung in rule.ladder:
            yield f"ladder.{rung.name}", sentence(step_in_words(policy, rule, rung))
    if report.sides is not None:
        yield "sides", f"At most {report.sides} sides of A4"
    for section in report.sections:
        source = f". From {', '.join(section.source)}" if section.source else ""
        shown = " | ".join(in_words(policy, block) for block in section.show)
        yield f"sections.{section.name}", f"{section.title}: {shown}{source}"
    yield "source", f"From {', '.join(report.source)}"


def _per(report: Report) -> str:
    where = " of another service" if report.from_other_service else ""
    return where if report.per == "authority" else f"{where}, one for each {report.per}"


def _when(report: Report) -> str:
    if report.every is None or report.due is None:
        return "Made on request"
    rolled = f"; {ROLLED[report.roll_non_working]}" if report.roll_non_working else ""
    return f"Made every {period(report.every)}, due {report.due} after its last day{rolled}"


def in_words(policy: Policy, block: ReportBlock) -> str:
    """A block with all that is set of it: `Audits “Of the month”; counted: returned, moderated; by: team`."""
    title = f" “{block.title}”" if block.title else ""
    said = []
    for name, field in type(block).model_fields.items():
        held = getattr(block, name)
        if name not in UNSAID and held not in SILENT and held != field.get_default(call_default_factory=True):
            called = field.title or plain(name)
            said.append(called if held is True else _set(policy, called, held, _titles(policy, name)))
    return "; ".join([f"{type(block).shows}{title}", *said])


def _titles(policy: Policy, name: str) -> dict[str, str]:
    """What the names of a setting are called in the framework."""
    if name in {"of", "entries", "registers"}:
        return {each.name: f"“{each.title}”" for each in policy.registers}
    if name == "rules":
        return {each.name: f"“{each.title}”" for each in written(policy)}
    if name in {"answers", "questions"}:
        asked = chain(policy.tool.questions, *(all_questions(each) for each in policy.registers))
        return {each.name: f"“{each.title}”" for each in asked}
    return {}


def _set(policy: Policy, called: str, held: object, titles: dict[str, str]) -> str:
    match held:
        case ReportBlock():
            return f"{called} {in_words(policy, held)}"
        case dict():
            return f"{called} {listed(f'{_plain(name)} {value(told(policy, each))}' for name, each in held.items())}"
        case tuple() if all(isinstance(each, str) for each in held):
            return f"{called} {listed(titles.get(each, value(told(policy, each))) for each in held)}"
        case str():
            return f"{called} {titles.get(held, value(told(policy, held)))}"
        case _:
            return f"{called} {value(told(policy, held))}"


def _plain(name: object) -> str:
    return plain(str(name))
