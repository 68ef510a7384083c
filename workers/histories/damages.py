"""Taking damage of a history as it is: a deliberate act that stands in it, after which everything goes on without."""

from dataclasses import dataclass

from events.errors import Refused
from events.losses import MISSING, DamageAccepted, DamageReason
from events.subjects import stream_name
from projections.generations import last_events
from services.folding import Folds
from services.store.damage import Acceptance, Damage, damage_aggregate, found_there
from services.store.link import Link, close_link
from services.store.source import Source
from services.store.verify import Verification, verify
from workers.histories.accepting import By, Progress, record
from workers.histories.rebuilding import rebuilt, verify_stream
from workers.system import System


@dataclass(frozen=True, slots=True)
class Taken:
    """What was found and accepted, the views that were folded again without it, and whether history is sound now.

    Where it is not, other damage is left, and the views are folded again with the last of it.
    """

    found: str
    views: tuple[str, ...]
    sound: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """One acceptance, and whether there stands now what stood there then."""

    given: Acceptance
    stands: bool


def accept_damage(
    system: System, authority: str, place: tuple[int, int], *, reason: DamageReason, by: By, progress: Progress
) -> Taken:
    """Take the positions of `place`, from the first through the last, as they are now, whatever they once said.

    Several at once must all be missing; one may also hold what no reader takes, or what cannot be folded when nothing
    else is broken. Refused for an event that is sound, and for positions that the history does not reach. The act is
    recorded, and views that had read what is lost are folded again. A repeat records nothing twice and
    completes what was cut short; where the damage has changed since, it is accepted anew.
    """
    first, last = place
    if not 1 <= first <= last:
        raise Refused("position", "write a number from 1 on, or two with the lower one first, such as 17-19")
    link = system.link()
    try:
        source = Source(link.client, stream_name(authority))
        found = link.run(_found(source, first, last))
        if not link.run(_accepted(source, first, last, found)):
            if found != MISSING:
                _require_damaged(_verified(link, authority), first)
            fact = DamageAccepted(position=first, through=last, found=found, reason=reason)
            _record(system, authority, fact, by)
    finally:
        close_link(link)
    sound = verify_stream(system, authority, lambda *_: None).sound
    views = _folded_again(system, authority, progress) if sound else ()
    return Taken(found, views, sound)


def accepted_damage(system: System, authority: str) -> list[Kept]:
    """All that was accepted of an authority's damage, by position."""

    async def kept(source: Source) -> list[Kept]:
        damage = Damage(source)
        await damage.learn()
        return [Kept(each, await _stands(damage, source, each.fact)) for each in damage.given]

    link = system.link()
    try:
        return link.run(kept(Source(link.client, stream_name(authority))))
    finally:
        close_link(link)


async def _found(source: Source, first: int, last: int) -> str:
    end = await source.last_sequence()
    if last > end:
        raise Refused("position", f"history ends at {end}; if it was longer once, see `sightline accept-loss`")
    found = found_there(await source.at(first))
    for position in range(first, last + 1) if last > first else ():
        if await source.at(position) is not None:
            raise Refused("position", f"event {position} is there: only missing ones are accepted several at once")
    return found


async def _accepted(source: Source, first: int, last: int, found: str) -> bool:
    damage = Damage(source)
    await damage.learn()
    accepted = [(each.fact.position, each.fact.through, each.fact.found) for each in damage.given]
    return (first, last, found) in accepted


async def _stands(damage: Damage, source: Source, fact: DamageAccepted) -> bool:
    return all([await damage.stand_in(each, await source.at(each)) for each in range(fact.position, fact.through + 1)])


def _verified(link: Link, authority: str) -> Verification:
    return link.run(verify(link.client, authority, fold=Folds().take))


def _require_damaged(found: Verification, position: int) -> None:
    """Refused unless the checker finds the event itself to be damaged, and not only what came of another's damage."""
    at = {kind: any(each.sequence == position for each in listed) for kind, listed in found.kinds.items()}
    if at["content hashes"] or at["contracts"]:
        return
    if not (at["versions"] or at["records"]):
        raise Refused("position", f"event {position} is sound: only damage can be accepted")
    before = found.hash_mismatches or found.unreadable or (found.version_gaps and not at["versions"])
    if found.missing or before:
        raise Refused("position", f"event {position} may suffer from other damage alone: accept that first")


def _record(system: System, authority: str, fact: DamageAccepted, by: By) -> None:
    aggregate = damage_aggregate(fact.position)
    history = system.history(authority).load(aggregate)
    version = history[-1].originator_version + 1 if history else 1
    record(system, authority, aggregate, fact, by, version=version)


def _folded_again(system: System, authority: str, progress: Progress) -> tuple[str, ...]:
    """The views that had read what is lost, before it was lost: they hold what a rebuild would not give."""
    if system.views is None:
        return ()
    lost = min(each.given.fact.position for each in accepted_damage(system, authority))
    ahead = {each.view for each in last_events(system.views) if each.authority == authority and each.position >= lost}
    for view in sorted(ahead):
        rebuilt(system, view, progress)
    return tuple(sorted(ahead))
