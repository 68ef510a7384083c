"""A rebuild of every view in shares of the records: the same rows, each share on from where it was, and no half."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select

from events.errors import Unavailable
from events.recorded import Recorded
from projections import whole_records
from projections.generations import generation_row, positions
from projections.rebuild import Progress
from projections.rebuild_all import All, Sharing, rebuild_all
from projections.share_places import read_through
from projections.shares import Part, Share
from projections.store import SHARES
from projections.whole_records import WholeRecords
from tests.histories import TORBAY, batches
from tests.projections.rebuilt import (
    Stream,
    everything,
    killed_among_records,
    killed_at_the,
    live,
    of_nothing,
    polling,
    rows,
    unread,
    work,
    work_out,
)
from tests.projections.views import EVENTS, in_database, in_memory

BLOCK = 16
"""Positions that a share reads before the next one's begin."""

BATCH = 6
"""Events that are read in at once: a block has some of them."""


@dataclass
class Shared:
    """Shares that are filled beside each other, in threads; each is killed once it has told of so many batches."""

    engine: Engine
    events: Sequence[Recorded] = tuple(EVENTS)
    of: int = 2
    block: int = BLOCK
    ahead: int = 0
    killed_after: Mapping[int, int] = field(default_factory=dict)
    starts: dict[int, list[int]] = field(default_factory=dict)
    end: int = 0

    def everything(self) -> All:
        """Every view, filled so, of a history that goes as far as the live views do."""
        return replace(
            work(self.engine, {TORBAY: Stream(self.events)}), sharing=Sharing(self.of, self._fill, self.ahead)
        )

    def _fill(self, authority: str, generations: Mapping[str, int], progress: Progress | None) -> int:
        every = [Share(number, self.of, self.block, self.ahead) for number in range(self.of)]
        views = [view for view in everything(EVENTS) if view.name in generations]
        parts = [Part(views, self.engine, generations, authority, share, work_out) for share in every]
        begun, together = read_through(self.engine, generations, authority), Barrier(self.of)
        with ThreadPoolExecutor(self.of) as pool:
            ended = [pool.submit(self._one, part, together, progress) for part in parts]
        failed = [each.exception() for each in ended]
        for error in sorted(filter(None, failed), key=lambda each: isinstance(each, BrokenBarrierError)):
            raise error
        return begun or self.end or len(self.events)

    def _one(self, part: Part, together: Barrier, progress: Progress | None) -> None:
        number, left = part.share.number, self.killed_after.get(part.share.number, len(EVENTS))

        def read(after: int) -> Iterator[Sequence[Recorded]]:
            self.starts.setdefault(number, []).append(after)
            yield from batches(self.events[after:], BATCH)

        def told(position: int) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                raise KeyboardInterrupt
            if progress is not None:
                progress(part.authority, position)

        try:
            part.fill(unread(read), self.end or len(self.events), told, together.wait)
        except BaseException:
            together.abort()  # as the others end with one that is ended
            raise


def shares_of(engine: Engine, view: str) -> dict[int, int]:
    """How far each share of the view's generation is."""
    with engine.connect() as db:
        return {row.share: row.position for row in db.execute(select(SHARES).where(SHARES.c.view == view))}


def last_records(engine: Engine, view: str) -> dict[int, str]:
    """Up to which record each share of the view's generation is written."""
    with engine.connect() as db:
        return {row.share: row.about for row in db.execute(select(SHARES).where(SHARES.c.view == view))}


def building(engine: Engine, view: str) -> tuple[int, int | None]:
    """Which generation of the view is live, and which is being filled."""
    with engine.connect() as db:
        row = generation_row(db, view)
    assert row is not None
    return row["live"], row["building"]


@pytest.mark.parametrize("of", [2, 3, 16])
def test_every_view_in_shares(of: int, engine: Engine) -> None:
    """The rows are those of the views as they were kept; with more shares than records, some are empty."""
    live(engine, EVENTS)
    before = rows(engine)
    found = rebuild_all(Shared(engine, of=of).everything())
    assert of_nothing(found)
    assert rows(engine) == before
    assert {each.view: each.positions for each in found} == {name: {TORBAY: len(EVENTS)} for name in before}
    assert building(engine, "owed") == (2, None)
    with engine.connect() as db:
        assert db.execute(select(SHARES)).all() == []


def test_each_record_is_in_one_share() -> None:
    """Whatever their number, no record is in two shares or in none."""
    named = {event.originator_id for event in EVENTS}
    for of in (1, 2, 5):
        held = [about for number in range(of) for about in named if Share(number, of).holds(about)]
        assert sorted(held) == sorted(named)


