"""What goes on paper: a report, or a page of another kind that looks like one, such as a pack's or a story's."""

from datetime import date

from services.clauses import paragraphs
from workers.reports.glance import Group, glance
from workers.reports.page import AsAt, Copy, Made, Note, Report, Section
from workers.reports.plain import begun

COPIES = {
    "named": "Named copy: for inspectors and those who may know whom it is about",
    "suppressed": "Suppressed copy: small numbers are hidden",
}


class Fact(Made):
    """A line of the title block: what it is, and how it stands for this paper."""

    term: str
    said: str


class Link(Made):
    """A way to another file that lies beside this one: what is there, and where."""

    title: str
    to: str


class Contents(Made):
    """Other files, under a heading: what an index is made of."""

    title: str
    links: tuple[Link, ...]


class Paper(Made):
    """A paper: its title block, what it says of itself, and its sections.

    One of many pages leads to the page above it by `up`, and that one to each of them by its `contents`.

    `name` is what a file of it is called, without ending. Whoever has no report but a page to put on paper fills this
    in with sections of the same blocks, and hands it to the same writers.
    """

    name: str
    council: str
    title: str
    copy_: Copy = "named"
    facts: tuple[Fact, ...] = ()
    notes: tuple[Note, ...] = ()
    contents: tuple[Contents, ...] = ()
    glance: tuple[Group, ...] = ()
    sections: tuple[Section, ...] = ()
    up: Link | None = None
    sides: int | None = None

    @property
    def kind(self) -> str:
        """Which copy it is, as it stands on each side."""
        return COPIES[self.copy_]

    @property
    def clauses(self) -> str:
        """Its sections, each beside the paragraphs of the framework that ask for it; nothing where none is cited."""
        asked: dict[str, list[str]] = {}
        for each in self.sections:
            if said := "; ".join(paragraphs(each.source)):
                asked.setdefault(said, []).append(each.title)
        return "; ".join(f"{', '.join(titles)} ({said})" for said, titles in asked.items())


def council_called(authority: str) -> str:
    """The council as its title block names it."""
    return authority.replace("-", " ").title()


def of_report(report: Report) -> Paper:
    """A report as a paper. What the report does not say of itself is no line of its title block."""
    unit = f"-{report.unit}" if report.unit else ""
    facts = [
        ("Period", f"{in_full(report.first)} to {in_full(report.last)}"),
        (report.unit_called.capitalize(), report.unit),
        ("Made by", report.made_by),
        ("For", begun(", ".join(report.audience))),
        (
            "Framework",
            "; ".join(filter(None, [f"version {report.policy_version}", ", ".join(paragraphs(report.source))])),
        ),
        ("As at", _as_at(report.as_at)),
        ("History", f"up to event {report.position:,}"),
    ]
    return Paper(
        name=f"{report.authority}-{report.name}-{report.first}-{report.last}{unit}-{report.copy_}",
        council=council_called(report.authority),
        title=report.title,
        copy_=report.copy_,
        facts=tuple(Fact(term=term, said=said) for term, said in facts if said),
        notes=report.notes,
        glance=glance(report.sections),
        sections=report.sections,
        sides=report.sides,
    )


def in_full(day: date) -> str:
    """A day in words, without its weekday."""
    return f"{day.day} {day:%B %Y}"


def _as_at(held: AsAt) -> str:
    said = [
        *([f"as it had happened by {in_full(held.happened_by)}"] if held.happened_by else []),
        *([f"as it was known on {in_full(held.known_by)}"] if held.known_by else []),
    ]
    return ", ".join(said)
