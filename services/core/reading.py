"""Reading a command as it is written, one JSON object a line: what it is, or the first field at fault and its rule."""

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import cached_property, reduce
from operator import or_
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from events.errors import Refused
from services.core.command import Aside, Command
from services.core.faults import rule_of
from services.core.soundness import require_single_lines, require_sound

COMMAND_IN_A_LINE = re.compile(rb'"command"\s*:\s*"([A-Za-z_]{1,40}(?:\.[A-Za-z_]{1,40})?)"')
"""The name of a command in a line that may be no JSON."""

NEAREST, LONGEST_SHOWN = 3, 60


class Reader:
    """Reads these commands, given by their names. `stored` gives the stored name of a record that a line names."""

    def __init__(self, commands: Mapping[str, type[Command]], stored: Callable[[str], str]) -> None:
        self.commands = commands
        self._stored = stored

    @cached_property
    def _adapter(self) -> TypeAdapter[Command]:
        union: Any = reduce(or_, self.commands.values())
        form: Any = Annotated[union, Field(discriminator="command")]
        return TypeAdapter(form)

    def parse(self, line: bytes | str) -> Command:
        """The command in a line of JSON. Raises Refused naming the first field at fault and its rule."""
        try:
            command = self._adapter.validate_json(line)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            if first["type"] == "json_invalid":
                raise Refused("line", f"not valid JSON: {first['ctx']['error']}") from error
            if first["type"].startswith("union_tag"):
                raise Refused("command", self._which(first["ctx"].get("tag"))) from error
            # The first part of the place is the command's own name, which the reader knows.
            field = ".".join(str(part) for part in first["loc"] if part not in self.commands) or "line"
            raise Refused(field, rule_of(first)) from error
        require_sound(line)
        if b"\\" in line if isinstance(line, bytes) else "\\" in line:  # what needs no escape in JSON is of one line
            require_single_lines(command.model_dump(mode="json", by_alias=True, context=Aside()))
        return command.under_stored_names(self._stored)

    def json_schema(self) -> dict[str, Any]:
        """The JSON Schema of every command, as one schema that picks by `command`, each with its example as a line."""
        schema = self._adapter.json_schema(ref_template="#/$defs/{model}")
        for name, model in self.commands.items():
            if model.example:
                line = {"command": name, "authority": "torbay", "actor": "P-1", **model.example}
                schema["$defs"][model.__name__]["examples"] = [line]
        return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Sightline command", **schema}

    def _which(self, written: str | None) -> str:
        """What to write instead of an unknown command: the nearest names."""
        if written is None:
            return f"is needed, such as {next(iter(self.commands))}; `sightline schema` lists all"
        lower = written.lower()[:LONGEST_SHOWN]
        by_last_word = {name.partition(".")[2]: name for name in self.commands}
        close = get_close_matches(lower, self.commands, n=NEAREST) + [
            by_last_word[word] for word in get_close_matches(lower.rpartition(".")[2], by_last_word, n=NEAREST)
        ]
        nearest = list(dict.fromkeys(close))[:NEAREST]
        shown = written if len(written) <= LONGEST_SHOWN else f"{written[:LONGEST_SHOWN]}…"
        near = f"did you mean {' or '.join(nearest)}?" if nearest else "`sightline schema` lists all"
        return f"there is no command {ascii(shown)[1:-1]}; {near}"


def read_command(line: bytes) -> str:
    """The command that a line names, however broken the line is; empty where it names none that could be one."""
    found = COMMAND_IN_A_LINE.search(line)
    return found[1].decode() if found else ""
