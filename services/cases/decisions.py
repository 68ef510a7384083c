"""What follows from the command about a case list."""

from collections import Counter

from events.base import Fact
from events.cases import CaseListClosed, CaseListOpened, CasesListed, ListedCase
from events.errors import Refused
from services.cases.commands import CaseToList, ImportCases
from services.cases.lists import BY_NAME
from services.cases.refs import is_plain_ref, services_of
from services.cases.state import CaseList
from services.clock import local_date
from services.core.situation import Situation

NUMBER = "case.number"
"""The field for which a child's number is sealed."""


def import_cases(command: ImportCases, known: CaseList, situation: Situation) -> list[Fact]:
    """The part, with the list's beginning and end where they belong to it.

    Refused for a list that is complete or began as another one, for a child that stands on it already, and for what
    cannot be: a list of a day to come, or a case that was opened after the list's day.
    """
    opened = CaseListOpened(file_hash=command.file_hash, kind=command.kind, as_of=command.as_of)
    if known.closed is not None:
        raise Refused("list", f"{command.list} is complete; a later list takes another reference")
    if known.opened not in {None, opened}:
        raise Refused("list", f"{command.list} began with another file, kind or date")
    if command.as_of > local_date(situation.at):
        raise Refused("as_of", f"{command.as_of} lies after the act, which is of {local_date(situation.at)}")
    _require_once(command, known)
    facts: list[Fact] = [] if known.opened else [opened]
    if command.cases:
        facts.append(CasesListed(cases=tuple(_listed(case, command, situation) for case in command.cases)))
    if command.closes:
        taken = len(known.children) + len(command.cases)
        if not taken:
            raise Refused("cases", "a list without a child cannot be closed")
        facts.append(CaseListClosed(taken=taken, left_out=command.left_out))
    elif not command.cases:
        raise Refused("cases", "needed, unless the part closes the list")
    return facts


def _require_once(command: ImportCases, known: CaseList) -> None:
    for child, times in Counter(command.children).items():
        if times > 1 or child in known.children:
            raise Refused("cases", f"{child} stands on the list already")


def _require_no_words(case: CaseToList, situation: Situation) -> None:
    """Nothing of free form is stored in clear: what a column holds may be a name that moved there."""
    for name in case.lists:
        if name not in BY_NAME:
            raise Refused("cases.lists", f"no list of Annex A; known: {', '.join(BY_NAME)}")
    strands = situation.policy.tool.strands
    service = None if case.service in services_of(situation.policy) else case.service
    words = {"service": service, "strand": None if strands else case.strand}
    for field, word in words.items():
        if word is not None and not is_plain_ref(word) and word not in situation.directory().placements:
            raise Refused(f"cases.{field}", "must be a unit of the directory, or a reference of letters and digits")


def _listed(case: CaseToList, command: ImportCases, situation: Situation) -> ListedCase:
    if case.open_since is not None and case.open_since > command.as_of:
        raise Refused("cases.open_since", f"{case.open_since} lies after the list's date, {command.as_of}")
    strands = situation.policy.tool.strands
    if case.strand is not None and strands and case.strand not in strands:
        raise Refused("cases.strand", f"unknown strand {case.strand}; known: {', '.join(strands)}")
    _require_no_words(case, situation)
    return ListedCase(
        child=case.child,
        number=situation.seal_for(case.child, NUMBER, case.number),
        lists=case.lists,
        service=case.service,
        team=case.team,
        worker=case.worker,
        open_since=case.open_since,
        strand=case.strand,
        age=case.age,
    )
