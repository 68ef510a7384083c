"""What follows from a command about a report: what was written in it, or that it was issued as it stands."""

from collections.abc import Iterator
from hashlib import sha256

from events.base import Fact
from events.errors import Conflict, Forbidden, NotFound, Refused
from events.escalations import NoticeSent
from events.reports import IssuedPage, IssuedText, PageKept, ReportCommented, ReportIssued
from services.clock import at_local, local_date
from services.core.situation import Situation
from services.directory.places import shared
from services.directory.recipients import Lookup, Named
from services.obligations.report_dates import Asked, report_of
from services.policy import reports as policy_reports
from services.policy.blocks.narrative import Narrative
from services.policy.expressions import Addressee
from services.policy.ladders import END_OF_DAY
from services.policy.model import Policy
from services.reports.commands import CommentReport, GivenPage, IssueReport, ReportCommand
from services.reports.pages import Head, digest_of, pieces_of
from services.reports.state import Report

LONGEST_REFERENCE = 64
UNMADE = "unmade"
"""The type of what stands on a page in the place of a block that could not be made."""

ISSUED = "issued"
"""The step by which the audience is told."""


def comment(command: CommentReport, report: Report, situation: Situation) -> list[Fact]:
    """A further version of what stands in one place. Only the role that the policy names there writes it."""
    asked = _asked(command, situation)
    policy = asked.report
    places = {block.name: block for _, block in policy.blocks() if isinstance(block, Narrative)}
    place = places.get(command.place)
    if place is None:
        raise Refused("place", f"{policy.name} has no text {command.place}; its texts: {', '.join(places) or 'none'}")
    if command.role != _today(place.role, situation):
        raise Refused("role", f"{command.place} of {policy.name} is written by {_by(place.role, asked, situation)}")
    _require_own(command, policy, situation)
    return [
        ReportCommented(
            report=command.report,
            period=command.period,
            unit=command.unit,
            place=command.place,
            version=report.versions.get(command.place, 0) + 1,
            narrative=situation.seal("report.narrative", command.narrative),
            child=command.child,
        )
    ]


def issue(command: IssueReport, report: Report, situation: Situation) -> list[Fact]:
    """What is kept of each copy, then the issue itself. Refused for what was not made of this report as it stands."""
    asked = _asked(command, situation)
    policy = asked.report
    if command.role not in {policy.made_by, situation.policy.fallback}:
        whose = f"{_by(policy.made_by, asked, situation)}, or by {situation.policy.fallback} on their behalf"
        raise Refused("role", f"{policy.name} is issued by {whose}")
    _require_own(command, policy, situation)
    copies = {page.copy_: page for page in command.pages}
    if "named" not in copies:
        raise Refused("pages", "are made as the report is issued: use `sightline report issue`, or its route")
    if len(copies) < len(command.pages):
        raise Refused("pages", "hold one copy twice")
    head = _head(copies["named"], command, asked)
    _require_whole(head)
    for page in command.pages:
        _require_same(page, head)
    texts, told = tuple(_texts(head, report)), _told(policy, situation.policy)
    number = len(report.issues) + 1
    of = {"report": command.report, "period": command.period, "unit": command.unit, "issue": number}
    kept: list[Fact] = []
    pages = []
    for which, page in copies.items():
        pieces = pieces_of(page.content)
        pages.append(
            IssuedPage(which=which, digest=digest_of(page.content), size=len(page.content.encode()), pieces=len(pieces))
        )
        kept += [PageKept(**of, which=which, piece=at, content=each) for at, each in enumerate(pieces, start=1)]
    issued = ReportIssued(
        **of,
        first=head.first,
        last=head.last,
        position=head.position,
        policy=head.policy_version,
        happened_by=head.as_at.happened_by,
        known_by=head.as_at.known_by,
        pages=tuple(pages),
        texts=texts,
        audience=told,
        shared_with=tuple(each for each in policy.audience if each not in told),
    )
    return [*kept, issued, *_notice(command, policy, told, situation)]


def _asked(command: ReportCommand, situation: Situation) -> Asked:
    """The report as the framework of its period has it. Refused for one that there was not, or has not begun."""
    try:
        asked = report_of(situation.histories.policies, command.report, command.period)
    except NotFound as error:
        known = {each.name for policy in situation.histories.policies.versions for each in policy.reports}
        if command.report not in known:
            now = ", ".join(each.name for each in situation.policy.reports) or "none"
            raise Refused("report", f"unknown report {command.report}; known: {now}") from error
        raise Refused("report", str(error).removeprefix("report ")) from error
    policy, period = asked.report, asked.period
    if period.first > local_date(situation.at):
        raise Refused("period", f"{command.period} begins on {period.first}, after the day of the act")
    if (policy.per == "authority") != (command.unit is None):
        rule = "is one for the whole authority" if command.unit else f"is one for each {policy.per}: name it"
        raise Refused("unit", f"{policy.name} {rule}")
    _require_unit(command.unit, asked, situation)
    if len(situation.record.reference) > LONGEST_REFERENCE:
        raise Refused("unit", f"{command.unit} is too long: report, period and unit have {LONGEST_REFERENCE} together")
    return asked


