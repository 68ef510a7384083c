"""A desk of Torbay with people, a case list and a round, for the tests of draws and assignments."""

from pathlib import Path
from typing import Any

from events.rounds import RoundAssigned, RoundDrawn
from services.policy.versions import Policies
from services.rounds.frame import Framed
from services.rounds.state import Round
from tests.edited import Edit, policies_of
from tests.given import Scene
from tests.lives import QA, Line, people
from tests.rounds import RoundLife

HEAD = {"authority": "torbay", **QA}
TEAMS = ("T-1", "T-2", "T-3", "T-4")
MANAGERS = ("P-TM", "P-SM", "P-HOS")
STRANDS = ("Help and protection", "Children with disability")


def framed(number: int, teams: int = 4, strands: int = 2) -> list[Framed]:
    """A frame with teams and strands of unequal size."""
    return [
        Framed(f"K-{each}", "SARS", f"T-{each % teams}", f"P-W{each % 7}", f"strand {each % (strands + 1) % strands}")
        for each in range(number)
    ]


def case(number: int, **fields: Any) -> Line:
    """A child of the case list; what is None is not known."""
    own = {
        "child": f"K-{number:03}",
        "number": str(100_000 + number),
        "service": "SARS" if number % 2 else "CWD",
        "team": TEAMS[number % len(TEAMS)],
        "worker": f"P-W{number % 9}",
        "open_since": "2025-01-06",
        "strand": STRANDS[number % 3 % 2],
    }
    return {name: held for name, held in (own | fields).items() if held is not None}


def case_list(name: str, cases: list[Line], at: str = "2026-01-26") -> Line:
    """The command that takes in a whole list."""
    head = {"command": "cases.import", **HEAD, "at": at, "list": name, "file_hash": "ab", "as_of": at}
    return head | {"cases": cases, "closes": True}


def auditors(count: int, *, trained: bool = True, since: str = "2025-10-01") -> list[Line]:
    """Advanced practitioners, by turns of the two teams T-1 and T-2, and the other teams of the case list."""
    place = {"command": "unit.place", **HEAD, "at": since, "kind": "team", "parent": "S-1"}
    teams = [{**place, "unit": team} for team in TEAMS[2:]]
    posts = [
        {
            "command": "person.appoint",
            **HEAD,
            "at": since,
            "person": f"P-X{number}",
            "post": "advanced_practitioner",
            "unit": f"T-{1 + number % 2}",
        }
        for number in range(count)
    ]
    register = [{"command": "person.train", **HEAD, "at": since, "person": f"P-X{number}"} for number in range(count)]
    return [*teams, *posts, *(register if trained else [])]


def february(**plan: Any) -> RoundLife:
    """The round of February 2026, planned and approved."""
    return (
        RoundLife("2026-02")
        .scheduled("2026-01-05")
        .planned("2026-01-12", **plan)
        .data_requested("2026-01-13")
        .approved("2026-01-30")
    )


def desk_with(cases: list[Line], policies: Policies | None = None, **plan: Any) -> Scene:
    """A desk with the directory, the managers in it trained, the list L-1, and an approved round."""
    desk = Scene("torbay", policies)
    trained = [{"command": "person.train", **HEAD, "at": "2025-09-01", "person": each} for each in MANAGERS]
    desk.do(*people("torbay"), *trained, case_list("L-1", cases), *february(**{"units": [], **plan}))
    return desk


def torbay(folder: Path, *edits: Edit) -> Policies:
    """Torbay's framework with edits."""
    folder.mkdir(exist_ok=True)
    return policies_of(folder, "torbay", edits)


def drawing(draw: str = "audits", at: str = "2026-02-02", **fields: Any) -> Line:
    """The command that draws."""
    head = {"command": "round.draw", **HEAD, "at": at, "round": "2026-02", "draw": draw, "cases": "L-1"}
    return head | fields


def assigning(draw: str = "audits", at: str = "2026-02-03", **fields: Any) -> Line:
    """The command that gives the children of a draw to auditors."""
    return {"command": "round.assign", **HEAD, "at": at, "round": "2026-02", "draw": draw} | fields


def drawn(desk: Scene, **how: Any) -> RoundDrawn:
    """Draw, and give what was drawn."""
    [outcome] = desk.do(drawing(**how))
    [event] = outcome.events
    assert isinstance(event.fact, RoundDrawn)
    return event.fact


def assigned(desk: Scene, **how: Any) -> RoundAssigned:
    """Assign, and give what came of it."""
    [outcome] = desk.do(assigning(**how))
    [event] = outcome.events
    assert isinstance(event.fact, RoundAssigned)
    return event.fact


def round_of(desk: Scene, name: str = "2026-02") -> Round:
    """The round as it stands."""
    return Round.of(desk.store.load(f"round/{name}"))
