"""What many councils with little history each make of streams, memory, starts and idle minutes: `make england`.

`python -m tests.bench.england 5 50 153` names how many councils there are, `--nodes 3` puts them on a cluster of three
servers on this machine, with three copies of each stream. The councils are the shipped frameworks in turn, under names
of their own, each with the same few audits. A figure is seconds of the processor, unless its name says otherwise.
"""

import argparse
import asyncio
import os
import re
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import orjson
import psutil

from services.policy.written import policies_in
from services.settings import SHIPPED_POLICIES
from services.store.link import connect
from services.store.source import api
from tests.bench.report import machine
from tests.bench.running import MEGABYTE, Figures, Running, idle_minute, memory, table, taken
from tests.cluster import Cluster
from tests.edited import edited
from tests.lives import QA, QA_ROLES, Life, people
from workers.intake.pace import RESTS_AFTER

COUNCILS = (5, 50, 153)
"""As many as ship, some, and as many as there are in England."""

MONTHS = ("2026-02", "2026-03")
"""Of each there is an audit."""
TITLE = "Sightline as councils come: seconds of the processor"


def policies(folder: Path, councils: int) -> list[tuple[str, str]]:
    """Write a policy for each council; their names, and the framework that each works by."""
    shipped = policies_in(SHIPPED_POLICIES)
    made = []
    for number in range(councils):
        model = shipped[number % len(shipped)]
        name = f"{model.stem}-{number:03}"
        text, found = re.subn(rf"(?m)^authority: {model.stem}$", f"authority: {name}", edited(model.name))
        if found != 1:
            raise SystemExit(f"{model.name} names its authority {found} times")
        (folder / f"{name}.yaml").write_text(text)
        made.append((name, model.stem))
    return made


def lines(councils: list[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """The people of each council and its few audits."""
    for name, framework in councils:
        for line in people(framework):
            yield {**line, "authority": name}
        for month in MONTHS:
            life = Life(framework, f"A-{month}").allocated(f"{month}-02").submitted(f"{month}-09T10:00")
            yield from ({**line, "authority": name} for line in life)


class England:
    """So many councils on one system: its folder, its servers, and what was measured of them."""

    def __init__(self, folder: Path, councils: int, nodes: int) -> None:
        self.folder = folder
        self.figures: Figures = {}
        self._nodes = nodes
        (folder / "policies").mkdir(parents=True)
        self._councils = policies(folder / "policies", councils)

    def measure(self) -> Figures:
        """All figures of this number."""
        with ExitStack() as servers:
            settings = {"SIGHTLINE_POLICIES": str(self.folder / "policies")}
            cluster: Cluster | None = None
            if self._nodes > 1:
                cluster = servers.enter_context(Cluster(self.folder / "nats"))
                settings |= {"SIGHTLINE_NATS": cluster.url, "SIGHTLINE_REPLICAS": "3"}
            self._run = Running(self.folder, **settings)
            self._live(cluster)
        return self.figures

    def _live(self, cluster: Cluster | None) -> None:
        others = [psutil.Process(each.pid) for each in cluster.nodes] if cluster else []
        self._start("first start, which makes the streams", others)
        file = self.folder / "history.jsonl"
        with file.open("wb") as out:
            out.writelines(orjson.dumps(line) + b"\n" for line in lines(self._councils))
        before = taken(*others)
        since = monotonic()
        with self._run.up() as server:
            self._keep("start again, seconds by the clock", monotonic() - since)
            self._keep("start again", self._run.calm(server, *others) - before)
            before = self._run.calm(server, *others)
            self._keep("import of it", self._run.asked("import", str(file), "--unverified"))
            self._keep("what follows of it in the workers and the server", self._run.calm(server, *others) - before)
            for name, size in memory(server):
                self._keep(f"memory of {name}, MB", size)
            for number, node in enumerate(others, start=1):
                self._keep(f"memory of node {number}, MB", node.memory_info().rss / MEGABYTE)
            self._keep("a minute after the last act, everything", idle_minute(server, *others))
            sleep(RESTS_AFTER)
            self._keep("idle minute at rest, everything", idle_minute(server, *others))
            self._keep("idle minute at rest, the servers", idle_minute(*(others or list(_servers(server)))))
            self._keep("`show register` of one", self._run.asked("show", "register", self._councils[0][0], "--json"))
            with self._run.system() as system:
                for name, count in asyncio.run(_held(system.url)).items():
                    self._keep(name, count)
            if cluster:
                self._lose_leader(cluster)

    def _start(self, name: str, others: list[psutil.Process]) -> None:
        before, since = taken(*others), monotonic()
        with self._run.up() as server:
            self._keep(f"{name}, seconds by the clock", monotonic() - since)
            self._keep(name, self._run.calm(server, *others) - before)

    def _lose_leader(self, cluster: Cluster) -> None:
        """A server is lost, with a third of the leaders: until every council takes an act again, by the clock."""
        file = self.folder / "act.jsonl"
        os.kill(cluster.nodes[0].pid or 0, signal.SIGKILL)
        since = monotonic()
        trains = {"command": "person.train", **QA, "person": "P-NEW"}
        acts = [
            {**trains, "authority": name, "role": QA_ROLES.get(framework, QA["role"])}
            for name, framework in self._councils
        ]
        file.write_bytes(b"".join(orjson.dumps(act) + b"\n" for act in acts))
        self._run.insisted("import", str(file), "--unverified")  # what was taken is not taken twice
        self._keep("a server lost: until each council has taken an act, seconds by the clock", monotonic() - since)

    def _keep(self, name: str, figure: float) -> None:
        self.figures[name] = figure
        print(f"  {name}: {figure:.2f}", file=sys.stderr, flush=True)


def _servers(process: psutil.Process) -> Iterator[psutil.Process]:
    return (each for each in process.children(recursive=True) if each.name().startswith("nats-server"))


async def _held(url: str) -> Figures:
    """How many streams and consumers the server has, and how large they are."""
    client = await connect(url)
    try:
        account = await api(client, "INFO", within=30)
        return {
            "streams": account["streams"],
            "consumers": account["consumers"],
            "messages stored, MB": account["storage"] / MEGABYTE,
        }
    finally:
        await client.close()


def main(arguments: list[str]) -> None:
    """Measure each number of councils in turn, and print the table."""
    reader = argparse.ArgumentParser(prog="python -m tests.bench.england")
    reader.add_argument("councils", nargs="*", type=int, default=list(COUNCILS))
    reader.add_argument("--nodes", type=int, choices=(1, 3), default=1)
    asked = reader.parse_args(arguments)
    about, found = machine(), []
    for councils in asked.councils:
        print(f"{councils} councils", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as folder:
            found.append(England(Path(folder), councils, asked.nodes).measure())
    nodes = "one server" if asked.nodes == 1 else f"{asked.nodes} servers on this machine, {asked.nodes} copies"
    table(f"{TITLE}, {nodes}", [f"{each} councils" for each in asked.councils], found, about)


if __name__ == "__main__":
    main(sys.argv[1:])
