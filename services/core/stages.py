"""Whether an act may be given in the stage that its record has come to: asked here, for every kind of record."""

from events.errors import Refused
from services.core.command import Command
from services.core.part import Act
from services.core.situation import Situation


def require_stage(act: Act, command: Command, situation: Situation) -> None:
    """Refused, naming the stage and those in which the act may be given, unless it may be given now.

    A record that was taken back is refused in the words of its kind. What has no stages is open to every act.
    """
    record = situation.record
    kind, stage = record.kind, record.kind.stage(record.state)
    stages = act.stages if act.stages is not None else kind.stages.get(command.command)
    if stage is None or stages is None:
        return
    now = stages.get(stage)
    if now is not None and now(situation):
        return
    field = kind.name if kind.name in type(command).model_fields else "record"
    if not stages:
        raise Refused(field, f"{record.reference} is already {stage}")
    record.require_standing()
    others = " or ".join(each for each in stages if each != stage) or "as it was before"
    raise Refused(field, f"it is {stage}: {command.command} may be given while it is {others}")
