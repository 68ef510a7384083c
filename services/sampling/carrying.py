"""Samples drawn as audits fall due: no audit stands in two frames, and the share carries over from draw to draw.

Draw and proof ask the same here: all of it follows from what was on record.
"""

from collections.abc import Iterable, Mapping, Sequence

from events.audits import AuditModerated
from events.recorded import Recorded
from events.sampling import FileModerated, ReturnCounted, SampleDrawn, Terms
from services.chance import Histories
from services.policy.samples import Sample
from services.sampling.choosing import choose
from services.sampling.state import Month

Counted = ReturnCounted | FileModerated


def counted(rule: Sample | Terms, period: str, months: Iterable[Month]) -> dict[str, Counted]:
    """What the period had so far of what a sample is drawn from: the returned audits, or those moderated in it."""
    found: dict[str, Counted] = {}
    for month in months:
        if rule.of == "moderated":
            found |= {name: each for name, each in month.moderated.items() if each.every and each.period == period}
        else:
            found |= month.returned
    return {name: each for name, each in found.items() if each.audit_type in (rule.types or (each.audit_type,))}


def frame_of(
    rule: Sample | Terms, held: Mapping[str, Counted], earlier: Sequence[SampleDrawn], histories: Histories
) -> tuple[str, ...]:
    """What can be drawn: what stands in no earlier frame and, where that is asked, is not moderated."""
    framed = {audit for draw in earlier for audit in draw.frame}
    left = sorted(held.keys() - framed)
    if rule.of == "unmoderated":
        left = [audit for audit in left if not is_moderated(histories(f"audit/{audit}"))]
    return tuple(left)


def terms_of(rule: Sample | Terms, held: Mapping[str, Counted], earlier: Sequence[SampleDrawn]) -> Terms:
    """What the size follows from. Of what was drawn before that counts which chance drew and which still stands."""
    drawn = {audit for draw in earlier for audit in choose(draw.frame, draw.size, draw.seed)}
    return Terms(
        of=rule.of,
        types=rule.types,
        share=rule.share,
        at_least=rule.at_least,
        counted=len(held),
        drawn=len(drawn & held.keys()),
    )


def size_of(terms: Terms, frame: Sequence[str]) -> int:
    """How many are drawn by chance: what the share still lacks, and never more than there are."""
    return min(len(frame), max(0, terms.wanted))


def is_moderated(history: Iterable[Recorded]) -> bool:
    """Whether the history of an audit holds a moderation."""
    return any(isinstance(each.fact, AuditModerated) for each in history)
