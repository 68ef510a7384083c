"""What did not change since a moment is taken from the live view: the past says the same, and works out little."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine

from events.recorded import Recorded
from projections.keeper import keep
from projections.moments import Moment
from projections.owed import OPEN, RECORDS, owed_view
from projections.past import Making, fold_past
from projections.rebuild import rebuild
from projections.store import open_store
from projections.view import View, WorkedOut
from services.modules import CATALOGUE
from services.open_obligations import open_obligations
from tests.desks import SHIPPED
from tests.projections.views import Tables, in_database, kept
from tests.random_lives import random_lines
from tests.reports.made import History

MOMENTS = (
    Moment(happened_by=date(2026, 2, 20)),
    Moment(known_by=date(2026, 3, 10)),
    Moment(happened_by=date(2026, 3, 1), known_by=date(2026, 4, 1)),
    Moment(happened_by=date(2027, 1, 1)),
)


@dataclass
class Council:
    """Random lives of a council, the views that are kept of them, and which of its records are worked out."""

    authority: str
    engine: Engine
    fault: str = ""
    nothing_owed: bool = False
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.events = History(self.authority, *random_lines(4, self.authority, 14)).events
        kept(self.engine, "timeline", self.events)

    def work_out(self, _: str, about: str, events: Sequence[Recorded]) -> WorkedOut | None:
        if not about.startswith(CATALOGUE.worked_out):
            return None
        self.asked.append(about)
        version = events[-1].originator_version
        if self.fault:
            return WorkedOut(version, {RECORDS: [{"version": version, "fault": self.fault}]})
        owed = open_obligations(CATALOGUE.record(about, events), SHIPPED[self.authority])
        return WorkedOut(version, {RECORDS: [{"version": version}], OPEN: [] if self.nothing_owed else owed})

    def owed(self) -> View:
        """The live view, worked out of all that happened."""

        def work_out(authority: str, about: str) -> WorkedOut | None:
            return self.work_out(authority, about, [each for each in self.events if each.originator_id == about])

        return owed_view(work_out)

    def keep_owed(self, events: Sequence[Recorded] = ()) -> None:
        keep(self.owed(), self.engine, self.authority, events or self.events)

    def at(self, moment: Moment, past: Engine) -> Tables:
        """What was owed then; `asked` names the records that had to be worked out for it."""
        self.asked.clear()
        fold_past(Making(self.engine, self.authority, moment, self.work_out), past, [self.owed()])
        return in_database(past, self.owed())

    def under_way(self, moment: Moment) -> list[str]:
        """The records of which the moment holds something, and not all."""
        told = [each for each in self.events if each.originator_id.startswith(CATALOGUE.worked_out)]
        held = {each.originator_id for each in told if moment.holds(each.envelope)}
        return sorted(held & {each.originator_id for each in told if not moment.holds(each.envelope)})


@pytest.fixture
def past(tmp_path: Path) -> Callable[[], Engine]:
    """Stores for the past, each of them empty."""
    numbers = iter(range(100))
    return lambda: open_store(f"sqlite:///{tmp_path}/past{next(numbers)}.db")


@pytest.mark.parametrize("authority", ["torbay", "swindon"])
def test_the_past_is_what_is_worked_out_and_little_has_to_be(
    engine: Engine, past: Callable[[], Engine], authority: str
) -> None:
    """With the live view and without it, it says the same; with it, only what was under way is worked out."""
    council = Council(authority, engine)
    alone = [council.at(moment, past()) for moment in MOMENTS]
    assert any(each[OPEN] for each in alone)
    council.keep_owed()
    for moment, expected in zip(MOMENTS, alone, strict=True):
        assert council.at(moment, past()) == expected
        assert sorted(council.asked) == council.under_way(moment)
    assert any(council.under_way(moment) for moment in MOMENTS)


def test_what_the_live_view_has_not_come_to_is_worked_out(sqlite: Engine, past: Callable[[], Engine]) -> None:
    """A live view that is behind stands for the records alone that it has worked out to their ends."""
    council, moment = Council("torbay", sqlite), MOMENTS[-1]
    expected = council.at(moment, past())
    every = set(council.asked)
    early = council.events[: len(council.events) // 2]

    def as_then(_authority: str, about: str) -> WorkedOut | None:
        return council.work_out("torbay", about, [each for each in early if each.originator_id == about])

    keep(owed_view(as_then), sqlite, "torbay", early)
    assert council.at(moment, past()) == expected
    later = {each.originator_id for each in council.events[len(early) :]} & every
    assert set(council.asked) == later
    assert later < every


def test_what_could_not_be_worked_out_is_tried_again(sqlite: Engine, past: Callable[[], Engine]) -> None:
    """A fault in the live view is none of the past: the rules may have been mended since."""
    council, moment = Council("torbay", sqlite), MOMENTS[-1]
    expected = council.at(moment, past())
    council.fault = "no such rule"
    council.keep_owed()
    council.fault = ""
    assert council.at(moment, past()) == expected


def test_a_kept_past_follows_a_rebuild_of_the_live_view(sqlite: Engine, past: Callable[[], Engine]) -> None:
    """Rows of before a rebuild may be of other rules: what was kept of them is made anew."""
    council, moment, store = Council("torbay", sqlite), MOMENTS[-1], past()
    expected = council.at(moment, past())
    council.nothing_owed = True
    council.keep_owed()
    council.nothing_owed = False
    assert council.at(moment, store)[OPEN] == []
    read = partial(_after, council.events)
    rebuild(council.owed(), sqlite, {"torbay": read})
    assert council.at(moment, store) == expected
    assert council.asked == []
    assert council.at(moment, store) == expected


def _after(events: Sequence[Recorded], position: int) -> Iterator[Sequence[Recorded]]:
    if later := [each for each in events if (each.position or 0) > position]:
        yield later
