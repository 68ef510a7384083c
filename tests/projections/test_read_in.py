"""A stream read into the timeline before any body is: what a record lacks is still seen, and the rows are the same."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

import orjson
import pytest
from sqlalchemy import Engine

from events.audits import AuditModerated, AuditSubmitted
from events.base import Fact
from events.commands import CommandNamed
from events.errors import BrokenHistory, ContractError
from events.recorded import Recorded, Unread
from events.registers import EntryRecorded
from projections import whole_records
from projections.generations import positions
from projections.rebuild import rebuild
from projections.rebuild_all import All, rebuild_all
from projections.registry import VIEWS
from projections.view import View
from tests.histories import TORBAY, allocated, batches, history, sealed
from tests.projections.rebuilt import (
    SIZE,
    Stream,
    as_it_came,
    everything,
    killed_among_records,
    live,
    of_nothing,
    rows,
    work,
)
from tests.projections.test_shares import Shared
from tests.projections.views import EVENTS, in_database, in_memory, made

LONG = history([allocated(), *(AuditSubmitted(grade="Good") for _ in range(5)), ("audit/A-2", allocated())])


def at(position: int, version: int) -> list[Recorded]:
    """The long history, of which one event says another version."""
    return [replace(each, originator_version=version) if each.position == position else each for each in LONG]


@pytest.mark.parametrize(
    ("position", "version", "reason"),
    [
        (1, 9, "audit/A-1 at sequence 2: begins with version 2"),
        (3, 9, "audit/A-1 at sequence 4: version 4 follows 2"),
        (4, 2, "audit/A-1 at sequence [24]: version 2 stands there twice"),
        (6, 1, "audit/A-1 at sequence [16]: version 1 stands there twice"),
        (7, 2, "audit/A-2 at sequence 7: begins with version 2"),
    ],
)
@pytest.mark.parametrize("shared", [False, True])
def test_versions_that_do_not_follow(position: int, version: int, reason: str, shared: bool, engine: Engine) -> None:  # noqa: FBT001
    """A version that is missing or doubled gives no views, whichever shares read the two."""
    events = at(position, version)
    asked = replace(Shared(engine, events), block=3).everything() if shared else work(engine, {TORBAY: Stream(events)})
    with pytest.raises(BrokenHistory, match=reason):
        rebuild_all(asked)
    assert positions(engine, "register") == {}


def test_versions_that_changed_places(engine: Engine) -> None:
    """Two events of a record of which the later one says the earlier version are no history of it."""
    said = {2: 3, 3: 2}
    swapped = [
        replace(each, originator_version=said.get(each.originator_version, each.originator_version)) for each in LONG
    ]
    with pytest.raises(BrokenHistory, match="audit/A-1 at sequence 2: version 3 stands before version 2"):
        rebuild_all(work(engine, {TORBAY: Stream(swapped)}))


def test_what_was_accepted_as_lost(sqlite: Engine) -> None:
    """A record that lacks what was accepted as lost is taken as it is; what stands in for it is no event of its own."""
    events = [each for each in LONG if each.position != 3]
    whole = [replace(each, incomplete=lambda _, about: about == "audit/A-1") for each in everything(EVENTS)]
    stands_in = as_it_came(LONG[6])._replace(position=3, stands_in=True)

    def read(after: int, _until: int | None) -> Iterator[Sequence[Unread]]:
        came = sorted([*map(as_it_came, events), stands_in], key=lambda each: each.position or 0)
        yield came[after:]

    asked = work(sqlite, {TORBAY: lambda _: iter(())}, whole)
    rebuild_all(replace(asked, unread={TORBAY: read}))
    assert in_database(sqlite, made("timeline")) == in_memory(made("timeline"), events)
    with pytest.raises(BrokenHistory, match="audit/A-1 at sequence 4: version 4 follows 2"):
        rebuild_all(replace(asked, views=everything(EVENTS), unread={TORBAY: read}))


def given(
    events: Sequence[Recorded], change: Callable[[Unread], Unread]
) -> Callable[[int, int | None], list[list[Unread]]]:
    """The events as they came, but for what `change` makes of them."""
    return lambda after, _until: [[change(as_it_came(each)) for each in events[after:]]]


def moderated(*, sections: dict[str, str]) -> Fact:
    return AuditModerated(moderator="P-3", outcome="changed", grade="Good", sections=sections, rationale=sealed())


def as_it_was(event: Unread) -> Unread:
    """The event as an earlier contract wrote it: under a former name, or without what was to be said later."""
    body = orjson.loads(event.body)
    if event.stored_name == AuditModerated.stored_name:
        del body["sections"]
        event = event._replace(stored_name="audit.moderated.v1")
    slim = {name: each for name, each in body.items() if each is not None}
    return event._replace(body=orjson.dumps(slim, option=orjson.OPT_INDENT_2))


@pytest.mark.parametrize("change", [as_it_was, lambda event: event])
def test_the_newest_form_of_each(engine: Engine, change: Callable[[Unread], Unread]) -> None:
    """Whatever form a body has in the stream, the timeline has the newest, on the day that the fact says."""
    facts: list[Fact | tuple[str, Fact]] = [
        allocated(),
        moderated(sections={}),
        ("entry/E-1", EntryRecorded(kind="visit", on=date(2024, 2, 29), holder="P-1")),
    ]
    events = history(facts)
    views = [made(name) for name in VIEWS]
    asked = replace(work(engine, {TORBAY: Stream(events)}, views), unread={TORBAY: given(events, change)})
    rebuild_all(asked)
    assert [in_database(engine, view) for view in views] == [in_memory(view, events) for view in views]


def test_the_id_of_a_command(engine: Engine) -> None:
    """What only keeps a command's id from others is in no view, and is held against its versions like any other."""
    named = [(f"command/K-{number}", CommandNamed(record="audit/A-1")) for number in range(3)]
    events = history([allocated(), *named, AuditSubmitted(grade="Good")])
    rebuild_all(work(engine, {TORBAY: Stream(events)}))
    timeline = made("timeline")
    assert in_database(engine, timeline) == in_memory(timeline, events)
    assert {row["stored_name"] for row in in_database(engine, timeline)["timeline"]} == {
        "audit.allocated.v1",
        "audit.submitted.v1",
    }
    twice = [*events[:2], replace(events[2], originator_id="command/K-0"), *events[3:]]
    with pytest.raises(BrokenHistory, match="command/K-0 at sequence 3: version 1 stands there twice"):
        rebuild_all(work(engine, {TORBAY: Stream(twice)}))


