"""The prompt on statutory reviews: `sightline show review-dates`."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated

import typer

from events.errors import Refused
from services.policy_folder import folder_of
from services.statutory_reviews import ReviewDate, review_dates
from workers.cli.folders import known_policies
from workers.cli.options import AsJson, Authority, PolicyFolder, settings_of
from workers.cli.showing import show
from workers.cli.tables import Column, print_json, print_table, screen

COLUMNS: list[Column] = [
    ("review", lambda row: row.step),
    ("latest", lambda row: row.latest),
    ("held", lambda row: row.held),
    ("in time", lambda row: row.in_time),
]


def add_to(app: typer.Typer) -> None:
    """Add the prompt to what can be shown."""
    del app
    show.command("review-dates")(show_review_dates)


def show_review_dates(
    authority: Authority,
    kind: Annotated[str, typer.Argument(help="Which reviews, as the policy names them, such as child_protection.")],
    start: Annotated[str, typer.Argument(help="The day that the first span counts from (YYYY-MM-DD).")],
    held: Annotated[list[str] | None, typer.Option(help="A review that was held (YYYY-MM-DD); once for each.")] = None,
    as_json: AsJson = False,
    policies: PolicyFolder = None,
) -> None:
    """By when a child's reviews must be held, from the dates given. A prompt for the auditor: nobody is told."""
    known = folder_of(settings_of(policies=policies).policies)
    rows: tuple[ReviewDate, ...] = review_dates(
        known_policies(known, authority).newest, kind, _day("start", start), [_day("held", each) for each in held or ()]
    )
    if as_json:
        print_json([asdict(row) | {"in_time": row.in_time} for row in rows])
    else:
        print_table(screen(), f"{authority}: {kind.replace('_', ' ')}", COLUMNS, list(rows))


def _day(field: str, text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a calendar date has no zone
    except ValueError as error:
        raise Refused(field, f"{text!r} is not a valid date; write YYYY-MM-DD") from error
