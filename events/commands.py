"""The ids of commands: each is used once in an authority, for ever."""

from events.base import Fact, Label


class CommandNamed(Fact):
    """A command that brought its own id was carried out on a record, such as `audit/A-1`.

    The only event of the id's own record, written together with what the command led to: a second command under the
    same id, on whatever record, finds it there.
    """

    stored_name = "command.named.v1"
    record: Label
