"""A directory in which nobody may appoint yet is open, so that it can begin, and says so; nothing else is."""

from typing import Any

from events.errors import Forbidden
from services.core.command import command_name
from services.directory.state import DIRECTORY
from services.modules import CATALOGUE
from services.people.module import MODULE as PEOPLE
from tests.desks import SHIPPED
from tests.given import Scene
from tests.lives import Line
from tests.offices import answer, sample


def desk_of_nobody() -> Scene:
    return Scene("torbay", unverified=False, staffed=False)


def line(command: str, at: str, actor: str, **fields: Any) -> Line:
    return {"command": command, "authority": "torbay", "actor": actor, "role": "qa_team", "at": at, **fields}


def test_it_is_open_until_somebody_may_appoint() -> None:
    """The first appointment closes it; what was done before is recorded as unverified, what follows is not."""
    desk = desk_of_nobody()
    place = line("unit.place", "2026-01-05", "P-1", unit="S-1", kind="service")
    first = line("person.appoint", "2026-01-05", "P-1", person="P-1", post="qa_team")
    desk.do(place, first, line("unit.place", "2026-01-06", "P-1", unit="S-2", kind="service"))
    assert [each.envelope.unverified for each in desk.store.load(DIRECTORY)] == ["role", "role", ""]
    desk.when(line("unit.place", "2026-01-06", "P-2", unit="S-3", kind="service")).refused(
        "role", "P-2 did not hold the role qa_team on 2026-01-06", error=Forbidden
    )


def test_nobody_comes_into_a_post_by_an_earlier_date() -> None:
    """An appointment dated before the first one is refused as well: the directory is no longer beginning."""
    desk = desk_of_nobody()
    desk.do(line("person.appoint", "2026-01-05", "P-1", person="P-1", post="qa_team"))
    desk.when(line("person.appoint", "2025-01-06", "P-2", person="P-2", post="qa_team")).refused(
        "role", "P-2 did not hold the role qa_team on 2025-01-06", error=Forbidden
    )


def test_everything_else_waits_for_it() -> None:
    """Only the directory is open: no other act is taken while nobody holds its role."""
    desk = desk_of_nobody()
    own = {command_name(act.command) for act in PEOPLE.acts}
    for name in CATALOGUE.commands.keys() - own:
        if "audit" in CATALOGUE.commands[name].model_fields:
            continue
        role = next(iter(SHIPPED["torbay"].newest.acts.get(name, ())), None)
        if role is not None:
            command = sample(name, authority="torbay", actor="P-1", role=role)
            refusal = answer(desk, command)
            assert refusal is not None, name
            assert "did not hold the role" in refusal.rule
