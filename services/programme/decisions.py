"""What follows from a command about a programme task: check, then one fact."""

from collections.abc import Collection

from events.base import Fact
from events.errors import Refused
from events.programme import TaskRecorded, TaskSkipped
from services.clock import local_date
from services.core.situation import Situation
from services.directory.state import Directory
from services.obligations.periods import number_of, period_of
from services.policy.model import Policy
from services.policy.rules import written
from services.policy.tasks import Task
from services.programme.commands import RecordTask, SkipTask
from services.programme.rows import end_of, paired_service
from services.programme.state import TaskRecord


def record(command: RecordTask, _: TaskRecord, situation: Situation) -> list[Fact]:
    """One more thing done. It must be something that the task counts, about somebody that it can be about."""
    policy = situation.policy
    task = _task(command, situation)
    holder = command.holder or command.actor
    if command.role == task.owner or command.holder is not None or task.per == "other team":
        situation.roll.require_role("holder", holder, task.owner)
    _require_about(command.about, task, situation)
    if task.per == "other team":
        _require_other_service(command, holder, task, situation)
    _require_activities(task)
    _require_known("item", command.item, {way.item for clock in task.clocks for way in clock.ways})
    known = {each for clock in task.clocks for way in clock.ways for each in way.evidence}
    for evidence in command.evidence:
        _require_known("evidence", evidence, known)
    for body in command.reported_to:
        _require_known("reported_to", body, policy.roles)
    if command.concern is None and _asks_for_concern(policy, task):
        raise Refused("concern", f"{task.name} needs the answer whether there are significant concerns")
    return [
        TaskRecorded(
            **command.model_dump(include={"duty", "on", "about", "item", "count", "evidence", "concern"}),
            reported_to=command.reported_to,
            holder=holder,
        )
    ]


def skip(command: SkipTask, record: TaskRecord, situation: Situation) -> list[Fact]:
    """Not done about somebody in this period, on a ground that the policy accepts."""
    task = _task(command, situation)
    if task.per == "holder":
        _require_holder(command.about, task, situation)
    else:
        _require_about(command.about, task, situation)
    if command.ground not in task.skip_grounds:
        known = ", ".join(task.skip_grounds)
        raise Refused(
            "ground", f"{task.name} may be skipped for: {known}" if known else f"{task.name} is never skipped"
        )
    if (command.about, command.on) in record.skipped:
        raise Refused("about", f"{command.about} is already skipped for {command.on}")
    return [TaskSkipped(duty=task.name, on=command.on, about=command.about, ground=command.ground)]


def _task(command: RecordTask | SkipTask, situation: Situation) -> Task:
    task = next((each for each in situation.policy.duties if each.name == command.duty), None)
    if task is None:
        raise Refused("duty", f"unknown programme task {command.duty}")
    if command.role not in {task.owner, situation.policy.fallback}:
        raise Refused("role", f"{task.name} is for {task.owner}, or for {situation.policy.fallback} on their behalf")
    if command.on > local_date(situation.at):
        raise Refused("on", f"{command.on} lies ahead of the day on which it is recorded")
    return task


def _require_about(about: str | None, task: Task, situation: Situation) -> None:
    """Refused where the task would never count it: a slip of the pen must not look like work done."""
    directory = situation.directory()
    match task.per:
        case "authority" | "holder":
            known = about is None or task.per == "authority"
        case "area":
            known = about in situation.policy.areas
        case "team" | "other team":
            known = directory.kind_of(about, situation.at) == "team"
        case "person":
            known = _ever_in(directory, about, task, situation)
    if not known:
        named = {"person": f"somebody in a post of {', '.join(task.people)}", "holder": "nobody beside its holder"}
        raise Refused("about", f"{task.name} is about {named.get(task.per, f'a known {task.per}')}; {about} is none")


def _require_holder(about: str, task: Task, situation: Situation) -> None:
    """Refused for whoever never owed a row: of such a task each holder of the post has one."""
    held = situation.directory().ever_held_by(about, situation.at)
    if not any(post.role == task.owner for post in held):
        raise Refused("about", f"{task.name} is owed by each {task.owner}; {about} is none")


def _require_other_service(command: RecordTask, holder: str, task: Task, situation: Situation) -> None:
    """Refused for a team of the holder's own service, or of one that it is not paired with then (A-ESX-09)."""
    directory, year_start = situation.directory(), situation.policy.calendar.year_start
    period = period_of(task.clocks[0].every, command.on, year_start)
    end, number = end_of(period.last), number_of(task.clocks[0].every, period.first, year_start)
    posts = [post for post in directory.held_on(holder, situation.roll.day) if post.role == task.owner]
    paired = {paired_service(directory, post.unit, number, end) for post in posts}
    service = directory.unit_of_kind(command.about, "service", end)
    if posts and service not in paired:
        others = ", ".join(sorted(filter(None, paired))) or "no other service"
        raise Refused("about", f"{command.about} is of {service}; until {period.last} {holder} looks at {others}")


def _require_activities(task: Task) -> None:
    """Refused where only the entries of registers count: what is recorded here would never be seen."""
    registers = {way.entries for clock in task.clocks for way in clock.ways}
    if None not in registers:
        named = ", ".join(sorted(filter(None, registers)))
        raise Refused("duty", f"{task.name} counts entries of {named}: record one of them")


def _ever_in(directory: Directory, person: str | None, task: Task, situation: Situation) -> bool:
    return any(post.role in task.people for post in directory.ever_held_by(person or "", situation.at))


def _require_known(field: str, value: str | None, known: Collection[str | None]) -> None:
    if value is not None and value not in known:
        words = ", ".join(sorted(filter(None, known))) or "nothing"
        raise Refused(field, f"unknown {field.replace('_', ' ')} {value}; known: {words}")


def _asks_for_concern(policy: Policy, task: Task) -> bool:
    """Whether a rule of the policy hangs on the answer, which is then mandatory (A-ESX-04)."""
    return any(
        rule.trigger.when.get("duty") == task.name and "concern" in rule.trigger.when for rule in written(policy)
    )
