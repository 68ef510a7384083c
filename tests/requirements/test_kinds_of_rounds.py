"""Which activities each framework plans as rounds, and from what the focus of one may arise."""

from collections.abc import Mapping

import orjson
import pytest

from events.errors import Refused
from events.rounds import RoundScheduled
from services.modules import CATALOGUE
from tests.desks import TestDesk
from tests.lives import QA, QA_ROLES, Line, people

KINDS: Mapping[str, tuple[str, ...]] = {
    "torbay": ("audit round", "themed audit", "dip sample", "deep dive", "observation"),
    "halton": ("monthly audits", "thematic audit", "deep dive", "dip sample"),
    "southwark": ("monthly audits", "deep dive", "multi-agency audit"),
    "swindon": ("case file audit", "thematic audit", "dip sample"),
}
ORIGINS: Mapping[str, tuple[str, ...]] = {
    "torbay": ("serious case review", "management concern", "complaint", "performance monitoring", "user feedback"),
    "swindon": ("audit line", "data", "leadership or board decision"),
}


class Office:
    """One council's desk, at which a round is only tried: nothing of it stays but the round of March."""

    def __init__(self, council: str) -> None:
        self.desk = TestDesk(council)
        self.head = {"authority": council, **QA, "role": QA_ROLES.get(council, "qa_team"), "at": "2026-01-05"}
        self.desk.do(*people(council), {"command": "round.schedule", **self.head, "round": "R-1", "month": "2026-03"})

    def tries(self, line: Line) -> object:
        """The fact that comes of it, or the field for which it is refused."""
        self.desk.forget()
        try:
            return self.desk.decide(CATALOGUE.parse(orjson.dumps(self.head | line))).events[0].fact
        except Refused as refused:
            return refused.field


@pytest.mark.covers("TOR-24", "HAL-19", "SOU-15", "SWI-16")
@pytest.mark.parametrize("council", KINDS)
def test_which_activities_are_planned(council: str) -> None:
    """Each that the framework names, and no other council's; the first where nobody says which."""
    office, every = Office(council), sorted({each for kinds in KINDS.values() for each in kinds})
    line = {"command": "round.schedule", "round": "R-2", "month": "2026-04", "theme": "Neglect"}
    assert {each for each in every if office.tries(line | {"kind": each}) != "kind"} == set(KINDS[council])
    usual = office.tries(line)
    assert isinstance(usual, RoundScheduled)
    assert usual.kind == KINDS[council][0]


@pytest.mark.covers("TOR-25", "SWI-28")
@pytest.mark.parametrize("council", KINDS)
def test_from_what_a_focus_arises(council: str) -> None:
    """Each source that the framework names, and no other council's."""
    office, every = Office(council), sorted({each for origins in ORIGINS.values() for each in origins})
    line = {"command": "round.plan", "round": "R-1", "at": "2026-01-12", "units": ["S-1"], "focus": "drift"}
    taken = {each for each in every if office.tries(line | {"origin": each}) != "origin"}
    assert taken == set(ORIGINS.get(council, ()))
