"""An invented month: files are given out, returned, moderated and acted on, and one is never returned.

Each act is given by somebody who may by the policy, and tried with the next one where the rules refuse it; what the
policy gives to nobody does not happen. What nobody could do although somebody may is kept with the reason.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from typing import Any

from events.errors import Refused
from services.clock import LONDON
from services.obligations.periods import key_of, period_of
from services.policy.expressions import PERSONS
from services.policy.model import Policy
from services.policy.samples import Sample
from workers.demo.story import Story
from workers.trial.forms import Fields, File, answers_at, returns
from workers.trial.living import REFUSALS, Lived
from workers.trial.people import ABOVE, FIRST, SERVICES, Cast

FOLLOWED = timedelta(days=92)
"""How long it is followed what comes of the month."""

USUAL = date(2026, 3, 1)
"""The month that is lived, unless the policy begins later."""

TEAMS = ("T-1", "T-2", "T-3", "T-4")
"""Whose children the four audits are about: where a team has one file a month, each has its own."""


class Month:
    """The month of one policy and one seed. The same policy and the same seed live the same month."""

    def __init__(self, policy: Policy, seed: int) -> None:
        self.policy = policy
        self.cast = Cast(policy)
        self.lived = Lived(policy)
        self.first = max(USUAL, (policy.effective_from + timedelta(days=31)).replace(day=1))
        self.not_done: dict[tuple[str, str], str] = {}
        self._done: set[tuple[str, str]] = set()
        self._story = Story(policy.authority, seed)
        self._agenda: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._numbers = count()

    @property
    def last(self) -> date:
        """The last day of the month."""
        return (self.first + timedelta(days=31)).replace(day=1) - timedelta(days=1)

    def live(self) -> None:
        """The month, and what comes of it: one audit is never returned, and what another leads to is never done.

        Refused where nobody may begin a directory or give out an audit.
        """
        self._begin()
        files = [File(f"A-{number}", team, self._type()) for number, team in enumerate(TEAMS, start=1)]
        story, start = self._story, self._story.work_day(self.first)
        for each in files:
            self._plan(start, partial(self._allocate, each))
        good, plain, _never, poor = files
        back, days = story.later(start, 7, 9), []
        over = story.later(self.last, 1, 2)
        for file, day, worse, lower in (
            (good, back, 1, True),
            (plain, story.later(back, 0, 1), 1, False),
            (poor, story.later(back, 1, 2), len(self.policy.grades.overall) - 1, False),
        ):
            days.append(day)
            self._plan(day, partial(self._return, file, worse=worse))
            self._plan(story.later(day, 1, 2), partial(self._moderate, file, lower=lower))
        for file in (good, plain):
            self._plan(story.later(back, 4, 5), partial(self._do, file))
            self._plan(story.later(over, 1, 2), partial(self._close, file))
        for sample in self.policy.samples:
            if sample.draws and (not sample.types or self._type() in sample.types):
                self._plan_draw(sample, days)
        while self._agenda:
            at, _, do = heappop(self._agenda)
            do(max(at, self._now))
        self.lived.pass_until(_instant(datetime.combine(self.last + FOLLOWED, time())))

    def _plan(self, day: date, do: Callable[[datetime], None], *, hour: time | None = None) -> None:
        """Have something done on a day, in the order of time."""
        at = self._story.hour(day) if hour is None else datetime.combine(day, hour)
        heappush(self._agenda, (at, next(self._numbers), do))

    @property
    def _now(self) -> datetime:
        """The present instant, as clocks show it."""
        return self.lived.now.astimezone(LONDON).replace(tzinfo=None)

    def _begin(self) -> None:
        since = datetime.combine(self.first - timedelta(days=120), time(9))
        office = self._office("person.appoint", "appoint anybody")
        placing = (
            office if office in self.policy.acts.get("unit.place", ()) else self._office("unit.place", "place units")
        )
        by, placed_by = [(FIRST, office)], [(FIRST, placing)]
        begins = [("person.appoint", {"person": FIRST, "post": office, **self._anywhere(office)})]
        places = [("unit.place", {"unit": service, "kind": "service"}) for service in SERVICES]
        places += [("unit.place", {"unit": team, "kind": "team", "parent": above}) for team, above in ABOVE.items()]
        placed_after = office == placing and self.policy.roles[office].scope == "authority"
        for act, fields in (*begins, *places) if placed_after else (*places, *begins):
            self._must(act, since, by if act == "person.appoint" else placed_by, **fields)
        for each in self.cast.holders:
            where = {"unit": each.unit} if each.unit else {}
            self._must("person.appoint", since, by, person=each.person, post=each.post, **where)
        for person in dict.fromkeys(each.person for each in self.cast.holders):
            refused = self._try("person.train", since, self._may("person.train", None), person=person)
            self._note("person.train", person, refused)

    def _office(self, act: str, what: str) -> str:
        """A post that may do what a directory begins with."""
        office = next((each for each in self.policy.acts.get(act, ()) if each not in PERSONS), None)
        if office is None:
            raise Refused(f"acts.{act}", f"nobody may {what}, so that no month can begin")
        return office

    def _anywhere(self, post: str) -> Fields:
        scope = self.policy.roles[post].scope
        return {} if scope == "authority" else {"unit": "S-1" if scope == "service" else "T-1"}

    def _type(self) -> str:
        tool = self.policy.tool
        return next((each for each in tool.types if tool.needs_form(each)), tool.types[0])

    def _allocate(self, file: File, at: datetime) -> None:
        tool, worker = self.policy.tool, self.cast.workers(file.team)[0]
        file.named["worker"] = worker.person
        fields: Fields = {"audit": file.audit, "audit_type": file.audit_type, "child": f"C-{file.audit}"}
        fields |= {
            "team": file.team,
            "worker": file.named["worker"],
            "open_since": str(at.date() - timedelta(days=400)),
        }
        file.strand = self._story.dice.choice(tool.strands) if tool.strands else None
        fields |= {"strand": file.strand} if file.strand else {}
        fields |= {"age_band": self._story.dice.choice(tool.age_bands)} if tool.age_bands else {}
        auditors = self.policy.selection.auditors.get(file.audit_type)
        others = [
            each
            for each in self.cast.away_from(file.team)
            if (each.post in auditors if auditors else each.post != worker.post)
        ]
        turn = int(file.audit[2:]) - 1
        choices = ({"auditor": each.person} for each in (*others[turn:], *others[:turn]))
        self._any("audit.allocate", at, file, [fields | each for each in choices])
        if "auditor" not in file.named:
            why = self.not_done.get(("audit.allocate", file.audit), "the framework names nobody who may do it then")
            raise Refused("acts.audit.allocate", f"nobody could give out an audit: {why}")

    def _return(self, file: File, at: datetime, *, worse: int) -> None:
        """What the form asks for before the return, and the return."""
        tool = self.policy.tool
        if tool.reflection_required or tool.reflection_before_meeting:
            self._any("audit.record_reflection", at, file, [{"reflection": "what I would do again"}])
        if tool.meeting_required:
            self._any("audit.record_meeting", at, file, [{}])
        for source in tool.feedback_required:
            self._any("audit.record_feedback", at, file, [{"source": source, "outcome": "attempted"}])
        at += timedelta(minutes=20)
        file.returned = self._any("audit.submit", at, file, list(returns(self.policy, file, worse)))
        if file.returned:
            file.action = f"{file.audit}-X" if self._acted(file, at, urgent=worse > 1) else None

    def _acted(self, file: File, at: datetime, *, urgent: bool) -> bool:
        """Somebody is given something to do."""
        task: Fields = {"action": f"{file.audit}-X", "text": "visit, and see the child alone"}
        task |= {"owner": file.named["worker"]}
        ranked = self.policy.actions.priorities[:: 1 if urgent else -1]
        file.confirmed = not ranked or bool(ranked[0].confirmed_by)
        priorities = [{"priority": each.name} for each in ranked[:1]] or [{}]
        due = {"due": str(self._story.later(at.date(), 10, 12))}
        wanted = [task | each | more for each in priorities for more in ({}, due)]
        file.named["action_owner"] = file.named["worker"]
        return self._any("action.set", at + timedelta(minutes=10), file, wanted)

    def _moderate(self, file: File, at: datetime, *, lower: bool) -> None:
        """Somebody else looks at the grade: it stays, or it goes down by one."""
        if not (file.returned and self.policy.acts.get("audit.moderate")):
            return
        grades = self.policy.grades.overall
        others = [each for each in self.cast.holders if each.post == self.policy.fallback][::-1]
        others += self.cast.away_from(file.team)
        if not self._any("audit.allocate_moderator", at, file, [{"moderator": each.person} for each in others]):
            return
        given: Fields = {"rationale": "the evidence carries less" if lower else "agreed with the evidence"}
        answers = answers_at("moderation", self.policy, file)
        given |= {"answers": answers} if answers else {}
        plain = [given, given | {"safety_plan": "plan checked"}]
        down = [each | {"grade": grades[2]} for each in plain] if lower and len(grades) > 2 else []  # noqa: PLR2004 - returned at the second
        self._any("audit.moderate", at + timedelta(hours=1), file, [*down, *plain])

    def _plan_draw(self, sample: Sample, returned: Iterable[date]) -> None:
        """A sample is drawn once its period is over; where it is drawn on any day, as audits come back."""
        year_start = self.policy.calendar.year_start
        period = period_of(sample.every, self.first, year_start)
        key = key_of(sample.every, self.first, year_start)
        days, hour = (dict.fromkeys(returned), time(18, 30)) if sample.any_day else ((period.after,), time(8, 30))
        for day in days:
            if day <= self.last + FOLLOWED:
                self._plan(day, partial(self._draw, {"purpose": sample.name, "month": key}), hour=hour)

    def _draw(self, fields: Fields, at: datetime) -> None:
        """A sample is drawn, of each service where each has a month of its own."""
        of: list[Fields] = [{"service": each} for each in SERVICES] if self.policy.months.per == "service" else [{}]
        for more in of:
            by = self._may("sample.draw", None, more.get("service"))
            about = " of ".join([fields["purpose"], *more.values()])
            self._note("sample.draw", about, self._try("sample.draw", at, by, **fields, **more))

    def _do(self, file: File, at: datetime) -> None:
        """What was to be done is done, and confirmed if actions of its priority are."""
        if file.action:
            done = {"action": file.action, "impact": "the child is seen each week"}
            if self._any("action.complete", at, file, [done]) and file.confirmed:
                self._any("action.confirm", at + timedelta(minutes=20), file, [{}, {"action": file.action}])

    def _close(self, file: File, at: datetime) -> None:
        """The findings are talked through, and the audit is closed."""
        if not file.returned:
            return
        self._any("audit.give_feedback", at, file, [{"recipient": file.named["worker"]}])
        if self.policy.closing.sign_off_required:
            self._any("audit.sign_off", at + timedelta(minutes=10), file, [{"comments": "agreed"}])
        answers = answers_at("closing", self.policy, file)
        self._any("audit.close", at + timedelta(minutes=20), file, [{"answers": answers} if answers else {}])

    def _may(self, act: str, file: File | None, service: str | None = None) -> Iterator[tuple[str, str]]:
        """Who may give an act by the policy: a person, and the role."""
        team = file.team if file else SERVICES[service][0] if service else next(iter(ABOVE))
        for role in self.policy.acts.get(act, ()):
            if role in PERSONS:
                person = file.named.get(role) if file else None
                if person is not None:
                    yield person, role
            else:
                yield from ((each.person, role) for each in self.cast.of(role, team))

    def _any(self, act: str, at: datetime, file: File, wanted: Iterable[Mapping[str, Any]]) -> bool:
        """Have an act about an audit done in the first of these ways that somebody may; whether it was."""
        by = list(self._may(act, file))
        reason = ""
        for each in wanted:
            refused = self._try(act, at, by, **{"audit": file.audit, **each})
            if refused is None:
                self._note(act, file.audit, None)
                file.named |= {name: each[name] for name in ("auditor", "moderator") if name in each}
                return True
            reason = reason or refused
        if by:
            self._note(act, file.audit, reason)
        return False

    def _note(self, act: str, about: str, refused: str | None) -> None:
        """Keep why what somebody may do could not be done; no more of what was done before, or is done after all."""
        if refused is None:
            self._done.add((act, about))
            self.not_done.pop((act, about), None)
        elif refused and (act, about) not in self._done:
            self.not_done.setdefault((act, about), refused)

    def _try(self, act: str, at: datetime, by: Iterable[tuple[str, str]], **fields: Any) -> str | None:
        """Have an act done by the first of them whom the rules let; why by none, for what the first was told."""
        first, at = "", max(at, self._now)
        for actor, role in by:
            line = {"command": act, "actor": actor, "role": role, "at": at.isoformat(timespec="minutes"), **fields}
            try:
                self.lived.carry_out(line, _instant(at))
            except REFUSALS as refused:
                first = first or str(refused)
            else:
                return None
        return first

    def _must(self, act: str, at: datetime, by: Iterable[tuple[str, str]], **fields: Any) -> None:
        reason = self._try(act, at, by, **fields)
        if reason is not None:
            raise Refused(f"acts.{act}", f"the month cannot begin: {reason}")


def _instant(at: datetime) -> datetime:
    return at.replace(tzinfo=LONDON)
