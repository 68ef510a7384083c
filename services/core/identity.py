"""By what a command is known again: by its own id, or for a line of history by what it says.

What it says is kept in two parts. The open part is named with a key, so that a repeat is found at once. Of the texts
that are sealed, and of a child's number, only a hash is kept, sealed with the child's own key: whoever holds everything
but that key can try no guess against it, and once the key is erased nobody can.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from hashlib import sha256
from typing import Any, NamedTuple

import orjson
from pydantic_core import to_json

from events.errors import Refused
from services.core.command import Aside, Command, StoredAs, made_fields
from services.core.digests import Keys, digest_of, is_digest_of
from services.core.recent import CLOCK_SKEW
from services.core.record import Record
from services.core.repeats import Repeats

FORM = b"command 2\0"
"""Stands before the open part, and changes with its form, which is then another name for the same command."""

ADDED = "added after the first identities were stored"
"""The mark of a command's field that the former form of an identity does not know: `Annotated[..., ADDED]`."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a command says.

    `open` leaves out what is sealed, `whole` is a hash of everything, `texts` tells whether anything is sealed.
    """

    open: bytes
    whole: str
    texts: bool

    @classmethod
    def by(cls, command: Command) -> "Said":
        """What the command says, whatever the order of its fields.

        Defaults are left out, so that a field added later changes nothing as long as nobody uses it.
        """
        aside, beside = Aside(), _beside(type(command))
        left = _stored(command, exclude=beside, exclude_defaults=True, context=aside)
        opened = FORM + orjson.dumps(left, option=orjson.OPT_SORT_KEYS)
        whole = opened
        if aside.texts:
            held = _stored(command, exclude=beside, exclude_defaults=True)
            whole = FORM + orjson.dumps(held, option=orjson.OPT_SORT_KEYS)
        return cls(opened, sha256(whole).hexdigest(), bool(aside.texts))


class Known(NamedTuple):
    """As what a command is known: the id under which it is carried out, and whether it was before.

    `digest()` gives what tells another command under that id apart. It seals, so it is asked for only once something is
    to be kept: what is refused makes no key. `said` is a hash of what the command says, `place` how often the same was
    said before in its file and undone in between.
    """

    id: str
    digest: Callable[[], str]
    said: str
    place: int
    repeat: bool = False


@dataclass(frozen=True, slots=True)
class Identities:
    """Knows the commands of one authority again. `name` gives a keyed name to content (see `MasterKey.name`)."""

    name: Callable[[bytes], str]
    keys: Keys
    new_id: Callable[[], str]

    def of(self, command: Command, record: Record, named: Mapping[str, str], repeats: Repeats | None) -> Known:
        """How the command is to be known; one that was carried out on its record before is found as a repeat.

        `named` tells on which records ids were used, `repeats` follows the file that the command stands in. Refused for
        an id that another command has, on this record or on another.
        """
        said = Said.by(command)
        place = repeats.place(command.aggregate, said.whole) if repeats else 0
        if command.id is None and command.at is None:
            return Known(self.new_id(), str, said.whole, place)  # nobody will say it again
        opened = self.name(said.open + (f" {place}".encode() if place and not command.id else b""))
        commands = _carried_out(command, record, named)
        if command.id is None:
            found, repeat = self._content(command, record, said, opened, place, commands)
        else:
            found, repeat = command.id, command.id in commands
            if repeat and not self._is(commands[found], command, said, opened):
                raise Refused("id", f"{found} is the id of another command, carried out before on {command.aggregate}")
            if not repeat and found in named:
                raise Refused("id", f"{found} is the id of a command carried out before, on {named[found]}")
        key = record.key_for(command.named_child) if said.texts else None
        return Known(found, partial(digest_of, opened, said.whole, key, self.keys), said.whole, place, repeat)

    def _content(
        self, command: Command, record: Record, said: Said, opened: str, place: int, commands: Mapping[str, str]
    ) -> tuple[str, bool]:
        found, others = opened, 0
        while found in commands:
            if self._is(commands[found], command, said, opened):
                return found, True
            others += 1  # the same but for its texts
            found = self.name(f"{opened} {others}".encode())
        former = self._former(command) if commands and not place and not record.is_new else ""
        return (former, True) if former in commands else (found, False)

    def _is(self, digest: str, command: Command, said: Said, opened: str) -> bool:
        """Whether a digest that was kept is that of this command, in its present form or its former one."""
        return is_digest_of(digest, opened, said.whole, self.keys) or digest == self._former(command)

    def _former(self, command: Command) -> str:
        """The name that content had at first, its texts among it. It is looked for, and never kept any more."""
        return self.name(to_json(_stored(command, exclude=_added(type(command)))))


def _stored(command: Command, **how: Any) -> dict[str, Any]:
    """The fields of the command under the names that identities have for them (see `StoredAs`), in their order."""
    names = _names(type(command))
    held = command.model_dump(mode="json", **how)
    return {names.get(name, name): value for name, value in held.items()} if names else held


def _carried_out(command: Command, record: Record, named: Mapping[str, str]) -> Mapping[str, str]:
    """The commands among which a repeat of this one is found: those since the record's snapshot, where it is no older.

    What has a day of its own was recorded on that day at the earliest. What has an id and happens now is told by the
    record of that id, on which it was used.
    """
    dated = command.at is not None and record.may_have_had(command.at - CLOCK_SKEW)
    older = dated or (command.at is None and command.id in named)
    return record.commands if older else record.commands_since


@cache
def _names(kind: type[Command]) -> Mapping[str, str]:
    """What identities call the fields of this kind of command that have another name today."""
    return {
        name: mark.name
        for name, field in kind.model_fields.items()
        for mark in field.metadata
        if type(mark) is StoredAs
    }


@cache
def _beside(kind: type[Command]) -> set[str]:
    """The fields of this kind of command that say nothing of what it asks for."""
    return {"id", *made_fields(kind)}


@cache
def _added(kind: type[Command]) -> set[str]:
    """The fields of this kind of command that the former form of an identity leaves out."""
    return {*_beside(kind), *(name for name, field in kind.model_fields.items() if ADDED in field.metadata)}
