"""The case lists that were taken in: a row for each, with its cases counted by list, service and team."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Date, Integer, String

from events.cases import CaseListClosed, CaseListOpened, CasesListed
from events.recorded import Recorded
from projections.cut import WHOLE, Cut, Part, cut_rows, one_by_one
from projections.generations import reading
from projections.queries import ViewRow, matching, reference
from projections.store import Source
from projections.view import Change, Declared, Held, Shape, Spec, View, change, new

LISTS = "case_lists"
SHAPE = Shape(
    "case-lists",
    (
        Spec(
            LISTS,
            {
                "kind": String(200),
                "as_of": Date(),
                "complete": Boolean(),
                "cases": Integer(),
                "left_out": Integer(),
                "by_list": JSON(),
                "by_service": JSON(),
                "by_team": JSON(),
                "opened_at": BigInteger(),
            },
            indexes=("opened_at",),
            known_by=(),
        ),
    ),
)

NONE = "(none)"
"""How cases without a team, say, are counted."""


class CaseListRow(ViewRow):
    """One list: its cases by what they say, the most frequent first. One that is not `complete` cannot be used."""

    list: str
    kind: str
    as_of: date
    complete: bool
    cases: int
    left_out: int
    by_list: dict[str, int]
    by_service: dict[str, int]
    by_team: dict[str, int]


def case_lists(source: Source, authority: str, *, only: str | None = None, cut: Cut = WHOLE) -> Part[CaseListRow]:
    """The case lists of an authority in the order in which they were begun; or that one."""
    with reading(SHAPE, source) as (db, tables):
        table = tables[LISTS]
        asked = matching(table, authority, {"about": None if only is None else f"cases/{only}"})
        return cut_rows(db, asked, (table.c.opened_at,), cut, one_by_one(_shown))


def newest_complete(source: Source, authority: str, *, only: str | None = None) -> CaseListRow | None:
    """The complete case list of the latest day, and of several of one day the one begun last; or that one."""
    with reading(SHAPE, source) as (db, tables):
        table = tables[LISTS]
        asked = matching(table, authority, {"about": None if only is None else f"cases/{only}", "complete": True})
        found = db.execute(asked.order_by(table.c.as_of.desc(), table.c.opened_at.desc()).limit(1)).one_or_none()
    return None if found is None else _shown(found._asdict())


def _shown(row: Mapping[str, Any]) -> CaseListRow:
    counted = {name: dict(Counter(row[name]).most_common()) for name in ("by_list", "by_service", "by_team")}
    return CaseListRow.of(row, list=reference(row["about"]), **counted)


def _opened(fact: CaseListOpened, event: Recorded, _: Held) -> Iterable[Change]:
    counts: dict[str, Any] = {"cases": 0, "left_out": 0, "by_list": {}, "by_service": {}, "by_team": {}}
    yield new(LISTS, kind=fact.kind, as_of=fact.as_of, complete=False, opened_at=event.position, **counts)


def _listed(fact: CasesListed, _: Recorded, held: Held) -> Iterable[Change]:
    for row in held[LISTS].values():
        lists, services, teams = (Counter[str](row[name]) for name in ("by_list", "by_service", "by_team"))
        for case in fact.cases:
            lists.update(case.lists or (NONE,))
            services[case.service or NONE] += 1
            teams[case.team or NONE] += 1
        yield change(
            LISTS,
            cases=row["cases"] + len(fact.cases),
            by_list=dict(lists),
            by_service=dict(services),
            by_team=dict(teams),
        )


def _closed(fact: CaseListClosed, _: Recorded, held: Held) -> Iterable[Change]:
    return [change(LISTS, complete=True, left_out=fact.left_out) for _ in held[LISTS]]


def case_lists_view() -> View:
    """Make the view of the case lists."""
    return View(SHAPE, {CaseListOpened: _opened, CasesListed: _listed, CaseListClosed: _closed})


VIEW = Declared(SHAPE, case_lists_view)
