"""A framework in words that a QA manager can check against the paper, chapter by chapter.

Every setting of a policy file is told in some statement: one that has no words of its own is told by its key.
"""

from collections.abc import Iterator
from itertools import chain

from services.policy.describe.acts import acts
from services.policy.describe.clocks import clocks
from services.policy.describe.form import form
from services.policy.describe.indicators import indicators
from services.policy.describe.posts import posts
from services.policy.describe.registers import registers
from services.policy.describe.reports import reports
from services.policy.describe.scales import scales
from services.policy.describe.settings import settings
from services.policy.describe.statement import Statement
from services.policy.describe.wording import plain, value
from services.policy.known import Known
from services.policy.model import Policy

FRAME = ("authority", "version", "effective_from", "framework", "review_due")
POSTS = ("roles", "chain", "fallback", "acts", "own_unit")
TOLD_APART = {*FRAME, *POSTS, "grades", "tool", "obligations", "registers", "indicators", "reports"}
"""What has a chapter with words of its own; every other part is told by its fields."""


def statements(policy: Policy, known: Known) -> Iterator[Statement]:
    """The framework, statement by statement, in the order of the paper. `known` gives the acts their words."""
    for name in FRAME:
        words = f"{plain(name).capitalize()}: {value(getattr(policy, name))}"
        yield Statement("Framework", (name,), "", words)
    yield from chain(scales(policy), form(policy), registers(policy), posts(policy), clocks(policy))
    yield from chain(indicators(policy), reports(policy), acts(policy, known))
    for name in Policy.model_fields:
        if name not in TOLD_APART:
            yield from settings(policy, name)
