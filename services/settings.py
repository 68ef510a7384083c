"""All settings in one typed object, read once from SIGHTLINE_* variables and refused if wrong."""

import os
import re
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from events.errors import SettingsError

SHIPPED_POLICIES = Path(__file__).parent / "policies"
PREFIX = "sightline_"
"""How the names of the variables begin, in letters of either case."""

_SECONDS = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


def _seconds(value: object) -> object:
    """A number that came as text, as every variable does, means seconds."""
    if isinstance(value, str) and _SECONDS.fullmatch(value.strip()):
        return timedelta(seconds=float(value))
    return value


LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""How a token may be signed: with a private key alone. None of them takes a secret that both sides know, or nothing."""


def _listed(value: object) -> object:
    """Several words in one variable stand with commas between them; an empty one holds none."""
    if not isinstance(value, str):
        return value
    return [each.strip() for each in value.split(",")] if value.strip() else []


def guarded(url: str) -> str:
    """The address, if nobody on the way can change what it answers: https, or this machine. ValueError otherwise."""
    parts = urlsplit(url)
    if not parts.hostname or (parts.scheme != "https" and (parts.scheme != "http" or parts.hostname not in LOOPBACK)):
        raise ValueError("must be an https address (http only on this machine)")
    return url


def network(address: str) -> str:
    """An address or a network of addresses. ValueError otherwise."""
    try:
        ip_network(address)
    except ValueError:
        raise ValueError(f"{address!r} is no address and no network, such as 127.0.0.1 or 10.0.0.0/8") from None
    return address


Guarded = Annotated[str, AfterValidator(guarded)]
Claim = Annotated[str, Field(min_length=1, max_length=200)]
Prefix = Annotated[str, Field(max_length=200)]


class Settings(BaseModel):
    """What a process needs to know before it starts.

    `nats` None means the embedded server in `data`; `database` None means SQLite in `data`.
    `nats_watcher` is the server's address with the system account that may see how servers write; health alone uses it;
    `nats_provisioner` with the one that may change streams, which nothing but `sightline archive remove` uses.
    `archives` is the folder of what was archived of the streams (None: in `data`), which every process needs that reads
    them; the newest `archive_overlap` archived events stay in the stream as well.
    `policies` is a folder of policies, files or folders of parts; `clock_offset` moves the clock for a rehearsal:
    seconds (`-3600`, `90.5`) or an ISO 8601 duration (`P30D`, `-PT1H`). Streams that were not made for a rehearsal
    refuse it.
    `replicas` is the number of copies that the provisioner asks for, and `history_bytes` how large it lets the history
    of each authority grow (None: as large as the disk allows). More or less room is no drift: the provisioner gives it
    to what is there as well, at its next run or at the next `sightline up`, and no other process looks at it.
    `rebuild_processes` fill the views beside each other when all are rebuilt; None: one for each core, four at most.
    `api_host` and `api_port` are where the HTTP API listens; `api_rate` requests a second, `api_burst` of them at once,
    are taken from one caller, `api_requests_at_once` from all, bodies up to `api_body_bytes`, and `api_streams` open
    streams of events. `api_proxies` are the servers in front of it, whose word counts for where a request comes from
    (X-Forwarded-For); nobody else's does. `api_wait_seconds` is how long a query waits for a view to come to a
    position.
    `send` is the way by which messages go to people: a folder of files in `data`, a mail server (`smtp_…`), GOV.UK
    Notify (`notify_…`), or `off`. They come from `send_from`, and each thing in them stands beside a link that begins
    with `send_link`. One may take `send_seconds`; what fails is tried `send_attempts` times in all, after
    `send_retry_seconds` and then twice as long each time. A template of Notify has the places `subject` and `body`.

    A service that reads what is published is far behind once more than `subscribers_behind` messages wait for it.

    Webhooks are posted to https addresses on one of `webhooks_ports`; `webhooks_private` lets them lead into private
    networks, and http to this machine. A receiver has so many seconds to connect, to begin its answer and in all; what
    it does not take comes again after `webhooks_retry_seconds`, doubling up to `webhooks_longest_wait_seconds`, and is
    parked once `webhooks_give_up_seconds` have passed so. After a new secret was made, the former one signs beside it
    for `webhooks_overlap_seconds`.

    `oidc_issuer` names who issues the tokens by which people are known, exactly as its tokens do, and `oidc_audience`
    for whom they must be meant. Its keys are where its discovery document says, or at `oidc_keys`. `oidc_skew` is how
    far its clock may be from ours. Of the claims of a token, `oidc_person_claim` holds the person's reference,
    `oidc_authority_claim` the authorities, and `oidc_roles_claim`, if it is set, all roles that the person may act in;
    a claim within another is named with a dot between them. Where a prefix is set, only what begins with it counts,
    without it. deploy/access.md has an example.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", validate_default=True)

    data: Path = Path(".sightline")
    archives: Path | None = None
    archive_overlap: int = Field(default=1_000, ge=0)
    nats: str | None = None
    nats_credentials: Path | None = None
    nats_watcher: str | None = None
    nats_provisioner: str | None = None
    database: str | None = None
    policies: Path = SHIPPED_POLICIES
    master_key: Path | None = None
    clock_offset: Annotated[timedelta, BeforeValidator(_seconds)] = timedelta()
    replicas: Annotated[Literal[1, 3, 5], BeforeValidator(int)] = 1  # a variable is text
    history_bytes: int | None = Field(default=None, ge=1_000_000)
    rebuild_processes: int | None = Field(default=None, ge=1, le=16)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    sweep_seconds: float = Field(default=60.0, gt=0)
    projector_shards: int = Field(default=1, ge=1, le=64)
    api_host: str = "127.0.0.1"
    api_port: int = Field(default=8321, ge=0, le=65535)
    api_proxies: Annotated[tuple[Annotated[str, AfterValidator(network)], ...], BeforeValidator(_listed)] = ()
    api_rate: float = Field(default=50.0, gt=0)
    api_burst: int = Field(default=200, ge=1)
    api_body_bytes: int = Field(default=1_000_000, ge=1_000)
    api_requests_at_once: int = Field(default=256, ge=1)
    api_streams: int = Field(default=100, ge=1)
    api_wait_seconds: float = Field(default=10.0, gt=0)
    send: Literal["folder", "smtp", "notify", "off"] = "folder"
    send_from: Annotated[str, Field(pattern=r"^[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+$")] = "sightline@localhost"
    send_link: Guarded | None = None
    send_attempts: int = Field(default=12, ge=1, le=100)
    send_retry_seconds: float = Field(default=60.0, gt=0)
    send_seconds: float = Field(default=20.0, gt=0, le=300)
    smtp_host: str | None = None
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str | None = None
    smtp_password_file: Path | None = None
    smtp_ca_file: Path | None = None
    notify_key_file: Path | None = None
    notify_template: str | None = None
    notify_url: Guarded | None = None
    webhooks_private: bool = False
    subscribers_behind: Annotated[int, Field(ge=0)] = 1_000
    webhooks_ports: Annotated[
        tuple[Annotated[int, Field(ge=1, le=65535)], ...], BeforeValidator(_listed), Field(min_length=1)
    ] = (443, 8443)
    webhooks_connect_seconds: float = Field(default=5.0, gt=0)
    webhooks_read_seconds: float = Field(default=10.0, gt=0)
    webhooks_total_seconds: float = Field(default=20.0, gt=0, le=60)
    webhooks_retry_seconds: float = Field(default=10.0, gt=0)
    webhooks_longest_wait_seconds: float = Field(default=10_800.0, gt=0)
    webhooks_give_up_seconds: float = Field(default=86_400.0, gt=0)
    webhooks_overlap_seconds: float = Field(default=86_400.0, ge=0)

    oidc_issuer: Guarded | None = None
    oidc_audience: Annotated[str | None, Field(min_length=1)] = None
    oidc_keys: Guarded | None = None
    oidc_algorithms: Annotated[tuple[Algorithm, ...], BeforeValidator(_listed), Field(min_length=1)] = ("RS256",)
    oidc_skew: Annotated[timedelta, BeforeValidator(_seconds), Field(ge=timedelta(), le=timedelta(minutes=5))] = (
        timedelta(minutes=1)
    )
    oidc_person_claim: Claim = "sub"
    oidc_person_prefix: Prefix = ""
    oidc_authority_claim: Claim = "authority"
    oidc_authority_prefix: Prefix = ""
    oidc_roles_claim: Claim | None = None
    oidc_roles_prefix: Prefix = ""

    def __init__(self, **given: Any) -> None:
        """The settings as they are given here, and for the rest as the variables say."""
        super().__init__(**{**_variables(), **given})

    @model_validator(mode="after")
    def _issued_for_us(self) -> Self:
        """A token of the same issuer that is meant for somebody else must not open anything here."""
        if self.oidc_issuer is not None and self.oidc_audience is None:
            raise ValueError("SIGHTLINE_OIDC_ISSUER asks for SIGHTLINE_OIDC_AUDIENCE: for whom its tokens are meant")
        return self

    @property
    def embedded(self) -> bool:
        """Whether this is the embedded default: server and views in the data folder, of whoever may read it."""
        return self.nats is None and self.database is None

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL of the read models."""
        return self.database or f"sqlite:///{(self.data / 'views.sqlite').absolute()}"

    @property
    def archives_folder(self) -> Path:
        """The folder of what was archived of the streams, one folder in it for each of them."""
        return self.archives or self.data / "archives"

    @property
    def master_key_file(self) -> Path:
        """The file of the master key that wraps the children's keys."""
        return self.master_key or self.data / "master.key"


def _variables() -> dict[str, str]:
    """What the environment says, by the names of the settings; what is no setting among it is nobody's."""
    named = ((name.lower(), value) for name, value in os.environ.items())
    return {name.removeprefix(PREFIX): value for name, value in named if name.startswith(PREFIX)}


def read_settings(**overrides: object) -> Settings:
    """The settings from the environment, with `overrides` that are not None in front.

    Raises SettingsError naming the first wrong setting and its rule.
    """
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"])).upper()
        said = first["msg"].removeprefix("Value error, ")
        raise SettingsError(f"setting SIGHTLINE_{name}: {said}" if name else f"settings: {said}") from error
