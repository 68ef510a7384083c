"""Folding whole histories by the states that commands are decided on, to tell whether they still can be."""

from dataclasses import dataclass, field

from events.recorded import Recorded
from services.core.catalogue import Catalogue
from services.core.record import State
from services.modules import CATALOGUE


@dataclass(slots=True)
class Folds:
    """The state of every record as far as it was folded. A record that cannot be folded is told of once."""

    catalogue: Catalogue = CATALOGUE
    states: dict[str, State] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)

    def take(self, recorded: Recorded) -> str | None:
        """Fold the next event of its record; why that is impossible, or None."""
        aggregate = recorded.originator_id
        kind = self.catalogue.kinds.get(aggregate.partition("/")[0])
        if kind is None or aggregate in self.broken:
            return None
        state = self.states.get(aggregate) or self.states.setdefault(aggregate, kind.begin())
        try:
            state.apply(recorded)
        except Exception as error:  # noqa: BLE001 - whatever it is: no command on this record could be decided
            self.broken.add(aggregate)
            return f"{aggregate} cannot be folded further: {type(error).__name__} {error}".strip()
        return None
