"""Who has what in hand, given what the register, the tracker and the tasks say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import Engine

from events.audits import AuditClosed, AuditSubmitted, AuditVoided, ModeratorAllocated
from events.base import Fact
from projections.register import RegisterRow, register
from projections.workload import InHand, in_hand
from tests.histories import DUE, TORBAY, allocated, history, sealed
from tests.projections.views import kept

TODAY = date(2026, 1, 10)
SUBMITTED = AuditSubmitted(grade="Meets Good")
MODERATION = ModeratorAllocated(moderator="P-3", due=date(2026, 1, 9))


@dataclass(frozen=True)
class Owed:
    """A task of a month."""

    state: str
    holders: Sequence[str]
    about: str | None = None
    task: str = "dips"
    title: str = "dip sample two files"
    due: date = date(2026, 1, 31)


def audits(engine: Engine, *facts: Fact) -> list[RegisterRow]:
    return register(kept(engine, "register", history(facts)), TORBAY, as_of=TODAY)


@pytest.mark.parametrize(
    ("facts", "held"),
    [
        ((), [InHand("P-2", "audit", "A-1", "full", DUE, overdue=DUE < TODAY)]),
        ((SUBMITTED,), []),
        ((SUBMITTED, MODERATION), [InHand("P-3", "moderation", "A-1", "full", date(2026, 1, 9), overdue=True)]),
        ((SUBMITTED, MODERATION, AuditClosed()), []),
        ((AuditVoided(reason=sealed()),), []),
    ],
)
def test_an_audit_is_in_hand_of_one(sqlite: Engine, facts: Sequence[Fact], held: list[InHand]) -> None:
    """Of its auditor until it is returned, then of its moderator; of nobody once it has ended."""
    assert list(in_hand(audits(sqlite, allocated(), *facts), [], [], today=TODAY)) == held


def test_a_task_is_in_hand_of_each_who_holds_the_post() -> None:
    """What is done or skipped is in nobody's hand; what is about nobody is named by the task itself."""
    tasks = [Owed("open", ("P-1", "P-2")), Owed("done", ("P-1",)), Owed("overdue", ("P-3",), about="T-1")]
    found = [(each.person, each.about, each.overdue) for each in in_hand([], [], tasks, today=TODAY)]
    assert found == [("P-1", "dips", False), ("P-2", "dips", False), ("P-3", "T-1", True)]
