"""What tables call things by: the framework's own titles, kept as plain data, so that no policy is loaded for them.

They follow from what the authority's history has adopted, and the newest adoption names all of it, since that record
only grows. So they are kept under it, and worked out anew after the next one, by another program, and wherever nothing
was adopted or kept yet.
"""

from collections.abc import Mapping

import orjson

from events.errors import BrokenHistory
from events.policies import ADOPTIONS
from events.subjects import aggregate_subject, stream_name
from services import kept
from services.store.link import close_link
from services.store.messages import RawMessage
from services.store.source import Source
from workers.system import System
from workers.words import titles_of

ROOMS = ("events", "services", "projections", "workers")
"""What the titles are made by."""


def captions(system: System, authority: str) -> Mapping[str, str]:
    """What the authority's framework calls things, as `titles_of` says of its policies.

    KeyError, StoreUnavailable and BrokenHistory as for the policies themselves, where they have to be read: as they are
    where the newest adoption is damaged, since that may be accepted.
    """
    if system.moment is not None or system.rules.holds(authority):  # of another day, or at hand
        return titles_of(system.policies[authority])
    newest = _newest_adoption(system, authority)
    of = f"captions {kept.program(*ROOMS)} {_named(newest)}" if newest is not None else None
    if of is not None and (held := kept.recall(of)) is not None:
        titles: dict[str, str] = orjson.loads(held)
        return titles
    titles = titles_of(system.policies[authority])
    if of is not None and _newest_adoption(system, authority) == newest:  # else they may be of what came meanwhile
        kept.keep(of, orjson.dumps(titles))
    return titles


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
