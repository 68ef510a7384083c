"""Short histories for tests: facts in, recorded events out, every id opaque and every text sealed."""

import base64
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from events.actions import ActionCompleted, ActionSet
from events.audits import AuditAllocated, AuditClosed, AuditModerated, AuditSubmitted, ModeratorAllocated
from events.base import Fact
from events.envelope import Envelope
from events.escalations import EscalationRaised, EscalationResolved, NoticeSent, Recipient
from events.findings import SectionGraded
from events.recorded import Recorded

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
TORBAY = "torbay"
DUE = date(2026, 2, 2)


def sealed(text: str = "nothing to be read here", *, child: str = "C-1") -> str:
    """Text in the form of sealed text. It is not encrypted: a test may read it back, the product cannot."""
    return f"sealed:1:{child}:{base64.urlsafe_b64encode(text.encode().ljust(48)).decode().rstrip('=')}"


def recorded(  # noqa: PLR0913 - an envelope has many parts; a test names only those it is about
    fact: Fact,
    *,
    at: datetime = START,
    version: int = 1,
    position: int | None = 1,
    audit: str = "A-1",
    about: str | None = None,
    authority: str = TORBAY,
    actor: str = "P-1",
    role: str = "QA Team",
    recorded_at: datetime | None = None,
) -> Recorded:
    """Give the fact as history holds it: on the stream of `audit`, or of the aggregate `about`."""
    originator = about or f"audit/{audit}"
    envelope = Envelope(
        event_id=f"{authority}-{originator.replace('/', '-')}-{version}.0",
        authority=authority,
        actor=actor,
        role=role,
        occurred=at,
        recorded=recorded_at or at,
        correlation="K-1",
        causation="",
        policy_version="1",
    )
    return Recorded(originator, version, fact, envelope, position)


def history(
    facts: Iterable[Fact | tuple[str, Fact]],
    *,
    start: datetime = START,
    step: timedelta = timedelta(hours=1),
    after: int = 0,
    authority: str = TORBAY,
    actor: str = "P-1",
) -> list[Recorded]:
    """Record the facts one after another, an hour apart, with unbroken positions and versions.

    A bare fact is about audit A-1; `("audit/A-2", fact)` is about another aggregate. `after` is the position
    that the stream has reached before; versions count within this list.
    """
    versions: dict[str, int] = {}
    events = []
    for index, each in enumerate(facts):
        about, fact = each if isinstance(each, tuple) else ("audit/A-1", each)
        versions[about] = version = versions.get(about, 0) + 1
        at, position = start + index * step, after + index + 1
        event = recorded(fact, at=at, version=version, position=position, about=about, authority=authority, actor=actor)
        events.append(event)
    return events


def allocated(
    *,
    child: str = "C-1",
    team: str = "T-1",
    due: date | None = DUE,
    reaudit_of: str | None = None,
) -> AuditAllocated:
    """Give an audit of a child's file, given to auditor P-2."""
    return AuditAllocated(
        audit_type="full",
        child=child,
        child_number=sealed("number", child=child),
        team=team,
        worker="P-9",
        auditor="P-2",
        due=due,
        reaudit_of=reaudit_of,
    )


def batches(events: Sequence[Recorded], size: int) -> list[Sequence[Recorded]]:
    """Cut the events in batches of `size`, in order."""
    return [events[first : first + size] for first in range(0, len(events), size)]


def months_of_auditing(audits: int) -> list[tuple[str, Fact]]:
    """Give the facts of whole audits, twelve each, that run through one another as they do in a month."""
    whole = [[(f"audit/A-{number}", fact) for fact in _one_audit(number)] for number in range(audits)]
    return [
        events[step - number % 4]
        for step in range(15)
        for number, events in enumerate(whole)
        if 0 <= step - number % 4 < len(events)
    ]


def _one_audit(number: int) -> list[Fact]:
    due = datetime(2026, 2, 2, tzinfo=UTC)
    step = {"obligation": "return", "step": "overdue_1", "due": due, "title": "Audit return overdue"}
    told = (Recipient(asked="service manager", role="Service Manager", unit="S-1", holder="P-5"),)
    child = f"C-{number // 2}"
    return [
        allocated(child=child, team=f"T-{number % 3}"),
        SectionGraded(section="plan", grade="Meets good", evidence=sealed(child=child)),
        SectionGraded(section="voice", grade="Does not meet good", evidence=sealed(child=child)),
        NoticeSent.model_validate({**step, "kind": "reminder", "recipients": told}),
        EscalationRaised.model_validate({**step, "level": 1, "recipients": told}),
        AuditSubmitted(grade="Meets Good"),
        EscalationResolved(obligation="return", step="overdue_1", due=due, how="discharged"),
        ModeratorAllocated(moderator="P-3"),
        AuditModerated(
            moderator="P-3",
            outcome="changed" if number % 2 else "confirmed",
            grade="Does Not Meet Good" if number % 2 else "Meets Good",
            sections={"plan": "Does not meet good"} if number % 2 else {},
            rationale=sealed(child=child),
        ),
        ActionSet(action="X-1", text=sealed(child=child), owner="P-9", due=DUE, stage="moderation"),
        ActionCompleted(action="X-1", impact=sealed(child=child)),
        AuditClosed(),
    ]
