"""The directory as a snapshot keeps it: who is where and since when, without which commands said so.

It grows with the people who ever were: what happened in the past is asked of it too, for acts that are dated back.
"""

from dataclasses import astuple
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from services.directory.addresses import Address
from services.directory.state import DIRECTORY, Directory, Placement, Post, Tenure, Training
from services.snapshots import Form, standing

if TYPE_CHECKING:
    from services.store.application import History


def _dump(directory: Directory) -> dict[str, Any]:
    tenures = [(each.person, each.post.role, each.post.unit, each.since, each.until) for each in directory.tenures]
    trained = directory.trained.items()
    return {
        "placements": {unit: [astuple(each) for each in held] for unit, held in directory.placements.items()},
        "tenures": tenures,
        "trained": {person: [(each.since, each.until) for each in held] for person, held in trained},
        "addresses": {person: astuple(each) for person, each in directory.addresses.held.items()},
        "calendars": directory.addresses.calendars,
        "version": directory.version,
    }


def _load(held: Any) -> Directory:
    directory = Directory(version=held["version"])
    for unit, placements in held["placements"].items():
        for since, kind, parent in placements:
            directory.place(unit, Placement(datetime.fromisoformat(since), kind, parent))
    for person, role, unit, since, until in held["tenures"]:
        ended = datetime.fromisoformat(until) if until else None
        directory.add(Tenure(person, Post(role, unit), datetime.fromisoformat(since), ended))
    for person, trainings in held["trained"].items():
        directory.trained[person] = [
            Training(date.fromisoformat(since), date.fromisoformat(until) if until else None)
            for since, until in trainings
        ]
    directory.addresses.held.update((person, Address(*each)) for person, each in held["addresses"].items())
    directory.addresses.calendars.update(held["calendars"])
    return directory


FORM = Form(_dump, _load)
FOLDING = standing(DIRECTORY.partition("/")[0], Directory, FORM)
"""The same that a desk opens the record by: one snapshot serves both."""


def directory_of(history: "History") -> Directory:
    """The directory as it stands, from the newest snapshot on."""
    held = history.state(DIRECTORY, FOLDING).state
    return held.state if held else Directory()
