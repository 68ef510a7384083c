"""Importing a file: what is taken, what is refused, and that running it again, or after a crash, changes nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from threading import Semaphore
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.commands import ActRefused
from events.errors import Conflict, Unavailable
from events.imports import ImportClosed, ImportOpened
from events.recorded import Recorded
from services import import_lines, importer
from services.core.outcome import Outcome
from services.import_summary import Summary
from services.importer import Importer
from services.imports import Imports, import_aggregate, is_open
from services.rehearsal import MemoryStore
from tests.desks import TestDesk
from tests.lives import QA, Life, Line, people
from tests.stores import PATIENCE
from tests.walks import walks

IMPORT = "I-1"
ANY_LIFE = st.sampled_from(["torbay", "halton"]).flatmap(walks)


class Interrupted(MemoryStore):
    """A store that cannot be reached any more after so many appends."""

    def __init__(self, streams: dict[str, list[Recorded]], appends: int) -> None:
        super().__init__()
        self.streams, self.left = streams, appends
        self.length = sum(map(len, streams.values()))

    def append(self, *recorded: Recorded, expected: Mapping[str, int] | None = None) -> tuple[int, ...]:
        if self.left == 0:
            raise Unavailable("the server has gone away")
        self.left -= 1
        return super().append(*recorded, expected=expected)


class Rival(MemoryStore):
    """A store into which somebody else puts one command just before the first batch about audits arrives."""

    def __init__(self, line: Line, before: Iterable[Line]) -> None:
        super().__init__()
        self.line: Line | None = None
        of(self).do(*before)
        self.line = line

    def append(self, *recorded: Recorded, expected: Mapping[str, int] | None = None) -> tuple[int, ...]:
        line, self.line = self.line, None
        if line is not None:
            of(self).do(line)
        return super().append(*recorded, expected=expected)


def run(desk: TestDesk, lines: Iterable[Line | bytes], import_id: str = IMPORT) -> Summary:
    raw = [line if isinstance(line, bytes) else orjson.dumps(line) for line in lines]
    desk.forget()
    return Importer({desk.authority: desk}, {desk.authority: desk.keys}, import_id).run(raw)  # type: ignore[dict-item]  # a test's keys also make keys


def cut(patch: pytest.MonkeyPatch, lines: int) -> None:
    """Have so many lines read, and written, together."""
    patch.setattr(import_lines, "CHUNK", lines)
    patch.setattr(importer, "MOST_LINES", lines)


def of(store: MemoryStore) -> TestDesk:
    desk = TestDesk("torbay", staffed=False)
    desk.store = store
    return desk


def streams(desk: TestDesk) -> dict[str, list[Recorded]]:
    found: dict[str, list[Recorded]] = desk.store.streams  # type: ignore[attr-defined]  # a test's store is in memory
    return found


def told(desk: TestDesk) -> dict[str, list[Recorded]]:
    """Every history but those of imports, without the places in the stream."""
    return {
        aggregate: [replace(each, position=None) for each in events]
        for aggregate, events in streams(desk).items()
        if not aggregate.startswith("import/")
    }


def whole(audit: str = "A-1", child: str = "C-1") -> Life:
    return Life("torbay", audit, child=child).allocated("2026-03-02").submitted("2026-03-10").to_moderator("2026-03-11")


FILE: list[Line] = [*people("torbay"), *whole(), *whole("A-2", "C-2").moderated("2026-03-13")]


def test_a_file_is_taken_in_the_order_of_its_lines() -> None:
    """Every line is carried out, and the import is opened by the first of its history and closed at the end."""
    desk = TestDesk("torbay", staffed=False)
    summary = run(desk, FILE)
    assert (summary.accepted, summary.repeated, summary.refused) == (len(FILE), 0, 0)
    assert summary.events == sum(map(len, told(desk).values()))
    opened, closed = streams(desk)[import_aggregate(IMPORT)]
    assert opened.fact == ImportOpened(file_hash=IMPORT)
    assert closed.fact == ImportClosed(accepted=len(FILE), repeated=0, refused=0)
    assert {each.envelope.imported for each in desk.history("A-1")} == {IMPORT}


def test_each_authority_is_told_of_its_own_lines() -> None:
    """A file of two authorities closes each one's import with the figures of that one alone."""
    desks: dict[str, Any] = {authority: TestDesk(authority, staffed=False) for authority in ("torbay", "halton")}
    torbay = [*people("torbay"), *Life("torbay", "A-1").allocated("2026-03-02"), *Life("torbay", "A-1").allocated()]
    halton = [*people("halton"), *Life("halton", "A-2").allocated("2026-03-02")]
    nowhere = {**halton[-1], "authority": "swansea"}
    lines = [*torbay, *halton, halton[-1], nowhere]
    keys = {authority: desk.keys for authority, desk in desks.items()}
    summary = Importer(desks, keys, IMPORT).run([orjson.dumps(line) for line in lines])
    closed = {authority: streams(desk)[import_aggregate(IMPORT)][-1].fact for authority, desk in desks.items()}
    assert closed == {
        "torbay": ImportClosed(accepted=len(torbay) - 1, repeated=0, refused=1),
        "halton": ImportClosed(accepted=len(halton), repeated=1, refused=0),
    }
    assert (summary.accepted, summary.repeated, summary.refused) == (len(torbay) + len(halton) - 1, 1, 2)


