"""The moments of an audit's life at which something may be asked, and the kinds of files of which it may."""

from collections.abc import Callable
from functools import cache
from typing import Any

import orjson

from events.errors import Refused
from services.modules import CATALOGUE
from tests.desks import TestDesk
from tests.lives import Life, Line, people

STANDARD = "asked for"
"""Stands in the warning of what misses a standard."""

TYPES = {
    "torbay": ("full",),
    "halton": ("deep dive",),
    "southwark": ("case file", "deep dive"),
    "east-sussex": ("team file", "supervision file"),
    "swindon": ("case file", "early help", "thematic", "ad hoc", "multi-agency"),
}
STRANDS: dict[str, tuple[str, ...]] = {
    "torbay": ("Help and protection", "Children cared for and permanence"),
    "halton": (),
    "southwark": ("Help and protection", "Looked after and permanence", "Adoption", "Care leavers"),
    "east-sussex": (),
    "swindon": ("Child in need or protection", "Child in care", "Care leaver", "Early help"),
}
CHOOSES: dict[str, Line] = {"early help": {"actor": "P-LEAD", "role": "strategic_lead_early_help"}}
SIGNS = {
    "torbay": ("P-QA", "qa_team"),
    "halton": ("P-QAP", "qa_principal_manager"),
    "swindon": ("P-QA", "qa_team"),
}
GATHERS = {"swindon": ("P-QA", "qa_team")}
"""Who asks the family, where the auditor may not."""

EARLY: dict[str, Callable[[Life], Life]] = {
    "return": lambda life: life.submitted("2026-03-12"),
    "reflection": lambda life: life.act(
        "audit.record_reflection", "2026-03-10", "P-SW", "worker", reflection="what I would do again"
    ),
    "meeting": lambda life: life.act(
        "audit.record_meeting", "2026-03-10", "P-AUD", "auditor", override="the worker is away"
    ),
    "feedback": lambda life: life.act(
        *("audit.record_feedback", "2026-03-10", *GATHERS.get(life.authority, ("P-AUD", "auditor"))),
        source="child",
        outcome="obtained",
        feedback="they listen",
    ),
}
LATER: dict[str, dict[str, Callable[[Life], Life]]] = {
    council: {
        "moderation": lambda life: life.to_moderator("2026-03-13").moderated("2026-03-16"),
        "sign_off": lambda life: (
            life.to_moderator("2026-03-13")
            .moderated("2026-03-16")
            .act("audit.sign_off", "2026-03-18", *SIGNS[life.authority], comments="agreed")
        ),
    }
    for council in SIGNS
}
LATER["torbay"]["plan_recommendations"] = lambda life: (
    life.action("2026-03-12", "X-1", due="2026-04-20")
    .to_moderator("2026-03-13")
    .moderated("2026-03-16")
    .act("obligation.meet", "2026-03-18", "P-TM", "team_manager", obligation="plan_recommendations")
)
LATER["halton"]["three_month_review"] = lambda life: LATER["halton"]["sign_off"](life).act(
    "obligation.meet", "2026-06-18", "P-QA", "qa_team", obligation="three_month_review"
)
LATER["southwark"] = {"closing": lambda life: life.action("2026-03-12", "X-1", due="2026-04-20").closed("2026-03-30")}
LATER["east-sussex"] = {}


def moments(council: str) -> tuple[str, ...]:
    """When a council may ask something."""
    return (*EARLY, *LATER[council])


class Moment:
    """An audit as it stands right before something is done with it; what is done is only tried."""

    def __init__(self, council: str, moment: str, kind: str, strand: str | None) -> None:
        life = Life(council, "A-1")
        of = {"strand": strand} if strand else {}
        life.allocated("2026-03-07", audit_type=kind, **of, **CHOOSES.get(kind, {}))
        if moment in EARLY:
            EARLY[moment](life)
        else:
            LATER[council][moment](life.submitted("2026-03-12"))
        *before, self._line = life.lines
        self.desk = TestDesk(council)
        self.desk.do(*people(council), *before)

    def tries(self, answers: dict[str, Any]) -> str:
        """The field for which it is refused with those answers, or the standards that it misses; else nothing."""
        self.desk.forget()
        try:
            outcome = self.desk.decide(CATALOGUE.parse(orjson.dumps(self._line | {"answers": answers})))
        except Refused as refused:
            return refused.field
        return "; ".join(f"warned: {each}" for each in outcome.warnings if STANDARD in each)


@cache
def moment_of(council: str, moment: str, kind: str, strand: str | None) -> Moment:
    """One for each: nothing that is tried stays."""
    return Moment(council, moment, kind, strand)
