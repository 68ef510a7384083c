"""What one process tells another that it failed of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from events.errors import SightlineError


@dataclass(frozen=True, slots=True)
class Failed:
    """An error on its way from one process to another: some are not made of their arguments alone."""

    kind: type[SightlineError]
    args: tuple[Any, ...]
    told: Mapping[str, Any]

    @classmethod
    def by(cls, error: SightlineError) -> "Failed":
        """The error as it can travel."""
        return cls(type(error), error.args, vars(error))

    def error(self) -> SightlineError:
        """The same error."""
        again = self.kind.__new__(self.kind, *self.args)
        vars(again).update(self.told)
        return again
