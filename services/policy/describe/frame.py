"""The frame of a framework in words: how files are chosen, what closes an audit, how dates are counted."""

from calendar import month_name
from collections.abc import Iterator

from services.policy.describe.clocks import HOURS_IN_WORDS, ROLLED
from services.policy.describe.posts import role_title
from services.policy.describe.settings import told_settings
from services.policy.describe.statement import Statement
from services.policy.describe.wording import listed, plain, sentence
from services.policy.model import Policy
from services.policy.samples import Sample

VERSIONS_IN_WORDS = (
    "A new version holds for each clock that starts from its first day on, and for who may do what; a clock that runs "
    "goes on by the version under which it started, and an audit keeps the form and the grades that it began with"
)
"""What holds of the versions of every framework."""


def choosing(policy: Policy) -> Iterator[Statement]:
    """Which files may be chosen, by whom, and on which grounds one need not be audited."""
    chapter = "Choosing files"
    for label, span in policy.selection.min_open.items():
        words = f"A file is chosen for an audit of type {label} only once it has been open for {span}"
        yield Statement(chapter, ("selection", "min_open", label), "", words)
    for label, role in policy.selection.by.items():
        words = f"Files for an audit of type {label} are chosen by {role_title(policy, role)} alone"
        yield Statement(chapter, ("selection", "by", label), "", words)
    for label, roles in policy.selection.auditors.items():
        who = listed([role_title(policy, role) for role in roles], "or")
        words = f"An audit of type {label} is given to nobody but a holder of the post {who}"
        yield Statement(chapter, ("selection", "auditors", label), "", words)
    if policy.months.one_per_team:
        words = f"A team has one audit a month of type {listed(policy.months.one_per_team, 'or')}"
        yield Statement(chapter, ("months", "one_per_team"), "", words)
    if policy.exemption:
        who = role_title(policy, policy.exemption.requested_by)
        words = (
            f"{sentence(who)} may ask for an audit not to be done, because: {listed(policy.exemption.grounds, 'or')}"
        )
        yield Statement(chapter, ("exemption",), "", words)


def separation(policy: Policy) -> Iterator[Statement]:
    """Who may not audit or moderate."""
    chapter, held = "Who may not", policy.separation
    if held.auditor_not_of:
        words = f"Nobody audits a child of their own {held.auditor_not_of}"
        yield Statement(chapter, ("separation", "auditor_not_of"), "", words)
    if held.moderator_not_of:
        words = f"Nobody moderates the audit of a child of their own {held.moderator_not_of}"
        yield Statement(chapter, ("separation", "moderator_not_of"), "", words)
    if held.moderator_not_with_auditor:
        words = f"Nobody moderates what somebody of their own {held.moderator_not_with_auditor} audited"
        yield Statement(chapter, ("separation", "moderator_not_with_auditor"), "", words)
    if held.another_reauditor:
        words = "Nobody audits again what they audited before"
        yield Statement(chapter, ("separation", "another_reauditor"), "", words)


def samples(policy: Policy) -> Iterator[Statement]:
    """Which audits of a month, or of a longer period, are drawn."""
    for sample in policy.samples:
        words = _sample(sample)
        yield Statement("Samples", ("samples", sample.name), "", words)
    if policy.months.per == "service":
        words = "A month is counted, and its samples are drawn, for each service by itself"
        yield Statement("Samples", ("months", "per"), "", words)


def _sample(sample: Sample) -> str:
    name = sentence(plain(sample.name))
    types = f" of type {listed(sample.types, 'or')}" if sample.types else ""
    done = "moderated" if sample.of == "moderated" else "returned"
    yet = "not moderated by then" if sample.of == "unmoderated" else ""
    drawn = [f"{sample.share} per cent (rounded up)"] if sample.share else []
    drawn += [f"at least {sample.at_least}"] if sample.at_least else []
    span = f"{done} in a {sample.every}"
    words = f"{name}: of the audits{types} {span} {listed(drawn)} are drawn" if drawn else f"{name}: "
    if drawn and yet:
        words += f" from those {yet}"
    if sample.always:
        alone = f"of those {span}{f' and {yet}' if yet else ''}" if sample.carries else "of a month"
        beside = f", and beside them all{' of those' if yet else ''}" if drawn else f"{alone} all"
        words += f"{beside} that are graded “{plain(sample.always)}”"
    if not sample.draws:
        whole = f"the audits{types} {span}" if sample.carries else f"the month's returned audits{types}"
        words += f"no share of {whole} is set, so that none is drawn"
    elif sample.carries:
        when = "on any day, as they fall due" if sample.any_day else f"once the {sample.every} is over"
        words += f", {when}; no audit is in two draws, and what was drawn before counts towards the share"
    return f"{words}; each one chosen is marked, so that what follows is owed of it" if sample.marked else words


