"""What is no figure opens as well: a row of a list, and what an indicator is held to."""

from decimal import Decimal

from services.policy.blocks.indicators import Indicators
from services.policy.blocks.listing import Listing
from services.policy.versions import Policies
from tests.desks import SHIPPED
from tests.lives import QA, Life, Line
from tests.reports.made import LATER, History
from workers.reports.making import make, question
from workers.reports.page import Table
from workers.reports.suppression import suppressed
from workers.reports.tracing import figure_called, trace


def test_each_row_of_a_list_can_be_opened() -> None:
    """By the key in its first cell: the record, with everything that happened to it and is told of in the row."""
    history = History("torbay", *Life("torbay", "A-1").allocated("2026-02-02").submitted("2026-02-10"))
    (policy,) = SHIPPED["torbay"].versions
    (report,) = [each for each in policy.reports if each.name == "audit_highlight"]
    block = Listing(block="listing", audits="returned")
    section = report.sections[0].model_copy(update={"name": "files", "show": (block,)})
    held = policy.model_copy(update={"reports": (report.model_copy(update={"sections": (section,)}),)})
    judged, asked = question(Policies("torbay", (held,)), "audit_highlight", "2026-02", LATER)
    engine = history.engine()
    page = make(engine, "torbay", judged, asked)
    (found,) = trace(engine, "torbay", figure_called(page, "files.a-1"))
    assert found.about == "audit/A-1"
    assert [each.position for each in found.events] == sorted(each.position for each in found.events)
    assert "was given to auditor" in found.events[0].sentence
    assert "returned" in found.events[-1].sentence
    board = suppressed(page, 0)  # a list of single records is in the named copy alone
    assert not [each for section in board.sections for each in section.blocks if isinstance(each, Table)]


def test_what_a_figure_is_held_to_can_be_opened() -> None:
    """A target of the framework opens to its line, one that was recorded and every comparator to their events."""
    told = {"indicator": "visits_on_time", "value": "20"}
    commands: list[Line] = [
        {"command": "indicator.record", "month": "2026-02", **told},
        {"command": "indicator.compare", "comparator": "england", "year": 2025, **told},
    ]
    lines = [{"authority": "torbay", **QA, "at": "2026-03-02T10:30", **each} for each in commands]
    history = History("torbay", *lines)
    assert history.refused == []
    (policy,) = SHIPPED["torbay"].versions
    (report,) = [each for each in policy.reports if each.name == "audit_highlight"]
    section = report.sections[0].model_copy(
        update={"name": "figures", "show": (Indicators(block="indicators", names=("visits_on_time",)),)}
    )
    indicators = tuple(
        each.model_copy(update={"target": Decimal(15)}) if each.name == "visits_on_time" else each
        for each in policy.indicators
    )
    held = policy.model_copy(
        update={"indicators": indicators, "reports": (report.model_copy(update={"sections": (section,)}),)}
    )
    judged, asked = question(Policies("torbay", (held,)), "audit_highlight", "2026-02", LATER)
    engine = history.engine()
    page = make(engine, "torbay", judged, asked)
    (target,) = trace(engine, "torbay", figure_called(page, "figures.visits_on_time.target"))
    assert (target.about, target.value) == (f"policy/{held.version}/indicators/visits_on_time/target", "15")
    (england,) = trace(engine, "torbay", figure_called(page, "figures.visits_on_time.compared"))
    assert (england.about, england.value, len(england.events)) == ("indicator/visits_on_time-2025", "20", 1)
    former = "figures.visits_on_time.none.none"
    assert figure_called(page, f"{former}.target") == figure_called(page, "figures.visits_on_time.target")
    assert figure_called(page, former).key == "figures.visits_on_time", "as an issued report has it"
    hidden = suppressed(page, 5)
    assert not [each for each in hidden.opening() if each.behind]
