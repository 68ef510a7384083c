"""The worked cases as data: what is done, and then exactly who is told when and what is due on which day.

Nothing here says how a case is run. `test_pure.py` runs them on the rules alone; a test of the whole system can
import the same lines and compare the same rows. Each `lines` begins with the directory of its authority.

`notices` is everything that fires, and nothing else may. `owed` is every due date that stands at the end;
`never` repeats the dates that a case rules out by name, and `shown` what the view of what is owed says on a day.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from services.clock import LONDON
from tests.edited import edited
from tests.lives import Life, people
from tests.rounds import RoundLife

Told = tuple[str, str | None, str | None]
"""The role that was told, its unit where the post belongs to one, and the person in it."""

Notice = tuple[str, datetime, str, str, frozenset[Told]]
"""The audit, the instant in England, the obligation, its step, and who was told."""

Due = tuple[str, str, str, date]
"""The audit, the obligation, the item that it is about ("" for the audit itself), and the last day."""


@dataclass(frozen=True, slots=True)
class Never:
    """What a case rules out by name on one day. An empty obligation or role means any."""

    audit: str
    day: date
    obligation: str = ""
    role: str = ""
    what: Literal["notice", "due"] = "notice"


@dataclass(frozen=True, slots=True)
class Shown:
    """What the view of what is owed says of an obligation at noon of a day."""

    audit: str
    obligation: str
    key: str
    day: date
    state: str


@dataclass(frozen=True, slots=True)
class Case:
    """One worked case. `edits` are changes of the shipped policy file's text; `refused` counts refused lines."""

    id: str
    authority: str
    covers: tuple[str, ...]
    lives: tuple[Life | RoundLife, ...]
    notices: frozenset[Notice]
    owed: frozenset[Due]
    must_not: tuple[Never, ...] = ()
    shown: tuple[Shown, ...] = ()
    refused: int = 0
    edits: tuple[tuple[str, str], ...] = field(default=())

    @property
    def lines(self) -> Iterator[dict[str, Any]]:
        """The commands in the order of their dates, the directory first."""
        acts = [line for life in self.lives for line in life]
        yield from people(self.authority)
        yield from sorted(acts, key=lambda line: str(line["at"]))

    @property
    def audits(self) -> tuple[str, ...]:
        """The audits that the case is about."""
        return tuple(life.audit for life in self.lives)


def record_of(audit: str) -> str:
    """The record that a row of a case is about: an audit's, unless it names another kind."""
    return audit if "/" in audit else f"audit/{audit}"


def write_policies(case: Case, folder: Path) -> Path:
    """Write the case's policy file into `folder`, with its edits, and return the folder."""
    text = edited(case.authority)
    for old, new in case.edits:
        if text.count(old) != 1:
            raise ValueError(f"{case.id}: {old!r} does not stand exactly once in the policy of {case.authority}")
        text = text.replace(old, new)
    (folder / f"{case.authority}.yaml").write_text(text, encoding="utf-8")
    return folder


def notices(*rows: tuple[str, str, str, set[Told]], audit: str = "A-1") -> frozenset[Notice]:
    return frozenset(
        (audit, datetime.fromisoformat(at).replace(tzinfo=LONDON), obligation, step, frozenset(to))
        for at, obligation, step, to in rows
    )


def owed(*rows: tuple[str, str, str], audit: str = "A-1") -> frozenset[Due]:
    return frozenset((audit, obligation, key, date.fromisoformat(day)) for obligation, key, day in rows)


def never(day: str, obligation: str = "", role: str = "", *, due: bool = False, audit: str = "A-1") -> Never:
    return Never(audit, date.fromisoformat(day), obligation, role, "due" if due else "notice")


def shown(obligation: str, key: str, day: str, state: str) -> Shown:
    return Shown("A-1", obligation, key, date.fromisoformat(day), state)


def new_life(authority: str, audit: str = "A-1", child: str = "C-1") -> Life:
    return Life(authority, audit, child=child)


def action(action: str, due: str | None = None) -> dict[str, Any]:
    return {"action": action, "text": "visit the child", "owner": "P-SW", **({"due": due} if due else {})}


AUDITOR: Told = ("auditor", None, "P-AUD")
WORKER: Told = ("worker", None, "P-SW")
QA_TEAM: Told = ("qa_team", None, None)
