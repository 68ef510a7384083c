"""Help for a misspelt word of a policy file: the one that was probably meant."""

from collections.abc import Collection
from difflib import get_close_matches

FEW = 12
"""So many words are listed where none of them is near."""

SWITCHES = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
"""What people write for a switch, which a file keeps as text."""


def near(word: object, known: Collection[str], few: int = FEW) -> str:
    """`; did you mean X?`, or what there is to choose from, of up to `few`, where nothing comes near."""
    switch = SWITCHES.get(str(word).lower(), "")
    found = [switch] if switch in known else get_close_matches(str(word), list(known), n=1, cutoff=0.6)
    if found:
        return f"; did you mean {found[0]}?"
    return f"; known: {', '.join(sorted(known)) or 'none'}" if len(known) <= few else ""


def unknown(what: str, word: object, known: Collection[str]) -> str:
    """That nothing of this sort has that name, with the one that was probably meant."""
    return f"unknown {what} {written(word)}{near(word, known)}"


def written(value: object) -> str:
    """A value as a policy file has it: `true`, `null`."""
    return {True: "true", False: "false", None: "null"}[value] if isinstance(value, bool | None) else str(value)
