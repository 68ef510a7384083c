"""A list of audits, entries or actions, a row for each."""

from collections.abc import Iterator
from datetime import date

from projections.counted_records import Mark
from services.clock import day_in_words
from services.policy.blocks.actions import Actions
from services.policy.blocks.entries import Entries
from services.policy.blocks.listing import Listing
from workers.reports.blocks.actions import owed
from workers.reports.blocks.actions import says as action_says
from workers.reports.blocks.audits import chosen, says
from workers.reports.blocks.entries import answered_so, entries
from workers.reports.counting import slug, table, thing
from workers.reports.material import Material, titles
from workers.reports.page import Behind, Block, Cell, Cited, Column, Row, Words
from workers.reports.placing import called, head

MAKES = Listing

OF_AUDITS = ("Type", "Team", "Auditor", "Returned", "By the auditor", "As it stands", "Stage")
TEAM_OR_SERVICE = "Team or service"
OF_ENTRIES = ("Day", TEAM_OR_SERVICE, "About", "Held by")
OF_ACTIONS = ("Of", "Level", "Owner", "Due", "State")


def make(block: Listing, key: str, material: Material) -> tuple[Block, ...]:
    """The list, with a sentence in its place where there is nothing to list."""
    heads: tuple[str, ...]
    if block.audits is not None:
        heads, rows, stub = _said(OF_AUDITS, material), tuple(_audits(block, key, material)), "Audit"
    elif block.entries is not None:
        heads, rows, stub = _said(OF_ENTRIES, material), tuple(_entries(block, key, material)), "Entry"
    else:
        heads, rows, stub = OF_ACTIONS, tuple(_actions(block, key, material)), "Action"
    title = block.title or "List"
    note = f"{len(rows)} in all" if rows else "There is none."
    return (table(key, title, rows, [Column(title=each) for each in heads], stub=stub, note=note),)


def _said(heads: tuple[str, ...], material: Material) -> tuple[str, ...]:
    """The heads with the framework's own words for a team and a service."""
    own = {
        "Team": head("team", material),
        TEAM_OR_SERVICE: f"{head('team', material)} or {called('service', material)}",
    }
    return tuple(own.get(each, each) for each in heads)


def _audits(block: Listing, key: str, material: Material) -> Iterator[Row]:
    asked, what = material.asked, block.audits
    for audit in chosen(block, material, asked):
        if what is None or says(what, audit, asked) is None or not answered_so(audit.answers, block.answered):
            continue
        sections = material.sections(audit, asked) if block.section_grades else {}
        if block.section_grades and not any(grade in block.section_grades for grade, _ in sections.values()):
            continue
        returned = audit.mark("audit.submitted")
        said = (each for held in audit.marks.values() for each in held)
        cells = (
            _cited(key, audit.about, audit.fact.audit_type, audit.begun, *said),
            _words(audit.fact.team),
            _words(audit.auditor, names=True),
            _words(_day(returned.day if returned else None)),
            _words(audit.by_auditor),
            _words(audit.grade),
            _words(audit.stage),
        )
        yield Row(title=audit.about.partition("/")[2], cells=cells, names=True)


def _entries(block: Listing, key: str, material: Material) -> Iterator[Row]:
    register = block.entries or ""
    meant = Entries(block="entries", of=register, answered=block.answered)
    for entry in sorted(entries(meant, material, material.asked), key=lambda each: (each.fact.on, each.about)):
        fact = entry.fact
        about = fact.person or fact.child or fact.subject
        said = (each for held in (*entry.marks.values(), *entry.steps.values()) for each in held)
        cells = (
            _cited(key, entry.about, _day(fact.on), entry.recorded, *said),
            _words(fact.team or fact.service),
            _words(about, names=True),
            _words(fact.holder, names=True),
        )
        yield Row(title=entry.about.partition("/")[2], cells=cells, names=True)


def _actions(block: Listing, key: str, material: Material) -> Iterator[Row]:
    what = block.actions
    if what is None:
        return
    called = titles(material.policy)
    for each in owed(Actions(block="actions", count=(what,), of=block.of), material, material.asked):
        if action_says(what, each.action, material.asked) is None:
            continue
        action = each.action
        state = "confirmed" if action.confirmed else "completed" if action.completed else "open"
        reference = each.record.about.partition("/")[2]
        said = (action.set, action.due_said, action.completed, action.confirmed)
        cells = (
            _cited(f"{key}.{slug(reference)}", each.record.about, reference, *said, name=action.action),
            _words(action.level),
            _words(called.get(action.owner, action.owner), names=action.owner not in called),
            _words(_day(action.due)),
            _words(state),
        )
        yield Row(title=action.action, cells=cells, names=True)


def _cited(key: str, about: str, text: str | None, *marks: Mark | None, name: str = "") -> Cell:
    """The first cell of a row, under the key by which the record of the row is opened, with its events so far."""
    behind = thing(about, *marks)
    own = f"{key}.{slug(name or about.partition('/')[2])}"
    return Cited(key=own, text=text or "", behind=(Behind(about=about, positions=behind.positions),))


def _words(text: str | None, *, names: bool = False) -> Cell:
    return Words(text=text or "", names=names)


def _day(on: date | None) -> str | None:
    return None if on is None else day_in_words(on)
