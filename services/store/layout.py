"""How each stream and bucket of an authority must be: what is made so is compared with it at every start."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from events import subjects

SNAPSHOTS_KEPT = 5
SECOND = 1_000_000_000
"""The server's durations are nanoseconds."""

DUPLICATE_WINDOW = 120 * SECOND
"""Long enough for a retry after a lost answer. What comes later is caught by the expected sequence, not by this."""

Config = Mapping[str, Any]

COMMON: Config = {
    "retention": "limits",
    "max_consumers": -1,
    "max_msgs": -1,
    "max_bytes": -1,
    "max_age": 0,
    "max_msgs_per_subject": -1,
    "max_msg_size": -1,
    "storage": "file",
    "duplicate_window": DUPLICATE_WINDOW,
    "compression": "none",
    "no_ack": False,
    "sealed": False,
    "discard_new_per_subject": False,
    "deny_delete": False,
    "deny_purge": False,
    "allow_rollup_hdrs": False,
    "allow_direct": True,
    "allow_atomic": False,
    "allow_msg_ttl": False,
    "allow_msg_schedules": False,
    "allow_msg_counter": False,
    "persist_mode": None,
    "mirror": None,
    "sources": None,
    "republish": None,
    "subject_transform": None,
}
"""Every setting that could lose, hide, delay or change a message. A live stream is compared on all of them."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How many copies to keep, and how large the event stream may grow (-1: as large as the disk allows).

    The latter may change from one start to the next (see `services.store.provisioner`).

    A `rehearsal` runs by a moved clock: its streams are marked when they are made, and no others may be used so.
    """

    replicas: int = 1
    max_bytes: int = -1
    rehearsal: bool = False

    def streams(self, authority: str) -> list[Config]:
        """The configurations of the authority's streams and of its key bucket."""
        subjects.check_authority(authority)
        return [
            self.events(authority),
            self.snapshots(authority),
            self.timers(authority),
            self.published(authority),
            self.keys(authority),
        ]

    def events(self, authority: str) -> Config:
        """History: full means refused, never trimmed; nothing can be deleted, purged or aged out."""
        return self._config(
            subjects.stream_name(authority),
            subjects.all_subjects(authority),
            discard="new",
            deny_delete=True,
            deny_purge=True,
            allow_atomic=True,
            max_bytes=self.max_bytes,
        )

    def snapshots(self, authority: str) -> Config:
        """Disposable: the newest few of each aggregate, and the whole stream may be purged."""
        return self._config(
            subjects.snapshot_stream(authority),
            f"snapshots.{authority}.>",
            discard="old",
            allow_atomic=True,
            max_msgs_per_subject=SNAPSHOTS_KEPT,
        )

    def timers(self, authority: str) -> Config:
        """Armed and fired timers.

        The server refuses `discard: new` and `deny_purge` together with schedules, and sets roll-ups by
        itself. No age and no limit per subject: an age would remove armed timers before their time, a limit
        all but the last of several timers that fired on the subject of one aggregate. A fired timer ages by
        the TTL it was armed with.
        """
        return self._config(
            subjects.timer_stream(authority),
            f"timers.{authority}.>",
            discard="old",
            allow_msg_schedules=True,
            allow_msg_ttl=True,
            allow_rollup_hdrs=True,
        )

    def published(self, authority: str) -> Config:
        """What other services may rely on: kept for `PUBLISHED_AGE`, and nothing of it can be edited before."""
        return self._config(
            subjects.published_stream(authority),
            *subjects.published_subjects(authority),
            discard="old",
            deny_delete=True,
            deny_purge=True,
            allow_atomic=True,
            max_age=int(subjects.PUBLISHED_AGE.total_seconds()) * SECOND,
        )

    def keys(self, authority: str) -> Config:
        """The children's wrapped keys: no age, and each entry written once and never over, whoever asks.

        Reading goes to the leader (no direct get), since a key that was erased must not be read from a copy that lags.
        Deleting a message is allowed, unlike in the client's own buckets: only that overwrites the bytes on the disk.
        """
        bucket = subjects.key_bucket(authority)
        return self._config(
            f"KV_{bucket}",
            f"$KV.{bucket}.>",
            discard="new",
            max_msgs_per_subject=1,
            discard_new_per_subject=True,
            deny_purge=True,
            allow_atomic=True,
            allow_direct=False,
        )

    def _config(self, name: str, *subject: str, **settings: Any) -> Config:
        return {**COMMON, "name": name, "subjects": list(subject), "num_replicas": self.replicas, **settings}
