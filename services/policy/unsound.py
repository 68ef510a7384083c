"""What breaks a rule in a folder of policies, and whose policy it may be."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from events.errors import PolicyError

NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")

AUTHORITY = re.compile(r"^authority:[ \t]*[\"']?([a-z][a-z0-9-]{0,31})\b", re.MULTILINE)
"""The line of a policy that says whose it is, also where the rest of the text makes no sense."""


@dataclass(frozen=True, slots=True)
class Unsound:
    """A file or a folder of parts that breaks a rule. `of` are the authorities whose policy it may be."""

    error: PolicyError
    of: tuple[str, ...]


def unsound(error: PolicyError, path: Path, texts: Iterable[str] = ()) -> Unsound:
    """What breaks a rule there, with as much of its texts as could be read.

    It is a policy of whom it names; of whom its own name begins with, where it could not be read or is a folder.
    """
    texts = tuple(texts)
    if (named := tuple(name for text in texts for name in AUTHORITY.findall(text))) or (texts and path.is_file()):
        return Unsound(error, named)
    words = path.stem.casefold().split("-")
    begun = ("-".join(words[:many]) for many in range(1, len(words) + 1))
    return Unsound(error, tuple(each for each in begun if NAME.fullmatch(each)))
