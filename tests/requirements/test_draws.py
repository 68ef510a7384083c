"""What each council draws from a list of its children: how many, in which ways, from whom, and spread over what."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
import pytest

from events.errors import Refused
from events.rounds import RoundDrawn
from services.modules import CATALOGUE
from tests.desks import SHIPPED, TestDesk
from tests.lives import QA, QA_ROLES, Line, people
from tests.rounds import RoundLife
from tests.services.rounds.scenes import case

LISTED, ON = 24, "2026-03-02"
METHODS = ("random", "systematic", "stratified")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A draw of `size` children, never of more than `most`: open since `open_by`, with what it `needs` to be known.

    The first of its `methods` is the usual one. Further children may be drawn that are `alike` one of them.
    """

    council: str
    name: str
    covers: tuple[str, ...]
    size: int
    most: int | None = None
    methods: tuple[str, ...] = ("random",)
    strata: str | None = None
    spread: str | None = None
    needs: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()
    open_by: str | None = None


ROWS = (
    Drawn(
        "torbay",
        "audits",
        covers=("TOR-32", "TOR-34"),
        size=20,
        methods=METHODS,
        strata="strand",
        spread="team",
        needs=("team", "worker"),
    ),
    Drawn(
        "torbay",
        "dips",
        covers=("TOR-32", "TOR-35"),
        size=200,
        most=350,
        methods=METHODS,
        strata="strand",
        spread="team",
    ),
    Drawn(
        "torbay",
        "similar",
        covers=("TOR-37",),
        size=5,
        spread="worker",
        needs=("team", "worker"),
        alike=("service", "strand"),
    ),
    # HAL-23: open at least four weeks.
    Drawn("halton", "month", covers=("HAL-22", "HAL-23"), size=20, needs=("team", "worker"), open_by="2026-02-02"),
    # SOU-23: one of each of the two practice groups that the list knows.
    Drawn("southwark", "month", covers=("SOU-23",), size=2, spread="team", needs=("team", "worker")),
    Drawn("swindon", "dips", covers=("SWI-26",), size=5),
    # SWI-25: open at least two months.
    Drawn("swindon", "early_help", covers=("SWI-25",), size=1, needs=("team", "worker"), open_by="2026-01-02"),
)
EACH = [pytest.param(each, id=f"{each.council}:{each.name}", marks=pytest.mark.covers(*each.covers)) for each in ROWS]


class Hat:
    """One council's list of children and its round, from which is only drawn to see what comes: nothing of it stays."""

    def __init__(self, council: str) -> None:
        self.desk = TestDesk(council)
        self.head = {"authority": council, **QA, "role": QA_ROLES.get(council, "qa_team")}
        self.service, strand = ("SARS", "Help and protection") if council == "torbay" else ("S-1", None)
        own = {"service": self.service, "strand": strand}
        cases = [case(each, team=f"T-{each % 2 + 1}", **own) for each in range(LISTED)]
        taken: Line = {"command": "cases.import", **self.head, "at": ON, "list": "L-1", "file_hash": "ab", "as_of": ON}
        self.desk.do(*people(council), taken | {"cases": cases, "closes": True})
        life = RoundLife("2026-03", council).act("round.schedule", "2026-01-05", **self.head, month="2026-03")
        if council == "torbay":
            life = life.planned("2026-01-12").approved("2026-01-13")
        self.desk.do(*life)

    def gives(self, draw: str, **fields: Any) -> RoundDrawn | str:
        """What is drawn, or the field for which it is refused."""
        self.desk.forget()
        line = {"command": "round.draw", **self.head, "at": ON, "round": "2026-03", "draw": draw, "cases": "L-1"}
        try:
            [event] = self.desk.decide(
                CATALOGUE.parse(orjson.dumps(line | {"services": [self.service]} | fields))
            ).events
        except Refused as refused:
            return refused.field
        assert isinstance(event.fact, RoundDrawn)
        return event.fact


@cache
def hat_of(council: str) -> Hat:
    """The one list of a council."""
    return Hat(council)


def test_every_draw_has_its_line() -> None:
    """No council draws what this table does not tell of, and none is missing."""
    shipped = {(name, each.name) for name, held in SHIPPED.items() for each in held.newest.rounds.draws}
    assert {(each.council, each.name) for each in ROWS} == shipped


@pytest.mark.parametrize("draw", EACH)
def test_what_is_drawn(draw: Drawn) -> None:
    """So many, by the usual method and by no other than may be, of those children alone, and spread as it is said."""
    hat = hat_of(draw.council)
    found = hat.gives(draw.name)
    assert isinstance(found, RoundDrawn)
    assert len(found.chosen) == min(draw.size, LISTED)
    open_by = found.open_by and found.open_by.isoformat()
    asked = (draw.size, draw.methods[0], draw.strata, draw.spread, draw.needs, draw.open_by, None)
    assert (found.size, found.method, found.strata, found.spread, found.needs, open_by, found.per) == asked
    assert {each for each in METHODS if hat.gives(draw.name, method=each) != "method"} == set(draw.methods)
    like = hat.gives(draw.name, like="K-001")
    assert (like.alike if isinstance(like, RoundDrawn) else like) == (draw.alike or "like")
    if draw.most is not None:
        assert isinstance(hat.gives(draw.name, size=draw.most), RoundDrawn)
    too_many = hat.gives(draw.name, size=(draw.most or 999) + 1)
    assert (too_many == "size") is (draw.most is not None)
