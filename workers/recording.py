"""Puts desks, keys and histories together for everything that records commands."""

from collections.abc import Iterator
from contextlib import contextmanager

from events.errors import Refused
from services.desk import Desk
from services.importer import Importer
from services.keyring import JetStreamBucket, Keyring, MasterKey
from services.store.link import close_link, open_link
from workers.system import System


@contextmanager
def keyrings(system: System) -> Iterator[tuple[dict[str, Keyring], MasterKey]]:
    """Every authority's keyring over one connection, after the start-up checks (Drifted, Unavailable)."""
    link = open_link(system.url, credentials=system.settings.nats_credentials)
    try:
        link.run(system.check(link.client))
        master = MasterKey.of(system.settings)
        yield (
            {
                authority: Keyring(authority, master, JetStreamBucket(link, authority), clock=system.clock)
                for authority in system.authorities
            },
            master,
        )
    finally:
        close_link(link)


@contextmanager
def recording_desks(system: System, import_id: str, only: str | None = None) -> Iterator[Importer]:
    """An importer with a desk for every authority, or for one. Refused for an authority without a policy."""
    if only is not None and only not in system.policies:
        raise Refused("authority", f"no policy here for {only}; known: {', '.join(system.authorities)}")
    with keyrings(system) as (rings, master):
        desks = {
            authority: Desk(
                authority=authority,
                store=system.history(authority),
                keys=rings[authority],
                name=master.name,
                policies=system.policies[authority],
                clock=system.clock,
            )
            for authority in system.authorities
            if only in (None, authority)
        }
        yield Importer(desks, rings, import_id)
