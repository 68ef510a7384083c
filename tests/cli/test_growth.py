"""What is asked costs the same however long the history is: each question's messages are counted, and compared.

Which questions there are is told by the program's own commands and by the routes of the HTTP API.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from inspect import unwrap
from pathlib import Path
from typing import Any, get_type_hints
from unittest.mock import patch

import httpx
import orjson
import pytest
from fastapi import FastAPI

from events.cases import CaseListClosed, CaseListOpened, CasesListed, ListedCase
from events.subjects import stream_name
from services.calendar_feed import hashed, new_secret
from services.modules import CATALOGUE
from services.settings import Settings
from tests.cli.council import Council, closed
from tests.cli.counting import counted, rows_fetched
from tests.cli.program import Line, Program
from tests.cli.test_paging import LISTS
from tests.cli.test_tree import COMMANDS
from tests.histories import sealed
from tests.lives import QA, people
from tests.stores import Store
from tests.workers.api.rig import KnownTokens
from tests.workers.rig import Rig, policy_folder
from workers.api.app import DOCUMENT, make_app
from workers.api.guard import Guard
from workers.api.lists import LISTS as OF_THE_API
from workers.api.views import shown_views
from workers.cli.options import Question, QuestionOfViews
from workers.doors.office import open_office
from workers.histories.rebuilding import rebuild_everything
from workers.system import System

pytestmark = pytest.mark.long

FEW, MANY = 2, 20
PAGE = 2
"""Rows that a page of one may come to: its own, and the one that tells of more. There may have been none before."""

ORDERS = {
    *("import", "follow", "erase", "hold", "release", "indicator import", "indicators import", "cases import"),
    *("archive make", "archive remove"),
}
"""Commands that answer as questions do, and do something, or that never end."""

WHOLE = {"verify", "rebuild", "archive verify"}
"""Who asks these asks for the whole history: nothing is proved of what was not read."""

ARGUMENTS = {
    "show owed": ["--audit", "A-01"],
    "show timeline": ["--audit", "A-01"],
    "story audit": ["A-01"],
    "story action": ["A-01-1"],
    "story child": ["C-A-01"],
    "pack make": ["--output", "{folder}/{number}"],
    "round show": ["2026-01"],
    "round verify": ["2026-01"],
    "report show": ["audit_highlight", "2026-01"],
    "report trace": ["audit_highlight", "2026-01", "summary"],
    "report issued": ["audit_highlight", "2026-01"],
    "report compare": ["audit_highlight", "2026-01"],
    "sample verify": ["2026-01"],
}
"""What is asked about, beside the authority: one record of the first ones, while the others become more."""

PLACES = {"kind": "audit", "reference": "A-01", "report": "audit_highlight", "period": "2026-01", "figure": "summary"}
"""The same in a path."""

BODIES: dict[str, Line] = {"child": {"child": "C-A-01"}}
"""And in a body, by the name of the route."""

PAGED = ("/v1/{authority}/views", "/v1/{authority}")
"""Where the lists of the API lie."""

ENDS = {
    "health": 1,
    **dict.fromkeys(("round verify", "report trace", "report issued", "report compare", "sample verify"), 2),
}
"""How a command ends that finds nothing; and health, where nobody is at work."""

ANSWERS = dict.fromkeys(("report-figure", "report-issued"), 404)
"""The same of a route, by its name."""


def questions() -> list[str]:
    """Every command of the program that answers a question."""
    return [
        name
        for name, command in COMMANDS.items()
        if any(
            isinstance(kind, type) and issubclass(kind, Question | QuestionOfViews)
            for kind in get_type_hints(unwrap(command.callback)).values()
        )
        and name not in ORDERS | WHOLE
    ]


def routes(app: Guard) -> list[Any]:
    """Every route of the API that answers a question, and ends."""
    assert isinstance(app.app, FastAPI)
    found: list[Any] = list(app.app.routes)
    return [
        each
        for each in found
        if each.name not in CATALOGUE.commands and each.path != DOCUMENT and not each.path.endswith("/events")
    ]


@dataclass
class Asked:
    """A council whose history grows, and what each question reads of it."""

    council: Council
    folder: Path
    system: System
    secret: str
    asked: int = 0

    @property
    def stream(self) -> str:
        return stream_name(self.council.authority)

    def grow(self, first: int, last: int) -> None:
        """Audits, entries, rounds and case lists of these numbers; the views know them.

        All but the first are of a year before, so that history grows in months that it has already.
        """
        numbers = range(first, last + 1)
        lines = [line if n == 1 else _a_year_before(line) for n in numbers for line in closed("torbay", f"A-{n:02}")]
        head = {**QA, "authority": "torbay", "at": "2026-02-10"}
        entry = {"command": "entry.record", **head, "kind": "practice_week", "on": "2026-02-09"}
        entries = ({**entry, "entry": f"E-{n}"} for n in numbers)
        lines += (each if n == 1 else _a_year_before(each) for n, each in zip(numbers, entries, strict=True))
        lines += (
            {"command": "round.schedule", **head, "round": f"20{25 + n}-01", "month": f"20{25 + n}-01"} for n in numbers
        )
        said = self.council.imports(lines, "--unverified")
        assert said.code == 0, said
        rig = Rig(self.council.program.settings, self.system, self.council.authority)
        for n in numbers:
            cases = CasesListed(cases=(ListedCase(child=f"C-{n}", number=sealed("1", child=f"C-{n}"), service="S-1"),))
            opened = CaseListOpened(file_hash="f", kind="plain", as_of=date(2026, 1, 1))
            rig.record("", opened, cases, CaseListClosed(taken=1, left_out=0), aggregate=f"cases/L-{n}")
        rebuild_everything(self.system, [self.council.authority], lambda *_: None)

    def read(self) -> dict[str, int]:
        """How many messages each question on the command line reads."""
        found = Counter[str]()
        self.asked += 1
        for name in questions():
            words = [each.format(folder=self.folder, number=self.asked) for each in ARGUMENTS.get(name, [])]
            whose = [self.council.authority] if COMMANDS[name].params[0].name == "authority" else []
            with counted(self.stream, found, name):
                said = self.council.program.run(*name.split(), *whose, *words, "--json")
            assert said.code == ENDS.get(name, 0), (name, said)
        return dict(found)

    async def read_by_http(self, app: Guard) -> dict[str, int]:
        """How many messages each question to the API reads."""
        found = Counter[str]()
        transport, head = httpx.ASGITransport(app=app, client=("192.0.2.1", 1)), {"Authorization": "Bearer P-QA"}
        async with httpx.AsyncClient(transport=transport, base_url="http://api", headers=head) as client:
            for each in routes(app):
                path = each.path.format(**PLACES, authority=self.council.authority, secret=self.secret)
                body = BODIES.get(each.name, {}) if "POST" in each.methods else None
                with counted(self.stream, found, each.name + (" by post" if body is not None else "")):
                    answer = await client.request("GET" if body is None else "POST", path, json=body)
                assert answer.status_code == ANSWERS.get(each.name, 200), (each.path, answer.text)
        return dict(found)

    def listed(self) -> dict[str, int]:
        """How many rows of the views each list on the command line fetches for a page of one row."""
        found = {}
        for name in LISTS:
            asked = [*name.split(), self.council.authority, *ARGUMENTS.get(name, []), "--limit", "1", "--json"]
            with rows_fetched() as fetched:
                assert self.council.program.run(*asked).code == 0
            found[name] = fetched[0]
        return found

    async def listed_by_http(self) -> dict[str, int]:
        """How many the first page of one row of each list of the API fetches, and the one that it names as the next."""
        found = {}
        known = KnownTokens(frozenset({self.council.authority}))
        head = {"Authorization": "Bearer P-QA"}
        with rows_fetched() as fetched, System(self.system.settings) as system, open_office(system) as office:
            app = make_app(office, known)
            transport = httpx.ASGITransport(app=app, client=("192.0.2.1", 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://api", headers=head) as client:
                for each in (each for each in routes(app) if each.path.rpartition("/")[0] in PAGED):
                    if each.name not in {*shown_views(system), *(listed.name for listed in OF_THE_API)}:
                        continue
                    path, before = each.path.format(authority=self.council.authority), fetched[0]
                    first = await client.get(path, params={"limit": 1})
                    assert first.status_code == 200, (path, first.text)
                    if first.json()["next"]:
                        await client.get(path, params={"limit": 1, "cursor": first.json()["next"]})
                    found[path.rpartition("/")[2]] = fetched[0] - before
        return found


def _a_year_before(line: Line) -> Line:
    """The same in another month, so that the record of the month that is asked about grows no more."""
    told: Line = orjson.loads(orjson.dumps(line).replace(b"2026-", b"2025-"))
    return told


@pytest.fixture(scope="module")
def growing(single_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    """A council with people and nothing else."""
    folder = tmp_path_factory.mktemp("growth")
    authority = single_store.authority()
    settings = Settings(data=folder, nats=single_store.url, policies=policy_folder(folder / "policies", authority))
    with System(settings) as system:
        council = Council(Program(settings), system, folder / "commands.jsonl", authority=authority)
        assert council.imports(people("torbay")).code == 0
        secret = new_secret(authority)
        given = {"command": "calendar.give", "authority": authority, **QA, "person": "P-AUD", "secret": hashed(secret)}
        assert council.imports([given]).code == 0
        with patch("workers.cli.showing.PATIENCE", 0.0):  # nobody is at work who would bring the views up to date
            yield Asked(council, folder, system, secret)


@dataclass(frozen=True)
class Costs:
    """What each question reads: messages of the stream, and a page of each list rows of the views."""

    messages: dict[str, int]
    rows: dict[str, int]

    @classmethod
    def of(cls, growing: Asked, app: Guard) -> "Costs":
        messages = growing.read() | asyncio.run(growing.read_by_http(app))
        return cls(messages, growing.listed() | asyncio.run(growing.listed_by_http()))


@pytest.fixture(scope="module")
def costs(growing: Asked) -> tuple[Costs, Costs]:
    """What is read of some history, and of ten times as much."""
    known = KnownTokens(frozenset({growing.council.authority}))
    with open_office(growing.system) as office:
        app = make_app(office, known)
        growing.grow(1, FEW)
        before = Costs.of(growing, app)
        growing.grow(FEW + 1, MANY)
        return before, Costs.of(growing, app)


def test_no_question_reads_more_of_a_longer_history(costs: tuple[Costs, Costs]) -> None:
    """Each question reads as many messages of ten times the history as of the history, through either door."""
    before, after = (each.messages for each in costs)
    assert len(before) > 50
    grown = {name: (before[name], after[name]) for name in after if after[name] > before[name]}
    assert not grown


def test_a_page_fetches_no_more_of_a_longer_list(costs: tuple[Costs, Costs]) -> None:
    """The database cuts each list of either door: a page fetches its own rows, and the one that tells of more."""
    before, after = (each.rows for each in costs)
    assert before.keys() >= set(LISTS)
    assert len(before) > len(LISTS) + 10
    grown = {name: (before[name], after[name]) for name in after if after[name] > before[name] + PAGE}
    assert not grown
