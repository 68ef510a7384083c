"""Every view kept and rebuilt at once from one history, read by others meanwhile, and killed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Event, Thread, current_thread
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select

from events.actions import ActionCompleted, ActionSet
from events.audits import AuditSubmitted
from events.recorded import Recorded, Unread
from events.registry import encode
from projections import rebuild_all as module
from projections.differences import Compared
from projections.differences import compared as whole
from projections.generations import reading
from projections.keeper import keep
from projections.owed import OPEN, RECORDS, owed_view
from projections.rebuild import Progress, Reader
from projections.rebuild_all import All
from projections.registry import VIEWS
from projections.shares import ReadUnread
from projections.view import Change, View, WorkedOut, change
from projections.whole_records import WholeRecords
from tests.histories import allocated, batches, history
from tests.projections.views import EVENTS, Tables, in_database, made

SIZE = 16
OTHER = history([allocated(), AuditSubmitted(grade="Good")], authority="halton")


def work_out(authority: str, about: str, events: Sequence[Recorded]) -> WorkedOut | None:
    """What some rules would say: every action that is not completed."""
    del authority
    if not about.startswith("audit/"):
        return None
    done = {each.fact.action for each in events if isinstance(each.fact, ActionCompleted)}
    rows = [
        {"obligation": "complete", "item": each.fact.action, "trigger": each.envelope.event_id, "due": each.fact.due}
        for each in events
        if isinstance(each.fact, ActionSet) and each.fact.action not in done
    ]
    return WorkedOut(events[-1].originator_version, {RECORDS: [{"version": events[-1].originator_version}], OPEN: rows})


def by_rules(events: Sequence[Recorded]) -> View:
    """The view that has no fold, as it is kept: from the newest history of each record."""

    def newest(authority: str, about: str) -> WorkedOut | None:
        return work_out(authority, about, [each for each in events if each.originator_id == about])

    return owed_view(newest)


class Stream:
    """A history that counts what is read of it, and may end early so far."""

    def __init__(self, events: Sequence[Recorded]) -> None:
        self.events = events
        self.read: list[int] = []

    def __call__(self, after: int) -> Iterator[Sequence[Recorded]]:
        for batch in batches(self.events[after:], SIZE):
            self.read += [each.position or 0 for each in batch]
            yield batch


def unread(read: Reader) -> ReadUnread:
    """The same events as they come before anybody has read their bodies."""

    def of(after: int, until: int | None) -> Iterator[Sequence[Unread]]:
        for batch in read(after):
            yield [as_it_came(each) for each in batch if until is None or (each.position or 0) <= until]
            if until is not None and (batch[-1].position or 0) >= until:
                return

    return of


def as_it_came(event: Recorded) -> Unread:
    """The event before anybody has read its body."""
    version, name, body = event.originator_version, event.fact.stored_name, encode(event.fact)
    return Unread(event.originator_id, version, name, body, event.envelope, event.position, event.fingerprint)


def everything(events: Sequence[Recorded]) -> list[View]:
    """Every view, as it is kept of these events."""
    return [*(made(name) for name in VIEWS), by_rules(events)]


def work(engine: Engine, readers: Mapping[str, Reader], views: Sequence[View] | None = None) -> All:
    """What is rebuilt: these views, or every one, in this database."""
    every = everything(EVENTS) if views is None else views
    return All(every, engine, readers, {name: unread(read) for name, read in readers.items()}, work_out)


def live(engine: Engine, events: Sequence[Recorded], *, size: int = 100) -> None:
    """Keep every view up to date with these events, as its projector does."""
    for view in everything(EVENTS):
        for batch in batches(events, size):
            keep(view, engine, batch[0].envelope.authority, batch)


def rows(engine: Engine) -> dict[str, Tables]:
    """What every view holds."""
    return {view.name: in_database(engine, view) for view in everything(EVENTS)}


def of_nothing(found: Iterable[Compared]) -> bool:
    """Whether nothing differed."""
    return not any(each.differing or each.listed or each.changed for each in found)


@contextmanager
def polling(engine: Engine) -> Iterator[list[BaseException]]:
    """Ask every view again and again, and see that none is ever less than it was."""
    failed: list[BaseException] = []
    stop, counted = Event(), {view.name: 0 for view in everything(EVENTS)}

    def poll() -> None:
        try:
            while not stop.is_set():
                for view in everything(EVENTS):
                    with reading(view.shape, engine) as (db, tables):
                        held = sum(len(db.execute(select(table)).all()) for table in tables.values())
                    assert view.name == "owed" or held >= counted[view.name]
                    counted[view.name] = held
        except BaseException as error:  # noqa: BLE001 - a thread's failure must reach the test
            failed.append(error)

    thread = Thread(target=poll)
    thread.start()
    try:
        yield failed
    finally:
        stop.set()
        thread.join()


def killed_after(batches: int) -> Progress:
    """End the rebuild once it has told of so many batches."""
    left = iter(range(batches))

    def progress(_: str, __: int) -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt

    return progress


def killed_among_records(patch: pytest.MonkeyPatch) -> None:
    """End the rebuild, or each share of it, when it has written some whole records and comes to the next."""
    taken: set[Thread] = set()  # by each share, which fills in a thread of its own; their numbers are given again
    of = WholeRecords.of

    def some(whole: WholeRecords, db: Connection, abouts: Sequence[str]) -> list[Any]:
        if abouts and current_thread() in taken:
            raise KeyboardInterrupt
        taken.update([current_thread()] if abouts else [])
        return of(whole, db, abouts)

    patch.setattr(WholeRecords, "of", some)


def killed_at_the(view: str, patch: pytest.MonkeyPatch) -> None:
    """End the next rebuild when it comes to switch that view: those before it have switched."""

    def compared(engine: Engine, each: View, *more: Any) -> Compared:
        if each.name == view:
            patch.setattr(module, "compared", whole)
            raise KeyboardInterrupt
        return whole(engine, each, *more)

    patch.setattr(module, "compared", compared)


def harsher(fact: AuditSubmitted, event: Recorded, _: Any) -> list[Change]:
    """A fold that was changed: whatever was returned is inadequate."""
    del fact
    return [change("audit_register", submitted_at=event.envelope.occurred, final_grade="Inadequate")]
