"""The parts of a pack: a module each, which says its NUMBER, NAME and TITLE and makes its pages. Found, not listed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from workers.pack.material import Material, Page


@dataclass(frozen=True, slots=True)
class Part:
    """One part: where it stands, what it is called, and what makes its pages."""

    number: int
    name: str
    title: str
    pages: Callable[[Material], Iterator[Page]]

    @property
    def folder(self) -> str:
        """The folder of its files, such as `04-moderation`."""
        return f"{self.number:02}-{self.name}"


def parts() -> list[Part]:
    """Every part in its order."""
    found = [import_module(each.name) for each in iter_modules(__path__, f"{__name__}.")]
    return sorted(
        (Part(each.NUMBER, each.NAME, each.TITLE, each.pages) for each in found), key=lambda each: each.number
    )
