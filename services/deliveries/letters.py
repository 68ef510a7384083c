"""What a message says: what it is, by when, and where to look. Never a child, a name, a free text or an address.

So it is made of the framework's own words, of dates and of the references of records, and of nothing that an event
says besides. A title with places that are filled from events gives way to one without.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from events.deliveries import MessageKind, Told
from services.clock import day_in_words
from services.policy.model import Policy
from services.policy.rules import written

OPENING = "{"
"""Begins a place in a title."""

MANY: dict[MessageKind, str] = {
    "reminder": "reminders",
    "notice": "notices",
    "correction": "corrections",
    "escalation": "escalations",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a message tells of: the record, and the last day of what is owed about it, if there is one."""

    about: str
    due: date | None


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it is handed over. `identity` is the name of its record and makes every copy of it the same one."""

    identity: str
    authority: str
    address: str
    subject: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole text."""
        return "\n".join(self.lines) + "\n"


def title_of(policy: Policy, obligation: str, step: str) -> str:
    """The framework's own words for a step, or for what it is about; the bare kind where it has none any more."""
    for rule in written(policy):
        if rule.name == obligation:
            titles = [*(each.title for each in rule.ladder if each.name == step), rule.title]
            return next((each for each in titles if OPENING not in each), "")
    for report in policy.reports:
        if report.name == obligation:
            titles = [each.title for each in report.ladder if each.name == step and OPENING not in each.title]
            return next(iter(titles), f"{report.title} ({step})")
    return ""


def letter(  # noqa: PLR0913 - each is a part of the message
    identity: str,
    address: str,
    policy: Policy,
    *,
    kind: MessageKind,
    title: str,
    lines: Sequence[Line],
    link: str | None,
    unreached: str = "",
) -> Letter:
    """Write a message. `unreached` names the post to which the same could not be brought."""
    number = len(lines)
    what = f"{number} {MANY[kind]}" if number > 1 else kind.capitalize()
    days = sorted(each.due for each in lines if each.due)
    by = f", by {day_in_words(days[0])}" if days else ""
    subject = f"{what}: {title}{by}" if title else f"{what}{by}"
    said = [
        f"{policy.framework}: {title or what}.",
        *([f"This could not be delivered to {unreached}; you stand a tier above."] if unreached else []),
        "",
        *(said for each in lines for said in _said(each, policy.authority, link)),
        "",
        "Sightline sent this message. Nothing about a child stands in it; sign in to read more.",
    ]
    return Letter(identity, policy.authority, address, subject, tuple(said))


def link_to(told: Told | Line, authority: str, link: str | None) -> str | None:
    """Where the record can be looked at; None where the installation names no such place."""
    return f"{link.rstrip('/')}/{quote(authority)}/{quote(told.about)}" if link else None


def _said(line: Line, authority: str, link: str | None) -> list[str]:
    by = f", by {day_in_words(line.due)}" if line.due else ""
    where = link_to(line, authority, link)
    return [f"- {line.about.replace('/', ' ')}{by}", *([f"  {where}"] if where else [])]
