"""Every rule by which something is owed: the obligations of a policy, and what follows from its reports.

A report that is due after each period is owed like anything else, by a rule that is made of the report itself, so that
no policy has to say it twice.
"""

from collections.abc import Iterator

from services.policy.expressions import Addressee, Moment
from services.policy.model import ObligationRule, Policy, Trigger
from services.policy.reports import Report
from services.policy.yaml_positions import KeyPath

OWED = "report.owed"
"""The event that begins what a report owes: its period is over."""


def rule_of(policy: Policy, report: Report) -> ObligationRule | None:
    """The rule by which a report is owed: from the end of its period, until it is issued. None for one on request."""
    if report.every is None:
        return None
    role = policy.roles.get(report.made_by)
    of_a_unit = report.per != "authority" and role is not None and role.scope != "authority"
    return ObligationRule(
        name=report.name,
        title=report.title,
        source=report.source,
        trigger=Trigger(events=(OWED,), when={"report": report.name}),
        owner=Addressee.parse(f"{report.made_by} of about" if of_a_unit else report.made_by),
        due=Moment.parse("trigger.due"),
        met_by=("report.issued",),
        ladder=report.ladder,
    )


def of_reports(policy: Policy) -> Iterator[tuple[KeyPath, ObligationRule]]:
    """The rule of each report that is owed, with the key of the report."""
    for index, report in enumerate(policy.reports):
        if (rule := rule_of(policy, report)) is not None:
            yield ("reports", index), rule


def rules(policy: Policy) -> tuple[ObligationRule, ...]:
    """Every rule by which a record of an authority may owe something: the obligations, then those of reports."""
    return (*policy.obligations, *(rule for _, rule in of_reports(policy)))
