"""What goes to whom when: at once or in the digest of a day (A-ALL-13), also on the nights when clocks change."""

from datetime import UTC, date, datetime, time

import pytest

from events.directory import PersonAppointed
from events.envelope import Envelope
from events.escalations import EscalationRaised, NoticeSent, Recipient
from events.recorded import Recorded
from services.deliveries.due import addressed, digest_after, people
from services.directory.state import DIRECTORY, Directory, fold_directory
from services.policy.model import Policy
from tests.desks import SHIPPED

TORBAY = SHIPPED["torbay"].newest
THEN = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
STEP = {"obligation": "audit_return", "step": "reminder", "due": THEN, "title": "Return"}


def with_hour(hour: time) -> Policy:
    return TORBAY.model_copy(update={"messages": TORBAY.messages.model_copy(update={"digest_at": hour})})


def recorded(fact: NoticeSent | EscalationRaised | PersonAppointed, about: str = "audit/A-1") -> Recorded:
    envelope = Envelope("n.0", "torbay", "sightline", "system", THEN, THEN, "A-1", "", "1")
    return Recorded(about, 1, fact, envelope)


def to(*recipients: Recipient, kind: str = "reminder", reconstructed: bool = False) -> Recorded:
    return recorded(NoticeSent(**STEP, kind=kind, recipients=recipients, reconstructed=reconstructed))


HOLDER = Recipient(asked="team_manager", role="team_manager", unit="T-1", holder="P-TM")


@pytest.mark.covers("A-ALL-13")
def test_a_reminder_waits_for_the_digest_and_an_escalation_does_not() -> None:
    """What is of one type, day and person is one message; what must be acted on goes by itself, at once."""
    (one,) = addressed(to(HOLDER), Directory(), TORBAY)
    assert one.at == datetime(2026, 3, 4, 8, 30, tzinfo=UTC)
    raised = recorded(EscalationRaised(**STEP, level=1, recipients=(HOLDER,)))
    (other,) = addressed(raised, Directory(), TORBAY)
    assert other.at == THEN
    assert one.place != other.place


def test_who_is_told_twice_of_one_thing_gets_it_once() -> None:
    """In two posts, or by name and as one of a group."""
    directory = fold_directory([recorded(PersonAppointed(person="P-TM", role="qa_team"), DIRECTORY)])
    group = Recipient(asked="qa_team", role="qa_team")
    found = list(addressed(to(HOLDER, group), directory, TORBAY))
    assert [each.person for each in found] == ["P-TM"]


def test_nobody_in_a_group_is_somebody_to_account_for() -> None:
    """A group without members stands for itself: that nobody was reached is recorded."""
    assert people(Recipient(asked="qa_team", role="qa_team"), Directory(), THEN) == [None]


def test_what_was_reconstructed_goes_to_nobody() -> None:
    """History that was imported was not Sightline's to tell."""
    assert list(addressed(to(HOLDER, reconstructed=True), Directory(), TORBAY)) == []


@pytest.mark.parametrize(
    ("hour", "told_at", "goes_at"),
    [
        # Clocks go forward on 29 March 2026: what is told before the hour of the digest goes that day, in summer time.
        (time(8, 30), datetime(2026, 3, 29, 0, 30, tzinfo=UTC), datetime(2026, 3, 29, 7, 30, tzinfo=UTC)),
        (time(8, 30), datetime(2026, 3, 28, 8, 30, tzinfo=UTC), datetime(2026, 3, 29, 7, 30, tzinfo=UTC)),
        # An hour that clocks skip still comes once.
        (time(1, 30), datetime(2026, 3, 28, 12, 0, tzinfo=UTC), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        (time(1, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC), datetime(2026, 3, 30, 0, 30, tzinfo=UTC)),
        # Clocks go back on 25 October 2026: of the hour that they show twice the first counts, and only that.
        (time(1, 30), datetime(2026, 10, 24, 12, 0, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (time(1, 30), datetime(2026, 10, 25, 0, 45, tzinfo=UTC), datetime(2026, 10, 26, 1, 30, tzinfo=UTC)),
        (time(8, 30), datetime(2026, 10, 25, 7, 45, tzinfo=UTC), datetime(2026, 10, 25, 8, 30, tzinfo=UTC)),
    ],
)
def test_the_digest_goes_at_the_hour_of_clocks_in_england(hour: time, told_at: datetime, goes_at: datetime) -> None:
    """One digest each day at the policy's hour, whatever clocks do that night."""
    assert digest_after(told_at, with_hour(hour)) == goes_at


def test_there_is_one_digest_for_each_day_of_a_year() -> None:
    """From one digest to the next it is always the next day in England."""
    at, days = digest_after(datetime(2026, 1, 1, tzinfo=UTC), with_hour(time(1, 30))), []
    for _ in range(365):
        days.append(at.date())
        at = digest_after(at, with_hour(time(1, 30)))
    assert days == [date.fromordinal(date(2026, 1, 1).toordinal() + number) for number in range(365)]
