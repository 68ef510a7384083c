"""The library's way in: `PERSISTENCE_MODULE=services.store.factory` and a few variables."""

from collections.abc import Callable
from pathlib import Path

from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    InfrastructureFactory,
    ProcessRecorder,
    TrackingRecorder,
)
from eventsourcing.utils import Environment, EnvType

from events.errors import SettingsError
from services.store.contract import of_the_library
from services.store.link import Link, close_link, open_link
from services.store.naming import Naming, event_naming, snapshot_naming
from services.store.recorders import JetStreamAggregateRecorder, JetStreamApplicationRecorder


class Factory(InfrastructureFactory[TrackingRecorder]):
    """Recorders on the streams of one authority.

    `NATS_URL` and `NATS_AUTHORITY` are needed; `NATS_CREDENTIALS` names a credentials file, `NATS_ARCHIVES` the folder
    of what was archived of the stream, `NATS_STREAM` and `NATS_SNAPSHOT_STREAM` other streams than the authority's own;
    `NATS_TIMEOUT` (seconds for one request) and `NATS_PATIENCE` (seconds for one append in all) have defaults. The
    streams are the provisioner's: none is created here. Positions of consumers are kept by the read models, not here.
    """

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        self._link: Link | None = None

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        """A recorder of aggregate events, or of snapshots for the purpose `snapshots`."""
        if purpose == "snapshots":
            naming = self._naming(snapshot_naming, "NATS_SNAPSHOT_STREAM")
        else:
            naming = self._naming(event_naming, "NATS_STREAM")
        return JetStreamAggregateRecorder(self.link, naming, timeout=self.timeout, patience=self._patience)

    def application_recorder(self) -> ApplicationRecorder:
        """The recorder of the authority's events."""
        naming = self._naming(event_naming, "NATS_STREAM")
        return JetStreamApplicationRecorder(self.link, naming, timeout=self.timeout, patience=self._patience)

    def tracking_recorder(self, tracking_recorder_class: type[TrackingRecorder] | None = None) -> TrackingRecorder:
        """Refused: a position belongs into the transaction of the read model it belongs to."""
        raise NotImplementedError("positions are kept with the read models, in their own transaction")

    def process_recorder(self) -> ProcessRecorder:
        """Refused: see `tracking_recorder`."""
        raise NotImplementedError("positions are kept with the read models, in their own transaction")

    @property
    @of_the_library
    def link(self) -> Link:
        """The connection, made at the first use. StoreUnavailable when the server cannot be reached."""
        if self._link is None:
            credentials, archives = self.env.get("NATS_CREDENTIALS"), self.env.get("NATS_ARCHIVES")
            self._link = open_link(
                self._needed("NATS_URL"),
                credentials=Path(credentials) if credentials else None,
                archives=Path(archives) if archives else None,
                timeout=self.timeout,
            )
        return self._link

    @property
    def timeout(self) -> float:
        """Seconds that one request may take."""
        return float(self.env.get("NATS_TIMEOUT", "5"))

    @property
    def _patience(self) -> float:
        return float(self.env.get("NATS_PATIENCE", "10"))

    def _naming(self, kind: Callable[[str, str | None], Naming], variable: str) -> Naming:
        return kind(self._needed("NATS_AUTHORITY"), self.env.get(variable) or None)

    def _needed(self, variable: str) -> str:
        value = self.env.get(variable)
        if not value:
            raise SettingsError(f"setting {variable}: is needed by the event store")
        return value

    def close(self) -> None:
        """Give the connection back. A second call changes nothing."""
        link, self._link = self._link, None
        if link is not None:
            close_link(link)
