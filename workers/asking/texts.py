"""The sealed texts that an answer holds, gathered for whoever opens them: the same through every door."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from services.texts.asking import Sealed
from workers.system import System

if TYPE_CHECKING:
    from projections.timeline import TimelineEntry
    from projections.view import Row, Spec
    from services.core.kept import KeptDirectory
    from services.keyring import Keyring
    from services.texts.opening import Texts


def texts_of(system: System, authority: str, ring: "Keyring", people: "KeptDirectory | None" = None) -> "Texts":
    """What opens the texts of the authority, with its keyring. `people` is for one reading at a time."""
    from services.texts.opening import Texts  # noqa: PLC0415 - to gather texts none of this is needed

    return Texts(
        authority=authority,
        catalogue=system.catalogue,
        store=system.history(authority),
        keys=ring,
        policies=system.rules.of(authority),
        clock=system.clock,
        people=people,
    )


def of_rows(spec: "Spec", rows: "Iterable[Row]") -> list[Sealed]:
    """What the rows of a view's table hold, each for the field that its column is of (see `Spec.sealed`)."""
    return [
        Sealed(row["about"], field, row[name], row.get("action") or "")
        for row in rows
        for name, field in spec.sealed.items()
        if row[name] is not None
    ]


def of_timeline(rows: "Iterable[TimelineEntry]") -> list[Sealed]:
    """What the events hold."""
    return [Sealed(row.about, field_of(row, name), text) for row in rows for name, text in row.sealed.items()]


def field_of(row: "TimelineEntry", name: str) -> str:
    """For which field a text of an event was sealed."""
    return f"{row.stored_name.partition('.')[0]}.{name.partition(':')[0]}"
