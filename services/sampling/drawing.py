"""Drawing a sample: its size, its seed and its choice follow from what is recorded, and from nothing else."""

from collections.abc import Iterator

from events.base import Fact
from events.errors import NotFound, Refused
from events.sampling import SampleDiscussed, SampleDrawn
from services.clock import local_date
from services.core.situation import Situation
from services.obligations.periods import period_called
from services.policy.judging import graded_as
from services.policy.samples import Sample
from services.sampling.carrying import Counted, counted, frame_of, size_of, terms_of
from services.sampling.choosing import choose, sample_size, seed_of
from services.sampling.commands import DiscussSample, DrawSample
from services.sampling.state import Month, month_aggregate


def draw(command: DrawSample, month: Month, situation: Situation) -> list[Fact]:
    """The sample of a month or longer period that is over, or of its beginning where it is drawn on any day.

    Refused if it was drawn and the frame is still the same; where the share carries over, if nothing is new. That is
    drawn from one record alone, on which it is owed and which no other draw is of: the service's own where months are
    kept so, and the authority's else.
    """
    situation.require_unit("service", command.service, "service")
    rule = next((each for each in situation.policy.samples if each.name == command.purpose), None)
    if rule is None:
        known = ", ".join(each.name for each in situation.policy.samples)
        raise Refused("purpose", f"unknown sample {command.purpose}; known: {known or 'none'}")
    if not rule.draws:
        raise Refused("purpose", f"the policy sets no share for {command.purpose}, so it draws none")
    _require_its_time(command, rule, situation)
    months = [month] if rule.carries else list(_months(command, month, situation))
    held = counted(rule, command.month, months)
    if not held and rule.carries and command.service and situation.policy.months.per != "service":
        raise Refused("service", f"{rule.name} is drawn of all services together, as months are kept: leave it out")
    if not held:
        raise NotFound(f"audit {'moderated' if rule.of == 'moderated' else 'returned'} in", command.month)
    drawn = _carried if rule.carries else _anew
    return [drawn(command, rule, held, months, situation)]


def _require_its_time(command: DrawSample, rule: Sample, situation: Situation) -> None:
    """Refused for the name of another period than the sample's, and for one that is not over, or has not begun."""
    try:
        period = period_called(command.month, rule.every, situation.policy.calendar.year_start)
    except Refused as wrong:
        raise Refused("month", f"{rule.name} is drawn for each {rule.every}: {wrong.rule}") from wrong
    today = local_date(situation.at)
    if rule.any_day and today < period.first:
        raise Refused("month", f"{command.month} can be drawn from {period.first} on, when it begins")
    if not rule.any_day and today <= period.last:
        raise Refused("month", f"{command.month} can be drawn from {period.after} on, when it is over")


def _anew(
    command: DrawSample, rule: Sample, held: dict[str, Counted], months: list[Month], situation: Situation
) -> SampleDrawn:
    """A draw from all that was counted, whatever was drawn of it before."""
    frame = tuple(sorted(held))
    before = months[0].drawn.get(rule.name)
    if before and before[-1].frame == frame:
        raise Refused("purpose", f"{rule.name} is already drawn for {command.month}; that sample stands")
    return _drawn(command, frame, sample_size(rule, len(frame)), _always(frame, held, rule, situation))


def _carried(
    command: DrawSample, rule: Sample, held: dict[str, Counted], months: list[Month], situation: Situation
) -> SampleDrawn:
    """A draw from what stood in no earlier one: as much as the share of all so far still lacks."""
    earlier = [each for month in months for each in month.drawn.get(rule.name, ())]
    frame = frame_of(rule, held, earlier, situation.history)
    if not frame:
        moderated = " or is moderated" if rule.of == "unmoderated" else ""
        words = f"all that {command.month} has so far stood in a draw for {rule.name} already{moderated}"
        raise Refused("purpose", words)
    terms = terms_of(rule, held, earlier)
    fact = _drawn(command, frame, size_of(terms, frame), _always(frame, held, rule, situation))
    return fact.model_copy(update={"terms": terms})


def _drawn(command: DrawSample, frame: tuple[str, ...], size: int, always: tuple[str, ...]) -> SampleDrawn:
    seed = command.seed or seed_of(command.purpose, command.month, frame)
    return SampleDrawn(
        purpose=command.purpose,
        month=command.month,
        frame=frame,
        always=always,
        size=size,
        seed=seed,
        chosen=choose(frame, size, seed, always),
    )


def _months(command: DrawSample, month: Month, situation: Situation) -> Iterator[Month]:
    """The month itself; for a service also what another version kept of it with the whole authority's."""
    yield month
    if command.service is not None:
        yield situation.record_of(month_aggregate(command.month)).state.of_service(command.service)


def _always(frame: tuple[str, ...], held: dict[str, Counted], rule: Sample, situation: Situation) -> tuple[str, ...]:
    return tuple(audit for audit in frame if _is_kept(held[audit], rule, situation))


def _is_kept(counted: Counted, rule: Sample, situation: Situation) -> bool:
    """Whether it is in the sample anyway, by its grade on the scale that it was graded on."""
    if rule.always is None:
        return False
    began = situation.began(f"audit/{counted.audit}")
    return counted.grade in graded_as(situation.policy, began).grade_set(rule.always)


def discuss(command: DiscussSample, month: Month, situation: Situation) -> list[Fact]:
    """The sample was talked through. Refused before it was drawn: nobody may pick the files afterwards."""
    if command.purpose not in month.drawn:
        raise Refused("purpose", f"no sample for {command.purpose} has been drawn in {command.month}")
    situation.roll.require_in_post("participants", command.participants)
    return [SampleDiscussed(purpose=command.purpose, month=command.month, participants=command.participants)]
