"""A stand-in for GOV.UK Notify over loopback: takes e-mails, finds them by their reference, answers as a test says."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from tests.stores import PATIENCE

KEY = "test-00000000-0000-0000-0000-000000000000-11111111-1111-1111-1111-111111111111"

BUSY_SECONDS = 600
"""For so long it wants to be left alone when it says 429: longer than any test takes to look."""


@dataclass
class StandIn:
    """What it was asked and what it answers. `answers` are the statuses of the next posts; then each is taken."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)
    takes_and_hangs: bool = False
    released: Event = field(default_factory=Event)

    def post(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        status = self.answers.pop(0) if self.answers else 201
        if status == 201:
            self.taken.append(body)
            if self.takes_and_hangs:
                self.released.wait(PATIENCE)
            return 201, {"id": str(uuid4()), "reference": body.get("reference")}
        errors = [{"error": "Error", "message": f"not for {body['email_address']}"}]
        return status, {"status_code": status, "errors": errors}

    def get(self, reference: str) -> dict[str, Any]:
        found = [each for each in self.taken if each["reference"] == reference]
        status = self.states.get(reference, "sending")
        return {"notifications": [{"reference": each["reference"], "status": status} for each in found]}


@contextmanager
def standing_in() -> Iterator[StandIn]:
    """Run it while the block runs."""
    stand_in = StandIn()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v2/notifications/email"
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.answer(*stand_in.post(body))

        def do_GET(self) -> None:
            self.answer(200, stand_in.get(parse_qs(urlsplit(self.path).query)["reference"][0]))

        def answer(self, status: int, body: dict[str, Any]) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            if status == 429:
                self.send_header("Retry-After", str(BUSY_SECONDS))
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nothing to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    stand_in.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield stand_in
    finally:
        stand_in.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
