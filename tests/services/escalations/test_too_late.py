"""A step whose day had passed before its cause was recorded is not lost: it is recorded, and who came late is told."""

import orjson
import pytest

from events.escalations import NoticeLapsed
from services.importer import Importer
from tests.desks import SHIPPED, ReadableKeys, TestDesk
from tests.given import at, fact, given
from tests.lives import Life, Line, people
from tests.rounds import RoundLife
from tests.services.escalations import knobs
from tests.services.escalations.scenes import lapsed

TWO_WEEKS = knobs.policies(
    knobs.offset_of("practice_week_briefing", "briefing", "trigger.on - 2 weeks")(SHIPPED["torbay"].newest)
)
BRIEFING = "Practice Week in one week – briefing and briefing pack"


def week(on: str, when: str) -> Line:
    """A Practice Week that is entered as of then."""
    head = {"authority": "torbay", "actor": "P-QA", "role": "qa_team"}
    return {"command": "entry.record", **head, "entry": "W-1", "kind": "practice_week", "on": on, "at": when}


def test_a_briefing_of_two_weeks_for_a_week_thirteen_days_ahead() -> None:
    """It is recorded as lapsed at the instant of the entry, once, and with its reason; nobody is told of it."""
    entered = given(policies=TWO_WEEKS, live=True).when(week("2026-11-16", "2026-11-03 10:00"))
    assert entered.warnings == [f"too late to be sent, so that nobody is told: “{BRIEFING}” of 2 November 2026"]
    came = entered.then("entry.recorded").on("2026-11-03 10:05")
    day_and_reason = "2 November 2026, and nobody was told: its day had passed before there was a cause for it."
    assert [each.fact.sentence() for each in came.written] == [f"“{BRIEFING}” was for {day_and_reason}"]
    late = lapsed("briefing", "too_late", title=BRIEFING, due="2026-11-02 08:00").at("2026-11-03 10:00")
    came.then(late).on("2026-12-31 10:00").nothing()


@pytest.mark.parametrize(("when", "told"), [("2026-11-02 10:00", "2026-11-02 10:00"), ("2026-11-01 10:00", None)])
def test_what_still_has_its_day_is_told(when: str, told: str | None) -> None:
    """On the very day it goes with the entry, before it on its day; neither is worth a warning."""
    entered = given(policies=TWO_WEEKS, live=True).when(week("2026-11-16", when))
    assert entered.warnings == []
    scene = entered.then("entry.recorded")
    scene.on("2026-11-02 10:00").then(fact("notice.sent", step="briefing", due=told or "2026-11-02 08:00"))


def test_every_step_that_came_too_late_is_named_in_one_warning() -> None:
    """A return after the day on which the missing moderation was to be listed: one sentence names what is lost."""
    scene = given(*Life("torbay", "A-1").allocated("2026-01-05"), live=True)
    came = scene.when(*Life("torbay", "A-1").submitted("2026-03-02 10:00"))
    assert came.error is None
    assert [each for each in came.warnings if "too late" in each] == [
        "too late to be sent, so that nobody is told: “Moderation outstanding” of 16 February 2026"
    ]


def test_what_was_done_already_is_no_loss() -> None:
    """A round moved after its data were asked for: the reminder to ask lapses as met, without a warning."""
    scene = given(*RoundLife("2026-06").scheduled("2026-03-02").data_requested("2026-03-03"), live=True)
    moved = scene.when(*RoundLife("2026-06").scheduled("2026-05-28", starts="2026-06-03"))
    assert not [each for each in moved.warnings if "too late" in each]
    scene = moved.then(fact("round.scheduled", "round/2026-06", starts="2026-06-03"))
    came = scene.on("2026-05-28 12:00", only=["round/2026-06"])
    lapses = [each.fact for each in came.written if isinstance(each.fact, NoticeLapsed)]
    assert ("data_request", "late", "met") in {(each.obligation, each.step, each.reason) for each in lapses}


def test_an_import_of_history_says_nothing_line_by_line() -> None:
    """Twenty returns of years ago, each too late for a step: they are recorded as that, without twenty warnings."""
    lives = [Life("torbay", f"A-{each}").allocated("2025-01-06").submitted("2025-03-03") for each in range(20)]
    desk = TestDesk("torbay", staffed=False)
    lines = [*people("torbay", "2024-09-01"), *(line for life in lives for line in life)]
    summary = Importer({"torbay": desk}, {"torbay": ReadableKeys()}, "I-1").run(map(orjson.dumps, lines))
    assert (summary.refused, [*summary.warnings]) == (0, [])
    [lapsed] = [each for each in desk.settled("A-7").facts if isinstance(each.fact, NoticeLapsed)]
    assert isinstance(lapsed.fact, NoticeLapsed)
    assert (lapsed.fact.obligation, lapsed.fact.reason, lapsed.occurred) == (
        "moderation",
        "too_late",
        at("2025-03-03 09:00"),
    )
