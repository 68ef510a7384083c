"""An issuer of tokens on loopback, as identity providers are: discovery, a set of keys, and whatever a test breaks."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from unittest.mock import patch

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from services.access import issuer_keys
from services.settings import Settings, read_settings
from tests.stores import PATIENCE

AUDIENCE = "api://sightline"


class Issuer:
    """Signs with the newest of its keys. `asked` counts how often its keys were asked for.

    `answer` stands in place of the keys where a test sets it: a status with a body, or None for no answer at all.
    """

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        self.keys: list[RSAKey | ECKey] = []
        self.asked = 0
        self.answer: tuple[int, bytes] | None = (200, b"")
        self.discovery: dict[str, Any] = {"issuer": self.url, "jwks_uri": f"{self.url}/keys"}
        self.ended = Event()
        self.rotate()

    def rotate(self, *, keep: bool = True) -> RSAKey:
        """Sign with a new key from now on; `keep` goes on publishing the former ones."""
        key = RSAKey.generate_key(2048, auto_kid=True)
        self.keys = [*(self.keys if keep else []), key]
        return key

    def token(self, now: datetime, key: Any = None, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """A token that is good at `now`, but for what the claims say; a claim of None is left out."""
        signing = key or self.keys[-1]
        said = {
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": "P-QA",
            "authority": "torbay",
            "nbf": int(now.timestamp()),
            "exp": int((now + timedelta(hours=1)).timestamp()),
            **claims,
        }
        kept = {name: held for name, held in said.items() if held is not None}
        head = {"alg": "RS256", "kid": signing.kid, **(header or {})}
        return jwt.encode(
            {name: held for name, held in head.items() if held is not None}, kept, signing, algorithms=[head["alg"]]
        )

    def settings(self, **others: Any) -> Settings:
        """Settings that name this issuer."""
        return read_settings(oidc_issuer=self.url, oidc_audience=AUDIENCE, **others)

    def told(self, path: str) -> tuple[int, bytes] | None:
        """What is answered at a path; None for nothing at all."""
        if path != "/keys":
            return 200, json.dumps(self.discovery).encode()
        self.asked += 1
        if self.answer is None or self.answer[1]:
            return self.answer
        return 200, json.dumps(KeySet(self.keys).as_dict(private=False)).encode()  # type: ignore[arg-type]  # a list


@contextmanager
def issuing() -> Iterator[Issuer]:
    """An issuer for the time of the block. A fetch may take as long as a test: a busy machine is not one that hangs."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the library's own name
            told = issuer.told(self.path)
            if told is None:
                issuer.ended.wait(60)
                return
            self.send_response(told[0])
            self.send_header("Content-Length", str(len(told[1])))
            self.end_headers()
            self.wfile.write(told[1])

        def log_message(self, *_: Any) -> None:
            """Nothing to be said."""

    with (
        patch.object(issuer_keys, "DEADLINE", PATIENCE),
        ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server,
    ):
        issuer = Issuer(server)
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield issuer
        finally:
            issuer.ended.set()
            server.shutdown()
            thread.join()
