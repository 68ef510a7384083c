"""What a repeat is: a command with an id of its own, or a line of history; what happens now is nobody's repeat."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import orjson
import pytest

from events.commands import CommandNamed
from events.errors import Refused, SeparationOfDuties
from events.recorded import Recorded
from services import import_lines, importer
from services.core.identity import FORM
from services.core.named import named_aggregate
from services.import_summary import Summary
from services.importer import Importer
from services.modules import CATALOGUE
from services.rehearsal import MemoryStore
from tests.desks import TestDesk, plain_name
from tests.lives import QA, Life, Line, people

DAY = "2026-03-02"


def life(audit: str = "A-1", child: str = "C-1") -> Life:
    return Life("torbay", audit, child=child)


def reassigned(auditor: str, at: str | None = DAY, **fields: Any) -> Line:
    return {**next(iter(life().act("audit.reassign", at, **QA, auditor=auditor, reason="away"))), **fields}


def concern(at: str | None = None, text: str = "not safe today", **fields: Any) -> Line:
    return {**next(iter(life().act("audit.raise_safety_concern", at, **QA, concern=text))), **fields}


def desk() -> TestDesk:
    found = TestDesk("torbay")
    found.do(*people("torbay"), *life().allocated("2026-03-01"))
    return found


def run(desk: TestDesk, lines: Iterable[Line], import_id: str = "I-1") -> Summary:
    desk.forget()
    raw = [orjson.dumps(line) for line in lines]
    return Importer({desk.authority: desk}, {desk.authority: desk.keys}, import_id).run(raw)  # type: ignore[dict-item]  # a test's keys also make keys


def results(desk: TestDesk, *lines: Line) -> list[str]:
    return [each.result for each in desk.do(*lines)]


def auditor(desk: TestDesk) -> str | None:
    found: list[str | None] = [getattr(each.fact, "auditor", None) for each in desk.history("A-1")]
    return next(each for each in reversed(found) if each)


# What happens now


def test_what_happens_now_is_no_repeat() -> None:
    """Given to one, to another and to the first again, the first has it; the same concern again is one each time."""
    held = desk()
    assert results(held, *(reassigned(each, at=None) for each in ("P-AUD2", "P-AUD3", "P-AUD2"))) == ["accepted"] * 3
    assert auditor(held) == "P-AUD2"
    assert results(held, concern(), concern()) == ["accepted"] * 2
    assert len([each for each in held.history("A-1") if "concern" in each.fact.stored_name]) == 2


def test_a_grade_taken_back() -> None:
    """A section graded A, then B, then A in one file of today's acts ends with A."""
    held = desk()
    grades = held.policies.newest.grades.sections
    lines = [
        next(
            iter(
                life().act(
                    "audit.grade_section",
                    None,
                    "P-AUD",
                    "auditor",
                    section=held.policies.newest.tool.sections[0],
                    grade=grades[number],
                    evidence="seen",
                    impact="felt",
                )
            )
        )
        for number in (0, 1, 0)
    ]
    assert run(held, lines).accepted == 3
    assert held.history("A-1")[-1].fact.grade == grades[0]  # type: ignore[attr-defined]  # it is a graded section


def test_new_ids_are_handed_in() -> None:
    """What brings no id gets the next one that the desk was given."""
    held = desk()
    ids = iter(["N-1", "N-2"])
    held.new_id = lambda: next(ids)
    held.do(concern(), concern())
    assert [each.envelope.event_id for each in held.history("A-1")[-2:]] == ["N-1.0", "N-2.0"]
    assert {each.envelope.digest for each in held.history("A-1")[-2:]} == {""}


def test_a_refused_attempt_of_today_is_recorded_each_time() -> None:
    """Somebody who tries again what they may not do has tried it twice."""
    held = desk()
    held.do(*life().submitted("2026-03-02"))
    own = next(iter(life().to_moderator(None, "P-AUD")))
    for attempt in (1, 2):
        with pytest.raises(SeparationOfDuties):
            held.do(own)
        assert len([each for each in held.history("A-1") if "refused" in each.fact.stored_name]) == attempt


