"""A framework as a page that is read: paragraphs under headings, with what is listed beneath them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from services.policy.bases import OfBase
from services.policy.describe.framework import statements
from services.policy.describe.statement import Statement
from services.policy.known import Known
from services.policy.model import Policy

ITEMS = ("ladder", "questions", "items", "steps", "sections", "clocks")
"""Parts of an entry that stand beneath its paragraph, one to a line."""

HEADING = frozenset({"title", "source"})
"""What stands above the paragraph of an entry."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What stands under one heading of a chapter (none: under the chapter's own), with the paragraphs of the paper."""

    chapter: str
    heading: str
    source: str
    text: str
    items: tuple[str, ...] = ()


def paragraphs(policy: Policy, known: Known, base: OfBase | None = None) -> Iterator[Paragraph]:
    """The whole framework, in its order. Each statement stands in one paragraph, but for what is its heading.

    What is taken of a base ends with its name.
    """
    said = _marked(statements(policy, known), base) if base else statements(policy, known)
    for (chapter, heading, _), group in groupby(said, key=_under):
        told = list(group)
        source = "".join(each.words.removeprefix("From ") for each in told if each.key[-1] == "source")
        text = [each for each in told if each.key[-1] not in HEADING and not _is_item(each)]
        items = tuple(_ended(each.words) for each in told if _is_item(each))
        if heading and len(told[0].key) > 2 and not _is_listed(told[0]):  # noqa: PLR2004 - part, name, setting
            yield Paragraph(chapter, heading, source, " ".join(_ended(each.words) for each in text), items)
        else:
            yield Paragraph(chapter, heading, source, "", tuple(_ended(each.words) for each in told))


def _marked(said: Iterable[Statement], base: OfBase) -> Iterator[Statement]:
    """The statements, with the mark on the first of each entry of the base, which is not its heading."""
    done: set[tuple[str, ...]] = set()
    for each in said:
        entry = each.key[:2]
        if each.key[-1] not in HEADING and base.has(each.key) and entry not in done:
            done.add(entry)
            yield replace(each, words=f"{each.words} [{base.base}]")
        else:
            yield each


def _under(each: Statement) -> tuple[str, str, tuple[str, ...]]:
    return each.chapter, each.about, each.key[:2] if each.about and not _is_listed(each) else ()


def _is_listed(each: Statement) -> bool:
    """Whether it is one of a list under its heading, and no part of an entry."""
    return each.key[0] in {"tool", "acts"}


def _is_item(each: Statement) -> bool:
    return any(each.key[-1] == item or each.key[-1].startswith(f"{item}.") for item in ITEMS)


def _ended(words: str) -> str:
    return words if words.endswith((".", "?", "!")) else f"{words}."
