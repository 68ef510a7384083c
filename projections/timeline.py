"""The timeline: every event of one audit, or of one child's audits and key, in the order in which it happened."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from operator import attrgetter
from typing import Any

import orjson
from sqlalchemy import BigInteger, ColumnElement, Date, Integer, String, Text, select

from events.audits import AuditAllocated
from events.base import Fact
from events.commands import CommandNamed
from events.errors import ContractError
from events.recorded import Recorded, Unread
from events.registers import EntryRecorded, EntryStepped
from events.registry import BY_NAME, decode, encode
from projections.cut import WHOLE, Cut, Part, cut_rows, one_by_one
from projections.dates import Instant, local_date
from projections.generations import reading
from projections.queries import ViewRow, about_audit, audit_of
from projections.sealed_fields import sealed_fields
from projections.storable import NUL, storable
from projections.store import Source
from projections.view import Change, Declared, Held, Row, Shape, Spec, Step, View, new

ENTERED = (EntryRecorded, EntryStepped)
"""The facts that say their day themselves."""

AUDITS = "timeline_audits"
ENTRIES = "timeline"
SHAPE = Shape(
    "timeline",
    (
        Spec(AUDITS, {"child": String(64)}, indexes=("child",), held=False),
        Spec(
            ENTRIES,
            {
                "version": Integer(),
                "position": BigInteger(),
                "occurred": Instant(),
                "recorded": Instant(),
                "day": Date(),
                "actor": Text(),
                "role": Text(),
                "stored_name": String(200),
                "policy_version": Text(),
                "event_id": Text(),
                "correlation": Text(),
                "causation": Text(),
                "imported": Text(),
                "unverified": Text(),
                "body": Text(),
            },
            key=("version",),
            indexes=("stored_name day", "position", "correlation", "day"),
            known_by=("stored_name", "position", "correlation", "day"),
            held=False,
        ),
    ),
)


OF_ENVELOPE = (
    *("occurred", "recorded", "actor", "role", "policy_version", "event_id"),
    *("correlation", "causation", "imported", "unverified"),
)
"""The columns of an entry that its envelope holds under the same names."""

_OF_ENVELOPE = attrgetter(*OF_ENVELOPE)
_DAY, _STORED_NAME, _BODY = (list(SHAPE.by_name[ENTRIES].blank).index(each) for each in ("day", "stored_name", "body"))


class TimelineEntry(ViewRow):
    """One event: when it happened and was recorded, by whom, and what it was in a plain sentence.

    `sealed` holds the sealed texts of the event by the names of their fields; no sentence carries any.
    `imported` names the import that brought the event in, "" for live work. `unverified` names the fields of the act
    that the directory did not bear out, such as `role`; "" where it did, or was not asked yet.
    """

    about: str
    audit: str | None
    version: int
    position: int
    occurred: datetime
    recorded: datetime
    actor: str
    role: str
    stored_name: str
    policy_version: str
    imported: str
    unverified: str
    sentence: str
    sealed: dict[str, str]


def audit_timeline(source: Source, authority: str, audit: str, cut: Cut = WHOLE) -> Part[TimelineEntry]:
    """Tell the story of one audit. Empty where there is no such audit."""
    return aggregate_timeline(source, authority, about_audit(audit), cut)


def aggregate_timeline(source: Source, authority: str, about: str, cut: Cut = WHOLE) -> Part[TimelineEntry]:
    """Tell the story of any aggregate, such as a round or a post. Empty where there is none."""
    return _told(source, authority, cut, about=about)


def child_timeline(source: Source, authority: str, child: str, cut: Cut = WHOLE) -> Part[TimelineEntry]:
    """Tell the story of all audits of one child's file, and of the child's key, one among the other. Or nothing.

    Whether a child was audited before, and when, is asked of it, and is never typed (TOR-40).
    """
    return _told(source, authority, cut, child=child)


def _told(
    source: Source, authority: str, cut: Cut, *, about: str | None = None, child: str | None = None
) -> Part[TimelineEntry]:
    wanted: ColumnElement[bool]
    with reading(SHAPE, source) as (db, tables):
        entries, audits = tables[ENTRIES], tables[AUDITS]
        wanted = entries.c.about == about
        if about is None:
            of_child = select(audits.c.about).where(audits.c.authority == authority, audits.c.child == child)
            wanted = entries.c.about.in_(of_child) | (entries.c.about == f"child/{child}")
        query = select(entries).where(entries.c.authority == authority, wanted)
        return cut_rows(db, query, (entries.c.occurred, entries.c.position), cut, one_by_one(entry_of))


def entry_of(row: Row) -> TimelineEntry:
    """The entry of a row of the table."""
    # The words are made when asked for: better words need no rebuild.
    fact = decode(row["stored_name"], row["body"].encode())
    words = {"sentence": fact.sentence(), "sealed": sealed_fields(fact)}
    return TimelineEntry.of(row, audit=audit_of(row["about"]), **words)


def rows_again(entries: Sequence[Row]) -> dict[str, list[Row]]:
    """The rows, by table, that the events behind these rows of the timeline leave: each stands for one event."""
    begun = [row for row in entries if row["stored_name"] == AuditAllocated.stored_name]
    audits = [
        {"authority": row["authority"], "about": row["about"], "child": orjson.loads(row["body"])["child"]}
        for row in begun
    ]
    return {name: rows for name, rows in ((ENTRIES, list(entries)), (AUDITS, audits)) if rows}


def unread_columns(events: Sequence[Unread]) -> dict[str, list[Any]]:
    """The entries of these events, column by column, before anybody has read their bodies.

    What the fact alone says (see `said_by`) stands in them as it came. ContractError for a body that is no text.
    """
    told = [each.envelope for each in events]
    of_envelope = list(map(list, zip(*map(_OF_ENVELOPE, told), strict=True))) or [[] for _ in OF_ENVELOPE]
    columns: dict[str, list[Any]] = {
        "authority": [each.authority for each in told],
        "about": [each.originator_id for each in events],
        "version": [each.originator_version for each in events],
        "position": [each.position for each in events],
        **dict(zip(OF_ENVELOPE, of_envelope, strict=True)),
        "day": [local_date(each.occurred) for each in told],
        "stored_name": [each.stored_name for each in events],
        "body": [_text(each) for each in events],
    }
    for name in SHAPE.by_name[ENTRIES].texts:
        if NUL in "".join(columns[name]):
            columns[name] = [storable(each) for each in columns[name]]
    return columns


def _text(event: Unread) -> str:
    if b"\x00" not in event.body:
        with suppress(UnicodeDecodeError):
            return event.body.decode()
    decode(event.stored_name, event.body)
    raise ContractError(event.stored_name, "the body does not fit: body")


def said_by(fact: Fact, occurred: datetime) -> Row:
    """The columns of an entry that its fact says, in the newest form of its contract.

    Every kind of fact is kept alike, as its body, with the day that it is about: what is entered says it itself.
    """
    return {
        "stored_name": fact.stored_name,
        "day": fact.on if isinstance(fact, ENTERED) else local_date(occurred),
        "body": encode(fact).decode(),
    }


def is_said(fact: Fact, row: Sequence[Any]) -> bool:
    """Whether an entry, with its columns in their order and its day as the database keeps it, is as its fact says."""
    own_day = isinstance(fact, ENTERED) and fact.on.isoformat() != str(row[_DAY])
    return encode(fact).decode() == row[_BODY] and not own_day and fact.stored_name == row[_STORED_NAME]


def audits_of(events: Sequence[Recorded]) -> list[Row]:
    """The rows of the audits that these events began, as the view's own fold gives them."""
    begun = ((event, event.fact) for event in events if isinstance(event.fact, AuditAllocated))
    spec = SHAPE.by_name[AUDITS]
    return [
        {"authority": event.envelope.authority, "about": event.originator_id, **spec.storable(_of_child(fact))}
        for event, fact in begun
    ]


def _columns(event: Recorded) -> Row:
    envelope = event.envelope
    return {
        "version": event.originator_version,
        "position": event.position,
        **{name: getattr(envelope, name) for name in OF_ENVELOPE},
        **said_by(event.fact, envelope.occurred),
    }


def _of_child(fact: AuditAllocated) -> Row:
    return {"child": fact.child}


def _entry(_: object, event: Recorded, __: Held) -> list[Change]:
    return [new(ENTRIES, **_columns(event))]


def _allocated(fact: AuditAllocated, event: Recorded, held: Held) -> list[Change]:
    return [new(AUDITS, **_of_child(fact)), *_entry(fact, event, held)]


def timeline_view() -> View:
    """Make the view of the timeline. It takes every kind of fact, but for those that only keep an id from others."""
    steps: dict[type, Step] = dict.fromkeys((each for each in BY_NAME.values() if each is not CommandNamed), _entry)
    return View(SHAPE, {**steps, AuditAllocated: _allocated})


VIEW = Declared(SHAPE, timeline_view)
