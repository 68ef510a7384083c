"""Where a message for somebody goes, what it says, and who stands above: asked of directory, policy and history."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from events.deliveries import DeliveryHandedUp, Suppression, Told
from events.escalations import EscalationRaised, NoticeSent
from services.clock import Clock, local_date
from services.core.writing import Store
from services.deliveries.due import Begun
from services.deliveries.letters import Letter, Line, letter, title_of
from services.deliveries.recording import record_of
from services.deliveries.state import Delivery
from services.directory.addresses import FIELD
from services.directory.recipients import Lookup
from services.directory.state import Directory
from services.obligations.engine import obligations
from services.policy.model import Policy
from services.policy.versions import Policies

STALE = timedelta(days=7)
"""A notice that waited longer is told to nobody: it is of the time before there were messages, or of a long outage."""


@dataclass(frozen=True, slots=True)
class Silent:
    """Why nothing goes to somebody."""

    reason: Suppression


@dataclass(slots=True)
class Office:
    """What is known of the people of one authority. `directory` is as it was read last.

    `unseal` opens an address with the key of its person, and gives no text where that is gone.
    """

    store: Store
    policies: Policies
    unseal: Callable[[str, str], object]
    clock: Clock
    link: str | None = None
    directory: Directory = field(default_factory=Directory)

    @property
    def policy(self) -> Policy:
        """The policy in force today."""
        return self.policies.in_force(local_date(self.clock()))

    def load(self, reference: str) -> tuple[Delivery, int]:
        """A message as its record leaves it now, and the version of that."""
        delivery, version = Delivery(), 0
        for each in self.store.load(record_of(reference)):
            delivery.apply(each)
            version = each.originator_version
        return delivery, version

    def address(self, person: str | None, since: datetime) -> str | Silent:
        """Where a message for the person goes that was to go at `since`, or why none does."""
        now = self.clock()
        if person is None:
            return Silent("no_member")
        if now - since > STALE:
            return Silent("stale")
        if not self.directory.held_by(person, now) and self.directory.has_left(person, now):
            return Silent("left")
        held = self.directory.addresses.held.get(person)
        if held is None or held.doubtful:
            return Silent("doubtful" if held else "no_address")
        opened = self.unseal(held.sealed, FIELD)
        return opened if isinstance(opened, str) else Silent("erased")

    def write(self, reference: str, address: str, begun: Begun) -> Letter:
        """The letter, as the framework words it today."""
        unreached = ""
        if begun.instead_of:
            missed = self.load(begun.instead_of)[0].begun
            role = self.policy.roles.get(missed.role) if missed else None
            unreached = role.title if role else "the one for whom it was"
        return letter(
            reference,
            address,
            self.policy,
            kind=begun.kind,
            title=title_of(self.policy, begun.obligation, begun.step),
            lines=[Line(each.about, self._due(each)) for each in begun.told],
            link=self.link,
            unreached=unreached,
        )

    def above(self, begun: Begun) -> DeliveryHandedUp:
        """That the tier above is told of what did not reach the recipient."""
        lookup = Lookup(self.directory, self.policy, self.clock())
        return DeliveryHandedUp(recipients=tuple(lookup.above(begun.recipient, begun.role, begun.unit)))

    def _due(self, told: Told) -> date | None:
        """The last day of what the notice is about, as it stands now."""
        history = self.store.load(told.about)
        fact = next((each.fact for each in history if each.envelope.event_id == told.notice), None)
        if not isinstance(fact, NoticeSent | EscalationRaised):
            return None
        found = obligations(history, self.policies, lambda rule: rule.name == fact.obligation)
        of = (each for each in found if each.trigger.envelope.event_id == fact.trigger and each.key == fact.key)
        return next((each.due for each in of), None)
