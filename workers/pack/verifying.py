"""Checking a pack against its manifest: a folder or a zip, by anybody, without a server and without a key."""

import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from events.errors import Refused
from workers.pack.writing import MANIFEST, SUMS

LARGEST_MANIFEST = 64 << 20


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: nothing, or each file that is missing, changed or too many."""

    pack: str
    files: int
    manifest: str
    findings: tuple[str, ...]


def verify_pack(where: Path) -> Checked:
    """Compare every file with the manifest. Refused for what is no pack: without a manifest that can be read."""
    files = _in_folder(where) if where.is_dir() else _in_zip(where)
    held = {name: (size, digest) for name, size, digest in files if name not in {MANIFEST, SUMS}}
    manifest, digest = _manifest(where)
    told: dict[str, tuple[int, str]] = {}
    try:
        for each in manifest["files"]:
            told[str(each["path"])] = (int(each["bytes"]), str(each["sha256"]))
        pack = str(manifest["pack"])
    except (KeyError, TypeError, ValueError) as error:
        raise Refused("pack", f"{where}: its {MANIFEST} is not that of a pack") from error
    return Checked(pack, len(told), digest, tuple(_findings(told, held)))


def _findings(told: Mapping[str, tuple[int, str]], held: Mapping[str, tuple[int, str]]) -> Iterator[str]:
    for name in sorted({*told, *held}):
        if name not in held:
            yield f"{name} is missing"
        elif name not in told:
            yield f"{name} is in no manifest"
        elif told[name] != held[name]:
            yield f"{name} was changed"


def _in_folder(where: Path) -> list[tuple[str, int, str]]:
    found = []
    for file in sorted(each for each in where.rglob("*") if each.is_file()):
        with file.open("rb") as opened:
            found.append((file.relative_to(where).as_posix(), *_hashed(opened)))
    return found


def _in_zip(where: Path) -> list[tuple[str, int, str]]:
    found = []
    try:
        with zipfile.ZipFile(where) as archive:
            for each in archive.infolist():
                if not each.is_dir():
                    with archive.open(each) as opened:
                        found.append((_within(each.filename), *_hashed(opened)))
    except FileNotFoundError as error:
        raise Refused("pack", f"{where} is not there") from error
    except (OSError, zipfile.BadZipFile) as error:
        raise Refused("pack", f"{where} is neither a folder nor a zip that can be read") from error
    return found


def _within(name: str) -> str:
    return name.partition("/")[2] or name


def _hashed(opened: IO[bytes]) -> tuple[int, str]:
    size, digest = 0, sha256()
    while piece := opened.read(1 << 16):
        size += len(piece)
        digest.update(piece)
    return size, digest.hexdigest()


def _manifest(where: Path) -> tuple[Mapping[str, Any], str]:
    try:
        if where.is_dir():
            content = (where / MANIFEST).read_bytes()
        else:
            with zipfile.ZipFile(where) as archive:
                (name,) = (each for each in archive.namelist() if _within(each) == MANIFEST)
                content = archive.read(name)
        found = json.loads(content[:LARGEST_MANIFEST])
    except (OSError, ValueError, KeyError) as error:
        raise Refused(
            "pack", f"{where} has no {MANIFEST} that can be read: it is not a pack, or not a whole one"
        ) from error
    if not isinstance(found, dict):
        raise Refused("pack", f"{where}: its {MANIFEST} is not that of a pack")
    return found, sha256(content).hexdigest()
