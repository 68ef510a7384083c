"""A report on paper: one HTML file that anyone can read, and the same figures in every other format."""

import csv
import json
import os
import re
import time
from decimal import Decimal
from html.parser import HTMLParser
from io import BytesIO, StringIO
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from jinja2 import DictLoader
from openpyxl import load_workbook

from tests.reports.papers import COMPENDIUM, MONTHLY, grades, listing, report, trend
from tests.reports.printing import printed
from workers.reports.page import Behind, Column, Figure, Note, Report, Row, Section, Table, Words
from workers.reports.rendering import html, pdf
from workers.reports.rendering.formats import FORMATS, write
from workers.reports.rendering.html import Unprintable, as_html
from workers.reports.rendering.palette import PALETTE, SERIES, SHAPE_MIN, TEXT_MIN, contrast, text_on
from workers.reports.rendering.paper import Paper, of_report
from workers.reports.suppression import suppressed

BOARDS = suppressed(MONTHLY, 5)


class Page(HTMLParser):
    """What a reader with an assistive tool finds in a file."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data: str) -> None:
        if data.strip() and self.open:
            self.words.append((self.open[-1], data.strip()))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def page(made: Report) -> Page:
    return Page(as_html(of_report(made)))


@pytest.mark.parametrize("made", [MONTHLY, BOARDS, COMPENDIUM])
def test_what_wcag_asks_of_a_page(made: Report) -> None:
    """Language, title, landmarks, one h1, no heading left out, scopes, captions, and links that lead on."""
    read = page(made)
    assert read.open == []
    assert read.all("html") == [{"lang": "en-GB"}]
    assert any(tag == "title" and made.title in said for tag, said in read.words)
    assert [len(read.all(each)) for each in ("header", "main", "footer", "h1")] == [1, 1, 1, 1]
    levels = [int(tag[1]) for tag, _ in read.tags if re.fullmatch("h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(each.get("scope") in {"col", "row"} for each in read.all("th"))
    assert len(read.all("caption")) == len(read.all("table")) > 0
    titles = {said for tag, said in read.words if tag == "h2"}
    assert not titles & {each["aria-label"] for each in read.all("div") if each.get("role") == "region"}
    ids = [attributes["id"] for _, attributes in read.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {str(each["href"])[1:] for each in read.all("a")} <= set(ids)
    assert all(label in ids for each in read.all("svg") for label in str(each["aria-labelledby"]).split())
    assert len(read.all("desc")) == len(read.all("svg")) > 0
    assert ":focus-visible" in as_html(of_report(made))


def test_nothing_is_fetched() -> None:
    """The file stands alone: no script, no link to a style, picture or font, and no address of another place."""
    text = as_html(of_report(COMPENDIUM))
    assert not re.search(r"<(script|link|img|iframe)|url\((?!#)|@import|src=", text)
    assert set(re.findall(r"https?://[^\s\"']+", text)) == {"http://www.w3.org/2000/svg"}


def test_the_palette_stands_out() -> None:
    """Text and lines keep the contrast that WCAG asks for, and neighbouring fills differ in grey too."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    for ink, ground in [
        *((ink, ground) for ink in ("ink", "muted", "accent", "warn") for ground in ("paper", "tint", "warn-tint")),
    ]:
        assert contrast(PALETTE[ink], PALETTE[ground]) >= TEXT_MIN, (ink, ground)
    assert contrast(PALETTE["line"], PALETTE["paper"]) >= SHAPE_MIN
    for at, fill in enumerate(SERIES):
        assert contrast(text_on(fill), fill) >= TEXT_MIN, fill
        assert contrast(PALETTE["ink"], PALETTE["paper"]) >= SHAPE_MIN, "each fill has an edge of ink"
        assert at % 2 == 1 or fill not in SERIES[:at]
    assert min(contrast(one, other) for one, other in combinations(SERIES, 2)) > 1.2


def test_every_figure_stands_in_the_file_and_can_be_opened() -> None:
    """Each figure has its anchor; where something stands behind it, a link leads to the records and their events."""
    read = page(MONTHLY)
    anchors = {str(each["id"]) for each in read.all("td") if "id" in each}
    assert len(anchors) == len(list(MONTHLY.figures()))
    opened = [figure for figure in MONTHLY.figures() if figure.behind]
    assert len(read.all("details")) == len(opened) > 40
    listed = [said for tag, said in read.words if tag == "li" and said.startswith("audit/grades.disability.share-5:")]
    assert listed == ["audit/grades.disability.share-5: event 105, 205"]


