"""What tables call things by: the framework's own words, kept as plain data, so that no policy is loaded for them.

They follow from what the authority's history has adopted, and the newest adoption names all of it, since that record
only grows. So they are kept under it, and worked out anew after the next one, by another program, and wherever nothing
was adopted or kept yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import orjson

from events.errors import BrokenHistory
from events.policies import ADOPTIONS
from events.subjects import aggregate_subject, stream_name
from services import kept
from services.store.link import close_link
from services.store.messages import RawMessage
from services.store.source import Source
from workers.asking.words import titles_of, titles_of_questions
from workers.system import System

if TYPE_CHECKING:
    from projections.grade_changes import Scales
    from services.policy.versions import Policies

ROOMS = ("events", "services", "projections", "workers")
"""What the words are made by."""


@dataclass(frozen=True, slots=True)
class Captions:
    """The words of a framework that tables are made of.

    `titles` is what it calls things (see `titles_of`). Of its newest version: the titles of all `questions` by their
    names, the names of those on its `form` in order, and the titles of its `registers`. `grades` are the scales of each
    version, of the whole audit and of its sections.
    """

    titles: Mapping[str, str]
    questions: Mapping[str, str]
    form: tuple[str, ...]
    registers: Mapping[str, str]
    grades: Mapping[str, tuple[list[str], list[str]]]

    @property
    def scales(self) -> "Scales":
        """The scales of every version, as of `scales_of`."""
        from projections.grade_changes import Scale  # noqa: PLC0415 - the view of one question among many

        return {version: Scale(*map(tuple, each)) for version, each in self.grades.items()}

    @classmethod
    def of(cls, policies: "Policies") -> Self:
        """The words of these policies."""
        newest = policies.newest
        return cls(
            titles_of(policies),
            titles_of_questions(newest),
            tuple(each.name for each in newest.tool.questions),
            {each.name: each.title for each in newest.registers},
            {each.version: (list(each.grades.overall), list(each.grades.sections)) for each in policies.versions},
        )

    @classmethod
    def read(cls, held: bytes) -> Self:
        """The words that were written so."""
        told = orjson.loads(held)
        grades = {version: (overall, sections) for version, (overall, sections) in told["grades"].items()}
        return cls(**told | {"form": tuple(told["form"]), "grades": grades})

    def written(self) -> bytes:
        """The words as they are kept."""
        return orjson.dumps(self)


def captions(system: System, authority: str) -> Captions:
    """The words of the authority's framework, as its policies say them.

    KeyError, StoreUnavailable and BrokenHistory as for the policies themselves, where they have to be read: as they are
    where the newest adoption is damaged, since that may be accepted.
    """
    if system.moment is not None or system.rules.holds(authority):  # of another day, or at hand
        return Captions.of(system.policies[authority])
    newest = _newest_adoption(system, authority)
    of = f"captions {kept.program(*ROOMS)} {_named(newest)}" if newest is not None else None
    if of is not None and (held := kept.recall(of)) is not None:
        return Captions.read(held)
    found = Captions.of(system.policies[authority])
    if of is not None and _newest_adoption(system, authority) == newest:  # else they may be of what came meanwhile
        kept.keep(of, found.written())
    return found


def _newest_adoption(system: System, authority: str) -> RawMessage | None:
    """The last event of the record of adoptions; None where nothing was adopted yet, and where that is damaged."""
    link = system.link()
    try:
        source = Source(link.client, stream_name(authority))
        return link.run(source.last_of(aggregate_subject(authority, ADOPTIONS)))
    except BrokenHistory:
        return None
    finally:
        close_link(link)


def _named(message: RawMessage) -> str:
    """One event of one stream: where it stands, when the server took it, and what it says."""
    return repr((message.subject, message.sequence, message.time, sorted(message.headers.items()), message.data))