def _require_unit(unit: str | None, asked: Asked, situation: Situation) -> None:
    """Refused for a unit that is no such team or service, and was none at the end of the period."""
    ended = situation.directory().kind_of(unit, at_local(asked.period.last, END_OF_DAY)) if unit else None
    if ended != asked.report.per:
        situation.require_unit("unit", unit, asked.report.per)


def _today(role: str, situation: Situation) -> str:
    """Who may do what a role of an earlier version did: the role itself, or the last resort where it is no more."""
    return role if role in situation.policy.roles else situation.policy.fallback


def _by(role: str, asked: Asked, situation: Situation) -> str:
    """A role that is asked for, and where another version than today's asks for it, which one."""
    now = _today(role, situation)
    if asked.policy.version == situation.policy.version:
        return now
    instead = "" if now == role else f", which is no more: by {now}"
    return f"{role}{instead} (version {asked.policy.version} of the framework, which was in force in {_period(asked)})"


def _period(asked: Asked) -> str:
    return f"the period to {asked.period.last}"


def _told(policy: policy_reports.Report, framework: Policy) -> tuple[str, ...]:
    """The posts of the audience that can be told: of a report of the whole authority, those that are no unit's."""
    roles = ((each, framework.roles.get(each)) for each in policy.audience)
    return tuple(each for each, role in roles if role and (policy.per != "authority" or role.scope == "authority"))


def _notice(
    command: IssueReport, policy: policy_reports.Report, told: tuple[str, ...], situation: Situation
) -> Iterator[NoticeSent]:
    """That it was issued, to the posts of its audience: which report it is, and nothing of what it says.

    Of one with a date nobody is told, as of everything that was before: it is put on record that it went out then, and
    whoever it was for had it. Their notice stands on record as one that was not sent.
    """
    lookup, about = Lookup(situation.directory(), situation.policy, situation.at), Named(team=command.unit)
    found = [each for role in told for each in lookup.recipients(Addressee.parse(role), about)]
    if found:
        unit = f" of {command.unit}" if command.unit else ""
        yield NoticeSent(
            obligation=policy.name,
            step=ISSUED,
            due=situation.at,
            kind="notice",
            title=f"{policy.title[:150]}{unit}, {command.period}: issued",
            recipients=tuple(dict.fromkeys(found)),
            reconstructed=command.at is not None,
        )


def _require_own(command: ReportCommand, policy: policy_reports.Report, situation: Situation) -> None:
    """Forbidden where the role belongs to another unit than the one that the report is about.

    Of a report from another service, where whoever makes it belongs to the team's own (ESX-3.15).
    """
    if policy.from_other_service and command.role == policy.made_by:
        if own := shared(situation.directory(), command.actor, command.unit, "service", situation.at):
            rule = f"{policy.name} of {command.unit} is made in another service; {command.actor} is of its own, {own}"
            raise Forbidden("role", rule)
        return
    scope = situation.policy.roles[command.role].scope
    if command.unit is not None and scope in {"service", policy.per}:
        situation.roll.require_role("role", command.actor, command.role, unit=command.unit)


def _head(page: GivenPage, command: IssueReport, asked: Asked) -> Head:
    head, period = Head.of(page.content), asked.period
    told = (head.authority, head.name, head.unit, head.first, head.last)
    if told != (command.authority, command.report, command.unit, period.first, period.last):
        raise Refused("pages", f"are not those of {command.report} for {command.period}")
    if head.policy_version != asked.policy.version:
        rule = f"of the period to {period.last} is made by version {asked.policy.version} of the framework"
        raise Refused("pages", f"are made by version {head.policy_version}: a report {rule}")
    if (head.as_at.happened_by, head.as_at.known_by) != (command.as_at, command.as_known):
        raise Refused("pages", "are not as at the day that is asked for")
    return head


def _require_whole(head: Head) -> None:
    """Refused, naming it, for a page of which a block could not be made: a board is shown what stands, or nothing."""
    for block in (each for section in head.sections for each in section.blocks if each.get("type") == UNMADE):
        raise Refused("pages", f"lack {block.get('key')}, so they are not issued: {block.get('text')}")


def _require_same(page: GivenPage, named: Head) -> None:
    """Refused for a copy that says it is another, or was made of another history, by other rules or of other texts."""
    head = Head.of(page.content)
    if head.which != page.copy_:
        raise Refused("pages", f"the {page.copy_} copy says that it is the {head.which} one")
    if head.model_copy(update={"which": "named", "sections": ()}) != named.model_copy(update={"sections": ()}):
        raise Refused("pages", f"the {page.copy_} copy is not of the same making as the named one")


def _texts(head: Head, report: Report) -> Iterator[IssuedText]:
    """What was written in the places of the page, by its versions.

    Conflict where somebody has written since the page was made: it is to be made again. A page as at an earlier day may
    name an earlier version.
    """
    past = head.as_at.happened_by is not None or head.as_at.known_by is not None
    versions = head.versions()
    for place in head.narratives():
        key, version = place["key"], versions.get(place["key"], 0)
        newest = report.versions.get(key, 0)
        if version > newest or (version < newest and not past):
            raise Conflict(f"{key} was written anew since the report was made; have it made again")
        if version:
            sealed = report.written[key][version - 1].fact.narrative
            yield IssuedText(place=key, version=version, digest=sha256(sealed.encode()).hexdigest())