def test_a_suppressed_copy_opens_nothing() -> None:
    """In the copy for boards a hidden number is a c with its meaning, and nothing of what stands behind is there."""
    text = as_html(of_report(BOARDS))
    assert "<details" not in text
    assert "audit/" not in text
    assert text.count(">c</abbr>") == sum(figure.mark == "c" for figure in BOARDS.figures()) > 10
    assert "Suppressed copy" in text


def test_text_is_text() -> None:
    """What was typed is shown as it was typed, and is never markup."""
    evil = "<script>alert('x')</script> & {{ 7 * 7 }}"
    made = report(evil, (Section(key='"><b>', title=evil, source=(evil,), blocks=(Note(text=evil), listing(2))),))
    text = as_html(of_report(made))
    assert "<script" not in text
    assert "<b>" not in text
    assert text.count("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; {{ 7 * 7 }}") >= 4


def test_a_template_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A template that names what is not there is told in one line; the file that was there stays."""
    target = tmp_path / "report.html"
    target.write_text("before")
    monkeypatch.setattr(html.ENVIRONMENT, "loader", DictLoader({"paper.html": "<p>{{ paper.titel }}</p>"}))
    html.ENVIRONMENT.cache.clear()  # type: ignore[union-attr]
    with pytest.raises(Unprintable, match=r"paper\.html: .*titel") as raised:
        write(of_report(MONTHLY), "html", target)
    html.ENVIRONMENT.cache.clear()  # type: ignore[union-attr]
    assert "\n" not in str(raised.value)
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("report.html", "before")]


def test_a_disk_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk gives up in the middle, what was there stays and nothing half written lies beside it."""

    def full(_: int) -> None:
        raise OSError("no space left on device")

    target = tmp_path / "report.html"
    target.write_text("before")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        write(of_report(MONTHLY), "html", target)
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("report.html", "before")]


