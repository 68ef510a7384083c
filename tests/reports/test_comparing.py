"""What an issued report says beside what it would say now: every figure that changed, none besides, and by what."""

from tests.lives import Life
from tests.reports.made import History
from workers.reports.comparing import Difference, differences
from workers.reports.page import Figure, Report

REPORT = ("audit_highlight", "2026-01")


def audit(name: str) -> Life:
    return Life("torbay", name).allocated("2026-01-05").submitted("2026-01-12", "Meets Good")


def council() -> History:
    return History("torbay", *audit("A-1"), *audit("A-2").to_moderator("2026-01-13"))


def compared(history: History, then: Report) -> list[Difference]:
    return differences(history.engine(), then, history.report(*REPORT).report)


def said(report: Report) -> dict[str, object]:
    """What a reader sees of each figure."""
    return {each.key: (each.value, each.among, each.of, each.mark) for each in report.figures()}


def test_a_late_correction_is_told_where_it_shows_and_nowhere_else() -> None:
    """An audit of the month is moderated down, and that is written down later: what changed is told, by that event."""
    history = council()
    then = history.report(*REPORT).report
    assert compared(history, then) == []
    before = len(history.events)
    correction = list(audit("A-2").moderated("2026-01-29", "Does Not Meet Good"))[-1]
    assert history.give(correction) == ""
    now = history.report(*REPORT).report
    found = compared(history, then)
    changed = {key for key in said(then).keys() | said(now).keys() if said(then).get(key) != said(now).get(key)}
    assert changed
    assert {each.key for each in found} == changed
    late = {each.position for each in history.events[before:]}
    for each in found:
        assert {record for record, _ in each.events} == {"audit/A-2"}
        assert {event.position for _, event in each.events} == late
        assert (_value(each.then), _value(each.now)) == (said(then).get(each.key), said(now).get(each.key))


def test_a_record_of_later_explains_what_it_brought_alone() -> None:
    """A figure that only the report of today has, and one that grew, both name the audit that came; no other does."""
    history = council()
    then = history.report(*REPORT).report
    for line in audit("A-3"):
        history.give(line)
    found = compared(history, then)
    assert {record for each in found for record, _ in each.events} == {"audit/A-3"}
    assert all(each.then is None or each.now is None or _value(each.then) != _value(each.now) for each in found)


def _value(figure: Figure | None) -> object:
    return figure and (figure.value, figure.among, figure.of, figure.mark)
