"""A March of each council in which everything happened that a report could tell of: audits, entries, steps, figures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Engine

from tests.lives import QA, QA_ROLES, TORBAY_LOWEST, Life, Line
from tests.reports.made import LATER, History, made
from tests.requirements.books.rows import Ask, Book, Step, asked
from tests.requirements.books.test_books import NAMED, TABLES, TRIED
from workers.reports.page import Report

LOWEST = {"torbay": TORBAY_LOWEST}
MODERATING = ("torbay", "halton", "swindon")
STRANDS = {"torbay": ("Children cared for and permanence", "Adoption / Care experienced young people")}
"""The kinds of children of whom some reports tell alone."""

KINDS = {
    "torbay": ("full", "full"),
    "halton": ("deep dive", "deep dive"),
    "southwark": ("case file", "case file"),
    "east-sussex": ("team file", "operations manager peer audit"),
    "swindon": ("case file", "early help"),
}
ACTS = ("entry.record", "entry.step", "entry.set_action")
WORDS = [f"word {letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
"""More than any report gives of what was said most often."""

ELSEWHERE = {"team": "T-9", "service": "S-2"}
SETS_ACTIONS: Mapping[str, Line] = {"east-sussex": {"actor": "P-AUD", "role": "auditor"}}
"""Who sets an action, where it is not who runs the month."""

FIGURES: Mapping[str, tuple[str, tuple[tuple[str, str, str | None, int], ...]]] = {
    "torbay": (
        "intelligence_and_performance",
        (
            ("visits_on_time", "2026-02", None, 70),
            ("visits_on_time", "2026-03", None, 80),
            ("care_plans_on_time", "2026-03", "T-1", 60),
        ),
    ),
    "halton": ("qa_team", (("demand", "2026-02", "referrals", 30), ("demand", "2026-03", "referrals", 40))),
    "southwark": (
        "performance_team",
        (
            ("record_accuracy", "2026-02", None, 95),
            ("record_accuracy", "2026-03", None, 96),
            ("record_accuracy", "2026-03", "T-1", 99),
        ),
    ),
    "east-sussex": (
        "qa_team",
        (("families_supported", "2026-02", None, 12), ("families_supported", "2026-03", None, 13)),
    ),
    "swindon": (
        "qa_team",
        (
            ("visits_in_time", "2026-02", None, 90),
            ("visits_in_time", "2026-03", None, 91),
            ("visits_in_time", "2026-03", "T-1", 95),
        ),
    ),
}
"""Who records the figures, and some of them: of a month, of all or of a team, or of a part of what was counted."""


@dataclass(frozen=True, slots=True)
class File:
    """An audit: when it was given out, came back and was moderated, and whether and when its action was done."""

    name: str
    child: str
    given: str
    back: str | None = None
    moderated: str | None = None
    team: str = "T-1"
    to_do: bool = False
    done: str | None = None
    low: bool = False
    strand: bool = False
    again: str | None = None


FILES = (
    File("A-0", "C-0", "2026-02-02", "2026-02-10", "2026-02-12"),
    File("A-1", "C-1", "2026-03-02", "2026-03-10", "2026-03-12", to_do=True, done="2026-03-16"),
    File(
        *("A-2", "C-2", "2026-03-02", "2026-03-11", "2026-03-13", "T-2"),
        to_do=True,
        done="2026-03-30",
        low=True,
        strand=True,
    ),
    File("A-3", "C-3", "2026-03-02", "2026-03-12", team="T-9", to_do=True, strand=True),
    File("A-4", "C-4", "2026-03-03", team="T-9"),
    File("A-5", "C-2", "2026-03-16", "2026-03-24", "2026-03-26", again="A-2"),
)
"""Two of one team and one of another service back in March, one of February, one that stays out, and one audited again.