@pytest.mark.parametrize("form", [pytest.param(each, marks=[printed] if each == "pdf" else []) for each in FORMATS])
def test_the_same_bytes_each_time(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A paper that is written again, on another day, is the same file."""
    first = write(of_report(MONTHLY), form, tmp_path).read_bytes()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 90_000)
    second = write(of_report(MONTHLY), form, tmp_path)
    assert second.read_bytes() == first
    assert second.name == f"torbay-monthly_highlight-2026-03-01-2026-03-31-named.{form}"
    assert [each.name for each in tmp_path.iterdir()] == [second.name]


@pytest.mark.parametrize("error", [ImportError("no module"), OSError("cannot load library 'pango-1.0-0'\nand more")])
def test_no_libraries_for_pdf(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the system's libraries a PDF is refused in one line that names what is missing."""

    def missing(_: str) -> None:
        raise error

    monkeypatch.setattr(pdf, "import_module", missing)
    with pytest.raises(Unprintable) as raised:
        pdf.as_pdf(of_report(MONTHLY))
    assert "needs the system libraries of WeasyPrint" in str(raised.value)
    assert str(error).partition("\n")[0] in str(raised.value)
    assert "\n" not in str(raised.value)


DANGEROUS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "{=1}", "https://example.org", "007")


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_is_a_formula(text: str) -> None:
    """In a workbook a text is a text, whatever it begins with; in CSV a quote keeps it one."""
    table = listing(1)
    row = table.rows[0].model_copy(update={"title": text, "cells": (Words(text=text), *table.rows[0].cells[1:])})
    made = report(text, (Section(key="s", title=text, blocks=(table.model_copy(update={"rows": (row,)}),)),))
    book = load_workbook(BytesIO(FORMATS["xlsx"].make(of_report(made))))
    cells = [cell for sheet in book for line in sheet for cell in line if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert sum(cell.value == text for cell in cells) >= 3
    lines = list(csv.reader(StringIO(FORMATS["csv"].make(of_report(made)).decode("utf-8-sig"))))
    quoted = f"'{text}" if text[0] in "=+-@\t" else text
    assert sum(each == quoted for line in lines for each in line) >= 3
    assert not any(each.startswith(("=", "+", "-", "@", "\t")) for line in lines for each in line)


def test_csv_and_json_say_the_same() -> None:
    """Every figure stands in both, with its key, and JSON has its keys in order."""
    paper = of_report(MONTHLY)
    lines = list(csv.DictReader(StringIO(FORMATS["csv"].make(paper).decode("utf-8-sig"))))
    keys = [each.key for each in MONTHLY.figures()]
    assert [line["key"] for line in lines if line["unit"]] == keys
    written = json.loads(FORMATS["json"].make(paper))
    assert json.dumps(written, sort_keys=True) == json.dumps(written)
    assert Paper.model_validate(written) == paper


def test_words_among_numbers() -> None:
    """A row of words is no point of a chart, and its words stand beneath the numbers of their columns."""
    words = Row(title="Direction", cells=(Words(text="up"), Words(text="same")))
    table = trend()
    made = report(
        "Trend", (Section(key="s", title="T", blocks=(table.model_copy(update={"rows": (*table.rows, words)}),)),)
    )
    text = as_html(of_report(made))
    assert "Direction" not in text.partition("<svg")[2].partition("</svg>")[0]
    assert text.count('<td class="numbers whole">') == 2


def test_a_chart_draws_what_the_table_shows() -> None:
    """A chart has a bar for each count that is shown, and none for one that is hidden; where most lack one, none."""

    def bars(made: Report) -> int:
        text = as_html(of_report(made))
        return len(re.findall(r"<rect [^>]*height=\"18\" fill=\"#", text.partition("</svg>")[0]))

    def shown(made: Report) -> int:
        first = made.sections[0].blocks[0]
        assert not isinstance(first, Note)
        rows = [row for row in getattr(first, "rows", ()) if not row.total]
        return sum(bool(cell.value) for row in rows for cell in row.cells[:4] if isinstance(cell, Figure))

    first, *others = grades().rows
    hidden = first.model_copy(update={"cells": (Figure(key="h", mark="c"), *first.cells[1:])})
    table = grades().model_copy(update={"rows": (hidden, *others)})
    once = report("Grades", (Section(key="s", title="T", blocks=(table,)),))
    assert bars(MONTHLY) == shown(MONTHLY) > bars(once) == shown(once) > 0
    assert "Stacked bars" not in as_html(of_report(BOARDS))


def test_what_the_template_calls_may_fail_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of the program in the middle of a page is one clear line, with its type, and no file is written."""

    def fails(_: object) -> str:
        raise ZeroDivisionError("C-4711")

    monkeypatch.setitem(html.ENVIRONMENT.globals, "chart", fails)
    with pytest.raises(Unprintable, match=r"template paper\.html: ZeroDivisionError$"):
        write(of_report(MONTHLY), "html", tmp_path)
    assert not [*tmp_path.iterdir()]


def test_two_equal_figures_in_a_row_stand_under_their_own_columns() -> None:
    """What is behind each is told under the column in which it stands, whatever another one holds."""
    behind = (Behind(about="audit/A-1", positions=(3,)),)
    cell = Figure(key="same", value=Decimal(1), behind=behind)
    table = Table(
        key="t",
        title="Two",
        columns=(Column(title="First"), Column(title="Second")),
        rows=(Row(title="Row", cells=(cell, cell)),),
    )
    text = as_html(of_report(report("Two", (Section(key="s", title="S", blocks=(table,)),))))
    assert "Two: Row, First: 1" in text
    assert "Two: Row, Second: 1" in text


def test_each_printed_side_says_which_copy_it_is() -> None:
    """By whatever it is printed, browsers among them, and whatever its title holds."""
    title = 'A "title" </style> \\ of é'
    made = as_html(of_report(MONTHLY.model_copy(update={"title": title})))
    said = [
        re.sub(r"\\([0-9a-f]{6})", lambda code: chr(int(code[1], 16)), each)
        for each in re.findall(r'@(?:bottom-left|top-right) \{ content: "([^"]*)"; \}', made)
    ]
    assert said == [f"Torbay · {title}", of_report(MONTHLY).kind]
    assert made.count("</style>") == 1
    assert "string(" not in made
