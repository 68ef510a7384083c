"""A policy as it is written: one file, or a folder of parts that each hold some of its keys.

What is checked and adopted is the parts together, with what they take of the base that they extend (see `bases`). No
key of the policy stands in two of them, so that what is said of something is found in one place, and the order of the
parts says nothing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from events.errors import PolicyError
from services.policy import bases
from services.policy.bases import EXTENDS, Taken
from services.policy.near import unknown
from services.policy.text import is_folder, text_of, unreadable

if TYPE_CHECKING:
    from services.policy.key_path import KeyPath

    Lines = Mapping[Path, Mapping[KeyPath, int]]  # of each key, part by part

ENDING = ".yaml"
OTHER_ENDING = ".yml"

NO_POLICY = f"it holds no policy: no file (*{ENDING}), and no folder of parts"
"""What is said of a folder in which nothing is read."""


@dataclass(frozen=True)
class Place:
    """A line of a file or of a part, as an error names it."""

    file: Path
    line: int

    def __str__(self) -> str:
        """As editors and terminals read it."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Written:
    """The texts of a policy in the order of their names; where they stand is no part of what they say.

    `base` holds those of the base that they extend, as it is now; None where they name none, or none that there is.
    """

    path: Path = field(compare=False)
    files: tuple[Path, ...] = field(compare=False)
    texts: tuple[str, ...]
    base: "Written | None" = None

    @property
    def digest(self) -> str:
        """A hash of the texts: other ones for each change of them or of the base, also of one that means nothing."""
        texts = (*self.texts, *(self.base.texts if self.base else ()))
        return sha256(b"".join(sha256(each.encode()).digest() for each in texts)).hexdigest()

    @property
    def text(self) -> str:
        """The policy's own in one, as a single file would have it."""
        return "\n".join(self.texts)


@dataclass(frozen=True)
class Places:
    """Where each key of a policy stands: in its own parts, or in those of the base that it is taken of."""

    path: Path
    parts: "Lines"
    base: "Lines" = field(default_factory=dict)
    taken: Taken = field(default_factory=Taken)

    def of(self, key: "KeyPath") -> str:
        """The place of a key, or of the nearest key around it; of none in a folder of several parts, the folder."""
        part, line = self._at(key)
        return str(self.path) if part is None else str(Place(part, line))

    def order(self, key: "KeyPath") -> tuple[bool, str, int]:
        """What places are sorted by: part by part, line by line, those of the base behind."""
        part, line = self._at(key)
        return part in self.base, "" if part is None else part.name, line

    def _at(self, key: "KeyPath") -> tuple[Path | None, int]:
        there = self.taken.origin(key)
        parts, key = (self.parts, key) if there is None else (self.base, there)
        held = next((part for part, lines in parts.items() if key and key[:1] in lines), None)
        part = next(iter(parts)) if held is None and len(parts) == 1 else held
        return part, 0 if part is None else _line_of(parts[part], key)


def written_at(path: Path) -> Written:
    """The policy in a file, or in a folder of parts.

    Raises PolicyError where there is none, it cannot be read, or something beside the parts looks like one.
    """
    files = tuple(sorted(_parts(path))) if is_folder(path) else (path,)
    if not files:
        raise PolicyError(str(path), "(folder)", f"it holds no part of a policy (*{ENDING})")
    if is_folder(path):
        _nothing_left_out(path)
    texts = tuple(text_of(each) for each in files)
    named = bases.named_in(texts)
    base = None if named is None or bases.of(path) or named not in bases.names() else written_at(bases.BASES / named)
    return Written(path, files, texts, base)


def content_of(written: Written) -> tuple[object, Places]:
    """What the parts say together and with their base, and where each key stands.

    Raises PolicyError for text that is no YAML, a part that is no mapping, a key that stands in two parts, and a base
    that there is not.
    """
    own, lines = _together(written)
    places = Places(written.path, lines)
    if not isinstance(own, dict) or EXTENDS not in own:
        return own, places
    name, at = own[EXTENDS], places.of((EXTENDS,))
    if bases.of(written.path):
        raise PolicyError(at, EXTENDS, "this is a base, and a base extends none")
    if name not in bases.names():
        raise PolicyError(at, EXTENDS, unknown("base", name, bases.names()))
    if written.base is None or written.base.path.name != name:
        raise PolicyError(at, EXTENDS, f"say it in a line of its own: `{EXTENDS}: {name}`")
    base, of_base = _together(written.base)
    if not isinstance(base, dict):
        raise PolicyError(str(written.base.path), "(file)", "a base holds keys, each with what it says")
    content, taken = bases.merged(own, base, name)
    return content, Places(written.path, lines, of_base, taken)


