"""The councils in which the tables of tasks are lived: who is in which post there, and who came in June."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tests.desks import SHIPPED
from tests.given import Scene, given
from tests.lives import QA, QA_ROLES, Line, people
from tests.requirements.books.rows import Book
from tests.requirements.books.test_books import TABLES
from tests.requirements.tasks import east_sussex, halton, southwark, swindon, torbay
from tests.requirements.tasks.rows import Owed
from tests.services.programme.scenes import desk_in_east_sussex

Appointed = tuple[str, str, str | None]
FIRST, JUNE = "2025-09-01", "2026-06-10"


@dataclass(frozen=True)
class Council:
    """A council with its tasks; who is in post beside those of every test, and who came in June.

    `auditor` audits where the task is not the auditor's own. `chosen_by` says who chooses files of which type.
    """

    name: str
    rows: tuple[Owed, ...]
    there: tuple[Appointed, ...] = ()
    came: tuple[Appointed, ...] = ()
    auditor: str = "P-AUD2"
    chosen_by: Mapping[str, str] = field(default_factory=dict)

    @property
    def books(self) -> Mapping[str, Book]:
        """Its registers."""
        return {book.name: book for book in TABLES[self.name]}

    def desk(self) -> Scene:
        """A desk whose directory holds all of them."""
        desk = desk_in_east_sussex() if self.name == "east-sussex" else given(*people(self.name), authority=self.name)
        desk.do(*self._appointed())
        return desk

    def _appointed(self) -> Iterator[Line]:
        head = {"command": "person.appoint", "authority": self.name, **QA, "role": QA_ROLES.get(self.name, "qa_team")}
        for at, each in ((FIRST, self.there), (JUNE, self.came)):
            for person, post, unit in each:
                yield head | {"at": at, "person": person, "post": post, "unit": unit}

    def writer(self, by: str, act: str) -> str:
        """Somebody who may write into a register or take a step of it: of those who are named, or of all."""
        policy = SHIPPED[self.name].newest
        return (by.split() or sorted(set(policy.acts[act]) & set(policy.roles)))[0]


COUNCILS = {
    "torbay": Council("torbay", torbay.ROWS, torbay.THERE, torbay.CAME),
    "halton": Council("halton", halton.ROWS, halton.THERE, halton.CAME),
    "southwark": Council("southwark", southwark.ROWS, southwark.THERE),
    "east-sussex": Council(
        "east-sussex",
        east_sussex.ROWS,
        (("P-HOS2", "head_of_service", "S-2"), ("P-CPA", "cpa", None), ("P-IRO", "iro", None)),
        auditor="P-OM",
    ),
    "swindon": Council(
        "swindon",
        swindon.ROWS,
        swindon.THERE,
        swindon.CAME,
        chosen_by={"early help": "strategic_lead_early_help"},
    ),
}
