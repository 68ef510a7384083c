"""Registers: what was done, seen or planned beside the audits, one record for each entry."""

from collections.abc import Mapping
from typing import Any

from events.base import Fact
from events.errors import NotFound, Refused
from events.registers import EntryRecorded, EntryStepped
from services.actions import decisions as on_actions
from services.core.part import Act, Part
from services.core.record import Kind
from services.directory.recipients import Named
from services.registers import commands as c
from services.registers import decisions as d
from services.registers.state import Entry
from services.registers.warnings import warnings_on_entry


def _names(entry: Entry, item: str) -> Named:
    owner, *jointly = entry.actions[item].owners if item in entry.actions else (None,)
    return Named(action_owner=owner, also={"action_owner": tuple(filter(None, jointly))})


def _begun_by(fact: Fact) -> Mapping[str, Any]:
    """An entry is about its team or service and, as its practitioner, the person it names; it counts for its holder."""
    if not isinstance(fact, EntryRecorded | EntryStepped):
        return {}
    about = fact.team or fact.service
    return {"worker": fact.person, "team": about, "actor": fact.holder, "about": about}


def _stands(entry: Entry, reference: str) -> None:
    if entry.recorded is None:
        raise NotFound("entry", reference)
    if entry.withdrawn:
        raise Refused("entry", f"{reference} was withdrawn; its record stays as it is")


MODULE = Part(
    name="registers",
    kinds=(Kind("entry", Entry, owes=True, own_key=True, names=_names, begun_by=_begun_by, require_standing=_stands),),
    acts=(
        Act(c.RecordEntry, d.record, words="add an entry to a register"),
        Act(c.StepEntry, d.step, words="record a later step of an entry"),
        Act(c.WithdrawEntry, d.withdraw),
        Act(c.SetEntryAction, on_actions.set_action, words="set an action that an entry leads to"),
        Act(c.CompleteEntryAction, on_actions.complete_action, words="complete an action of an entry"),
        Act(c.ConfirmEntryActions, on_actions.confirm_actions, words="confirm the actions of an entry"),
    ),
    warnings=(warnings_on_entry,),
)
