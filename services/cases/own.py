"""What the user says of a file whose words nobody else uses: which tab is which list, which heading means what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from events.errors import Refused
from services.cases.headings import MEANINGS, What
from services.cases.lists import LISTS, CaseSheet, of_words, plain_words


@dataclass(frozen=True, slots=True)
class Own:
    """Lists by the titles of their tabs, and meanings by headings, both in plain words."""

    tabs: Mapping[str, CaseSheet] = field(default_factory=dict)
    headings: Mapping[str, What] = field(default_factory=dict)

    def named(self) -> str:
        """The same for the same words, whatever their order: it decides what is made of a file."""
        tabs = sorted((title, each.name) for title, each in self.tabs.items())
        return repr((tabs, sorted(self.headings.items())))


def own_words(tabs: Iterable[str], headings: Iterable[str]) -> Own:
    """Read `CiC=children looked after` and `Our Ref=child number`. Refused for a right side that nobody knows."""
    found_tabs, found_headings = {}, {}
    for line in tabs:
        title, meant = _sides("tab", line)
        sheet = of_words(meant)
        if sheet is None:
            raise Refused("tab", f"{meant!r} is not a list of Annex A; known: {', '.join(each.name for each in LISTS)}")
        found_tabs[title] = sheet
    for line in headings:
        title, meant = _sides("heading", line)
        what = next((what for what, form in MEANINGS.items() if form.fullmatch(plain_words(meant))), None)
        if what is None:
            known = "child number, date of birth, age, gender, team, worker, service, strand, lists, opened, closed"
            raise Refused("heading", f"{meant!r} is nothing that is read; known: {known}")
        found_headings[title] = what
    return Own(found_tabs, found_headings)


def _sides(option: str, line: str) -> tuple[str, str]:
    title, mark, meant = line.rpartition("=")
    if not mark or not plain_words(title) or not meant.strip():
        raise Refused(option, f"{line!r} says nothing; write WORDS OF THE FILE=what they mean")
    return plain_words(title), meant.strip()
