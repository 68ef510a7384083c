"""Nobody judges their own work: refused, and recorded."""

import pytest

from events.audits import (
    AuditModerated,
)
from events.commands import ActRefused
from events.errors import SeparationOfDuties
from tests.lives import QA, Life
from tests.services.audits.scenes import allocated, given, life, submitted


class TestSeparationOfDuties:
    """Nobody judges their own work; every attempt is refused and recorded once."""

    @pytest.mark.covers("A-ALL-10")
    @pytest.mark.parametrize(
        ("before", "tried"),
        [
            (life(), life(auditor="P-SW").allocated("2026-03-02")),
            (allocated(), life().act("audit.reassign", "2026-03-03", **QA, auditor="P-SW", reason="x")),
            (submitted(), life().to_moderator("2026-03-11", "P-AUD")),
            (submitted(), life().act("audit.moderate", "2026-03-12", "P-AUD", "moderator", rationale="mine")),
            (
                submitted().to_moderator("2026-03-11"),
                life().act("audit.moderate", "2026-03-12", "P-AUD", "moderator", rationale="mine"),
            ),
        ],
        ids=[
            "worker as auditor",
            "worker as new auditor",
            "auditor as moderator",
            "auditor moderates",
            "auditor before the moderator",
        ],
    )
    def test_it_is_refused_and_recorded_once(self, before: Life, tried: Life) -> None:
        """The attempt is refused, recorded with its rule, and on a repeat refused again without another record."""
        desk = given(*before)
        length = len(desk.history("A-1"))
        [line] = tried
        for _ in range(2):
            with pytest.raises(SeparationOfDuties):
                desk.do(line)
        [attempt] = desk.history("A-1")[length:]
        assert isinstance(attempt.fact, ActRefused)
        assert attempt.fact.act == line["command"]
        assert attempt.envelope.actor == line["actor"]

    @pytest.mark.covers("A-ALL-10")
    def test_nothing_else_is_changed(self) -> None:
        """After a refused attempt the audit goes on with the right people as if nothing had been."""
        desk = given(*submitted())
        with pytest.raises(SeparationOfDuties):
            desk.do(*life().to_moderator("2026-03-11", "P-AUD"))
        desk.do(*life().to_moderator("2026-03-11").moderated("2026-03-12"))
        assert isinstance(desk.history("A-1")[-1].fact, AuditModerated)

    @pytest.mark.covers("A-ALL-10")
    def test_an_allocation_can_be_put_right(self) -> None:
        """A file given to its own worker by mistake can be given to somebody else under the same reference."""
        desk = given()
        with pytest.raises(SeparationOfDuties):
            desk.do(*life(auditor="P-SW").allocated("2026-03-02"))
        desk.do(*allocated())
        assert [each.fact.stored_name for each in desk.history("A-1")] == ["audit.act_refused.v1", "audit.allocated.v1"]
