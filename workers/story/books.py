"""What a story or a pack is told from: the views, the rules, who was in which post, the moment, and who may read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import Engine

from events.recorded import Recorded
from projections.deliveries import DeliveryRow, deliveries
from projections.grade_changes import Scales
from projections.happened import events_about
from projections.sealed_fields import sealed_fields
from services.clock import local_date
from services.core.catalogue import Catalogue
from services.directory.state import Directory
from services.obligation_status import Owed, owed_by
from services.policy.versions import Policies
from services.texts.asking import Sealed
from services.texts.opening import CLOSED
from workers.asking.words import in_words, scales_of, titles_of

Opening = Callable[[Sequence[Sealed]], Mapping[str, str]]
"""Opens the texts that a reader needs to know, on record first: what each says, by the sealed text."""


def nothing_opened(asked: Sequence[Sealed]) -> dict[str, str]:
    """For whoever reads no text at all."""
    return dict.fromkeys((each.sealed for each in asked), CLOSED)


@dataclass(frozen=True)
class Books:
    """One authority's views at one moment, and all that is needed to tell of them.

    `now` is the moment at which lateness is judged, `opened` opens texts. The views may be those of a past day.
    """

    source: Engine
    authority: str
    policies: Policies
    catalogue: Catalogue
    directory: Directory
    now: datetime
    opened: Opening = field(default=nothing_opened)

    @property
    def today(self) -> date:
        """The day in England."""
        return local_date(self.now)

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """The framework's own words for its keys."""
        return titles_of(self.policies)

    @cached_property
    def scales(self) -> Scales:
        """The scales of every version of the framework."""
        return scales_of(self.policies)

    @cached_property
    def messages(self) -> Mapping[str, Sequence[DeliveryRow]]:
        """What became of the messages about each notice, by the id of its event."""
        found: dict[str, list[DeliveryRow]] = {}
        for row in deliveries(self.source, self.authority):
            for told in row.told:
                found.setdefault(told.notice, []).append(row)
        return found

    def events(self, abouts: Iterable[str]) -> list[Recorded]:
        """The events of these records."""
        return events_about(self.source, self.authority, list(abouts))

    def owed(self, history: Sequence[Recorded]) -> list[Owed]:
        """What a record of this history has ever owed; nothing of one that owes nothing."""
        if not history or not history[0].originator_id.startswith(self.catalogue.worked_out):
            return []
        record = self.catalogue.record_of(history)
        return list(owed_by(record, self.policies, self.directory, self.now))

    def texts_of(self, events: Iterable[Recorded]) -> Mapping[str, str]:
        """What the events' texts say, by the sealed text."""
        asked = [
            Sealed(each.originator_id, sealed_for(each, name), text, getattr(each.fact, "action", ""))
            for each in events
            for name, text in sealed_fields(each.fact).items()
        ]
        return self.opened(asked) if asked else {}

    def sentence(self, event: Recorded) -> str:
        """What happened, in the framework's own words."""
        return in_words(event.fact.sentence(), self.titles)

    def role(self, role: str) -> str:
        """What the framework calls a role."""
        return self.titles.get(role, role.replace("_", " "))


def sealed_for(event: Recorded, name: str) -> str:
    """For which field a text of an event was sealed."""
    return f"{event.fact.stored_name.partition('.')[0]}.{name.partition(':')[0]}"
