"""Policy files with small changes, as an authority would make them in its own text."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from events.errors import PolicyError
from services import kept
from services.policy.start import ORDER
from services.policy.versions import Policies
from services.policy.written import Written, content_of, written_at
from services.policy_files import _load, kept_as, load_folder
from services.settings import SHIPPED_POLICIES

Edit = tuple[str, str]


def edited(authority: str, *edits: Edit) -> str:
    """The shipped policy in one file, with each edit made, which must find its place once.

    What it takes of its base is written out, so that it stands by itself and an edit finds that as well.
    """
    text = written_out(authority)
    for old, new in edits:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the policy of {authority}"
        text = text.replace(old, new)
    return text


def written_out(authority: str) -> str:
    """The shipped policy in one file that extends nothing: each entry of its base stands where the merging puts it."""
    return _in_one(written_at(SHIPPED_POLICIES / authority))


@lru_cache(maxsize=16)
def _in_one(written: Written) -> str:
    """That of the texts, which are read as YAML once: a thousand tests edit the same five frameworks."""
    parts = {file.stem: text for file, text in zip(written.files, written.texts, strict=True)}
    lines = "\n".join(parts[name] for name in sorted(parts, key=ORDER.index)).splitlines()
    lines = [each for each in lines if not each.startswith("extends: ")]
    if written.base is None:
        return "\n".join(lines) + "\n"
    content, places = content_of(written)
    assert isinstance(content, dict)
    usual = written.base.text.splitlines()
    for key in dict.fromkeys(place[0] for place in places.taken.entries):
        if not any(line.startswith(f"{key}:") for line in lines):
            head = _line(lines, "roles:")
            lines[head:head] = usual[(at := _line(usual, f"{key}:")) : _after(usual, at)]
            continue
        start = _line(lines, f"{key}:")
        before = start + 1
        for entry in content[key]:
            if (key, entry) in places.taken.entries:
                lines.insert(before, usual[_line(usual, f"  {entry}:")])
            before = _after(lines, _line(lines, f"  {entry}:", start))
    return "\n".join(lines) + "\n"


def _line(lines: Sequence[str], begins: str, start: int = 0) -> int:
    """The number of the line from `start` on that begins so."""
    return next(number for number in range(start, len(lines)) if lines[number].startswith(begins))


def _after(lines: Sequence[str], at: int) -> int:
    """The number of the line behind what stands at a line and is further in."""
    depth = len(lines[at]) - len(lines[at].lstrip())
    after = at + 1
    while after < len(lines) and lines[after].startswith(" " * (depth + 1)):
        after += 1
    return after


def sound_as_of(file: Path, authority: str, other: str) -> None:
    """Keep for whoever reads the file what it says, where another's of the same words was made sense of already.

    Nothing depends on an authority's name, and each of a thousand tests has a name of its own for the same text.
    """
    written, its_own = written_at(file), f"authority: {authority}\n"
    if written.text.count(its_own) != 1:
        return
    others = replace(written, texts=(written.text.replace(its_own, f"authority: {other}\n"),))
    with suppress(PolicyError):  # who reads the file is told
        policy = _load(others, None).model_copy(update={"authority": authority})
        if kept.recall(kept_as(others)) is not None:  # what says less in JSON than in the file is not kept
            kept.keep(kept_as(written), policy.model_dump_json(by_alias=True).encode())


def policies_of(folder: Path, authority: str, *versions: Sequence[Edit]) -> Policies:
    """The policies of a folder that holds the shipped file once for each sequence of edits."""
    for number, edits in enumerate(versions, start=1):
        (folder / f"{authority}-{number}.yaml").write_text(edited(authority, *edits), encoding="utf-8")
    return load_folder(folder)[authority]


def new_version(version: str, since: str) -> tuple[Edit, Edit]:
    """The edits that make a later version of Torbay's file."""
    return ('version: "1"', f'version: "{version}"'), ("effective_from: 2020-01-01", f"effective_from: {since}")
