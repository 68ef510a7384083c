"""Who asks through a door, as far as the token tells. That the person holds a role is the directory's word."""

from dataclasses import dataclass

from events.errors import Forbidden


@dataclass(frozen=True, slots=True)
class Caller:
    """A person who is known, and for which authorities.

    `roles` are all that the token lets the person act in; None where it says nothing about roles. `known_by` names how
    it is known: the issuer of the token.
    """

    person: str
    authorities: frozenset[str]
    roles: frozenset[str] | None = None
    known_by: str = ""

    def require_authority(self, authority: str) -> None:
        """Forbidden for an authority that the caller is not known in. Which others there are is not told."""
        if authority not in self.authorities:
            raise Forbidden("authority", f"the token does not let {self.person} into {authority}")

    def require_claimed(self, role: str) -> None:
        """Forbidden for a role that is not among those that the token claims, if it claims any."""
        if self.roles is not None and role not in self.roles:
            raise Forbidden("role", f"the token does not let {self.person} act as {role}")
