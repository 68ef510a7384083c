"""Help for a misspelt word of a policy file: the one that was probably meant."""

from collections.abc import Collection
from difflib import get_close_matches

FEW = 12
"""So many words are listed where none of them is near."""


def near(word: object, known: Collection[str], few: int = FEW) -> str:
    """`; did you mean X?`, or what there is to choose from, of up to `few`, where nothing comes near."""
    found = get_close_matches(str(word), list(known), n=1, cutoff=0.6)
    if found:
        return f"; did you mean {found[0]}?"
    return f"; known: {', '.join(sorted(known)) or 'none'}" if len(known) <= few else ""