def test_importing_twice_writes_nothing_the_second_time() -> None:
    """The same file again finds everything done and appends nothing, not even about the import."""
    desk = TestDesk("torbay", staffed=False)
    run(desk, FILE)
    before = {key: list(events) for key, events in streams(desk).items()}
    summary = run(desk, FILE)
    assert (summary.accepted, summary.repeated, summary.refused, summary.events) == (0, len(FILE), 0, 0)
    assert streams(desk) == before


def test_refused_lines_leave_nothing() -> None:
    """A refused line is reported with its number, its command and its reason, and the rest of the file is taken."""
    desk = TestDesk("torbay", staffed=False)
    bad = next(iter(Life("torbay", "A-3").allocated("2030-01-01")))
    early = whole().submitted("2026-03-11").lines[-1]
    other = next(iter(Life("halton", "A-4").allocated("2026-03-02")))
    lines: list[Line | bytes] = [*FILE, bad, b"{not json", b"", early, b'{"command": "audit.invent"}', other]
    summary = run(desk, lines)
    number = len(FILE)
    assert [(each.line, each.command) for each in summary.rejections] == [
        (number + 1, "audit.allocate"),
        (number + 2, ""),
        (number + 4, "audit.submit"),
        (number + 5, "audit.invent"),
        (number + 6, "audit.allocate"),
    ]
    reasons = [each.reason for each in summary.rejections]
    assert reasons[0] == "at: 2030-01-01 lies in the future"
    assert reasons[1].startswith("line: not valid JSON")
    assert reasons[4].startswith("authority: no policy here for halton")
    plain = TestDesk("torbay", staffed=False)
    run(plain, FILE)
    assert told(desk) == told(plain)


def test_a_refused_separation_of_duties_is_on_record() -> None:
    """A line that breaks the separation of duties is reported in the same words each time, and recorded once."""
    desk = TestDesk("torbay", staffed=False)
    lines = [*FILE, *Life("torbay", "A-1").to_moderator("2026-03-12", "P-AUD")]
    first, again = (run(desk, lines).rejections for _ in range(2))
    assert [(each.line, each.field) for each in first] == [(len(lines), "moderator")]
    assert again == first
    assert len([each for each in desk.history("A-1") if isinstance(each.fact, ActRefused)]) == 1


def test_live_commands_are_no_history() -> None:
    """Lines without a date happen now: they open no import."""
    desk = TestDesk("torbay")
    run(desk, Life("torbay", "A-1", auditor="P-AUD2").allocated())
    assert import_aggregate(IMPORT) not in streams(desk)
    assert desk.history("A-1")[0].envelope.imported == ""


