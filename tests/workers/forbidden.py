"""What is forbidden, as somebody tries it at the doors: an example for each word of the page."""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from joserfc.jwk import RSAKey

from tests.issuers import Issuer
from tests.workers.api.rig import allocation

DOORS = ("file", "HTTP", "message")

ALL = frozenset({"qa_team", "auditor", "moderator", "director", "worker", "team_manager"})
LONG_AGO = "2025-01-06"
YESTERDAY = str((datetime.now(UTC) - timedelta(days=2)).date())


@dataclass(frozen=True)
class Tokens:
    """What an issuer would give, and what somebody makes of that."""

    issuer: Issuer
    authority: str
    now: datetime

    def good(self, person: str = "P-QA", *, key: Any = None, **claims: Any) -> str:
        """A token of the issuer, but for what is said."""
        own = {"sub": person, "authority": [self.authority, "nowhere"], "roles": sorted(ALL)}
        return self.issuer.token(self.now, key=key, **(own | claims))

    @property
    def key(self) -> Any:
        return self.issuer.keys[-1]

    def when(self, **away: float) -> int:
        return int((self.now + timedelta(**away)).timestamp())


MakeToken = Callable[[Tokens], str]


@dataclass(frozen=True)
class Attempt:
    """One thing that is forbidden, as somebody tries it.

    `authority` is another one than theirs, `token` another one than a good one of their own (None: none at all), `at`
    the doors where there is a way. `told` says that the attempt itself is recorded: nothing else ever is.
    """

    tried: str
    body: Any = field(default_factory=lambda: allocation("X-1"))
    command: str = "audit.allocate"
    by: str = "P-QA"
    authority: str = ""
    token: MakeToken | None = None
    known: bool = True
    at: tuple[str, ...] = DOORS
    told: bool = False
    headers: tuple[tuple[str, str], ...] = ()


def of_another_key(of: Tokens) -> str:
    return of.good(key=RSAKey.generate_key(2048, parameters={"kid": of.key.kid}))


def not_given(of: Tokens) -> str:
    return of.good(key=RSAKey.generate_key(2048, auto_kid=True))


def unsigned(of: Tokens) -> str:
    return f"{_said({'alg': 'none', 'typ': 'JWT'})}.{of.good().split('.')[1]}."


def with_the_public_key(of: Tokens) -> str:
    signed = f"{_said({'alg': 'HS256', 'kid': of.key.kid})}.{of.good().split('.')[1]}"
    made = hmac.digest(of.key.as_pem(private=False), signed.encode(), "sha256")
    return f"{signed}.{urlsafe_b64encode(made).rstrip(b'=').decode()}"


def changed(of: Tokens) -> str:
    mine, theirs = of.good().split("."), of.good("P-DIR").split(".")
    return ".".join((mine[0], theirs[1], mine[2]))


def _said(header: dict[str, str | None]) -> str:
    return urlsafe_b64encode(orjson.dumps(header)).rstrip(b"=").decode()


