"""What a reader should see first: what was found, what is late, what has changed, and what is still to be written.

All of it is read off the tables that the report has, each figure as it stands there; nothing is reckoned and nothing is
added. So a copy for boards hides here what it hides there.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from workers.reports.page import Figure, Made, Narrative, Row, Section, Table, Words
from workers.reports.plain import figure
from workers.reports.standards import missed

DONE = frozenset({"Allocated", "Returned", "Moderated", "Signed off", "Closed"})
CONCERNS = frozenset({"With a safety concern", "With a significant concern", "Raised"})
LATE = frozenset({"Overdue", "Done late", "Late", "Open, late"})
SEEN = {"Entries": "entry", "Children looked at": "child looked at", "Set": "set", "Open": "open"}
"""What is told where nothing that matters more was found: how much there was, and what one of it is called."""

IN_TIME = "Share done in time"
DIRECTION = "Direction"
THEME = "Theme"

MOST, THEMES = 5, 3
"""So many points of each kind, and so many themes, or counts where nothing else was found."""

WEIGHT = ("worse", "better", "up", "down")
"""Which change is told first."""


class Point(Made):
    """A sentence, and the section that it is taken from."""

    said: str
    section: str


class Group(Made):
    """Points of one kind, under what they are."""

    title: str
    points: tuple[Point, ...]


def glance(sections: Sequence[Section]) -> tuple[Group, ...]:
    """The points of each kind that there are, the ones that matter most first; no group without any."""
    found = {
        "Found": tuple(islice(_found(sections), MOST)) or islice(_counts(_tables(sections), frozenset(SEEN)), THEMES),
        "Late, or short of what is asked": islice(_late(sections), MOST),
        "Changed": islice(_changed(sections), MOST),
        "Still to be written": _unwritten(sections),
    }
    groups = (Group(title=title, points=tuple(points)) for title, points in found.items())
    return tuple(each for each in groups if each.points)


def _tables(sections: Sequence[Section]) -> Iterator[tuple[str, Table]]:
    return ((each.key, block) for each in sections for block in each.blocks if isinstance(block, Table))


def _moves(table: Table) -> bool:
    """Whether its rows are periods, the last of which says how each figure moved."""
    return bool(table.rows) and table.rows[-1].title == DIRECTION


def _in_all(table: Table) -> tuple[Row, ...]:
    """The row that speaks for all; nothing where there is none."""
    if _moves(table):
        return ()
    return tuple(each for each in table.rows if each.total) or (table.rows if len(table.rows) == 1 else ())


def _shown(table: Table, row: Row) -> Iterator[tuple[str, Figure]]:
    for column, cell in zip(table.columns, row.cells, strict=True):
        if isinstance(cell, Figure) and (cell.value is not None or cell.mark is not None):
            yield column.title, cell


def _tells(each: Figure) -> bool:
    return bool(each.value) or each.mark is not None


def _found(sections: Sequence[Section]) -> Iterator[Point]:
    """Concerns, what was done, the shares of grades, and the themes that were seen most."""
    tables = list(_tables(sections))
    for wanted in (CONCERNS, DONE):
        yield from islice(_counts(tables, wanted), 1 if wanted is DONE else MOST)
    told: set[str] = set()
    for key, table in tables:
        for said in _shares(table):
            if said not in told:
                told.add(said)
                yield Point(said=said, section=key)
    for key, table in tables:
        if table.stub == THEME and (themes := _themes(table)):
            yield Point(said=f"{table.title}: {', '.join(themes)}", section=key)


def _counts(tables: Iterable[tuple[str, Table]], wanted: frozenset[str]) -> Iterator[Point]:
    for key, table in tables:
        for row in _in_all(table):
            held = [(title, each) for title, each in _shown(table, row) if title in wanted]
            if any(_tells(each) for _, each in held):
                told = (f"{figure(each)} {_of_so_many(title, each)}" for title, each in held)
                yield Point(said=f"{table.title}: {', '.join(told)}", section=key)


def _of_so_many(title: str, each: Figure) -> str:
    """What a column counts, in the number of which there are."""
    return SEEN.get(title, title.lower()) if each.value == 1 else title.lower()


def _shares(table: Table) -> Iterator[str]:
    """The share of the grades that is asked for: in all, or for each way in which they were given."""
    if not any(column.total for column in table.columns) or _moves(table):
        return
    for row in _in_all(table) or table.rows[:2]:
        called = "" if row.total or len(table.rows) == 1 else f", {row.title.lower()}"
        for title, each in _shown(table, row):
            if each.unit == "per cent" and each.mark is None:
                yield f"{table.title}{called}: {figure(each)} {title}"


def _themes(table: Table) -> list[str]:
    rows = [(row.title, row.cells[0]) for row in table.rows[:THEMES]]
    return [f"{title} ({figure(cell)})" for title, cell in rows if isinstance(cell, Figure) and _tells(cell)]


def _late(sections: Sequence[Section]) -> Iterator[Point]:
    for key, table in _tables(sections):
        for row in _in_all(table):
            held = [(title, each) for title, each in _shown(table, row) if title in LATE]
            told = [f"{figure(each)} {title.lower()}" for title, each in held if _tells(each)]
            told += [
                f"{figure(each)} done in time"
                for title, each in _shown(table, row)
                if title == IN_TIME and each.unit == "per cent" and each.among != each.of
            ]
            if told:
                yield Point(said=f"{table.title}: {', '.join(told)}", section=key)
        for what, reached in missed(table.note):
            yield Point(said=f"{table.title}: {what.lower()} {reached}", section=key)


def _changed(sections: Sequence[Section]) -> Iterator[Point]:
    moved = [
        (way, Point(said=said, section=key)) for key, table in _tables(sections) for way, said in _movements(table)
    ]
    ordered = sorted(moved, key=lambda each: next(at for at, way in enumerate(WEIGHT) if each[0].startswith(way)))
    return (point for _, point in ordered)


def _movements(table: Table) -> Iterator[tuple[str, str]]:
    """Which way each figure went, with what it is and what it was; one that stayed is not told."""
    if _moves(table):
        before, now, way = table.rows[-3:] if len(table.rows) > 2 else ((table.rows[-1],) * 3)  # noqa: PLR2004 - two periods and their direction
        shares = [isinstance(cell, Figure) and cell.unit == "per cent" for cell in now.cells]
        for across, column in enumerate(table.columns):
            if shares[across] or not any(shares):
                yield from _movement(
                    f"{table.title}: {column.title}", now.cells[across], before.cells[across], way.cells[across]
                )
        return
    heads = [each.title for each in table.columns]
    if DIRECTION in heads and table.stub != THEME:
        for row in table.rows:
            yield from _movement(row.title, row.cells[0], row.cells[1], row.cells[heads.index(DIRECTION)])


def _movement(what: str, now: object, before: object, way: object) -> Iterator[tuple[str, str]]:
    if not (isinstance(now, Figure) and isinstance(before, Figure) and isinstance(way, Words)):
        return
    if any(way.text.startswith(each) for each in WEIGHT):
        yield way.text, f"{what} {figure(now)}, before {figure(before)}: {way.text}"


def _unwritten(sections: Sequence[Section]) -> Iterator[Point]:
    """What each role has still to write."""
    waits: dict[str, list[tuple[str, str]]] = {}
    for section in sections:
        for block in section.blocks:
            if isinstance(block, Narrative) and block.text is None:
                waits.setdefault(block.role, []).append((section.key, block.title or section.title))
    for role, held in waits.items():
        yield Point(said=f"{role}: {'; '.join(title for _, title in held)}", section=held[0][0])
