"""The envelope of an event: CloudEvents attributes in the message headers; the body is the fact alone."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import lru_cache
from operator import itemgetter
from string import ascii_letters, digits
from urllib.parse import quote, unquote

from events.errors import ContractError

ID = "ce-id"
TYPE = "ce-type"
SUBJECT = "ce-subject"
VERSION = "ce-aggregateversion"
HASH = "ce-contenthash"
OCCURRED = "ce-time"
RECORDED = "ce-recordedtime"
UNVERIFIED = "ce-unverified"
IMPORTED = "ce-imported"
NOT_HASHED = frozenset({HASH, RECORDED})
"""The hash cannot hold itself, and the same command recorded at a second attempt is the same content."""

REQUIRED = ("event_id", "authority", "actor", "role")
"""What every event says. Headers without one of these were damaged, and are refused on reading."""

_SAFE = " /:+,.@"
_PLAIN = f"{ascii_letters}{digits}_.-~{_SAFE}".encode()
"""What `quote` leaves as it is. Nearly every value is plain, and to see that of all of them at once takes a small part
of the time of encoding them."""


@dataclass(frozen=True, slots=True, init=False)
class Envelope:
    """Who did it, when, by which command and under which version of the policy.

    `occurred` is when it happened (earlier than `recorded` for imported history); both are aware UTC.
    `event_id` is the command's id and the index of the event in it, so a repeat of a command repeats the ids.
    `imported` names the import that brought the event in, "" for live work. `digest` tells another command under the
    same id: a keyed name of what it said, and after a dot the hash of its texts, sealed with the child's key. The
    first events hold a keyed name of all of it; what nobody can say again has none. `unverified` names the fields of
    the command that the directory does not bear out, such as `role,auditor`: history that nobody could check, or the
    first steps of a directory; "" for an act that was held against it, and for every event older than the checks.
    `policy_hash` is that of the content of the policy as it was adopted; "" for what no adopted policy decided, as
    before the first adoption.
    """

    event_id: str
    authority: str
    actor: str
    role: str
    occurred: datetime
    recorded: datetime
    correlation: str
    causation: str
    policy_version: str
    imported: str = ""
    digest: str = ""
    unverified: str = ""
    policy_hash: str = ""

    def __init__(  # noqa: PLR0913, PLR0917 - what every event says
        self,
        event_id: str,
        authority: str,
        actor: str,
        role: str,
        occurred: datetime,
        recorded: datetime,
        correlation: str,
        causation: str,
        policy_version: str,
        imported: str = "",
        digest: str = "",
        unverified: str = "",
        policy_hash: str = "",
    ) -> None:
        # One is made for each event that is read: this takes less than half of the time of what a dataclass makes.
        _event_id(self, event_id)
        _authority(self, authority)
        _actor(self, actor)
        _role(self, role)
        _occurred(self, occurred)
        _recorded(self, recorded)
        _correlation(self, correlation)
        _causation(self, causation)
        _policy_version(self, policy_version)
        _imported(self, imported)
        _digest(self, digest)
        _unverified(self, unverified)
        _policy_hash(self, policy_hash)

    @property
    def command_id(self) -> str:
        """The command that caused the event."""
        return self.event_id.rpartition(".")[0]

    def numbered(self, number: int) -> "Envelope":
        """The envelope of the event of that number among those of a command, whose id it holds till then."""
        return Envelope(
            f"{self.event_id}.{number}",
            self.authority,
            self.actor,
            self.role,
            self.occurred,
            self.recorded,
            self.correlation,
            self.causation,
            self.policy_version,
            self.imported,
            self.digest,
            self.unverified,
            self.policy_hash,
        )


(
    _event_id,
    _authority,
    _actor,
    _role,
    _occurred,
    _recorded,
    _correlation,
    _causation,
    _policy_version,
    _imported,
    _digest,
    _unverified,
    _policy_hash,
) = (getattr(Envelope, each.name).__set__ for each in fields(Envelope))
"""What puts each part of an envelope in its place, which nobody changes after that."""


def to_headers(envelope: Envelope, *, stored_name: str, aggregate: str, version: int, body: bytes) -> dict[str, str]:
    """The message headers, percent-encoded, with the content hash over the body and every other attribute.

    What is empty is left out. ContractError for an event that says no id, authority, actor or role: nobody could read
    it back.
    """
    if not (envelope.event_id and envelope.authority and envelope.actor and envelope.role):
        lacking = next(name for name in REQUIRED if not getattr(envelope, name))
        raise ContractError(stored_name, f"its envelope says no {lacking.replace('_', ' ')}")
    values = {
        "ce-specversion": "1.0",
        ID: envelope.event_id,
        "ce-source": f"sightline/{envelope.authority}",
        TYPE: stored_name,
        SUBJECT: aggregate,
        OCCURRED: _written(envelope.occurred.astimezone(UTC)),
        "ce-datacontenttype": "application/json",
        "ce-actor": envelope.actor,
        "ce-role": envelope.role,
        "ce-correlationid": envelope.correlation,
        "ce-causationid": envelope.causation,
        "ce-policyversion": envelope.policy_version,
        IMPORTED: envelope.imported,
        "ce-commanddigest": envelope.digest,
        UNVERIFIED: envelope.unverified,
        "ce-policyhash": envelope.policy_hash,
        VERSION: str(version),
        RECORDED: _written(envelope.recorded.astimezone(UTC)),
    }
    headers = {name: value for name, value in values.items() if value}
    if "".join(headers.values()).encode().translate(None, _PLAIN):
        headers = {name: quote(value, safe=_SAFE) for name, value in headers.items()}
    headers[HASH] = content_hash(headers, body)
    return headers


@lru_cache(maxsize=1_024)
def _written(instant: datetime) -> str:
    """An instant of UTC as it travels. All events of a command have the same two, and many acts the same hour of a day.

    In another zone the two hours of an autumn night would be told apart by nothing that what is kept looks at.
    """
    return instant.isoformat()


def from_headers(headers: Mapping[str, str]) -> Envelope:
    """The envelope that `to_headers` wrote; what it left out as empty is empty again.

    Raises KeyError or ValueError when an attribute that every event has is missing or bad.
    """
    values = headers
    if "%" in "".join(headers.values()):
        values = {name: unquote(value) if name[:3] == "ce-" else value for name, value in headers.items()}
    said = values.get
    return Envelope(
        values[ID],
        values["ce-source"].removeprefix("sightline/"),
        values["ce-actor"],
        values["ce-role"],
        _instant(values[OCCURRED]),
        _instant(values[RECORDED]),
        said("ce-correlationid", ""),
        said("ce-causationid", ""),
        said("ce-policyversion", ""),
        said(IMPORTED, ""),
        said("ce-commanddigest", ""),
        said(UNVERIFIED, ""),
        said("ce-policyhash", ""),
    )


def _instant(value: str) -> datetime:
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError(f"the time {value} names no zone")
    return found


def content_hash(headers: Mapping[str, str], body: bytes) -> str:
    """SHA-256 over the body and the CloudEvents attributes (but itself and the time of recording), in hex."""
    form, hashed = _hashed(tuple(headers))
    return hashlib.sha256((form % hashed(headers)).encode() + body).hexdigest()


@lru_cache(maxsize=256)
def _hashed(names: tuple[str, ...]) -> tuple[str, Callable[[Mapping[str, str]], tuple[str, ...]]]:
    """The headers of these names that are hashed, in order: their form, and what gives their values.

    Nearly every event has the names of another one.
    """
    hashed = [name for name in sorted(names) if name[:3] == "ce-" and name not in NOT_HASHED]
    form = "".join(f"{name.replace('%', '%%')}:%s\n" for name in hashed)
    if len(hashed) > 1:
        return form, itemgetter(*hashed)
    return form, lambda headers: tuple(headers[name] for name in hashed)


def checked_hash(headers: Mapping[str, str], body: bytes) -> str:
    """The content hash that the headers name, if it fits the content. ValueError when it does not, or is missing."""
    named = headers.get(HASH, "")
    if named != content_hash(headers, body):
        raise ValueError("the content hash does not fit the content")
    return named
