"""An authority with its people, and the API of it, served within the test."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import orjson

from events.errors import Unauthenticated
from services.access.caller import Caller
from services.settings import Settings
from tests.lives import people
from tests.stores import Store
from tests.workers.rig import Rig, policy_folder
from workers.api.app import make_app
from workers.api.door import keep_serving
from workers.api.guard import Guard
from workers.api.place import address
from workers.doors.office import Office, open_office
from workers.processes.together import beside
from workers.recording.desks import recording_desks
from workers.system import System


@dataclass(frozen=True)
class KnownTokens:
    """A token is the person's own reference: who knows whom tokens name is another's part."""

    authorities: frozenset[str]

    def caller(self, token: str, now: datetime) -> Caller:
        del now
        if not token.startswith("P-"):
            raise Unauthenticated("is none that is taken here")
        return Caller(token, self.authorities)


@dataclass
class Api:
    """What a test works with."""

    rig: Rig
    office: Office
    app: Guard

    @property
    def authority(self) -> str:
        return self.rig.authority

    @asynccontextmanager
    async def client(self, person: str = "P-QA") -> AsyncIterator[httpx.AsyncClient]:
        transport = httpx.ASGITransport(app=self.app, client=("192.0.2.1", 1))
        head = {"Authorization": f"Bearer {person}"}
        async with httpx.AsyncClient(transport=transport, base_url="http://api", headers=head) as client:
            yield client

    @asynccontextmanager
    async def served(self) -> AsyncIterator[str]:
        """Serve it on a port of its own while the block runs; its address."""
        settings = self.rig.settings.model_copy(update={"api_port": 0})
        looked = asyncio.Event()
        async with beside(lambda stop: keep_serving(settings, self.app, stop, looked)):
            await looked.wait()
            url = address(settings.data)
            assert url
            yield url

    def path(self, *parts: str) -> str:
        return "/".join(("/v1", self.authority, *parts))

    async def act(self, command: str, body: Mapping[str, Any], *, by: str = "P-QA", **headers: str) -> httpx.Response:
        async with self.client(by) as client:
            return await client.post(self.path("commands", command), json=body, headers=headers)


def allocation(audit: str, **fields: Any) -> dict[str, Any]:
    """The body of an allocation."""
    who = {"role": "qa_team", "child": "C-1", "team": "T-1", "worker": "P-SW", "auditor": "P-AUD"}
    return {"audit": audit, "audit_type": "full", **who, **fields}


@contextmanager
def api_of(store: Store, folder: Path, **settings: Any) -> Iterator[Api]:
    """Torbay's framework and people under another authority's name, on that store."""
    authority = store.authority()
    policies = policy_folder(folder / "policies", authority)
    known = Settings(data=folder, nats=store.url, policies=policies, **settings)
    with System(known) as system:
        with recording_desks(system, "people", authority, unverified=True) as importer:
            lines = ({**line, "authority": authority} for line in people("torbay"))
            assert not importer.run(map(orjson.dumps, lines)).rejections
        with open_office(system) as office:
            rig = Rig(known, system, authority)
            yield Api(rig, office, make_app(office, KnownTokens(frozenset({authority}))))
