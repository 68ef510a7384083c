"""Views as they stood one year back: seconds of the processor, from the views in a SQLite file."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from time import process_time

from sqlalchemy import Engine

from events.recorded import Recorded
from projections.keeper import keep
from projections.moments import Moment
from projections.owed import OPEN, RECORDS, owed_view
from projections.past import Making, fold_past
from projections.registry import VIEWS
from projections.store import open_store
from projections.view import View, WorkedOut
from services.modules import CATALOGUE
from services.open_obligations import open_obligations
from tests.bench.report import Row
from tests.bench.reporting import AUTHORITY, BATCH, five_years
from tests.desks import SHIPPED
from tests.projections.views import kept
from tests.stores import Store

ONE_YEAR_BACK = Moment(happened_by=date(2025, 3, 10))
"""The newest event is of March 2026."""

MOST_SECONDS = 5.0


def as_at_one_year_back(_: Store, folder: Path, *, events: int = 100_000) -> list[Row]:
    """The slowest view that is folded, and what was owed, each in a store of its own; then each once more."""
    folder.mkdir(parents=True, exist_ok=True)
    told = list(five_years(events))
    live = kept(open_store(f"sqlite:///{folder / 'views.db'}"), "timeline", told, size=BATCH)
    owed = _owed(told)
    keep(owed, live, AUTHORITY, told)
    first = {view.name: _asked(live, view, folder) for view in (*(make() for make in VIEWS.values()), owed)}
    again = max(_asked(live, view, folder) for view in (VIEWS["register"](), owed))
    live.dispose()
    slowest = max((name for name in first if name != owed.name), key=lambda name: first[name])
    goal = f"≤ {MOST_SECONDS:g} s"
    return [
        Row(
            f"as at one year back, {name}, {len(told):,} events",
            f"{first[name]:.2f} s of a core",
            goal=goal,
            met=first[name] <= MOST_SECONDS,
        )
        for name in (slowest, owed.name)
    ] + [Row("  the same once more, at most", f"{again * 1000:.0f} ms of a core")]


def _asked(live: Engine, view: View, folder: Path) -> float:
    past = open_store(f"sqlite:///{folder / f'{view.name}.db'}")
    before = process_time()
    fold_past(Making(live, AUTHORITY, ONE_YEAR_BACK, _work_out), past, [view])
    took = process_time() - before
    past.dispose()
    return took


def _owed(told: Sequence[Recorded]) -> View:
    held: dict[str, list[Recorded]] = defaultdict(list)
    for each in told:
        held[each.originator_id].append(each)
    return owed_view(lambda authority, about: _work_out(authority, about, held[about]))


def _work_out(authority: str, about: str, history: Sequence[Recorded]) -> WorkedOut | None:
    if not about.startswith(CATALOGUE.worked_out):
        return None
    version = history[-1].originator_version
    owed = open_obligations(CATALOGUE.record(about, history), SHIPPED[authority])
    return WorkedOut(version, {RECORDS: [{"version": version}], OPEN: owed})
