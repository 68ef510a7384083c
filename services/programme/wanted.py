"""What a framework's tasks ask of what was done: so much has to be counted to say what is overdue, and no more."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from services.policy.model import Policy
from services.policy.tasks import Counted, Task, Way

ANY = ""
BY_AUDITOR = "team by"
"""Any audit, and one of a team by a certain auditor. Else an audit names somebody as what stands in a policy."""


@dataclass(slots=True)
class EntriesWanted:
    """What is asked of the entries of a register: whom they name as what, after which steps, with which answers."""

    named: set[str] = field(default_factory=set)
    steps: set[str] = field(default_factory=set)
    said: set[tuple[str, str]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What some frameworks ask for: audits of which types, by when they count and as what they name whom; entries."""

    audits: Mapping[tuple[Counted, str], set[str]]
    entries: Mapping[str, EntriesWanted]


def wanted(versions: Iterable[Policy]) -> Wanted:
    """What the tasks of these versions of a framework ask for, in any of their ways."""
    audits: defaultdict[tuple[Counted, str], set[str]] = defaultdict(set)
    entries: defaultdict[str, EntriesWanted] = defaultdict(EntriesWanted)
    for task, way in _ways(versions):
        if way.audit_types:
            by_whom = BY_AUDITOR if task.per == "other team" else audits_name(task, way.counted_when)
            audits[way.counted_when, by_whom].update(way.audit_types)
        if way.percent is not None:
            audits["returned", audits_name(task)].update(way.percent_of)
        if way.entries is not None:
            of = entries[way.entries]
            of.named |= set() if task.per == "authority" else {entries_name(task)}
            of.named |= {"holder"} if task.per == "other team" else set()
            of.steps |= set(way.steps)
            of.said |= said_in(way)
    return Wanted(audits, entries)


def _ways(versions: Iterable[Policy]) -> Iterable[tuple[Task, Way]]:
    return ((task, way) for policy in versions for task in policy.duties for clock in task.clocks for way in clock.ways)


def audits_name(task: Task, when: Counted = "returned") -> str:
    """As what an audit that counts for a row of the task names whom the row is about; ANY where that is nobody."""
    if task.per == "authority":
        return ANY
    if task.per in {"team", "other team"}:
        return "team"
    if task.per == "holder" and when == "moderated":
        return "moderator"
    return task.named_as or ("auditor" if task.per == "holder" else "worker")


def entries_name(task: Task) -> str:
    """As what an entry that counts for a row of the task names whom the row is about."""
    return {"holder": "holder", "person": "person", "team": "team", "other team": "team"}.get(task.per, "subject")


def said_in(way: Way) -> set[tuple[str, str]]:
    """The answers that an entry must hold to count, each with its question."""
    return {(question, _word(value)) for question, value in way.answered.items()}


def _word(value: bool | str) -> str:  # noqa: FBT001 - an answer as the policy gives it
    return value if isinstance(value, str) else "yes" if value else "no"
