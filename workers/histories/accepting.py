"""Giving up what is lost: a deliberate act that stands in the history, with who did it and why."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from events.base import Fact
from events.errors import BrokenHistory, Refused
from events.losses import LossAccepted
from events.recorded import Recorded
from events.subjects import stream_name
from projections.generations import LastEvent, last_events
from services.clock import local_date
from services.core.own_events import own_envelope
from services.directory.may import Council, Roll
from services.directory.snapshot import directory_of
from services.policy.versions import Policies
from services.store.link import Link, close_link
from services.store.losses import loss_aggregate
from services.store.provisioner import provision, remade
from services.store.source import Source
from workers.histories.rebuilding import rebuilt
from workers.kept import outlooks
from workers.kept.outlooks import Place
from workers.kept.witnesses import departure, strayed
from workers.system import System

OPERATOR = "operator"
"""The role under which such acts stand in the history: nobody's of a framework."""


@dataclass(frozen=True, slots=True)
class By:
    """Who does such an act, and in which role."""

    actor: str
    role: str = OPERATOR


def require_power(system: System, authority: str, power: str, by: By) -> None:
    """Refused or Forbidden unless the policy in force gives the power to the role, which the person holds today."""
    today = local_date(system.clock())
    council = Council(directory_of(system.history(authority)), system.policies[authority].in_force(today))
    Roll(council, today).require_power(power, by.actor, by.role)


Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Accepted:
    """What was given up: the streams that were made anew, and the views that were folded again to less."""

    streams: tuple[str, ...]
    views: tuple[str, ...]


def accept_loss(system: System, authority: str, *, reason: str, actor: str, progress: Progress) -> Accepted:
    """Take the authority's history as it is now, and let work on it go on.

    What is missing of its streams is made anew; the loss is recorded with actor and reason; every view that holds
    what history does not is rebuilt, and the sweeper begins anew where it has read that. A repeat after an interruption
    completes it. Refused where nothing is lost. Unavailable where the account may not do a part of it: making streams
    takes the provisioner's account, recording the workers'.
    """
    link = system.link()
    try:
        link.run(provision(link.client, [authority], system.layout, accept_loss=True))
        streams = _streams_unrecorded(system, link, authority)
        views = link.run(_departed(system, link, authority))
        swept = link.run(_swept(system, link, authority))
        if not streams and not views and not swept:
            raise Refused("authority", f"nothing of {authority} is lost: its streams and its views agree")
        for name, gone in streams.items():
            fact = LossAccepted(what="streams", streams=gone, reason=reason)
            record(system, authority, loss_aggregate(name), fact, By(actor))
        if views or swept:
            end = link.run(Source(link.client, stream_name(authority)).last_sequence())
            once = max([each.position for each in views] + [each.position for each in swept])
            fact = LossAccepted(what="history", ended_at=end, once_at=once, reason=reason)
            record(system, authority, loss_aggregate(uuid4().hex), fact, By(actor))
    finally:
        close_link(link)
    for place in swept:
        outlooks.forget(system.engine, place.authority)
    for view in sorted({each.view for each in views}):
        rebuilt(system, view, progress, shortened=frozenset({authority}))
    made = tuple(sorted({each for gone in streams.values() for each in gone}))
    return Accepted(made, tuple(sorted({each.view for each in views})))


def record(system: System, authority: str, aggregate: str, fact: Fact, by: By, *, version: int = 1) -> None:
    """Append an operator's act to a record of its own. Conflict when that version stands already."""
    policy = _rules(system, authority).in_force(local_date(system.clock()))
    name = aggregate.replace("/", "-")
    command = name if version == 1 else f"{name}-{version}"
    told = own_envelope(
        command, about=aggregate, authority=authority, policy=policy, now=system.clock(), by=(by.actor, by.role)
    )
    system.history(authority).append(Recorded(aggregate, version, fact, told.numbered(0)))


def _rules(system: System, authority: str) -> Policies:
    """The policies; those of the files where what was adopted is itself what is damaged."""
    try:
        return system.policies[authority]
    except BrokenHistory:
        return system.rules.proposed[authority]


def _streams_unrecorded(system: System, link: Link, authority: str) -> dict[str, tuple[str, ...]]:
    found = link.run(remade(link.client, authority, system.layout))
    history = system.history(authority)
    return {when: gone for when, gone in found.items() if not history.load(loss_aggregate(when))}


async def _departed(system: System, link: Link, authority: str) -> list[LastEvent]:
    """The views that hold what the history does not."""
    engine = system.views
    if engine is None:
        return []
    kept = [each for each in await asyncio.to_thread(last_events, engine) if each.authority == authority]
    return [each for each in kept if await departure(link.client, authority, [each], engine)]


async def _swept(system: System, link: Link, authority: str) -> list[Place]:
    """How far the sweeper has read, where that is not what the history holds."""
    engine = system.views
    place = None if engine is None else await asyncio.to_thread(outlooks.place_of, engine, authority)
    source = Source(link.client, stream_name(authority))
    return [place] if place and await strayed(source, place) else []
