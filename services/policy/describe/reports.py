"""The reports in words: who makes each, for whom and by when, and what stands in it."""

from collections.abc import Iterator

from services.policy.describe.blocks import in_words
from services.policy.describe.clocks import ROLLED, step_in_words
from services.policy.describe.posts import role_title
from services.policy.describe.statement import Statement
from services.policy.describe.wording import listed, period, sentence
from services.policy.model import Policy
from services.policy.reports import Report
from services.policy.rules import rule_of


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