# History


@pytest.mark.parametrize("chunk", [1, 2, 500])
def test_history_that_was_undone_and_done_again(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """On one day to X, to Y and to X again: each is an act, however the file is cut; the file again changes nothing."""
    monkeypatch.setattr("services.import_lines.CHUNK", chunk)
    monkeypatch.setattr("services.importer.MOST_LINES", chunk)
    held = desk()
    lines = [reassigned(each) for each in ("P-X", "P-Y", "P-X", "P-Y", "P-X")]
    first = run(held, lines)
    assert (first.accepted, first.repeated, first.refused) == (5, 0, 0)
    assert auditor(held) == "P-X"
    assert len({each.envelope.event_id for each in held.history("A-1")}) == len(held.history("A-1"))
    before = held.history("A-1")
    again = run(held, lines)
    assert (again.accepted, again.repeated, again.events) == (0, 5, 0)
    assert held.history("A-1") == before


def test_a_line_that_stands_twice_is_one_act() -> None:
    """The same line twice with nothing in between, or with other records' lines in between, is done once."""
    held = desk()
    held.do(*life("A-2", "C-2").allocated("2026-03-01"))
    other = next(iter(life("A-2", "C-2").act("audit.reassign", DAY, **QA, auditor="P-Z", reason="away")))
    summary = run(held, [reassigned("P-X"), reassigned("P-X"), other, reassigned("P-X")])
    assert (summary.accepted, summary.repeated) == (2, 2)


def test_what_was_refused_stands_between_nothing() -> None:
    """A line that was refused undid nothing: the next one is a repeat, until the refused one can be taken."""
    held = desk()
    lines = [reassigned("P-X"), reassigned("P-Y", role="nobody"), reassigned("P-X")]
    summary = run(held, lines)
    assert (summary.accepted, summary.repeated, summary.refused) == (1, 1, 1)
    taken = run(held, [reassigned("P-X"), reassigned("P-Y"), reassigned("P-X")], "I-2")
    assert (taken.accepted, taken.repeated) == (2, 1)


def test_another_file_begins_anew() -> None:
    """What one file says stands in its own order: the first line of another is a repeat of what was said before."""
    held = desk()
    assert run(held, [reassigned("P-X"), reassigned("P-Y")], "I-1").accepted == 2
    assert run(held, [reassigned("P-X")], "I-2").repeated == 1


@pytest.mark.parametrize("chunk", [1, 2, 500])
def test_a_conflict_in_between_changes_no_place(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch that has to be decided again gives its lines the same places, and so does the one after it."""
    monkeypatch.setattr(import_lines, "CHUNK", chunk)
    monkeypatch.setattr(importer, "MOST_LINES", chunk)
    held = desk()

    class Rival(MemoryStore):
        def append(self, *recorded: Recorded, expected: Mapping[str, int] | None = None) -> tuple[int, ...]:
            if any(each.originator_id == "audit/A-1" for each in recorded) and self in waiting:
                waiting.clear()
                other = TestDesk("torbay")
                other.store = self
                other.do(concern("2026-03-01T12:00"))
            return super().append(*recorded, expected=expected)

    rival = Rival()
    rival.streams = held.store.streams  # type: ignore[attr-defined]  # a test's store is in memory
    waiting: list[MemoryStore] = [rival]
    held.store = rival
    lines = [reassigned(each) for each in ("P-X", "P-Y", "P-X")]
    assert run(held, lines).accepted == 3
    assert not waiting
    assert run(held, lines).repeated == 3


def test_texts_tell_lines_of_one_day_apart() -> None:
    """Two calls on one day with different words are two acts; each of them again is a repeat."""
    held = desk()
    lines = [concern(DAY, text) for text in ("not safe", "not fed", "not safe")]
    assert run(held, lines[:2]).accepted == 2
    assert results(held, *lines) == ["repeated"] * 3


def test_an_id_of_the_first_form_belongs_to_its_content() -> None:
    """An explicit id that was stored with a digest of the first form is a repeat, and refused with other content."""
    held = desk()
    line = concern("2026-03-03", id="T-1")
    former = plain_name(CATALOGUE.parse(orjson.dumps(line)).model_dump_json(exclude={"id"}).encode())
    held.do(line)
    stored = held.store.streams["audit/A-1"]  # type: ignore[attr-defined]  # a test's store is in memory
    told = stored[-1].envelope
    values = {name: getattr(told, name) for name in told.__slots__} | {"digest": former}
    stored[-1] = Recorded("audit/A-1", stored[-1].originator_version, stored[-1].fact, type(told)(**values))
    assert results(held, line) == ["repeated"]
    with pytest.raises(Refused, match="T-1 is the id of another command, carried out before on audit/A-1"):
        held.do({**line, "concern": "other words"})


# Ids


def test_an_id_is_used_once_in_an_authority() -> None:
    """The same id on another audit is refused and says where it was used; in one file, in two, or by another desk."""
    held = desk()
    held.do(*life("A-2", "C-2").allocated("2026-03-01"), *life("A-3", "C-3").allocated("2026-03-01"))
    named = {**reassigned("P-X"), "id": "T-17"}
    elsewhere = [{**named, "audit": "A-2"}, {**named, "audit": "A-3", "at": "2026-03-04"}]
    good = concern("2026-03-05", id="T-18")
    reason = "id: T-17 is the id of a command carried out before, on audit/A-1"
    summary = run(held, [named, elsewhere[0], good])
    assert [(each.line, each.reason) for each in summary.rejections] == [(2, reason)]
    assert summary.accepted == 2
    other = run(held, [concern("2026-03-06", id="T-19"), elsewhere[1], {**named}], "I-2")
    assert [(each.line, each.reason) for each in other.rejections] == [(2, reason)]
    assert (other.accepted, other.repeated) == (1, 1)
    another = TestDesk("torbay")
    another.store = held.store
    with pytest.raises(Refused, match=re.escape(reason)):
        another.do(elsewhere[0])
    assert len(held.history("A-2")) == len(held.history("A-3")) == 1


def test_an_id_is_taken_with_what_it_led_to_or_not_at_all() -> None:
    """The record of an id holds where it was used; a refused command leaves it free, and a repeat writes nothing."""
    held = desk()
    with pytest.raises(Refused):
        held.do({**reassigned("P-X"), "id": "T-17", "role": "nobody"})
    assert held.history(named_aggregate("T-17")) == ()
    for _ in range(2):
        held.do(concern(id="T-17"))
    [event] = held.history(named_aggregate("T-17"))
    assert event.fact == CommandNamed(record="audit/A-1")
    assert event.envelope.event_id == "T-17.1"
    assert "T-17" not in event.originator_id


def test_ids_of_refused_attempts_are_taken() -> None:
    """A refusal that is recorded used its id up, like any other act."""
    held = desk()
    held.do(*life().submitted("2026-03-02"))
    own = {**next(iter(life().to_moderator(None, "P-AUD"))), "id": "T-1"}
    for _ in range(2):
        with pytest.raises(SeparationOfDuties):
            held.do(own)
    with pytest.raises(Refused, match="T-1 is the id of"):
        held.do({**concern(), "audit": "A-1", "id": "T-1"})


def test_the_first_form_is_looked_for_where_it_may_stand() -> None:
    """A record that was opened with events may have names of the first form; one that began here has none."""
    held, named = desk(), list[bytes]()

    def name(content: bytes) -> str:
        named.append(content)
        return plain_name(content)

    held.name = name
    assert [*run(held, life("A-2", "C-2").allocated("2026-03-01").submitted("2026-03-02")).rejections] == []
    assert all(each.startswith(FORM) for each in named)
    named.clear()
    assert run(held, [concern("2026-03-03")]).accepted == 1
    assert [each.startswith(FORM) for each in named] == [True, False]
