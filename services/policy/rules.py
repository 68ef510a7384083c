"""Every rule that acts start: the obligations of a policy, its alerts, and what follows from its reports.

An alert is worked out like an obligation that nobody owes. A report that is due after each period is owed like anything
else, by a rule that is made of the report itself, so that no policy has to say it twice.
"""

from collections.abc import Iterator

from services.policy.expressions import Addressee, Moment
from services.policy.key_path import KeyPath
from services.policy.model import ObligationRule, Policy, Trigger
from services.policy.reports import Report

OWED = "report.owed"
"""The event that begins what a report owes: its period is over."""


def rule_of(policy: Policy, report: Report) -> ObligationRule | None:
    """The rule by which a report is owed: from the end of its period, until it is issued. None for one on request."""
    if report.every is None:
        return None
    role = policy.roles.get(report.made_by)
    of_a_unit = report.per != "authority" and role is not None and role.scope != "authority"
    # Of what a sound policy says nothing has to be checked again.
    return ObligationRule.model_construct(
        name=report.name,
        title=report.title,
        source=report.source,
        trigger=Trigger.model_construct(events=(OWED,), when={"report": report.name}),
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


def placed(policy: Policy) -> Iterator[tuple[KeyPath, ObligationRule]]:
    """The rules of a policy that are written as such, with the key of each: the obligations, then the alerts."""
    yield from ((("obligations", index), rule) for index, rule in enumerate(policy.obligations))
    yield from ((("alerts", index), alert.rule) for index, alert in enumerate(policy.alerts))


def named(rule: ObligationRule) -> list[tuple[KeyPath, Addressee]]:
    """Who owes it, then everybody whom its steps name, each with the key beneath that of the rule."""
    owner: list[tuple[KeyPath, Addressee]] = [] if rule.owner is None else [(("owner",), rule.owner)]
    return owner + [
        (("ladder", index, "to", number), addressee)
        for index, step in enumerate(rule.ladder)
        for number, addressee in enumerate(step.to)
    ]


def written(policy: Policy) -> tuple[ObligationRule, ...]:
    """Those rules in that order."""
    return (*policy.obligations, *(alert.rule for alert in policy.alerts))


def rules(policy: Policy) -> tuple[ObligationRule, ...]:
    """Every rule by which a record of an authority may owe or tell something: those written, then those of reports."""
    return (*written(policy), *(rule for _, rule in of_reports(policy)))
