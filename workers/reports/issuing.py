"""Issuing at a door: the pages are made of the views as the order is taken, and found again as they were issued."""

import time

from events.errors import Forbidden, NotFound, Unavailable
from events.reports import Copy, ReportIssued
from services.core.command import Command
from services.obligations.report_dates import report_aggregate
from services.reports.commands import GivenPage, IssueReport
from services.reports.pages import put_together
from services.reports.state import Issue
from services.reports.state import Report as State
from workers.health.lag import lag
from workers.reports.copies import for_boards
from workers.reports.making import make, question
from workers.reports.narratives import Texts, with_versions
from workers.reports.page import AsAt, Report
from workers.system import System

NOW = AsAt()
TIMELINE = "timeline"
PATIENCE = 10.0
"""Seconds that the view has to take in what has been recorded: what is issued leaves nothing out that is known."""


def completed(system: System, command: Command) -> Command:
    """The command with the pages that it issues; any other stays as it is.

    Whoever may not issue it is given no page: the desk says why. Raises what making raises, and Unavailable where the
    view does not come to the end of the history in time.
    """
    if not isinstance(command, IssueReport) or command.pages or not _may_be_given(system, command):
        return command
    wait_for_views(system, command.authority)
    as_at = AsAt(happened_by=command.as_at, known_by=command.as_known)
    made = made_report(system, command.authority, command.report, command.period, unit=command.unit, as_at=as_at)
    copies = (made, for_boards(system, made))
    pages = tuple(GivenPage.model_validate({"copy": each.copy_, "content": content_of(each)}) for each in copies)
    return command.model_copy(update={"pages": pages})


def _may_be_given(system: System, command: Command) -> bool:
    return command.role in system.policies[command.authority].newest.acts.get(command.command, ())


def wait_for_views(system: System, authority: str, patience: float = PATIENCE) -> None:
    """Wait until the view that reports are made of holds all that has been recorded. Unavailable if it does not."""
    until = time.monotonic() + patience
    while (told := lag(system, authority, TIMELINE)) is not None:
        if time.monotonic() > until:
            raise Unavailable(told)
        time.sleep(0.02)


def made_report(
    system: System, authority: str, name: str, period: str, *, unit: str | None = None, as_at: AsAt = NOW
) -> Report:
    """The report as it stands, with who wrote its texts, which are not in it. Raises what making raises."""
    held = system.policies[authority]
    policy, asked = question(held, name, period, system.clock(), unit=unit, as_at=as_at)
    made = make(system.engine, authority, policy, asked)
    return with_versions(made, state_of(system, authority, report_aggregate(name, period, unit)))


def state_of(system: System, authority: str, record: str) -> State:
    """What the history has of a report; of one that was never begun, nothing."""
    return State.of(system.history(authority).load(record))


def content_of(made: Report) -> str:
    """The report as it is kept: the same report always gives the same bytes."""
    return made.model_dump_json()


def issue_of(state: State, record: str, number: int | None) -> Issue:
    """The issue of that number; without one, the last. NotFound where there is none."""
    if not state.issues:
        raise NotFound("issue of", record)
    if number is not None and not 1 <= number <= len(state.issues):
        raise NotFound("issue", f"{number} of {record} (the last is {len(state.issues)})")
    return state.issues[number - 1 if number else -1]


def kept(state: State, issued: ReportIssued, which: Copy) -> str:
    """The bytes of a copy as they were issued. NotFound for a copy that was not; BrokenHistory where they changed."""
    for page in issued.pages:
        if page.which == which:
            return put_together(page, state.pieces.get((issued.issue, which), ()))
    raise NotFound("copy", f"{which} of issue {issued.issue}")


def issued_for_boards(system: System, authority: str, record: str, as_at: AsAt = NOW) -> tuple[Report, Texts]:
    """The copy for whoever may not read named ones: what was issued last, and nothing else.

    Copies that are made anew each day, as at any day or of any span, differ by what lies between them: who may ask for
    them could take the one from the other. Forbidden for such a one, and for a report that was not issued yet.
    """
    only = "whoever may not read a named copy is shown a report as it was issued"
    if as_at != NOW:
        raise Forbidden("as-at", f"{only}, and as at no other day")
    state = state_of(system, authority, record)
    if not state.issues:
        raise Forbidden("copy", f"{only}: {record} was not issued yet")
    return as_issued(record, state, state.issues[-1].fact, "suppressed")


def as_issued(record: str, state: State, issued: ReportIssued, which: Copy) -> tuple[Report, Texts]:
    """The report as it was issued, and its texts, which are proved to be those that were. Raises what `kept` does."""
    made = Report.model_validate_json(kept(state, issued, which))
    texts = Texts.of(made, record, state)
    texts.require(issued.texts)
    return made, texts
