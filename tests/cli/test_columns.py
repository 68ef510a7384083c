"""Every column of every view on a screen: instants by England's clocks in summer, and texts that command nothing."""

import ast
import inspect
import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from events.answers import Answer
from events.escalations import EscalationRaised, NoticeLapsed, Recipient
from events.findings import AuditAnswered
from projections.action_tracker import ActionRow
from projections.escalation_queue import EscalationRow
from projections.grade_changes import GradeChange
from projections.notices import Notice
from projections.queries import ViewRow
from projections.register import RegisterRow
from projections.timeline import TimelineEntry
from services.policy.expressions import PERSONS
from tests.desks import SHIPPED
from tests.projections.samples import SAMPLES
from workers.asking.words import in_words, people, titles_of
from workers.cli import tables, views
from workers.cli.screens import OBEYED, Screen, escaped
from workers.cli.tables import Column, print_json, print_table, words

MIDNIGHT = datetime(2026, 4, 24, 23, 0, tzinfo=UTC)
"""The first moment of 25 April in England."""

HOSTILE = "\x1b[2J\x9b31mred\u202eoot [red]x[/red] :skull: \x00 \ud800"
ROWS: dict[str, type[ViewRow]] = {
    "register": RegisterRow,
    "action": ActionRow,
    "grade_change": GradeChange,
    "escalation": EscalationRow,
    "notice": Notice,
    "timeline": TimelineEntry,
}
FROM_HISTORY = {"owed"}
"""Columns of rows that are worked out on asking and hold days alone."""


def columns_of(name: str) -> list[Column]:
    """The columns of a view, with texts left as they are and nothing called by another name."""
    make = getattr(views, f"{name}_columns")
    given: dict[str, Any] = {"unseal": lambda text, _field: text, "titles": {}}
    return list(make(*(given[each] for each in inspect.signature(make).parameters)))


def sample(kind: Any, text: str) -> Any:
    """A value of that type: the first moment of a summer's day, its date, a text, or the first choice."""
    if kind is Recipient:
        return Recipient.model_construct(asked=text, role=text, unit="T-1", holder="P-1", vacant=(text,))
    if get_origin(kind) is tuple:
        return (sample(get_args(kind)[0], text),)
    if get_origin(kind) is dict:
        return {"text": text}
    if get_args(kind):
        return sample(get_args(kind)[0], text) if get_origin(kind) is not None and not literal(kind) else first(kind)
    by_type: dict[Any, Any] = {datetime: MIDNIGHT, date: date(2026, 4, 25), bool: False, int: 3, str: text}
    return by_type[kind]


def literal(kind: Any) -> bool:
    return all(isinstance(each, str) for each in get_args(kind))


def first(kind: Any) -> Any:
    return get_args(kind)[0]


def row_of(model: type[ViewRow], text: str = "T") -> ViewRow:
    hints = get_type_hints(model)
    return model.model_construct(**{name: sample(hints[name], text) for name in model.model_fields})


def test_every_view_is_looked_at() -> None:
    """A view that gets columns is looked at by the tests of this file."""
    made = {name.removesuffix("_columns") for name in vars(views) if name.endswith("_columns")}
    assert made == ROWS.keys() | FROM_HISTORY


@pytest.mark.parametrize("name", ROWS)
def test_a_summer_day_begins_at_midnight(name: str) -> None:
    """25 April 00:00 in England is shown as that, in every column, and never as the evening before."""
    row = row_of(ROWS[name])
    cells = {heading: words(cell(row)) for heading, cell in columns_of(name)}
    shown = " | ".join(cells.values())
    assert not re.search(r"24 Apr|23:00|2026-04-24", shown), cells
    assert re.search(r"25 Apr", shown), cells
    days = {heading for heading, cell in cells.items() if re.search(r"\bApr\b", cell)}
    assert all("25 Apr 2026" in cells[heading] for heading in days)


def test_notices_of_two_teams_differ_on_the_screen() -> None:
    """A notice shows its team beside the record, and a dash where nobody said one."""
    [cell] = [cell for heading, cell in columns_of("notice") if heading == "team"]
    row = row_of(Notice)
    shown = [words(cell(row.model_copy(update={"team": team}))) for team in ("T-1", "T-2", None)]
    assert shown == ["T-1", "T-2", "–"]


def test_json_says_its_offset(capsys: pytest.CaptureFixture[str]) -> None:
    """In JSON an instant carries its offset, so that nobody takes it for local time."""
    print_json([row_of(Notice)])
    assert '"due": "2026-04-24T23:00:00Z"' in capsys.readouterr().out


def test_one_place_turns_instants_into_words() -> None:
    """No module of the program or of the views formats days or hours by itself; they ask `services.clock`."""
    own = re.compile(r"%-?[dHIMbB]")
    rooms = (Path(tables.__file__).parent, Path(inspect.getfile(ViewRow)).parent)
    formatted = {
        path.name
        for room in rooms
        for path in sorted(room.glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FormattedValue) and node.format_spec and own.search(ast.unparse(node.format_spec))
    }
    assert formatted == set()


TITLES = titles_of(SHIPPED["torbay"])


