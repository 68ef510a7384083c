"""What was taken in of case lists, worked out from the events on asking: `cases show`."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Annotated, Any

import typer

from events.cases import CaseListClosed, CaseListOpened, CasesListed, ListedCase
from events.errors import NotFound
from events.recorded import Recorded
from services.case_lists import case_list_aggregate, listed
from services.cases.decisions import NUMBER
from workers.cli.options import Authority, QuestionInTime, reference
from workers.cli.showing import Asking, asking
from workers.cli.spread import spread
from workers.cli.tables import Column, print_json, print_table
from workers.rebuilding import all_events
from workers.recording import keyrings

NONE = "(none)"
"""How cases without a team, say, are counted."""


@dataclass(slots=True)
class CaseListRow:
    """One list: its cases by what they say. A list that is not `complete` cannot be used."""

    list: str
    kind: str = ""
    as_of: date | None = None
    complete: bool = False
    cases: int = 0
    left_out: int = 0
    by_list: Counter[str] = field(default_factory=Counter)
    by_service: Counter[str] = field(default_factory=Counter)
    by_team: Counter[str] = field(default_factory=Counter)

    def plain(self) -> dict[str, Any]:
        """The row by its fields, the most frequent of what is counted first."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            name: dict(value.most_common()) if isinstance(value, Counter) else value for name, value in values.items()
        }

    def take(self, recorded: Recorded) -> None:
        """Take in one event of the list."""
        match recorded.fact:
            case CaseListOpened(kind=kind, as_of=as_of):
                self.kind, self.as_of = kind, as_of
            case CasesListed(cases=cases):
                self.cases += len(cases)
                for case in cases:
                    self.by_list.update(case.lists or (NONE,))
                    self.by_service[case.service or NONE] += 1
                    self.by_team[case.team or NONE] += 1
            case CaseListClosed(left_out=left_out):
                self.complete, self.left_out = True, left_out


LISTS: list[Column] = [
    ("list", lambda row: row.list),
    ("as of", lambda row: row.as_of),
    ("kind", lambda row: row.kind),
    ("cases", lambda row: row.cases),
    ("rows left out", lambda row: row.left_out),
    ("complete", lambda row: row.complete),
]
NUMBERS: list[Column] = [
    ("number", lambda row: row["number"]),
    ("child", lambda row: row["child"]),
    ("lists", lambda row: row["lists"]),
    ("service", lambda row: row["service"]),
    ("team", lambda row: row["team"]),
    ("practitioner", lambda row: row["worker"]),
    ("open since", lambda row: row["open_since"]),
    ("age", lambda row: row["age"]),
]


def case_lists(events: Iterable[Recorded]) -> list[CaseListRow]:
    """Every case list in the order in which they were begun."""
    rows: dict[str, CaseListRow] = {}
    for recorded in events:
        if isinstance(recorded.fact, CaseListOpened | CasesListed | CaseListClosed):
            rows.setdefault(recorded.reference, CaseListRow(recorded.reference)).take(recorded)
    return list(rows.values())


@spread
def show_cases(
    authority: Authority,
    call: QuestionInTime,
    only: Annotated[str | None, typer.Option("--list", help="Which list; without it, the newest complete one.")] = None,
    numbers: Annotated[bool, typer.Option("--numbers", help="Every case of the list, with its number.")] = False,
) -> None:
    """What was imported: every list, and of one its cases by list, service and team. Numbers only if asked for."""
    reference("list", only)
    with asking(authority, call) as ask:
        rows = case_lists(all_events(ask.system, authority))
        if only is not None:
            rows = [row for row in rows if row.list == only]
            if not rows:
                raise NotFound("case list", only)
        if numbers:
            _print_numbers(ask, only or _newest(rows))
        elif call.as_json:
            print_json(row.plain() for row in rows)
        else:
            _print(ask, rows)


def _newest(rows: list[CaseListRow]) -> str:
    complete = [row for row in rows if row.complete]
    if not complete:
        raise NotFound("case list", "that is complete")
    return max(reversed(complete), key=lambda row: row.as_of or date.min).list


def _print(ask: Asking, rows: list[CaseListRow]) -> None:
    print_table(ask.console, f"{ask.authority}: case lists", LISTS, rows)
    if not any(row.complete for row in rows):
        return
    newest = _newest(rows)
    shown = next(row for row in rows if row.list == newest)
    for name, counts in (("list", shown.by_list), ("service", shown.by_service), ("team", shown.by_team)):
        columns: list[Column] = [(name, lambda each: each[0]), ("cases", lambda each: each[1])]
        print_table(ask.console, f"{newest}: cases by {name}", columns, counts.most_common())


def _print_numbers(ask: Asking, chosen: str) -> None:
    cases = listed(ask.system.history(ask.authority).each(case_list_aggregate(chosen)), chosen)
    with keyrings(ask.system.live) as (rings, _):
        ring = rings[ask.authority]
        ring.load(case.child for case in cases)
        rows = [_with_number(case, str(ring.unseal(case.number, NUMBER))) for case in cases]
    if ask.as_json:
        print_json(rows)
    else:
        print_table(ask.console, f"{ask.authority}: cases of {chosen}", NUMBERS, rows)


def _with_number(case: ListedCase, number: str) -> dict[str, Any]:
    return case.model_dump(mode="json") | {"number": number, "lists": ", ".join(case.lists)}