BY_TOKEN = ("HTTP", "message")
WHO: list[Attempt] = [
    Attempt("no token", known=False, at=BY_TOKEN),
    Attempt("a word that is no token", token=lambda _: "open-sesame", at=BY_TOKEN),
    Attempt("a token that nobody signed (`alg: none`)", token=unsigned, at=BY_TOKEN),
    Attempt("a token signed with the issuer's public key as a secret (HS256)", token=with_the_public_key, at=BY_TOKEN),
    Attempt("a token signed by somebody else, under the name of the issuer's key", token=of_another_key, at=BY_TOKEN),
    Attempt("a token of a key that the issuer does not give, or not any more", token=not_given, at=BY_TOKEN),
    Attempt("a token with the claims of another one", token=changed, at=BY_TOKEN),
    Attempt("a token that has expired", token=lambda of: of.good(exp=of.when(hours=-1)), at=BY_TOKEN),
    Attempt("a token of tomorrow", token=lambda of: of.good(nbf=of.when(days=1)), at=BY_TOKEN),
    Attempt("a token for another audience", token=lambda of: of.good(aud="api://other"), at=BY_TOKEN),
    Attempt("a token of another issuer", token=lambda of: of.good(iss="https://id.example.org"), at=BY_TOKEN),
    Attempt("a token that names no person", token=lambda of: of.good(sub=None), at=BY_TOKEN),
    Attempt("a token of more than 16,384 characters", token=lambda _: "a" * 16_385, at=BY_TOKEN),
]
MAY: list[Attempt] = [
    Attempt("an act for a council that the token does not name", authority="strange"),
    Attempt("an act for a council that is not there, though the token names it", authority="nowhere"),
    Attempt("another actor in the body than the token's person", allocation("X-1", actor="P-DIR"), at=BY_TOKEN),
    Attempt("a role that the token does not claim", token=lambda of: of.good(roles=["auditor"]), at=BY_TOKEN),
    Attempt("a role to which the policy does not give the act", allocation("X-1", role="auditor"), by="P-AUD"),
    Attempt("a role that the person does not hold", by="P-AUD"),
    Attempt(
        "a role that no framework knows",
        allocation("X-1", role="wizard"),
        token=lambda of: of.good(roles=["wizard"]),
    ),
    Attempt(
        "the right role, of another team",
        {"role": "team_manager", "audit": "F-OTHER"},
        "action.confirm",
        by="P-TM",
    ),
    Attempt("the act of a person who has left", by="P-GONE"),
    Attempt(
        "the act of a person who has left, on a day on which they had not",
        allocation("X-1", at=YESTERDAY),
        by="P-GONE",
        at=BY_TOKEN,
    ),
    Attempt("an act of more than 31 days ago", allocation("X-1", at=LONG_AGO), at=BY_TOKEN),
    Attempt("an act that nobody is to look up in the directory", allocation("X-1", unverified=True)),
    Attempt("a file audited by the child's own worker", allocation("X-SELF", worker="P-AUD"), told=True),
]
SAYS: list[Attempt] = [
    Attempt("no JSON", b"{"),
    Attempt("no object", b"[]"),
    Attempt("bytes that are no text", b'{"audit": "\xff"}'),
    Attempt("a field that stands twice", b'{"role": "qa_team", "role": "director"}', at=BY_TOKEN),
    Attempt("nested deeper than 32", b'{"a":' * 500 + b"1" + b"}" * 500),
    Attempt("larger than a megabyte", b'{"audit": "' + b"A" * 1_000_001 + b'"}', at=BY_TOKEN),
    Attempt("a line larger than four megabytes", b'{"audit": "' + b"A" * 4_000_001 + b'"}', at=("file",)),
    Attempt("a command that there is not", command="audit.fly"),
    Attempt("a field that the command does not have", allocation("X-1", colour="red")),
    Attempt("a header in an id", allocation("X-1\r\nSet-Cookie: a")),
    Attempt("a subject in an id", allocation("X-1.>")),
    Attempt("a path in an id", allocation("../X-1")),
    Attempt("a line for the log in an id", allocation("X-1\n{}")),
    Attempt("a character that turns the writing around", allocation("X-1", audit_type="a\u202eb")),
    Attempt("the id of an earlier act, with another body", allocation("X-1", id="one")),
    Attempt("an id that could be a subject", allocation("X-1", id="one.>")),
]
THERE: list[Attempt] = [
    Attempt(
        "a record that is not there", {"role": "auditor", "audit": "F-404", "grade": "Good"}, "audit.submit", by="P-AUD"
    ),
    Attempt("a record that is there already", allocation("F-1")),
    Attempt("an act at a stage that does not allow it", {"role": "qa_team", "audit": "F-1"}, "audit.close"),
    Attempt("a person whom the directory does not know", allocation("X-1", auditor="P-NOBODY")),
    Attempt(
        "a version that has moved on (`If-Match`)",
        {"role": "auditor", "audit": "F-1"},
        "audit.record_meeting",
        by="P-AUD",
        headers=(("If-Match", '"9"'),),
        at=("HTTP",),
    ),
]
THE_LAST = allocation("X-0", child="C-9")
PARTS = {"Who asks": WHO, "What they may": MAY, "What they say": SAYS, "What there is": THERE}
