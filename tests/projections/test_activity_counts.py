"""What the database counts of the tasks, month by month, is what the events themselves come to, on either database.

The lives are random; what is asked for is everything that a framework can ask for.
"""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import product
from types import SimpleNamespace
from typing import Any, get_args

import pytest
from sqlalchemy import Engine

from events.answers import Answer
from events.audits import AuditAllocated, AuditExempted, AuditModerated, AuditReassigned, AuditSubmitted, AuditVoided
from events.base import Fact
from events.programme import TaskRecorded, TaskSkipped
from events.recorded import Recorded
from events.registers import EntryItem, EntryRecorded, EntryStepped, EntryWithdrawn
from events.reports import ReportIssued
from services.policy.tasks import Counted, Named, Per, Task, TaskClock, Way
from services.programme.activities import Activities, gather
from tests.histories import TORBAY, recorded, sealed
from tests.projections.views import kept
from tests.stores import NOON
from workers.asking.activities import activities_counted

KINDS = ("full", "dip", "other")
REGISTERS = ("visit", "review")
STEPS = ("told", "held")
TAKEN = (*STEPS, 'so "told', "held,", '"')
"""What is asked for, and what only looks like it where it is written with its quotation marks."""

SAID: tuple[tuple[str, str], ...] = (("seen", "yes"), ("why", 'it is "so", [sic]'), ("why", "ÿ"))
PEOPLE = ("P-1", "P-2", "P-3")
TEAMS = ("T-1", "T-2")
LAST = date(2026, 3, 20)


def ways() -> Iterator[Way]:
    for when in get_args(Counted):
        yield Way(audit_types=KINDS[:2], counted_when=when, percent=10, percent_of=KINDS[1:2])
    for register, steps, (question, word) in product(REGISTERS, ((), STEPS[:1], STEPS), SAID):
        yield Way(entries=register, steps=steps, answered={question: True if word == "yes" else word})
    yield Way(item="file")


def tasks() -> list[Task]:
    """A task for each way in which a row, and whom an audit names, can be put."""
    return [
        Task(
            name=f"task_{number}",
            title="A task",
            source=("§1",),
            owner="qa_team",
            per=per,
            named_as=named,
            clocks=(TaskClock(every="month", any_of=tuple(ways())),),
        )
        for number, (per, named) in enumerate(product(get_args(Per), (None, *get_args(Named))))
    ]


def lives(dice: random.Random) -> list[Recorded]:
    """Audits, entries, tasks and reports of half a year, that run through one another, with a second for each."""
    facts = sorted((each for made in (_audits, _entries, _tasks, _reports) for each in made(dice)), key=lambda e: e[0])
    versions: Counter[str] = Counter()
    found = []
    for position, (at, about, fact) in enumerate(facts, start=1):
        versions[about] += 1
        where: dict[str, Any] = {"about": about, "version": versions[about], "position": position}
        found.append(recorded(fact, at=at, actor=dice.choice(PEOPLE), **where))
    return found


Lived = Iterator[tuple[datetime, str, Fact]]


def _days(dice: random.Random, number: int) -> list[datetime]:
    """Some instants in their order, in winter and in summer, some of them just before an English midnight."""
    days = sorted(dice.sample(range(200), number))
    return [NOON - timedelta(days=70 - each, minutes=dice.choice((0, 30, -690))) for each in days]


def _audits(dice: random.Random) -> Lived:
    exempted = AuditExempted(ground="left", requested_by="P-1", requested_as="worker")
    [first, then] = _days(dice, 2)
    given = AuditAllocated(
        audit_type="full", child="C-0", child_number=sealed(), team="T-3", worker="P-1", auditor="P-9", due=None
    )
    yield from ((first, "audit/A-exempt", given), (then, "audit/A-exempt", exempted))
    for number in range(30):
        at, about = iter(_days(dice, 9)), f"audit/A-{number}"
        given = AuditAllocated(
            audit_type=dice.choice(KINDS),
            child=f"C-{number}",
            child_number=sealed(child=f"C-{number}"),
            team=dice.choice(TEAMS),
            worker=dice.choice(PEOPLE),
            auditor=dice.choice(PEOPLE),
            reviewer=dice.choice((None, *PEOPLE)),
            further_reviewers=tuple(dice.sample(PEOPLE, dice.randrange(3))),
            extra_of=dice.choice((None, None, None, "A-0")),
        )
        yield next(at), about, given
        told: list[Fact] = [
            AuditSubmitted(grade="Good"),
            AuditSubmitted(grade="Good"),
            AuditReassigned(auditor=dice.choice(PEOPLE), reason=sealed()),
            *(
                AuditModerated(moderator=dice.choice(PEOPLE), grade="Good", outcome="confirmed", rationale=sealed())
                for _ in range(2)
            ),
        ]
        for fact in dice.sample(told, dice.randrange(len(told))):
            yield next(at), about, fact
        if dice.random() < 0.2:
            yield next(at), about, dice.choice([exempted, AuditVoided(reason=sealed())])


