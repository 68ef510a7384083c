"""The envelope of what is recorded without a command, as it has always been stored."""

from datetime import UTC, datetime, timedelta

from events.envelope import Envelope
from services.core.own_events import own_envelope
from services.policy_files import load
from services.settings import SHIPPED_POLICIES

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_the_envelope_of_an_own_event() -> None:
    """The system's own at that instant, unless somebody else did it, earlier, or it follows from another event."""
    policy = load(SHIPPED_POLICIES / "torbay")
    told = own_envelope("n1", about="reads/n1", authority="torbay", policy=policy, now=NOW)
    assert told.numbered(0) == Envelope("n1.0", "torbay", "sightline", "system", NOW, NOW, "reads-n1", "", "1")
    before = NOW - timedelta(days=3)
    theirs = own_envelope(
        "n2",
        about="child/C-1",
        authority="torbay",
        policy=policy,
        now=NOW,
        by=("P-1", "qa_team"),
        occurred=before,
        cause="n1.0",
    )
    assert theirs.numbered(2) == Envelope(
        "n2.2", "torbay", "P-1", "qa_team", before, NOW, "child-C-1", "n1.0", "1", policy_hash=policy.digest
    )