def test_killed_twice_as_shares_fill(engine: Engine) -> None:
    """Killed twice under load, each share goes on from its own last event; nothing switches before all have ended."""
    half = len(EVENTS) // 2
    live(engine, EVENTS[:half])
    with polling(engine) as failed:
        for kills in ({0: 1, 1: 0}, {0: 0, 1: 0}):
            shared = Shared(engine, EVENTS[:half], killed_after=kills)
            with pytest.raises(KeyboardInterrupt):
                rebuild_all(shared.everything())
            assert {building(engine, view.name) for view in everything(EVENTS)} == {(1, 2)}
        left = shares_of(engine, "timeline")
        live(engine, EVENTS[half:])
        shared = Shared(engine)
        found = rebuild_all(shared.everything())
    assert failed == []
    assert left == {0: BLOCK, 1: BLOCK + 2 * BATCH}
    assert {number: starts[0] for number, starts in shared.starts.items()} == {0: 2 * BLOCK, 1: left[1]}
    assert of_nothing(found)
    for view in everything(EVENTS)[:-1]:
        assert in_database(engine, view) == in_memory(view, EVENTS), view.name
    assert positions(engine, "owed") == {TORBAY: len(EVENTS)}


@pytest.mark.parametrize("late", [0, 20])
def test_killed_between_two_records(late: int, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the records that are written, each share goes on with the next; what came since is taken by the one."""
    monkeypatch.setattr(whole_records, "AT_ONCE", 2)
    live(engine, EVENTS)
    before, known = rows(engine), EVENTS[: len(EVENTS) - late]
    with monkeypatch.context() as held:
        killed_among_records(held)
        with pytest.raises(KeyboardInterrupt):
            rebuild_all(Shared(engine, known).everything())
    written = last_records(engine, "register")
    assert last_records(engine, "owed") == written
    folded: list[str] = []
    of = WholeRecords.of

    def seen(whole: WholeRecords, db: Connection, abouts: Sequence[str]) -> list[Any]:
        folded.extend(abouts)
        return of(whole, db, abouts)

    monkeypatch.setattr(WholeRecords, "of", seen)
    shared = Shared(engine)
    assert of_nothing(rebuild_all(shared.everything()))
    assert rows(engine) == before
    assert {about for about in folded if about <= written[0 if Share(0, 2).holds(about) else 1]} == set()
    assert shared.starts == {}


def test_killed_after_the_shares(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """What shares have filled is not filled again by a repeat that comes after a kill between two switches."""
    live(engine, EVENTS)
    before = rows(engine)
    killed_at_the("notices", monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        rebuild_all(Shared(engine).everything())
    shared = Shared(engine)
    assert of_nothing(rebuild_all(shared.everything()))
    assert shared.starts == {}
    assert rows(engine) == before


def test_what_comes_while_shares_fill(engine: Engine) -> None:
    """Shares end where the history ended when they began; what came since is taken by the one that asked."""
    live(engine, EVENTS)
    before = rows(engine)
    shared = Shared(engine, EVENTS[:60])
    late = Stream(EVENTS)
    assert of_nothing(rebuild_all(replace(shared.everything(), readers={TORBAY: late})))
    assert late.read[0] == len(EVENTS[:60]) + 1
    assert rows(engine) == before


def test_other_shares_begin_anew(engine: Engine) -> None:
    """A rebuild that was begun in two shares is none for three: a record may be in another one."""
    live(engine, EVENTS)
    before = rows(engine)
    with pytest.raises(KeyboardInterrupt):
        rebuild_all(Shared(engine, killed_after={0: 1, 1: 1}).everything())
    shared = Shared(engine, of=3)
    assert of_nothing(rebuild_all(shared.everything()))
    assert {number: starts[0] for number, starts in shared.starts.items()} == {0: 0, 1: BLOCK, 2: 2 * BLOCK}
    assert rows(engine) == before


def test_a_share_that_is_further_ahead_begins_anew(engine: Engine) -> None:
    """A rebuild whose first share was to read no block before any other is none for one that reads two of them."""
    live(engine, EVENTS)
    before = rows(engine)
    with pytest.raises(KeyboardInterrupt):
        rebuild_all(Shared(engine, killed_after={0: 1, 1: 1}).everything())
    shared = Shared(engine, ahead=1)
    assert of_nothing(rebuild_all(shared.everything()))
    assert {number: starts[0] for number, starts in shared.starts.items()} == {0: 0, 1: 2 * BLOCK}
    assert rows(engine) == before


def test_a_share_that_ends_early(engine: Engine) -> None:
    """Shares that have not come to the end that was told are never taken for whole."""
    live(engine, EVENTS)
    with pytest.raises(Unavailable, match=r"history of torbay ended at 95, but it was 96 events long"):
        rebuild_all(Shared(engine, EVENTS[:-1], end=len(EVENTS)).everything())
    assert building(engine, "register") == (1, 2)
