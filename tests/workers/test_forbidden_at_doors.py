"""All that is forbidden is tried at each door, and `deploy/forbidden.md` says in the same words what each answered."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nats
import orjson
import pytest
from nats.aio.client import Client

from events.errors import Refused
from services.access import TokenReader
from services.settings import Settings
from tests.issuers import Issuer, issuing
from tests.lives import people
from tests.stores import Store
from tests.workers.api.rig import Api, allocation
from tests.workers.forbidden import DOORS, PARTS, THE_LAST, YESTERDAY, Attempt, Tokens
from tests.workers.rig import Rig, policy_folder
from workers.api.app import make_app
from workers.cli.files import read_lines
from workers.doors.office import open_office
from workers.doors.receiver import receiver
from workers.recording.desks import recording_desks
from workers.system import System

PAGE = Path(__file__).parents[2] / "deploy" / "forbidden.md"
BEGIN, END = "<!-- as it was answered -->\n\n", "\n<!-- so far -->\n"
NO_WAY = "–"
"""Stands where there is no way to try it: a file brings no token, and an address is HTTP's alone."""


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with issuing() as found:
        yield found


@pytest.fixture(scope="module")
def api(issuer: Issuer, single_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A council with its people, one of whom has left, two audits, and an act that brought the id `one`."""
    authority, folder = single_store.authority(), tmp_path_factory.mktemp("forbidden")
    settings: Settings = issuer.settings(
        data=folder,
        nats=single_store.url,
        policies=policy_folder(folder / "policies", authority),
        oidc_roles_claim="roles",
        api_burst=100_000,
    )
    head = {"authority": authority, "actor": "P-QA", "role": "qa_team"}
    gone = {"person": "P-GONE", "post": "qa_team"}
    lines = [
        *({**line, "authority": authority} for line in people("torbay")),
        {**head, "command": "person.appoint", "at": "2025-09-01", **gone},
        {**head, "command": "person.leave", "at": YESTERDAY, **gone},
        *({**head, "command": "audit.allocate", **body} for body in HELD),
    ]
    with System(settings) as system:
        with recording_desks(system, "people", authority) as importer:
            assert not importer.run(map(orjson.dumps, lines)).rejections
        with open_office(system) as office:
            yield Api(Rig(settings, system, authority), office, make_app(office, TokenReader.of(settings)))


HELD = [
    allocation("F-1"),
    allocation("F-OTHER", team="T-2", auditor="P-AUD2", child="C-2"),
    allocation("F-3", id="one", child="C-3"),
]


@dataclass
class Doors:
    """The three doors of one council, and what each answers."""

    api: Api
    tokens: Tokens
    client: Client
    folder: Path

    async def answers(self, attempt: Attempt) -> list[str]:
        """What each door answers, in their order; NO_WAY where there is no way to try it."""
        ways = {"file": self.by_file, "HTTP": self.by_http, "message": self.by_message}
        return [await ways[each](attempt) if each in attempt.at else NO_WAY for each in DOORS]

    def head(self, attempt: Attempt) -> dict[str, str]:
        token = attempt.token(self.tokens) if attempt.token else self.tokens.good(attempt.by)
        return {"Authorization": f"Bearer {token}"} if attempt.known else {}

    async def by_file(self, attempt: Attempt) -> str:
        line = attempt.body
        if isinstance(line, dict):
            head = {"command": attempt.command, "authority": attempt.authority or self.api.authority}
            line = orjson.dumps({**head, "actor": attempt.by, **line})
        file = self.folder / "line.jsonl"
        file.write_bytes(line + b"\n")
        return await asyncio.to_thread(self._imported, file)

    def _imported(self, file: Path) -> str:
        with recording_desks(self.api.rig.system, "tried", self.api.authority) as importer:
            try:
                summary = importer.run(read_lines(file))
            except Refused as error:
                return f"refused, `{error.field}`"
        (each,) = summary.rejections
        found = each.field or each.reason.partition(":")[0]
        return f"refused, `{found}`" if " " not in found else "refused"

    async def by_http(self, attempt: Attempt) -> str:
        name, place = attempt.command, attempt.authority or self.api.authority
        said = attempt.body if isinstance(attempt.body, bytes) else dict(attempt.body)
        head = {**self.head(attempt), **dict(attempt.headers), "Content-Type": "application/json"}
        if isinstance(said, dict) and "id" in said:
            head["Idempotency-Key"] = said.pop("id")
        async with self.api.client() as client:
            client.headers.pop("Authorization")
            body = said if isinstance(said, bytes) else orjson.dumps(said)
            answer = await client.post(f"/v1/{place}/commands/{name}", content=body, headers=head)
        return told(answer.json())

    async def by_message(self, attempt: Attempt) -> str:
        place = attempt.authority or self.api.authority
        body = attempt.body if isinstance(attempt.body, bytes) else orjson.dumps(attempt.body)
        subject = f"commands.v1.{place}.{attempt.command}"
        answer = await self.client.request(subject, body, timeout=60, headers=self.head(attempt))
        return told(orjson.loads(answer.data))


def told(problem: dict[str, Any]) -> str:
    """A problem in the words of the table."""
    if "type" not in problem:
        return str(problem["result"])
    kind = str(problem["type"]).removeprefix("urn:sightline:problem:")
    named = problem.get("field", "")
    return f"{problem['status']} {kind}" + (f", `{named}`" if named else "")


@asynccontextmanager
async def doors_of(api: Api, issuer: Issuer, folder: Path) -> AsyncIterator[Doors]:
    """The doors of the council, open."""
    settings = api.rig.settings
    broker = receiver(api.office, TokenReader.of(settings))
    client = await nats.connect(settings.nats or "")
    await broker.start()
    try:
        yield Doors(api, Tokens(issuer, api.authority, datetime.now(UTC)), client, folder)
    finally:
        await broker.stop()
        await client.close()


async def test_the_page_says_what_the_doors_answer(api: Api, issuer: Issuer, tmp_path: Path) -> None:
    """Each is refused at each door, nothing is written, and the page for readers says so in the same words."""
    lines: list[str] = []
    history = api.rig.system.history(api.authority)
    async with doors_of(api, issuer, tmp_path) as doors:
        assert (await doors.by_http(Attempt("nothing forbidden", THE_LAST))).startswith("accepted")
        for title, attempts in PARTS.items():
            lines += [f"## {title}", "", f"| tried | {' | '.join(DOORS)} |", f"|{' --- |' * (len(DOORS) + 1)}"]
            for each in attempts:
                before = history.position()
                answers = await doors.answers(each)
                assert "accepted" not in " ".join(answers), (each.tried, answers)
                assert (history.position() > before) is each.told, each.tried
                lines.append(f"| {each.tried} | {' | '.join(answers)} |")
            lines.append("")
    page = PAGE.read_text(encoding="utf-8")
    said = page.partition(BEGIN)[2].partition(END)[0]
    assert said.splitlines() == lines[:-1], f"write this between the marks of {PAGE.name}:\n" + "\n".join(lines)
