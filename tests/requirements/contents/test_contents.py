"""What each report of each council says of a March in which everything happened, as the files beside this tell it."""

from pathlib import Path

import pytest

from tests.desks import SHIPPED
from tests.requirements.contents.pages import PAGES, Page
from tests.requirements.contents.told import as_told
from tests.requirements.contents.world import world_of

FOLDER = Path(__file__).parent


def written_of(council: str) -> dict[str, list[str]]:
    """What the council's file says of each report, in its order: a line for each heading, table and text."""
    blocks = (FOLDER / f"{council}.txt").read_text(encoding="utf-8").strip().split("\n\n")
    return {name: lines for name, *lines in map(str.splitlines, blocks)}


@pytest.mark.parametrize("council", PAGES)
def test_every_report_has_its_page(council: str) -> None:
    """The file tells of each report, and nothing of the March was refused."""
    names = [each.name for each in SHIPPED[council].newest.reports]
    assert (list(written_of(council)), [page.name for page in PAGES[council]]) == (names, names)
    assert world_of(council).refused == []


@pytest.mark.parametrize(
    ("council", "page"),
    [
        pytest.param(council, page, id=f"{council}:{page.name}", marks=pytest.mark.covers(*page.covers))
        for council, pages in PAGES.items()
        for page in pages
    ],
)
def test_what_a_report_says(council: str, page: Page) -> None:
    """By whom and for whom it is, its sections, and in each its tables with their figures and who writes the texts."""
    report = world_of(council).report(page.name, page.period, page.unit)
    assert as_told(report) == written_of(council)[page.name]
