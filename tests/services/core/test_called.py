"""A kind of record is stored under its name for ever; people may read and write another one for it."""

from dataclasses import replace

import orjson
import pytest

from events.errors import Refused
from services.core.catalogue import Catalogue
from services.modules import CATALOGUE
from tests.desks import TestDesk
from tests.lives import Line, people
from tests.services.programme.scenes import ESX, activity

ANSWER: Line = {"command": "action.confirm", "authority": ESX, "actor": "P-1", "role": "qa_team"}


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("duty/t3_3-2026-05", "task/t3_3-2026-05"),
        ("entry/E-1", "entry/E-1"),
        ("audit/duty", "audit/duty"),
        ("duty", "task"),
        ("lunch/L-1", "lunch/L-1"),
    ],
)
def test_there_and_back(stored: str, read: str) -> None:
    """What is read can be written, and so can the stored name; what is no kind stays as it is."""
    assert CATALOGUE.called(stored) == read
    assert CATALOGUE.stored(read) == CATALOGUE.stored(stored) == stored


def test_a_command_names_its_record_either_way() -> None:
    """Both spellings are one record, and so one act; the stored name is what is kept of it."""
    read, stored = (
        CATALOGUE.parse(orjson.dumps({**ANSWER, "record": f"{kind}/t1-2026-05"})) for kind in ("task", "duty")
    )
    assert read == stored
    assert stored.aggregate == "duty/t1-2026-05"


def test_what_is_refused_names_what_people_read() -> None:
    """What was done towards a task leads to no actions: the refusal says task."""
    desk = TestDesk(ESX)
    done = {"about": "P-AUD", "item": "supervision audit", "concern": False}
    desk.do(*people(ESX), activity("t3_3", "2026-05-14", "P-OM", "operations_manager", **done))
    wrong = {**ANSWER, "actor": "P-OM", "role": "operations_manager", "at": "2026-05-15", "record": "task/t3_3-2026-05"}
    with pytest.raises(Refused, match="record: task/t3_3-2026-05 leads to no actions"):
        desk.do(wrong)


def test_two_kinds_are_not_called_alike() -> None:
    """A catalogue in which one word would stand for two kinds is not made."""
    entries = next(part for part in CATALOGUE.parts if part.name == "registers")
    others = (part for part in CATALOGUE.parts if part is not entries)
    alike = replace(entries, kinds=tuple(replace(kind, called="task") for kind in entries.kinds))
    with pytest.raises(ValueError, match="task is declared twice"):
        Catalogue([alike, *others])
