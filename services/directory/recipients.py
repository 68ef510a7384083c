"""From a recipient as the policy words it to the people who held those posts when the notice fired.

A vacant post sends the notice one tier up and is flagged (A-ALL-09); the policy's fallback group is the last
resort, so that no notice vanishes. The child's practitioner, team and managers are those of that moment (TOR-10).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from events.escalations import Recipient
from services.directory.state import Directory, Post
from services.policy.expressions import PERSONS, Addressee
from services.policy.model import Policy


@dataclass(frozen=True, slots=True)
class Named:
    """The people that a record itself names, as they stood when the notice fired.

    `also` holds those named beside the first: joint owners of an action, further reviewers.
    """

    auditor: str | None = None
    moderator: str | None = None
    worker: str | None = None
    team: str | None = None
    action_owner: str | None = None
    reviewer: str | None = None
    plan_lead: str | None = None
    reauditor: str | None = None
    actor: str | None = None
    about: str | None = None
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    abouts: tuple[str, ...] = ()

    def persons(self, role: str) -> tuple[str, ...]:
        """Everybody whom the record names so: the one in the field, then those beside them in `also`."""
        first = getattr(self, role)
        return (*([] if first is None else [first]), *self.also.get(role, ()))


EXPECTED = frozenset({"plan_lead"})
"""Persons whom every record has, so that one who is not named is a vacancy (A-ALL-09) and not nobody."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """Finds who is meant at one instant."""

    directory: Directory
    policy: Policy
    at: datetime

    def recipients(self, addressee: Addressee, named: Named) -> list[Recipient]:
        """Who is meant. Empty only if the record has no such person (no moderator yet)."""
        if addressee.anchor == "about" and named.abouts:
            each = (replace(named, about=unit) for unit in named.abouts)
            return [found for one in each for found in self._resolve(addressee, one)]
        return list(self._resolve(addressee, named))

    def above(self, person: str | None, role: str, unit: str | None) -> list[Recipient]:
        """Who stands above the person, or the group, that was told in that post; empty above the last resort.

        Of somebody whom a record names, such as an auditor, the highest post that they hold, or held last, counts. Who
        stands above themselves is passed over.
        """
        if role not in self.policy.chain and person is not None:
            post = max(self._posts_of(person), key=lambda each: self._tier(each.role), default=Post(role, unit))
            role, unit = post.role, post.unit
        while role != self.policy.fallback:
            found = list(self._post(f"over {role}", self._above(role), unit))
            others = [each for each in found if person is None or each.holder != person]
            if others:
                return others
            role = found[0].role
        return []

    def _resolve(self, addressee: Addressee, named: Named) -> Iterator[Recipient]:
        match addressee.role:
            case "team":
                yield Recipient(asked=addressee.text, role="team", unit=named.team)
            case role if role in PERSONS:
                persons = named.persons(role)
                for person in persons:
                    yield from self._named(addressee, person, named)
                if not persons and role in EXPECTED:
                    yield from self._post(addressee.text, self._above_worker(named), named.team, (role,))
            case _:
                yield from self._post(addressee.text, *self._start(addressee, named))

    def _named(self, addressee: Addressee, person: str, named: Named) -> Iterator[Recipient]:
        """The person; where a group is named in a person's place, the group of the child's team or service."""
        group = self.policy.roles.get(person)
        if addressee.role == "action_owner" and group is not None and group.group:
            yield from self._post(addressee.text, person, named.team)
        else:
            yield from self._person(addressee, person)

    def _person(self, addressee: Addressee, person: str) -> Iterator[Recipient]:
        """The person, or whoever is a tier above the last post of one who has left."""
        ever = self.directory.ever_held_by(person, self.at)
        if not ever or self.directory.held_by(person, self.at) or not self.directory.has_left(person, self.at):
            yield Recipient(asked=addressee.text, role=addressee.role, holder=person)
        else:
            vacant = (f"{addressee.role} {person}",)
            yield from self._post(addressee.text, self._above(ever[-1].role), ever[-1].unit, vacant)

    def _start(self, addressee: Addressee, named: Named) -> tuple[str | None, str | None]:
        """The role to begin with and the unit to look from.

        `over auditor` begins above the auditor's own tier where the auditor is at that level already (A-TOR-13).
        """
        role = addressee.role
        if addressee.anchor == "child" or addressee.anchor is None:
            return role, named.team
        if addressee.anchor == "about":
            return role, named.about
        person = getattr(named, addressee.anchor)
        posts = self._posts_of(person) if person else []
        unit = next((post.unit for post in posts if post.unit), None) if posts else named.team
        own = max((self._tier(post.role) for post in posts), default=-1)
        if addressee.link == "over" and own >= self._tier(role) >= 0:
            return self._above(self.policy.chain[own]), unit
        return role, unit

    def _posts_of(self, person: str) -> list[Post]:
        """The posts that the person held then, or the last one before."""
        return self.directory.held_by(person, self.at) or self.directory.ever_held_by(person, self.at)[-1:]

    def _post(
        self, asked: str, role: str | None, unit: str | None, vacant: tuple[str, ...] = ()
    ) -> Iterator[Recipient]:
        while role is not None:
            scope = self.policy.roles[role].scope
            place = self.directory.unit_of_kind(unit, scope, self.at) if scope != "authority" else None
            if self.policy.roles[role].group:
                yield Recipient(asked=asked, role=role, unit=place, vacant=vacant)
                return
            holders = self.directory.holders(Post(role, place), self.at)
            if holders:
                for holder in holders:
                    yield Recipient(asked=asked, role=role, unit=place, holder=holder, vacant=vacant)
                return
            vacant = (*vacant, f"{role} of {place}" if place else role)
            role = self._above(role)
        yield Recipient(asked=asked, role=self.policy.fallback, vacant=vacant)

    def _above_worker(self, named: Named) -> str | None:
        """The tier above the child's practitioner, who stands on the lowest where the directory does not know them."""
        posts = self.directory.held_by(named.worker, self.at) if named.worker else []
        own = max((self._tier(post.role) for post in posts), default=0)
        return self._above(self.policy.chain[max(own, 0)]) if self.policy.chain else None

    def _tier(self, role: str) -> int:
        return self.policy.chain.index(role) if role in self.policy.chain else -1

    def _above(self, role: str) -> str | None:
        tier = self._tier(role)
        return self.policy.chain[tier + 1] if 0 <= tier < len(self.policy.chain) - 1 else None
