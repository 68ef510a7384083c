"""The reports in words: who makes each, for whom and by when, and what stands in it."""

from collections.abc import Iterator

from services.policy.blocks.block import ReportBlock
from services.policy.describe.clocks import step_in_words
from services.policy.describe.posts import role_title
from services.policy.describe.settings import told
from services.policy.describe.statement import Statement
from services.policy.describe.wording import listed, plain, sentence, value
from services.policy.model import Policy
from services.policy.reports import Report
from services.policy.rules import rule_of

UNSAID = {"block", "title"}


def reports(policy: Policy) -> Iterator[Statement]:
    """Every report, section by section, under its title."""
    if not policy.reports:
        yield Statement("Reports", ("reports",), "", "Reports: none")
    for report in policy.reports:
        for part, words in _report(policy, report):
            yield Statement("Reports", ("reports", report.name, part), report.title, words)


def _report(policy: Policy, report: Report) -> Iterator[tuple[str, str]]:
    yield "made_by", f"Made by {role_title(policy, report.made_by)}{_per(report)}"
    yield (
        "audience",
        f"For {listed(role_title(policy, each) if each in policy.roles else each for each in report.audience)}",
    )
    yield "every", _when(report)
    rule = rule_of(policy, report)
    if rule is not None:
        for rung in rule.ladder:
            yield f"ladder.{rung.name}", sentence(step_in_words(policy, rule, rung))
        if not rule.ladder:
            yield "ladder", "Nobody is reminded of it or chased"
    if report.sides is not None:
        yield "sides", f"At most {report.sides} sides of A4"
    for section in report.sections:
        source = f" (from {', '.join(section.source)})" if section.source else ""
        yield f"sections.{section.name}", f"Section “{section.title}”{source}"
        for number, block in enumerate(section.show, start=1):
            yield f"sections.{section.name}.{number}", f"“{section.title}” shows {in_words(policy, block)}"
    yield "source", f"From {', '.join(report.source)}"


def _per(report: Report) -> str:
    return "" if report.per == "authority" else f", one for each {report.per}"


def _when(report: Report) -> str:
    if report.every is None or report.due is None:
        return "Made on request"
    return f"Made every {report.every}, due {report.due} after its last day"


def in_words(policy: Policy, block: ReportBlock) -> str:
    """A block with all that is set of it: `Audits “Of the month”; counted: returned, moderated; by: team`."""
    title = f" “{block.title}”" if block.title else ""
    fields = type(block).model_fields.items()
    held = ((field.title or plain(name), getattr(block, name)) for name, field in fields if name not in UNSAID)
    set_ = [f"{called}: {value(told(policy, each))}" for called, each in held if each not in (None, (), {}, False, "")]
    return "; ".join([f"{type(block).shows}{title}", *set_])
