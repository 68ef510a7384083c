"""`sightline show grade-changes`: what moderators made of grades."""

import typer

from projections.grade_changes import grade_changes, grade_summary
from workers.cli.options import Audit, Authority, reference
from workers.cli.reading import ListOfTexts, of_field
from workers.cli.showing import asking, show
from workers.cli.spread import spread
from workers.cli.views import grade_change_columns, moderation_in_words


def add_to(app: typer.Typer) -> None:
    """Add the command to the views that are shown."""
    del app  # it stands under `show`, which is already a part of the program
    show.command("grade-changes")(show_grade_changes)


@spread
def show_grade_changes(
    authority: Authority,
    call: ListOfTexts,
    audit: Audit = None,
) -> None:
    """Every grade that a moderator changed: from, to, how far, by whom, when, and why."""
    reference("audit", audit)
    by = call.reader
    with asking(authority, call, "grade-changes") as ask:
        captions = ask.captions
        scales = captions.scales
        rows = ask.cut(
            "grade-changes", lambda cut: grade_changes(ask.system.engine, authority, scales, cut=cut, audit=audit)
        )
        rationales = of_field(rows, "audit.rationale", "rationale", lambda row: f"audit/{row.audit}")
        unseal = ask.opened(by, rationales)
        if call.as_json:
            rows = [row.model_copy(update={"rationale": unseal(row.rationale, "audit.rationale")}) for row in rows]
        ask.answer("grade changes by moderators", grade_change_columns(unseal, captions.titles), rows, audit=audit)
        if not call.as_json:
            summary = grade_summary(ask.system.engine, authority, scales)
            ask.console.print(f"  {moderation_in_words(summary)}")
