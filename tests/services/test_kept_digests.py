"""Nothing that is kept to know a command again lets a text or a child's number be tried out."""

import hmac
import re
from collections.abc import Iterable
from hashlib import sha256

import orjson
import pytest

from events.envelope import to_headers
from events.registry import encode
from services.import_summary import Summary
from services.importer import Importer
from services.keyring import Keyring, MasterKey
from services.modules import CATALOGUE
from tests.desks import TestDesk
from tests.lives import QA, Life, Line, people
from tests.services.keyring.memory_bucket import MemoryBucket


def life() -> Life:
    return Life("torbay", "A-1", child="C-1")


def run(desk: TestDesk, lines: Iterable[Line]) -> Summary:
    desk.forget()
    raw = [orjson.dumps(line) for line in lines]
    return Importer({desk.authority: desk}, {desk.authority: desk.keys}, "I-1").run(raw)  # type: ignore[dict-item]  # a test's keys also make keys


MASTER = MasterKey(bytes(range(32)))


def sealing_desk(bucket: MemoryBucket) -> TestDesk:
    """A desk with real keys, and ids that tell nothing."""
    held = TestDesk("torbay", staffed=False)
    held.keys = Keyring("torbay", MASTER, bucket, clock=lambda: held.now)
    held.name = MASTER.name
    ids = iter(range(1_000))
    held.new_id = lambda: f"N-{next(ids)}"
    return held


def a_life(word: str, at: str | None) -> list[Line]:
    """One audit with `word` as every text and number in it."""
    whole = life().allocated(at, child_number=word).submitted(at, override=word, summary=word, safety_plan=word)
    whole.action(at, "X-1", text=word, due="2028-05-01").to_moderator(at).moderated(
        at, rationale=word, learning_points=word
    )
    whole.act("action.complete", at, "P-SW", "action_owner", action="X-1", impact=word)
    whole.act("audit.raise_safety_concern", at, **QA, concern=word)
    lines = list(whole)
    replaced = orjson.dumps(lines).replace(b"seen on file", word.encode()).replace(b"felt by the child", word.encode())
    return list(orjson.loads(replaced))


def stored(desk: TestDesk) -> bytes:
    """Everything that the stream holds but what is sealed, and the hash over what is sealed."""
    held = []
    for events in desk.store.streams.values():  # type: ignore[attr-defined]  # a test's store is in memory
        for each in events:
            body = encode(each.fact)
            told = {"stored_name": each.fact.stored_name, "aggregate": each.originator_id}
            headers = to_headers(each.envelope, version=each.originator_version, body=body, **told)
            del headers["ce-contenthash"]
            held.append(orjson.dumps(headers) + body)
    return re.sub(rb"sealed:[0-9A-Za-z.:_-]+", b"", b"\n".join(held))


@pytest.mark.parametrize("at", [None, "2026-03-02"])
@pytest.mark.parametrize("named", [False, True])
def test_nothing_that_is_kept_hangs_on_a_text(at: str | None, named: bool) -> None:  # noqa: FBT001 - a parameter
    """Two audits that differ in nothing but their texts leave the same bytes, beside what the child's key seals."""
    kept = []
    for word in ("123456", "654321"):
        held = sealing_desk(MemoryBucket())
        held.do(*people("torbay"))
        lines = [{**line, "id": f"T-{n}"} if named else line for n, line in enumerate(a_life(word, at))]
        assert held.do(*lines)
        assert word.encode() not in stored(held)
        kept.append(stored(held))
    assert kept[0] == kept[1]


@pytest.mark.parametrize("at", [None, "2026-03-02"])
@pytest.mark.parametrize("named", [False, True])
def test_a_dictionary_finds_nothing_once_the_key_is_erased(at: str | None, named: bool) -> None:  # noqa: FBT001 - a parameter
    """With the master key, the bucket and the stream in hand, no candidate for a number gives a name that is kept."""
    bucket = MemoryBucket()
    held = sealing_desk(bucket)
    held.do(*people("torbay"))
    [line] = life().allocated(at, child_number="004711")
    line |= {"id": "T-1"} if named else {}
    held.do(line)
    held.keys.erase("C-1")  # type: ignore[attr-defined]  # real keys
    everything = stored(held) + b"".join(bucket.values.values())
    for candidate in ("004710", "004711", "004712"):
        guess = CATALOGUE.parse(orjson.dumps({**line, "child_number": candidate}))
        for content in (guess.model_dump_json(exclude={"id"}).encode(), orjson.dumps(line), candidate.encode()):
            for name in (MASTER.name(content), sha256(content).hexdigest(), hmac.digest(content, b"", "sha256").hex()):
                assert name[:32].encode() not in everything


def test_an_erased_child_s_history_stays_done() -> None:
    """A file with an erased child in it, imported again, brings back nothing: neither acts nor texts."""
    held = sealing_desk(MemoryBucket())
    lines = [*people("torbay"), *a_life("004711", "2026-03-02")]
    assert run(held, lines).refused == 0
    held.keys.erase("C-1")  # type: ignore[attr-defined]  # real keys
    before = held.history("A-1")
    again = run(held, lines)
    assert (again.accepted, again.repeated, again.events) == (0, len(lines), 0)
    assert held.history("A-1") == before
