"""What adds up only because it counts the same records gives nothing away: by team and service, set, open and done."""

from collections.abc import Sequence
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reports.attacker import Puzzle
from tests.reports.tables import report
from workers.reports.counting import Thing, count, share
from workers.reports.page import Column, Report, Row, Table
from workers.reports.suppression import suppressed

TEAMS, STATES = ("A", "B", "C"), ("open", "overdue", "done")
SERVICES = {"north": ("A", "B"), "south": ("C",)}
MOST = 40
Atom = tuple[str, str]
COLUMNS: dict[str, Sequence[str]] = {"Set": STATES, "Open": STATES[:2], "Overdue": STATES[1:2], "Done": STATES[2:]}


def things(many: dict[Atom, int], teams: Sequence[str], states: Sequence[str] = STATES) -> list[Thing]:
    return [
        Thing(f"audit/{team}-{state}-{each}", (each,), under=state)
        for team, state in product(teams, states)
        for each in range(many[team, state])
    ]


def row(key: str, title: str, many: dict[Atom, int], teams: Sequence[str], columns: Sequence[str]) -> Row:
    cells = [count(f"{key}.{title}.{each}", things(many, teams, COLUMNS[each])) for each in columns]
    return Row(title=title, cells=tuple(cells), total=title == "All")


def shared(title: str, many: dict[Atom, int], teams: Sequence[str]) -> Row:
    cell = share(f"share.{title}", things(many, teams), lambda one: one.under == "overdue")
    return Row(title=title, cells=(cell,), total=title == "All")


def made(many: dict[Atom, int]) -> tuple[Report, dict[str, tuple[Sequence[str], Sequence[str]]]]:
    """Three tables, none of which says what adds up in it, and of which teams and states each figure is the sum."""
    places = [*((each, (each,)) for each in TEAMS), ("All", TEAMS)]
    wide = [*SERVICES.items()]
    by_team = [row("team", title, many, teams, list(COLUMNS)) for title, teams in places]
    by_service = [row("service", title, many, teams, ["Set"]) for title, teams in wide]
    shares = [shared(title, many, teams) for title, teams in places]
    of: dict[str, tuple[Sequence[str], Sequence[str]]] = {}
    of |= {f"team.{title}.{each}": (teams, states) for title, teams in places for each, states in COLUMNS.items()}
    of |= {f"service.{title}.Set": (teams, STATES) for title, teams in wide}
    of |= {f"share.{title}": (teams, STATES) for title, teams in places}
    blocks = [
        Table(key=key, title=key, columns=tuple(Column(title=each) for each in heads), rows=tuple(rows))
        for key, heads, rows in (
            ("team", [*COLUMNS], by_team),
            ("service", ["Set"], by_service),
            ("share", ["Share overdue"], shares),
        )
    ]
    return report(*blocks), of


def attack(copy: Report, of: dict[str, tuple[Sequence[str], Sequence[str]]]) -> Puzzle:
    """Whoever knows what is open, overdue or done, and which team belongs to which service."""
    found = Puzzle({f"{team}/{state}": (0, MOST) for team, state in product(TEAMS, STATES)})
    for figure in copy.figures():
        teams, states = of[figure.key]
        if figure.unit == "count":
            told = [(figure.key, states, None if figure.mark else int(figure.value or 0))]
        else:
            among = 0 if figure.value == 0 else figure.among
            told = [] if figure.value is None and figure.mark is None else [(figure.key, ("overdue",), among)]
            told += [] if figure.of is None else [(f"{figure.key}.of", states, figure.of)]
        for name, own, value in told:
            if value is None:
                found.may[name] = (1 if figure.unit == "count" else 0, MOST * 9)
            found.adds_up([f"{team}/{state}" for team, state in product(teams, own)], name if value is None else value)
    return found


@settings(max_examples=40, deadline=None)
@given(numbers=st.lists(st.sampled_from((0, 1, 2, 3, 6, 7, 9, 12)), min_size=9, max_size=9))
def test_nothing_small_is_worked_out_of_records(numbers: list[int]) -> None:
    """No small count, and no share that counts few, can be worked out by whoever knows what the tables are of."""
    many = dict(zip(product(TEAMS, STATES), numbers, strict=True))
    page, of = made(many)
    copy = suppressed(page, 5)
    known = attack(copy, of)
    for before, after in zip(page.figures(), copy.figures(), strict=True):
        small = before.among if before.unit == "per cent" else int(before.value or 0)
        if small is not None and 1 <= small <= 5:
            assert after.mark == "c", before.key
            assert known.could_be(before.key, small), "the attacker reckons wrongly"
            assert known.another(before.key, small) is not None, f"{before.key} is given away"
