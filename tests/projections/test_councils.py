"""Random histories of all five councils: the live view, the rebuilt one, the past of it and the bare fold are one."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import Engine

from events.recorded import Recorded
from projections.generations import positions
from projections.keeper import keep
from projections.moments import Moment
from projections.owed import OPEN, RECORDS, owed_view
from projections.past import Making, fold_past
from projections.rebuild_all import All, rebuild_all
from projections.registry import VIEWS
from projections.store import open_store
from projections.view import View, WorkedOut
from services.clock import local_date
from services.modules import CATALOGUE
from services.open_obligations import open_obligations
from tests.histories import batches
from tests.lives import POLICIES
from tests.projections.rebuilt import unread
from tests.projections.test_owed import events_of, lived
from tests.projections.views import Tables, in_database, in_memory, made

AUTHORITIES = ("torbay", "halton", "southwark", "east-sussex", "swindon")
AUDITS = 8
on_both = pytest.mark.parametrize(
    ("authority", "new_url"),
    [*((each, "sqlite") for each in AUTHORITIES), *((each, "postgresql") for each in ("torbay", "swindon"))],
    indirect=["new_url"],
)
"""Every council on the one database and two on the other: what the databases do otherwise, no framework changes."""


def work_out(authority: str, about: str, history: Sequence[Recorded]) -> WorkedOut | None:
    """What the council's own framework says that a record owes by this much of its history."""
    if not history or not about.startswith(CATALOGUE.worked_out):
        return None
    version = history[-1].originator_version
    rows = open_obligations(CATALOGUE.record_of(history), POLICIES[authority])
    return WorkedOut(version, {RECORDS: [{"version": version}], OPEN: rows})


@cache
def story(authority: str, seed: int) -> tuple[Recorded, ...]:
    """A council's history whose events were recorded in their order, some of them days after they had happened."""
    dice, recorded = random.Random(seed), None  # noqa: S311 - a draw that can be repeated, not a secret
    told = []
    for each in events_of(lived(authority, seed, AUDITS)):
        late = timedelta(days=dice.choice((0, 0, 0, dice.randrange(20))))
        happened = each.envelope.occurred
        recorded = max(filter(None, (recorded, happened + late)))
        told.append(replace(each, envelope=replace(each.envelope, recorded=recorded)))
    return tuple(told)


def by_rules(events: Sequence[Recorded]) -> View:
    """What is owed, as it is kept: worked out from the newest history of each record."""
    return owed_view(lambda authority, about: work_out(authority, about, _of(about, events)))


def _of(about: str, events: Sequence[Recorded]) -> list[Recorded]:
    return [each for each in events if each.originator_id == about]


def everything(events: Sequence[Recorded]) -> list[View]:
    return [*(made(name) for name in VIEWS), by_rules(events)]


def live(
    engine: Engine, authority: str, events: Sequence[Recorded], cut: Sequence[Sequence[Recorded]]
) -> dict[str, Tables]:
    """Every view, kept in those batches."""
    for view in everything(events):
        for batch in cut:
            keep(view, engine, authority, batch)
    return rows(engine, events)


def uneven(events: Sequence[Recorded], dice: random.Random) -> list[Sequence[Recorded]]:
    """Cut the events as they come to a view that keeps up or falls behind: one alone, some, and many at once."""
    cut = []
    while events:
        size = dice.choice((1, 1, 7, 40))
        cut.append(events[:size])
        events = events[size:]
    return cut


def rows(engine: Engine, events: Sequence[Recorded]) -> dict[str, Tables]:
    return {view.name: in_database(engine, view) for view in everything(events)}


def folded(events: Sequence[Recorded]) -> dict[str, Tables]:
    """The bare folds, which leave out what builds on what is not there."""
    views = (replace(made(name), incomplete=lambda _, __: True) for name in VIEWS)
    return {view.name: in_memory(view, events) for view in views}


@on_both
@pytest.mark.parametrize("seed", [3])
def test_live_rebuilt_and_folded(engine: Engine, authority: str, seed: int) -> None:
    """The rows that were kept, in whatever batches, are those of a rebuild and those of the bare fold.

    On the one database each event comes alone; on the other, where each batch takes five times as long, as it happens.
    """
    events = story(authority, seed)
    assert len(events) > AUDITS * 4
    alone = engine.dialect.name == "sqlite"
    cut = batches(events, 1) if alone else uneven(events, random.Random(seed))  # noqa: S311 - as above
    kept = live(engine, authority, events, cut)
    read = {authority: lambda after: filter(None, [events[after:]])}
    differing = rebuild_all(All(everything(events), engine, read, {authority: unread(read[authority])}, work_out))
    assert not any(each.differing for each in differing)
    again = rows(engine, events)
    assert again == kept
    assert {name: again[name] for name in VIEWS} == folded(events)
    assert again["owed"][OPEN]


@on_both
@pytest.mark.parametrize("seed", [11])
def test_the_past_is_what_was_shown_then(engine: Engine, tmp_path: Path, authority: str, seed: int) -> None:
    """As known by a day every view is what a system shows that was fed up to then; as it was, the fold of what was."""
    events, dice = story(authority, seed), random.Random(seed)  # noqa: S311 - as above
    for batch in batches(events, 100):
        keep(made("timeline"), engine, authority, batch)
    first, last = (local_date(events[place].envelope.occurred) for place in (len(events) // 3, -1))
    for number in range(2):
        day = date.fromordinal(dice.randrange(first.toordinal(), last.toordinal() + 1))
        known, fed = (open_store(f"sqlite:///{tmp_path}/{name}{number}.db") for name in ("known", "fed"))
        moment = Moment(known_by=day)
        held = [each for each in events if moment.holds(each.envelope)]
        views = everything(held)
        fold_past(Making(engine, authority, moment, work_out), known, views)
        assert rows(known, held) == live(fed, authority, held, batches(held, 50))
        assert positions(known, "owed") == {authority: len(events)}
        was = open_store(f"sqlite:///{tmp_path}/was{number}.db")
        moment = Moment(happened_by=day)
        held = [each for each in events if moment.holds(each.envelope)]
        fold_past(Making(engine, authority, moment, work_out), was, views)
        found = rows(was, held)
        assert {name: found[name] for name in VIEWS} == folded(held)
        assert found["owed"] == _owed_of(held, authority)
        for store in (known, fed, was):
            store.dispose()


def _owed_of(events: Sequence[Recorded], authority: str) -> Tables:
    """What the rules say of each record, with the identity of each row."""
    view = by_rules(events)
    found: Tables = {name: [] for name in view.shape.by_name}
    for about in dict.fromkeys(each.originator_id for each in events):
        told = work_out(authority, about, _of(about, events))
        for name, held in (told.rows if told else {}).items():
            spec = view.shape.by_name[name]
            identity = {"authority": authority, "about": about}
            found[name] += [{**spec.blank, **identity, **spec.storable(row)} for row in held]
    return {name: sorted(held, key=repr) for name, held in found.items()}
