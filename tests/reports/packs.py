"""Half a year of a council's auditing, as packs are made of it."""

import csv
from datetime import UTC, date, datetime

from tests.desks import TestDesk
from tests.lives import TORBAY_LOWEST, Life, people
from workers.pack.material import Question
from workers.pack.writing import Written

WINDOW = Question(date(2026, 1, 1), date(2026, 6, 15))
EVIL = '=HYPERLINK("http://x","y")'


def lived() -> TestDesk:
    """Audits of half a year: one alarming, its re-audit, one returned late, one exempted, one overdue."""
    desk = TestDesk("torbay", now=datetime(2026, 6, 15, 12, tzinfo=UTC))
    first = Life("torbay", "A-1").allocated("2026-01-05").submitted("2026-01-15", TORBAY_LOWEST)
    first.action("2026-01-16", "A-1-1", text=EVIL, due="2026-02-20")
    first.to_moderator("2026-01-16").moderated("2026-01-20", "Does Not Meet Good", rationale="a visit is <b>booked</b>")
    first.act("action.complete", "2026-03-02", "P-SW", "worker", action="A-1-1", impact="seen weekly since")
    again = Life("torbay", "A-2", auditor="P-RE").allocated("2026-04-13", reaudit_of="A-1").submitted("2026-04-20")
    late = Life("torbay", "A-3", child="C-3").allocated("2026-02-02").submitted("2026-03-30")
    out = Life("torbay", "A-4", child="C-4").allocated("2026-05-04")
    before = Life("torbay", "A-0", child="C-0").allocated("2025-09-01").submitted("2025-09-20")
    desk.do(*people("torbay"), *before, *first, *again, *late, *out)
    for audit in ("A-0", "A-1", "A-2", "A-3", "A-4"):
        desk.keep(audit)
    return desk


def table(pack: Written, name: str) -> list[dict[str, str]]:
    """The rows of one of its tables."""
    with (pack.folder / name).open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))
