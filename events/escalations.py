"""What became of each step of an obligation's ladder, on the stream of the record that it is about.

A step is known by its obligation, its name, the event that fixed its clock and, where it is said again, how often:
never by an instant, which an edited hour, closure or bank holiday moves. It is recorded once, as sent, raised or
lapsed, however often its timer fires.
"""

from collections.abc import Iterable
from datetime import UTC
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from events.base import Fact, Label, Ref, Sealed
from events.wording import in_words, key

NoticeKind = Literal["reminder", "notice", "correction"]


OWING = ("audit", "dispute", "duty", "entry", "month", "report", "round")
"""The kinds of record that owe something: of each of them a step can fire, be answered and be met by hand."""


class Recipient(BaseModel):
    """Who was told, as the directory stood when the step fired.

    `asked` is the recipient as the policy words it. `role` (and `unit`, where the post belongs to one) is the
    post that was told in the end; `holder` is the person in it, None for a group. `vacant` names the posts
    that were found empty on the way up.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    asked: Label
    role: Label
    unit: Ref | None = None
    holder: Ref | None = None
    vacant: tuple[Label, ...] = ()


Reference = tuple[str, str, str, str, str, int]
"""What an answer to an escalation copies of it: see `Step.reference`."""


class Step(Fact):
    """One step: which obligation, about which item (`key`), which rung, due at which instant.

    `trigger` is the id of the event that fixed the clock, `number` counts how often the step was said before. Earlier
    editions recorded no trigger: there the envelope's causation names it, and those of one clock were numbered in
    the order of recording (`services.obligations.steps`). `due` and `key` say what held on the day of recording.
    """

    kinds = OWING
    anywhere = True
    obligation: Label
    step: Label
    key: str = ""
    due: AwareDatetime
    trigger: str = ""
    number: int = 0

    @property
    def reference(self) -> Reference:
        """What was recorded of an escalation, word for word: every answer to it says the same."""
        return (self.obligation, self.step, self.key, self.due.astimezone(UTC).isoformat(), self.trigger, self.number)


class NoticeSent(Step):
    """A reminder, a notice or a correction went out.

    `late` means well after `due` (the system had been down). `reconstructed` means worked out from imported
    history: it was owed then, but it was not Sightline that told anybody.
    """

    stored_name = "notice.sent.v1"
    kind: NoticeKind
    title: Label
    recipients: tuple[Recipient, ...]
    late: bool = False
    reconstructed: bool = False

    def sentence(self) -> str:
        late = ", late" if self.late else ""
        how = "would have been sent (imported history)" if self.reconstructed else "was sent"
        return f"A {self.kind} {how} to {_posts(self.recipients)}{late}: {self.title}."


class NoticeLapsed(Step):
    """Nobody was told: there was nothing left to chase, or it was too late to tell anybody.

    `too_late`: its day had passed when its cause was recorded. `nothing_owed`: there was nothing yet that could have
    been done, such as an action to confirm; earlier editions recorded that as `met`, and no title.
    """

    stored_name = "notice.lapsed.v1"
    reason: Literal["met", "cancelled", "nobody_told", "too_late", "nothing_owed"]
    title: Label | None = None

    def sentence(self) -> str:
        what = (
            f"“{self.title}”"
            if self.title
            else f"Step “{key(f'{self.obligation}/{self.step}')}” of “{self.obligation}”"
        )
        when = f"was for {in_words(self.due)}" if self.reason == "too_late" else "came due"
        return f"{what} {when}, and nobody was told: {LAPSED[self.reason]}."


class EscalationRaised(Step):
    """Something was escalated to people who must act on it; it stays open until resolved."""

    stored_name = "escalation.raised.v1"
    level: int
    title: Label
    recipients: tuple[Recipient, ...]
    late: bool = False
    reconstructed: bool = False

    def sentence(self) -> str:
        late = ", late" if self.late else ""
        how = "Would have been escalated (imported history)" if self.reconstructed else "Escalated"
        return f"{how} to {_posts(self.recipients)} at level {self.level}{late}: {self.title}."


OUTCOMES = (NoticeSent, NoticeLapsed, EscalationRaised)
"""What may become of a step."""


class EscalationAcknowledged(Step):
    """One of those told acknowledged it: they see to it."""

    stored_name = "escalation.acknowledged.v1"
    note: Sealed | None = None

    def sentence(self) -> str:
        return f"The escalation of “{self.obligation}” due {in_words(self.due)} was acknowledged."


class EscalationResolved(Step):
    """It no longer needs anybody: the obligation was met or fell away, or a person resolved it."""

    stored_name = "escalation.resolved.v1"
    how: Literal["discharged", "withdrawn", "resolved"]
    note: Sealed | None = None

    def sentence(self) -> str:
        return f"The escalation of “{self.obligation}” is resolved: {RESOLVED[self.how]}."


class ObligationMet(Fact):
    """Somebody did what an obligation asked for, where no richer event says so (a tracker sent, a plan made)."""

    stored_name = "obligation.met.v1"
    clause = "somebody records that it was done"
    kinds = OWING
    anywhere = True
    acts = ("obligation.meet",)
    obligation: Label
    key: str = ""
    note: Sealed | None = None

    def sentence(self) -> str:
        return f"“{self.obligation}” was done."


LAPSED = {
    "met": "nothing was left of it to be done",
    "nothing_owed": "there was nothing yet to be done",
    "cancelled": "it was no longer owed",
    "nobody_told": "nobody was to be told",
    "too_late": "its day had passed before there was a cause for it",
}

RESOLVED = {
    "discharged": "what was owed has been done",
    "withdrawn": "it is no longer owed",
    "resolved": "a person resolved it",
}


def _posts(recipients: Iterable[Recipient]) -> str:
    return ", ".join(dict.fromkeys(key(each.role) for each in recipients)) or "nobody"