def _entries(dice: random.Random) -> Lived:
    for number in range(40):
        at, about, kind = iter(_days(dice, 4)), f"entry/E-{number}", dice.choice(REGISTERS)
        whom = {"person": dice.choice((None, *PEOPLE)), "team": dice.choice((None, *TEAMS))}
        items = tuple(EntryItem(child=f"C-{each}") for each in range(dice.randrange(3)))
        on, subject = (NOON + timedelta(days=dice.randrange(-60, 60))).date(), dice.choice((None, "one", "two"))
        named: dict[str, Any] = {"kind": kind, "on": on, "holder": dice.choice(PEOPLE), **whom, "subject": subject}
        yield next(at), about, EntryRecorded(**named, items=items, answers=_said(dice))
        for step in dice.sample(TAKEN, dice.randrange(3)):
            taken = EntryStepped(kind=kind, step=step, on=on, holder="P-1", answers=_said(dice))
            yield next(at), about, taken
        if dice.random() < 0.2:
            yield next(at), about, EntryWithdrawn(reason=sealed())


def _said(dice: random.Random) -> tuple[Answer, ...]:
    given: dict[str, Any] = {"seen": {"yes": True}}
    chosen = [(question, given.get(question, {"chosen": (word,)})) for question, word in SAID]
    return tuple(Answer(question=question, **answer) for question, answer in chosen if dice.random() < 0.5)


def _tasks(dice: random.Random) -> Lived:
    for number in range(40):
        [at] = _days(dice, 1)
        task, about = f"task_{dice.randrange(3)}", dice.choice((None, *PEOPLE))
        done = TaskRecorded(
            duty=task,
            on=at.date(),
            holder=dice.choice(PEOPLE),
            about=about,
            item=dice.choice((None, "file")),
            count=dice.randrange(1, 4),
            evidence=dice.choice(((), ("minutes",))),
            reported_to=dice.choice(((), ("board", "ÿ"))),
        )
        skip = TaskSkipped(duty=task, on=at.date(), about=about or "P-1", ground=dice.choice(("left", "away")))
        yield at, f"duty/{task}-{number}", dice.choice((done, done, skip))


def _reports(dice: random.Random) -> Lived:
    for number in range(12):
        [at] = _days(dice, 1)
        last = date(2026, dice.randrange(1, 4), 28)
        said: dict[str, Any] = {"issue": 1, "position": 1, "policy": "1", "pages": ()}
        of = {
            "report": dice.choice(("findings", "other")),
            "period": f"{last:%Y-%m}",
            "unit": dice.choice((None, "T-1")),
        }
        yield at, f"report/R-{number}", ReportIssued(**said, **of, first=last.replace(day=1), last=last)


def system(engine: Engine) -> Any:
    """As much of a system as is asked."""
    policies = {TORBAY: SimpleNamespace(versions=(SimpleNamespace(duties=tasks()),))}
    return SimpleNamespace(engine=engine, policies=policies)


def by_month(found: Activities, before: str) -> dict[str, Any]:
    """What is asked for of it, put together by months: of those before one such as `2026-03`."""
    audits = {
        (name, *each): number
        for name in get_args(Counted)
        for each, number in getattr(found, name).items()
        if each[0] in KINDS[:2] and f"{each[2]}-{each[3]:02}" < before
    }
    entries: Counter[Any] = Counter()
    for kind, held in found.entries.items():
        for each in held:
            whom = (each.holder, each.person, each.team, each.subject)
            said = frozenset(each.said & set(SAID))
            entries[f"{each.on:%Y-%m}", kind, *whom, frozenset(each.steps) & set(STEPS), said] += each.count
    done: Counter[Any] = Counter()
    for task, told in found.recorded.items():
        for one in told:
            same = (one.holder, one.about, one.item, one.evidence, one.reported_to)
            done[f"{one.on:%Y-%m}", task, *same] += one.count
    grounds: dict[Any, str] = {}
    for task, skips in found.skipped.items():
        for skip in skips:
            grounds.setdefault((f"{skip.on:%Y-%m}", task, skip.about), skip.ground)
    held_by_month = (entries, done, grounds)
    return {
        "audits": audits,
        "by month": [{each: number for each, number in held.items() if each[0] < before} for held in held_by_month],
        "issues": [found.first_issues(person.__eq__) for person in PEOPLE] + [found.first_issues()],
        "auditors": found.auditors,
        "began": found.began,
    }


@pytest.mark.parametrize("seed", range(4))
def test_months_are_counted_as_the_events_come_to(engine: Engine, seed: int) -> None:
    """All that any task may ask for; and up to a day, that of the months before it."""
    events = lives(random.Random(seed))  # noqa: S311 - data, no secret
    kept(engine, "activities", events, size=50)
    whole = gather(events)
    ever = by_month(whole, "9999")
    assert by_month(activities_counted(system(engine), TORBAY, None), "9999") == ever
    up_to = activities_counted(system(engine), TORBAY, LAST)
    assert by_month(up_to, f"{LAST:%Y-%m}") == by_month(whole, f"{LAST:%Y-%m}")
    told = (
        each.on for held in (up_to.entries, up_to.recorded, up_to.skipped) for kind in held.values() for each in kind
    )
    assert max(told) <= LAST
    assert {each[2:] for each in up_to.returned} < {each[2:] for each in whole.returned}
    assert len(ever["audits"]) > 100
    assert all(len(held) > 20 for held in ever["by month"][:2])
    assert ever["by month"][2]
