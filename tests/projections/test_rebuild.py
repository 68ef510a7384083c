"""The promises of a rebuild: the same rows, no lost event, and an untouched live view when it fails."""

from collections.abc import Callable, Iterable, Sequence
from threading import Thread

import pytest
from sqlalchemy import Engine, Text, inspect

from events.audits import AuditSubmitted
from events.base import Fact
from events.errors import BrokenHistory, Conflict, Refused, Unavailable
from events.recorded import Recorded
from projections.generations import Outdated, positions
from projections.keeper import keep
from projections.rebuild import Reader, rebuild
from projections.register import register_view
from projections.registry import VIEWS
from projections.view import Change, Halted, Shape, Spec, Step, View
from tests.histories import TORBAY, allocated, batches, history
from tests.projections.views import EVENTS, in_database, in_memory, kept, made, reached

SIZE = 16


def reader(events: Sequence[Recorded], *, size: int = SIZE) -> Reader:
    """Reads a stream that ends where the list ends when the reading begins."""
    return lambda after: batches(events[after:], size)


def tables(engine: Engine, name: str) -> set[str]:
    return {each for each in inspect(engine).get_table_names() if each.startswith(name)}


@pytest.mark.parametrize("name", VIEWS)
def test_rebuilt_equals_live(engine: Engine, name: str) -> None:
    """A rebuilt view holds the rows of the live one, for all its authorities, and the old tables are gone."""
    other = history([allocated(), AuditSubmitted(grade="Good")], authority="halton")
    kept(engine, name, EVENTS)
    kept(engine, name, other)
    before, old = in_database(engine, made(name)), inspect(engine).get_table_names()
    told: list[tuple[str, int]] = []
    readers = {TORBAY: reader(EVENTS), "halton": reader(other)}
    ended = rebuild(made(name), engine, readers, lambda *place: told.append(place))
    assert in_database(engine, made(name)) == before
    assert ended == positions(engine, name) == {TORBAY: len(EVENTS), "halton": 2}
    assert told == [*((TORBAY, min(n + SIZE, len(EVENTS))) for n in range(0, len(EVENTS), SIZE)), ("halton", 2)]
    assert len(inspect(engine).get_table_names()) == len(old)
    assert not {each for each in inspect(engine).get_table_names() if each.endswith("_g1")}


def test_never_kept_before(engine: Engine) -> None:
    """A view that was never kept can be built by a rebuild, and is then kept on from there."""
    view = register_view()
    rebuild(view, engine, {TORBAY: reader(EVENTS[:50])})
    keep(view, engine, TORBAY, EVENTS[40:])
    assert in_database(engine, view) == in_memory(view, EVENTS)


def test_live_view_moves_on_meanwhile(engine: Engine) -> None:
    """What a live projector takes during the rebuild, up to the very switch, is in the new generation."""
    view = register_view()
    keep(view, engine, TORBAY, EVENTS[:40])
    live = iter(range(40, len(EVENTS)))

    def read(after: int) -> Iterable[Sequence[Recorded]]:
        now = reached(engine, view)  # the stream is as long as the live view is far, and grows while it is read
        yield from batches(EVENTS[after:now], SIZE)

    def progress(_: str, __: int) -> None:
        for index in (next(live), next(live), next(live)):
            keep(view, engine, TORBAY, [EVENTS[index]])

    rebuild(view, engine, {TORBAY: read}, progress)
    now = next(live)
    assert reached(engine, view) == now
    assert in_database(engine, view) == in_memory(view, EVENTS[:now])
    keep(view, engine, TORBAY, EVENTS[now:])
    assert in_database(engine, view) == in_memory(view, EVENTS)


def test_race_with_a_live_projector(engine: Engine) -> None:
    """A projector that never pauses and rebuilds that never wait for it lose no event and take none twice."""
    view = made("timeline")
    keep(view, engine, TORBAY, EVENTS[:1])
    failed: list[BaseException] = []

    def live() -> None:
        try:
            for event in EVENTS[1:]:
                keep(view, engine, TORBAY, [event])
        except BaseException as error:  # noqa: BLE001 - a thread's failure must reach the test
            failed.append(error)

    projector = Thread(target=live)
    projector.start()
    rounds = 0
    while projector.is_alive() or rounds == 0:
        rebuild(view, engine, {TORBAY: reader(EVENTS, size=1000)} if rounds else {TORBAY: reader(EVENTS)})
        rounds += 1
    projector.join()
    assert failed == []
    assert in_database(engine, view) == in_memory(view, EVENTS)


def _breaks(_: str, position: int) -> None:
    if position >= 2 * SIZE:
        raise KeyboardInterrupt


def _short(after: int) -> Iterable[Sequence[Recorded]]:
    return batches(EVENTS[after:50], SIZE)


