"""Signs of life that are written together: news at once, the others when the beat comes, none for who gives none."""

from collections.abc import Collection

from events.errors import Unavailable
from tests.stores import PATIENCE
from tests.workers.rig import eventually
from workers.kept.beats import Beats
from workers.processes.together import beside

Sign = tuple[str, int]
LONG = 100 * PATIENCE


class Written:
    """What was written, transaction by transaction."""

    def __init__(self) -> None:
        self.all: list[set[Sign]] = []

    def write(self, signs: Collection[Sign]) -> None:
        self.all.append(set(signs))


async def test_news_of_many_is_one_transaction() -> None:
    """What is new is written at once with all that waits; of each the newest sign alone, and once."""
    written = Written()
    beats = Beats[Sign](written.write, LONG)
    async with beside(beats.keep):
        beats.tell("torbay", ("torbay", 1), news=False)
        beats.tell("halton", ("halton", 1), news=False)
        beats.tell("torbay", ("torbay", 2), news=True)
        await eventually(lambda: bool(written.all))
        beats.tell("halton", ("halton", 2), news=True)
    assert written.all == [{("torbay", 2), ("halton", 1)}, {("halton", 2)}]


async def test_without_news_the_beat_writes() -> None:
    """Who tells nothing new is written down when the beat comes."""
    written = Written()
    beats = Beats[Sign](written.write, 0.01)
    async with beside(beats.keep):
        beats.tell("torbay", ("torbay", 1), news=False)
        await eventually(lambda: bool(written.all))
    assert written.all == [{("torbay", 1)}]


async def test_what_was_not_taken_is_written_later() -> None:
    """A database that fails loses no sign, and keeps no older one in the place of one that came meanwhile."""
    written, failed = Written(), list[str]()

    def write(signs: Collection[Sign]) -> None:
        if not failed:
            failed.append("once")
            beats.tell("torbay", ("torbay", 2), news=False)
            raise Unavailable("the database does not answer")
        written.write(signs)

    beats = Beats[Sign](write, 0.01)
    async with beside(beats.keep):
        beats.tell("torbay", ("torbay", 1), news=True)
        beats.tell("halton", ("halton", 1), news=True)
        await eventually(lambda: bool(written.all))
    assert written.all == [{("torbay", 2), ("halton", 1)}]
