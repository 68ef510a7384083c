"""What the tests of the programme around the audits share: entries of registers, what they start, and who is told."""

from typing import Any

from events.escalations import EscalationRaised, NoticeSent
from services.directory.state import DIRECTORY, fold_directory
from services.escalations.settle import settle
from services.modules import CATALOGUE
from services.obligations.engine import obligations
from services.obligations.model import Obligation
from tests.desks import TestDesk
from tests.lives import QA, QA_ROLES, Line

Told = set[tuple[str, str | None]]


class Programme:
    """The registers of one authority in the words of a test."""

    def __init__(self, authority: str) -> None:
        self.authority = authority

    def entry(self, name: str, kind: str, on: str, role: str, actor: str = "P-X", **fields: Any) -> Line:
        """An entry recorded on its own day, unless `at` says when it was planned."""
        head = {"command": "entry.record", "authority": self.authority, "actor": actor, "role": role, "at": on}
        return {**head, "entry": name, "kind": kind, "on": on, **fields}

    def step(self, name: str, step: str, at: str, role: str, actor: str = "P-X", **answers: Any) -> Line:
        """A later step of an entry, with its answers."""
        head = {"command": "entry.step", "authority": self.authority, "actor": actor, "role": role, "at": at}
        return {**head, "entry": name, "step": step, "answers": answers}

    def appointed(self, person: str, post: str, unit: str | None = None, at: str = "2025-09-01") -> Line:
        """Somebody in a post."""
        by = {**QA, "role": QA_ROLES.get(self.authority, "qa_team")}
        head = {"command": "person.appoint", "authority": self.authority, **by, "at": at}
        return {**head, "person": person, "post": post} | ({"unit": unit} if unit else {})


def standing(desk: TestDesk, name: str) -> dict[str, Obligation]:
    """What still stands because of an entry, by the name of the obligation."""
    found = obligations(desk.store.load(f"entry/{name}"), desk.policies)
    return {each.name: each for each in found if each.ended() is None and each.rule.met_by}


def told(desk: TestDesk, name: str) -> dict[str, Told]:
    """Who hears of an entry, by the obligation: the role and, of a post, its holder."""
    directory = fold_directory(desk.store.load(DIRECTORY))
    settlement = settle(CATALOGUE.record_of(desk.store.load(f"entry/{name}")), desk.policies, directory, desk.now)
    sent = [each.fact for each in settlement.facts if isinstance(each.fact, NoticeSent | EscalationRaised)]
    return {fact.obligation: {(each.role, each.holder) for each in fact.recipients} for fact in sent}


def answered(desk: TestDesk, name: str) -> dict[str, tuple[str, ...]]:
    """What an entry and its steps say, as far as it can be counted; a text by the word sealed."""
    facts = [each.fact for each in desk.store.load(f"entry/{name}")]
    given = [answer for fact in facts for answer in getattr(fact, "answers", ())]
    return {each.question: each.plain or ("sealed",) for each in given}
