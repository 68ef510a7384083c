"""What the stories of both councils share: people, dates, texts without content about anybody, and lines."""

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from services.obligations.calendar import WorkingCalendar
from services.policy.expressions import Span
from services.policy.form import FormQuestion
from services.policy.model import Policy

Line = dict[str, Any]
CALENDAR = WorkingCalendar()

EVIDENCE = (
    "recorded in visits and in supervision",
    "seen in the latest assessment and plan",
    "only partly recorded; confirmed in the meeting",
    "two entries are missing in the chronology",
    "direct work is on file and dated",
)
IMPACT = (
    "the child's day is steadier",
    "the plan moved on in time",
    "there was drift of some weeks",
    "too early to say",
    "the family knows what is expected",
)
TASKS = (
    "update the chronology",
    "visit and see the child alone",
    "bring the plan to the next review",
    "record the management oversight",
    "ask the school for its view",
    "hold a professionals' meeting",
)


THEMES = ("chronologies", "drift in plans", "direct work", "fathers not seen", "recording in time", "supervision")


class Story:
    """Collects the lines of one council's months in the order in which things happened."""

    def __init__(self, authority: str, seed: int) -> None:
        self.authority = authority
        self.dice = random.Random(seed)  # noqa: S311 - a story that anybody can draw again, not a secret
        self._lines: list[tuple[datetime, int, Line]] = []
        self._answers: list[Line] = []

    def act(self, command: str, at: datetime, actor: str, role: str, **fields: Any) -> None:
        """Something that somebody did at an instant (local time)."""
        line = self._line(command, at, actor, role) | fields
        self._lines.append((at, len(self._lines), line))

    def answer(self, command: str, at: datetime, actor: str, role: str, **fields: Any) -> None:
        """What somebody did about an escalation. It is told apart: first the system has to raise it."""
        self._answers.append(self._line(command, at, actor, role) | fields)

    def answers(self) -> list[Line]:
        """Every answer, in order."""
        return sorted(self._answers, key=lambda line: str(line["at"]))

    def lines(self, until: datetime) -> list[Line]:
        """Everything up to an instant, in order."""
        return [line for at, _, line in sorted(self._lines, key=lambda each: each[:2]) if at <= until]

    def _line(self, command: str, at: datetime, actor: str, role: str) -> Line:
        when = at.isoformat(timespec="minutes")
        return {"command": command, "authority": self.authority, "at": when, "actor": actor, "role": role}

    @property
    def office(self) -> str:
        """The role that keeps the directory."""
        return "performance_team" if self.authority == "southwark" else "qa_team"

    def place(self, since: datetime, services: Mapping[str, Sequence[str]]) -> None:
        """Who keeps the directory, then services and the teams in them."""
        self.appoint(since, "P-QA", self.office)
        for service, teams in services.items():
            self.act("unit.place", since, "P-QA", self.office, unit=service, kind="service")
            for team in teams:
                self.act("unit.place", since, "P-QA", self.office, unit=team, kind="team", parent=service)

    def appoint(self, since: datetime, person: str, post: str, unit: str | None = None) -> None:
        """A person in a post."""
        fields = {"unit": unit} if unit else {}
        self.act("person.appoint", since, "P-QA", self.office, person=person, post=post, **fields)

    def staff(self, since: datetime, people: Iterable[str], post: str, units: Sequence[str] = ()) -> None:
        """People in posts of one kind: of the authority, or in turn of these units."""
        for number, person in enumerate(people):
            self.appoint(since, person, post, units[number % len(units)] if units else None)

    def hour(self, day: date) -> datetime:
        """Some time in the working hours of a day."""
        return datetime.combine(day, time(9 + self.dice.randrange(8), self.dice.randrange(60)))

    def work_day(self, day: date) -> date:
        """The day, or the next working day."""
        return CALENDAR.roll(day, "next")

    def later(self, day: date, low: int, high: int) -> date:
        """A working day some working days later."""
        return CALENDAR.shift(day, Span(self.dice.randint(low, high), "working days"))

    def section(self, grade: str) -> Line:
        """A graded section with its texts."""
        return {"grade": grade, "evidence": self.dice.choice(EVIDENCE), "impact": self.dice.choice(IMPACT)}

    def said(self, policy: Policy, moment: str, audit: str, audit_type: str, strand: str | None = None) -> Line:
        """Answers to the framework's own questions of a moment that can be counted. They move no other die."""
        dice = random.Random(f"{audit} {moment}")  # noqa: S311 - as in the whole story
        asked = (each for each in policy.tool.questions if moment in each.asked_at)
        return {
            question.name: _answer(question, dice)
            for question in asked
            if question.is_for(audit_type, strand) and question.kind in {"yes or no", "choice", "choices", "tags"}
        }

    def task(self, audit: str, number: int, owner: str, due: date | None = None) -> Line:
        """An action."""
        action = {"action": f"{audit}-{number}", "text": self.dice.choice(TASKS), "owner": owner}
        return action | ({"due": due.isoformat()} if due else {})


def _answer(question: FormQuestion, dice: random.Random) -> Any:
    match question.kind:
        case "yes or no":
            return dice.random() < 0.8  # noqa: PLR2004 - most files are in order
        case "choice":
            return dice.choices(question.options, [8, *[1] * (len(question.options) - 1)])[0]
        case "choices":
            return dice.sample(question.options, dice.randint(1, min(3, len(question.options))))
        case _:
            return dice.sample(THEMES, dice.randint(1, 2))


def numbered(letters: str, count: int) -> list[str]:
    """So many people: `P-W1`, `P-W2` and so on."""
    return [f"P-{letters}{number}" for number in range(1, count + 1)]


def days(count: int) -> timedelta:
    """So many days."""
    return timedelta(days=count)
