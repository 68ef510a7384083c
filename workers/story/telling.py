"""Telling what happened to one audit, action or child, from the events themselves: no sentence is made up here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from events.errors import NotFound, Refused
from events.escalations import EscalationRaised, NoticeSent, Recipient, Step
from events.recorded import Recorded
from projections.action_tracker import ActionRow, actions
from projections.deliveries import DeliveryRow
from projections.entries import entries
from projections.escalation_queue import escalations
from projections.happened import audits_of, events_beside
from projections.sealed_fields import sealed_fields
from services.clock import day_in_words, instant_in_words
from workers.asking.words import people, record
from workers.story.books import Books

BECAME = {
    "in hand": "being sent",
    "tried again": "not delivered yet, tried again",
    "delivered": "delivered",
    "given up": "given up",
    "came back": "came back",
    "not sent": "not sent",
}
"""What became of a message, in words."""

FROM_HISTORY = "nobody: worked out from imported history"


@dataclass(frozen=True, slots=True)
class Beat:
    """One thing that happened, by its number in the story.

    `because` is the number of what it followed from, where that is in the story; `elsewhere` is what the same act wrote
    on other records; `told` is each person who was told, with what became of the message. `texts` are closed to whoever
    does not need to know them. `doubt` names what of the act the directory did not bear out.
    """

    number: int
    about: str
    occurred: datetime
    recorded: datetime
    actor: str
    role: str
    sentence: str
    texts: Mapping[str, str]
    because: int | None
    elsewhere: tuple[str, ...]
    told: tuple[str, ...]
    imported: str
    doubt: str
    position: int


@dataclass(frozen=True, slots=True)
class Loose:
    """One thing that was to be done about it: what, by whom, by when, and how it stands."""

    about: str
    what: str
    owner: str
    due: date | None
    state: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Story:
    """The story of one audit, action or child, in the order in which things happened, and how its loop stands."""

    title: str
    about: tuple[str, ...]
    beats: tuple[Beat, ...]
    loop: tuple[Loose, ...]
    ending: str


def story_of_record(books: Books, about: str) -> Story:
    """The story of an audit or of any other record that holds events. NotFound where there is none."""
    history = books.events([about])
    if not history:
        kind, _, ref = books.catalogue.called(about).partition("/")
        raise NotFound(kind, ref)
    return story_of_history(books, history)


def story_of_history(books: Books, history: Sequence[Recorded], texts: Mapping[str, str] | None = None) -> Story:
    """The same of a record whose events are at hand, with their texts if those are open already."""
    return _told(books, record(history[0].originator_id), history, _loop(books, history), texts)


def story_of_action(books: Books, action: str, audit: str | None = None) -> Story:
    """The story of one action: its own events, and the notices and escalations about it.

    NotFound where there is none. Refused where several records have an action of that reference and none is named.
    """
    rows = [row for row in actions(books.source, books.authority, action=action) if audit in (None, row.audit)]
    if not rows:
        raise NotFound("action", action)
    if len(rows) > 1:
        named = ", ".join(row.audit for row in rows)
        raise Refused("action", f"{action} is an action of several records ({named}); name one with --audit")
    about = _record_of(rows[0])
    history = books.events([about])
    own = [each for each in history if action in (getattr(each.fact, "action", None), getattr(each.fact, "key", None))]
    loop = [each for each in _loop(books, history) if each.about == f"{about} {action}"]
    return _told(books, f"action {action} of {record(about)}", own, loop)


def story_of_child(books: Books, child: str) -> Story:
    """The story of one child: every audit of the file, every entry about the child, and what became of the key.

    NotFound for a child of whom there is nothing.
    """
    abouts = audits_of(books.source, books.authority, child)
    abouts += [f"entry/{each.entry}" for each in entries(books.source, books.authority, child=child)]
    history = books.events([*abouts, f"child/{child}"])
    if not history:
        raise NotFound("audit or entry of child", child)
    loop = [
        loose for _, held in groupby(history, key=lambda each: each.originator_id) for loose in _loop(books, list(held))
    ]
    return _told(books, f"child {child}", history, loop)


def _told(
    books: Books,
    title: str,
    history: Iterable[Recorded],
    loop: Sequence[Loose],
    texts: Mapping[str, str] | None = None,
) -> Story:
    ordered = sorted(history, key=lambda each: (each.envelope.occurred, each.position or 0))
    numbers = {each.envelope.event_id: number for number, each in enumerate(ordered, start=1)}
    texts, beside = books.texts_of(ordered) if texts is None else texts, _beside(books, ordered)
    beats = []
    for number, each in enumerate(ordered, start=1):
        envelope = each.envelope
        trigger = each.fact.trigger if isinstance(each.fact, Step) else ""
        beat = Beat(
            number=number,
            about=each.originator_id,
            occurred=envelope.occurred,
            recorded=envelope.recorded,
            actor=envelope.actor,
            role=books.role(envelope.role),
            sentence=books.sentence(each),
            texts={name: texts[sealed] for name, sealed in sealed_fields(each.fact).items()},
            because=numbers.get(trigger or envelope.causation),
            elsewhere=tuple(beside.get(envelope.event_id, ())),
            told=tuple(_messages(books, each)),
            imported=envelope.imported,
            doubt=envelope.unverified.replace("_", " ").replace(",", ", "),
            position=each.position or 0,
        )
        beats.append(beat)
    abouts = tuple(dict.fromkeys(each.originator_id for each in ordered))
    return Story(title, abouts, tuple(beats), tuple(loop), _ending(loop))


def _beside(books: Books, ordered: Sequence[Recorded]) -> dict[str, list[str]]:
    """What the acts wrote on other records, under the last event of the story that each act wrote."""
    own = {each.originator_id for each in ordered}
    last = {each.envelope.command_id: each.envelope.event_id for each in ordered}
    shared = {each.envelope.correlation for each in ordered if each.envelope.correlation}
    found: dict[str, list[str]] = {}
    for each in events_beside(books.source, books.authority, shared):
        if each.originator_id not in own and (event := last.get(each.envelope.command_id)):
            found.setdefault(event, []).append(
                f"{record(books.catalogue.called(each.originator_id))}: {books.sentence(each)}"
            )
    return found


def _messages(books: Books, event: Recorded) -> Iterable[str]:
    """Whom a notice or an escalation told, and what became of each message."""
    if not isinstance(event.fact, NoticeSent | EscalationRaised):
        return
    if event.fact.reconstructed:
        yield FROM_HISTORY
        return
    sent = books.messages.get(event.envelope.event_id, ())
    for row in sent:
        yield f"{_post(books, row)}: {_became(row)}"
    if not sent:
        yield from (f"{people([each], books.titles)}: no message yet" for each in event.fact.recipients)


def _post(books: Books, row: DeliveryRow) -> str:
    held = Recipient(asked=row.role, role=row.role, unit=row.unit, holder=row.recipient)
    return people([held], books.titles)


def _became(row: DeliveryRow) -> str:
    why = f" ({row.reason.replace('_', ' ')})" if row.reason else ""
    return f"{BECAME[row.state]}{why}, {instant_in_words(row.last_at)}"


def _record_of(row: ActionRow) -> str:
    return f"{'entry' if row.kind else 'audit'}/{row.audit}"


def _loop(books: Books, history: Sequence[Recorded]) -> list[Loose]:
    """What was to be done about a record: what it owed, its actions, and its escalations."""
    about = history[0].originator_id
    loop = [
        Loose(
            about=f"{about} {each.key}".strip(),
            what=each.title,
            owner=people(each.owners, books.titles),
            due=each.due,
            state=each.state if each.met is None else f"{each.state}, {day_in_words(each.met)}",
            is_open=each.state in {"open", "overdue", "stands still"},
        )
        for each in books.owed(history)
    ]
    loop += [
        Loose(
            about=f"{about} {row.action}",
            what=f"Action {row.action} ({row.level})",
            owner=" and ".join(books.titles.get(each, each) for each in (row.owner, *row.jointly)),
            due=row.due,
            state=_of_action(row),
            is_open=row.state == "open",
        )
        for row in actions(books.source, books.authority, as_of=books.today, about=about)
    ]
    loop += [
        Loose(
            about=f"{about} {row.key}".strip(),
            what=f"Escalation: {row.title}",
            owner=people(row.recipients, books.titles),
            due=None,
            state="open" if row.resolved_at is None else f"resolved, {day_in_words(row.resolved_at)}",
            is_open=row.resolved_at is None,
        )
        for row in escalations(books.source, books.authority, about=about)
    ]
    return loop


def _of_action(row: ActionRow) -> str:
    match row.state:
        case "open":
            return "stands still" if row.stands_since else "overdue" if row.overdue_since else "open"
        case "withdrawn":
            return "withdrawn"
    done = "not said to be done"
    if row.completed_on is not None:
        done = f"done {day_in_words(row.completed_on)}{' (late)' if row.late else ''}"
    return f"{done}; confirmed {day_in_words(row.confirmed_on)}" if row.confirmed_on else f"{done}; not yet confirmed"


def _ending(loop: Sequence[Loose]) -> str:
    still = sum(each.is_open for each in loop)
    if not loop:
        return "Nothing was to be done about it."
    if not still:
        return "The loop is closed: nothing of it is still open."
    return f"{still} {'thing is' if still == 1 else 'things are'} still open."
