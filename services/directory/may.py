"""Whether somebody may act in a role about a record on a day: asked here, and nowhere else.

An act is the order of a person in a role. Which roles may give it is the policy's word (`acts`); that the person holds
the role is the directory's, or, for a role that a record names (its auditor, its moderator, the owner of an action),
the record's. Days are England's: who took a post or left it on a day held it on that day.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Protocol

from events.errors import Forbidden, Refused
from services.clock import at_local, local_date
from services.directory.state import Directory, Post
from services.policy.expressions import PERSONS
from services.policy.model import Policy

MIDNIGHT = time(0, 0)


class Names(Protocol):
    """A record that names people: `services.directory.recipients.Named` is one."""

    def persons(self, role: str) -> tuple[str, ...]:
        """Everybody whom it names so, people by their references and groups by their keys; empty for nobody."""
        ...


@dataclass(frozen=True, slots=True)
class Council:
    """The people of an authority, and the framework that says which posts there are."""

    directory: Directory
    policy: Policy

    def posts(self, person: str, day: date) -> list[Post]:
        """The posts of the framework, and its groups, to which the person belonged on that day."""
        return [post for post in self.directory.held_on(person, day) if post.role in self.policy.roles]

    def can_appoint(self, day: date) -> bool:
        """Whether anybody holds a post that may appoint, on that day or later.

        Until there is somebody, a directory cannot be held against itself. A day before the first of them does not
        open it again: nobody comes into a post by an appointment that is dated back.
        """
        appointing = self.policy.acts.get("person.appoint", ())
        return any(each.post.role in appointing and each.lasts_to(day) for each in self.directory.tenures)


def may(person: str, role: str, record: Names | None, day: date, council: Council, *, unit: str | None = None) -> bool:
    """Whether the person acts in the role on that day about that record.

    A role that a record names is theirs whom it names, or of the members of a group that it names, while they hold any
    post of the authority; what it leaves empty is nobody's. Every other role is a post, or a group, held on that day;
    with `unit` it is that of the unit, or of the one above it to which the role belongs.
    """
    posts = council.posts(person, day)
    if role in PERSONS:
        named = record.persons(role) if record is not None else ()
        return bool(posts) and (person in named or any(_is_group(post.role, council) in named for post in posts))
    held = [post for post in posts if post.role == role]
    scope = council.policy.roles[role].scope if held else "authority"
    if unit is None or scope == "authority":
        return bool(held)
    end_of_day = at_local(day + timedelta(days=1), MIDNIGHT) - timedelta.resolution
    return council.directory.unit_of_kind(unit, scope, end_of_day) in {post.unit for post in held}


def _is_group(role: str, council: Council) -> str | None:
    return role if council.policy.roles[role].group else None


@dataclass(slots=True)
class Roll:
    """The people of one act, held against the directory on its day.

    What the directory does not bear out is refused. Where an act is history that may name what nobody can check
    (`unverified`), or belongs to a directory that is only beginning, it stands, and `doubts` names the fields.
    """

    council: Council
    day: date
    unverified: bool = False
    doubts: list[str] = field(default_factory=list)

    def open_while_it_begins(self) -> None:
        """For an act on the directory itself: while nobody may appoint, anybody begins it, and that is unverified."""
        self.unverified = self.unverified or not self.council.can_appoint(self.day)

    def require_role(
        self, where: str, person: str, role: str, record: Names | None = None, *, unit: str | None = None
    ) -> None:
        """Forbidden, naming the field `where`, unless the person may act in the role. Who else may is not told.

        Where the record names others for the role, `actor` is refused, of history too: that much can be checked.
        """
        if role in PERSONS and not self._could_be_named(person, role, record):
            raise Forbidden("actor", f"{person} is not the {role} of this record on {self.day}")
        if not may(person, role, record, self.day, self.council, unit=unit):
            place = f" for {unit}" if unit else ""
            self._doubt(where, f"{person} did not hold the role {role}{place} on {self.day}", Forbidden)

    def require_power(self, power: str, person: str, role: str) -> None:
        """Refused unless the policy gives the power to the role; Forbidden unless the person holds it."""
        allowed = self.council.policy.acts.get(power, ())
        if role not in allowed:
            raise Refused("role", f"{role} may not {power}; the policy gives it to {', '.join(allowed) or 'nobody'}")
        self.require_role("role", person, role)

    def _could_be_named(self, person: str, role: str, record: Names | None) -> bool:
        """Whether the record names the person so, or a group to which anybody may belong."""
        named = record.persons(role) if record is not None else ()
        roles = self.council.policy.roles
        return person in named or any(each in roles and roles[each].group for each in named)

    def require_in_post(self, where: str, people: Iterable[str | None]) -> None:
        """Refused unless each person named in the field held some post of the authority on that day."""
        for person in people:
            if person is not None and not self.council.posts(person, self.day):
                self._doubt(where, f"{person} held no post on {self.day}")

    def require_auditing(self, where: str, person: str, audit_type: str | None) -> None:
        """Refused unless the person held, on that day, a post that makes audits of that type by the policy (HAL-3)."""
        policy = self.council.policy
        if not policy.selection.may_audit({post.role for post in self.council.posts(person, self.day)}, audit_type):
            asked = ", ".join(policy.selection.auditors[audit_type or ""])
            rule = f"an audit of type {audit_type} is for {asked}; {person} held none of these posts on {self.day}"
            self._doubt(where, rule)

    def require_known(self, where: str, person: str | None) -> None:
        """Refused unless the person named in the field had held a post by the end of that day; None names nobody."""
        began = (tenure.since for tenure in self.council.directory.by_person.get(person or "", ()))
        if person is not None and not any(local_date(since) <= self.day for since in began):
            self._doubt(where, f"{person} had held no post by {self.day}")

    def require_trained(self, where: str, person: str) -> None:
        """Refused unless the person stood on the register of trained auditors on that day (TOR-3)."""
        if not self.council.directory.is_trained(person, self.day):
            self._doubt(where, f"{person} is not on the register of trained auditors on {self.day}")

    def _doubt(self, where: str, rule: str, refused: type[Refused] = Refused) -> None:
        if not self.unverified:
            raise refused(where, rule)
        if where not in self.doubts:
            self.doubts.append(where)
