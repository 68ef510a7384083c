"""A rebuild of every view that is killed as it fills or between two switches, while views are kept and read."""

from collections.abc import Iterator, Sequence

import pytest
from sqlalchemy import Engine

from events.audits import AuditSubmitted
from events.recorded import Recorded
from projections.generations import generation_row, positions
from projections.rebuild import Progress, rebuild
from projections.rebuild_all import rebuild_all
from projections.view import View
from tests.histories import TORBAY, allocated, batches, history
from tests.projections.rebuilt import (
    SIZE,
    Stream,
    everything,
    harsher,
    killed_after,
    killed_at_the,
    live,
    of_nothing,
    polling,
    work,
)
from tests.projections.views import EVENTS, in_database, in_memory, kept, made


def test_killed_twice_under_load(engine: Engine) -> None:
    """Killed twice, it goes on where it was; the views are kept and read meanwhile, and none fails or loses a row."""
    half = len(EVENTS) // 2
    live(engine, EVENTS[:half])
    starts: list[int] = []
    following = iter(range(half, len(EVENTS)))

    def stream(after: int) -> Iterator[Sequence[Recorded]]:
        starts.append(after)
        now = positions(engine, "timeline")[TORBAY]
        yield from batches(EVENTS[after:now], SIZE)

    def beside(progress: Progress) -> Progress:
        def told(authority: str, position: int) -> None:
            here = next(following)
            live(engine, EVENTS[here : here + 1])
            progress(authority, position)

        return told

    with polling(engine) as failed:
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                rebuild_all(work(engine, {TORBAY: stream}), beside(killed_after(1)))
        found = rebuild_all(work(engine, {TORBAY: stream}), beside(lambda *_: None))
    assert failed == []
    assert starts[:3] == [0, 2 * SIZE, half + 2]  # where a kill left it, and the live views were two events on
    assert of_nothing(found)
    now = next(following)
    for view in everything(EVENTS)[:-1]:
        assert in_database(engine, view) == in_memory(view, EVENTS[:now]), view.name
    live(engine, EVENTS)
    assert positions(engine, "owed") == {TORBAY: len(EVENTS)}


def _generations(engine: Engine) -> dict[str, tuple[int, int | None]]:
    with engine.connect() as db:
        rows = [generation_row(db, view.name) for view in everything(EVENTS)]
    return {row["view"]: (row["live"], row["building"]) for row in rows if row is not None}


@pytest.mark.parametrize("at", ["deliveries", "notices", "owed"])
def test_killed_between_two_switches(at: str, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed as it fills and again as it switches, under load: no view is made twice, and no reader fails."""
    half = len(EVENTS) // 2
    live(engine, EVENTS[:half])
    starts: list[int] = []

    def stream(after: int) -> Iterator[Sequence[Recorded]]:
        starts.append(after)
        yield from batches(EVENTS[after : positions(engine, "timeline")[TORBAY]], SIZE)

    everything_again = work(engine, {TORBAY: stream})
    with polling(engine) as failed:
        with pytest.raises(KeyboardInterrupt):
            rebuild_all(everything_again, killed_after(1))
        live(engine, EVENTS[half : half + 5])
        killed_at_the(at, monkeypatch)
        with pytest.raises(KeyboardInterrupt):
            rebuild_all(everything_again)
        between = _generations(engine)
        live(engine, EVENTS[half + 5 :])
        starts.clear()
        found = rebuild_all(everything_again)
    assert failed == []
    switched = [view.name for view in everything(EVENTS) if between[view.name] == (2, None)]
    assert switched == [view.name for view in everything(EVENTS)][: len(switched)]
    assert {between[name] for name in between if name not in switched} == {(1, 2)}
    assert _generations(engine) == dict.fromkeys(between, (2, None))
    assert min(starts) == half + 5
    assert of_nothing(found)
    assert [each.view for each in found] == [view.name for view in everything(EVENTS)]
    for view in everything(EVENTS)[:-1]:
        assert in_database(engine, view) == in_memory(view, EVENTS), view.name
    assert positions(engine, "owed") == {TORBAY: len(EVENTS)}


def test_a_difference_outlives_a_kill(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """What differed of a view that had switched is told by the run that comes to the end, and no more then."""
    events = history([allocated(), AuditSubmitted(grade="Good")])
    kept(engine, "register", events)
    register = made("register")
    changed = View(register.shape, {**register.steps, AuditSubmitted: harsher}, edition="harsher")
    again = work(engine, {TORBAY: Stream(events)}, [changed, made("timeline")])
    killed_at_the("timeline", monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        rebuild_all(again)
    [found, _] = rebuild_all(again)
    [told] = found.listed
    assert (told.about, (told.after or {})["final_grade"]) == ("audit/A-1", "Inadequate")
    assert [each.stored_name for each in told.because] == ["audit.allocated.v1", "audit.submitted.v1"]
    assert of_nothing(rebuild_all(again))
    assert _generations(engine)["register"] == (3, None)


def test_another_rebuild_of_a_view_between(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A view that was rebuilt alone after the kill is made again by the repeat: what was found of it holds no more."""
    live(engine, EVENTS)
    again = work(engine, {TORBAY: Stream(EVENTS)})
    killed_at_the("timeline", monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        rebuild_all(again)
    rebuild(made("register"), engine, {TORBAY: Stream(EVENTS)})
    assert of_nothing(rebuild_all(again))
    assert _generations(engine)["register"] == (4, None)
