"""Each event's envelope is held against the rules that its history had adopted, and those that stood on its day."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest

from events.base import Fact
from events.directory import UnitPlaced
from events.envelope import Envelope
from events.escalations import NoticeSent
from events.imports import ImportClosed, ImportOpened
from events.losses import DamageAccepted
from events.policies import PolicyAdopted
from events.recorded import Recorded
from events.reports import ReportOwed
from services.adoption.decisions import adopt, taken_over
from services.adoption.proving import TAKEN_UP, Rulebook
from services.policy.adopted import RECORD, opened
from tests.desks import SHIPPED

BEGAN = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
CHANGED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NEW_DAY = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
SOON = timedelta(seconds=4)
FILES = SHIPPED["torbay"]
[FIRST] = taken_over(FILES)
SECOND_WORDS = FILES.newest.model_copy(update={"version": "2"})
[SECOND] = adopt(SECOND_WORDS, [opened(FIRST, BEGAN)], NEW_DAY.date(), CHANGED.date())
PLACED = UnitPlaced(unit="T-1", kind="team")
STEP = NoticeSent(
    obligation="return", step="late", due=NEW_DAY, kind="reminder", title="Late", recipients=(), trigger="c-1.0"
)
OWED = ReportOwed(
    report="monthly", period="2026-03", first=date(2026, 2, 16), last=date(2026, 3, 15), due=date(2026, 4, 1)
)
versions = count(1)


def event(fact: Fact, at: datetime, by: PolicyAdopted | None, *, recorded: datetime | None = None) -> Recorded:
    """An event of `at`, judged by an adopted version or, if by none, by what the file said."""
    told = Envelope(
        event_id="c-1.0",
        authority="torbay",
        actor="sightline" if isinstance(fact, NoticeSent) else "P-QA",
        role="qa_team",
        occurred=at,
        recorded=recorded or at,
        correlation="",
        causation="",
        policy_version=by.version if by else FIRST.version,
        policy_hash=by.digest if by else "",
    )
    return Recorded(RECORD if isinstance(fact, PolicyAdopted) else "directory/people", next(versions), fact, told)


def reasons(*events: Recorded) -> Iterator[str]:
    """What is found in the history of a council that began with its file and adopted a second version in March."""
    book = Rulebook()
    adoptions = [event(FIRST, BEGAN, None), event(SECOND, CHANGED, FIRST)]
    told = sorted([*adoptions, *events], key=lambda each: each.envelope.recorded)
    return filter(None, [book.take(each) for each in told])


@pytest.mark.parametrize(
    "sound",
    [
        event(PLACED, BEGAN - SOON, None),
        event(PLACED, BEGAN + SOON, None),
        event(PLACED, BEGAN + SOON, FIRST),
        event(PLACED, NEW_DAY - timedelta(days=1), FIRST),
        event(PLACED, NEW_DAY, SECOND),
        event(PLACED, BEGAN, FIRST, recorded=NEW_DAY),
        event(STEP, NEW_DAY, FIRST),
        event(STEP, NEW_DAY, None),
        event(OWED, datetime(2026, 3, 16, tzinfo=UTC), FIRST, recorded=NEW_DAY),
        event(DamageAccepted(position=1, through=1, found="missing", reason="restore"), NEW_DAY, None),
        event(ImportOpened(file_hash="0f"), CHANGED + SOON, SECOND),
        event(ImportClosed(accepted=1, repeated=0, refused=0), CHANGED + SOON, SECOND),
    ],
    ids=[
        *("before", "at once", "first", "old day", "new day", "history", "step", "old step", "period", "damage"),
        *("import", "import's end"),
    ],
)
def test_what_its_rules_bear_out(sound: Recorded) -> None:
    """Nothing is said of an event of its day's rules, nor of what follows an older one or the end of a period.

    Nor of an import that names the newest version before its day, as imports once did: what it brings in is judged.
    """
    assert list(reasons(sound)) == []


def with_hash(wrong: str) -> Recorded:
    found = event(PLACED, NEW_DAY, SECOND)
    return replace(found, envelope=replace(found.envelope, policy_hash=wrong))


@pytest.mark.parametrize(
    ("unsound", "reason"),
    [
        (with_hash("0" * 64), "names rules (000000000000) that nobody had adopted by then"),
        (event(PLACED, CHANGED - SOON, SECOND), f"names rules ({SECOND.digest[:12]}) that nobody had adopted by then"),
        (event(PLACED, NEW_DAY, FIRST), "names version 1, but version 2 was in force on 16 Mar 2026"),
        (event(PLACED, CHANGED + SOON, SECOND), "names version 2, but version 1 was in force on 2 Mar 2026"),
        (event(PLACED, BEGAN, SECOND, recorded=NEW_DAY + SOON), None),
        (event(PLACED, BEGAN + TAKEN_UP + SOON, None), "names no adopted rules, but version 1 was adopted by then"),
        (with_hash(FIRST.digest), f"names version 2 by the hash of version 1 ({FIRST.digest[:12]})"),
    ],
    ids=["never", "not yet", "former", "too early", "own day", "none", "another's"],
)
def test_what_they_do_not(unsound: Recorded, reason: str | None) -> None:
    """An envelope whose rules were never adopted, not yet, or did not stand on its day is named with the reason."""
    if reason is None:  # an act of its own, such as an erasure that is told of later, is judged as it is recorded
        assert list(reasons(unsound)) == []
        by_somebody = replace(unsound, envelope=replace(unsound.envelope, digest="said again"))
        assert list(reasons(by_somebody)) == ["names version 2, but version 1 was in force on 5 Jan 2026"]
        return
    assert list(reasons(unsound)) == [reason]


@pytest.mark.parametrize(
    ("adopted", "reason"),
    [
        (SECOND.model_copy(update={"version": "3", "digest": "0f" * 32}), "version 3 is not what was adopted"),
        (FIRST.model_copy(update={"version": "2"}), "version 2 was adopted before, with other words"),
    ],
)
def test_adoptions_that_are_none(adopted: PolicyAdopted, reason: str) -> None:
    """Content that does not fit its hash, and a version that was adopted before with other words."""
    [found] = reasons(event(adopted, NEW_DAY, SECOND))
    assert reason in found


def test_an_adoption_that_was_given_up() -> None:
    """Where a damaged event was accepted, one unknown hash may be named with its version: nobody can read it any more.

    Nothing else may be, not even by another event of that hash.
    """
    book = Rulebook()
    book.take(event(FIRST, BEGAN, None))
    book.pass_over()
    assert [book.take(event(PLACED, NEW_DAY, each)) for each in (SECOND, FIRST, SECOND)] == [None, None, None]
    unknown = "that nobody had adopted by then"
    assert unknown in str(book.take(event(PLACED, NEW_DAY, SECOND.model_copy(update={"version": "3"}))))
    assert unknown in str(book.take(with_hash("0" * 64)))


def test_a_process_that_ran_goes_on_for_a_while() -> None:
    """Who decided just before an adoption of that day became known to it is not named; later, it is."""
    today = SECOND.model_copy(update={"since": CHANGED.date()})
    book = Rulebook()
    book.take(event(FIRST, BEGAN, None))
    book.take(event(today, CHANGED, FIRST))
    assert book.take(event(PLACED, CHANGED + SOON, FIRST)) is None
    assert book.take(event(PLACED, CHANGED + TAKEN_UP + SOON, FIRST)) is not None
