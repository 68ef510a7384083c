"""Snapshots of the directory on a real store."""

from datetime import timedelta

import orjson
import pytest

from services.clock import shifted_clock
from services.core.desk import Desk
from services.directory.snapshot import FOLDING, directory_of
from services.directory.state import DIRECTORY, Post, Tenure, fold_directory
from services.modules import CATALOGUE
from services.nats_server import MAX_PAYLOAD
from services.snapshots import WORTH_KEEPING, Standing
from services.store.application import History
from tests.desks import SHIPPED, ReadableKeys, plain_name
from tests.lives import people
from tests.stores import Store


@pytest.fixture
def history(single_store: Store) -> History:
    """A council's history with its people in it."""
    history = single_store.history(single_store.authority())
    policies = SHIPPED["torbay"]
    desk = Desk(
        authority=history.authority,
        catalogue=CATALOGUE,
        store=history,
        keys=ReadableKeys(),
        name=plain_name,
        policies=policies,
        clock=shifted_clock(),
    )
    for line in people("torbay"):
        desk.carry_out(CATALOGUE.parse(orjson.dumps(line | {"authority": history.authority})))
    left = {"command": "person.leave", "person": "P-SM", "post": "service_manager", "unit": "S-1"}
    line = {"authority": history.authority, "actor": "P-QA", "role": "qa_team", "at": "2026-01-05"}
    desk.carry_out(CATALOGUE.parse(orjson.dumps(left | line)))
    return history


def test_changes_nothing_but_time(history: History) -> None:
    """The directory is the same with a snapshot as without, and the snapshot spares reading what it holds."""
    before = fold_directory(history.load(DIRECTORY))
    assert directory_of(history) == before
    assert not history.keep_snapshot(DIRECTORY, FOLDING, worth=WORTH_KEEPING), "a few events are not worth a snapshot"
    assert history.keep_snapshot(DIRECTORY, FOLDING)
    assert not history.keep_snapshot(DIRECTORY, FOLDING)
    folded = history.state(DIRECTORY, FOLDING)
    assert folded.since == before.version
    assert directory_of(history) == before


def test_one_snapshot_serves_desks_and_questions(history: History) -> None:
    """What a desk keeps of the directory is what `directory_of` begins from."""
    assert CATALOGUE.kind_of(DIRECTORY).folding.kind == FOLDING.kind
    assert history.keep_snapshot(DIRECTORY, CATALOGUE.kind_of(DIRECTORY).folding)
    assert history.state(DIRECTORY, FOLDING).since > 0


def test_stays_small(history: History) -> None:
    """Thirty thousand appointments fit into a message many times over, and no command's id is among what is kept."""
    directory = directory_of(history)
    at = shifted_clock()()
    for number in range(30_000):
        directory.add(Tenure(f"P-{number}", Post("auditor", f"T-{number % 400}"), at + timedelta(minutes=number)))
    kept = FOLDING.dump(Standing(directory))
    assert len(kept) * 5 < MAX_PAYLOAD
    assert FOLDING.load(kept).state == directory
