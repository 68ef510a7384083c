"""What the workers stand on: whole histories, room on the disk, and servers that write before they acknowledge.

And who stands beyond them: the services that read what is published.
"""

import asyncio
import shutil
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

from nats.aio.client import Client

from events.errors import SightlineError, Unavailable
from events.subjects import stream_name
from services.policy.adopted import same_rules
from services.policy_folder import no_file_of
from services.settings import Settings
from services.store.archives.removing import left_open
from services.store.damage import Damage, told_of
from services.store.fitness import check_disk
from services.store.link import connect
from services.store.source import Source
from workers.parts.standing import State, WorkerHealth
from workers.rules import Rules
from workers.system import System
from workers.telling.subscribers import readers
from workers.unfiled import Unfiled

GIB = 1024**3
LEAST_FREE, LEAST_SHARE, ENOUGH = GIB, 0.05, 10 * GIB
"""A disk is nearly full below one GiB, or below a twentieth where that is less than ten: history only grows, and a
server without room records nothing."""

SOON = 5.0
"""Seconds within which a council's subscribers are told, or are not."""

MOST_USED = 0.9
"""The share of what a server may store that it may use before health speaks of it."""


def disk(folder: Path) -> list[WorkerHealth]:
    """The disk of the data folder, if it is nearly full."""
    if not folder.exists():
        return []
    total, _, free = shutil.disk_usage(folder)
    if free >= max(LEAST_FREE, min(LEAST_SHARE * total, ENOUGH)):
        return []
    reason = f"{free / GIB:.1f} of {total / GIB:.0f} GiB are free where {folder} lies"
    return [WorkerHealth("disk", "", "nearly full", reason=reason)]


async def histories(system: System, client: Client) -> list[WorkerHealth]:
    """The histories that every start-up check refuses, each with the reason and the way out."""
    found = []
    for authority in system.authorities:
        try:
            await system.check(client, [authority])
        except SightlineError as error:
            found.append(WorkerHealth("history", authority, "refused", reason=str(error)))
    return found


async def room(system: System, client: Client) -> list[WorkerHealth]:
    """The histories that have nearly grown as large as they may (`SIGHTLINE_HISTORY_BYTES`)."""
    found = []
    for authority in system.authorities:
        info = await Source(client, stream_name(authority)).info()
        used, allowed = info["state"]["bytes"], info["config"].get("max_bytes", -1)
        if allowed > 0 and used > MOST_USED * allowed:
            reason = f"{used} of the {allowed} bytes that SIGHTLINE_HISTORY_BYTES allows are used"
            found.append(WorkerHealth("history", authority, "nearly full", reason=reason))
    return found


async def accepted_damage(system: System, client: Client) -> list[WorkerHealth]:
    """The histories of which a part is lost for good and was accepted as lost: a word on each, and no fault."""
    found = []
    for authority in system.authorities:
        damage = Damage(Source(client, stream_name(authority)))
        await damage.learn()
        if damage:
            reason = f"{told_of(damage.given)}; see `sightline damage show {authority}`"
            found.append(WorkerHealth("history", authority, "damage accepted", reason=reason))
    return found


async def removals(system: System, client: Client) -> list[WorkerHealth]:
    """The histories out of which archived events are to be removed, and were not: a word on each, and no fault."""
    found = []
    for authority in system.authorities:
        left = await left_open(Source(client, stream_name(authority)), authority)
        if left is not None:
            reason = f"events {left[0]} to {left[1]} are on record as removed, and stand in the live history as well"
            found.append(WorkerHealth("archives", authority, "left open", reason=reason))
    return found


def proposals(system: System) -> list[WorkerHealth]:
    """What the files of each authority say otherwise than what it adopted: a word on each, and no fault."""
    return [
        WorkerHealth("policy", authority, "proposed", reason=told)
        for authority in system.authorities
        for told in _proposed(system.rules, authority)
    ]


