"""Days of a council in which something happens to every kind of record, drawn from a seed and then disturbed.

What a council does is taken from its framework: its registers, tasks, indicators, draws and reports, and for each act
the roles that may give it. So a council that comes to have disputes is walked over with disputes.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from services.modules import CATALOGUE
from services.policy.blocks.narrative import Narrative
from services.policy.expressions import PERSONS
from services.policy.model import Policy
from tests.lives import POLICIES, QA, QA_ROLES, Line
from tests.offices import sample
from tests.random_entries import random_entries
from tests.random_lives import random_lines
from tests.rounds import RoundLife

FIRST_DAY = date(2026, 1, 5)
DAYS = 160
CHILDREN = 60
"""So many stand in a list of open cases, as a round is drawn from."""

SOMETHING = {"child": "C-1", "team": "T-1", "concern": "the plan has no date"}
SOMEWHERE: Line = {"authority": "torbay", **QA}
HEAD = {"command", "authority", "at", *QA}
MESSAGE = "M-1"
"""The message of which a walk says that it came back."""


@cache
def acts_on(kind: str) -> frozenset[str]:
    """The commands about records of a kind, so far as it has commands of its own."""
    records = {name: sample(name, **SOMEWHERE).aggregate for name in CATALOGUE.commands}
    return frozenset(name for name, record in records.items() if record.partition("/")[0] == kind)


def is_had_by(authority: str, kind: str) -> bool:
    """Whether the framework gives anybody an act on such a record: else there is none of that kind."""
    acts = acts_on(kind)
    return not acts or any(POLICIES[authority].newest.acts.get(each) for each in acts)


def walk(dice: random.Random, authority: str) -> Iterator[Line]:
    """Lines on every kind of record in the order of their days: some left out, repeated, late, or by somebody else."""
    policy = POLICIES[authority].newest
    seed = dice.randrange(1_000_000)
    told = [line for make in EVERY for line in make(dice, policy)]
    told += [*random_lines(seed, authority, 3), *random_entries(seed, authority, 1)]
    yield from sorted(disturbed(dice, policy, told), key=lambda line: str(line["at"]))


def disturbed(dice: random.Random, policy: Policy, lines: Iterable[Line]) -> Iterator[Line]:
    """The lines, each by a role that the framework knows, and one in five not as it should be."""
    everyone = [*policy.roles, *PERSONS]
    for line in lines:
        roles = policy.acts.get(line["command"], ())
        proper = line if line["role"] in everyone or not roles else line | {"role": roles[0]}
        match dice.randrange(25):
            case 0:
                continue
            case 1:
                yield proper
                yield proper
            case 2:
                yield proper | {"at": _at(_day_of(line) + timedelta(days=dice.randrange(-20, 30)))}
            case 3:
                yield proper | {"role": dice.choice([*everyone, "mayor"])}
            case 4:
                yield proper | {"actor": dice.choice(["P-AUD", "P-MOD", "P-SW", "P-NOBODY"])}
            case _:
                yield proper


def of_rounds(dice: random.Random, policy: Policy) -> Iterator[Line]:
    """A list of open cases, and a round from its place in the year to its dip samples."""
    life, day = RoundLife("2026-03", policy.authority), FIRST_DAY + timedelta(days=dice.randrange(10))
    at = iter(_at(day + timedelta(days=each)) for each in range(0, 80, 4))
    kinds = policy.rounds.kinds
    draws = [each.name for each in policy.rounds.draws] or ["audits"]
    life.scheduled(next(at), **({"kind": kinds[0]} if kinds else {})).planned(next(at))
    life.act("round.enquire", next(at), lines=["Do plans say by when?"])
    life.act("round.agree_questions", next(at), service="S-1", manager="P-SM", questions=["How?"])
    life.data_requested(next(at)).approved(next(at))
    for name, left in (("L-1", 0), ("L-2", 5)):
        listed = {"list": name, "file_hash": "ab", "as_of": FIRST_DAY.isoformat(), "closes": True}
        yield _line(policy, "cases.import", next(at), **listed, cases=_cases(policy)[left:])
    life.data_received(next(at))
    for draw in draws:
        life.act("round.draw", next(at), draw=draw, cases=dice.choice(["L-1", "L-2"]))
        life.act("round.assign", next(at), draw=draw)
    life.dipped(next(at), 3).dipped(next(at), 2, start=dice.randrange(1, 5)).act(
        "round.review", next(at), bodies=["a board"]
    )
    yield from life


def _cases(policy: Policy) -> list[Line]:
    of = {
        "service": "S-1",
        "open_since": "2025-01-06",
        **({"strand": policy.tool.strands[0]} if policy.tool.strands else {}),
    }
    return [
        {"child": f"K-{each}", "number": str(100_000 + each), "team": f"T-{1 + each % 2}", "worker": f"P-W{each}", **of}
        for each in range(CHILDREN)
    ]


def of_samples(dice: random.Random, policy: Policy) -> Iterator[Line]:
    """Draws from the months, and the talk about one."""
    for each in policy.samples:
        for month in ("2026-01", "2026-02", "2026-03"):
            at = _at(date(2026, 4, 2) + timedelta(days=dice.randrange(30)))
            yield _line(policy, "sample.draw", at, purpose=each.name, month=month)
            yield _line(policy, "sample.discuss", at, **_needed("sample.discuss", purpose=each.name, month=month))


def of_disputes(dice: random.Random, policy: Policy) -> Iterator[Line]:
    """A dispute up the chain, settled, and another that is a matter of safety."""
    for number in range(2):
        day = FIRST_DAY + timedelta(days=dice.randrange(60))
        of = {"dispute": f"D-{number}"}
        yield _line(policy, "dispute.raise", _at(day), **of, **SOMETHING, safety=bool(number))
        for step in range(dice.randrange(1, 4)):
            yield _line(policy, "dispute.escalate", _at(day + timedelta(days=1 + step)), **of, reason="not settled")
        yield _line(policy, "dispute.resolve", _at(day + timedelta(days=9)), **of, resolution="a date was set")


def of_tasks(dice: random.Random, policy: Policy) -> Iterator[Line]:
    """What was done towards the tasks of the programme, and what need not be done."""
    for number, task in enumerate(policy.duties):
        on = FIRST_DAY + timedelta(days=dice.randrange(DAYS))
        head = {"duty": task.name, "on": on.isoformat(), "about": dice.choice(["T-1", "P-SW", "P-AUD"])}
        who = {"role": task.owner, "actor": f"P-{number}"}
        yield _line(policy, "duty.record", _at(on), **head) | who
        yield _line(policy, "duty.skip", _at(on), **head, ground=dice.choice([*task.skip_grounds, "none"])) | who


def of_indicators(dice: random.Random, policy: Policy) -> Iterator[Line]:
    """Figures of some months, some said again, and what they are compared with."""
    for each in policy.indicators[:8]:
        head = {"indicator": each.name, **({"part": each.parts[0]} if each.parts else {})}
        at = _at(FIRST_DAY + timedelta(days=90 + dice.randrange(30)))
        for value in dice.sample(["12", "12", "13.5"], 2):
            yield _line(policy, "indicator.record", at, **head, month="2026-02", value=value)
        by = dice.choice(["target", *each.compared_with])
        yield _line(policy, "indicator.compare", at, **head, comparator=by, year=2025, value="20")


def of_reports(dice: random.Random, policy: Policy) -> Iterator[Line]:
    """Texts of the reports, written and written anew, for the periods that a name of each kind of period may have."""
    for report in policy.reports:
        at = _at(date(2026, 5, 4) + timedelta(days=dice.randrange(20)))
        places = [each for section in report.sections for each in section.show if isinstance(each, Narrative)]
        for place in places:
            for period in ("2026-03", "2025-Q4", "2025-H2", "2025"):
                head = {"report": report.name, "period": period, "place": place.name}
                wanted = _line(policy, "report.comment", at, **head, narrative="what it showed")
                yield wanted | {"role": place.role}


def of_ways_out(dice: random.Random, policy: Policy) -> Iterator[Line]:
    """An address that is posted to, a message that came back, and what becomes of people and units."""
    day = FIRST_DAY + timedelta(days=dice.randrange(60))
    later = [_at(day + timedelta(days=each)) for each in range(6)]
    for at, command in zip(later, ("webhook.set", "webhook.secret", "webhook.set", "webhook.remove"), strict=False):
        yield _line(policy, command, at, **_needed(command))
    yield _line(policy, "delivery.report_bounce", _at(day + timedelta(days=100)), delivery=MESSAGE)
    for command in sorted(acts_on("directory")):
        yield _line(policy, command, dice.choice(later), **_needed(command))


EVERY: tuple[Callable[[random.Random, Policy], Iterator[Line]], ...] = (
    *(of_rounds, of_samples, of_disputes, of_tasks),
    *(of_indicators, of_reports, of_ways_out),
)


def _needed(command: str, **said: Any) -> Line:
    """What a command needs beyond who gives it, with a value of the tests for each."""
    form = CATALOGUE.commands[command]
    given = sample(command, **SOMEWHERE, **said).model_dump(mode="json", exclude_unset=True)
    return {name: given[name] for name in given if name in form.model_fields and name not in HEAD} | said


def _line(policy: Policy, command: str, at: str, **fields: Any) -> Line:
    role = (*policy.acts.get(command, ()), QA_ROLES.get(policy.authority, QA["role"]))[0]
    return {"command": command, "authority": policy.authority, "actor": "P-QA", "role": role, "at": at, **fields}


def _at(day: date) -> str:
    return datetime.combine(day, time(10, 0)).isoformat()


def _day_of(line: Line) -> date:
    return date.fromisoformat(str(line["at"])[:10])
