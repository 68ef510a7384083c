"""What a framework says in words and what the engine counts are the same dates, read by a reader of its own."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

import holidays
from hypothesis import given, settings
from hypothesis import strategies as st

from services.clock import LONDON
from services.obligations.engine import obligations
from services.policy.describe.clocks import clock_in_words
from services.policy.model import ObligationRule
from services.policy.versions import Policies
from tests.desks import SHIPPED, TestDesk
from tests.lives import Life

POLICY = SHIPPED["torbay"].newest
BANK_HOLIDAYS = holidays.country_holidays("GB", subdiv="ENG", years=range(2025, 2030))

SPANS = st.tuples(st.integers(1, 40), st.sampled_from(["day", "working day", "week", "month"])).map(
    lambda drawn: f"{drawn[0]} {drawn[1]}{'s' if drawn[0] > 1 else ''}"
)
HOURS = st.sampled_from(["notice", "lapse", "at once", "end of day", "10:00", "17:30"])


@st.composite
def rules(draw: st.DrawFn) -> ObligationRule:
    """A clock that starts with a meeting, with a due date and a ladder of any steps before and after it."""
    ladder: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 4))):
        base = draw(st.sampled_from(["trigger", "due", *(f"step_{each}" for each in range(number))]))
        sign = draw(st.sampled_from(["+", "-"] if base == "due" else ["+"]))
        on = draw(st.sampled_from([base, f"{base} {sign} {draw(SPANS)}"]))
        ladder.append(
            {"name": f"step_{number}", "on": on, "hour": draw(HOURS), "title": f"Step {number}"}
            | {"kind": "notice", "to": ["qa_team"]}
        )
    return ObligationRule.model_validate(
        {
            "name": "tried",
            "title": "Tried",
            "source": ["TEST-1"],
            "trigger": {"events": ["audit.meeting_recorded"]},
            "owner": "qa_team",
            "due": f"trigger + {draw(SPANS)}",
            "met_by": ["audit.closed"],
            "ladder": ladder,
        }
    )


class Reader:
    """Reads the sentences of one clock that began at an instant, and counts by itself."""

    SPAN = (
        r"(?:(?P<count>\d+) (?P<unit>day|working day|week|month)s? (?P<side>before|after) |on (?:the day on which )?)"
    )

    def __init__(self, began: datetime) -> None:
        self.began = began
        self.days: dict[str, date] = {"it starts": began.date()}
        self.instants: dict[str, datetime] = {}

    def due(self, sentence: str) -> None:
        found = re.fullmatch(rf"Due {self.SPAN}(?P<base>it starts)", sentence)
        assert found, sentence
        self.days["it is due"] = self._counted(found)

    def step(self, sentence: str) -> None:
        base = r"(?P<base>it starts|it is due|the day of “[^”]+”)"
        when = rf"(?:, at once| {self.SPAN}{base}, at (?P<at>\d\d:\d\d))"
        found = re.fullmatch(rf"Notice to QA Team{when}: “(?P<title>[^”]+)”", sentence)
        assert found, sentence
        day = self.days[f"the day of “{found['title']}”"] = self._counted(found)
        at = datetime.combine(day, time.fromisoformat(found["at"] or "00:00"), LONDON)
        self.instants[found["title"]] = at if day < self.began.date() else max(at, self.began)

    def _counted(self, found: re.Match[str]) -> date:
        day, sign = self.days[found["base"] or "it starts"], -1 if found["side"] == "before" else 1
        count = int(found["count"] or 0)
        match found["unit"]:
            case "day":
                return day + timedelta(days=sign * count)
            case "week":
                return day + timedelta(days=sign * count * 7)
            case "month":
                months = day.year * 12 + day.month - 1 + sign * count
                first = date(months // 12, months % 12 + 1, 1)
                last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
                return first.replace(day=min(day.day, last.day))
        while count:
            day += timedelta(days=sign)
            count -= day.weekday() < 5 and day not in BANK_HOLIDAYS
        return day


@settings(max_examples=60)
@given(
    rule=rules(),
    began=st.datetimes(
        datetime(2026, 1, 6),  # noqa: DTZ001 - the zone is drawn with it
        datetime(2026, 12, 20),  # noqa: DTZ001 - the zone is drawn with it
        timezones=st.just(LONDON),
        allow_imaginary=False,
    ),
)
def test_the_sentences_say_the_dates_that_the_engine_counts(rule: ObligationRule, began: datetime) -> None:
    """For any offsets, anchors and hours: the last day and each step of the ladder stand where their sentences say."""
    began = began.replace(second=0, microsecond=0).astimezone(LONDON)
    reader = Reader(began)
    for part, words in clock_in_words(POLICY, rule):
        if part == "due":
            reader.due(words)
        elif part.startswith("ladder."):
            reader.step(words)
    policy = POLICY.model_copy(update={"obligations": (rule,)})
    desk = TestDesk("torbay", Policies("torbay", (policy,)))
    life = Life("torbay", "A-1").allocated("2026-01-05")
    desk.do(*life.act("audit.record_meeting", began.isoformat(), "P-AUD", "auditor"))
    [found] = [each for each in obligations(desk.history("A-1"), desk.policies) if each.name == "tried"]
    assert found.due == reader.days["it is due"]
    assert {rung.title: rung.due.astimezone(LONDON) for rung in found.rungs} == reader.instants
