"""Stages of any kind of record: a kind that no part of the domain declares has them by saying so."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Literal, cast

import pytest

from events.errors import Refused
from events.recorded import Recorded
from services.core.command import Command
from services.core.part import Act
from services.core.record import Kind, Record, Stages, during
from services.core.situation import Situation
from services.core.stages import require_stage
from services.snapshots import Standing


@dataclass(slots=True)
class Door:
    """A door as it stands."""

    stage: str | None
    locked: bool = False

    def apply(self, recorded: Recorded) -> None:
        """Nothing happens to it here."""


class Enter(Command):
    """Go through the door."""

    command: Literal["door.enter"]
    door: str = "D-1"


class Knock(Command):
    """Something that is done to any record."""

    command: Literal["any.knock"]


ENTER = Enter(command="door.enter", authority="torbay", actor="P-1", role="qa_team")
KNOCK = Knock(command="any.knock", authority="torbay", actor="P-1", role="qa_team")


def unlocked(situation: Any) -> bool:
    state: Door = situation.record.state
    return not state.locked


def refusal(command: Command, state: Door, stages: Stages | None, of_kind: dict[str, Stages] | None = None) -> str:
    """What the command is refused for on a door that stands so; empty if it may be given."""
    kind = Kind("door", lambda: state, stage=lambda door: door.stage, stages=of_kind or {})
    situation = cast("Situation", SimpleNamespace(record=Record("door/D-1", kind, Standing(state, version=1))))
    try:
        require_stage(Act(type(command), lambda *_: (), stages=stages), command, situation)
    except Refused as refused:
        return str(refused)
    return ""


def test_an_act_names_its_stages() -> None:
    """It is taken in each of them, and refused in others by the record's field, its stage and those that would do."""
    stages = during("open", "ajar")
    assert [refusal(ENTER, Door(stage), stages) for stage in ("open", "ajar")] == ["", ""]
    assert refusal(ENTER, Door("shut"), stages) == (
        "door: it is shut: door.enter may be given while it is open or ajar"
    )


def test_a_stage_may_have_a_condition() -> None:
    """In a stage with a condition the act is taken only while that is so."""
    stages = during("open", shut=unlocked)
    assert refusal(ENTER, Door("shut"), stages) == ""
    assert refusal(ENTER, Door("shut", locked=True), stages) == (
        "door: it is shut: door.enter may be given while it is open"
    )


def test_an_act_that_begins_a_record_has_no_stage() -> None:
    """It is taken while there is no record, and refused once there is one."""
    assert refusal(ENTER, Door(None), during()) == ""
    assert refusal(ENTER, Door("ajar"), during()) == "door: D-1 is already ajar"


def test_the_kind_says_it_for_acts_of_other_parts() -> None:
    """What is done to any record asks the stages of the record's kind; of a kind that says none it is taken."""
    of_kind = {"any.knock": during("shut")}
    assert refusal(KNOCK, Door("shut"), None, of_kind) == ""
    assert refusal(KNOCK, Door("open"), None, of_kind) == (
        "record: it is open: any.knock may be given while it is shut"
    )
    assert refusal(KNOCK, Door("open"), None) == ""


def test_an_act_says_what_it_is() -> None:
    """An act is told by its name, or in words of its own; one whose name would not read is none without them."""

    class WalkThrough(Command):
        command: Literal["door.walk_through"]

    assert Act(Enter, lambda *_: ()).in_words == "enter a door"
    assert Act(WalkThrough, lambda *_: (), words="go through a door").in_words == "go through a door"
    with pytest.raises(ValueError, match=r"door\.walk_through needs words"):
        Act(WalkThrough, lambda *_: ())
