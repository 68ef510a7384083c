"""A council's stream with a folder of archives beside it, and everything that can be asked of both."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from events.recorded import Recorded
from events.subjects import aggregate_subject, all_subjects, stream_name
from services.store.application import History
from services.store.archives.file import Archive
from services.store.archives.making import make
from services.store.archives.removing import remove_through
from services.store.link import Link, close_link, open_link
from services.store.reading import read_recorded
from services.store.source import Source
from services.store.verify import verify
from tests.stores import Store, recorded

RECORDS, EVENTS = 4, 40
THROUGH = 30
"""Events that are archived; those of the records of the second half go on after it."""


@dataclass
class Shelved:
    """A council's stream with a folder of archives beside it."""

    store: Store
    link: Link
    folder: Path
    authority: str

    @property
    def source(self) -> Source:
        return Source(self.link.client, stream_name(self.authority))

    @property
    def files(self) -> list[Path]:
        return sorted(self.folder.glob("*/*.gz"))

    def history(self) -> History:
        return History(self.authority, self.store.url, archives=self.folder)

    def stored(self, position: int) -> datetime:
        """When the event at a position was stored."""
        message = self.link.run(self.source.at(position))
        assert message is not None
        return datetime.fromisoformat(message.time)

    def make(self, through: int = THROUGH) -> Archive:
        return self.link.run(make(self.source, self.authority, self.stored(through + 1)))

    def remove(self, through: int = THROUGH, stage: Callable[[str], None] = lambda _: None) -> int:
        config = self.store.layout.events(self.authority)
        return self.link.run(remove_through(self.link.client, config, through, spare=0, stage=stage))

    def first_live(self) -> int:
        state = self.link.run(self.link.client.jetstream().stream_info(stream_name(self.authority))).state
        return int(state.first_seq)

    def reading(self) -> list[Recorded]:
        async def read() -> list[Recorded]:
            return [each async for each in read_recorded(self.link.client, self.authority)]

        return self.link.run(read())


@contextmanager
def shelved_in(store: Store, tmp_path: Path) -> Iterator[Shelved]:
    """Forty events: records 0 and 1 end within the first thirty, 2 and 3 go on after them."""
    authority = store.authority()
    link = open_link(store.url, archives=tmp_path)
    shelved = Shelved(store, link, tmp_path, authority)
    versions: dict[int, int] = {}
    with shelved.history() as history:
        for number in range(EVENTS):
            record = number % RECORDS if number < THROUGH else 2 + number % 2
            versions[record] = versions.get(record, 0) + 1
            history.append(recorded(authority, f"audit/A-{record}", versions[record]))
    yield shelved
    close_link(link)


def answers(shelved: Shelved) -> dict[str, Any]:
    """Everything that can be asked of the store, by the way of asking; what the server adds to a header left out."""
    source, run = shelved.source, shelved.link.run
    subject = {name: aggregate_subject(shelved.authority, f"audit/{name}") for name in ("A-0", "A-2", "A-9")}
    with shelved.history() as history:
        recorder = history.recorder
        found: dict[str, Any] = {
            "load": [history.load(f"audit/A-{each}") for each in range(RECORDS + 1)],
            "load after": [history.load("audit/A-2", after=after) for after in (1, 7, 12)],
            "notifications": recorder.select_notifications(1, EVENTS),
            "some notifications": recorder.select_notifications(THROUGH - 5, 10),
            "the last": recorder.select_events("audit/A-2", desc=True, limit=3),
            "end": history.position(),
            "followed": [each for _, each in zip(range(EVENTS), recorder.subscribe(gt=0), strict=False)],
        }
    found["pages"] = shelved.reading()
    found["verify"] = run(verify(shelved.link.client, shelved.authority)).sound
    found["subjects"] = run(source.subjects(all_subjects(shelved.authority)))
    found["of a kind"] = run(source.subjects("sightline.*.audit.*"))
    found["none"] = run(source.subjects("sightline.*.damage.*"))
    for name, each in subject.items():
        ways = [source.last_of(each), source.newest(each), source.next_of(each, 1), source.next_of(each, 20)]
        found[name] = [plain(run(way)) for way in ways]
        found[f"{name} page"] = [plain(message) for message in run(source.page(1, 5, each)).messages]
    found["at"] = [plain(run(source.at(each))) for each in range(1, EVENTS + 2)]
    found["next"] = plain(run(source.next_of(">", 7)))
    run(source.close())
    return found


def plain(message: Any) -> Any:
    """A message without what the server adds when it gives it out."""
    if message is None:
        return None
    added = ("Nats-Str", "Nats-Sub", "Nats-Seq", "Nats-Time", "Nats-Num", "Nats-Last", "Nats-UpTo")
    own = {name: value for name, value in message.headers.items() if not name.startswith(added)}
    return message._replace(headers=own)
