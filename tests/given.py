"""How a test of rules is written: `given(…).when(…).then(…)`, `.nothing()` or `.refused(field)`.

    given(*allocated()).when(*returned()).then(fact("audit.submitted", grade="Good"), "audit.section_graded")
    given(*allocated()).when(*allocated()).nothing()
    assert "before" in given(*allocated()).when(*early).refused("at")

Where time passes, the lines are lived, each on its own day, and the escalator looks when the test says so:

    given(*allocated(), live=True).on("2026-02-03 08:00").then(raised("outstanding_list", ("service_manager", "P-SM")))
    given(*allocated(), live=True).until("2026-02-16").then(...)    # each timer on time, up to that day

What is stated is all that came of it: a fact that nobody stated, in whatever record, fails like one that is missing.
Everything happens in memory (`tests.desks`). Which way is for which test stands in the README beside this file.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple, NoReturn

from events.commands import ActRefused
from events.errors import Conflict, NotFound, Refused, SeparationOfDuties, SightlineError
from events.recorded import Recorded
from services.core.outcome import Outcome
from services.obligations.engine import obligations
from services.obligations.model import Obligation
from services.policy.versions import Policies
from services.rehearsal import MemoryStore
from tests.desks import LONG_AFTER, TestDesk
from tests.lives import people
from tests.stated import Stated, at, fact, in_any_order, in_order, in_words

__all__ = ["Came", "Line", "Scene", "Stated", "at", "fact", "given", "one_by_one"]

Line = Mapping[str, Any]
Lines = Line | Iterable[Line]


class Scene(TestDesk):
    """A desk at which a test says what is given, what happens, and what must come of it.

    Where it is lived (`live`), each line is carried out as of its own `at`, which the clock is set to, and not as
    history; and every post has its holder from the start (`tests.lives.people`), unless nobody is to be there.
    """

    def __init__(
        self,
        authority: str = "torbay",
        policies: Policies | None = None,
        now: datetime = LONG_AFTER,
        *,
        unverified: bool = True,
        staffed: bool = True,
        live: bool = False,
    ) -> None:
        self.live = False  # whoever is there was appointed before
        super().__init__(authority, policies, now, unverified=unverified, staffed=staffed and not live)
        if staffed and live:
            self._take_in(*people(authority))
        self.live = live

    def _done(self, command: Line) -> Outcome:
        if self.live and "at" in command:
            self.now = at(str(command["at"]))
            command = {key: value for key, value in command.items() if key != "at"}
        return super()._done(command)

    def when(self, *lines: Lines) -> "Came":
        """Carry the lines out, up to the first that is refused, and keep what came of it until it is stated."""
        before, outcomes = self._memory.length, []
        error: SightlineError | None = None
        last: Line | None = None
        for last in one_by_one(lines):
            try:
                outcomes += self.do(last)
            except (Refused, NotFound, Conflict) as refusal:
                error = refusal
                break
        return Came(self, last or {}, tuple(outcomes), self._written_since(before), error)

    def on(self, *instants: str | datetime, only: Collection[str] = ()) -> "Came":
        """Let the escalator look at every record (or at some `only`) at each instant, and keep what it records.

        Where it is lived, the clock stands there from then on.
        """
        before = self._memory.length
        for each in instants:
            self.look(at(each), only)
        return Came(self, {}, (), self._written_since(before), None, looked=bool(instants))

    def seen_on(self, *instants: str | datetime) -> "Scene":
        """The scene as it is once the escalator has looked at it then: for what a test begins with."""
        return self.on(*instants).scene

    def until(self, instant: str | datetime, only: Collection[str] = ()) -> "Came":
        """Let time pass up to this instant: each timer of every record (or of some `only`) fires when it is due."""
        before = self._memory.length
        self.let_time_pass(instant, only)
        return Came(self, {}, (), self._written_since(before), None, looked=True)

    def let_time_pass(self, instant: str | datetime, only: Collection[str] = ()) -> None:
        """Let time pass, as `until` does: for what a test begins with."""
        end, now = at(instant), self.now if self.live else datetime.min.replace(tzinfo=UTC)
        while coming := [due for due in self.look(now, only) if due <= end]:
            now = min(coming)
        self.now = end if self.live else self.now

    def look(self, now: datetime | None = None, only: Collection[str] = ()) -> list[datetime]:
        """Have recorded what is due by then, or by now; the instants at which something more is."""
        if now is not None and self.live:
            self.now = now
        known = [each for each in self._memory.streams if each in only or not only]
        worked_out = [each for each in known if each.startswith(self.catalogue.worked_out)]
        return [rung.due for each in worked_out for rung in self.keep(each, now).pending]

    def coming(self, record: str = "A-1") -> list[tuple[str, datetime]]:
        """The steps of a record that are still to come, each with its instant."""
        return [(rung.step, rung.due) for rung in self.settled(record).pending]

    @property
    def _memory(self) -> MemoryStore:
        assert isinstance(self.store, MemoryStore)
        return self.store

    def _written_since(self, length: int) -> tuple[Recorded, ...]:
        every = (each for events in self._memory.streams.values() for each in events)
        found = [each for each in every if each.position is not None and each.position > length]
        return tuple(sorted(found, key=lambda each: each.position or 0))

    def owed(self, name: str, record: str = "A-1") -> list[Obligation]:
        """The obligations of that name that still stand, of an audit or of a record named with its kind."""
        found = obligations(self.history(record), self.policies)
        return [each for each in found if each.name == name and each.ended() is None]


def given(
    *lines: Lines,
    authority: str = "torbay",
    policies: Policies | None = None,
    now: datetime = LONG_AFTER,
    unverified: bool = True,
    staffed: bool = True,
    live: bool = False,
) -> Scene:
    """A desk that has carried the lines out, each of which must be taken; see `Scene` for how it may be set up."""
    scene = Scene(authority, policies, now, unverified=unverified, staffed=staffed, live=live)
    scene.do(*one_by_one(lines))
    return scene


class Came(NamedTuple):
    """What came of some lines: the outcomes, every event that was written, and the error that ended them.

    `last` is the line that ended them; where time alone passed (`looked`), there is none. It must be stated
    (`tests/test_given.py` asks for it): nothing else raises it.
    """

    scene: Scene
    last: Line
    outcomes: tuple[Outcome, ...]
    written: tuple[Recorded, ...]
    error: SightlineError | None
    looked: bool = False

    @property
    def warnings(self) -> list[str]:
        """What whoever carried the lines out was told beside."""
        return [warning for outcome in self.outcomes for warning in outcome.warnings]

    def then(self, *stated: Stated | str, warns: str = "") -> Scene:
        """State the facts that were written, all of them in their order, and words of a warning if one is due.

        What the escalator recorded is stated in any order: what is due at one instant has none that means anything.
        """
        __tracebackhide__ = True
        if not stated:
            raise TypeError("state facts, or say nothing()")
        wanted = [fact(each) if isinstance(each, str) else each for each in stated]
        if self.error is not None or not (in_any_order if self.looked else in_order)(wanted, self.written):
            self._fails("these facts:", *(f"  {in_words(each)}" for each in wanted))
        if warns and not any(_stand_in(warns, each) for each in self.warnings):
            self._fails(f"a warning with {warns!r}, among {self.warnings}")
        return self.scene

    def nothing(self) -> Scene:
        """State that all was taken as carried out before, or that nothing was due, and nothing was written."""
        __tracebackhide__ = True
        repeated = self.looked or {each.result for each in self.outcomes} == {"repeated"}
        if self.error is not None or self.written or not repeated:
            self._fails("nothing but repeats")
        return self.scene

    def refused(self, field: str, words: str = "", *, error: type[SightlineError] = Refused) -> str:
        """State that the last line was refused with exactly this error for this field, and nothing at all was written.

        What is not found is stated by what it would have been, such as `audit`. Gives the words of the refusal, in
        which `words` stand, none of them cut.
        """
        __tracebackhide__ = True
        if not self._refused_for(field, words, error) or self.written:
            self._fails(f"{error.__name__} for {field!r}, saying {words!r}, and nothing written")
        return str(self.error)

    def attempted(self, field: str, words: str = "") -> str:
        """State that the last line broke the separation of duties: refused for this field, the attempt alone recorded.

        Said again, it is `refused` with the same error: the attempt is recorded once.
        """
        __tracebackhide__ = True
        facts = [(each.originator_id.partition("/")[0], each.envelope.actor, each.fact) for each in self.written]
        alone = [
            ("audit", self.last["actor"], ActRefused(act=self.last["command"], rule=_rule(self.error), field=field))
        ]
        if not self._refused_for(field, words, SeparationOfDuties) or facts != alone:
            self._fails(
                f"SeparationOfDuties for {field!r}{f', saying {words!r}' * bool(words)}, recorded as an attempt"
            )
        return str(self.error)

    def _refused_for(self, field: str, words: str, error: type[SightlineError]) -> bool:
        found = self.error
        at_fault = found.field if isinstance(found, Refused) else found.kind if isinstance(found, NotFound) else ""
        told = not isinstance(found, Refused) or bool(found.rule and found.rule.strip())  # its reason helps the caller
        return type(found) is error and at_fault == field and _stand_in(words, str(found)) and told

    def _fails(self, *wanted: str) -> NoReturn:
        """Say what was wanted, and what there was instead."""
        __tracebackhide__ = True
        there = [f"  {each.originator_id}: {each.fact.stored_name}({each.fact})" for each in self.written] or [
            "  no event"
        ]
        if self.error is not None:
            there.append(f"  {type(self.error).__name__}: {self.error}")
        repeats = [f"  repeated: {sum(each.result == 'repeated' for each in self.outcomes)} of {len(self.outcomes)}"]
        raise AssertionError("\n".join(["wanted " + wanted[0], *wanted[1:], "there was", *there, *repeats]))


def one_by_one(lines: Iterable[Lines]) -> Iterator[Line]:
    """The lines, with those of whole lives among them."""
    for each in lines:
        yield from [each] if isinstance(each, Mapping) else each


def _stand_in(words: str, said: str) -> bool:
    """Whether the words stand there as they are: where they begin or end with a letter or digit, a word does."""
    begins, ends = (r"\b" if each.isalnum() else "" for each in (words[:1], words[-1:]))
    return re.search(f"{begins}{re.escape(words)}{ends}", said) is not None


def _rule(error: SightlineError | None) -> str:
    return error.rule if isinstance(error, Refused) else "-"
