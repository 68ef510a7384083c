"""What one live command costs on a record that has grown: `python -m tests.bench.records 30 300 3000`.

Each case is a council in whose history one record alone has grown to so many events; the desk is a new one, as in a
process that begins. A figure is the processor's time of this process and of the server, and the messages of the events
and of the snapshots that were sent. The first command may find no snapshot; the next one is the one that is shown,
unless `cold` is among the words.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any
from unittest.mock import patch

import orjson
import psutil

from events.base import Fact
from events.directory import PersonTrained
from events.envelope import Envelope
from events.programme import TaskRecorded
from events.recorded import Recorded
from events.rounds import FileGiven, RoundAuditCounted, RoundAuditGiven, RoundScheduled
from events.sampling import FileSelected, ReturnCounted
from services.core.command import Command
from services.core.desk import Desk
from services.directory.state import DIRECTORY
from services.modules import CATALOGUE
from services.nats_server import NatsServer, ServerConfig
from services.store.application import History
from services.store.link import close_link, open_link
from services.store.messages import RawMessage
from services.store.source import Page, Source
from tests.desks import SHIPPED, ReadableKeys, plain_name
from tests.lives import Life, people
from tests.stores import Store
from workers.recording.desks import keep_grown

SIZES = (30, 300, 3_000, 30_000)
NOW = datetime(2026, 6, 10, 10, tzinfo=UTC)
BEFORE = datetime(2026, 6, 8, 10, tzinfo=UTC)
AGAIN = 5
"""Commands of each size; the figure is the median."""


@dataclass(frozen=True)
class Case:
    """A record that grows: the council's framework, the record, its event of a number, and a command on it."""

    policy: str
    record: str
    event: Callable[[int], Fact]
    command: Callable[[int], dict[str, Any]]


def _return(number: int) -> Fact:
    name, kind = f"G-{number // 2}", "full"
    if number % 2:
        return FileSelected(audit=name, audit_type=kind, team=f"T-{number}")
    return ReturnCounted(audit=name, audit_type=kind, grade="Good", service="S-1")


def _of_round(number: int) -> Fact:
    if number == 1:
        days = {"starts": date(2026, 6, 1), "ends": date(2026, 6, 30)}
        return RoundScheduled(kind="audit round", name="audit round", services=("CWD",), **days)
    if number % 2:
        return RoundAuditCounted(audit=f"G-{number // 2}")
    return RoundAuditGiven(audit=f"G-{number // 2}", audit_type="full", child=f"C-{number}", auditor="P-AUD")


def _audit(authority: str, number: int, **fields: Any) -> dict[str, Any]:
    line = next(iter(Life(authority, f"L-{number}", child=f"C-L{number}").allocated()))
    return {**{name: each for name, each in line.items() if name != "at"}, **fields}


def _train(number: int) -> dict[str, Any]:
    return {"command": "person.train", "actor": "P-QA", "role": "qa_team", "person": f"P-N{number}"}


CASES = {
    "somebody is trained": Case("torbay", DIRECTORY, lambda n: PersonTrained(person=f"P-T{n}"), _train),
    "an audit, the directory grown": Case(
        "torbay", DIRECTORY, lambda n: PersonTrained(person=f"P-T{n}"), lambda n: _audit("torbay", n)
    ),
    "an audit, its month grown": Case("torbay", "month/2026-06", _return, lambda n: _audit("torbay", n)),
    "an audit, the month's files grown": Case(
        "torbay",
        "files/2026-06",
        lambda n: FileGiven(audit=f"G-{n}", child=f"C-{n}", auditor="P-AUD"),
        lambda n: _audit("torbay", n),
    ),
    "an audit, its round grown": Case(
        "halton", "round/2026-06", _of_round, lambda n: _audit("halton", n, round="2026-06")
    ),
    "a programme task": Case(
        "east-sussex",
        "duty/t1_5-2026-06",
        lambda _: TaskRecorded(duty="t1_5", on=date(2026, 6, 8), holder="P-DCS"),
        lambda _: {
            "command": "duty.record",
            "actor": "P-DCS",
            "role": "dcs",
            "duty": "t1_5",
            "on": "2026-06-09",
        },
    ),
}


