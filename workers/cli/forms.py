"""The form of a framework and what was answered on it: `show form`, `show answers` and `show tally`."""

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console

from projections.answers import Asked, answers, tally
from projections.given import AnswerRow
from services.policy.describe.form import asks
from services.policy.form import FormQuestion
from services.policy.model import Policy
from services.policy_folder import folder_of
from services.texts.asking import Sealed
from workers.cli.folders import known_policies
from workers.cli.options import (
    Audit,
    Authority,
    PolicyFolder,
    QuestionOfList,
    day,
    reference,
    require_one_of,
    settings_of,
)
from workers.cli.reading import ListOfTexts, Unseal
from workers.cli.showing import Asking, asking, show
from workers.cli.spread import spread
from workers.cli.tables import Column, screen
from workers.words import titles_of_questions

VIEW = "activities"
"""The view that keeps what was answered, beside what counts towards the tasks."""

Question = Annotated[str | None, typer.Option(help="Only this question.")]
Since = Annotated[str | None, typer.Option(help="Answers given from this day on (YYYY-MM-DD).")]
Until = Annotated[str | None, typer.Option(help="Answers given up to this day (YYYY-MM-DD).")]


def add_to(app: typer.Typer) -> None:
    """Add these to what can be shown."""
    del app
    show.command("form")(show_form)
    show.command("answers")(show_answers)
    show.command("tally")(show_tally)


def show_form(
    authority: Authority,
    audit_type: Annotated[str | None, typer.Option("--type", help="The form of audits of this type.")] = None,
    strand: Annotated[str | None, typer.Option(help="The form for a file of this strand.")] = None,
    policies: PolicyFolder = None,
) -> None:
    """The form as an auditor meets it: each section with its questions, and what stands beside sections and grades."""
    policy = known_policies(folder_of(settings_of(policies=policies).policies), authority).newest
    require_one_of("type", audit_type, policy.tool.types)
    require_one_of("strand", strand, policy.tool.strands)
    kind = audit_type or policy.tool.types[0]
    asked = [each for each in policy.tool.questions if each.is_for(kind, strand)]
    console = screen()
    _print(console, f"{authority}: form of {kind}{f', {strand}' if strand else ''}", style="bold")
    _beside(console, policy, None)
    if strand:
        _beside(console, policy, strand)
    for section in policy.tool.sections:
        _print(console, section, style="bold")
        _beside(console, policy, section)
        _questions(console, [each for each in asked if each.section == section])
    _print(console, "Other questions", style="bold")
    _questions(console, [each for each in asked if each.section is None])
    for grade in policy.grades.overall:
        _print(console, f"Grade: {grade}", style="bold")
        _beside(console, policy, grade)


def _beside(console: Console, policy: Policy, place: str | None) -> None:
    for each in policy.tool.references:
        if each.beside == place:
            _print(console, f"  {each.title}{f' ({each.version})' if each.version else ''}")
            for line in each.lines:
                _print(console, f"    · {line}")


def _questions(console: Console, questions: list[FormQuestion]) -> None:
    for each in questions:
        _print(console, f"  {each.name}: {asks(each)}")


def _print(console: Console, words: str, style: str | None = None) -> None:
    console.print(words, style=style, markup=False, soft_wrap=True)


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
        policy = ask.system.policies[authority].newest
        asked = _asked(ask, audit, question, since, until)
        rows = ask.cut("answers", lambda cut: answers(ask.system.engine, authority, asked, cut))
        _require_question(ask, question, rows)
        sealed = [Sealed(_record(row), _field(row), row.text) for row in rows if row.text is not None]
        unseal = ask.opened(by, sealed)
        shown: Sequence[Any] = rows
        if call.as_json:
            shown = [row.model_dump(mode="json", exclude={"text"}) | {"text": _text(row, unseal)} for row in rows]
        ask.answer("answers", _columns(policy, unseal, ask.titles), shown, audit=audit)


def _columns(policy: Policy, unseal: Unseal, titles: Mapping[str, str]) -> list[Column]:
    asked = titles_of_questions(policy)
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
        titles = titles_of_questions(ask.system.policies[authority].newest)
        asked = _asked(ask, None, question, since, until)
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


def _asked(ask: Asking, audit: str | None, question: str | None, since: str | None, until: str | None) -> Asked:
    """What is asked for, in the order of the form: the newest one's questions come first."""
    return Asked(
        audit=audit,
        question=question,
        first=day(since, ask.system, "since") if since else None,
        last=day(until, ask.system, "until") if until else None,
        order=[each.name for each in ask.system.policies[ask.authority].newest.tool.questions],
    )
