"""What follows from the commands that draw children and give them to auditors: check, then one fact each."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Literal

from events.base import Fact
from events.errors import NotFound, Refused
from events.recorded import Recorded
from events.rounds import RoundAssigned, RoundDrawn
from services.case_lists import case_list_aggregate, listed
from services.chance import seed_from
from services.clock import local_date
from services.core.situation import Situation
from services.directory.places import shared
from services.directory.state import Directory
from services.obligations.calendar import WorkingCalendar
from services.policy.model import Policy
from services.policy.rounds import Assignment, Draw
from services.rounds import assigning
from services.rounds.commands import AssignRound, DrawRound
from services.rounds.drawing import Design, choose
from services.rounds.files_given import Files, files_aggregate, given_since
from services.rounds.frame import Filters, Frame, Framed, Listed, frame_of
from services.rounds.state import Round

PLACES: tuple[tuple[Literal["team", "service"], str], ...] = (("team", "not_own_team"), ("service", "not_own_service"))
"""Where somebody may belong with a child, and what a policy calls the rule of the draw that bars them."""

LONGEST = 5
"""Children whose case is explained one by one; of more only the number is told."""


def draw(command: DrawRound, state: Round, situation: Situation) -> list[Fact]:
    """The draw. Refused if it was made and the frame is still the same, or its files are given to auditors."""
    rule = _rule(command.draw, situation.policy)
    if state.scheduled is None:
        raise NotFound("round", command.round)
    if command.draw in state.assigned:
        raise Refused("draw", f"{command.draw} of {command.round} is given to auditors; that sample stands")
    method, size = command.method or rule.methods[0], command.size or rule.size
    if method not in rule.methods:
        raise Refused("method", f"{command.draw} is not drawn {method}; methods: {', '.join(rule.methods)}")
    if rule.at_most is not None and size > rule.at_most:
        raise Refused("size", f"{size} is more than {rule.at_most}, the most of {command.draw}")
    history = situation.history(case_list_aggregate(command.cases))
    known: Sequence[Listed] = listed(history, command.cases)
    filters = _filters(command, rule, state, situation)
    _require_listed(filters.like, known, command.cases)
    on = local_date(situation.at)
    not_since = _before(on, rule, situation) if rule.not_audited_within else None
    recent = given_since(not_since, on, situation.history) if not_since else set()
    before = frame_of(known, filters)
    frame = frame_of(known, filters, recent)
    _require_children(frame, command.cases, len(known))
    earlier = state.draws.get(command.draw)
    if earlier is not None and earlier.frame_digest == frame.digest:
        raise Refused("draw", f"{command.draw} of {command.round} is drawn already from this frame; that sample stands")
    seed = command.seed or seed_of(command.round, command.draw, frame.digest)
    if rule.one_of_each:
        size = len({getattr(each, rule.one_of_each) for each in frame.children})
    spread = rule.one_of_each or rule.spread
    design = Design(size, seed, method, rule.strata, spread, rule.per)
    return [
        RoundDrawn(
            draw=command.draw,
            on=on,
            cases=command.cases,
            cases_version=history[-1].originator_version,
            services=filters.services,
            teams=filters.teams,
            open_by=filters.open_by,
            needs=filters.needs,
            like=filters.like,
            alike=filters.alike,
            not_since=not_since,
            excluded=tuple(each.child for each in before.children if each.child in recent),
            frame_size=len(frame.children),
            frame_digest=frame.digest,
            size=size,
            method=method,
            strata=rule.strata,
            spread=spread,
            seed=seed,
            chosen=choose(frame.children, design),
            per=rule.per,
            short=short_of(frame, filters, design),
        )
    ]


def short_of(frame: Frame, filters: Filters, design: Design) -> dict[str, int]:
    """Of which there are fewer than are drawn of each, and how many: also of a team or service without any."""
    if design.per is None:
        return {}
    asked = {"team": filters.teams, "service": filters.services}.get(design.per, ())
    counts = Counter(dict.fromkeys(asked, 0))
    counts.update(getattr(each, design.per) for each in frame.children)
    return {name: count for name, count in sorted(counts.items()) if count < design.size}


def seed_of(reference: str, name: str, digest: str) -> str:
    """The seed that follows from the frame, so that nobody can try seeds until one pleases."""
    return seed_from(reference, name, digest)


def assignment_seed(drawn: RoundDrawn, candidates: Iterable[str]) -> str:
    """The seed of an assignment that follows from the draw and from who takes part."""
    return seed_from(drawn.seed, *drawn.chosen, *candidates)


def filters_of(drawn: RoundDrawn) -> Filters:
    """The filters as they were recorded."""
    return Filters(drawn.services, drawn.teams, drawn.open_by, drawn.needs, drawn.like, drawn.alike)


def children_of(drawn: RoundDrawn, history: Sequence[Recorded]) -> dict[str, Framed]:
    """The chosen children with their traits, as the list told of them at the draw: who was left out is not chosen."""
    frame = frame_of(listed(history[: drawn.cases_version], drawn.cases), filters_of(drawn))
    wanted = set(drawn.chosen)
    return {each.child: each for each in frame.children if each.child in wanted}


def _rule(name: str, policy: Policy) -> Draw:
    rule = policy.rounds.draw(name)
    if rule is None:
        known = ", ".join(each.name for each in policy.rounds.draws)
        raise Refused("draw", f"unknown draw {name}; known: {known or 'none'}")
    return rule


def _filters(command: DrawRound, rule: Draw, state: Round, situation: Situation) -> Filters:
    """Of whom to draw: what the command names, else the services of the round."""
    directory = situation.directory()
    services, teams = command.services, command.teams
    for team in teams:
        situation.require_unit("teams", team, "team")
    if not services and not teams and state.scheduled is not None:
        services = state.scheduled.services
        units = state.planned.units if state.planned else ()
        placed = directory.units("team", situation.at)
        teams = tuple(team for team in placed if directory.unit_of_kind(team, "service", situation.at) in units)
    open_by = None
    if rule.min_open:
        open_by = _calendar(situation.policy).shift(local_date(situation.at), rule.min_open, -1)
    if command.like and not rule.alike:
        raise Refused("like", f"the policy does not say in what children of {command.draw} resemble each other")
    return Filters(services, teams, open_by, rule.needs, command.like, rule.alike if command.like else ())


def _before(on: date, rule: Draw, situation: Situation) -> date | None:
    span = rule.not_audited_within
    return _calendar(situation.policy).shift(on, span, -1) if span else None


def _calendar(policy: Policy) -> WorkingCalendar:
    return WorkingCalendar.of(policy)


def _require_listed(child: str | None, known: Sequence[Listed], cases: str) -> None:
    if child is not None and all(each.child != child for each in known):
        raise Refused("like", f"{child} is not on the case list {cases}")


def _require_children(frame: Frame, cases: str, listed_children: int) -> None:
    if not frame.children:
        why = ", ".join(f"{number} {reason}" for reason, number in frame.left_out.most_common())
        raise Refused(
            "cases", f"none of the {listed_children} children of {cases} can be drawn: {why or 'it is empty'}"
        )


def assign(command: AssignRound, state: Round, situation: Situation) -> list[Fact]:
    """An auditor for each child of a draw. Refused with the child and the rule where there is none for every child."""
    rule, drawn = situation.policy.rounds.assignment, state.draws.get(command.draw)
    if rule is None:
        raise Refused("round", "the policy does not say who may be given files by chance")
    if drawn is None or state.scheduled is None:
        raise NotFound(f"draw {command.draw} of round", command.round)
    if any(each.child in drawn.chosen for each in state.given.values()):
        raise Refused("draw", f"files of {command.draw} are given out; the assignment stands")
    if command.draw in state.assigned:
        raise Refused("draw", f"{command.draw} of {command.round} is assigned already; that stands")
    directory, month = situation.directory(), state.scheduled.starts
    candidates = _candidates(command, rule, situation)
    children = children_of(drawn, situation.history(case_list_aggregate(drawn.cases)))
    had = Files.of(situation.history(files_aggregate(month))).loads
    loads = {each: had[each] for each in candidates}
    room = {each: max(0, rule.each - loads[each]) for each in candidates}
    reasons = {child: _conflicts(traits, candidates, rule, directory, situation) for child, traits in children.items()}
    barred = {child: tuple(sorted(held)) for child, held in sorted(reasons.items()) if held}
    seed = command.seed or assignment_seed(drawn, candidates)
    found = assigning.assign(drawn.chosen, room, loads, barred, seed)
    if found.stuck:
        said = [_explained(each, reasons.get(each.child, {}), rule, f"{month:%Y-%m}") for each in found.stuck[:LONGEST]]
        more = len(found.stuck) - LONGEST
        raise Refused("auditors", "; ".join([*said, *([f"and {more} more children"] if more > 0 else [])]))
    return [RoundAssigned(draw=command.draw, seed=seed, room=room, loads=loads, barred=barred, pairs=dict(found.pairs))]


def _candidates(command: AssignRound, rule: Assignment, situation: Situation) -> tuple[str, ...]:
    """Who takes part: those named, or the holders of the posts; of them the trained, where the policy asks for it.

    With an empty register of trained auditors nobody is trained, and nobody takes part (TOR-3).
    """
    directory, roll, on = situation.directory(), situation.roll, local_date(situation.at)
    asked = situation.policy.rounds.trained_auditors
    roll.require_in_post("auditors", command.auditors)
    for each in command.auditors if asked else ():
        roll.require_trained("auditors", each)
    held = {each.person for each in directory.tenures if each.post.role in rule.posts and each.covers(situation.at)}
    found = set(command.auditors) or {each for each in held if not asked or directory.is_trained(each, on)}
    if not found:
        raise Refused("auditors", f"nobody holds a post of {', '.join(rule.posts)}{' and is trained' if asked else ''}")
    return tuple(sorted(found))


def _conflicts(
    child: Framed, candidates: Sequence[str], rule: Assignment, directory: Directory, situation: Situation
) -> dict[str, str]:
    """Who may not audit the child's file, and why."""
    apart = situation.policy.separation.auditor_not_of
    policy, on = situation.policy, local_date(situation.at)
    posts = {each: {post.role for post in directory.held_on(each, on)} for each in candidates}

    def why(person: str) -> Iterator[str]:
        if person == child.worker:
            yield "is the allocated practitioner"
        if not any(policy.selection.may_audit(posts[person], kind) for kind in policy.tool.types):
            yield "holds no post that audits"
        for kind, asked in PLACES:
            if (getattr(rule, asked) or apart == kind) and (
                own := shared(directory, person, child.team or None, kind, situation.at)
            ):
                yield f"is of its {kind} {own}"

    return {person: reason for person in candidates if (reason := next(why(person), ""))}


def _explained(stuck: assigning.Stuck, reasons: dict[str, str], rule: Assignment, month: str) -> str:
    said = [f"{person} {reason}" for person, reason in sorted(reasons.items())[:LONGEST]]
    if len(reasons) > LONGEST:
        said.append(f"{len(reasons) - LONGEST} others have such a conflict too")
    if stuck.full:
        named = ", ".join(stuck.full[:LONGEST]) + (
            f" and {len(stuck.full) - LONGEST} others" * (len(stuck.full) > LONGEST)
        )
        said.append(f"{named} have their {rule.each} of {month}")
    return f"nobody is left for {stuck.child}: {', '.join(said)}"
