"""How far an audit has come: the one rule by which its record and the register say it."""

from typing import Literal, get_args

from events.base import Fact

Stage = Literal["allocated", "returned", "with moderator", "moderated", "signed off", "closed", "voided", "exempted"]
"""How far an audit has come."""

STAGES: tuple[Stage, ...] = get_args(Stage)
"""The stages, each before those that an audit comes to after it."""

_PLACES: dict[str, int] = {stage: place for place, stage in enumerate(STAGES)}


def stage_after(stage: Stage | None, fact: Fact) -> Stage | None:
    """The stage of an audit after the fact, given the one before it: None before its allocation.

    It is the furthest that the audit came to: what follows later on (a moderation that is drawn after the closing)
    never leads back. The record and the register both ask here.
    """
    if fact.leads_to is None:
        return stage
    place = max(_PLACES.get(fact.leads_to, -1), -1 if stage is None else _PLACES[stage])
    return STAGES[place] if place >= 0 else None
