"""References in place of names: of teams, practitioners and services, by what a list calls them.

Staff are named in full in most lists. What is stored is a reference of the people directory, where the list or a file
of the user's own says it, or else a keyed name: the same text gives the same reference in every list, and nobody
without the master key can find the text for it.
"""

import csv
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from events.errors import Refused
from services.cases.cells import UNSEEN
from services.policy.model import Policy

_REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_PLAINLY_A_REF = re.compile(r"[A-Z]{1,4}[-_]?[0-9]{1,7}")
"""A few capitals and digits. A single word is a valid reference as well, but might be somebody's name, and digits alone
might be a child's number that stands in the wrong column."""

_KEYED = re.compile(r"[a-z]+-[0-9a-f]{24}")
_DIGITS = 24
"""Hex digits of a keyed name that are kept: enough that no two texts of an authority meet."""

MOST_REFS = 100_000


@dataclass(slots=True)
class Refs:
    """Gives references for the teams, practitioners, services and strands of one authority's lists.

    `known` are the references of the people directory, `given` the user's own by text (see `read_refs`).
    `unknown` collects the references made for texts that neither holds, by kind.
    """

    authority: str
    name: Callable[[bytes], str]
    known: Collection[str] = frozenset()
    given: Mapping[str, str] = field(default_factory=dict)
    unknown: dict[str, set[str]] = field(default_factory=dict)
    _made: dict[tuple[str, str], str] = field(default_factory=dict)

    def of(self, kind: str, text: str) -> str | None:
        """The reference for a team's or a practitioner's text, None for an empty one."""
        if not text:
            return None
        found = self._made.get((kind, text))
        if found is None:
            found = self._made[kind, text] = self._make(kind, text)
        return found

    def _make(self, kind: str, text: str) -> str:
        plain = same(text)
        if (given := self.given.get(plain)) is not None:
            return given
        if text in self.known or _PLAINLY_A_REF.fullmatch(text):
            return text
        made = f"{kind}-{self.name(f'{kind}:{self.authority}:{plain}'.encode())[:_DIGITS]}"
        self.unknown.setdefault(kind, set()).add(made)
        return made


def is_plain_ref(text: str) -> bool:
    """Whether a text is a keyed name that was made here, or plainly a reference and nobody's name."""
    return bool(_KEYED.fullmatch(text) or _PLAINLY_A_REF.fullmatch(text))


def services_of(policy: Policy) -> tuple[str, ...]:
    """The services that a framework names itself, whose names are nobody's."""
    return policy.rounds.service_areas


def same(text: str) -> str:
    """The form in which two ways of writing one name are the same."""
    return " ".join(unicodedata.normalize("NFKC", UNSEEN.sub("", text)).casefold().split())


def read_refs(file: Path) -> dict[str, str]:
    """The references that a user gives for texts: a CSV with the headings `text` and `ref`.

    Refused, with the row, for a text that is given twice, or for what is no reference.
    """
    found: dict[str, str] = {}
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            rows = csv.DictReader(opened, strict=True)
            if not {"text", "ref"} <= set(rows.fieldnames or ()):
                raise Refused("refs", f"{file}: row 1 needs the headings text and ref")
            for number, row in enumerate(rows, start=2):
                text, ref = same(row["text"] or ""), (row["ref"] or "").strip()
                if not _REF.fullmatch(ref):
                    raise Refused("refs", f"{file}: row {number}: ref: up to 64 letters, digits, hyphens, underscores")
                if found.setdefault(text, ref) != ref:
                    raise Refused("refs", f"{file}: row {number}: text: it has another ref in a row before")
                if len(found) > MOST_REFS:
                    raise Refused("refs", f"{file}: more than {MOST_REFS} rows")
    except OSError as error:
        raise Refused("refs", f"{file} cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused("refs", f"{file} is not valid CSV in UTF-8") from error
    return found
