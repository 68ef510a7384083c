"""The command that looks ahead: `plan` says what falls due for a history in a file, without a server."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from events.errors import NotFound
from services.import_lines import HistoryFile
from services.modules import kinds
from services.policy.describe.posts import recipient
from services.policy.describe.wording import listed
from services.policy.expressions import Addressee
from services.policy.model import Policy
from services.policy.versions import Policies
from services.rehearsal import Planned, Rehearsal
from workers.asking.words import people, titles_of
from workers.cli.files import read_lines
from workers.cli.folders import sound_policies
from workers.cli.options import About, AsJson, PolicyFolder, Unverified, settings_of
from workers.cli.spread import spread
from workers.cli.tables import Column, print_json, print_table, screen


def add_to(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("plan")(plan)


@spread
def plan(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Commands, one JSON object a line, as for an import.")
    ],
    which: About,
    unverified: Unverified = False,
    as_json: AsJson = False,
    policies: PolicyFolder = None,
) -> None:
    """What would be owed and who would be told when, for a history in files. No server is needed.

    Nothing beyond the files is assumed to happen, so an open ladder is shown to its top. Exit code 1 if lines were
    refused (they are listed with the reason).
    """
    about = which.named
    held = sound_policies(settings_of(policies=policies).policies)
    rehearsal = Rehearsal(held, unverified=unverified)
    summary = rehearsal.run_files([HistoryFile(str(file), read_lines(file)) for file in files])
    if about is not None and not any(store.load(about) for store in rehearsal.stores.values()):
        raise NotFound(*kinds().called(about).split("/"))
    rows = rehearsal.plan(about)
    if as_json:
        print_json([asdict(row) | {"to": [each.model_dump() for each in row.to], "at": str(row.at)} for row in rows])
    else:
        _print_plan(rows, held)
    for each in summary.rejections:
        place = f"{each.file}: line {each.line}" if len(files) > 1 else f"line {each.line}"
        screen(stderr=True).print(f"{place} refused: {each.reason}", markup=False, soft_wrap=True)
    if summary.refused:
        raise typer.Exit(1)


def _print_plan(rows: list[Planned], held: Mapping[str, Policies]) -> None:
    titles = {authority: titles_of(each) for authority, each in held.items()}
    columns: list[Column] = [
        ("when", lambda row: row.at),
        ("authority", lambda row: row.authority),
        ("about", lambda row: row.audit or kinds().called(row.about)),
        ("kind", lambda row: row.what),
        ("what", lambda row: row.title),
        ("to, or owed by", lambda row: _who(row, titles[row.authority], held[row.authority].newest)),
        ("outcome", lambda row: row.outcome),
    ]
    print_table(screen(), "what falls due", columns, rows)


def _who(row: Planned, titles: Mapping[str, str], policy: Policy) -> str:
    """Who is told, or who owes it as the policy has it, in the framework's words."""
    if row.to:
        return people(row.to, titles)
    return listed(recipient(policy, Addressee.parse(each)) for each in row.owner.split(" and "))
