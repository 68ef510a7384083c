"""How a test of rules is written: `given(…).when(…).then(…)`, `.nothing()` or `.refused(field)`.

    given(*allocated()).when(*returned()).then(fact("audit.submitted", grade="Good"), "audit.section_graded")
    given(*allocated()).when(*allocated()).nothing()
    assert "before" in given(*allocated()).when(*early).refused("at")

What is stated is all that came of it: a fact that nobody stated, in whatever record, fails like one that is missing.
Everything happens in memory (`tests.desks`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, NoReturn

from pydantic import BaseModel

from events.commands import ActRefused
from events.errors import Conflict, NotFound, Refused, SeparationOfDuties, SightlineError
from events.recorded import Recorded
from events.registry import EVENTS
from services.core.outcome import Outcome
from services.obligations.engine import obligations
from services.obligations.model import Obligation
from services.policy.versions import Policies
from services.rehearsal import MemoryStore
from tests.desks import LONG_AFTER, ReadableKeys, TestDesk

Line = Mapping[str, Any]
Lines = Line | Iterable[Line]


class Stated(NamedTuple):
    """A fact as a test states it: its event, the record that holds it if that is asked, and the fields that are."""

    name: str
    record: str | None
    fields: Mapping[str, Any]


def fact(name: str, record: str | None = None, /, **fields: Any) -> Stated:
    """State a fact by the name of its event (as a policy writes it), its record if that matters, and chosen fields.

    A date may be stated as text, a sealed text as it was given or as it is sealed, and what has fields of its own by
    some of them. TypeError for an event, or a field of it, that no contract knows.
    """
    if name not in EVENTS:
        raise TypeError(f"no contract knows the event {name}")
    if unknown := fields.keys() - EVENTS[name].model_fields.keys():
        raise TypeError(f"{name} has no field {', '.join(sorted(unknown))}")
    return Stated(name, record, fields)


class Scene(TestDesk):
    """A desk at which a test says what is given, what happens, and what must come of it."""

    def when(self, *lines: Lines) -> "Came":
        """Carry the lines out, up to the first that is refused, and keep what came of it until it is stated."""
        store = self.store
        assert isinstance(store, MemoryStore)
        before, outcomes = store.length, []
        error: SightlineError | None = None
        last: Line | None = None
        for last in one_by_one(lines):
            try:
                outcomes += self.do(last)
            except (Refused, NotFound, Conflict) as refusal:
                error = refusal
                break
        every = (each for events in store.streams.values() for each in events)
        written = [each for each in every if each.position is not None and each.position > before]
        written.sort(key=lambda each: each.position or 0)
        return Came(self, last or {}, tuple(outcomes), tuple(written), error)

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
) -> Scene:
    """A desk that has carried the lines out, each of which must be taken; see `TestDesk` for how it may be set up."""
    scene = Scene(authority, policies, now, unverified=unverified, staffed=staffed)
    scene.do(*one_by_one(lines))
    return scene


class Came(NamedTuple):
    """What came of some lines: the outcomes, every event that was written, and the error that ended them.

    `last` is the line that ended them. It must be stated (`tests/test_given.py` asks for it): nothing else raises it.
    """

    scene: Scene
    last: Line
    outcomes: tuple[Outcome, ...]
    written: tuple[Recorded, ...]
    error: SightlineError | None

    def then(self, *stated: Stated | str, warns: str = "") -> Scene:
        """State the facts that were written, all of them in their order, and words of a warning if one is due."""
        __tracebackhide__ = True
        if not stated:
            raise TypeError("state facts, or say nothing()")
        wanted = [fact(each) if isinstance(each, str) else each for each in stated]
        if self.error is not None or len(wanted) != len(self.written) or not all(map(_is, wanted, self.written)):
            self._fails("these facts:", *(f"  {_in_words(each)}" for each in wanted))
        warnings = [warning for outcome in self.outcomes for warning in outcome.warnings]
        if warns and not any(_stand_in(warns, each) for each in warnings):
            self._fails(f"a warning with {warns!r}, among {warnings}")
        return self.scene

    def nothing(self) -> Scene:
        """State that all was taken as carried out before, and nothing was written."""
        __tracebackhide__ = True
        if self.error is not None or self.written or {each.result for each in self.outcomes} != {"repeated"}:
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


def _is(stated: Stated, event: Recorded) -> bool:
    return (
        type(event.fact) is EVENTS[stated.name]
        and stated.record in (None, event.originator_id)
        and all(_same(wanted, getattr(event.fact, name)) for name, wanted in stated.fields.items())
    )


def _same(wanted: Any, found: Any) -> bool:
    match found:
        case BaseModel() if isinstance(wanted, Mapping):
            return all(hasattr(found, name) and _same(part, getattr(found, name)) for name, part in wanted.items())
        case [*parts] if isinstance(wanted, Sequence) and not isinstance(wanted, str):
            return len(wanted) == len(parts) and all(map(_same, wanted, parts))
        case date() if isinstance(wanted, str):
            return found.isoformat() == wanted
        case str() if found.startswith("sealed:"):
            return wanted in (found, ReadableKeys().unseal(found, ""))
    return bool(wanted == found)


def _in_words(stated: Stated) -> str:
    fields = ", ".join(f"{name}={value!r}" for name, value in stated.fields.items())
    return f"{stated.record or 'any record'}: {stated.name}({fields})"