def unsound(system: System) -> list[WorkerHealth]:
    """The policy files that break a rule, each by its first one; a fault where nobody works for its authority."""
    rules = system.rules
    there = {each for each, found in rules.unfiled.items() if found is not Unfiled.NOTHING}
    return [
        WorkerHealth("policy", authority, _without(rules, authority), reason=str(each.error))
        for each in rules.proposed.unsound
        for authority in sorted(there.intersection(each.of)) or [each.of[-1] if each.of else ""]
    ]


def _without(rules: Rules, authority: str) -> State:
    return OF_BAD_FILES[rules.unfiled.get(authority, Unfiled.NOTHING)]


OF_BAD_FILES: Mapping[Unfiled, State] = {
    Unfiled.ADOPTED: "unsound",
    Unfiled.LOST: "lost",
    Unfiled.UNSEEN: "not seen",
    Unfiled.NOTHING: "not begun",
}
OF_NO_FILES: Mapping[Unfiled, State] = {
    Unfiled.ADOPTED: "no file",
    Unfiled.LOST: "lost",
    Unfiled.UNSEEN: "left out",
}


def unfiled(system: System) -> list[WorkerHealth]:
    """The councils that have a history, or had one, and no policy file; no fault where what they adopted goes on."""
    rules = system.rules
    told = {authority for each in rules.proposed.unsound for authority in each.of}
    return [
        WorkerHealth("policy", authority, OF_NO_FILES[found], reason=no_file_of(system.settings.policies, authority))
        for authority, found in rules.unfiled.items()
        if authority not in told and found in OF_NO_FILES
    ]


def unseen(system: System) -> list[WorkerHealth]:
    """The councils with a sound policy file whose histories the account may not ask for: nobody works for them."""
    return [
        WorkerHealth("policy", authority, "not seen", reason="the account may not ask for its history")
        for authority in sorted(system.unseen)
    ]


def _proposed(rules: Rules, authority: str) -> Iterator[str]:
    adopted = {each.version: each for each in rules[authority].versions if each.digest}
    if authority in rules.without_files:
        return
    for each in rules.proposed[authority].versions:
        if not adopted:
            yield f"version {each.version} decides as its file has it: no policy is adopted yet"
        elif each.version not in adopted:
            yield f"version {each.version} of the files is proposed, not adopted"
        elif not same_rules(each, adopted[each.version]):
            yield f"the file of version {each.version} was edited since it was adopted: that is proposed, not adopted"


async def subscribers(system: System, client: Client) -> list[WorkerHealth]:
    """How far each service that reads what is published has read, by service and council.

    All councils are asked at once, and none is waited for longer than `SOON`: however many read, that takes no longer.
    """
    return sorted(
        chain.from_iterable(await asyncio.gather(*(_readers(system, client, each) for each in system.authorities))),
        key=lambda each: (each.worker, each.authority),
    )


async def _readers(system: System, client: Client, authority: str) -> list[WorkerHealth]:
    try:
        found = await readers(client, authority, within=SOON)
    except Unavailable as error:
        return [WorkerHealth("subscribers", authority, "not seen", reason=str(error))]
    most = system.settings.subscribers_behind
    told = []
    for each in found:
        behind = each.waiting + each.unacknowledged
        state: State = "far behind" if behind > most else "behind" if behind else "up to date"
        reason = f"more than {most} messages wait for it" if behind > most else ""
        counts = (behind, each.waiting, each.unacknowledged, each.position)
        told.append(WorkerHealth(each.user, authority, state, *counts, reason=reason))
    return told


async def servers(settings: Settings) -> list[WorkerHealth]:
    """Servers that are not fit to keep history, where the settings name an account that may see it."""
    if settings.nats_watcher is None:
        return []
    try:
        watcher = await connect(settings.nats_watcher)
        try:
            uses = await check_disk(watcher, servers=settings.replicas)
        finally:
            await watcher.close()
    except Unavailable as error:
        return [WorkerHealth("server", "", "unsafe", reason=str(error))]
    return [
        WorkerHealth("server", "", "nearly full", reason=f"{use.server}: {use.used} of {use.allowed} bytes are used")
        for use in uses
        if use.allowed > 0 and use.used > MOST_USED * use.allowed
    ]