def _together(written: Written) -> "tuple[object, Lines]":
    """What the parts themselves say together, and the line of each key."""
    from services.policy.yaml_positions import read_yaml  # noqa: PLC0415 - what was kept of these texts is not read again

    read = {file: read_yaml(file, text) for file, text in zip(written.files, written.texts, strict=True)}
    places = {file: lines for file, (_, lines) in read.items()}
    if len(read) == 1:
        [(content, _)] = read.values()
        return content, places
    together: dict[object, object] = {}
    first: dict[object, Path] = {}
    for file, (content, lines) in read.items():
        if not isinstance(content, dict):
            raise PolicyError(f"{file}:1", "(file)", "a part of a policy holds keys, each with what it says")
        for key, said in content.items():
            if key in first:
                where = Place(file, _line_of(lines, (str(key),)))
                raise PolicyError(str(where), str(key), f"it stands in {first[key].name} as well: say it in one part")
            first[key], together[key] = file, said
    return together, places


def _line_of(lines: "Mapping[KeyPath, int]", key: "KeyPath") -> int:
    from services.policy.yaml_positions import line_of  # noqa: PLC0415 - as above

    return line_of(dict(lines), key)


def is_policy(path: Path) -> bool:
    """Whether a policy could stand there: it is a file, or a folder with a part."""
    return path.is_file() or (is_folder(path) and any(_parts(path)))


def policies_in(folder: Path) -> list[Path]:
    """Where the policies of a folder stand, by their names: each file and each folder of parts that is not hidden."""
    return sorted(_policies(folder)) if is_folder(folder) else []


def named_by(folder: Path, authority: str) -> list[Path]:
    """What is called by the authority in a folder and is not hidden, whether it is read or not; nothing of no folder.

    PolicyError where the folder cannot be read.
    """
    shown = _shown(folder) if is_folder(folder) else ()
    return sorted(each for each in shown if re.split(r"[^a-z0-9-]", each.name.casefold())[0] == authority)


def written_in(folder: Path) -> tuple[Written, ...]:
    """The policies of a folder, as they stand there now. Raises PolicyError for one that cannot be read."""
    return tuple(written_at(each) for each in policies_in(folder))


def _policies(folder: Path) -> Iterator[Path]:
    for each in _shown(folder):
        if each.suffix == ENDING or (is_folder(each) and _may_hold_parts(each)):
            yield each


def _may_hold_parts(folder: Path) -> bool:
    """Whether a part stands there, or it cannot be seen: then whoever reads it is told so, of one that has a name.

    A disk that was mounted has a folder of its own, which nobody may see and no authority is called by.
    """
    try:
        return is_policy(folder)
    except PolicyError:
        return bool(folder.name.replace("-", "").isalnum())


def _parts(folder: Path) -> Iterator[Path]:
    return (each for each in _shown(folder) if each.suffix == ENDING)


def _shown(folder: Path) -> Iterator[Path]:
    """What stands in a folder, without what is hidden: copies of a mounted folder, what an editor keeps.

    PolicyError where that cannot be seen.
    """
    try:
        found = [*folder.iterdir()]
    except OSError as error:
        raise unreadable(folder, error, "folder") from error
    return (each for each in found if not each.name.startswith("."))


def _nothing_left_out(folder: Path) -> None:
    """Raises PolicyError for what would silently not be read: whom its alerts name would be told of nothing."""
    for each in sorted(_shown(folder)):
        if each.suffix == OTHER_ENDING:
            raise PolicyError(str(each), "(file)", f"it is no part by that name: call it {each.stem}{ENDING}")
        if is_folder(each) and any(found.suffix in {ENDING, OTHER_ENDING} for found in _shown(each)):
            rule = "parts stand beside each other: what a folder within a policy holds is not read"
            raise PolicyError(str(each), "(folder)", rule)
