"""Puts desks, keys and histories together for everything that records commands."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

from events.errors import BrokenHistory, Unavailable
from services.log import Log
from services.snapshots import WORTH_KEEPING
from services.store.link import Link, close_link
from workers.processes.collecting import rarely_collected
from workers.system import System

if TYPE_CHECKING:
    from services.core.catalogue import Catalogue
    from services.core.desk import Desk
    from services.core.writing import Store
    from services.import_session import Importing
    from services.importer import Importer
    from services.keyring import Keyring, MasterKey
    from services.store.application import History

log = Log(__name__)


@contextmanager
def checked(system: System, authorities: Iterable[str] | None = None) -> Iterator[Link]:
    """The process's connection, after the start-up checks of these authorities, or of all (see `System.check`)."""
    link = system.link()
    try:
        named = system.authorities if authorities is None else authorities
        link.run(system.check(link.client, named))
        yield link
    finally:
        close_link(link)


@contextmanager
def keyrings(
    system: System, authorities: Iterable[str] | None = None
) -> Iterator[tuple[dict[str, "Keyring"], "MasterKey"]]:
    """The keyrings of these authorities, or of all, over one connection, after the start-up checks (`System.check`)."""
    from services.keyring import JetStreamBucket, Keyring, MasterKey  # noqa: PLC0415 - a question seldom needs a key

    named = system.authorities if authorities is None else tuple(authorities)
    with checked(system, named) as link:
        master = MasterKey.of(system.settings)
        yield (
            {each: Keyring(each, master, JetStreamBucket(link, each), clock=system.clock) for each in named},
            master,
        )


@asynccontextmanager
async def keyrings_beside(system: System) -> AsyncIterator[dict[str, "Keyring"]]:
    """Every authority's keyring for work of an event loop, which nothing of it holds up; as `keyrings` else."""
    held = keyrings(system)
    rings, _ = await asyncio.to_thread(held.__enter__)
    try:
        yield rings
    finally:
        await asyncio.to_thread(held.__exit__, None, None, None)


@contextmanager
def recording_desks(
    system: System,
    import_id: str,
    only: str | None = None,
    *,
    unverified: bool = False,
    by: "Importing | None" = None,
) -> Iterator["Importer"]:
    """An importer with a desk for every authority, or for one. Refused for an authority without a policy.

    With `unverified`, history may name people whom the directory does not bear out (see `services.core.desk.Desk`).
    `by` says whose act an import is.
    """
    from services.importer import Importer  # noqa: PLC0415 - whoever reads texts records nothing here
    from workers.recording.batches import Place  # noqa: PLC0415 - as above
    from workers.recording.beside import WritesBeside  # noqa: PLC0415 - as above

    if only is not None:
        system.known(only)
    quiet = system.settings.model_copy(update={"log_level": "error"})  # as of the one that imports; it tells the rest
    with keyrings(system) as (rings, master), ExitStack() as open_to_the_end, rarely_collected():
        stores = {
            authority: open_to_the_end.enter_context(
                WritesBeside(system.history(authority), Place(quiet, authority, system.url))
            )
            for authority in system.authorities
            if only in (None, authority)
        }
        desks = {
            authority: desk_of(system, authority, rings[authority], master, unverified=unverified, store=store)
            for authority, store in stores.items()
        }
        foretell = {authority: store.foretell for authority, store in stores.items()}
        yield Importer(desks, rings, import_id, by, foretell)
        for authority, desk in desks.items():
            keep_grown(system.history(authority), system.catalogue, desk.grown())


def keep_grown(history: "History", catalogue: "Catalogue", records: Iterable[str]) -> None:
    """Keep snapshots of these records, where that is worth it. What is in the way of it is told and stops nothing."""
    for record in sorted(records):
        try:
            history.keep_snapshot(record, catalogue.kind_of(record).folding, worth=WORTH_KEEPING)
        except (Unavailable, BrokenHistory) as error:
            log.warning("snapshot was not kept", record=record, reason=str(error))
        except Exception:  # all that was to be recorded is, and of a thread beside an answer nobody would hear it
            log.exception("snapshot was not kept", record=record)


@contextmanager
def case_desk(system: System, authority: str) -> Iterator[tuple["Desk", "Keyring"]]:
    """One authority's desk with its keyring, for a case list."""
    with keyrings(system) as (rings, master):
        desk = desk_of(system, authority, rings[authority], master)
        yield desk, rings[authority]
        keep_grown(system.history(authority), system.catalogue, desk.grown())


def desk_of(
    system: System,
    authority: str,
    ring: "Keyring",
    master: "MasterKey",
    *,
    unverified: bool = False,
    store: "Store | None" = None,
) -> "Desk":
    """A desk of one authority, with its keys; not for two threads at once. Its `store` is the authority's history."""
    from services.core.desk import Desk  # noqa: PLC0415 - whoever reads texts needs keys and no desk
    from services.webhooks.reachable import reachable  # noqa: PLC0415 - as above
    from services.webhooks.targets import Reach  # noqa: PLC0415 - as above

    return Desk(
        authority=authority,
        catalogue=system.catalogue,
        store=store or system.history(authority),
        keys=ring,
        name=master.name,
        policies=system.policies[authority],
        clock=system.clock,
        unverified=unverified,
        outside=reachable(Reach.of(system.settings)),
    )
