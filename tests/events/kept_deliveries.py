"""What the kept bodies of messages, addresses and calendars mean."""

from datetime import UTC, datetime

from events.base import Fact
from events.deliveries import (
    DeliveryAttempted,
    DeliveryBounced,
    DeliveryDelivered,
    DeliveryFailed,
    DeliveryHandedUp,
    DeliverySuppressed,
    Told,
)
from events.directory import AddressDoubted, AddressWithdrawn, CalendarGiven, CalendarRevoked, PersonAddressed
from events.escalations import Recipient
from tests.histories import sealed

OF_DELIVERIES: dict[str, Fact] = {
    "person.addressed.v1": PersonAddressed(person="P-5", address=sealed(child="person_P-5")),
    "person.address_withdrawn.v1": AddressWithdrawn(person="P-5"),
    "person.address_doubted.v1": AddressDoubted(person="P-5"),
    "calendar.given.v1": CalendarGiven(person="P-5", secret="ab" * 32),
    "calendar.revoked.v1": CalendarRevoked(person="P-5"),
    "delivery.attempted.v1": DeliveryAttempted(
        recipient="P-5",
        role="team_manager",
        unit="T-1",
        kind="reminder",
        obligation="audit_return",
        step="reminder",
        told=(Told(about="audit/A-1", notice="0a1b.0"), Told(about="audit/A-2", notice="2c3d.0")),
        transport="smtp",
        number=2,
    ),
    "delivery.suppressed.v1": DeliverySuppressed(
        role="qa_team",
        kind="escalation",
        obligation="immediate_alert",
        step="alert",
        told=(Told(about="audit/A-1", notice="0a1b.0"),),
        instead_of="0123456789abcdef",
        reason="no_member",
    ),
    "delivery.delivered.v1": DeliveryDelivered(transport="notify", number=2),
    "delivery.failed.v1": DeliveryFailed(
        transport="smtp", number=1, reason="deferred", again=datetime(2026, 3, 4, 9, 1, tzinfo=UTC)
    ),
    "delivery.bounced.v1": DeliveryBounced(recipient="P-5"),
    "delivery.handed_up.v1": DeliveryHandedUp(
        recipients=(
            Recipient(
                asked="over team_manager", role="service_manager", unit="S-1", holder="P-6", vacant=("x of T-1",)
            ),
        )
    ),
}
