"""The shape of what a framework says of actions: how urgent they may be, and who confirms that one is closed."""

from pydantic import Field

from services.policy.part import Key, Label, Part


class Priority(Part):
    """How urgent an action is, in the framework's own word. Clocks and ladders ask for it (`when: {priority: P1}`).

    The closing of such an action is confirmed by one of the roles `confirmed_by`; where none is named, it is closed
    once it is completed, and there is nothing to confirm.
    """

    name: Label
    confirmed_by: tuple[Key, ...] = Field(default=(), title="The closing is confirmed by")


class ActionRules(Part):
    """How actions are told apart. With `priorities` each action has one of them; without any, none has."""

    priorities: tuple[Priority, ...] = ()

    def priority(self, name: str | None) -> Priority | None:
        """The priority of that name; None for none, and for one that the framework does not know."""
        return next((each for each in self.priorities if each.name == name), None)
