"""What is recorded of commands themselves: the id that one brought, and that one was tried and may not be."""

from events.base import Fact, Label


class CommandNamed(Fact):
    """A command that brought its own id was carried out on a record, such as `audit/A-1`.

    The only event of the id's own record, written together with what the command led to: a second command under the
    same id, on whatever record, finds it there.
    """

    stored_name = "command.named.v1"
    record: Label

    def sentence(self) -> str:
        return f"The id of a command on {self.record} is taken."


class ActRefused(Fact):
    """Somebody tried an act that the separation of duties forbids. Nothing else was changed by it.

    `field` is the part of the command at fault. Attempts of before it was kept say `actor`, as they were answered then
    when they were repeated.
    """

    stored_name = "audit.act_refused.v1"
    clause = "an act is refused"
    act: Label
    rule: Label
    field: Label = "actor"

    def sentence(self) -> str:
        return f"Refused: “{self.act}”, by the rule “{self.rule}”."
