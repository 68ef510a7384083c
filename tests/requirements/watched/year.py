"""A council's figures as its table of indicators is lived: two months of each, and audits graded in every way."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from events.errors import Refused
from events.indicators import IndicatorRecorded
from projections.dates import month_on
from projections.indicator_months import IndicatorRow, Place, indicator_months
from projections.store import open_store
from services.modules import CATALOGUE
from tests.desks import TestDesk
from tests.lives import Life, Line, people
from tests.projections.views import kept
from tests.requirements.watched.rows import OVERALL, OWN, Watch, listed
from workers.asking.indicators_asked import as_watched

MONTHS, ANOTHER = ("2026-05", "2026-06"), "2026-07"
BEGUN = "2024-10"
"""The month of the first audit; each of the others has a month of its own."""

ANY = "a part that nobody names"
PLACES: Mapping[str, Line] = {
    "authority": {},
    "service": {"level": "service", "ref": "S-1"},
    "team": {"level": "team", "ref": "T-1"},
    "person": {"level": "person", "ref": "P-SW"},
}
KEEPERS = {"southwark": "performance_team"}


class Figures:
    """One council's desk with its indicators: what may be recorded, and what is shown once it was."""

    def __init__(self, council: str, rows: tuple[Watch, ...]) -> None:
        self.council = council
        self.desk = TestDesk(council)
        self.desk.do(*people(council))
        self.policy = self.desk.policies.newest
        self.head = {"authority": council, "actor": "P-QA", "role": KEEPERS.get(council, "qa_team")}
        self.desk.do(*(line for row in rows for line in self._two_months(row)))
        self.graded = dict(self._graded())
        self.shown = self._shown()
        self.desk.forget()

    def tries(self, watch: Watch, **fields: Any) -> str:
        """The field for which a figure of it is refused; empty if it is taken. Nothing of it stays."""
        came = self._came(watch, **{"value": "4", **fields})
        return came if isinstance(came, str) else ""

    def divided(self, watch: Watch) -> Decimal | str:
        """What one of eight comes to, or the field for which it is refused."""
        return self._came(watch, numerator="1", denominator="8")

    def counted(self, watch: Watch, month: str) -> tuple[int, int] | None:
        """How many among how many the audits give it for a month; None where they give it nothing."""
        rows = self.shown.get((watch.name, month), [])
        return next(((int(row.numerator or 0), int(row.denominator or 0)) for row in rows if row.counted), None)

    def _came(self, watch: Watch, **fields: Any) -> Decimal | str:
        self.desk.forget()
        line = self._line(watch) | {"month": ANOTHER, "part": parts_of(watch)[0]} | fields
        given = {name: each for name, each in line.items() if each is not None}
        try:
            [event] = self.desk.decide(CATALOGUE.parse(orjson.dumps(given))).events
        except Refused as refused:
            return refused.field
        assert isinstance(event.fact, IndicatorRecorded)
        return event.fact.value

    def _line(self, watch: Watch) -> Line:
        place = PLACES[listed(watch.levels)[0]]
        return {"command": "indicator.record", **self.head, "at": "2026-07-07", "indicator": watch.name, **place}

    def _two_months(self, watch: Watch) -> Iterator[Line]:
        for part in parts_of(watch):
            line = self._line(watch) | ({"part": part} if part else {})
            yield from (line | {"month": month, "value": value} for month, value in zip(MONTHS, "34", strict=True))

    def _graded(self) -> Iterator[tuple[str, tuple[Mapping[str, str], str]]]:
        """By its month, an audit's grades of the fields and its overall one: each field and each grade has its turn.

        Where nothing is graded there is one audit without a grade.
        """
        grades, fields = self.policy.grades, self.policy.tool.sections
        if not grades.overall:
            self.desk.do(*Life(self.council, "A-0").allocated(f"{BEGUN}-03").submitted(f"{BEGUN}-10"))
            yield BEGUN, (dict.fromkeys(fields, ""), "")
            return
        best, worst = (grades.sections or grades.overall)[:: len(grades.sections or grades.overall) - 1]
        rounds = [
            *((dict.fromkeys(fields, best) | {field: worst}, grades.overall[0]) for field in fields),
            *((dict.fromkeys(fields, each), grades.overall[0]) for each in grades.sections),
            *((dict.fromkeys(fields, best), each) for each in grades.overall),
        ]
        for number, (fields_graded, overall) in enumerate(rounds):
            month = month_on(BEGUN, number)
            self._audited(f"A-{number}", month, fields_graded, overall)
            yield month, (fields_graded, overall)

    def _audited(self, audit: str, month: str, fields: Mapping[str, str], overall: str) -> None:
        life = Life(self.council, audit, child=f"C-{audit}").allocated(f"{month}-03", open_since="2024-01-08")
        sections = {
            field: {"evidence": "seen", "impact": "felt"} | ({"grade": grade} if self.policy.grades.sections else {})
            for field, grade in fields.items()
        }
        both = {"practitioner_sections": sections} if "practitioner" in self.policy.tool.section_graders else {}
        plan = {"safety_plan": "seen today"} if overall in self.policy.tool.safety_plan_with else {}
        self.desk.do(*life.submitted(f"{month}-10", overall, sections=sections, **both, **plan))

    def _shown(self) -> dict[tuple[str, str], list[IndicatorRow]]:
        """What the view shows of each indicator for its first level, by its name and the month."""
        streams = self.desk.store.streams  # type: ignore[attr-defined]  # the store in memory
        history = sorted((each for events in streams.values() for each in events), key=lambda each: each.position)
        found: dict[tuple[str, str], list[IndicatorRow]] = {}
        with TemporaryDirectory() as folder:
            engine = open_store(f"sqlite:///{Path(folder)}/view.db")
            kept(engine, "indicators", [replace(each, position=n) for n, each in enumerate(history, 1)])
            for level, ref in {(each.levels[0], PLACES[each.levels[0]].get("ref")) for each in self.policy.indicators}:
                asked = [as_watched(each, self.policy) for each in self.policy.indicators if each.levels[0] == level]
                months = (MONTHS[1], ANOTHER, *self.graded)
                for row in indicator_months(engine, self.council, asked, months, Place(level, ref)):
                    found.setdefault((row.indicator, row.month), []).append(row)
            engine.dispose()
        return found


def parts_of(watch: Watch) -> tuple[str | None, ...]:
    """The parts for which a figure is recorded; None where it has none."""
    return (ANY,) if watch.parts == OWN else listed(watch.parts) or (None,)


def share_of(watch: Watch, fields: Mapping[str, str], overall: str, scale: tuple[str, ...]) -> tuple[int, int] | None:
    """How many of the grades that an audit was given are good, and of how many; None of none."""
    counted = [overall] if watch.counted == OVERALL else [fields[each] for each in listed(watch.counted)]
    graded = [each for each in counted if each in scale]
    return (sum(each in listed(watch.good) for each in graded), len(graded)) if graded else None


@cache
def figures_of(council: str, rows: tuple[Watch, ...]) -> Figures:
    """The one life of a council's table: nothing that is tried stays in it."""
    return Figures(council, rows)
