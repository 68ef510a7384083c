"""`sightline show timeline`: everything that happened to an audit, a child or the rules."""

from typing import Annotated, Any

import typer
from sqlalchemy import Engine

from events.errors import NotFound, Refused
from projections.cut import Cut, Part
from projections.timeline import TimelineEntry, aggregate_timeline, audit_timeline, child_timeline
from workers.asking.texts import of_timeline
from workers.asking.words import in_words
from workers.cli.options import Audit, Authority, reference
from workers.cli.reading import ListOfTexts
from workers.cli.showing import asking, show
from workers.cli.spread import spread
from workers.cli.views import opened, timeline_columns


def add_to(app: typer.Typer) -> None:
    """Add the command to the views that are shown."""
    del app  # it stands under `show`, which is already a part of the program
    show.command("timeline")(show_timeline)


@spread
def show_timeline(
    authority: Authority,
    call: ListOfTexts,
    audit: Audit = None,
    child: Annotated[str | None, typer.Option(help="Every audit of this child.")] = None,
    *,
    policy: Annotated[bool, typer.Option("--policy", help="The rules: which were adopted, when and by whom.")] = False,
) -> None:
    """Everything that happened to one audit or one child, or to the rules, in order, with the texts."""
    if [audit is not None, child is not None, policy].count(True) != 1:
        raise Refused("audit", "name one of --audit, --child and --policy")
    reference("audit", audit)
    reference("child", child)
    by = call.reader
    with asking(authority, call, "timeline") as ask:
        engine = ask.system.engine
        rows = ask.cut("timeline", lambda cut: _timeline(engine, authority, audit, child, cut))
        if child is not None and not rows and call.after is None:
            raise NotFound("audit of child", child)
        unseal = ask.opened(by, of_timeline(rows))
        title = f"timeline of {f'audit {audit}' if audit else f'child {child}' if child else 'the rules'}"
        shown: list[Any] = list(rows)
        if call.as_json:
            shown = [
                row.model_dump(mode="json", exclude={"sealed"})
                | {"sentence": in_words(row.sentence, ask.titles), "texts": opened(row, unseal)}
                for row in rows
            ]
        ask.answer(title, timeline_columns(unseal, ask.titles), shown, audit=audit)


def _timeline(engine: Engine, authority: str, audit: str | None, child: str | None, cut: Cut) -> Part[TimelineEntry]:
    if audit is not None:
        return audit_timeline(engine, authority, audit, cut)
    if child is not None:
        return child_timeline(engine, authority, child, cut)
    from services.policy.adopted import RECORD  # noqa: PLC0415 - it comes with the language of policies

    return aggregate_timeline(engine, authority, RECORD, cut)
