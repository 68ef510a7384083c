"""Actions: a component of every record that leads to them."""

from events.errors import Refused
from services.actions import commands as c
from services.actions import decisions as d
from services.core.command import Command
from services.core.part import Act, Part
from services.core.situation import Situation


def _leads_to_actions(_command: Command, situation: Situation) -> None:
    """Refused for a record that leads to none; NotFound unless it is there."""
    situation.record.require_standing()
    if not hasattr(situation.record.state, "actions"):
        raise Refused("record", f"{situation.record.called} leads to no actions")


MODULE = Part(
    name="actions",
    acts=(
        Act(c.SetAction, d.set_action, before=_leads_to_actions),
        Act(c.RedateAction, d.redate_action, before=_leads_to_actions, words="agree a later date for an action"),
        Act(c.CompleteAction, d.complete_action, before=_leads_to_actions),
        Act(c.ConfirmActions, d.confirm_actions, before=_leads_to_actions),
    ),
)
