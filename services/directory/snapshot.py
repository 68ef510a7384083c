"""The directory as a snapshot: it saves reading years of appointments, and changes nothing but time.

It holds who is where and since when, not which commands said so: a repeated command is recognised by the desk, which
loads the directory's whole history. So it grows with the people, and is kept small.
"""

import zlib
from dataclasses import astuple
from datetime import date, datetime

import orjson

from events.recorded import Recorded
from services.directory.addresses import Address
from services.directory.state import DIRECTORY, Directory, Placement, Post, Tenure, Training
from services.store.application import Folding, History

WORTH_KEEPING = 200
"""Events since the last snapshot from which a new one saves more than it costs."""


def _step(directory: Directory | None, recorded: Recorded) -> Directory:
    directory = directory or Directory()
    directory.apply(recorded)
    return directory


def _dump(directory: Directory) -> bytes:
    tenures = [(each.person, each.post.role, each.post.unit, each.since, each.until) for each in directory.tenures]
    trained = directory.trained.items()
    held = orjson.dumps(
        {
            "placements": {unit: [astuple(each) for each in held] for unit, held in directory.placements.items()},
            "tenures": tenures,
            "trained": {person: [(each.since, each.until) for each in held] for person, held in trained},
            "addresses": {person: astuple(each) for person, each in directory.addresses.held.items()},
            "calendars": directory.addresses.calendars,
            "version": directory.version,
        }
    )
    return zlib.compress(held)


def _load(body: bytes) -> Directory:
    held = orjson.loads(zlib.decompress(body))
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


FOLDING = Folding("directory-5", _step, _dump, _load)
"""Its name changes with the form: a snapshot of another form is passed over."""


def directory_of(history: History) -> Directory:
    """The directory as it stands, from the newest snapshot on."""
    return history.state(DIRECTORY, FOLDING).state or Directory()


def keep_directory(history: History) -> bool:
    """Keep a snapshot if it is worth it; whether one was kept. A repeat keeps nothing."""
    folded = history.state(DIRECTORY, FOLDING)
    return folded.version - folded.since >= WORTH_KEEPING and history.keep_snapshot(DIRECTORY, FOLDING)
