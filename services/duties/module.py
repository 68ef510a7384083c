"""Duties: the tasks of an audit programme, one record for each of them and month."""

from collections.abc import Mapping
from typing import Any

from events.base import Fact
from events.duties import DutyRecorded
from events.errors import NotFound
from services.core.part import Act, Part
from services.core.record import Kind
from services.duties import commands as c
from services.duties import decisions as d
from services.duties.state import DutyRecord


def _begun_by(fact: Fact) -> Mapping[str, Any]:
    """What was done counts for the one who holds the duty."""
    return {"actor": fact.holder, "about": fact.about} if isinstance(fact, DutyRecorded) else {}


def _stands(record: DutyRecord, reference: str) -> None:
    if not record.begun:
        raise NotFound("what was done towards duty", reference)


MODULE = Part(
    name="duties",
    kinds=(Kind("duty", DutyRecord, owes=True, own_key=True, begun_by=_begun_by, require_standing=_stands),),
    acts=(Act(c.RecordDuty, d.record, words="record what was done towards a duty"), Act(c.SkipDuty, d.skip)),
)
