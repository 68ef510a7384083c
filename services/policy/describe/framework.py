"""A framework in words that a QA manager can check against the paper, chapter by chapter.

Every setting of a policy file is told in some statement: one that has no words of its own is told by its key.
"""

from collections.abc import Iterator
from itertools import chain

from services.policy.describe.actions import priorities
from services.policy.describe.acts import acts
from services.policy.describe.clocks import OF_AUDITS, chapter_of_kind, clocks
from services.policy.describe.form import form
from services.policy.describe.frame import choosing, closing, dates, disputes, grade_disputes, samples, separation
from services.policy.describe.indicators import indicators
from services.policy.describe.posts import posts
from services.policy.describe.registers import registers
from services.policy.describe.reports import reports
from services.policy.describe.rounds import rounds
from services.policy.describe.scales import scales
from services.policy.describe.settings import told_settings
from services.policy.describe.statement import Statement
from services.policy.describe.tasks import tasks
from services.policy.known import Known
from services.policy.model import Policy

TOLD = {
    *("authority", "version", "effective_from", "framework", "review_due", "roles", "chain", "fallback", "areas"),
    *("grades", "selection", "months", "exemption", "rounds", "tool", "obligations", "alerts", "samples", "closing"),
    *("dispute_chain", "registers", "duties", "standing", "indicators", "reports", "acts", "own_unit", "calendar"),
    *("grade_dispute", "messages", "copies", "called", "knowingly", "actions", "separation"),
}
"""What has words of its own; every other part is told by its fields, in a chapter of its own."""


def statements(policy: Policy, known: Known) -> Iterator[Statement]:
    """The framework, statement by statement, by the stages of the work. What it is silent about is not told.

    `known` gives the acts their words.
    """
    owed = list(clocks(policy))

    def of(kind: str) -> Iterator[Statement]:
        return (each for each in owed if each.chapter == chapter_of_kind(kind))

    beside = {chapter_of_kind("round"), chapter_of_kind("month"), chapter_of_kind("dispute")}
    beside |= {*OF_AUDITS, chapter_of_kind("entry"), chapter_of_kind("duty")}
    yield from _head(policy)
    yield from chain(
        posts(policy), scales(policy), choosing(policy), separation(policy), rounds(policy), of("round"), form(policy)
    )
    yield from priorities(policy)
    yield from (each for each in owed if each.chapter in OF_AUDITS)
    yield from chain(
        closing(policy), samples(policy), of("month"), disputes(policy), grade_disputes(policy), of("dispute")
    )
    yield from chain(registers(policy), of("entry"), tasks(policy), of("duty"))
    yield from (each for each in owed if each.chapter not in beside)
    yield from chain(indicators(policy), reports(policy))
    yield from chain(acts(policy, known), dates(policy))
    for name in Policy.model_fields:
        if name not in TOLD:
            yield from told_settings(policy, name, name.replace("_", " ").capitalize())


def _head(policy: Policy) -> Iterator[Statement]:
    chapter = "The framework"
    yield Statement(chapter, ("framework",), "", policy.framework)
    force = f"Version {policy.version}, in force from {policy.effective_from:%-d %B %Y}"
    yield Statement(chapter, ("version",), "", f"{force}, for {policy.authority.replace('-', ' ').title()}")
    if policy.review_due:
        yield Statement(chapter, ("review_due",), "", f"Its own review is due on {policy.review_due:%-d %B %Y}")