def _holed(after: int) -> Iterable[Sequence[Recorded]]:
    return [EVENTS[after : after + 5], EVENTS[after + 6 :]]


@pytest.mark.parametrize(
    ("read", "progress", "error"),
    [
        pytest.param(reader(EVENTS), _breaks, KeyboardInterrupt, id="killed"),
        pytest.param(_short, None, Unavailable, id="reader-ends-early"),
        pytest.param(_holed, None, BrokenHistory, id="hole"),
    ],
)
def test_failed_rebuild(
    engine: Engine, read: Reader, progress: Callable[[str, int], None] | None, error: type[BaseException]
) -> None:
    """A rebuild that ends before its switch leaves the live view as it was, and the next one starts clean."""
    view = register_view()
    keep(view, engine, TORBAY, EVENTS[:80])
    before = in_database(engine, view)
    with pytest.raises(error):
        rebuild(view, engine, {TORBAY: read}, progress)
    assert (reached(engine, view), in_database(engine, view)) == (80, before)
    keep(view, engine, TORBAY, EVENTS[80:90])
    rebuild(view, engine, {TORBAY: reader(EVENTS)})
    assert in_database(engine, view) == in_memory(view, EVENTS)
    assert tables(engine, "audit_register") == {"audit_register_g3"}


def _defect(*_: object) -> list[Change]:
    raise ZeroDivisionError


def test_poisoned_event_in_a_rebuild(engine: Engine) -> None:
    """An event that the new fold cannot take halts the rebuild and not the live view."""
    view = register_view()
    keep(view, engine, TORBAY, EVENTS[:40])
    steps: dict[type[Fact], Step] = {**view.steps, AuditSubmitted: _defect}
    with pytest.raises(Halted):
        rebuild(View(view.shape, steps, edition="2"), engine, {TORBAY: reader(EVENTS)})
    keep(view, engine, TORBAY, EVENTS[40:])
    assert in_database(engine, view) == in_memory(view, EVENTS)


def test_new_edition_comes_by_rebuild(engine: Engine) -> None:
    """After the switch to another edition the new code goes on, and the old code is refused."""
    view = register_view()
    newer = View(view.shape, view.steps, edition="2")
    keep(view, engine, TORBAY, EVENTS[:40])
    rebuild(newer, engine, {TORBAY: reader(EVENTS[:60])})
    keep(newer, engine, TORBAY, EVENTS[60:])
    with pytest.raises(Outdated, match="another edition"):
        keep(view, engine, TORBAY, EVENTS[60:])
    assert in_database(engine, newer) == in_memory(newer, EVENTS)


def test_new_shape_comes_by_rebuild(engine: Engine) -> None:
    """Tables of another shape are neither written nor read until a rebuild has made them anew."""
    old = register_view()
    (spec,) = old.shape.specs
    wider = Shape(old.name, (Spec("wide_register", {**spec.columns, "note": Text()}, indexes=spec.indexes),))
    steps = {kind: _renamed(step) for kind, step in old.steps.items()}
    newer = View(wider, steps)
    keep(old, engine, TORBAY, EVENTS)
    with pytest.raises(Outdated):
        in_database(engine, newer)
    with pytest.raises(Outdated):
        keep(newer, engine, TORBAY, EVENTS)
    rebuild(newer, engine, {TORBAY: reader(EVENTS)})
    assert len(in_database(engine, newer)["wide_register"]) == len(in_memory(old, EVENTS)["audit_register"])
    assert tables(engine, "audit_register") == set()


def _renamed(step: Step) -> Step:
    return lambda fact, event, held: [
        each._replace(table="wide_register") for each in step(fact, event, {"audit_register": held["wide_register"]})
    ]


def test_every_authority_needs_its_reader(engine: Engine) -> None:
    """A rebuild that would lose the rows of an authority is refused."""
    view = register_view()
    keep(view, engine, TORBAY, EVENTS)
    keep(view, engine, "halton", history([allocated()], authority="halton"))
    with pytest.raises(Refused, match="halton"):
        rebuild(view, engine, {TORBAY: reader(EVENTS)})
    assert positions(engine, view.name) == {TORBAY: len(EVENTS), "halton": 1}


def test_second_rebuild_takes_over(engine: Engine) -> None:
    """Of two rebuilds of one view the later one wins; the earlier one finds out and changes nothing."""
    view = register_view()
    keep(view, engine, TORBAY, EVENTS)
    inner: list[dict[str, int]] = []

    def progress(_: str, __: int) -> None:
        if not inner:
            inner.append(rebuild(view, engine, {TORBAY: reader(EVENTS)}))

    with pytest.raises(Conflict, match="another rebuild"):
        rebuild(view, engine, {TORBAY: reader(EVENTS)}, progress)
    assert inner == [{TORBAY: len(EVENTS)}]
    assert in_database(engine, view) == in_memory(view, EVENTS)
