"""What was answered on the form of a framework: `sightline show answers` and `show tally`."""

from collections.abc import Collection, Sequence
from typing import Annotated, Any

import typer

from projections.answers import Asked, answers, tally
from projections.given import AnswerRow
from services.texts.asking import Sealed
from workers.asking.captions import Captions
from workers.asking.words import titles_of_questions
from workers.cli.options import Audit, Authority, QuestionOfList, day, reference, require_one_of
from workers.cli.reading import ListOfTexts, Unseal
from workers.cli.showing import Asking, asking, show
from workers.cli.spread import spread
from workers.cli.tables import Column

VIEW = "activities"
"""The view that keeps what was answered, beside what counts towards the tasks."""

Question = Annotated[str | None, typer.Option(help="Only this question.")]
Since = Annotated[str | None, typer.Option(help="Answers given from this day on (YYYY-MM-DD).")]
Until = Annotated[str | None, typer.Option(help="Answers given up to this day (YYYY-MM-DD).")]


def add_to(app: typer.Typer) -> None:
    """Add these to what can be shown."""
    del app
    show.command("answers")(show_answers)
    show.command("tally")(show_tally)


@spread
def show_answers(
    authority: Authority,
    call: ListOfTexts,
    audit: Audit = None,
    question: Question = None,
    since: Since = None,
    until: Until = None,
) -> None:
    """What was answered, question by question, so that family, practitioner and auditor stand side by side."""
    reference("audit", audit)
    by = call.reader
    with asking(authority, call, VIEW) as ask:
        captions = ask.captions
        asked = _asked(ask, captions, audit, question, since, until)
        rows = ask.cut("answers", lambda cut: answers(ask.system.engine, authority, asked, cut))
        _require_question(ask, question, rows)
        sealed = [Sealed(_record(row), _field(row), row.text) for row in rows if row.text is not None]
        unseal = ask.opened(by, sealed)
        shown: Sequence[Any] = rows
        if call.as_json:
            shown = [row.model_dump(mode="json", exclude={"text"}) | {"text": _text(row, unseal)} for row in rows]
        ask.answer("answers", _columns(captions, unseal), shown, audit=audit)


def _columns(captions: Captions, unseal: Unseal) -> list[Column]:
    asked, titles = captions.questions, captions.titles
    return [
        ("question", lambda row: asked.get(row.question, row.question)),
        ("about", lambda row: row.about.partition("/")[2]),
        ("asked at", lambda row: titles.get(row.asked_at, row.asked_at.replace("_", " "))),
        ("by", lambda row: f"{row.actor}, {titles.get(row.role, row.role)}"),
        ("when", lambda row: row.occurred),
        ("answer", lambda row: ", ".join(row.plain) or _text(row, unseal)),
    ]


def _text(row: AnswerRow, unseal: Unseal) -> str | None:
    return unseal(row.text, _field(row))


def _record(row: AnswerRow) -> str:
    """The record of an answer, which may be about one of several children in it."""
    return "/".join(row.about.split("/")[:2])


def _field(row: AnswerRow) -> str:
    return f"{row.about.partition('/')[0]}.answers"


@spread
def show_tally(
    authority: Authority,
    call: QuestionOfList,
    question: Question = None,
    since: Since = None,
    until: Until = None,
) -> None:
    """How often each answer was given, themes among them. Of one audit each word counts once."""
    with asking(authority, call, VIEW) as ask:
        captions = ask.captions
        titles = captions.questions
        asked = _asked(ask, captions, None, question, since, until)
        columns: list[Column] = [
            ("question", lambda row: titles.get(row.question, row.question)),
            ("answer", lambda row: row.answer),
            ("times", lambda row: row.times),
            ("of", lambda row: row.among),
        ]
        rows = ask.cut("tally", lambda cut: tally(ask.system.engine, authority, asked, cut))
        _require_question(ask, question, rows)
        ask.answer("answers counted", columns, rows)


def _require_question(ask: Asking, question: str | None, rows: Collection[object]) -> None:
    """Refused for a question that no version of the framework has ever asked, where there is no answer to it either."""
    if not rows:
        asked = (titles_of_questions(each) for each in reversed(ask.system.policies[ask.authority].versions))
        require_one_of("question", question, dict.fromkeys(name for each in asked for name in each))


def _asked(
    ask: Asking, captions: Captions, audit: str | None, question: str | None, since: str | None, until: str | None
) -> Asked:
    """What is asked for, in the order of the form: the newest one's questions come first."""
    return Asked(
        audit=audit,
        question=question,
        first=day(since, ask.system, "since") if since else None,
        last=day(until, ask.system, "until") if until else None,
        order=captions.form,
    )
