"""What breaks a rule in a folder of policies, and whose policy it may be."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from events.errors import PolicyError

NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")

AUTHORITY = re.compile(r"^[\"']?authority[\"']?[ \t]*:[ \t]*[\"']?([a-z][a-z0-9-]{0,31})\b", re.MULTILINE)
"""The line of a policy that says whose it is, also where the rest of the text makes no sense."""


@dataclass(frozen=True, slots=True)
class Unsound:
    """A file or a folder of parts that breaks a rule. `of` are the authorities whose policy it may be."""

    error: PolicyError
    of: tuple[str, ...]


def unsound(error: PolicyError, path: Path, texts: Iterable[str] = ()) -> Unsound:
    """What breaks a rule there, with as much of its texts as could be read.

    It is a policy of whom it names, and of whom it is called by: what it names may be what is wrong. Where it names
    nobody, because it is empty or that line is misspelt, its own name may go on behind the authority's.
    """
    own = path.stem.casefold()
    words = own.split("-")
    begun = ("-".join(words[:many]) for many in range(1, len(words) + 1))
    named = tuple(name for text in texts for name in AUTHORITY.findall(text))
    found = dict.fromkeys((own, *named) if named else begun)
    return Unsound(error, tuple(each for each in found if NAME.fullmatch(each)))
