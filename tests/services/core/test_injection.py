"""Through no field of any command does anything get into a header, a subject or a line of the log."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
import pytest

from events.errors import Refused
from services.core.command import Aside, Command
from services.modules import CATALOGUE

HEAD = {"authority": "torbay", "actor": "P-1", "id": "one"}
LINES = ("A-1\r\nX-Evil: 1", "A-1\nlevel=error", "A-1\x00", "A-1\u2028B", "A\x1b[31m")
SUBJECTS = ("A.1", "A.>", ">", "*", "A *", "$JS.API", "../../etc", "%0d%0aX:1", "A/B/C", "")


def lines() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Each field of each command that holds one word, in the example of the command."""
    for name, model in CATALOGUE.commands.items():
        line = {"command": name, **HEAD, **model.example}
        yield from ((name, field, line) for field, held in line.items() if isinstance(held, str))


def taken(line: Mapping[str, Any]) -> Command | None:
    """The command, if it is one."""
    try:
        return CATALOGUE.parse(orjson.dumps(line))
    except Refused:
        return None


@pytest.mark.parametrize("hostile", LINES)
def test_no_field_brings_a_second_line(hostile: str) -> None:
    """Line ends and what controls a screen are refused in every word; a text that is sealed may have lines."""
    for name, field, line in lines():
        command = taken({**line, field: hostile})
        if command is not None:
            kept = command.model_dump_json(by_alias=True, context=Aside())
            assert "Evil" not in kept, (name, field)
            assert orjson.loads(kept)[field] == "", f"{name}: {field} is kept in the clear"


@pytest.mark.parametrize("hostile", SUBJECTS)
def test_no_field_leads_to_another_subject(hostile: str) -> None:
    """What names a record, a person or the act itself is one word of a subject, or the command is none."""
    for name, field, line in lines():
        command = taken({**line, field: hostile})
        if command is not None:
            kind, _, reference = command.aggregate.partition("/")
            assert kind in CATALOGUE.kinds, (name, field)
            assert reference.replace("-", "").replace("_", "").isalnum(), (name, field, command.aggregate)
            for own in ("actor", "authority", "id", "command", "role"):
                assert getattr(command, own) == line[own], (name, field)
            assert all(each.replace("-", "").replace("_", "").isalnum() for each in command.children), (name, field)
