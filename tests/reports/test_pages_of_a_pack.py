"""The pages of a pack and of a story are written as reports are: readable by anybody, leading to each other."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from tests.reports.packs import WINDOW
from tests.reports.papers import MONTHLY
from tests.reports.test_rendering import Page
from workers.pack.material import Material
from workers.pack.writing import Written, write_pack
from workers.reports import plain
from workers.reports.page import Column, Figure, Row, Section, Table, Words
from workers.reports.rendering.formats import FORMATS
from workers.reports.rendering.html import as_html
from workers.reports.rendering.paper import Contents, Link, Paper, of_report
from workers.story.books import Books, nothing_opened
from workers.story.paper import on_paper
from workers.story.telling import story_of_record


def pages(pack: Written) -> Iterator[tuple[Path, str]]:
    return ((each, each.read_text(encoding="utf-8")) for each in sorted(pack.folder.rglob("*.html")))


@pytest.fixture(scope="module")
def boards(council_books: Books, tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The suppressed pack."""
    books = replace(council_books, opened=nothing_opened)
    return write_pack(Material(replace(WINDOW, copy="suppressed"), books), tmp_path_factory.mktemp("boards"))


@pytest.mark.parametrize("which", ["written", "boards"])
def test_what_wcag_asks_of_each_page(which: str, request: pytest.FixtureRequest) -> None:
    """Language, landmarks, one h1, no heading left out, captions, no anchor twice, and no link that leads nowhere."""
    pack: Written = request.getfixturevalue(which)
    for file, text in pages(pack):
        read = Page(text)
        assert read.open == [], file
        assert read.all("html") == [{"lang": "en-GB"}]
        assert [len(read.all(each)) for each in ("header", "main", "footer", "h1")] == [1, 1, 1, 1], file
        levels = [int(tag[1]) for tag, _ in read.tags if re.fullmatch("h[1-6]", tag)]
        assert all(after <= before + 1 for before, after in pairwise(levels)), file
        assert len(read.all("caption")) == len(read.all("table"))
        ids = [str(attributes["id"]) for _, attributes in read.tags if "id" in attributes]
        assert len(ids) == len(set(ids)), file
        for each in read.all("a"):
            to = str(each["href"])
            assert to[1:] in ids if to.startswith("#") else (file.parent / to).is_file(), (file, to)
        assert not re.search(r"<(script|link|img|iframe)|url\((?!#)|@import|src=", text)


def test_every_page_leads_to_the_index_and_says_which_copy_it_is(written: Written, boards: Written) -> None:
    """On each side; a copy for boards opens no record."""
    for pack, said in ((written, "Named copy"), (boards, "Suppressed copy")):
        for file, text in pages(pack):
            assert said in text
            assert ('href="../index.html"' in text) is (file.name != "index.html")
    assert not any("<details" in text for _, text in pages(boards))
    assert "<details" in (written.folder / "02-coverage" / "coverage.html").read_text(encoding="utf-8")


def test_the_index_calls_tables_by_their_titles(written: Written) -> None:
    """The files beside the pages are named in words, and no head of a page's table begins small."""
    index = Page((written.folder / "index.html").read_text(encoding="utf-8"))
    links = [said for tag, said in index.words if tag == "a"]
    assert "Gaps, and their reasons (CSV)" in links
    assert not any(said.endswith(".csv") for said in links)
    listed = (written.folder / "01-audits" / "audits.html").read_text(encoding="utf-8")
    heads = re.findall(r'<th scope="col"[^>]*>([^<]+)', listed)
    assert len(heads) > 5
    assert [each for each in heads if each[0].islower()] == []


def test_a_story_is_such_a_page_and_lies_across_its_paper(council_books: Books) -> None:
    """Seven columns of words do not stand upright; what has no maker and no audience says nothing of them."""
    text = as_html(
        of_report(on_paper(council_books, story_of_record(council_books, "audit/A-1"), name="s", position=9))
    )
    assert 'class="block widest"' in text
    assert '<section class="across" aria-labelledby="s-happened">' in text
    assert '<section aria-labelledby="s-loop">' in text
    assert "<dt>Made by</dt>" not in text
    assert "<dt>For</dt>" not in text
    assert "up to event 9" in text
    assert "<dt>Made by</dt>" in as_html(of_report(MONTHLY))


@pytest.mark.parametrize("form", [each for each in FORMATS if each not in {"xlsx", "pdf"}])
def test_an_index_says_where_each_page_lies(form: str) -> None:
    """In every format that is text; what a link says and where it leads are text, whatever they hold."""
    contents = (Contents(title="1. A & B", links=(Link(title="<one>", to='a"b.html'),)),)
    text = FORMATS[form].make(Paper(name="i", council="C", title="Index", contents=contents)).decode()
    assert "<one>" not in text or form != "html"
    assert "a&#34;b.html" in text if form == "html" else "b.html" in text


def test_a_table_of_nothing_stands_upright() -> None:
    """However many columns it would have: there is nothing to lie across for."""
    table = Table(key="t", title="T", columns=tuple(Column(title=str(each)) for each in range(12)), rows=())
    text = as_html(Paper(name="i", council="C", title="I", sections=(Section(key="s", title="S", blocks=(table,)),)))
    assert 'class="across"' not in text
    assert "Nothing to show: T" in text


def test_lines_of_a_text_stay_lines() -> None:
    """What was written line by line is shown so."""
    table = Table(
        key="t", title="T", columns=(Column(title="x"),), rows=(Row(title="r", cells=(Words(text="one\ntwo"),)),)
    )
    paper = Paper(name="i", council="C", title="Index", sections=(Section(key="s", title="S", blocks=(table,)),))
    assert ">one\ntwo</td>" in as_html(paper)
    assert re.search(r"^td \{[^}]*white-space: pre-line", as_html(paper), re.MULTILINE)


def test_a_middle_says_of_how_many() -> None:
    """Whatever is no share has no count among them."""
    assert plain.figure(Figure(key="m", value=Decimal("3.0"), unit="days", of=4)) == "3 days (of 4)"
