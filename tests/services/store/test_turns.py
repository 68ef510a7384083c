"""Whose turn it is: which appends of a process go at once, which wait, and which go together. Without a server."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from services.store import grouping
from services.store.attempts import MAX_BATCH, Append
from services.store.errors import StoreUnavailable
from services.store.grouping import MAX_WEIGHT, SIDE_BY_SIDE, Group, Outcome, Turn, Way
from services.store.messages import Outgoing

SOON = 30.0


def append(subject: str, count: int = 1, size: int = 10) -> Append:
    return Append([Outgoing(subject, version, {}, bytes(size)) for version in range(1, count + 1)], {subject: 0})


@dataclass
class Stream:
    """Takes batches and gives their sequences; what is `held` waits until it is let go."""

    batches: list[list[str]] = field(default_factory=list)
    within: list[float] = field(default_factory=list)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    alone: set[str] = field(default_factory=set)
    fails: bool = False

    def __post_init__(self) -> None:
        self.go = asyncio.Event()
        self.go.set()
        self.called = asyncio.Event()
        self.group = Group(self._together, lambda each: not self.alone.intersection(each.expected))

    async def _together(self, appends: Sequence[Append], within: float) -> list[Outcome]:
        self.batches.append([next(iter(each.expected)) for each in appends])
        self.within.append(within)
        self.called.set()
        await self.go.wait()
        if self.fails:
            raise OSError("the writing failed")
        names = self.batches[-1]
        return [self.outcomes.get(name, 100 + place) for place, name in enumerate(names)]

    def turn(self, wanted: Append, within: float = SOON) -> Turn:
        return self.group.turn(wanted, asyncio.get_running_loop().time() + within)

    def enter(self, wanted: Append, within: float = SOON) -> tuple[Turn, "asyncio.Task[Turn]"]:
        turn = self.turn(wanted, within)
        return turn, asyncio.ensure_future(turn.__aenter__())


async def settled() -> None:
    """Let everything happen that can happen by itself."""
    for _ in range(20):
        await asyncio.sleep(0)


def ways(turns: Sequence[tuple[Turn, "asyncio.Task[Turn]"]]) -> list[Way | None]:
    return [turn.way if task.done() else None for turn, task in turns]


async def test_single_events_go_side_by_side_and_no_more() -> None:
    """So many go at once without waiting; the next one goes as one of them is through."""
    stream = Stream()
    turns = [stream.enter(append(f"s{number}")) for number in range(SIDE_BY_SIDE + 1)]
    await settled()
    assert ways(turns) == [Way.BESIDE] * SIDE_BY_SIDE + [None]
    stream.group.leave(turns[0][0])
    await settled()
    assert ways(turns)[-1] is Way.BESIDE
    assert [turn.first for turn, _ in turns] == [0] * len(turns)
    assert stream.batches == []


async def test_who_is_through_leaves_one_place() -> None:
    """After one of all that go side by side is through, one more goes at once, and not two."""
    stream = Stream()
    turns = [stream.enter(append(f"s{number}")) for number in range(SIDE_BY_SIDE)]
    await settled()
    stream.group.leave(turns[0][0])
    later = [stream.enter(append("t")), stream.enter(append("u"))]
    await settled()
    assert ways(later) == [Way.BESIDE, None]


async def test_one_record_is_written_by_one_append_at_a_time() -> None:
    """Where there is room beside, an append to the same record waits all the same, and one to another does not."""
    stream = Stream()
    first, second = stream.enter(append("s")), stream.enter(append("s"))
    await settled()
    assert ways([first, second]) == [Way.BESIDE, None]
    stream.group.leave(first[0])
    await settled()
    assert ways([first, second]) == [Way.BESIDE, Way.BESIDE]
    async with stream.turn(append("t")) as other:
        assert other.way is Way.BESIDE


async def test_what_waits_for_a_batch_goes_together() -> None:
    """While a batch is under way all wait; then they are one batch, in their order, and each hears its own place."""
    stream = Stream()
    whole = stream.enter(append("w", 3))
    await settled()
    later = [stream.enter(append(name, count)) for name, count in (("a", 1), ("b", 2), ("a", 1), ("c", 1))]
    await settled()
    assert ways([whole, *later]) == [Way.BATCH, None, None, None, None]
    stream.group.leave(whole[0])
    for _, task in (later[0], later[1], later[3]):
        await asyncio.wait_for(task, SOON)
    assert stream.batches == [["a", "b", "c"]]
    assert [later[place][0].first for place in (0, 1, 3)] == [100, 101, 102]
    assert {later[place][0].way for place in (0, 1, 3)} == {Way.MEMBER}
    assert 0 < stream.within[0] <= SOON
    assert not later[2][1].done(), "the same record waits until the first is through"
    for place in (0, 1, 3):
        stream.group.leave(later[place][0])
    assert (await asyncio.wait_for(later[2][1], SOON)).first == 0


async def test_what_was_not_stored_is_told_to_its_own_caller() -> None:
    """Of a batch that was stored in part each hears what became of it: its place, nothing, or the error."""
    stream = Stream(outcomes={"b": StoreUnavailable("in part"), "c": 0})
    whole = stream.enter(append("w", 3))
    await settled()
    turns = [stream.enter(append(name, 2)) for name in "abc"]
    await settled()
    stream.group.leave(whole[0])
    assert (await asyncio.wait_for(turns[0][1], SOON)).first == 100
    with pytest.raises(StoreUnavailable, match="in part"):
        await asyncio.wait_for(turns[1][1], SOON)
    assert (await asyncio.wait_for(turns[2][1], SOON)).first == 0


async def test_after_a_batch_that_broke_each_is_tried_alone() -> None:
    """Where the writing itself fails, nobody waits for ever: each goes on without a place, and the next batch goes."""
    stream = Stream(fails=True)
    whole = stream.enter(append("w", 3))
    await settled()
    turns = [stream.enter(append(name, 2)) for name in "ab"]
    await settled()
    stream.group.leave(whole[0])
    assert [(await asyncio.wait_for(task, SOON)).first for _, task in turns] == [0, 0]
    assert stream.group._task is not None
    assert isinstance(stream.group._task.exception(), OSError)
    other = stream.enter(append("c", 2))
    assert (await asyncio.wait_for(other[1], SOON)).way is Way.BATCH


@pytest.mark.parametrize("of_the_batch", ["too heavy", "not to join"])
async def test_what_would_spoil_a_batch_goes_alone(of_the_batch: str) -> None:
    """What is too large, or will be refused, is a batch by itself where it is first, and waits where it is not."""
    stream = Stream(alone={"x"} if of_the_batch == "not to join" else set())
    size = MAX_WEIGHT if of_the_batch == "too heavy" else 10
    whole = stream.enter(append("w", 3))
    await settled()
    turns = [stream.enter(append("a", 2)), stream.enter(append("x", 2, size)), stream.enter(append("b", 2))]
    await settled()
    stream.group.leave(whole[0])
    for place in (0, 2):
        await asyncio.wait_for(turns[place][1], SOON)
    assert stream.batches == [["a", "b"]]
    assert (await asyncio.wait_for(turns[1][1], SOON)).way is Way.BATCH


@pytest.mark.parametrize(
    ("counts", "sizes", "together"),
    [
        ((MAX_BATCH - 2, 2, 1), (1, 1, 1), ["a", "b"]),
        ((MAX_BATCH - 1, 2, 1), (1, 1, 1), ["a"]),
        ((2, 2, 2), (MAX_WEIGHT // 4 - 5_000, MAX_WEIGHT // 4 - 5_000, 10_000), ["a", "b"]),
        ((2, 2, 2), (MAX_WEIGHT // 4, MAX_WEIGHT // 4, 1), ["a"]),
    ],
    ids=["as many as it holds", "one too many", "as much as it holds", "too much"],
)
async def test_a_batch_ends_where_it_is_full(counts: Sequence[int], sizes: Sequence[int], together: list[str]) -> None:
    """It holds so many messages and so much as the server takes, in the order in which they came."""
    stream = Stream()
    stream.go.clear()
    whole = stream.enter(append("w", 3))
    await settled()
    turns = [stream.enter(append(name, count, size)) for name, count, size in zip("abc", counts, sizes, strict=True)]
    await settled()
    stream.group.leave(whole[0])
    called = asyncio.ensure_future(stream.called.wait())
    await asyncio.wait([called, *(task for _, task in turns)], return_when=asyncio.FIRST_COMPLETED)
    called.cancel()
    gone = stream.batches[0] if stream.batches else [name for name, way in zip("abc", ways(turns), strict=True) if way]
    assert gone == together
    stream.go.set()
    await settled()


async def test_whose_time_is_over_goes_without_a_place() -> None:
    """Whoever waited too long goes on with nothing written and holds up nobody, not even its own record."""
    stream = Stream()
    whole = stream.enter(append("w", 3))
    await settled()
    turn, late = stream.enter(append("a", 2), within=0.01)
    assert (await asyncio.wait_for(late, SOON)).first == 0
    assert turn.way is None
    stream.group.leave(turn)
    stream.group.leave(whole[0])
    async with stream.turn(append("a")) as again:
        assert again.first == 0
    assert stream.batches == []


async def test_who_gives_up_is_forgotten() -> None:
    """A caller that was cancelled while it waited is in no batch, and its record is free."""
    stream = Stream()
    whole = stream.enter(append("w", 3))
    await settled()
    turns = [stream.enter(append(name, 2)) for name in "abc"]
    await settled()
    turns[1][1].cancel()
    await settled()
    stream.group.leave(whole[0])
    await asyncio.wait_for(turns[2][1], SOON)
    assert stream.batches == [["a", "c"]]


async def test_who_tries_again_holds_up_its_own_record_alone() -> None:
    """A batch that was not stored at once gives way: others go meanwhile, but none to what it writes. Twice is once."""
    stream = Stream()
    whole = stream.enter(append("w", 3))
    await settled()
    same, other = stream.enter(append("w", 2)), stream.enter(append("o", 2))
    await settled()
    whole[0].give_way()
    whole[0].give_way()
    assert (await asyncio.wait_for(other[1], SOON)).way is Way.BATCH
    assert not same[1].done()
    stream.group.leave(other[0])
    stream.group.leave(whole[0])
    assert (await asyncio.wait_for(same[1], SOON)).way is Way.BATCH


async def test_a_single_event_gives_no_way() -> None:
    """What went beside others held up nobody: it counts among them until it is through."""
    stream = Stream()
    turns = [stream.enter(append(f"s{number}")) for number in range(SIDE_BY_SIDE + 1)]
    await settled()
    turns[0][0].give_way()
    await settled()
    assert ways(turns)[-1] is None


async def test_those_who_were_told_together_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a batch of many the next waits until as many are back, and no longer than the moment that they take."""
    stream = Stream()
    whole = stream.enter(append("w", 3))
    await settled()
    turns = [stream.enter(append(f"a{number}", 2)) for number in range(SIDE_BY_SIDE + 2)]
    await settled()
    stream.group.leave(whole[0])
    monkeypatch.setattr(grouping, "CROWD", 10 * SOON)
    for turn, task in turns:
        await asyncio.wait_for(task, SOON)
        stream.group.leave(turn)
    again = [stream.enter(append(f"b{number}", 2)) for number in range(SIDE_BY_SIDE + 1)]
    await settled()
    assert len(stream.batches) == 1, "one of them is not back yet"
    monkeypatch.setattr(grouping, "CROWD", 0.01)
    again.append(stream.enter(append("last", 2)))
    await settled()
    assert [len(each) for each in stream.batches] == [SIDE_BY_SIDE + 2] * 2
    for turn, task in again:
        await asyncio.wait_for(task, SOON)
        stream.group.leave(turn)
    alone = stream.enter(append("c", 2))
    assert (await asyncio.wait_for(alone[1], SOON)).way is Way.BATCH, "the others do not come back"


@pytest.mark.parametrize(("members", "at_once"), [(SIDE_BY_SIDE, True), (SIDE_BY_SIDE + 1, False)])
async def test_of_a_crowd_is_only_more_than_go_side_by_side(
    monkeypatch: pytest.MonkeyPatch,
    members: int,
    at_once: bool,  # noqa: FBT001 - a table's column
) -> None:
    """After a batch of no more than can go side by side, a single event goes at once; after a larger one it waits."""
    stream = Stream()
    whole = stream.enter(append("w", 3))
    await settled()
    turns = [stream.enter(append(f"a{number}", 2)) for number in range(members)]
    await settled()
    stream.group.leave(whole[0])
    monkeypatch.setattr(grouping, "CROWD", 10 * SOON)
    for turn, task in turns:
        await asyncio.wait_for(task, SOON)
        stream.group.leave(turn)
    single = stream.enter(append("s"))
    await settled()
    assert ways([single]) == [Way.BESIDE if at_once else None]
    single[1].cancel()
    await settled()
