"""A paper as one HTML file: nothing is fetched, everything can be printed, and every figure can be opened."""

from collections.abc import Sequence
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, TemplateError
from markupsafe import Markup

from events.errors import SightlineError
from services.log import Log
from workers.reports import plain
from workers.reports.page import Figure, Section, Table, Words
from workers.reports.rendering.charts import chart
from workers.reports.rendering.laying_out import Part, Tables, laid_out, remark
from workers.reports.rendering.palette import PALETTE
from workers.reports.rendering.paper import Paper, in_full

log = Log(__name__)

NARROW, WIDE, WIDEST, WORDS = 3, 7, 11, 6
"""Columns: so few need no whole line; so many, or so many of words, are set smaller; with so many paper lies across."""

STUB = 36
"""So many letters a row's title may have beside few columns, so that it stands on one line without a whole one."""

LETTERS, CELLS = 105, 9
"""So many letters, and so many columns of words, have room in a line that is set smaller; with more of them paper lies
across."""


class Unprintable(SightlineError):
    """A paper that could not be written, with the template or library that is at fault."""

    def __init__(self, name: str, reason: str) -> None:
        self.name, self.reason = name, reason
        super().__init__(f"{name} cannot be put on paper: {reason}")


def as_html(paper: Paper, *, opened: bool = True, close: bool = False) -> str:
    """The whole file, with what stands behind each figure where it is to be `opened`; printed, it may be set `close`.

    The same paper gives the same text; Unprintable says that the template is wrong, and with what sort of error.
    """
    try:
        return ENVIRONMENT.get_template("paper.html").render(
            paper=paper, opened=opened, close=close, palette=PALETTE, css=_css()
        )
    except Exception as error:  # a template fails with whatever what it calls fails with
        log.exception("paper not written", template="paper.html", error=type(error).__name__)
        said = f": {error}" if isinstance(error, TemplateError) else ""
        raise Unprintable(paper.name, f"template paper.html: {type(error).__name__}{said}") from error


def _css() -> Markup:
    return Markup(files("workers.reports.rendering").joinpath("templates/paper.css").read_text(encoding="utf-8"))  # noqa: S704  our own file


def _quoted(said: str) -> Markup:
    """A text as a string of CSS: whatever is no letter or digit is written as its number."""
    plainly = (each if each.isalnum() else f"\\{ord(each):06x}" for each in said)
    return Markup(f'"{"".join(plainly)}"')  # noqa: S704  nothing in it can end a string or a style


def _anchor(key: str) -> str:
    """A key as a name inside the file: no two keys have the same."""
    return "".join(each if each.isalnum() or each in "-." else f"_{ord(each):x}_" for each in key)


def _width(table: Table) -> str:
    columns = len(table.columns) if table.rows else 0
    words = _kinds(table).count("words") if table.rows else 0
    return (
        "widest"
        if columns >= WIDEST or words > CELLS or (words >= WORDS and _letters(table) > LETTERS)
        else "wide"
        if columns >= WIDE or words >= WORDS
        else "narrow"
        if columns <= NARROW and not words and all(len(plain.called(row)) <= STUB for row in table.rows)
        else "plain"
    )


def _letters(table: Table) -> int:
    """How many letters the longest cells of all columns have together."""
    rows = [plain.cells(row) for row in table.rows]
    return sum(max(map(len, column)) for column in zip(*rows, strict=True))


def _lies_across(section: Section) -> bool:
    """Whether it begins with a table that lies across, so that its heading stands on the same side."""
    first = next((block for block in laid_out(section) if isinstance(block, Tables)), None)
    return first is not None and _width(first.table) == "widest"


def _opens(cell: object) -> bool:
    return isinstance(cell, Figure) and bool(cell.behind)


def _kinds(table: Table) -> list[str]:
    """What each column holds, gathered once for all of its cells."""
    return [
        "words" if all(isinstance(row.cells[across], Words) for row in table.rows) else "numbers"
        for across in range(len(table.columns))
    ]


def _rows(parts: Sequence[Part]) -> int:
    return sum(len(each.rows) for each in parts)


def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("workers.reports.rendering"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "anchor": _anchor,
        "quoted": _quoted,
        "cell": plain.cell,
        "in_full": in_full,
        "width": _width,
        "kinds": _kinds,
    }
    made.filters |= {
        "laid_out": laid_out,
        "remark": remark,
        "called": plain.called,
        "begun": plain.begun,
        "asked": plain.asked,
        "sum_rows": _rows,
    }
    made.tests |= {"opening": _opens, "lying": _lies_across}
    made.globals |= {"chart": chart, "zip": zip}
    return made


ENVIRONMENT = _environment()
