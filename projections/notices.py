"""Notices: everything that was sent or came too late to be, one by one and as the digests in which people get it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal, TypedDict, Unpack

from sqlalchemy import JSON, Boolean, Integer, String, Text

from events.audits import AuditAllocated
from events.base import Fact
from events.disputes import DisputeRaised
from events.escalations import EscalationRaised, NoticeLapsed, NoticeSent, Recipient
from events.programme import TaskRecorded
from events.recorded import Recorded
from events.registers import EntryRecorded, EntryStepped
from events.rounds import RoundPlanned, RoundScheduled
from events.sampling import FileModerated, ReturnCounted
from projections.cut import WHOLE, Cut, Part, cut_rows, one_by_one
from projections.dates import Instant, local_date
from projections.generations import reading
from projections.queries import ViewRow, audit_of, matching
from projections.store import Source
from projections.view import Change, Declared, Held, Row, Shape, Spec, Step, View, new

NOTICES = "notices"
TEAMS = "notice_teams"
SHARED = ("duty", "month")
"""Kinds of record on which many teams lie together: only the event behind a notice says whose it is."""

SHAPE = Shape(
    "notices",
    (
        Spec(TEAMS, {"event": String(200), "version": Integer(), "team": Text()}, key=("event",)),
        Spec(
            NOTICES,
            {
                "version": Integer(),
                "obligation": String(200),
                "step": String(200),
                "key": Text(),
                "due": Instant(),
                "sent_at": Instant(),
                "kind": String(20),
                "title": String(200),
                "team": Text(),
                "recipients": JSON(),
                "late": Boolean(),
                "reconstructed": Boolean(),
            },
            key=("version",),
            indexes=("sent_at",),
            held=False,
        ),
    ),
)

Kind = Literal["reminder", "notice", "correction", "escalation", "too late"]


class Notice(ViewRow):
    """One message that went out or, of the kind `too late`, could not: its day had passed before it had a cause.

    `due_on` is the day in England on which it was due, `due` the instant.

    `about` is what it concerns; `audit` is None where that is not an audit. `team` is its team or, where it has none,
    its service, its units, or what else an entry or a task was recorded about; None where nobody said. `late` and
    `reconstructed` are as in the event: what was reconstructed from imported history was not sent by Sightline.
    """

    about: str
    audit: str | None
    due_on: date
    due: datetime
    sent_at: datetime
    kind: Kind
    title: str
    team: str | None
    obligation: str
    step: str
    key: str
    recipients: tuple[Recipient, ...]
    late: bool
    reconstructed: bool


class Digest(ViewRow):
    """What one recipient is told on one day in England about one type of notice (obligation, step and kind).

    `recipient` is the person in the post, or the post itself where it is a group (`role` or `role@unit`).
    """

    recipient: str
    on: date
    kind: Kind
    obligation: str
    step: str
    notices: tuple[Notice, ...]


class NoticeFilter(TypedDict, total=False):
    """Equality filters of the notices; None applies none."""

    audit: str | None
    about: str | None
    kind: Kind | None
    obligation: str | None
    step: str | None
    late: bool | None


def notices(source: Source, authority: str, *, cut: Cut = WHOLE, **filters: Unpack[NoticeFilter]) -> Part[Notice]:
    """List what an authority was sent, in the order of sending."""
    with reading(SHAPE, source) as (db, tables):
        table = tables[NOTICES]
        order = (table.c.sent_at, table.c.due, table.c.about, table.c.version)
        return cut_rows(db, matching(table, authority, filters), order, cut, one_by_one(_shown))


def digests(
    source: Source,
    authority: str,
    *,
    on: date | None = None,
    recipient: str | None = None,
    **filters: Unpack[NoticeFilter],
) -> list[Digest]:
    """Gather what was sent: one digest per recipient, day of sending in England and type of notice.

    A recipient who was told of one record in two posts finds it once. What was reconstructed from imported
    history was sent to nobody, so it is in no digest.
    """
    gathered: dict[tuple[str, date, Kind, str, str], list[Notice]] = {}
    for notice in notices(source, authority, **filters):
        if notice.reconstructed:
            continue
        sent_on = local_date(notice.sent_at)
        for name in dict.fromkeys(_names(notice.recipients)):
            if on in (None, sent_on) and recipient in (None, name):
                place = (name, sent_on, notice.kind, notice.obligation, notice.step)
                gathered.setdefault(place, []).append(notice)
    return [
        Digest(recipient=name, on=sent_on, kind=kind, obligation=obligation, step=step, notices=tuple(each))
        for (name, sent_on, kind, obligation, step), each in sorted(
            gathered.items(), key=lambda item: (item[0][1], item[0])
        )
    ]


def _names(recipients: Iterable[Recipient]) -> Iterable[str]:
    for each in recipients:
        post = each.role if each.unit is None else f"{each.role}@{each.unit}"
        yield each.holder or post


def _shown(row: Row) -> Notice:
    return Notice.of(row, audit=audit_of(row["about"]), due_on=local_date(row["due"]))


TEAMED: tuple[type[Fact], ...] = (
    AuditAllocated,
    DisputeRaised,
    TaskRecorded,
    EntryRecorded,
    EntryStepped,
    FileModerated,
    ReturnCounted,
    RoundPlanned,
    RoundScheduled,
)
"""The facts that say whom their record is about."""


def _team(fact: Fact) -> str | None:
    match fact:
        case AuditAllocated(team=team) | DisputeRaised(team=team):
            return team
        case EntryRecorded() | EntryStepped():
            return fact.team or fact.service or fact.subject
        case TaskRecorded(about=about):
            return about
        case ReturnCounted(service=service) | FileModerated(service=service):
            return service
        case RoundPlanned(units=units) | RoundScheduled(services=units):
            return ", ".join(units) or None
    return None


def _teamed(fact: Fact, event: Recorded, _: Held) -> list[Change]:
    """Keep the team that the fact names; one that names none leaves the record with what it had."""
    team = _team(fact)
    place = {"event": event.envelope.event_id, "version": event.originator_version}
    return [] if team is None else [new(TEAMS, **place, team=team)]


def _team_behind(fact: NoticeSent | EscalationRaised | NoticeLapsed, event: Recorded, held: Held) -> str | None:
    """The team of the event that began the clock, else the one that its record had last, if it can have but one.

    Earlier editions named that event in the envelope alone.
    """
    teams = held[TEAMS]
    behind = teams.get((fact.trigger or event.envelope.causation,))
    if behind is None and teams and event.originator_id.partition("/")[0] not in SHARED:
        behind = max(teams.values(), key=lambda row: int(row["version"]))
    return None if behind is None else str(behind["team"])


def _sent(fact: NoticeSent | EscalationRaised, event: Recorded, held: Held) -> list[Change]:
    columns = fact.model_dump(mode="json", exclude={"due", "level", "trigger", "number"})
    columns.setdefault("kind", "escalation")
    columns["team"] = _team_behind(fact, event, held)
    place = {"version": event.originator_version, "sent_at": event.envelope.occurred}
    return [new(NOTICES, **columns, due=fact.due, **place)]


def _lapsed(fact: NoticeLapsed, event: Recorded, held: Held) -> list[Change]:
    if fact.reason != "too_late":
        return []
    columns = fact.model_dump(mode="json", exclude={"due", "reason", "trigger", "number"})
    columns["team"] = _team_behind(fact, event, held)
    place = {"version": event.originator_version, "sent_at": event.envelope.occurred}
    columns["title"] = fact.title or fact.step
    silent = {"kind": "too late", "recipients": [], "late": False, "reconstructed": False}
    return [new(NOTICES, **columns, **silent, due=fact.due, **place)]


def notices_view() -> View:
    """Make the view of what was sent."""
    steps: dict[type[Fact], Step] = {NoticeSent: _sent, EscalationRaised: _sent, NoticeLapsed: _lapsed}
    steps.update((each, _teamed) for each in TEAMED)
    return View(SHAPE, steps)


VIEW = Declared(SHAPE, notices_view)
