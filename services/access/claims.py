"""From the claims of a token to a caller, by the settings: which claim says who, where, and in which roles."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from pydantic import TypeAdapter, ValidationError

from events.base import Ref
from events.errors import Unauthenticated
from services.access.caller import Caller
from services.core.own_names import OWN_NAMES
from services.settings import Settings

_REF: TypeAdapter[str] = TypeAdapter(Ref)
_AUTHORITY = re.compile(r"[a-z][a-z0-9-]{0,31}")
_ROLE = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True, slots=True)
class Named:
    """A claim by its name, or by the way to it with dots; with a prefix, only what begins with that counts."""

    claim: str
    prefix: str = ""

    def words(self, claims: Mapping[str, Any]) -> tuple[str, ...]:
        """Its words without the prefix: one, or those of a list. Unauthenticated if it is missing, or holds no words.

        A claim of the whole name comes before the way to one, since names of claims may have dots of their own.
        """
        held: Any = claims
        for step in (self.claim,) if self.claim in claims else self.claim.split("."):
            held = held.get(step) if isinstance(held, Mapping) else None
        if held is None:
            raise Unauthenticated(f"it has no claim {self.claim}")
        words = [held] if isinstance(held, str) else held
        if not isinstance(words, list) or not all(isinstance(each, str) for each in words):
            raise Unauthenticated(f"its claim {self.claim} must hold a word or a list of words")
        return tuple(each.removeprefix(self.prefix) for each in words if each.startswith(self.prefix))


@dataclass(frozen=True, slots=True)
class Claims:
    """Which claims tell of the person, of the authorities and, if any, of the roles."""

    person: Named
    authority: Named
    roles: Named | None = None

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """As the settings name them."""
        roles = Named(settings.oidc_roles_claim, settings.oidc_roles_prefix) if settings.oidc_roles_claim else None
        return cls(
            Named(settings.oidc_person_claim, settings.oidc_person_prefix),
            Named(settings.oidc_authority_claim, settings.oidc_authority_prefix),
            roles,
        )

    def caller(self, claims: Mapping[str, Any], issuer: str) -> Caller:
        """Who it is by these claims. Unauthenticated, naming the claim, if one of them is missing or unfit.

        Words that are no name of an authority, or of a role, belong to other systems and count for nothing.
        """
        person = self.person.words(claims)
        authorities = frozenset(each for each in self.authority.words(claims) if _AUTHORITY.fullmatch(each))
        if len(person) != 1 or not _is_person(person[0]):
            raise Unauthenticated(f"its claim {self.person.claim} must hold the reference of one person")
        if not authorities:
            raise Unauthenticated(f"its claim {self.authority.claim} names no authority")
        roles = None if self.roles is None else frozenset(filter(_ROLE.fullmatch, self.roles.words(claims)))
        return Caller(person[0], authorities, roles, issuer)


def _is_person(word: str) -> bool:
    try:
        _REF.validate_python(word)
    except ValidationError:
        return False
    return word.casefold() not in OWN_NAMES
