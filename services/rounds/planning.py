"""What follows from a command about the plan of a round: check, then one fact or two."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date

from events.base import Fact
from events.errors import NotFound, Refused
from events.rounds import (
    DataReceived,
    DataRequested,
    DipsRecorded,
    EnquiriesAdded,
    QuestionsAgreed,
    RoundApproved,
    RoundPlanned,
    RoundReviewed,
    RoundScheduled,
)
from services.clock import local_date, month_in_words
from services.core.situation import Situation
from services.directory.state import Post
from services.obligations.calendar import WorkingCalendar, month_end
from services.policy.model import Policy
from services.rounds import commands as c
from services.rounds.state import Round


def schedule(command: c.ScheduleRound, state: Round, situation: Situation) -> list[Fact]:
    """Its place in the year. Refused if it stands there already, or has begun to be given out."""
    rounds, first = situation.policy.rounds, date.fromisoformat(f"{command.month}-01")
    kind = command.kind or rounds.kinds[0]
    if kind not in rounds.kinds:
        raise Refused("kind", f"unknown kind {kind}; known: {', '.join(rounds.kinds)}")
    for area in command.areas:
        if area not in situation.policy.tool.sections:
            raise Refused("areas", f"{area} is not a section of the form")
    if state.given:
        raise Refused("round", f"audits of {command.round} are given out; it keeps its place")
    name, services = f"Round of {month_in_words(first)}", command.services
    if rounds.rotation is not None and kind == rounds.kinds[0]:
        number, rotated = rounds.rotation.of(first.month)
        name, services = f"Month {number} round", services or rotated
    starts = command.starts or _calendar(situation.policy).roll(first, "next")
    ends = command.ends or month_end(starts)
    if ends < starts:
        raise Refused("ends", f"{ends} is before its start, {starts}")
    fact = RoundScheduled(
        kind=kind,
        name=command.name or command.theme or name,
        services=services,
        theme=command.theme,
        areas=command.areas,
        starts=starts,
        ends=ends,
    )
    if fact == state.scheduled:
        raise Refused("round", f"{command.round} has that place already")
    return [fact]


def plan(command: c.PlanRound, state: Round, situation: Situation) -> list[Fact]:
    """The plan: the authority's standard diagnostics, the focus and where it comes from."""
    _scheduled(command.round, state)
    rounds, directory = situation.policy.rounds, situation.directory()
    if command.origin is not None and command.origin not in rounds.origins:
        raise Refused("origin", f"unknown origin {command.origin}; known: {', '.join(rounds.origins) or 'none'}")
    for unit in command.units:
        if directory.kind_of(unit, situation.at) != "service":
            raise Refused("units", f"{unit} is not a service of the directory")
    fact = RoundPlanned(diagnostics=rounds.diagnostics, focus=command.focus, origin=command.origin, units=command.units)
    if fact == state.planned:
        raise Refused("round", f"the plan of {command.round} says that already")
    _not_begun(command.round, state)
    return [fact]


def enquire(command: c.AddEnquiries, state: Round, situation: Situation) -> list[Fact]:
    """More lines of enquiry; the plan is approved afresh. Refused if it holds all of them, and keeps its approvals."""
    del situation  # nothing beyond the round's own record is asked
    _planned(command.round, state)
    _not_begun(command.round, state)
    if set(command.lines) <= set(state.enquiries):
        raise Refused("lines", f"the plan of {command.round} holds them already")
    return [EnquiriesAdded(lines=command.lines)]


def agree_questions(command: c.AgreeQuestions, state: Round, situation: Situation) -> list[Fact]:
    """The questions for one service of the round, in place of those agreed before. Refused if they stand already.

    The manager who agreed them is in post.
    """
    scheduled = _scheduled(command.round, state)
    if command.service not in scheduled.services:
        raise Refused("service", f"{command.service} is not in the round: {', '.join(scheduled.services) or 'none'}")
    _not_begun(command.round, state)
    situation.roll.require_in_post("manager", [command.manager])
    fact = QuestionsAgreed(service=command.service, manager=command.manager, questions=command.questions)
    if fact == state.questions.get(command.service):
        raise Refused("questions", f"they are agreed for {command.service} already")
    return [fact]


