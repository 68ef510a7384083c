"""What is recorded without a command: by Sightline itself, by who runs it, by who may do what is no act of a policy."""

from datetime import datetime
from typing import Protocol

from events.envelope import Envelope
from services.core.own_names import SYSTEM_ACTOR, SYSTEM_ROLE

SYSTEM = (SYSTEM_ACTOR, SYSTEM_ROLE)


class Rules(Protocol):
    """What an envelope says of the policy that decided: a policy says it, and so does its name alone."""

    @property
    def version(self) -> str:
        """What the authority calls it."""
        ...

    @property
    def digest(self) -> str:
        """The hash of its content as it was adopted; "" for what stands in a file alone."""
        ...


def own_envelope(  # noqa: PLR0913 - an envelope has many parts, and most have a usual one here
    name: str,
    *,
    about: str,
    authority: str,
    policy: Rules,
    now: datetime,
    by: tuple[str, str] = SYSTEM,
    occurred: datetime | None = None,
    cause: str = "",
) -> Envelope:
    """The envelope of such an act, whose id is `name`: `numbered` makes that of each of its events.

    `about` is the record, or whatever else its events have in common; `by` who did it and in which role; `cause` the id
    of the event that it follows from. It happened when it was recorded, unless it is said when it `occurred`.
    """
    actor, role = by
    return Envelope(
        event_id=name,
        authority=authority,
        actor=actor,
        role=role,
        occurred=occurred or now,
        recorded=now,
        correlation=about.replace("/", "-"),
        causation=cause,
        policy_version=policy.version,
        policy_hash=policy.digest,
    )
