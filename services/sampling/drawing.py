"""Drawing a sample: its size, its seed and its choice follow from what is recorded, and from nothing else."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta

from events.base import Fact
from events.errors import NotFound, Refused
from events.sampling import ReturnCounted, SampleDiscussed, SampleDrawn
from services.chance import by_chance, seed_from
from services.clock import local_date
from services.core.situation import Situation
from services.obligations.calendar import month_end
from services.policy.judging import graded_as
from services.policy.model import Sample
from services.sampling.commands import DiscussSample, DrawSample
from services.sampling.state import Month, month_aggregate


def choose(frame: Sequence[str], size: int, seed: str, always: Collection[str] = ()) -> tuple[str, ...]:
    """The sample: the first `size` of the frame by the hash of `<seed>:<audit>`, and all of `always`."""
    wanted = {*by_chance(frame, seed, str)[:size], *always}
    return tuple(audit for audit in frame if audit in wanted)


def sample_size(rule: Sample, frame: int) -> int:
    """The share of the frame, rounded up, or the least number if that is more; never more than there are."""
    return min(frame, max(rule.at_least, -(-frame * rule.share // 100)))


def seed_of(purpose: str, month: str, frame: Sequence[str]) -> str:
    """The seed that follows from what is drawn from, so that nobody can try seeds until one pleases."""
    return seed_from(purpose, month, *frame)


def draw(command: DrawSample, month: Month, situation: Situation) -> list[Fact]:
    """The sample of a month that is over. Refused if it was drawn and the frame is still the same."""
    situation.require_unit("service", command.service, "service")
    rule = next((each for each in situation.policy.samples if each.name == command.purpose), None)
    if rule is None:
        known = ", ".join(each.name for each in situation.policy.samples)
        raise Refused("purpose", f"unknown sample {command.purpose}; known: {known or 'none'}")
    if not rule.draws:
        raise Refused("purpose", f"the policy sets no share for {command.purpose}, so it draws none")
    last = month_end(date.fromisoformat(f"{command.month}-01"))
    if local_date(situation.at) <= last:
        raise Refused("month", f"{command.month} can be drawn from {last + timedelta(days=1)} on, when it is over")
    returned = {
        each.audit: each
        for each in _returned(command, month, situation)
        if each.audit_type in (rule.types or (each.audit_type,))
    }
    frame = tuple(sorted(returned))
    if not frame:
        raise NotFound("audit returned in", command.month)
    if month.frames.get(command.purpose) == frame:
        raise Refused("purpose", f"{command.purpose} is already drawn for {command.month}; that sample stands")
    always = tuple(audit for audit in frame if _is_kept(returned[audit], rule, situation))
    seed = command.seed or seed_of(command.purpose, command.month, frame)
    size = sample_size(rule, len(frame))
    return [
        SampleDrawn(
            purpose=command.purpose,
            month=command.month,
            frame=frame,
            always=always,
            size=size,
            seed=seed,
            chosen=choose(frame, size, seed, always),
        )
    ]


def _returned(command: DrawSample, month: Month, situation: Situation) -> Iterator[ReturnCounted]:
    """What came back in the month; for a service also what an earlier version kept with the whole authority's."""
    yield from month.returned.values()
    if command.service is not None:
        whole = Month.of(situation.history(month_aggregate(command.month)))
        yield from (each for each in whole.returned.values() if each.service == command.service)


def _is_kept(returned: ReturnCounted, rule: Sample, situation: Situation) -> bool:
    """Whether it is in the sample anyway, by its grade on the scale that it was graded on."""
    if rule.always is None:
        return False
    began = situation.began(f"audit/{returned.audit}")
    return returned.grade in graded_as(situation.policy, began).grade_set(rule.always)


def discuss(command: DiscussSample, month: Month, situation: Situation) -> list[Fact]:
    """The sample was talked through. Refused before it was drawn: nobody may pick the files afterwards."""
    if command.purpose not in month.frames:
        raise Refused("purpose", f"no sample for {command.purpose} has been drawn in {command.month}")
    situation.roll.require_in_post("participants", command.participants)
    return [SampleDiscussed(purpose=command.purpose, month=command.month, participants=command.participants)]
