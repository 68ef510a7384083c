"""Where an aggregate stands: its literal subject in one stream of one authority, and the way back."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from events import subjects
from services.store.errors import WriteRefused

UUID_KIND = "aggregate"
"""Ids that are UUIDs (not `<kind>/<reference>`) stand under this kind."""

_AGGREGATE = re.compile(r"[a-z][a-z0-9-]{0,31}/[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True)
class Naming:
    """The stream and its subjects. `unbroken` says that versions of an aggregate must follow each other."""

    authority: str
    stream: str
    subject: Callable[[str, str], str]
    unbroken: bool = True

    def subject_of(self, originator_id: UUID | str) -> str:
        """The literal subject of an aggregate. WriteRefused when the id could not stand in a subject."""
        return self.subject(self.authority, aggregate_name(originator_id))


def event_naming(authority: str, stream: str | None = None) -> Naming:
    """The names of the authority's events. ValueError when the authority cannot stand in a subject."""
    subjects.check_authority(authority)
    return Naming(authority, stream or subjects.stream_name(authority), subjects.aggregate_subject)


def snapshot_naming(authority: str, stream: str | None = None) -> Naming:
    """The names of the authority's snapshots, whose versions have gaps by nature."""
    subjects.check_authority(authority)
    name = stream or subjects.snapshot_stream(authority)
    return Naming(authority, name, subjects.snapshot_subject, unbroken=False)


@lru_cache(maxsize=65_536)
def aggregate_name(originator_id: UUID | str) -> str:
    """`<kind>/<reference>` of an id. WriteRefused for anything that could be a wildcard or another subject."""
    if isinstance(originator_id, UUID):
        return f"{UUID_KIND}/{originator_id.hex}"
    if not _AGGREGATE.fullmatch(originator_id) or originator_id.startswith(f"{UUID_KIND}/"):
        raise WriteRefused("originator_id", "must be <kind>/<reference> of letters, digits, hyphens, underscores")
    return originator_id


@lru_cache(maxsize=65_536)
def originator_of(subject: str) -> UUID | str:
    """The id whose subject this is."""
    name = subjects.aggregate_of(subject)
    kind, _, reference = name.partition("/")
    return UUID(reference) if kind == UUID_KIND else name
