"""The tasks of an audit programme: one record for each of them and month."""

from collections.abc import Mapping
from typing import Any

from events.base import Fact
from events.errors import NotFound
from events.programme import TaskRecorded
from services.core.part import Act, Part
from services.core.record import Kind
from services.programme import commands as c
from services.programme import decisions as d
from services.programme.state import TaskRecord


def _begun_by(fact: Fact) -> Mapping[str, Any]:
    """What was done counts for the one who holds the task."""
    return {"actor": fact.holder, "about": fact.about} if isinstance(fact, TaskRecorded) else {}


def _stands(record: TaskRecord, reference: str) -> None:
    if not record.begun:
        raise NotFound("what was done towards programme task", reference)


MODULE = Part(
    name="programme",
    kinds=(
        Kind(
            "duty",  # as it is stored; in children's services a duty team is something else
            TaskRecord,
            called="task",
            owes=True,
            own_key=True,
            begun_by=_begun_by,
            require_standing=_stands,
        ),
    ),
    acts=(
        Act(c.RecordTask, d.record, words="record what was done towards a programme task"),
        Act(
            c.SkipTask, d.skip, words="leave a programme task out of a period, for a reason that the framework accepts"
        ),
    ),
)
