"""Views by HTTP: filters, pages that stay in place, sheets that work nothing out, and what is kept back."""

import asyncio
import csv
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest

from events.actions import ActionSet
from events.audits import AuditVoided
from events.escalations import EscalationRaised
from projections.action_tracker import ActionRow, actions
from projections.escalation_queue import EscalationRow, escalations
from projections.queries import ViewRow
from projections.register import RegisterRow, register
from services.clock import local_date
from tests.histories import allocated, sealed
from tests.stores import PATIENCE, Store
from tests.workers.api.rig import Api, allocation, api_of
from workers.api.sheets import as_csv, as_workbook


@asynccontextmanager
async def filled(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an authority with twelve audits of four children, once the register knows them."""
    async with api.rig.workers("register", "timeline", "grade-changes"), api.client() as client:
        for number in range(12):
            body = allocation(f"A-{number:02}", child=f"C-{number % 4}", team="T-1" if number % 2 else "T-2")
            answer = await client.post(api.path("commands", "audit.allocate"), json=body)
            assert answer.status_code == 200, answer.text
        position = answer.headers["Sightline-Position"]
        for view in ("register", "timeline"):
            assert (await client.get(api.path("views", view), params={"wait-for": position})).status_code == 200
        yield client


@pytest.fixture
async def client(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    async with filled(api) as client:
        yield client


@pytest.fixture(scope="module")
def known(single_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """The same authority, its views as they were kept, for questions that change nothing and need nobody at work."""

    async def fill(api: Api) -> None:
        async with filled(api):
            pass

    with api_of(single_store, tmp_path_factory.mktemp("known"), api_burst=100_000, api_wait_seconds=PATIENCE) as api:
        asyncio.run(fill(api))
        yield api


def references(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [each["about"] for each in answer.json()["rows"]]


async def test_rows_are_asked_for_by_their_columns(api: Api, client: httpx.AsyncClient) -> None:
    """Filters are columns, each in its own kind; several of them all count."""
    path = api.path("views", "register")
    assert len(references(await client.get(path, params={"team": "T-1", "safety_concern": "false"}))) == 6
    assert references(await client.get(path, params={"team": "T-1", "stage": "closed"})) == []
    assert references(await client.get(path, params={"about": "audit/A-03"})) == ["audit/A-03"]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"child": "C-1"}, "child"),
        ({"about": "child/C-1"}, "about"),
        ({"colour": "red"}, "colour"),
        ({"a\r\nSet-Cookie: x": "1"}, "a??Set-Cookie??x"),
        ({"due": "soon"}, "due"),
        ({"safety_concern": "perhaps"}, "safety_concern"),
        ({"limit": "0"}, "limit"),
        ({"limit": "1001"}, "limit"),
        ({"limit": "٣"}, "limit"),
        ({"cursor": "AAAA"}, "cursor"),
        ({"cursor": "é"}, "cursor"),
        ({"wait-for": "-1"}, "wait-for"),
        ({"wait-for": "99999999"}, "wait-for"),
        ({"format": "pdf"}, "format"),
        ({"as_at": "2999-01-01"}, "as_at"),
        ({"as_known": "20260101"}, "as_known"),
        ({"team": ["T-1", "T-2"]}, "team"),
        ({"team": "\x00"}, "team"),
    ],
)
async def test_a_question_that_is_none(known: Api, asked: dict[str, Any], field: str) -> None:
    """What is no column, no value of it, or names a child in an address, is refused by name."""
    async with known.client() as client:
        answer = await client.get(known.path("views", "register"), params=asked)
    assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text


@pytest.mark.parametrize("sense", ["as_at", "as_known"])
async def test_as_at_a_day(api: Api, client: httpx.AsyncClient, sense: str) -> None:
    """A view as at today is the view, page by page; as at a day before the first event it is empty, and says so."""
    path = api.path("views", "register")
    today = local_date(api.rig.now()).isoformat()
    now = references(await client.get(path))
    first = await client.get(path, params={sense: today, "limit": "5"})
    assert references(first) == now[:5]
    assert "Sightline-Note" not in first.headers
    cursor = {"cursor": first.json()["next"], "limit": "100"}
    assert references(await client.get(path, params={sense: today, **cursor})) == now[5:]
    assert (await client.get(path, params=cursor)).json()["field"] == "cursor"  # it belongs to the question of that day
    before = await client.post(f"{path}/search", json={sense: "2001-01-01"})
    assert references(before) == []
    by = "by" if sense == "as_at" else "as known by"
    assert before.headers["Sightline-Note"] == f"nothing of {api.authority} stands on record {by} 2001-01-01"
    sheet = await client.get(path, params={sense: today, "format": "csv"})
    assert len(list(csv.reader(StringIO(sheet.text)))) == len(now) + 1


async def test_a_child_is_asked_for_in_a_body(api: Api, client: httpx.AsyncClient) -> None:
    """The same columns, and that of the child, in a body; its story, too."""
    answer = await client.post(api.path("views", "register", "search"), json={"filters": {"child": "C-1"}})
    assert references(answer) == ["audit/A-01", "audit/A-05", "audit/A-09"]
    told = await client.post(api.path("child", "timeline"), json={"child": "C-1"})
    assert {each["record"] for each in told.json()["rows"]} == {"audit/A-01", "audit/A-05", "audit/A-09"}
    assert (await client.post(api.path("child", "timeline"), json={"child": "C-404"})).status_code == 404
    assert (await client.get(api.path("records", "child", "C-1", "timeline"))).status_code == 422


async def test_pages_are_stable_while_rows_come_in(api: Api, client: httpx.AsyncClient) -> None:
    """Rows that come before, within and behind the pages while they are read: none is given twice, none left out."""
    path, found, cursor, asked = api.path("views", "register"), [], None, 0
    before = [f"audit/A-{number:02}" for number in range(12)]
    while True:
        answer = await client.get(path, params={"limit": 5} | ({"cursor": cursor} if cursor else {}))
        found += references(answer)
        cursor, asked = answer.json()["next"], asked + 1
        for audit in (f"A-00{asked}", f"A-06{asked}", f"Z-{asked}"):
            if asked < 3:
                written = await client.post(api.path("commands", "audit.allocate"), json=allocation(audit))
                await client.get(path, params={"wait-for": written.headers["Sightline-Position"]})
        if cursor is None:
            break
    assert len(found) == len(set(found))
    assert [each for each in found if each in before] == before
    assert found == sorted(found)


async def test_a_cursor_belongs_to_one_question(api: Api, client: httpx.AsyncClient) -> None:
    """A cursor that was changed, or of other filters, another view or another form, is refused; it shows nothing."""
    path = api.path("views", "register")
    cursor = (await client.get(path, params={"limit": 2})).json()["next"]
    assert "A-01" not in cursor
    changed = cursor[:-2] + ("QA" if cursor.endswith("AA") else "AA")  # it may end so by chance
    for place, asked in (
        (path, {"cursor": cursor, "team": "T-1"}),
        (path, {"cursor": changed}),
        (api.path("views", "timeline"), {"cursor": cursor}),
        (path, {"cursor": cursor, "format": "csv"}),
    ):
        answer = await client.get(place, params=asked)
        assert (answer.status_code, answer.json()["field"]) == (422, "cursor")


async def test_sheets_for_a_person(api: Api, client: httpx.AsyncClient) -> None:
    """CSV and a workbook hold every row, whether asked for by name or by Accept; what is not given is said."""
    path = api.path("views", "register")
    by_name = await client.get(path, params={"format": "csv"})
    by_accept = await client.get(path, headers={"Accept": "text/csv;q=0.9, application/json;q=0.1"})
    assert by_name.content == by_accept.content
    assert by_name.headers["content-disposition"].endswith('register.csv"')
    rows = list(csv.DictReader(StringIO(by_name.content.decode("utf-8-sig"))))
    assert [row["about"] for row in rows] == [f"audit/A-{number:02}" for number in range(12)]
    book = await client.get(path, params={"format": "xlsx", "team": "T-1"})
    sheet = openpyxl.load_workbook(BytesIO(book.content)).active
    assert sheet is not None
    assert sheet.max_row == 7
    assert (await client.get(path, headers={"Accept": "image/png"})).status_code == 406
    assert (await client.get(path, params={"format": "csv", "limit": "3"})).status_code == 422


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "plain"])
def test_a_text_is_no_formula(text: str) -> None:
    """Whatever a text begins with, neither form has a spreadsheet work it out; numbers stay numbers."""
    row = {"text": text, "number": -1}
    [shown] = csv.DictReader(StringIO(as_csv(list(row), [row]).decode("utf-8-sig")))
    assert not shown["text"].startswith(("=", "+", "-", "@", "\t"))
    assert shown["text"].lstrip("'") == text
    assert shown["number"] == "-1"
    sheet = openpyxl.load_workbook(BytesIO(as_workbook(list(row), [row]))).active
    assert sheet is not None
    assert (sheet["A2"].value, sheet["A2"].data_type, sheet["B2"].value) == (text, "s", -1)


async def test_no_sealed_text_is_shown(api: Api, client: httpx.AsyncClient) -> None:
    """A view that holds sealed texts shows in their place that there is one, in every form."""
    body = {"role": "auditor", "audit": "A-00", "concern": "was not seen for a week"}
    written = await client.post(
        api.path("commands", "audit.raise_safety_concern"), json=body, headers={"Authorization": "Bearer P-AUD"}
    )
    assert written.status_code == 200, written.text
    position = written.headers["Sightline-Position"]
    for form in ("json", "csv"):
        asked = {"wait-for": position, "about": "audit/A-00", "format": form}
        answer = await client.get(api.path("views", "timeline"), params=asked)
        assert "[sealed]" in answer.text
        assert "sealed:" not in answer.text
    story = await client.get(api.path("records", "audit", "A-00", "timeline"), params={"wait-for": position})
    assert story.json()["rows"][-1]["texts"] == ["concern"]
    assert "sealed:" not in story.text
    assert story.headers["ETag"] == f'"{len(api.rig.history("A-00"))}"'


async def test_a_view_that_does_not_come_is_not_waited_for_without_end(single_store: Store, tmp_path: Path) -> None:
    """After the time that the settings give, the answer says how far the view has come, and when to ask again."""
    with api_of(single_store, tmp_path, api_wait_seconds=0.3) as api:
        await not_coming(api)


async def not_coming(api: Api) -> None:
    async with api.rig.workers("register"):
        await api.act("audit.allocate", allocation("A-1"))
    written = await api.act("audit.allocate", allocation("A-2"))  # nobody keeps the view any more
    async with api.client() as client:
        answer = await client.get(
            api.path("views", "register"), params={"wait-for": written.headers["Sightline-Position"]}
        )
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:sightline:problem:behind")
    assert answer.headers["Retry-After"]


ROWS: dict[str, type[ViewRow]] = {"register": RegisterRow, "actions": ActionRow, "escalations": EscalationRow}
"""How the command line is told of the rows of the views that it judges by a day."""


async def test_what_is_judged_by_a_day_is_told_by_both_doors(api: Api) -> None:
    """An audit that is late, an action that is overdue, an escalation that waits: as the command line says it."""
    past = api.rig.now() - timedelta(days=9)
    step = {"obligation": "audit_return", "step": "s", "due": past, "trigger": "t", "title": "Late", "level": 1}
    given = {"action": "X-1", "level": "child", "owner": "P-SW", "text": sealed("see the child")}
    late = local_date(past)
    api.rig.record("L-1", allocated(due=late), at=past)
    api.rig.record("L-1", EscalationRaised.model_validate({**step, "recipients": ()}), at=past)
    api.rig.record("L-1", ActionSet.model_validate({**given, "due": late}), at=past)
    api.rig.record("L-2", allocated(due=None), ActionSet.model_validate({**given, "due": late}), at=past)
    api.rig.record("L-2", AuditVoided(reason=sealed("a slip")))
    position = api.rig.system.history(api.authority).position()
    today = local_date(api.rig.now())
    by_line: dict[str, Callable[..., list[Any]]] = {
        "register": register,
        "actions": actions,
        "escalations": escalations,
    }
    async with api.rig.workers(*ROWS, "owed", "timeline"), api.client() as client:
        for name, model in ROWS.items():
            answer = await client.get(api.path("views", name), params={"wait-for": str(position)})
            rows = {(each["about"], each.get("action")): each for each in answer.json()["rows"]}
            told = await asyncio.to_thread(partial(by_line[name], api.rig.system.engine, api.authority, as_of=today))
            assert len(told) == len(rows) > 0
            for line in (each.model_dump(mode="json") for each in told):
                row = rows[f"audit/{line['audit']}", line.get("action")]
                same = {each for each in model.model_fields if each in row} - {"text", "jointly"}

                assert {each: str(row[each]).replace("+00:00", "Z") for each in same} == {
                    each: str(line[each]) for each in same
                }
                assert set(model.model_fields) - same <= {"audit", "text", "jointly"} | {
                    each for each in model.model_fields if each.endswith("_on")
                }
        assert rows["audit/L-1", None]["waiting_days"] == 9
        assert (await client.get(api.path("views", "timeline"), params={"wait-for": str(position)})).status_code == 200
        then = await client.get(api.path("views", "escalations"), params={"as_at": str(today - timedelta(days=2))})
        assert [each["waiting_days"] for each in then.json()["rows"]] == [7]
        judged = await client.get(api.path("views", "actions"), params={"team": "T-1", "wait-for": str(position)})
        assert sorted((each["state"], each["overdue_since"]) for each in judged.json()["rows"]) == [
            ("open", str(late + timedelta(days=1))),
            ("withdrawn", None),
        ]
        owed = await client.get(api.path("views", "owed"), params={"about": "audit/L-1", "wait-for": str(position)})
        assert ("audit_return", 9) in {(each["obligation"], each["overdue_days"]) for each in owed.json()["rows"]}
        refused = await client.get(api.path("views", "actions"), params={"state": "open"})
        assert (refused.status_code, refused.json()["field"]) == (422, "state")
        sheet = await client.get(api.path("views", "actions"), params={"format": "csv"})
        assert {each["state"] for each in csv.DictReader(StringIO(sheet.text))} == {"open", "withdrawn"}