def closing(policy: Policy) -> Iterator[Statement]:
    """What must have happened before an audit is filed or closed."""
    yield from told_settings(policy, "closing", "Closing an audit")


def disputes(policy: Policy) -> Iterator[Statement]:
    """Up which posts a dispute goes."""
    if policy.dispute_chain:
        tiers = ", then ".join(role_title(policy, role) for role in policy.dispute_chain)
        yield Statement("Disputes", ("dispute_chain",), "", f"A dispute goes up one post after the other: {tiers}")


def grade_disputes(policy: Policy) -> Iterator[Statement]:
    """Until when a grade may be disputed, by whom, and who settles it."""
    if policy.grade_dispute is None:
        return
    raised, settled = (_who(policy, act) for act in ("audit.dispute_grade", "audit.settle_grade"))
    words = f"The moderated grade may be disputed by {raised} within {policy.grade_dispute.within} of the moderation"
    words += f"; it is settled by {settled}, whose grade is final"
    yield Statement("Disputes", ("grade_dispute",), "", words)


def _who(policy: Policy, act: str) -> str:
    return listed((role_title(policy, role) for role in policy.acts.get(act, ())), "or")


def dates(policy: Policy) -> Iterator[Statement]:
    """How dates are counted, how notices reach people, what a board's copy hides, and what is odd and meant."""
    chapter, calendar = "Dates and messages", policy.calendar
    yield Statement(chapter, ("calendar", "roll_non_working"), "", sentence(ROLLED[calendar.roll_non_working]))
    if calendar.closures:
        days = listed(f"{day:%-d %B %Y}" for day in calendar.closures)
        yield Statement(chapter, ("calendar", "closures"), "", f"Nobody works on {days} either")
    if calendar.closed_each_year:
        days = listed(f"{each}" for each in calendar.closed_each_year)
        yield Statement(chapter, ("calendar", "closed_each_year"), "", f"Nobody works on {days} of any year")
    hour = f"A notice for a day goes at {calendar.notice_hour:%H:%M}"
    yield Statement(chapter, ("calendar", "notice_hour"), "", hour)
    yield Statement(chapter, ("obligations",), "", HOURS_IN_WORDS)
    yield Statement(chapter, ("effective_from",), "", VERSIONS_IN_WORDS)
    year = f"The year begins with {month_name[calendar.year_start]}; quarters and halves are counted from then"
    yield Statement(chapter, ("calendar", "year_start"), "", year)
    kinds = listed(f"{each}s" for each in policy.messages.at_once) if policy.messages.at_once else ""
    alone = f"{sentence(kinds)} go at once, each by itself; " if kinds else ""
    digest = f"{alone}everything else goes in one digest a day, at {policy.messages.digest_at:%H:%M}"
    yield Statement(chapter, ("messages",), "", sentence(digest))
    hidden = f"A copy of a report for boards hides numbers from 1 to {policy.copies.suppress_up_to}"
    if policy.copies.suppress_up_to:
        yield Statement(chapter, ("copies", "suppress_up_to"), "", hidden)
    for unit, word in policy.called.items():
        yield Statement(chapter, ("called", unit), "", f"A {unit} is called “{word}”, in reports as well")
    for place, reason in policy.knowingly.items():
        words = f"Left so on purpose, {plain(place.rpartition('.')[2])}: {reason}"
        yield Statement(chapter, ("knowingly", place), "", words)
