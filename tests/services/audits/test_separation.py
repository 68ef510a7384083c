"""Nobody judges their own work: refused, and recorded."""

import pytest

from events.errors import SeparationOfDuties
from tests.given import fact, given
from tests.lives import QA, Life
from tests.services.audits.scenes import allocated, life, submitted


class TestSeparationOfDuties:
    """Nobody judges their own work; every attempt is refused and recorded once."""

    @pytest.mark.covers("A-ALL-10")
    @pytest.mark.parametrize(
        ("before", "tried", "field"),
        [
            (life(), life(auditor="P-SW").allocated("2026-03-02"), "auditor"),
            (allocated(), life().act("audit.reassign", "2026-03-03", **QA, auditor="P-SW", reason="x"), "auditor"),
            (submitted(), life().to_moderator("2026-03-11", "P-AUD"), "moderator"),
            (submitted(), life().act("audit.moderate", "2026-03-12", "P-AUD", "moderator", rationale="mine"), "actor"),
            (
                submitted().to_moderator("2026-03-11"),
                life().act("audit.moderate", "2026-03-12", "P-AUD", "moderator", rationale="mine"),
                "actor",
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
    def test_it_is_refused_and_recorded_once(self, before: Life, tried: Life, field: str) -> None:
        """The attempt is refused, recorded with its rule, and on a repeat refused again without another record."""
        desk = given(*before)
        desk.when(tried).attempted(field)
        desk.when(tried).refused(field, error=SeparationOfDuties)

    @pytest.mark.covers("A-ALL-10")
    def test_nothing_else_is_changed(self) -> None:
        """After a refused attempt the audit goes on with the right people as if nothing had been."""
        desk = given(*submitted())
        desk.when(*life().to_moderator("2026-03-11", "P-AUD")).attempted("moderator")
        desk.when(life().to_moderator("2026-03-11").moderated("2026-03-12")).then(
            fact("audit.moderator_allocated", moderator="P-MOD"),
            fact("audit.moderated", outcome="confirmed"),
        )

    @pytest.mark.covers("A-ALL-10")
    def test_an_allocation_can_be_put_right(self) -> None:
        """A file given to its own worker by mistake can be given to somebody else under the same reference."""
        desk = given()
        desk.when(*life(auditor="P-SW").allocated("2026-03-02")).attempted("auditor")
        desk.when(allocated()).then(fact("audit.allocated", "audit/A-1"), "month.file_selected", "files.given")
