"""Part 10: the versions of the framework and of its form that were in force, in words."""

from collections.abc import Iterator
from datetime import timedelta

from services.policy.describe.framework import statements
from services.policy.model import Policy
from workers.pack.material import Material, Page
from workers.reports.page import Column, Row, Section, Table, Words

NUMBER, NAME, TITLE = 10, "framework", "Framework and form in force"


def pages(material: Material) -> Iterator[Page]:
    """A page that names the versions, and one for each that tells it in words."""
    versions = in_force(material)
    rows = tuple(
        Row(
            title=policy.version,
            cells=(
                Words(text=policy.framework),
                Words(text=f"{policy.effective_from:%-d %b %Y}"),
                Words(text=f"version-{policy.version}"),
            ),
        )
        for policy in versions
    )
    columns = (Column(title="framework"), Column(title="in force from"), Column(title="page"))
    named = Table(key="versions", title="Versions that were in force", stub="version", columns=columns, rows=rows)
    yield Page("framework", TITLE, (Section(key="versions", title=TITLE, blocks=(named,)),))
    for policy in versions:
        yield Page(
            f"version-{policy.version}",
            f"{policy.framework}, version {policy.version}",
            tuple(_in_words(material, policy)),
        )


def in_force(material: Material) -> list[Policy]:
    """The versions that were in force on some day of the window, the oldest first."""
    held, day = material.books.policies, material.question.first
    found = {held.in_force(day).version}
    while day <= material.question.last:
        found.add(held.in_force(day).version)
        day += timedelta(days=1)
    return [each for each in held.versions if each.version in found]


def _in_words(material: Material, policy: Policy) -> Iterator[Section]:
    chapters: dict[str, list[Row]] = {}
    for each in statements(policy, material.books.catalogue.known):
        chapters.setdefault(each.chapter, []).append(
            Row(title=each.about or each.chapter, cells=(Words(text=each.words),))
        )
    for number, (chapter, rows) in enumerate(chapters.items(), start=1):
        columns = (Column(title="what it says"),)
        table = Table(key="says", title=chapter, stub="about", columns=columns, rows=tuple(rows))
        yield Section(key=f"chapter-{number}", title=chapter, blocks=(table,))
