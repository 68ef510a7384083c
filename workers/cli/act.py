"""What the commands share that carry out an act of one person at once."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from inspect import Parameter
from typing import Annotated, Any

import orjson
import typer

from events.errors import Refused
from services.clock import local_date
from services.core.desk import Desk
from services.core.outcome import Outcome
from services.core.recent import require_recent
from services.directory.may import Council, may
from services.directory.snapshot import directory_of
from services.importer import Importer
from services.modules import CATALOGUE
from workers.cli.fields import Fields, Input, Typed
from workers.cli.options import Place, known_authority, reference
from workers.cli.tables import screen
from workers.recording.desks import recording_desks
from workers.reports.issuing import completed
from workers.system import System

Actor = Annotated[str | None, typer.Option(envvar="SIGHTLINE_ACTOR", help="Who acts: a person of the directory.")]
AsRole = Annotated[str | None, typer.Option("--role", help="In which role; without it, one that the actor holds.")]

ACTING = "acting"
"""Names the session of an importer that imports no history."""


@dataclass(frozen=True, slots=True)
class FurtherOf:
    """The fields of an act's command beside those that its own command of the program gives, as options."""

    act: str
    given: tuple[str, ...]

    def parameters(self) -> list[Parameter]:
        """The options for them."""
        return [each.parameter() for each in self._fields]

    def taken(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """What was typed of them, as the fields of a line."""
        stdin = Input()
        return {each.key: each.value(given[each.name], stdin) for each in self._fields if given[each.name] is not None}

    @property
    def _fields(self) -> list[Typed]:
        fields = Fields.of(CATALOGUE.commands[self.act], self.act.partition(".")[0])
        return [each for each in fields.others if each.name not in self.given]


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
        actor, role = who_acts(self.system, self.authority, command, self.actor, self.role)
        head = {"command": command, "authority": self.authority, "actor": actor, "role": role}
        return head | {name: held for name, held in fields.items() if held not in (None, (), [])}

    def do(self, command: str, **fields: Any) -> Outcome:
        """Carry out one command; its warnings are said on standard error. Refused with nothing written."""
        outcome = self.give(command, **fields)
        for warning in outcome.warnings:
            screen(stderr=True).print(f"warning: {warning}", markup=False, soft_wrap=True)
        return outcome

    def give(self, command: str, **fields: Any) -> Outcome:
        """Carry out one command. Refused with nothing written, also where it is dated too far back to be told of."""
        given = self.system.catalogue.parse(orjson.dumps(self.line(command, **fields)))
        require_recent(given, self.system.clock())
        return self.desk.carry_out(completed(self.system, given))


def who_acts(system: System, authority: str, command: str, actor: str | None, role: str | None) -> tuple[str, str]:
    """The person, and the role: the one named, else the first of those that may which the person holds today.

    Refused without a person; without a role, where the policy gives the command to nobody. That the role may, and is
    held, is checked with the command itself.
    """
    if actor is None:
        raise Refused("actor", "needed: who acts, by --actor or SIGHTLINE_ACTOR")
    if role is not None:
        return actor, role
    policy = system.policies[authority].newest
    allowed = policy.acts.get(command, ())
    if not allowed:
        raise Refused("authority", f"the policy of {authority} gives {command} to no role")
    council = Council(directory_of(system.history(authority)), policy)
    today = local_date(system.clock())
    held = (each for each in allowed if may(actor, each, None, today, council))
    return actor, next(held, allowed[0])


@dataclass(frozen=True, kw_only=True)
class Hand(Place):
    """Who acts, in which role, and where."""

    actor: Actor = None
    role: AsRole = None


@contextmanager
def acting(authority: str, call: Hand) -> Iterator[Acting]:
    """A desk for the time of the block. Refused for an authority without a policy, and for what is no reference."""
    reference("actor", call.actor)
    with System(call.settings) as system:
        known_authority(system, authority)
        with recording_desks(system, ACTING, authority) as importer:
            yield Acting(system, authority, importer.desks[authority], importer, call.actor, call.role)
