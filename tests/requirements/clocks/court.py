"""A council with somebody in every post, in which a table's stories are lived: who owes what by when, who is told."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from typing import NamedTuple

from events.base import Fact
from events.escalations import EscalationRaised, NoticeSent, Recipient
from services.clock import LONDON
from services.directory.state import DIRECTORY, fold_directory
from services.modules import CATALOGUE
from services.obligation_status import owed_by
from tests.desks import TestDesk
from tests.lives import QA, QA_ROLES, Line, cast, people

END = datetime(2027, 12, 31, 12, 0, tzinfo=UTC)
EVENING = time(20)
PLACES = {"team": "T-1", "service": "S-1", "authority": None}


class Told(NamedTuple):
    """What is owed, by when and by whom; and what was sent to whom, in the order of days."""

    owed: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


class Court:
    """One council's desk, with somebody in every post. People are called by that post, others by their reference."""

    def __init__(self, council: str) -> None:
        head = {"authority": council, **QA, "role": QA_ROLES.get(council, "qa_team"), "at": "2025-09-01"}
        there = [line for line in people(council) if line not in cast(council) and line["unit"] != "T-2"]
        self.desk = TestDesk(council)
        self.desk.do(*people(council))
        roles = self.desk.policies.newest.roles
        empty = [
            name for name, role in roles.items() if not role.group and name not in {each["post"] for each in there}
        ]
        more = [
            {
                "command": "person.appoint",
                **head,
                "person": f"P-{name}",
                "post": name,
                "unit": PLACES[roles[name].scope],
            }
            for name in empty
        ]
        self.desk.do(*more)
        self.posts = {line["person"]: line["post"] for line in (*there, *more)}
        self.council = council

    def lived(self, about: str, lines: Iterable[Line]) -> Told:
        """What is owed in the end, and who was told of what: after each line by its evening, then to the end."""
        for line in lines:
            self.desk.do(line)
            if self.desk.store.load(about):
                self.desk.keep(about, datetime.combine(local_date_of(line), EVENING, tzinfo=UTC))
        self.desk.keep(about, END)
        history = self.desk.store.load(about)
        directory = fold_directory(self.desk.store.load(DIRECTORY))
        rows = owed_by(CATALOGUE.record_of(history), self.desk.policies, directory, END)
        owed = {
            f"{row.obligation} by {row.due or 'no day'}: {self._called(row.owners)}"
            for row in rows
            if row.state in {"open", "overdue"}
        }
        return Told(tuple(sorted(owed)), tuple(self._told([each.fact for each in history])))

    def _told(self, facts: Iterable[Fact]) -> Iterator[str]:
        """Each message once, with its day and hour; one that is sent again and again, how often and how long."""
        sent = [each for each in facts if isinstance(each, NoticeSent | EscalationRaised)]
        alike: dict[tuple[str, str, str], list[datetime]] = {}
        for each in sorted(sent, key=lambda fact: (fact.due, fact.obligation, fact.step)):
            again = each.obligation, each.step, f"{_kind(each)} of {each.obligation}: {self._called(each.recipients)}"
            alike.setdefault(again, []).append(each.due.astimezone(LONDON))
        for (*_, words), times in alike.items():
            last = f", {len(times)} times to {times[-1]:%Y-%m-%d %H:%M}" if len(times) > 1 else ""
            yield f"{times[0]:%Y-%m-%d %H:%M} {words}{last}"

    def _called(self, people_or_posts: Iterable[Recipient]) -> str:
        return ", ".join(self._post(each) for each in people_or_posts)

    def _post(self, each: Recipient) -> str:
        return self.posts.get(each.holder, each.holder) if each.holder else str(each.role)


def local_date_of(line: Line) -> date:
    """The day of a command."""
    return date.fromisoformat(str(line["at"])[:10])


def _kind(fact: NoticeSent | EscalationRaised) -> str:
    return f"escalation at level {fact.level}" if isinstance(fact, EscalationRaised) else str(fact.kind)
