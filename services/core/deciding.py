"""Deciding a command on its record, as the rules of its day have it: who may, when, what follows, and for whom."""

from datetime import datetime
from typing import NamedTuple

from events.commands import ActRefused
from events.errors import Refused, SeparationOfDuties
from services.clock import local_date
from services.core.catalogue import Catalogue
from services.core.command import Command
from services.core.histories import Histories
from services.core.permission import require_act
from services.core.recent import CLOCK_SKEW
from services.core.record import Record
from services.core.situation import Decided, Situation
from services.core.stages import require_stage
from services.directory.may import Council, Roll
from services.directory.state import DIRECTORY
from services.policy.judging import on_form_of
from services.policy.model import Policy


class Decision(NamedTuple):
    """What was decided, by which rules and for when.

    `doubts` names the fields that the directory does not bear out. With `refusal` what was decided is that the act was
    tried, which is recorded before it is refused.
    """

    policy: Policy
    at: datetime
    now: datetime
    doubts: tuple[str, ...]
    decided: list[Decided]
    refusal: SeparationOfDuties | None = None


def decide(
    command: Command, record: Record, catalogue: Catalogue, histories: Histories, now: datetime, *, unverified: bool
) -> Decision:
    """What follows from the command on its record, and from that on others; nothing is changed by it.

    With `unverified`, an act with a date of its own stands although the directory does not bear it out. Raises Refused
    or NotFound; a refusal of the separation of duties is a decision.
    """
    at = command.at or now
    if at > now + CLOCK_SKEW:
        raise Refused("at", f"{local_date(at)} lies in the future")
    day = local_date(at)
    policy = on_form_of(histories.policies.in_force(day), histories.began(command.aggregate))
    roll = Roll(Council(histories.directory(), policy), day, unverified and command.at is not None)
    if command.aggregate == DIRECTORY:
        roll.open_while_it_begins()
    act = catalogue.acts[command.command]
    situation = Situation(policy, at, record, roll, histories, record.key_for(command.named_child))
    try:
        require_act(act, command, situation)
        require_stage(act, command, situation)
        for gate in catalogue.gates[command.command]:
            gate(command, situation)
        own = [Decided(command.aggregate, fact) for fact in act.decide(command, record.state, situation)]
        decided = [*own, *catalogue.reactions.to(own, situation)]  # a reaction to a reaction would have no end
    except SeparationOfDuties as refusal:
        tried = Decided(command.aggregate, ActRefused(act=command.command, rule=refusal.rule, field=refusal.field))
        return Decision(policy, at, now, tuple(roll.doubts), [tried], refusal)
    return Decision(policy, at, now, tuple(roll.doubts), decided)
