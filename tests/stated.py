"""A fact as a test states it, and whether what was recorded is what it states."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from pydantic import BaseModel

from events.recorded import Recorded
from events.registry import EVENTS
from services.clock import LONDON
from tests.desks import ReadableKeys


def at(text: str | datetime) -> datetime:
    """An instant, by the clocks of England if it names no zone; of a day alone, nine, when an act of it counts."""
    if isinstance(text, datetime):
        return text
    found = datetime.fromisoformat(text if len(text) > len("2026-01-05") else f"{text} 09:00")
    return found if found.tzinfo else found.replace(tzinfo=LONDON)


class Stated(NamedTuple):
    """A fact as a test states it: its event, the record that holds it if that is asked, and the fields that are."""

    name: str
    record: str | None
    fields: Mapping[str, Any]
    occurred: str = ""

    def at(self, occurred: str) -> "Stated":
        """The same fact, which happened at this instant."""
        return self._replace(occurred=occurred)

    def of(self, record: str) -> "Stated":
        """The same fact, in this record."""
        return self._replace(record=record)


def fact(name: str, record: str | None = None, /, **fields: Any) -> Stated:
    """State a fact by the name of its event (as a policy writes it), its record if that matters, and chosen fields.

    A date or an instant (of England) may be stated as text, a sealed text as it was given or as it is sealed, and what
    has fields of its own by some of them. TypeError for an event, or a field of it, that no contract knows.
    """
    if name not in EVENTS:
        raise TypeError(f"no contract knows the event {name}")
    if unknown := fields.keys() - EVENTS[name].model_fields.keys():
        raise TypeError(f"{name} has no field {', '.join(sorted(unknown))}")
    return Stated(name, record, fields)


def in_order(wanted: Sequence[Stated], written: Sequence[Recorded]) -> bool:
    return len(wanted) == len(written) and all(map(_is, wanted, written))


def in_any_order(wanted: Sequence[Stated], written: Sequence[Recorded]) -> bool:
    left = list(written)
    for stated in wanted:
        found = next((each for each in left if _is(stated, each)), None)
        if found is None:
            return False
        left.remove(found)
    return not left


def _is(stated: Stated, event: Recorded) -> bool:
    return (
        type(event.fact) is EVENTS[stated.name]
        and stated.record in (None, event.originator_id)
        and (not stated.occurred or at(stated.occurred) == event.envelope.occurred)
        and all(_same(wanted, getattr(event.fact, name)) for name, wanted in stated.fields.items())
    )


def _same(wanted: Any, found: Any) -> bool:
    match found:
        case BaseModel() if isinstance(wanted, Mapping):
            return all(hasattr(found, name) and _same(part, getattr(found, name)) for name, part in wanted.items())
        case [*parts] if isinstance(wanted, Sequence) and not isinstance(wanted, str):
            return len(wanted) == len(parts) and all(map(_same, wanted, parts))
        case datetime() if isinstance(wanted, str):
            return found == at(wanted)
        case date() if isinstance(wanted, str):
            return found.isoformat() == wanted
        case str() if found.startswith("sealed:"):
            return wanted in (found, ReadableKeys().unseal(found, ""))
    return bool(wanted == found)


def in_words(stated: Stated) -> str:
    fields = ", ".join(f"{name}={value!r}" for name, value in stated.fields.items())
    return f"{stated.record or 'any record'}: {stated.name}({fields}){f' at {stated.occurred}' * bool(stated.occurred)}"
