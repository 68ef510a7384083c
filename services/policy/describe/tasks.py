"""Programme tasks in words: who owes what each month, quarter or year, and what counts towards it."""

from calendar import month_name
from collections.abc import Iterator

from services.policy.describe.posts import role_title
from services.policy.describe.statement import Statement
from services.policy.describe.wording import listed, period, plain, sentence
from services.policy.model import Policy
from services.policy.tasks import Task, TaskClock, Way

CHAPTER = "The programme of tasks"
ROWS = {
    "authority": "",
    "holder": ", each holder of that post",
    "team": ", for each of their teams",
    "other team": ", for each team of the service that theirs is paired with",
    "area": ", for each area",
}
NAMED = {"worker": "the practitioner", "reviewer": "the reviewing officer or chair", "auditor": "the auditor"}


def tasks(policy: Policy) -> Iterator[Statement]:
    """Every programme task with its clocks, and the standing ones."""
    for task in policy.duties:
        for part, words in _task(policy, task):
            yield Statement(CHAPTER, ("duties", task.name, part), task.title, words)
    for standing in policy.standing:
        to = f"; reported to {_roles(policy, standing.reports_to)}" if standing.reports_to else ""
        words = f"A standing task of {_roles(policy, standing.owners)}{to}"
        yield Statement(CHAPTER, ("standing", standing.name, "title"), standing.title, f"Called “{standing.title}”")
        yield Statement(CHAPTER, ("standing", standing.name, "owners"), standing.title, words)
        source = f"From {', '.join(standing.source)}"
        yield Statement(CHAPTER, ("standing", standing.name, "source"), standing.title, source)


def _roles(policy: Policy, roles: tuple[str, ...]) -> str:
    return listed(role_title(policy, role) for role in roles)


def _task(policy: Policy, task: Task) -> Iterator[tuple[str, str]]:
    yield "title", f"Called “{task.title}”"
    rows = f", for each {_roles(policy, task.people)}" if task.per == "person" else ROWS[task.per]
    named = f", who is {NAMED[task.named_as]} of the audit" if task.named_as else ""
    yield "owner", f"Owed by {role_title(policy, task.owner)}{rows}{named}"
    for number, clock in enumerate(task.clocks, start=1):
        yield f"clocks.{number}", _clock(policy, clock)
    if not task.full_periods:
        yield "full_periods", "Somebody who came to the post within a period owes it for that period as well"
    if task.skip_grounds:
        yield "skip_grounds", f"One may be skipped because of: {listed(task.skip_grounds, 'or')}"
    yield "source", f"From {', '.join(task.source)}"


def _clock(policy: Policy, clock: TaskClock) -> str:
    named = f"“{clock.title}”, " if clock.title else ""
    what = "; or ".join(_way(policy, way, clock) for way in clock.ways)
    to = f"; reported to {_roles(policy, clock.reports_to)}" if clock.reports_to else ""
    months = listed(month_name[month] for month in clock.in_months)
    when = f"in {months} of each year" if clock.in_months else f"every {period(clock.every)}"
    return sentence(f"{named}{when}: {what}{to}")


def _way(policy: Policy, way: Way, clock: TaskClock) -> str:
    if way.entries:
        words = _entries(policy, way, way.entries)
    elif way.audit_types:
        words = f"{way.count} {'audit' if way.count == 1 else 'audits'} {way.counted_when}"
        words += f", of type {listed(way.audit_types, 'or')}"
    elif way.item:
        words = f"{way.count} of “{way.item}”"
    elif way.count > 1 or not clock.reports_to:
        words = "once" if way.count == 1 else f"{way.count} times"
    else:
        words = "once"
    words += f", with {listed(way.evidence)}" if way.evidence else ""
    if way.percent is not None:
        words += f", or {way.percent} per cent of the returned audits of type {listed(way.percent_of, 'or')} if more"
    return words


def _entries(policy: Policy, way: Way, name: str) -> str:
    register = next((each for each in policy.registers if each.name == name), None)
    if register is None:
        return plain(name)
    steps = {each.name: each.title for each in register.steps}
    asked = [*register.questions, *(each for step in register.steps for each in step.questions)]
    titles = {each.name: each.title for each in asked}
    words = f"{way.count} in “{register.title}”"
    said = {True: "yes", False: "no"}
    for question, held in way.answered.items():
        answer = said[held] if isinstance(held, bool) else f"“{held}”"
        words += f", with “{titles.get(question, plain(question))}” answered {answer}"
    return words + "".join(f", once “{steps.get(step, plain(step))}” is recorded" for step in way.steps)
