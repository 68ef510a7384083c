"""Rows as a reader likes them: dates in words, people and posts together, nothing cut off without a sign."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

from events.escalations import Recipient
from services.clock import LONDON

Column = tuple[str, Callable[[Any], Any]]


def words(value: Any) -> str:
    """A cell: dates as `26 Jan 2026`, instants in local time, nothing as a dash."""
    match value:
        case None | "" | ():
            return "–"
        case datetime():
            return f"{value.astimezone(LONDON):%-d %b %Y %H:%M}"
        case date():
            return f"{value:%-d %b %Y}"
        case bool():
            return "yes" if value else "no"
        case _:
            return str(value)


def people(recipients: Sequence[Recipient], titles: Mapping[str, str]) -> str:
    """Who was told: the post with its unit and holder, and the vacancies that were passed."""
    return "; ".join(_person(each, titles) for each in recipients)


def _person(recipient: Recipient, titles: Mapping[str, str]) -> str:
    title = titles.get(recipient.role, recipient.role.replace("_", " "))
    title = f"allocated {title}" if recipient.role == "team" else title
    where = " ".join(filter(None, (recipient.unit, recipient.holder)))
    vacant = f", vacant: {', '.join(recipient.vacant)}" if recipient.vacant else ""
    return f"{title} ({where}{vacant})" if where or vacant else title


def print_table(console: Console, title: str, columns: Sequence[Column], rows: Iterable[Any], limit: int = 0) -> None:
    """A table with a title; with `limit`, so many rows and a line that says how many more there are."""
    held = list(rows)
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold", expand=False)
    for heading, _ in columns:
        table.add_column(heading, overflow="fold")
    for row in held[: limit or None]:
        table.add_row(*(words(cell(row)) for _, cell in columns))
    console.print(table if held else f"[bold]{title}[/bold]\n  nothing to show")
    if limit and len(held) > limit:
        console.print(f"  … and {len(held) - limit} more")


def print_json(rows: Iterable[BaseModel | Mapping[str, Any]]) -> None:
    """The rows as one JSON array on standard output."""
    plain = [row.model_dump(mode="json") if isinstance(row, BaseModel) else dict(row) for row in rows]
    print(json.dumps(plain, indent=2, ensure_ascii=False, default=str))  # noqa: T201 - the answer of the command