@pytest.mark.parametrize("authority", SHIPPED)
def test_no_mark_reaches_the_reader(authority: str) -> None:
    """What a sentence marks as a key is called by its title, or in plain words where the policy has none."""
    titles = titles_of(SHIPPED[authority])
    said = [in_words(fact.sentence(), titles) for fact in SAMPLES]
    assert not [each for each in said if re.search("[«»]", each)]


def test_keys_are_called_by_their_titles() -> None:
    """A group, a step and a question are said in the framework's words, whether or not their keys look like keys."""
    told = (Recipient(asked="cscslt", role="cscslt"),)
    raised = EscalationRaised(obligation="audit_return", step="x", due=MIDNIGHT, level=1, title="Late", recipients=told)
    assert "to Children's Social Care Senior Leadership Team at" in in_words(raised.sentence(), TITLES)
    lapsed = NoticeLapsed(obligation="audit_return", step="second_notice", due=MIDNIGHT, reason="met")
    [step] = [
        step.title
        for rule in SHIPPED["torbay"].newest.obligations
        if rule.name == "audit_return"
        for step in rule.ladder
        if step.name == "second_notice"
    ]
    assert f"Step “{step}” of “{TITLES['audit_return']}” came due" in in_words(lapsed.sentence(), TITLES)
    answered = AuditAnswered(asked_at="return", answers=(Answer(question="risks", chosen=("neglect",)),))
    assert "Which risks are present?: neglect" in in_words(answered.sentence(), TITLES)


@pytest.mark.parametrize(
    ("recipient", "said"),
    [
        (Recipient(asked="qa_team", role="qa_team", vacant=("director",)), f"QA Team (vacant: {TITLES['director']})"),
        (
            Recipient(asked="x", role="qa_team", unit="T-1", holder="P-1", vacant=("team_manager of T-2",)),
            "QA Team (T-1 P-1, vacant: Team Manager of T-2)",
        ),
        (Recipient(asked="x", role="qa_team"), "QA Team"),
    ],
)
def test_vacancies_read_well(recipient: Recipient, said: str) -> None:
    """Who was passed over stands beside who was told, with no comma that belongs to nothing."""
    assert people([recipient], TITLES) == said


@pytest.fixture
def page() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def screen(page: io.StringIO) -> Screen:
    return Screen(file=page, width=400)


@pytest.mark.parametrize("name", ROWS)
def test_no_text_commands_the_terminal(name: str, page: io.StringIO, screen: Screen) -> None:
    """Escapes, changes of direction, halves of characters and brackets in any column are shown as what they are."""
    print_table(screen, HOSTILE, columns_of(name), [row_of(ROWS[name], HOSTILE)])
    shown = page.getvalue()
    assert not OBEYED.search(shown)
    assert r"\u001b[2J\u009b31mred\u202eoot [red]x[/red] :skull: \u0000 \ud800" in shown
    shown.encode()


@pytest.mark.parametrize(
    "say",
    [
        lambda screen: screen.print(f"line 3 refused: {HOSTILE}", soft_wrap=True),
        lambda screen: screen.print(HOSTILE),
        lambda screen: screen.rule(HOSTILE),
        lambda screen: screen.print_json(f'"{escaped(HOSTILE)}"'),
    ],
)
def test_nor_does_any_other_line(say: Callable[[Screen], None], page: io.StringIO, screen: Screen) -> None:
    """Refusals, warnings and headings go through the same gate."""
    say(screen)
    assert not OBEYED.search(page.getvalue())
    assert "[red]x[/red] :skull:" in page.getvalue()


def test_json_is_the_same_text(capsys: pytest.CaptureFixture[str]) -> None:
    """JSON on a screen holds the same text, every dangerous character written as JSON writes it."""
    import json  # noqa: PLC0415 - only here

    print_json([{"text": HOSTILE}])
    out = capsys.readouterr().out
    assert not OBEYED.search(out)
    assert json.loads(out) == [{"text": HOSTILE}]


MADE_BY_US = {"tokens.py", "webhooks.py", "subscribers.py", "following.py", "policy_language.py", "everything.py"}
"""What prints secrets, settings, published messages, the policies' language and where it listens: letters of ours."""


def test_every_screen_is_that_gate() -> None:
    """The program makes no console but through `screen`, and the bar that shows fixed words."""
    folder = Path(tables.__file__).parent
    makers = {path.name for path in folder.glob("*.py") if re.search(r"(?<!\w)Console\(", path.read_text("utf-8"))}
    assert makers == {"progress.py"}
    prints = {path.name for path in folder.glob("*.py") if re.search(r"(?<![.\w])print\(|echo\(", path.read_text())}
    assert prints == {"tables.py"} | MADE_BY_US


@pytest.mark.parametrize("authority", ["torbay", "halton", "southwark", "swindon", "east-sussex"])
def test_persons_of_a_record_have_words(authority: str) -> None:
    """Who is told because of what they are in the record is called by words, in tables and in sentences."""
    titles = titles_of(SHIPPED[authority])
    for role in sorted(PERSONS):
        for said in (people([Recipient(asked=role, role=role)], titles), in_words(f"sent to «{role}»", titles)):
            assert not {"reauditor", "action_owner"} & set(re.findall(r"[a-z_]+", said))
