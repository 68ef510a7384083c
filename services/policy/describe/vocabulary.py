"""The words that a policy may use beside its keys: people, days, what happens, and acts; the end of the reference.

Each is told in the words in which `policy show` tells it, so that whoever writes one knows what it will read like.
"""

from collections.abc import Iterator
from itertools import groupby

from events.registry import EVENTS
from services.policy.describe.moments import DAYS, clause
from services.policy.describe.posts import PERSON_TITLES
from services.policy.expressions import CALENDAR_BASES, PERSONS
from services.policy.known import Known
from services.policy.reach import follows, kinds_of
from services.policy.value_checks import comparable

HOURS = {
    "notice": "the calendar's `notice_hour`",
    "lapse": "the beginning of the day",
    "at once": "with what starts the clock; on a later day, at its beginning",
    "end of day": "23:59",
}
"""The words for an hour of a step."""

OF_SOMEBODY = """\
Who owes something or is told: somebody of the record, or a role of the file. A role of a team or service says whose:
`team_manager of child` is that of the child's team, `team_manager over auditor` the one above the auditor's own post;
in the place of `child` and `auditor` stand also `moderator`, `actor` and, of entries and rounds, `about`.
`told by RULE` is everybody who was told by that obligation or alert."""

OF_HAPPENINGS = """\
What starts a clock, meets it or ends it. Behind each are the fields that `when` may ask for; answers to questions of
the form or of a register are asked for by the question's name."""


def vocabulary(known: Known) -> str:
    """The chapters in Markdown. `known` gives the acts there are, and the kinds of record that owe something."""
    return "\n".join((*_somebody(), *_days(), *_happenings(known), *_acts(known))) + "\n"


def _somebody() -> Iterator[str]:
    yield from ("", "## Somebody", "")
    yield from (OF_SOMEBODY, "")
    yield from (f"- `{name}`: {PERSON_TITLES[name]}" for name in sorted(PERSONS))


def _days() -> Iterator[str]:
    yield from ("", "## A day", "")
    yield "A day is one of these, alone or with `+` or `-` and a number of hours, days, working days, weeks or months:"
    yield ""
    yield "- `trigger`: what starts the clock; `trigger.FIELD` a day that it names, such as `trigger.on`"
    yield "- `due`: the last day, of the same obligation; `RULE.due` that of one above it"
    yield "- the name of a step of the same ladder: its day"
    yield "- what happened, by its name below: the day on which it did"
    yield from (f"- `{name}`: {DAYS[name]}" for name in sorted(CALENDAR_BASES))
    yield from ("", "`hour` of a step is an hour such as `10:00`, or one of these:", "")
    yield from (f"- `{name}`: {words}" for name, words in HOURS.items())


def _happenings(known: Known) -> Iterator[str]:
    """What can start, meet or end a clock, by the kind of record."""
    yield from ("", "## What happens", "")
    yield OF_HAPPENINGS
    names = sorted(name for name in EVENTS if not follows(name) and kinds_of(name) & known.owing)
    for kind, held in groupby(names, key=lambda name: name.partition(".")[0]):
        yield from ("", f"### {kind}", "")
        for name in held:
            fields = ", ".join(f"`{each}`" for each in sorted(comparable(name)))
            yield f"- `{name}`: {clause(name)}{f' ({fields})' if fields else ''}"


def _acts(known: Known) -> Iterator[str]:
    yield from ("", "## Acts", "", "What `acts` gives to roles.", "")
    yield from (f"- `{name}`: {words}" for name, words in sorted(known.acts.items()))
