"""Which messages go to whom, and when: at once, or as the digest of a day (A-ALL-13).

Pure: from a notice, the directory and the policy to places in messages. Who was told in two posts, or as one of a
group, gets a notice once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from events.deliveries import DeliveryAttempted, DeliveryHandedUp, DeliverySuppressed, MessageKind, Told
from events.escalations import EscalationRaised, NoticeSent, Recipient
from events.recorded import Recorded
from services.clock import at_local, local_date
from services.directory.state import Directory, Post
from services.policy.model import Policy

Notice = NoticeSent | EscalationRaised
Begun = DeliveryAttempted | DeliverySuppressed


@dataclass(frozen=True, slots=True)
class Addressed:
    """One notice for one recipient: `person` None is a group in which nobody is. `at` is when its message goes."""

    person: str | None
    role: str
    unit: str | None
    kind: MessageKind
    obligation: str
    step: str
    told: Told
    at: datetime
    digest: bool
    instead_of: str = ""

    @property
    def place(self) -> str:
        """The identity of the message in which it goes: the same for all that go together, in every process."""
        who = self.person or f"{self.role}@{self.unit or ''}"
        of = (self.at.isoformat(), self.kind, self.obligation, self.step) if self.digest else (self.told.notice,)
        return identity(who, *of, self.instead_of)

    @property
    def name(self) -> tuple[str, str, str]:
        """What is told once: this notice to this recipient, in place of that delivery."""
        return (self.person or f"{self.role}@{self.unit or ''}", self.told.notice, self.instead_of)


def identity(*parts: str) -> str:
    """The name of a message's record, from what it is made of."""
    return sha256("\n".join(parts).encode()).hexdigest()[:32]


def next_in_line(place: str, number: int) -> str:
    """The message of the same place that takes what came after the one before it had gone."""
    return place if not number else identity(place, str(number))


def addressed(recorded: Recorded, directory: Directory, policy: Policy) -> Iterator[Addressed]:
    """Everybody to whom a notice goes. Nobody for what was reconstructed: that was not Sightline's to tell."""
    fact = recorded.fact
    if not isinstance(fact, Notice) or fact.reconstructed:
        return
    kind: MessageKind = "escalation" if isinstance(fact, EscalationRaised) else fact.kind
    told = Told(about=recorded.originator_id, notice=recorded.envelope.event_id)
    digest = kind not in policy.messages.at_once
    at = recorded.envelope.recorded
    at = digest_after(at, policy) if digest else at
    seen: set[str] = set()
    for each in fact.recipients:
        for person in people(each, directory, recorded.envelope.occurred):
            one = Addressed(person, each.role, each.unit, kind, fact.obligation, fact.step, told, at, digest)
            if one.name[0] not in seen:
                seen.add(one.name[0])
                yield one


def handed_up(recorded: Recorded, failed: Begun, directory: Directory) -> Iterator[Addressed]:
    """Everybody of the tier above who is told at once of what did not reach its recipient."""
    fact = recorded.fact
    if not isinstance(fact, DeliveryHandedUp):
        return
    instead = recorded.originator_id.partition("/")[2]
    for each in fact.recipients:
        for person in people(each, directory, recorded.envelope.occurred):
            for told in failed.told:
                yield Addressed(
                    person,
                    each.role,
                    each.unit,
                    failed.kind,
                    failed.obligation,
                    failed.step,
                    told,
                    recorded.envelope.recorded,
                    digest=True,
                    instead_of=instead,
                )


def people(recipient: Recipient, directory: Directory, at: datetime) -> list[str | None]:
    """The person in the post; of a group whoever is in it, of a team whoever has a post there; None for nobody."""
    if recipient.holder is not None:
        return [recipient.holder]
    if recipient.role == "team":
        members = [each.person for each in directory.tenures if each.post.unit == recipient.unit and each.covers(at)]
    else:
        members = directory.holders(Post(recipient.role, recipient.unit), at)
    return [*dict.fromkeys(members)] or [None]


def digest_after(instant: datetime, policy: Policy) -> datetime:
    """The first instant after it at which clocks in England show the policy's hour of digests."""
    day, hour = local_date(instant), policy.messages.digest_at
    today = at_local(day, hour)
    return today if instant < today else at_local(day + timedelta(days=1), hour)
