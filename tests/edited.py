"""Policy files with small changes, as an authority would make them in its own text."""

from collections.abc import Sequence
from pathlib import Path

from services.policy.start import ORDER
from services.policy.versions import Policies
from services.policy.written import written_at
from services.policy_files import load_folder
from services.settings import SHIPPED_POLICIES

Edit = tuple[str, str]


def edited(authority: str, *edits: Edit) -> str:
    """The shipped policy in one file, with each edit made, which must find its place once."""
    written = written_at(SHIPPED_POLICIES / authority)
    parts = {file.stem: text for file, text in zip(written.files, written.texts, strict=True)}
    text = "\n".join(parts[name] for name in sorted(parts, key=ORDER.index))
    for old, new in edits:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the policy of {authority}"
        text = text.replace(old, new)
    return text


def policies_of(folder: Path, authority: str, *versions: Sequence[Edit]) -> Policies:
    """The policies of a folder that holds the shipped file once for each sequence of edits."""
    for number, edits in enumerate(versions, start=1):
        (folder / f"{authority}-{number}.yaml").write_text(edited(authority, *edits), encoding="utf-8")
    return load_folder(folder)[authority]


def new_version(version: str, since: str) -> tuple[Edit, Edit]:
    """The edits that make a later version of Torbay's file."""
    return ('version: "1"', f'version: "{version}"'), ("effective_from: 2020-01-01", f"effective_from: {since}")
