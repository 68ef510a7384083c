"""Names of streams, subjects, buckets and consumers. No subject ever carries a name or a case number.

One stream per authority, one literal subject per aggregate: `sightline.<authority>.<kind>.<reference>`.
Timers live in a stream of their own, because a stream with message schedules cannot forbid purging. What others may
rely on is published on a third one, `sightline.v<major>.<authority>.<type>` (see `events.published`).
"""

import re
from datetime import timedelta

_SNAPSHOTS, _TIMERS, _PUBLISHED = "_SNAPSHOTS", "_TIMERS", "_PUBLISHED"
BESIDE = (_SNAPSHOTS, _TIMERS, _PUBLISHED)
"""How the names of the streams end that stand beside an authority's events."""

_AUTHORITY = re.compile(r"[a-z][a-z0-9-]{0,31}")
_MAJOR = re.compile(r"v[0-9]+")

MAJORS = range(1, 10)
"""The major versions of published types that a stream takes: all of them from the first day, so that a second version
of a type changes no stream."""

PUBLISHED_AGE = timedelta(days=90)
"""How long a published message is kept. What happened longer ago is read from the views."""


def check_authority(authority: str) -> str:
    """The authority, if it can stand in a subject and no stream of it is another's; ValueError otherwise."""
    if not _AUTHORITY.fullmatch(authority):
        raise ValueError(f"authority {authority!r}: lower-case letters, digits and hyphens, at most 32")
    for ending in BESIDE:
        if authority.upper().replace("-", "_").endswith(ending):
            word = ending.strip("_").lower()
            raise ValueError(f"authority {authority!r}: must not end in -{word}: another's {word} have that name")
    if _MAJOR.fullmatch(authority):
        raise ValueError(f"authority {authority!r}: must not be v and a number: published messages stand under that")
    return authority


def stream_name(authority: str) -> str:
    """The stream that holds every event of one authority."""
    return f"SIGHTLINE_{authority.upper().replace('-', '_')}"


def authority_of(stream: str) -> str:
    """The authority whose events the stream of that name holds."""
    return stream.removeprefix("SIGHTLINE_").lower().replace("_", "-")


OF_HISTORIES = "sightline.*.import.*"
"""Any subject of which each history takes its own, and no other stream any: a question for these streams alone."""


def all_subjects(authority: str) -> str:
    """The subjects of that stream."""
    return f"sightline.{authority}.>"


def aggregate_subject(authority: str, aggregate: str) -> str:
    """The one literal subject of an aggregate such as `audit/A-17`."""
    return f"sightline.{authority}.{aggregate.replace('/', '.', 1)}"


def aggregate_of(subject: str) -> str:
    """The aggregate whose subject this is."""
    _, _, kind, reference = subject.split(".", 3)
    return f"{kind}/{reference}"


def snapshot_stream(authority: str) -> str:
    """Snapshots: disposable, they change nothing but the time that a load takes."""
    return f"{stream_name(authority)}{_SNAPSHOTS}"


def snapshot_subject(authority: str, aggregate: str) -> str:
    """The subject of an aggregate's snapshots."""
    return f"snapshots.{authority}.{aggregate.replace('/', '.', 1)}"


def timer_stream(authority: str) -> str:
    """Armed and fired timers of one authority."""
    return f"{stream_name(authority)}{_TIMERS}"


def timer_subject(authority: str, aggregate: str, step: str) -> str:
    """Where one step's schedule stands; publishing there again replaces it. `step` is a token without dots."""
    return f"timers.{authority}.armed.{aggregate.replace('/', '.', 1)}.{step}"


def armed_subjects(authority: str) -> str:
    """Where the schedules of all steps stand."""
    return f"timers.{authority}.armed.>"


def timer_aggregate(subject: str) -> str:
    """The aggregate of whose step this is the schedule's subject."""
    kind, _, rest = subject.split(".", 3)[3].partition(".")
    return f"{kind}/{rest.rpartition('.')[0]}"


def fired_subject(authority: str, aggregate: str) -> str:
    """Where a timer arrives when its time has come."""
    return f"timers.{authority}.fired.{aggregate.replace('/', '.', 1)}"


def published_stream(authority: str) -> str:
    """What is published for other services of one authority."""
    return f"{stream_name(authority)}{_PUBLISHED}"


def published_subjects(authority: str) -> list[str]:
    """The subjects of that stream, one for each major version."""
    return [f"sightline.v{major}.{authority}.>" for major in MAJORS]


def published_subject(authority: str, name: str, major: int, *, reconstructed: bool = False) -> str:
    """Where messages of one published type stand; those about what is no news stand apart."""
    apart = "reconstructed." if reconstructed else ""
    return f"sightline.v{major}.{authority}.{apart}{name}"


def key_bucket(authority: str) -> str:
    """The bucket of the children's wrapped keys."""
    return f"SIGHTLINE_KEYS_{authority.upper().replace('-', '_')}"
