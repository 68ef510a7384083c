"""The blocks of a report in words: what each counts or lists, of what, by what, and how much of it is asked for."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import Protocol

from services.policy.blocks.block import ReportBlock
from services.policy.blocks.entries import Entries, all_questions
from services.policy.blocks.listing import Listing
from services.policy.blocks.themes import Themes
from services.policy.describe.settings import SILENT, told
from services.policy.describe.wording import listed, plain, value
from services.policy.model import Policy
from services.policy.registers import Register
from services.policy.rules import written

UNSAID = {"block", "title", "name"}
"""What a block is and its heading, which are told before all else, and the key under which a text is kept."""

FORMS: Mapping[str, str] = {
    "types": "of type {}",
    "strands": "of the strand {}",
    "graded": "graded “{}”",
    "reaudits": "re-audits {}",
    "count": "how many were {}",
    "at_least": "at least {} are asked for",
    "at_most": "at most {} are asked for",
    "of": "of {}",
    "registers": "of {}",
    "rules": "of {}",
    "entries": "of the entries of {}",
    "audits": "of the audits {}",
    "actions": "of the actions {}",
    "answered": "only where {}",
    "when": "of the audits {}",
    "sections": "of {} alone",
    "section_grades": "with a section graded {}",
    "share_of": "with the share that is “{}”",
    "reaching": "with the share of {}",
    "baskets": "under {}",
    "names": "{}",
    "kind": "each {}",
    "levels": "of the level {}",
    "at_least_of_one": "of one person only where there are at least {}",
    "closing_within": "closed within {} of the return",
    "periods": "over {} periods",
    "every": "each of a {}",
    "better": "{} is better",
    "line": "of {}",
}
"""How a setting is said; any other by the title of its field and by what it is."""

EITHER = {"types", "strands", "section_grades", "reaching", "levels"}
"""Settings of which each one does, so that they are told with `or`."""

QUOTED = {"baskets"}
"""Settings that are headings already, and no keys with a title."""


class Titled(Protocol):
    """What a setting of a block names, by its key in the file and by what it is called in the framework."""

    @property
    def name(self) -> str:
        """The key."""

    @property
    def title(self) -> str:
        """What it is called."""


def in_words(policy: Policy, block: ReportBlock, apart: str = ": ") -> str:
    """A block with all that is set of it: `Audits “Of the month”: how many were returned and closed; by team`.

    `apart` is what parts its name from what is set; a comma where it stands within another block.
    """
    title = f" “{block.title}”" if block.title else ""
    said = []
    for name, field in type(block).model_fields.items():
        held = getattr(block, name)
        if name not in UNSAID and held not in SILENT and held != field.get_default(call_default_factory=True):
            called = field.title or plain(name)
            said.append(called if held is True else _set(policy, block, name, FORMS.get(name, f"{called} {{}}")))
    if not said:
        return f"{type(block).shows}{title}"
    first, *more = said
    joint = " " if first.startswith("of ") else apart
    return f"{type(block).shows}{title}{joint}{(', ' if apart == ', ' else '; ').join([first, *more])}"


def _set(policy: Policy, block: ReportBlock, name: str, form: str) -> str:
    held, titles = getattr(block, name), _titles(policy, block, name)
    match held:
        case ReportBlock():
            said = in_words(policy, held, ", ")
            said = said[:1].lower() + said[1:]
        case dict() if name == "answered":
            said = listed(f"{titles.get(each, plain(each))} is answered {_answer(to)}" for each, to in held.items())
        case dict():
            said = listed(f"{number} {plain(each)}" for each, number in held.items())
        case tuple():
            each = (f"“{one}”" if name in QUOTED else titles.get(one, value(told(policy, one))) for one in held)
            said = listed(each, "or" if name in EITHER else "and")
        case _:
            said = titles.get(str(held), value(told(policy, held)))
    return "of each section" if (name, said) == ("of", "sections") else form.format(said)


def _answer(held: object) -> str:
    return value(held) if isinstance(held, bool) else f"“{value(held)}”"


def _titles(policy: Policy, block: ReportBlock, name: str) -> dict[str, str]:
    """What the names of a setting are called in the framework; questions and steps by the register that is meant."""
    called: Iterable[Titled] = ()
    match block, name:
        case Entries(), "steps":
            called = chain(*(each.steps for each in _registers(policy, {block.of})))
        case Entries(of=of) | Listing(entries=str(of)), "answers" | "answered":
            called = chain(*map(all_questions, _registers(policy, {of})))
        case Listing(), "answered":
            called = policy.tool.questions
        case Themes(), "questions":
            called = chain(policy.tool.questions, *map(all_questions, _registers(policy, {*block.of})))
        case _, "of" | "entries" | "registers":
            called = policy.registers
        case _, "rules":
            called = written(policy)
        case _, "names":
            called = policy.indicators
    return {each.name: f"“{each.title}”" for each in called}


def _registers(policy: Policy, named: Collection[str]) -> Iterator[Register]:
    """The registers of these names; all of them, where none is named."""
    return (each for each in policy.registers if each.name in named or not named)