@pytest.mark.parametrize("body", [b'{"grade":"Good\x00"}', b'{"grade":"\xff"}', b'{"grade":12}', b"{"])
def test_a_body_that_does_not_fit(engine: Engine, body: bytes) -> None:
    """A body that was damaged before it was hashed gives no views, though nobody reads it when it comes."""
    damaged = given(LONG, lambda event: event._replace(body=body) if event.position == 4 else event)
    with pytest.raises(ContractError, match=r"audit\.submitted\.v1: the body does not fit"):
        rebuild_all(replace(work(engine, {TORBAY: Stream(LONG)}), unread={TORBAY: damaged}))
    assert positions(engine, "register") == {}


@pytest.fixture
def among_records(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Callable[[All], None]:
    """Rebuilds it, and is killed when some whole records are written."""

    def rebuild_and_die(asked: All) -> None:
        monkeypatch.setattr(whole_records, "AT_ONCE", 2)
        with monkeypatch.context() as held:
            killed_among_records(held)
            with pytest.raises(KeyboardInterrupt):
                rebuild_all(asked)
        assert positions(engine, "register") == {TORBAY: len(EVENTS)}

    return rebuild_and_die


@pytest.mark.parametrize("alone", ["timeline", "register"])
def test_a_view_begun_anew_between(alone: str, engine: Engine, among_records: Callable[[All], None]) -> None:
    """One view was rebuilt alone after the kill: it is filled from the first record, the others on from their last.

    Where it was the timeline, which grew since, no view keeps a record as it was before.
    """
    live(engine, EVENTS)
    before = rows(engine)
    among_records(work(engine, {TORBAY: Stream(EVENTS[:-30])}))
    rebuild(made(alone), engine, {TORBAY: lambda after: batches(EVENTS[after:], SIZE)})
    assert of_nothing(rebuild_all(work(engine, {TORBAY: Stream(EVENTS)})))
    assert rows(engine) == before


def test_another_edition_between(engine: Engine, among_records: Callable[[All], None]) -> None:
    """A view whose edition changed after the kill has every record by the later one, beside others that go on."""
    live(engine, EVENTS)
    before = rows(engine)
    register = made("register")
    silent = [View(register.shape, {}, edition="silent"), *everything(EVENTS)[1:]]
    assert silent[1].name != register.name
    among_records(work(engine, {TORBAY: Stream(EVENTS)}, silent))
    rebuild_all(work(engine, {TORBAY: Stream(EVENTS)}))
    assert rows(engine) == before
