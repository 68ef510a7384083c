"""What a view is: a name, its tables and a pure fold. No database is opened here.

Every row of every view belongs to one aggregate, so the rows that a batch can touch are known before it is
folded: they are loaded at once, folded in memory and written at once.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache
from types import NoneType
from typing import Any, NamedTuple

from sqlalchemy import JSON, Column, Index, MetaData, String, Table
from sqlalchemy.types import TypeEngine, to_instance

from events.base import Fact
from events.errors import BrokenHistory, SightlineError
from events.recorded import Recorded
from projections.storable import NUL, storable

Row = dict[str, Any]
Key = tuple[Any, ...]
Held = Mapping[str, Mapping[Key, Row]]
"""The rows of one aggregate, by table and key, as they stood before the event."""


class Halted(SightlineError):
    """An event that the fold of a view cannot take. The view stands before its batch; nothing was skipped."""

    def __init__(self, view: str, authority: str, position: int, reason: str) -> None:
        self.view = view
        self.authority = authority
        self.position = position
        self.reason = reason
        super().__init__(f"view {view} halted at position {position} of {authority}: {reason}")


class Change(NamedTuple):
    """Some columns of one row, its key among them. `new` says whether the row must be absent or present."""

    table: str
    columns: Row
    new: bool


_CHANGE = tuple.__new__
"""Makes one in half the time: hundreds of thousands are made."""


def new(table: str, **columns: Any) -> Change:
    """Add a row; columns that are not given are NULL. If it is there already, the view halts."""
    return _CHANGE(Change, (table, columns, True))


def change(table: str, **columns: Any) -> Change:
    """Change these columns of a row. If it is not there, the view halts."""
    return _CHANGE(Change, (table, columns, False))


Step = Callable[[Any, Recorded, Held], Iterable[Change]]
"""What one kind of fact changes, from the fact, the event that holds it, and its aggregate's rows. Pure."""


NO_TEXT = frozenset({NoneType, bool, int, date, datetime})
"""The kinds of values that hold no text."""

TEXTUAL = (String, JSON)
"""The types of columns that may hold a text as it was said. Days, instants and numbers are none, however a database
writes them."""


@dataclass(frozen=True, eq=False)
class Spec:
    """A table of a view. Its primary key is the authority, the aggregate (`about`) and the columns of `key`.

    An index is of a column, or of several that are sorted by together, such as "stored_name day". Where the indexes
    change, `known_by` keeps those by which the tables are known that were made before: they are ours, and get the new.
    `held` False tells that no step looks at or changes an earlier row, so none is loaded or kept in memory. `sealed`
    names, for each column that holds a sealed text, the field for which it was sealed: whoever opens it must say that.
    """

    name: str
    columns: Mapping[str, TypeEngine[Any] | type[TypeEngine[Any]]]
    key: tuple[str, ...] = ()
    indexes: tuple[str, ...] = ()
    known_by: tuple[str, ...] | None = None
    held: bool = True
    sealed: Mapping[str, str] = field(default_factory=dict)

    def table(self, generation: int, metadata: MetaData) -> Table:
        """Make the table of one generation, such as `audit_register_g2`."""
        name = f"{self.name}_g{generation}"
        return Table(
            name,
            metadata,
            Column("authority", String(32), primary_key=True),
            Column("about", String(130), primary_key=True),
            *(Column(each, kind, primary_key=each in self.key) for each, kind in self.columns.items()),
            *(Index(f"{name}_by_{each.replace(' ', '_')}", "authority", *each.split()) for each in self.indexes),
        )

    @cached_property
    def blank(self) -> Row:
        """Every column, with nothing in it."""
        return dict.fromkeys(("authority", "about", *self.columns))

    @cached_property
    def texts(self) -> frozenset[str]:
        """The columns that hold texts, as such or in JSON."""
        return frozenset(name for name, kind in self.columns.items() if isinstance(to_instance(kind), TEXTUAL))

    def storable(self, columns: Row) -> Row:
        """The columns as a database keeps them (see `storable`): only the texts among them are looked at."""
        kept = columns
        for name, held in columns.items():
            # Nearly every value is a text that is kept as it is, or is there no text.
            kind = type(held)
            if (NUL in held if kind is str else kind not in NO_TEXT) and name in self.texts:
                kept = {**kept, name: storable(held)}
        return kept

    def key_of(self, columns: Mapping[str, Any]) -> Key:
        """Give what tells the row apart from the others of its aggregate."""
        return tuple([columns[each] for each in self.key]) if self.key else ()


@dataclass(frozen=True, eq=False)
class Beside:
    """What is told of a row beside what is kept of it: whoever asks is told the same, through whichever door.

    `of` gives these columns from the row and the day on which it is asked; a value that needs a day is None without
    one. `heads` is a table of one row for each aggregate whose columns a row is told with.
    """

    columns: Mapping[str, type[TypeEngine[Any]] | TypeEngine[Any]]
    of: Callable[[Row, date | None], Row]
    heads: str = ""


