"""A paper as a tagged PDF, by WeasyPrint: the same HTML, the same bytes each time."""

import os
from hashlib import sha256
from importlib import import_module
from typing import Any, NoReturn

from workers.reports.page import Note
from workers.reports.rendering.html import Unprintable, as_html
from workers.reports.rendering.paper import Paper

VARIANT = "pdf/ua-1"
"""Accessible: with a title, a language, and every part tagged for what it is."""


SHORT = 0.3
"""A last side that ends so far down is next to empty: where it can, the paper does without."""


def as_pdf(paper: Paper) -> bytes:
    """The PDF. One that is longer than its `sides` says so in its notes, and is written all the same.

    One that would have a few lines alone on its last side is set closer, where that spares the side.

    Unprintable where the system libraries that WeasyPrint draws with are not there, with which of them is missing.
    """
    document = _laid_out(paper)
    if paper.sides is not None and len(document.pages) > paper.sides:
        paper, document = _with(paper, len(document.pages))
    name = sha256(paper.model_dump_json().encode()).digest()[:16]
    written: bytes = document.write_pdf(pdf_variant=VARIANT, pdf_identifier=name)
    return written


def _with(paper: Paper, sides: int) -> tuple[Paper, Any]:
    """The paper with its warning, laid out; where that makes it a side longer, the warning counts it in."""
    for told in (sides, sides + 1):
        note = Note(text=f"This report is {told} sides long: the framework asks for at most {paper.sides}.")
        longer = paper.model_copy(update={"notes": (*paper.notes, note)})
        document = _laid_out(longer)
        if len(document.pages) == told:
            break
    return longer, document


def _laid_out(paper: Paper) -> Any:
    document = _set(paper)
    last = document.pages[-1]
    if len(document.pages) > 1 and last.anchors["end"][1] < SHORT * last.height:
        closer = _set(paper, close=True)
        return closer if len(closer.pages) < len(document.pages) else document
    return document


def _set(paper: Paper, *, close: bool = False) -> Any:
    text = as_html(paper, opened=False, close=close)
    return _library(paper.name).HTML(string=text, url_fetcher=_nothing).render(pdf_variant=VARIANT)


def _library(name: str) -> Any:
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")  # otherwise each font that is embedded holds the time of day
    try:
        return import_module("weasyprint")
    except (ImportError, OSError) as error:
        first = str(error).partition("\n")[0].strip()
        raise Unprintable(
            name, f"PDF needs the system libraries of WeasyPrint (Pango, and what it loads): {first}"
        ) from error


def _nothing(address: str, *_: object, **__: object) -> NoReturn:
    """A paper holds all that it shows."""
    raise ValueError(f"a paper fetches nothing, and not {address}")
