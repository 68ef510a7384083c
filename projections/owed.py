"""What is owed now: one row for each obligation that has a last day and is neither met nor fallen away.

What a record owes is worked out from its newest history by rules that this room does not know; they are handed in as
`WorkOut`. A record's rows are written as a whole, so that the table holds what is open and never grows with history.
"""

from datetime import date, datetime

from sqlalchemy import JSON, Date, Integer, String, Text

from projections.dates import Instant, local_date, overdue_since
from projections.generations import reading
from projections.queries import ViewRow, audit_of, matching
from projections.store import Source
from projections.view import Beside, Declared, Row, Shape, Spec, View, WorkOut

RECORDS = "owed_records"
OPEN = "owed_open"


def overdue_by(due: date, as_of: date | None, since: datetime | None = None) -> Row:
    """Since which day it is overdue, and for how many days; None for both where it is not, or no day is given.

    With the instant `since` which it is, what was due at an hour is overdue from that day on.
    """
    hour = since if since is not None and local_date(since) == due else None
    day = overdue_since(due, as_of=as_of, at=hour)
    return {"overdue_since": day, "overdue_days": None if day is None or as_of is None else (as_of - due).days}


SHAPE = Shape(
    "owed",
    (
        Spec(RECORDS, {"version": Integer(), "fault": Text()}),
        Spec(
            OPEN,
            {
                "obligation": String(64),
                "item": String(200),
                "trigger": String(200),
                "title": Text(),
                "due": Date(),
                "since": Instant(),
                "stands_since": Instant(),
                "stands_because": Text(),
                "policy_version": Text(),
                "people": JSON(),
                "steps": JSON(),
            },
            key=("obligation", "item", "trigger"),
            indexes=("due",),
            held=False,
        ),
    ),
    beside=Beside(
        {"overdue_since": Date(), "overdue_days": Integer()},
        lambda row, as_of: overdue_by(row["due"], None if row["since"] is None else as_of, row["since"]),
    ),
)


class OpenRow(ViewRow):
    """One obligation that stands open. `since` is when it becomes overdue: midnight after `due` in England, or an hour.

    It is None while its clock stands still (`stands_since`, `stands_because`); `due` is then the day that it had.

    `people` are those whom its record names, `steps` the steps of its ladder (`due`, `kind`, `title`), in order;
    `policy_version` is the version that its clock began under, `trigger` the event that fixed it.
    """

    about: str
    audit: str | None
    obligation: str
    item: str
    trigger: str
    title: str
    due: date
    since: datetime | None
    stands_since: datetime | None
    stands_because: str | None
    policy_version: str
    people: dict[str, object]
    steps: list[dict[str, str]]


class Faulty(ViewRow):
    """A record that could not be worked out, and why: what it owes is not known."""

    about: str
    fault: str


def owed_now(source: Source, authority: str, *, overdue_at: datetime | None = None) -> list[OpenRow]:
    """List what is open, the longest overdue first; with `overdue_at`, what was overdue then. Reads nothing else."""
    with reading(SHAPE, source) as (db, tables):
        table = tables[OPEN]
        query = matching(table, authority, {}).order_by(table.c.due, table.c.about, table.c.obligation, table.c.item)
        if overdue_at is not None:
            query = query.where(table.c.since <= overdue_at)
        return [_shown(row._asdict()) for row in db.execute(query)]


def versions(source: Source, authority: str) -> dict[str, int]:
    """The version of each record of which it is known what it owes: it rises with every change."""
    with reading(SHAPE, source) as (db, tables):
        query = matching(tables[RECORDS], authority, {})
        return {row["about"]: row["version"] for row in (each._asdict() for each in db.execute(query))}


def faulty(source: Source, authority: str) -> list[Faulty]:
    """List the records that could not be worked out."""
    with reading(SHAPE, source) as (db, tables):
        table = tables[RECORDS]
        query = matching(table, authority, {}).where(table.c.fault.is_not(None)).order_by(table.c.about)
        return [Faulty.of(row._asdict()) for row in db.execute(query)]


def _shown(row: Row) -> OpenRow:
    return OpenRow.of(row, audit=audit_of(row["about"]))


def owed_view(work_out: WorkOut) -> View:
    """Make the view, whose rows are worked out by `work_out`."""
    return View(SHAPE, {}, work_out=work_out)


VIEW = Declared(SHAPE, owed_view, by_rules=True)