@pytest.mark.parametrize("chunk", [1, 3, 500])
def test_a_conflict_is_decided_afresh(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else acts on an audit in the middle of an import: what still holds is taken, the rest is refused."""
    cut(monkeypatch, chunk)
    before = [*people("torbay"), *Life("torbay", "A-1").allocated("2026-03-02")]
    rival = next(iter(Life("torbay", "A-1").act("audit.void", "2026-03-03", **QA, reason="chosen in error")))
    desk = of(Rival(rival, before))
    lines = [*Life("torbay", "A-1").prepared("2026-03-09"), *Life("torbay", "A-2", child="C-2").allocated("2026-03-02")]
    summary = run(desk, lines)
    assert [each.line for each in summary.rejections] == [1, 2]
    assert summary.accepted == 1
    assert [each.fact.stored_name for each in desk.history("A-1")] == ["audit.allocated.v1", "audit.voided.v1"]
    assert len(desk.history("A-2")) == 1


def test_endless_conflict_is_reported() -> None:
    """A line whose audit others keep changing is reported, and can be imported again."""

    class Busy(MemoryStore):
        def append(self, *recorded: Recorded, expected: Mapping[str, int] | None = None) -> tuple[int, ...]:
            if any(each.originator_id == "audit/A-1" for each in recorded):
                raise Conflict("audit/A-1 has moved on")
            return super().append(*recorded, expected=expected)

    desk = of(Busy())
    [*_, rejection] = run(desk, [*people("torbay"), *Life("torbay", "A-1").allocated("2026-03-02")]).rejections
    assert rejection.reason == "others keep changing the same record; import the file again"
    assert desk.history("A-1") == ()


@settings(max_examples=60)
@given(lines=ANY_LIFE, chunk=st.integers(1, 9), killed=st.integers(0, 12))
def test_killed_between_batches_and_run_again(lines: list[Line], chunk: int, killed: int) -> None:
    """A run that dies between two batches, run again, leaves the histories of an undisturbed run, and closes.

    Lines that were refused are left out: they are decided afresh at every run, when what they lacked may be there.
    """
    authority = str(lines[0]["authority"])
    refused = {each.line for each in run(TestDesk(authority, staffed=False), lines).rejections}
    lines = [line for number, line in enumerate(lines, start=1) if number not in refused]
    with pytest.MonkeyPatch.context() as patch:
        cut(patch, chunk)
        undisturbed = TestDesk(authority, staffed=False)
        run(undisturbed, lines)
        first, second = TestDesk(authority, staffed=False), TestDesk(authority, staffed=False)
        first.store = Interrupted({}, killed)
        try:
            run(first, lines)
        except Unavailable:
            half = streams(first)
            assert all(is_open(half[each]) for each in half if each.startswith("import/"))
        second.store = Interrupted(streams(first), 1000)
        run(second, lines)
    assert told(second) == told(undisturbed)
    assert Imports(second.store).behind(second.history("A-1")) == frozenset()


@settings(max_examples=60)
@given(lines=ANY_LIFE, chunk=st.integers(1, 9))
def test_the_size_of_a_batch_changes_nothing(lines: list[Line], chunk: int) -> None:
    """However the file is cut into batches, the same lines are taken and the same histories come out."""
    authority = str(lines[0]["authority"])
    one, many = TestDesk(authority, staffed=False), TestDesk(authority, staffed=False)
    first = run(one, lines)
    with pytest.MonkeyPatch.context() as patch:
        cut(patch, chunk)
        patch.setattr(importer, "BATCH", 2)
        patch.setattr(importer, "LARGEST_MEMORY", 0)
        second = run(many, lines)
    assert told(one) == told(many)
    assert first == second


@settings(max_examples=60)
@given(lines=ANY_LIFE, chunk=st.integers(1, 9), lost=st.sets(st.integers(0, 12), max_size=4))
def test_batches_that_come_too_late_change_nothing(lines: list[Line], chunk: int, lost: set[int]) -> None:
    """Whichever batches somebody else is quicker than: what was decided on them meanwhile is decided again as well."""

    class Contended(MemoryStore):
        def append(self, *recorded: Recorded, expected: Mapping[str, int] | None = None) -> tuple[int, ...]:
            before.append(len(before))
            if before[-1] in lost:
                raise Conflict("somebody else was quicker")
            return super().append(*recorded, expected=expected)

    before: list[int] = []
    undisturbed, disturbed = (TestDesk(str(lines[0]["authority"]), staffed=False) for _ in range(2))
    disturbed.store = Contended()
    with pytest.MonkeyPatch.context() as patch:
        cut(patch, chunk)
        patch.setattr(importer, "BATCH", 3)
        assert run(disturbed, lines) == run(undisturbed, lines)
    assert told(undisturbed) == told(disturbed)


def test_the_next_batch_is_decided_while_one_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """The store takes the first batch only once a line of the second was decided."""
    cut(monkeypatch, 4)
    decided = Semaphore(0)

    class Slow(MemoryStore):
        def append(self, *recorded: Recorded, expected: Mapping[str, int] | None = None) -> tuple[int, ...]:
            assert self.length or all(decided.acquire(timeout=PATIENCE) for _ in range(5))
            return super().append(*recorded, expected=expected)

    class Watched(TestDesk):
        def decide(self, *given: Any, **how: Any) -> Outcome:
            decided.release()
            return super().decide(*given, **how)

    desk = Watched("torbay", staffed=False)
    desk.store = Slow()
    assert run(desk, FILE).accepted == len(FILE)
