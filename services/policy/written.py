"""A policy as it is written: one file, or a folder of parts that each hold some of its keys.

What is checked and adopted is the parts together. No key of the policy stands in two of them, so that what is said of
something is found in one place, and the order of the parts says nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from events.errors import PolicyError
from services.policy.text import text_of

if TYPE_CHECKING:
    from services.policy.yaml_positions import KeyPath

ENDING = ".yaml"
OTHER_ENDING = ".yml"


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
    """The texts of a policy in the order of their names; where they stand is no part of what they say."""

    path: Path = field(compare=False)
    files: tuple[Path, ...] = field(compare=False)
    texts: tuple[str, ...]

    @property
    def digest(self) -> str:
        """A hash of the texts: other ones for each change of them, also of one that means nothing."""
        return sha256(b"".join(sha256(each.encode()).digest() for each in self.texts)).hexdigest()

    @property
    def text(self) -> str:
        """All of them in one, as a single file would have it."""
        return "\n".join(self.texts)


@dataclass(frozen=True)
class Places:
    """Where each key of a policy stands."""

    path: Path
    parts: "Mapping[Path, Mapping[KeyPath, int]]"

    def of(self, key: "KeyPath") -> str:
        """The place of a key, or of the nearest key around it; of none in a folder of several parts, the folder."""
        part = self._part(key)
        return str(self.path) if part is None else str(Place(part, _line_of(self.parts[part], key)))

    def order(self, key: "KeyPath") -> tuple[str, int]:
        """What places are sorted by: part by part, line by line."""
        part = self._part(key)
        return ("", 0) if part is None else (part.name, _line_of(self.parts[part], key))

    def _part(self, key: "KeyPath") -> Path | None:
        held = next((part for part, lines in self.parts.items() if key and key[:1] in lines), None)
        return next(iter(self.parts)) if held is None and len(self.parts) == 1 else held


def written_at(path: Path) -> Written:
    """The policy in a file, or in a folder of parts.

    Raises PolicyError where there is none, it cannot be read, or something beside the parts looks like one.
    """
    files = tuple(sorted(_parts(path))) if path.is_dir() else (path,)
    if not files:
        raise PolicyError(str(path), "(folder)", f"it holds no part of a policy (*{ENDING})")
    if path.is_dir():
        _nothing_left_out(path)
    return Written(path, files, tuple(text_of(each) for each in files))


def content_of(written: Written) -> tuple[object, Places]:
    """What the parts say together, and where each key stands.

    Raises PolicyError for text that is no YAML, a part that is no mapping, and a key that stands in two parts.
    """
    from services.policy.yaml_positions import read_yaml  # noqa: PLC0415 - what was kept of these texts is not read again

    read = {file: read_yaml(file, text) for file, text in zip(written.files, written.texts, strict=True)}
    places = Places(written.path, {file: lines for file, (_, lines) in read.items()})
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
    return path.is_file() or (path.is_dir() and any(_parts(path)))


def policies_in(folder: Path) -> list[Path]:
    """Where the policies of a folder stand, by their names: each file and each folder of parts that is not hidden."""
    return sorted(_policies(folder)) if folder.is_dir() else []


def written_in(folder: Path) -> tuple[Written, ...]:
    """The policies of a folder, as they stand there now. Raises PolicyError for one that cannot be read."""
    return tuple(written_at(each) for each in policies_in(folder))


def _policies(folder: Path) -> Iterator[Path]:
    for each in _shown(folder):
        if each.suffix == ENDING or (each.is_dir() and is_policy(each)):
            yield each


def _parts(folder: Path) -> Iterator[Path]:
    return (each for each in _shown(folder) if each.suffix == ENDING)


def _shown(folder: Path) -> Iterator[Path]:
    """What stands in a folder, without what is hidden: copies of a mounted folder, what an editor keeps."""
    return (each for each in folder.iterdir() if not each.name.startswith("."))


def _nothing_left_out(folder: Path) -> None:
    """Raises PolicyError for what would silently not be read: whom its alerts name would be told of nothing."""
    for each in sorted(_shown(folder)):
        if each.suffix == OTHER_ENDING:
            raise PolicyError(str(each), "(file)", f"it is no part by that name: call it {each.stem}{ENDING}")
        if each.is_dir() and any(found.suffix in {ENDING, OTHER_ENDING} for found in _shown(each)):
            rule = "parts stand beside each other: what a folder within a policy holds is not read"
            raise PolicyError(str(each), "(folder)", rule)