@dataclass(frozen=True, eq=False)
class Shape:
    """The name and the tables of a view: all that its queries need to know of it.

    `shown` is the table whose rows are the view to whoever asks for it as such; the last one, where it says none.
    """

    name: str
    specs: tuple[Spec, ...]
    shown: str = ""
    beside: Beside | None = None

    @cached_property
    def by_name(self) -> Mapping[str, Spec]:
        """The tables by their names without a generation."""
        return {spec.name: spec for spec in self.specs}

    @cached_property
    def fingerprint(self) -> str:
        """Changes with every change of a table, so that other code's tables are never taken for ours."""
        parts = [
            (each.name, each.key, each.indexes if each.known_by is None else each.known_by, list(each.columns.items()))
            for each in self.specs
        ]
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]

    def no_rows(self) -> dict[str, dict[Key, Row]]:
        """What is held of an aggregate of which there is nothing yet."""
        return {name: {} for name in self._held}

    @cached_property
    def _held(self) -> tuple[str, ...]:
        return tuple(spec.name for spec in self.specs if spec.held)

    def tables(self, generation: int) -> Mapping[str, Table]:
        """Give the tables of one generation by their names without it."""
        return _tables(self, generation)


@lru_cache(maxsize=256)
def _tables(shape: Shape, generation: int) -> Mapping[str, Table]:
    metadata = MetaData()
    return {spec.name: spec.table(generation, metadata) for spec in shape.specs}


WorkOut = Callable[[str, str], "WorkedOut | None"]
"""Works out a record of an authority (`audit/A-1`) from its newest history; None for one that the view is not about."""

WorkOutMany = Callable[[str, Sequence[Recorded]], Mapping[str, "WorkedOut"]]
"""Works out what it can of the records that these events touch, as they stand then or later; `WorkOut` the others."""


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """The rows of one record by table, as they follow from its history up to `version`. They replace what it had."""

    version: int
    rows: Mapping[str, Sequence[Row]]


@dataclass(frozen=True, eq=False)
class View:
    """A shape and what each kind of fact changes in it. Facts without a step leave it as it is.

    `edition` is raised whenever the same events would give other rows; rows of another edition are refused
    until the view is rebuilt. A view with `work_out` has no steps: each record that a batch touches is worked out
    once, from its newest history (with `work_out_many`, what it can of all at once), and its rows are replaced. Its
    first table has one row a record: its version, and why not where it could not be worked out. An event that
    `is_told_alone` changes nothing but the version.
    `incomplete` says whether a part of a record is accepted as lost: what cannot be folded of it leaves its rows.
    """

    shape: Shape
    steps: Mapping[type[Fact], Step]
    edition: str = "1"
    work_out: WorkOut | None = None
    work_out_many: WorkOutMany | None = None
    is_told_alone: Callable[[Recorded], bool] = lambda _: False
    incomplete: Callable[[str, str], bool] = lambda authority, about: False  # noqa: ARG005 - the names are the promise

    @property
    def name(self) -> str:
        """The name that the view is kept and rebuilt under."""
        return self.shape.name


@dataclass(frozen=True, slots=True)
class Declared:
    """A view as its module declares it, in a constant `VIEW`: by that alone it is found, and has a process of its own.

    `make` makes it; with `by_rules`, from the rules that work its rows out, which whoever keeps it hands in.
    """

    shape: Shape
    make: Callable[..., View]
    by_rules: bool = False


def apply(view: View, held: Held, event: Recorded) -> list[tuple[str, Key, Row]]:
    """Give the rows that the event changes, whole, each with its table and key. Pure: `held` stays as it was.

    Raises BrokenHistory when a row that must be there is not, or the other way round.
    """
    step = view.steps.get(type(event.fact))
    return [] if step is None else _taken(view, step, held, event)


def _taken(view: View, step: Step, held: Held, event: Recorded) -> list[tuple[str, Key, Row]]:
    changed = []
    specs, about, authority = view.shape.by_name, event.originator_id, event.envelope.authority
    for table, given, is_new in step(event.fact, event, held):
        spec = specs[table]
        columns = spec.storable(given)
        key = spec.key_of(columns)
        before = held[table].get(key) if spec.held else None
        if (before is None) != is_new:
            state = "is there already" if is_new else "is not there"
            raise BrokenHistory(about, f"{event.fact.stored_name}: {table} {key} {state}")
        if before is None:
            row = {**spec.blank, **columns, "authority": authority, "about": about}
        else:
            row = {**before, **columns}
        changed.append((table, key, row))
    return changed


Rows = dict[str, dict[str, dict[Key, Row]]]
"""Rows in memory: by aggregate, table and key."""


def fold(view: View, rows: Rows, events: Sequence[Recorded]) -> dict[str, list[Row]]:
    """Fold the events into `rows`, and give the changed rows of each table as they stand at the end.

    Raises Halted, with the position, for the first event that cannot be taken.
    """
    changed: dict[str, dict[tuple[str, Key], Row]] = {name: {} for name in view.shape.by_name}
    kept = view.shape.no_rows().keys()
    steps = view.steps
    for event in events:
        step = steps.get(type(event.fact))
        if step is None:
            continue
        about = event.originator_id
        held = rows.get(about)
        if held is None:
            held = rows[about] = view.shape.no_rows()
        try:
            outcome = _taken(view, step, held, event)
        except Exception as error:
            authority, position = event.envelope.authority, event.position or 0
            if view.incomplete(authority, about):
                continue
            reason = str(error) if isinstance(error, SightlineError) else repr(error)
            raise Halted(view.name, authority, position, reason) from error
        for table, key, row in outcome:
            changed[table][about, key] = row
            if table in kept:
                held[table][key] = row
    return {table: list(each.values()) for table, each in changed.items() if each}
