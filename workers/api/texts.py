"""Texts by HTTP: kept back, unless whoever asks says that they are to be opened, and then with each opening on record.

`texts=open` is said in each request that means it. Who holds no role that opens a text is given `[closed]` in its
place: the rest of the answer is theirs all the same.
"""

from collections.abc import Sequence

from events.errors import Refused
from projections.timeline import TimelineEntry
from projections.view import Row
from services.access.caller import Caller
from services.texts.asking import Reader, Sealed
from workers.api.columns import shown
from workers.api.reading import Shown
from workers.asking.texts import of_rows, of_timeline
from workers.doors.office import Office

TEXTS = "texts"
"""The option by which somebody asks for texts; `OPEN` is all that it can say."""
OPEN = "open"


def wanted(said: str | None) -> bool:
    """Whether the texts are asked for. Refused for a word that the option does not take."""
    if said not in (None, OPEN):
        raise Refused(TEXTS, f"must be {OPEN}, or left out: then texts are kept back")
    return said is not None


def opened(office: Office, authority: str, caller: Caller, sealed: Sequence[Sealed]) -> dict[str, str]:
    """What each text says, by the sealed one, in the roles that the token claims; that it was read is on record first.

    Raises as `services.texts.opening.Texts.opened` does.
    """
    if not sealed:
        return {}
    return office.texts(authority).opened(Reader(caller.person, "http", claimed=caller.roles), sealed)


def opened_rows(office: Office, authority: str, caller: Caller, view: Shown, rows: Sequence[Row]) -> list[Row]:
    """The rows of a view with the texts of its columns opened. What else is sealed in them is kept back."""
    said = opened(office, authority, caller, of_rows(view.spec, rows))
    return [shown(row) | {name: said[row[name]] for name in view.spec.sealed if row[name] is not None} for row in rows]


def opened_story(
    office: Office, authority: str, caller: Caller, entries: Sequence[TimelineEntry]
) -> list[dict[str, str]]:
    """What the texts of each event say, by the names of their fields."""
    said = opened(office, authority, caller, of_timeline(entries))
    return [{name: said[text] for name, text in entry.sealed.items()} for entry in entries]