Of those with something to do one did it in time, one too late and one never."""


class World:
    """One council's history, kept once for all of its reports."""

    def __init__(self, council: str) -> None:
        self.council = council
        self.history = History(council)
        roles = self.history.desk.policies.newest.roles
        acts = self.history.desk.policies.newest.acts
        self._may = {act: sorted(set(acts[act]) & set(roles)) for act in ACTS}
        self.refused = [said for line in self.lines() if (said := self.history.give(line))]
        for each in ("A-2", "A-4"):
            for day in range(9, 32, 2):
                self.history.desk.keep(f"audit/{each}", datetime(2026, 3, day, 20, tzinfo=UTC))
        self.engine: Engine = self.history.engine()

    def report(self, name: str, period: str, unit: str | None) -> Report:
        return made(self.engine, self.council, name, period, now=LATER, unit=unit)

    def lines(self) -> Iterator[Line]:
        """Two services, then everything in its order."""
        head = {"authority": self.council, **QA, "role": QA_ROLES.get(self.council, "qa_team"), "at": "2025-09-01"}
        yield {"command": "unit.place", **head, "unit": "S-2", "kind": "service", "parent": None}
        yield {"command": "unit.place", **head, "unit": "T-9", "kind": "team", "parent": "S-2"}
        yield from self.audits()
        for number, book in enumerate(TABLES[self.council], 1):
            yield from self.entries(number, book)
        yield from self.figures()
        act = {"command": "entry.set_action", "authority": self.council, "actor": "P-X", "at": "2026-03-10"}
        about = next(number for number, book in enumerate(TABLES[self.council], 1) if "team" in book.about + book.names)
        said = {"action": "X-E", "text": "look again", "owner": "P-SW", "due": "2026-03-24"}
        yield {**act, "role": self._may["entry.set_action"][0], "entry": f"E-{about}-a", **said}

    def figures(self) -> Iterator[Line]:
        """A figure that went up, and one of a team or of a part."""
        role, figures = FIGURES[self.council]
        head = {"command": "indicator.record", "authority": self.council, "actor": "P-X", "role": role}
        for indicator, month, place, value in figures:
            line = {**head, "at": f"{month}-28", "indicator": indicator, "month": month, "value": value}
            of = {"level": "team", "ref": place} if place == "T-1" else {"part": place}
            yield line | (of if place else {})

    def audits(self) -> Iterator[Line]:
        """What came back, and what is for one council alone: a further file, or one that need not be done."""
        for file in FILES:
            if file.again is None or self.council in MODERATING:
                yield from self._lived(file)
        if self.council == "southwark":
            ground = {"ground": "sick leave", "requested_by": "P-HOS", "requested_as": "head_of_service"}
            exempted = Life(self.council, "A-6", child="C-6").allocated("2026-03-03", team="T-4")
            yield from exempted.act("audit.exempt", "2026-03-06", "P-QA", "qa_lead", **ground)
        if self.council == "east-sussex":
            further = {"audit_type": "team further file", "extra_of": "A-1"}
            yield from Life(self.council, "A-6", child="C-6").allocated("2026-03-24", **further).submitted("2026-03-26")

    def _lived(self, file: File) -> Iterator[Line]:
        """The life of an audit, as far as it came and as far as the council asks for it."""
        council = self.council
        life = Life(council, file.name, child=file.child, auditor="P-RE" if file.again else "P-AUD")
        elsewhere = file.team == "T-9"
        kind = KINDS[council][elsewhere and file.back is not None]
        by = {"actor": "P-LEAD", "role": "strategic_lead_early_help"} if kind == "early help" else {}
        of = {"strand": STRANDS[council][elsewhere]} if council in STRANDS and file.strand else {}
        again = {"reaudit_of": file.again} if file.again else {}
        team = "T-3" if council == "southwark" and not file.back else file.team  # one file a month for each team
        life.allocated(file.given, team=team, audit_type=kind, **by, **of, **again)
        if file.back:
            self._returned(life, file, file.back)
        return iter(life)

    def _returned(self, life: Life, file: File, back: str) -> None:
        council = self.council
        concern: Line = {"significant_concern": file.low} if council == "east-sussex" else {}
        concern |= {"summary": "nobody visits"} if concern and file.low else {}
        life.submitted(back, LOWEST.get(council, "Inadequate") if file.low else None, **concern)
        if file.low and (scale := life.policy.grades.sections):
            sections = life.lines[-1]["sections"]
            worst = next(iter(sections))
            life.lines[-1]["sections"] = sections | {worst: sections[worst] | {"grade": scale[-1]}}
        if file.to_do:
            said = {"action": f"X-{file.name}", "text": "visit the child", "owner": "P-SW", "due": "2026-03-20"}
            life.act("action.set", back, **SETS_ACTIONS.get(council, life.qa), **said)
        if council in MODERATING and file.moderated:
            life.to_moderator(back).moderated(file.moderated)
        if file.done:
            done = {"action": f"X-{file.name}", "impact": "the child is seen weekly"}
            life.act("action.complete", file.done, "P-SW", "worker", **done)

    def entries(self, number: int, book: Book) -> Iterator[Line]:
        """Of each register one entry with all its steps, one elsewhere with none, and one of the month before."""
        first, other, before = (f"E-{number}-{each}" for each in "abc")
        yield self._entry(book, first, "2026-03-10", 0, NAMED, children=2)
        for day, step in enumerate(book.steps, 11):
            yield self._step(first, step, f"2026-03-{day}")
        yield self._entry(book, other, "2026-03-12", 1, NAMED | ELSEWHERE, children=1)
        yield self._entry(book, before, "2026-02-10", -1, NAMED, children=1)

    def _entry(self, book: Book, name: str, on: str, turn: int, called: Mapping[str, str], *, children: int) -> Line:
        places = {each: called[each] for each in f"{book.about} {book.names}".split()}
        line: Line = {"command": "entry.record", "authority": self.council, "actor": "P-X", "at": on, "on": on}
        line |= {"role": (book.by.split() or self._may["entry.record"])[0], "entry": name, "kind": book.name}
        line |= {**places, "answers": answers(book.asks, turn)}
        said = answers(book.each, turn)
        items = [{"child": f"C-{name}-{each}", "answers": said} for each in range(max(book.least, children))]
        return line | ({"items": items} if book.each or book.least else {})

    def _step(self, name: str, step: Step, at: str) -> Line:
        role = (step.by.split() or self._may["entry.step"])[0]
        head = {"command": "entry.step", "authority": self.council, "actor": "P-X", "at": at, "role": role}
        return {**head, "entry": name, "step": step.name, "answers": answers(step.asks, 0)}


@cache
def world_of(council: str) -> World:
    """The one world of a council: nothing is done in it later."""
    return World(council)


def answers(lines: str, turn: int) -> dict[str, Any]:
    """Every question answered: with its first option, yes and many words, in another turn with another, no and one."""
    return {each.name: _answer(each, turn) for each in asked(lines)} if lines.strip() else {}


def _answer(ask: Ask, turn: int) -> object:
    if ask.options:
        option = ask.options[turn % len(ask.options)]
        return option if ask.kind == "one of" else [option]
    others: dict[str, object] = {
        "tags": WORDS[:1] if turn else WORDS,
        "yes or no": not turn,
        "number": ask.least or ask.most or 3,
        "date": TRIED["a day"],
        "reference": TRIED["a reference"],
    }
    return others.get(ask.kind, TRIED["words"])
