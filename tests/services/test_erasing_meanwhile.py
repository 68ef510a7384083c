"""A key that is erased while somebody records: no text is lost without a word."""

import orjson
import pytest

from events.errors import TextsErased
from events.recorded import Recorded
from services.importer import Importer
from services.keyring import Erased, Keyring
from tests.desks import TestDesk
from tests.lives import QA, Life, people
from tests.services.keyring.memory_bucket import MemoryBucket
from tests.services.test_kept_digests import MASTER, sealing_desk

CONCERN = "nobody has seen the child this week"


def another(bucket: MemoryBucket, desk: TestDesk) -> Keyring:
    """The keyring of another process."""
    return Keyring("torbay", MASTER, bucket, clock=lambda: desk.now)


def opened_desk(bucket: MemoryBucket) -> TestDesk:
    """A desk that holds the key of a child, who has an audit."""
    desk = sealing_desk(bucket)
    desk.do(*people("torbay"), *Life("torbay", "A-1", child="C-1").allocated("2026-03-02", child_number="4711"))
    return desk


def concern() -> dict[str, object]:
    (line,) = Life("torbay", "A-1").act("audit.raise_safety_concern", None, **QA, concern=CONCERN)
    return dict(line)


def last(desk: TestDesk) -> Recorded:
    return desk.history("A-1")[-1]


def test_erased_before_it_was_written() -> None:
    """A process that still holds the erased key seals the text again, with the key that stands."""
    bucket = MemoryBucket()
    desk = opened_desk(bucket)
    another(bucket, desk).erase("C-1")
    desk.do(concern())
    sealed = last(desk).fact.model_dump()["concern"]
    assert another(bucket, desk).unseal(sealed, "audit.concern") == CONCERN


def test_erased_while_it_was_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever wrote it is told: the act stands, and its text is gone with the others of the child."""
    bucket = MemoryBucket()
    desk = opened_desk(bucket)
    append = desk.store.append

    def overtaken(*events: Recorded, **more: object) -> tuple[int, ...]:
        another(bucket, desk).erase("C-1")
        return append(*events, **more)  # type: ignore[arg-type]  # handed on

    monkeypatch.setattr(desk.store, "append", overtaken)
    with pytest.raises(TextsErased, match="record the texts once more") as told:
        desk.do(concern())
    assert told.value.children == {"C-1"}
    assert last(desk).fact.stored_name.startswith("audit.safety_concern_raised")
    sealed = last(desk).fact.model_dump()["concern"]
    assert isinstance(another(bucket, desk).unseal(sealed, "audit.concern"), Erased)
    monkeypatch.undo()
    desk.do(concern())
    assert another(bucket, desk).unseal(last(desk).fact.model_dump()["concern"], "audit.concern") == CONCERN


def test_erased_during_an_import(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lines about that child are taken and warned about; the others are taken in peace, and the file goes on."""
    bucket = MemoryBucket()
    desk = opened_desk(bucket)
    desk.do(*Life("torbay", "A-2", child="C-2").allocated("2026-03-02"))
    desk.forget()
    append = desk.store.append
    erased: list[bool] = []

    def overtaken(*events: Recorded, **more: object) -> tuple[int, ...]:
        if any(each.originator_id == "audit/A-1" for each in events) and not erased:
            erased.append(another(bucket, desk).erase("C-1"))
        return append(*events, **more)  # type: ignore[arg-type]  # handed on

    monkeypatch.setattr(desk.store, "append", overtaken)
    lines = [concern(), {**concern(), "audit": "A-2"}]
    summary = Importer({"torbay": desk}, {"torbay": desk.keys}, "I-1").run(map(orjson.dumps, lines))  # type: ignore[dict-item]  # these keys make keys
    assert erased == [True]
    assert (summary.accepted, [*summary.rejections]) == (2, [])
    assert [(each.line, "C-1" in each.warning) for each in summary.warnings if "erased" in each.warning] == [(1, True)]
