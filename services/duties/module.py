"""Duties: the tasks of an audit programme, one record for each of them and month."""

from events.duties import DutyRecorded
from events.errors import NotFound
from events.recorded import Recorded
from services.core.part import Act, Part
from services.core.record import Kind
from services.directory.recipients import Named
from services.duties import commands as c
from services.duties import decisions as d
from services.duties.state import DutyRecord


def _names(_record: DutyRecord, _item: str, trigger: Recorded | None) -> Named:
    """What was done counts for the one who holds the duty."""
    match trigger:
        case Recorded(fact=DutyRecorded(holder=holder, about=about)):
            return Named(actor=holder, about=about)
        case Recorded():
            return Named(actor=trigger.envelope.actor)
    return Named()


def _stands(record: DutyRecord, reference: str) -> None:
    if not record.begun:
        raise NotFound("what was done towards duty", reference)


MODULE = Part(
    name="duties",
    kinds=(Kind("duty", DutyRecord, owes=True, own_key=True, names=_names, require_standing=_stands),),
    acts=(Act(c.RecordDuty, d.record), Act(c.SkipDuty, d.skip)),
)
