"""What follows from a round of auditing in Torbay: who owes what by when, and who is told.

A round opens on the first working day of its month. Its data are asked for two weeks before, and by its last day twenty
audits are returned and moderated, and two hundred dip samples are done.
"""

from tests.requirements.clocks.rows import Row


def by_the_end(of: str) -> tuple[str, str]:
    """Owed by the last day of the month."""
    return f"audit_volume by {of}: qa_team", f"dip_volume by {of}: qa_team"


def short_of(of: str, *volumes: str) -> tuple[str, ...]:
    """Told at the end of that day."""
    return tuple(f"{of} 23:59 notice of {each}_volume: qa_team" for each in volumes or ("audit", "dip"))


ROWS = (
    Row(
        "scheduled",
        covers=("TOR-30", "TOR-62", "TOR-63", "A-TOR-14", "TOR-34", "TOR-35", "TOR-158", "A-TOR-10"),
        owed=("data_request by 2026-01-19: qa_team", *by_the_end("2026-02-28")),
        told=(
            "2026-01-20 00:00 notice of data_request: qa_team",
            "2026-02-02 08:00 notice of round_opening: qa_team",
            *short_of("2026-02-28"),
        ),
    ),
    Row(
        "moved",
        covers=("TOR-30", "TOR-62", "TOR-63", "A-TOR-14", "TOR-34", "TOR-35", "TOR-158", "A-TOR-10"),
        owed=("data_request by 2026-04-27: qa_team", *by_the_end("2026-05-31")),
        told=(
            "2026-04-28 00:00 notice of data_request: qa_team",
            "2026-05-11 08:00 notice of round_opening: qa_team",
            *short_of("2026-05-31"),
        ),
    ),
    Row(
        "moved into May",
        covers=("TOR-30", "TOR-62", "TOR-63", "A-TOR-14", "TOR-34", "TOR-35", "TOR-158", "A-TOR-10"),
        owed=("data_request by 2027-03-29: qa_team", *by_the_end("2027-05-07")),
        told=(
            "2027-03-30 00:00 notice of data_request: qa_team",
            "2027-04-12 08:00 notice of round_opening: qa_team",
            *short_of("2027-05-07"),
        ),
    ),
    Row(
        "a theme",
        covers=("TOR-30", "TOR-62", "TOR-63", "A-TOR-14"),
        owed=("data_request by 2026-05-18: qa_team",),
        told=(
            "2026-05-19 00:00 notice of data_request: qa_team",
            "2026-06-01 08:00 notice of round_opening: qa_team",
        ),
    ),
    Row(
        "planned",
        covers=(
            "TOR-30",
            "TOR-62",
            "TOR-63",
            "A-TOR-14",
            "TOR-34",
            "TOR-35",
            "TOR-158",
            "A-TOR-10",
            "TOR-11",
            "TOR-31",
            "TOR-26",
            "TOR-27",
        ),
        owed=(
            "data_supply by 2026-08-03: intelligence_and_performance",
            "lines_of_enquiry by no day: head_of_service",
            *by_the_end("2026-08-31"),
        ),
        told=(
            "2026-07-06 06:40 notice of lines_of_enquiry: head_of_service",
            "2026-07-07 06:40 notice of data_supply: intelligence_and_performance",
            "2026-08-03 08:00 notice of round_opening: qa_team",
            *short_of("2026-08-31"),
        ),
    ),
    Row(
        "enquired",
        covers=(
            "TOR-30",
            "TOR-62",
            "TOR-63",
            "A-TOR-14",
            "TOR-34",
            "TOR-35",
            "TOR-158",
            "A-TOR-10",
            "TOR-11",
            "TOR-31",
            "TOR-26",
            "TOR-27",
        ),
        owed=by_the_end("2026-09-30"),
        told=(
            "2026-08-03 06:40 notice of lines_of_enquiry: head_of_service",
            "2026-08-05 06:40 notice of data_supply: intelligence_and_performance",
            "2026-09-01 08:00 notice of round_opening: qa_team",
            *short_of("2026-09-30"),
        ),
    ),
    Row(
        "asked again",
        covers=(
            "TOR-30",
            "TOR-62",
            "TOR-63",
            "A-TOR-14",
            "TOR-34",
            "TOR-35",
            "TOR-158",
            "A-TOR-10",
            "TOR-11",
            "TOR-31",
        ),
        owed=("data_supply by 2026-10-12: intelligence_and_performance", *by_the_end("2026-10-31")),
        told=(
            "2026-09-01 06:40 notice of data_supply: intelligence_and_performance, 2 times to 2026-09-03 06:40",
            "2026-10-12 08:00 notice of round_opening: qa_team",
            *short_of("2026-10-31"),
        ),
    ),
    Row(
        "sampled",
        covers=("TOR-30", "TOR-62", "TOR-63", "A-TOR-14", "TOR-34", "TOR-35", "TOR-158", "A-TOR-10"),
        owed=("data_request by 2026-10-19: qa_team", "audit_volume by 2026-11-30: qa_team"),
        told=(
            "2026-10-20 00:00 notice of data_request: qa_team",
            "2026-11-02 08:00 notice of round_opening: qa_team",
            *short_of("2026-11-30", "audit"),
        ),
    ),
    Row(
        "sampled too little",
        covers=("TOR-30", "TOR-62", "TOR-63", "A-TOR-14", "TOR-34", "TOR-35", "TOR-158", "A-TOR-10"),
        owed=("data_request by 2026-11-17: qa_team", *by_the_end("2026-12-31")),
        told=(
            "2026-11-18 00:00 notice of data_request: qa_team",
            "2026-12-01 08:00 notice of round_opening: qa_team",
            *short_of("2026-12-31"),
        ),
    ),
    Row(
        "audited",
        covers=(
            "TOR-30",
            "TOR-62",
            "TOR-63",
            "A-TOR-14",
            "TOR-34",
            "TOR-35",
            "TOR-158",
            "A-TOR-10",
            "TOR-26",
            "TOR-27",
        ),
        owed=(
            "data_request by 2027-01-18: qa_team",
            "dip_volume by 2027-02-28: qa_team",
            "lines_of_enquiry by no day: head_of_service",
        ),
        told=(
            "2027-01-05 06:40 notice of lines_of_enquiry: head_of_service",
            "2027-01-19 00:00 notice of data_request: qa_team",
            "2027-02-01 08:00 notice of round_opening: qa_team",
            *short_of("2027-02-28", "dip"),
        ),
    ),
    Row(
        "audited too little",
        covers=(
            "TOR-30",
            "TOR-62",
            "TOR-63",
            "A-TOR-14",
            "TOR-34",
            "TOR-35",
            "TOR-158",
            "A-TOR-10",
            "TOR-26",
            "TOR-27",
        ),
        owed=(
            "data_request by 2027-02-15: qa_team",
            "lines_of_enquiry by no day: head_of_service",
            *by_the_end("2027-03-31"),
        ),
        told=(
            "2027-01-05 06:40 notice of lines_of_enquiry: head_of_service",
            "2027-02-16 00:00 notice of data_request: qa_team",
            "2027-03-01 08:00 notice of round_opening: qa_team",
            *short_of("2027-03-31"),
        ),
    ),
)
