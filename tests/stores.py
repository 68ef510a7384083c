"""A running store for tests: fresh authorities, recorders and histories on one server or on a cluster."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from threading import Event as Pause
from time import monotonic

from events.audits import AuditFiled
from events.base import Fact
from events.envelope import Envelope
from events.errors import Unavailable
from events.recorded import Recorded
from services.store.application import History
from services.store.fitness import check_server
from services.store.link import Link
from services.store.naming import event_naming
from services.store.provisioner import Layout, provision
from services.store.recorders import JetStreamApplicationRecorder

_numbers = count(1)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PATIENCE = 120.0
"""Seconds a test waits for what must come. A limit says only that it hangs: a full machine is slow, and right."""


@dataclass(frozen=True)
class Store:
    """One server or cluster with a link to it."""

    url: str
    link: Link
    replicas: int

    @property
    def layout(self) -> Layout:
        return Layout(replicas=self.replicas, rehearsal=True)  # many tests move their clocks

    def authority(self, *, max_bytes: int = -1) -> str:
        """Provision a new authority that no other test uses."""
        name = f"council-{next(_numbers)}"
        layout = replace(self.layout, max_bytes=max_bytes)
        self.link.run(provision(self.link.client, [name], layout, within=20))
        return name

    def recorder(self, authority: str | None = None, *, patience: float = 20.0) -> JetStreamApplicationRecorder:
        return JetStreamApplicationRecorder(
            self.link, event_naming(authority or self.authority()), timeout=5.0, patience=patience
        )

    def history(self, authority: str) -> History:
        return History(authority, self.url)


def recorded(
    authority: str, aggregate: str, version: int, *, command: str | None = None, fact: Fact | None = None
) -> Recorded:
    """Make a fact that is ready to be stored; its id comes from the command."""
    command = command or f"{aggregate.replace('/', '-')}-{version}"
    told = Envelope(f"{command}.0", authority, "auditor-1", "auditor", NOON, NOON, command, "", "2026.1")
    return Recorded(aggregate, version, fact or AuditFiled(), told)


def eventually(condition: Callable[[], bool], *, within: float = PATIENCE) -> None:
    """Wait until the condition holds; an assertion error when it does not in time."""
    deadline, pause = monotonic() + within, Pause()
    while not condition():
        assert monotonic() < deadline, "the condition did not come true in time"
        pause.wait(0.02)


def has_leader(link: Link) -> bool:
    """Whether JetStream answers: a cluster does so when it has elected its leader."""
    try:
        link.run(check_server(link.client, within=1))
    except Unavailable:
        return False
    return True
