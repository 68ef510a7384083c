"""All settings in one typed object, read once from SIGHTLINE_* variables and refused if wrong."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from events.errors import SettingsError

SHIPPED_POLICIES = Path(__file__).parent / "policies"
_SECONDS = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


def _seconds(value: object) -> object:
    """A number that came as text, as every variable does, means seconds."""
    if isinstance(value, str) and _SECONDS.fullmatch(value.strip()):
        return timedelta(seconds=float(value))
    return value


class Settings(BaseSettings):
    """What a process needs to know before it starts.

    `nats` None means the embedded server in `data`; `database` None means SQLite in `data`.
    `nats_watcher` is the server's address with the system account that may see how servers write; health alone uses it.
    `policies` is a folder of policy files; `clock_offset` moves the clock for a rehearsal: seconds (`-3600`, `90.5`) or
    an ISO 8601 duration (`P30D`, `-PT1H`). Streams that were not made for a rehearsal refuse it.
    `replicas` is the number of copies that the provisioner asks for.
    """

    model_config = SettingsConfigDict(env_prefix="SIGHTLINE_", frozen=True, extra="ignore")

    data: Path = Path(".sightline")
    nats: str | None = None
    nats_credentials: Path | None = None
    nats_watcher: str | None = None
    database: str | None = None
    policies: Path = SHIPPED_POLICIES
    master_key: Path | None = None
    clock_offset: Annotated[timedelta, BeforeValidator(_seconds)] = timedelta()
    replicas: Annotated[Literal[1, 3, 5], BeforeValidator(int)] = 1  # a variable is text
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    sweep_seconds: float = Field(default=60.0, gt=0)

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL of the read models."""
        return self.database or f"sqlite:///{(self.data / 'views.sqlite').absolute()}"

    @property
    def master_key_file(self) -> Path:
        """The file of the master key that wraps the children's keys."""
        return self.master_key or self.data / "master.key"


def read_settings(**overrides: object) -> Settings:
    """The settings from the environment, with `overrides` that are not None in front.

    Raises SettingsError naming the first wrong setting and its rule.
    """
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})  # type: ignore[arg-type]  # the model itself checks the values
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"])).upper()
        raise SettingsError(f"setting SIGHTLINE_{name}: {first['msg']}") from error
