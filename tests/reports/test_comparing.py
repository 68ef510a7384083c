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


def test_figures_that_were_called_otherwise_are_the_same() -> None:
    """A report that was issued when indicators without parts had `none` in their keys differs in nothing by that."""
    history = council()
    now = history.report(*REPORT).report
    text = now.model_dump_json()
    ends = ("previous", "target", "compared")
    renamed = 0
    for key in {each.key for each in now.opening() if each.key.startswith("performance.")}:
        bare, _, end = key.rpartition(".") if key.endswith(ends) else (key, "", "")
        former = bare + ".none" * (4 - len(bare.split("."))) + (f".{end}" if end else "")
        text = text.replace(f'"key":"{key}"', f'"key":"{former}"')
        renamed += 1
    then = Report.model_validate_json(text)
    assert renamed
    assert said(then).keys() != said(now).keys()
    assert compared(history, then) == []


def test_each_figure_is_explained_by_its_own_records() -> None:
    """Of two late records each figure names the one that it counts; few count both."""
    history = council()
    then = history.report(*REPORT).report
    correction = list(audit("A-2").moderated("2026-01-29", "Does Not Meet Good"))[-1]
    assert [refusal for line in (correction, *audit("A-3")) if (refusal := history.give(line))] == []
    found = compared(history, then)
    explained = {frozenset(record for record, _ in each.events) for each in found}
    assert explained == {frozenset({"audit/A-2"}), frozenset({"audit/A-3"}), frozenset({"audit/A-2", "audit/A-3"})}


def test_a_row_that_is_new_is_a_difference() -> None:
    """A list that has grown by an audit has figures, or rows, that the issued report knew nothing of."""
    history = council()
    then = history.report(*REPORT).report
    now = then.model_copy(update={"sections": ()})
    every = {each.key for each in then.figures() if each.value is not None}
    gone, come = (differences(history.engine(), *pair) for pair in ((then, now), (now, then)))
    assert every <= {each.key for each in gone} == {each.key for each in come}
    assert {each.now for each in gone} == {each.then for each in come} == {None}


def _value(figure: Figure | None) -> object:
    return figure and (figure.value, figure.among, figure.of, figure.mark)
