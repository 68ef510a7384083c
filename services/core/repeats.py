"""Within one file: whether a line says again what stood before, or does it a further time."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class _Acts:
    """What the file has done to one record: how often each act was undone and done again, and the last of them."""

    places: dict[str, int] = field(default_factory=dict)
    last: str = ""


@dataclass(slots=True)
class Repeats:
    """Follows one file from its first line to its last.

    A line that stood before is a repeat, unless another act on the same record was done in between: to give an audit
    to X, then to Y, then to X is three acts. It takes some 200 bytes for each line that was carried out.
    """

    _records: dict[str, _Acts] = field(default_factory=dict)
    _before: dict[str, _Acts | None] = field(default_factory=dict)
    _handed: dict[str, _Acts | None] = field(default_factory=dict)

    def place(self, record: str, act: str) -> int:
        """How often the act stood in the file before with another one since; 0 for the first time and its repeats."""
        acts = self._records.get(record)
        if acts is None or act not in acts.places:
            return 0
        return acts.places[act] + (acts.last != act)

    def took(self, record: str, act: str, place: int) -> None:
        """An act was done, or had been done before: what is refused, or changes nothing, stands between no others."""
        acts = self._records.get(record)
        if record not in self._before:
            self._before[record] = None if acts is None else _Acts(dict(acts.places), acts.last)
        places = acts.places if acts is not None else {}
        places[act] = place
        self._records[record] = _Acts(places, act)

    def hand_over(self) -> None:
        """What was taken since the last call is being written. What was handed over before that is kept, or is back."""
        self._handed, self._before = self._before, {}

    def keep(self) -> None:
        """What was handed over is written."""
        self._handed.clear()

    def back(self) -> None:
        """What was handed over was not written: it will be decided again, and all that was taken since."""
        for record, acts in (*self._before.items(), *self._handed.items()):  # what was handed over stood there first
            if acts is None:
                self._records.pop(record, None)
            else:
                self._records[record] = acts
        self._before.clear()
        self._handed.clear()
