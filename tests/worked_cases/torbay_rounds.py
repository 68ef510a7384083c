"""The worked cases of Torbay's rounds of auditing."""

from tests.lives import Life
from tests.rounds import RoundLife
from tests.worked_cases.case import AUDITOR, QA_TEAM, Case, Notice, Told, never, notices, owed, shown

HEAD_OF_SERVICE: Told = ("head_of_service", "S-1", "P-HOS")
DATA: Told = ("intelligence_and_performance", None, None)


def _allocated(audit: str, at: str, **fields: str) -> Life:
    return Life("torbay", audit, child=f"C-{audit}").allocated(at, **fields)


FEBRUARY = "round/2026-02"

TOR_C9 = Case(
    id="TOR-C9",
    authority="torbay",
    covers=("TOR-11", "TOR-26", "TOR-28", "TOR-30", "TOR-31", "TOR-63", "A-TOR-14"),
    lives=(
        RoundLife("2026-02")
        .scheduled("2026-01-05")
        .planned("2026-01-12")
        .data_requested("2026-01-21")
        .by_director("2026-01-30")
        .data_received("2026-02-02")
        .by_head_of_service("2026-02-03"),
        _allocated("A-1", "2026-02-02T10:00", round="2026-02")  # refused: one approval is missing
        .allocated("2026-02-03T10:00", round="2026-02")
        .submitted("2026-03-03")
        .to_moderator("2026-03-03")
        .moderated("2026-03-06"),
    ),
    notices=notices(("2026-02-24 08:00", "audit_return", "reminder", {AUDITOR}))
    | notices(
        ("2026-01-12 09:00", "lines_of_enquiry", "invitation", {HEAD_OF_SERVICE}),
        ("2026-01-20 00:00", "data_request", "late", {QA_TEAM}),
        ("2026-01-21 09:00", "data_supply", "request", {DATA}),
        ("2026-02-02 08:00", "round_opening", "opening", {QA_TEAM}),
        ("2026-02-28 23:59", "audit_volume", "shortfall", {QA_TEAM}),  # the one audit of the case, and no dip sample
        ("2026-02-28 23:59", "dip_volume", "shortfall", {QA_TEAM}),
        audit=FEBRUARY,
    ),
    owed=owed(("audit_return", "", "2026-03-03"), ("team_confirmation", "", "2026-04-24"))
    | owed(
        ("data_request", "", "2026-01-19"),
        ("data_supply", "", "2026-02-02"),
        ("audit_volume", "", "2026-02-28"),
        ("dip_volume", "", "2026-02-28"),
        audit=FEBRUARY,
    ),
    must_not=(never("2026-03-02", due=True), never("2026-01-19", audit=FEBRUARY)),
    shown=(shown("audit_return", "", "2026-03-03", "met"),),
    refused=1,
)


def _june() -> tuple[Life, ...]:
    """Twenty-one audits of June, all returned, nineteen moderated on the last day."""
    lives = [
        _allocated(f"J-{number}", "2026-06-02", round="2026-06").submitted("2026-06-19") for number in range(1, 22)
    ]
    for life in lives[:19]:
        life.to_moderator("2026-06-22").moderated("2026-06-30")
    return tuple(lives)


def _notice_of(number: int, at: str, obligation: str, step: str, *told: Told) -> frozenset[Notice]:
    return notices((at, obligation, step, set(told)), audit=f"J-{number}")


def _opening(name: str, at: str) -> frozenset[Notice]:
    return notices((f"{at} 08:00", "round_opening", "opening", {QA_TEAM}), audit=f"round/{name}")


def _short(name: str, on: str) -> frozenset[Notice]:
    both = (("audit_volume", "shortfall"), ("dip_volume", "shortfall"))
    return notices(*((f"{on} 23:59", name, step, {QA_TEAM}) for name, step in both), audit=f"round/{name}")


def _asked(name: str) -> frozenset[Notice]:
    return notices(("2026-04-01 09:00", "data_supply", "request", {DATA}), audit=f"round/{name}")


ROUNDS = {"2026-05": ("2026-05-01", "2026-05-31"), "2026-06": ("2026-06-01", "2026-06-30")}
ROUNDS |= {"2026-07": ("2026-07-01", "2026-07-31")}
LATEST = {"2026-05": "2026-04-17", "2026-06": "2026-05-18", "2026-07": "2026-06-17"}


def _scheduled(name: str) -> RoundLife:
    return RoundLife(name).scheduled("2026-04-01").data_requested("2026-04-01").data_received("2026-04-20")


TOR_C11 = Case(
    id="TOR-C11",
    authority="torbay",
    covers=("TOR-34", "TOR-35", "TOR-36", "TOR-62", "TOR-63", "A-TOR-10", "A-TOR-14"),
    lives=(
        _scheduled("2026-05"),
        _scheduled("2026-06")
        .planned("2026-05-11")
        .approved("2026-05-26")
        .dipped("2026-06-15", 100)
        .dipped("2026-06-29", 96, start=101),
        _scheduled("2026-07"),
        *_june(),
    ),
    notices=frozenset().union(
        _opening("2026-05", "2026-05-01"),
        _opening("2026-06", "2026-06-01"),
        _opening("2026-07", "2026-07-01"),
        _short("2026-06", "2026-06-30"),
        *(_asked(each) for each in ROUNDS),
        notices(("2026-05-11 09:00", "lines_of_enquiry", "invitation", {HEAD_OF_SERVICE}), audit="round/2026-06"),
        # Of May and July the case says nothing but that they open: nothing was done in them, which is told as well.
        _short("2026-05", "2026-05-31"),
        _short("2026-07", "2026-07-31"),
        # The two audits that nobody moderated, two weeks after they were due.
        *(_notice_of(each, "2026-07-14 08:00", "moderation", "second_notice", HEAD_OF_SERVICE) for each in (20, 21)),
    ),
    owed=frozenset().union(
        *(
            owed(
                ("data_request", "", LATEST[each]),
                ("data_supply", "", starts),
                ("audit_volume", "", ends),
                ("dip_volume", "", ends),
                audit=f"round/{each}",
            )
            for each, (starts, ends) in ROUNDS.items()
        ),
        *(owed(("audit_return", "", "2026-06-30"), audit=f"J-{each}") for each in range(1, 22)),
        *(owed(("team_confirmation", "", "2026-08-18"), audit=f"J-{each}") for each in range(1, 20)),
    ),
    must_not=(never("2026-07-01", "audit_volume", audit="round/2026-06"),),
)

CASES = (TOR_C9, TOR_C11)
