"""What the commands share that carry out an act of one person at once."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from events.errors import Refused
from services.commands import parse
from services.desk import Desk, Outcome
from services.importer import Importer
from workers.cli.options import known_authority, reference, settings_of
from workers.cli.tables import screen
from workers.recording import recording_desks
from workers.system import System

Actor = Annotated[str | None, typer.Option(help="Who acts; without it, the role itself.")]
AsRole = Annotated[str | None, typer.Option("--role", help="In which role; without it, the first that may.")]

ACTING = "acting"
"""Names the session of an importer that imports no history."""


@dataclass(frozen=True, slots=True)
class Acting:
    """One person at the desk of one authority, for as long as the system is open."""

    system: System
    authority: str
    desk: Desk
    importer: Importer
    actor: str | None
    role: str | None

    def line(self, command: str, **fields: Any) -> Mapping[str, Any]:
        """The command as it would stand in a file; what is None or empty is left out."""
        allowed = self.system.policies[self.authority].newest.acts.get(command, ())
        if not allowed:
            raise Refused("authority", f"the policy of {self.authority} gives {command} to no role")
        role = self.role or allowed[0]
        head = {"command": command, "authority": self.authority, "actor": self.actor or role, "role": role}
        return head | {name: held for name, held in fields.items() if held not in (None, (), [])}

    def do(self, command: str, **fields: Any) -> Outcome:
        """Carry out one command; its warnings are said on standard error. Refused with nothing written."""
        outcome = self.desk.carry_out(parse(orjson.dumps(self.line(command, **fields))))
        for warning in outcome.warnings:
            screen(stderr=True).print(f"warning: {warning}", markup=False, soft_wrap=True)
        return outcome


@contextmanager
def acting(
    authority: str,
    actor: str | None,
    role: str | None,
    data: Path | None,
    nats: str | None,
    policies: Path | None,
) -> Iterator[Acting]:
    """A desk for the time of the block. Refused for an authority without a policy, and for what is no reference."""
    reference("actor", actor)
    with System(settings_of(data, nats, policies=policies)) as system:
        known_authority(system, authority)
        with recording_desks(system, ACTING, authority) as importer:
            yield Acting(system, authority, importer.desks[authority], importer, actor, role)
