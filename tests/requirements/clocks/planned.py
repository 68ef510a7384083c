"""The lives of disputes, rounds and tasks of which the tables tell: what was done on which day, by whom."""

from collections.abc import Iterator
from typing import Any

from tests.lives import Life, Line
from tests.requirements.clocks.lives import early
from tests.rounds import HEAD_OF_SERVICE, RoundLife
from tests.services.programme.scenes import activity, appointed, placed

Lives = Iterator[tuple[str, str, list[Line]]]
"""Each life, with what it is called and its record."""


class Dispute:
    """The planning for a child is disputed by the reviewing officer, from Monday, 2 March 2026.

    It is said before the hour of notices: what is told at once is not told at that hour.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: list[Line] = []

    def act(self, command: str, at: str, **fields: Any) -> "Dispute":
        head = {"command": f"dispute.{command}", "authority": "southwark", "actor": "P-IRO"}
        self.lines.append(head | {"role": "reviewing_officer", "at": at, "dispute": self.name, **fields})
        return self

    def raised(self, *, safety: bool = False) -> "Dispute":
        return self.act("raise", "2026-03-02T06:40", child="C-1", team="T-1", concern="no date", safety=safety)

    def up(self, day: int, *, safety: bool = False) -> "Dispute":
        return self.act("escalate", f"2026-03-{day:02}T06:40", reason="not settled", safety=safety)

    def settled(self, when: str) -> "Dispute":
        return self.act("resolve", f"2026-03-{when}", resolution="a date was set")


def of_disputes() -> Lives:
    """Settled by the worker, taken up tier by tier, and one that touches a child's safety from the start or later."""
    lives = {
        "raised": Dispute("D-1").raised(),
        "settled by the worker": Dispute("D-2").raised().settled("03T16:00"),
        "to the group's lead": Dispute("D-3").raised().up(3),
        "to the head of service": Dispute("D-4").raised().up(3).up(4),
        "to the director": Dispute("D-5").raised().up(3).up(4).up(5),
        "settled by the director": Dispute("D-6").raised().up(3).up(4).up(5).settled("06T16:00"),
        "of safety": Dispute("D-7").raised(safety=True),
        "of safety, settled": Dispute("D-8").raised(safety=True).settled("02T20:30"),
        "of safety, as it turns out": Dispute("D-9").raised().up(3, safety=True),
    }
    for name, life in lives.items():
        yield name, f"dispute/{life.name}", life.lines


def of_rounds() -> Lives:
    """The round of a month from its schedule on, moved, asked for late, and what was done in it: before notices."""
    scheduled = RoundLife("2026-02").scheduled("2026-01-05")
    lives = {
        "scheduled": scheduled,
        "moved": RoundLife("2026-05").scheduled("2026-01-05").scheduled("2026-03-02", starts="2026-05-11"),
        "moved into May": RoundLife("2027-04")
        .scheduled("2027-01-04")
        .scheduled("2027-03-01", starts="2027-04-12", ends="2027-05-07"),
        "a theme": RoundLife("2026-06").scheduled("2026-01-05", kind="themed audit", theme="Neglect"),
        "planned": RoundLife("2026-08").scheduled("2026-01-05").planned("2026-07-06").data_requested("2026-07-07"),
        "enquired": RoundLife("2026-09")
        .scheduled("2026-01-05")
        .planned("2026-08-03")
        .act("round.enquire", "2026-08-04", **HEAD_OF_SERVICE, lines=["Do plans say by when?"])
        .data_requested("2026-08-05")
        .data_received("2026-08-31"),
        "asked again": RoundLife("2026-10")
        .scheduled("2026-01-05")
        .data_requested("2026-09-01")
        .scheduled("2026-09-02", starts="2026-10-12")
        .data_requested("2026-09-03"),
        "sampled": RoundLife("2026-11").scheduled("2026-01-05").dipped("2026-11-20", 200),
        "sampled too little": RoundLife("2026-12").scheduled("2026-01-05").dipped("2026-12-10", 199),
    }
    for name, life in lives.items():
        yield name, f"round/{life.round}", early(life)
    yield "audited", "round/2027-02", early(audited("2027-02", 20))
    yield "audited too little", "round/2027-03", early(audited("2027-03", 19))


def audited(month: str, audits: int) -> list[Line]:
    """A round in which so many audits were returned and moderated."""
    lines = list(RoundLife(month).scheduled("2027-01-04").planned("2027-01-05").approved("2027-01-06"))
    for number in range(audits):
        life = Life("torbay", f"A-{month}-{number}", child=f"C-{number}").allocated(f"{month}-01", round=month)
        lines += life.submitted(f"{month}-10").to_moderator(f"{month}-10").moderated(f"{month}-12")
    return lines


def of_tasks() -> Lives:
    """What East Sussex's managers record of their tasks before the hour of notices, twice and of another service."""
    elsewhere = [
        placed("S-2", "service"),
        placed("T-9", "team", "S-2"),
        appointed("P-HOS2", "head_of_service", "S-2"),
        appointed("P-OM2", "operations_manager", "S-2"),
    ]
    checked = {"item": "supervision audit", "about": "P-AUD"}
    lives: dict[str, tuple[str, str, Line]] = {
        "t3_2-2026-03": ("P-HOS2", "head_of_service", {"item": "supervision audit", "about": "P-OM"}),
        "t3_3-2026-03": ("P-OM2", "operations_manager", {**checked, "concern": False}),
        "t3_3-2026-04": ("P-OM2", "operations_manager", {**checked, "concern": True}),
        "t3_14_report-2026-03": ("P-OM2", "operations_manager", {"item": "quarterly report"}),
        "t3_15_summary-2026-03": ("P-OM", "operations_manager", {"item": "summary", "about": "T-9"}),
        "t3_4-2026-03": ("P-OM2", "operations_manager", {}),
    }
    for name, (actor, role, fields) in lives.items():
        task, month = name.split("-", 1)
        twice = (activity(task, f"{month}-{day}", actor, role, **fields, at=f"{month}-{day}T06:40") for day in (10, 12))
        yield name, f"duty/{name}", [*elsewhere, *twice]
        elsewhere = []