def request_data(command: c.RequestData, state: Round, situation: Situation) -> list[Fact]:
    """The request, for the span that the policy names, up to the start of the round; flagged if it is late."""
    scheduled, rounds = _scheduled(command.round, state), situation.policy.rounds
    if rounds.data_from is None or rounds.data_reach is None:
        raise Refused("round", "the framework asks for no data")
    if state.requested is not None and state.requested.until == scheduled.starts:
        raise Refused("round", f"the data of {command.round} are asked for already")
    owed = situation.owed(lambda rule: "round.data_requested" in rule.met_by)
    due = [each.due for each in owed if not each.fell_away]
    latest = due[-1] if due else None
    return [
        DataRequested(
            asked=rounds.data_from,
            since=_calendar(situation.policy).shift(scheduled.starts, rounds.data_reach, -1),
            until=scheduled.starts,
            latest=latest,
            late=latest is not None and local_date(situation.at) > latest,
        )
    ]


def receive_data(command: c.ReceiveData, state: Round, situation: Situation) -> list[Fact]:
    """The data came. Refused if nobody asked for them."""
    del situation  # nothing beyond the round's own record is asked
    if state.requested is None:
        raise Refused("round", f"no data of {command.round} were asked for")
    return [DataReceived(cases=command.cases)]


def approve(command: c.ApproveRound, state: Round, situation: Situation) -> list[Fact]:
    """One approval of the plan as it stands, by a role that the policy names."""
    planned, policy = _planned(command.round, state), situation.policy
    if command.role not in policy.rounds.approvals:
        named = ", ".join(policy.rounds.approvals) or "nobody"
        raise Refused("role", f"{command.role} does not approve rounds; that is for {named}")
    units = _approved_units(command, planned, situation)
    if command.role in state.approved and set(units) <= state.approved[command.role]:
        raise Refused("round", f"{command.role} has approved the plan as it stands")
    return [RoundApproved(approver=command.role, units=units)]


def _approved_units(command: c.ApproveRound, planned: RoundPlanned, situation: Situation) -> tuple[str, ...]:
    """The units that an approval is for: those in which the actor holds the post."""
    if situation.policy.roles[command.role].scope == "authority" or not planned.units:
        if command.units:
            raise Refused("units", f"{command.role} approves for the whole round")
        return ()
    directory = situation.directory()
    held = [
        unit for unit in planned.units if command.actor in directory.holders(Post(command.role, unit), situation.at)
    ]
    for unit in command.units:
        if unit not in held:
            raise Refused("units", f"{command.actor} is not {command.role} of {unit}, or {unit} is not under audit")
    if not held:
        raise Refused("actor", f"{command.actor} is {command.role} of no service under audit")
    return command.units or tuple(held)


def missing_approvals(state: Round, policy: Policy) -> Iterator[str]:
    """What still lacks before audits of the round may be given out (TOR-28)."""
    return still_lacking(state.planned.units if state.planned else None, state.approved, policy)


def still_lacking(
    units: Sequence[str] | None, approved: Mapping[str, AbstractSet[str]], policy: Policy
) -> Iterator[str]:
    """The same, of a plan for these units (None: there is none yet) and of the units that each role approved it for."""
    if policy.rounds.approvals and units is None:
        yield "its plan"
    for role in policy.rounds.approvals:
        wanted = units or () if policy.roles[role].scope != "authority" else ()
        if role not in approved:
            yield f"the approval of {role}"
        elif lacking := sorted(set(wanted) - approved[role]):
            yield f"the approval of {role} of {', '.join(lacking)}"


def review(command: c.ReviewRound, state: Round, situation: Situation) -> list[Fact]:
    """The planned round was looked at again."""
    del situation  # nothing beyond the round's own record is asked
    _scheduled(command.round, state)
    return [RoundReviewed(bodies=command.bodies)]


def record_dips(command: c.RecordDips, state: Round, situation: Situation) -> list[Fact]:
    """Dip samples that were done. Each child counts once; who was not drawn is named."""
    del situation  # nothing beyond the round's own record is asked
    _scheduled(command.round, state)
    for number, child in enumerate(command.sampled):
        if child in state.dips or child in command.sampled[:number]:
            raise Refused("sampled", f"{child} was dip sampled in {command.round} already")
    drawn = {child for each in state.draws.values() for child in each.chosen}
    undrawn = tuple(child for child in command.sampled if child not in drawn)
    return [DipsRecorded(children=command.sampled, count=len(command.sampled), undrawn=undrawn)]


def _scheduled(reference: str, state: Round) -> RoundScheduled:
    if state.scheduled is None:
        raise NotFound("round", reference)
    return state.scheduled


def _planned(reference: str, state: Round) -> RoundPlanned:
    _scheduled(reference, state)
    if state.planned is None:
        raise Refused("round", f"{reference} has no plan yet")
    return state.planned


def _not_begun(reference: str, state: Round) -> None:
    if state.given:
        raise Refused("round", f"audits of {reference} are given out; its plan stays as it was approved")


def _calendar(policy: Policy) -> WorkingCalendar:
    return WorkingCalendar.of(policy)
