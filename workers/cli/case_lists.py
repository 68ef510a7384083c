"""What was taken in of case lists: `cases show`."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from events.cases import ListedCase
from events.errors import NotFound
from projections.case_lists import CaseListRow, case_lists, newest_complete
from services.case_lists import case_list_aggregate, listed
from services.cases.decisions import NUMBER
from workers.cli.options import Authority, QuestionOfList, reference
from workers.cli.showing import Asking, asking
from workers.cli.spread import spread
from workers.cli.tables import Column, print_json, print_table
from workers.recording.desks import keyrings

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


@spread
def show_cases(
    authority: Authority,
    call: QuestionOfList,
    only: Annotated[str | None, typer.Option("--list", help="Which list; without it, the newest complete one.")] = None,
    numbers: Annotated[bool, typer.Option("--numbers", help="Every case of the list, with its number.")] = False,
) -> None:
    """What was imported: every list, and of one its cases by list, service and team. Numbers only if asked for."""
    reference("list", only)
    with asking(authority, call, "case-lists") as ask:
        engine = ask.system.engine
        if only is not None and not case_lists(engine, authority, only=only):
            raise NotFound("case list", only)
        newest = newest_complete(engine, authority, only=only)
        if numbers:
            _print_numbers(ask, only or _named(newest))
            return
        rows = ask.cut("case-lists", lambda cut: case_lists(engine, authority, only=only, cut=cut))
        if call.as_json:
            print_json(rows)
        else:
            _print(ask, rows, newest)


def _named(newest: CaseListRow | None) -> str:
    if newest is None:
        raise NotFound("case list", "that is complete")
    return newest.list


def _print(ask: Asking, rows: Sequence[CaseListRow], shown: CaseListRow | None) -> None:
    print_table(ask.console, f"{ask.authority}: case lists", LISTS, rows)
    if shown is None:
        return
    for name, counts in (("list", shown.by_list), ("service", shown.by_service), ("team", shown.by_team)):
        columns: list[Column] = [(name, lambda each: each[0]), ("cases", lambda each: each[1])]
        print_table(ask.console, f"{shown.list}: cases by {name}", columns, list(counts.items()))


def _print_numbers(ask: Asking, chosen: str) -> None:
    cases = ask.page(list(listed(ask.system.history(ask.authority).each(case_list_aggregate(chosen)), chosen)))
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
