"""The invented month as it is told: what happened when, who was told what, and what stands open at its end."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from events.commands import ActRefused
from events.escalations import EscalationRaised, NoticeLapsed, NoticeSent
from events.findings import SectionCommented, SectionGraded
from events.recorded import Recorded
from services.clock import LONDON, day_in_words
from services.core.own_names import SYSTEM_ACTOR
from services.directory.state import DIRECTORY
from services.obligations.engine import obligations
from workers.asking.words import in_words, people, record, titles_of
from workers.trial.month import Month

KEPT_FOR_ITSELF = ("month/", "files/", DIRECTORY)
"""Records that count for others, and say nothing that these do not."""

NOT_TOLD = (SectionGraded, SectionCommented, ActRefused, NoticeLapsed)
"""What was said of sections, what was only tried, and messages that there was no need for any more."""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened: when, about what, by whom, and who was told."""

    at: datetime
    about: str
    by: str
    sentence: str
    to: str = ""


def story(month: Month) -> Iterator[Told]:
    """Everything that happened about the month's audits, in its order."""
    titles = titles_of(month.lived.policies)
    for each in month.lived.events():
        if each.originator_id.startswith(KEPT_FOR_ITSELF) and not _is_draw(each):
            continue
        if isinstance(each.fact, NOT_TOLD):
            continue
        told, fact = each.envelope, each.fact
        by = "" if told.actor == SYSTEM_ACTOR else f"{told.actor} ({titles.get(told.role, told.role)})"
        to = people(fact.recipients, titles) if isinstance(fact, NoticeSent | EscalationRaised) else ""
        yield Told(told.occurred, record(each.originator_id), by, in_words(fact.sentence(), titles), to)


def _is_draw(event: Recorded) -> bool:
    return event.fact.stored_name.startswith("sample.")


def told_to(month: Month) -> Iterator[tuple[str, str]]:
    """What each was told, and how often, in the order of who they are."""
    titles = titles_of(month.lived.policies)
    counts: Counter[tuple[str, str]] = Counter()
    for each in month.lived.events():
        if isinstance(each.fact, NoticeSent | EscalationRaised):
            kind = each.fact.kind if isinstance(each.fact, NoticeSent) else f"escalation, level {each.fact.level}"
            for recipient in each.fact.recipients:
                counts[people([recipient], titles), f"{kind}: {each.fact.title}"] += 1
    for (who, what), count in sorted(counts.items()):
        yield who, f"{count} x {what}"


def overdue(month: Month) -> Iterator[tuple[str, str]]:
    """What is overdue at the end, as everywhere (A-ALL-02): about which record, what, and its last day."""
    lived = month.lived
    for about in lived.owing:
        for owed in obligations(lived.history(about), lived.policies):
            passed = owed.overdue_from if owed.is_open else None
            if owed.due is not None and passed is not None and passed <= lived.now:
                yield record(about), f"{owed.rule.title}: was due {day_in_words(owed.due)}"


def day_of(at: datetime) -> str:
    """The day in England, with its name."""
    return f"{at.astimezone(LONDON):%A, %-d %B %Y}"


def hour_of(at: datetime) -> str:
    """The hour, as clocks in England showed it."""
    return f"{at.astimezone(LONDON):%H:%M}"