def grown(history: History, case: Case, size: int) -> None:
    """Put so many events on the record, past the desk."""
    at = len(history.load(case.record))
    version = SHIPPED[case.policy].newest.version
    numbers = range(at + 1, size + 1)
    events = [_recorded(history.authority, case.record, each, case.event(each), version) for each in numbers]
    for start in range(0, len(events), 500):
        history.append(*events[start : start + 500])


def _recorded(authority: str, record: str, version: int, fact: Fact, policy: str) -> Recorded:
    name = f"{record.replace('/', '-')}-{version}.0"
    told = Envelope(name, authority, "P-QA", "qa_team", BEFORE, BEFORE, record.replace("/", "-"), "", policy)
    return Recorded(record, version, fact, told)


def staffed(history: History, policy: str) -> None:
    """Give the council its people."""
    desk = desk_of(history, policy)
    for line in people(policy):
        desk.carry_out(CATALOGUE.parse(orjson.dumps(line | {"authority": history.authority})))


def command_of(history: History, case: Case, number: int) -> Command:
    """The command of that number."""
    return CATALOGUE.parse(orjson.dumps(case.command(number) | {"authority": history.authority}))


def desk_of(history: History, policy: str) -> Desk:
    """A new desk, which knows nothing yet."""
    return Desk(
        authority=history.authority,
        catalogue=CATALOGUE,
        store=history,
        keys=ReadableKeys(),
        name=plain_name,
        policies=SHIPPED[policy],
        clock=lambda: NOW,
    )


@contextmanager
def counting() -> Iterator[Counter[str]]:
    """The messages that are sent, by their stream."""
    found = Counter[str]()
    live_page, leader = Source.live_page, Source._leader

    async def page(source: Source, *asked: Any, **named: Any) -> Page:
        answer = await live_page(source, *asked, **named)
        found[source.stream] += len(answer.messages)
        return answer

    async def one(source: Source, *asked: Any) -> RawMessage | None:
        answer = await leader(source, *asked)
        found[source.stream] += answer is not None
        return answer

    with patch.object(Source, "live_page", page), patch.object(Source, "_leader", one):
        yield found


def measure(case: Case, size: int, store: Store, server: psutil.Process, *, cold: bool) -> tuple[float, float]:
    """Milliseconds of the processor, and messages, of one command."""
    authority = store.authority()
    with store.history(authority) as history:
        staffed(history, case.policy)
        grown(history, case, size)
        took, sent = [], []
        for number in range(AGAIN + 1):
            command = command_of(history, case, number)
            desk = desk_of(history, case.policy)
            with counting() as found:
                began = process_time() + _spent(server)
                desk.carry_out(command)
                spent = process_time() + _spent(server) - began
            keep_grown(history, CATALOGUE, desk.grown())
            if cold or number:
                took.append(spent * 1e3)
                sent.append(sum(found.values()))
    return median(took), median(sent)


def _spent(server: psutil.Process) -> float:
    times = server.cpu_times()
    return float(times.user + times.system)


def main(words: list[str]) -> None:
    """Print a row for each case, with the figures of each size."""
    sizes = [int(each) for each in words if each.isdigit()] or list(SIZES)
    with tempfile.TemporaryDirectory() as folder:
        server = NatsServer(ServerConfig(data=Path(folder)))
        server.start()
        link = open_link(server.url)
        try:
            store = Store(server.url, link, replicas=1)
            process = next(each for each in psutil.Process().children() if "nats" in each.name())
            print("| ms of the processor / messages read |", " | ".join(f"{each:,}" for each in sizes), "|")
            for name, case in CASES.items():
                found = [measure(case, size, store, process, cold="cold" in words) for size in sizes]
                print(f"| {name} |", " | ".join(f"{ms:,.0f} / {sent:,.0f}" for ms, sent in found), "|", flush=True)
        finally:
            close_link(link)
            server.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
