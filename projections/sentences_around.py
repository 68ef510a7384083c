"""The sentences of what happens around the audits: people, samples, rounds, case lists, duties, registers, disputes."""

from collections.abc import Iterable, Mapping

from events import (
    cases,
    children,
    directory,
    disputes,
    duties,
    imports,
    indicators,
    losses,
    registers,
    rounds,
    sampling,
)
from events.answers import Answer
from events.base import Fact
from projections.wording import Sentence, in_words, key, with_concern, with_grade


def _post(role: str, unit: str | None) -> str:
    return key(role) if unit is None else f"{key(role)} of {unit}"


def _closed_import(fact: imports.ImportClosed) -> str:
    counts = f"{fact.accepted} taken, {fact.repeated} already here, {fact.refused} refused"
    return f"An import of earlier history was finished: {counts}."


def _lost(fact: losses.LossAccepted) -> str:
    if fact.what == "streams":
        return f"The loss of {', '.join(fact.streams)} was accepted ({fact.reason}); what was lost was made anew."
    return f"The loss of events {fact.ended_at + 1} to {fact.once_at} was accepted ({fact.reason})."


def _damaged(fact: losses.DamageAccepted) -> str:
    where = f"event {fact.position}" if fact.position == fact.through else f"events {fact.position} to {fact.through}"
    found = "missing" if fact.found == losses.MISSING else "unreadable"
    return f"Damage was accepted ({fact.reason.replace('-', ' ')}): {where}, {found}."


def _for_safety(fact: disputes.DisputeRaised | disputes.DisputeEscalated) -> str:
    return " at once, for the child's safety" if fact.safety else ""


def _of(names: tuple[str, ...]) -> str:
    return f" for {', '.join(names)}" if names else ""


def _from(focus: str | None, origin: str | None) -> str:
    return (f", on {focus}" if focus else "") + (f", from {origin}" if origin else "")


def _drawn(fact: sampling.SampleDrawn) -> str:
    chosen = f"{len(fact.chosen)} of {len(fact.frame)} audits of {fact.month}"
    return f"A sample for “{fact.purpose}” was drawn with seed {fact.seed}: {chosen}: {', '.join(fact.chosen)}."


def _duty(fact: duties.DutyRecorded) -> str:
    what = f"“{fact.duty}”" + (f", {fact.item}," if fact.item else "")
    what += f" {fact.count} times" if fact.count > 1 else ""
    about = f" about {fact.about}" if fact.about else ""
    told = f"; reported to {', '.join(map(key, fact.reported_to))}" if fact.reported_to else ""
    along = f"; with {', '.join(fact.evidence)}" if fact.evidence else ""
    return f"{what} was done by {fact.holder}{about} on {in_words(fact.on)}{with_concern(fact.concern)}{along}{told}."


def _indicator(fact: indicators.IndicatorRecorded) -> str:
    whose = f" of {fact.level} {fact.ref}" if fact.ref else ""
    pair = "" if fact.numerator is None else f" ({fact.numerator} of {fact.denominator})"
    origin = f"; from {fact.source}" if fact.source else ""
    return f"“{fact.indicator}”{_part(fact.part)}{whose} stood at {fact.value}{pair} in {fact.month}{origin}."


def _comparator(fact: indicators.IndicatorCompared) -> str:
    span = f"from {in_words(fact.first)} to {in_words(fact.last)}"
    origin = f"; from {fact.source}" if fact.source else ""
    return f"“{fact.indicator}”{_part(fact.part)} is compared with {fact.value} ({fact.comparator}) {span}{origin}."


def _part(part: str | None) -> str:
    return f", {part}," if part else ""


def _entry(fact: registers.EntryRecorded) -> str:
    span = f"from {in_words(fact.on)} to {in_words(fact.until)}" if fact.until else f"for {in_words(fact.on)}"
    looked = f", looking at {len(fact.items)} children" if fact.items else ""
    return f"“{fact.kind}” was recorded {span} by {fact.holder}{_whom(fact)}{looked}{_plainly(fact.answers)}."


def _stepped(fact: registers.EntryStepped) -> str:
    step = f"{key(f'{fact.kind}/{fact.step}')} on {in_words(fact.on)} by {fact.holder}"
    return f"“{fact.kind}”: {step}{_whom(fact)}{_plainly(fact.answers)}."


def _whom(fact: registers.EntryRecorded | registers.EntryStepped) -> str:
    kinds = ("child", "person", "team", "service", "subject")
    named = [f"{what} {whom}" for what in kinds if (whom := getattr(fact, what))]
    return f" about {', '.join(named)}" if named else ""


def _plainly(answers: Iterable[Answer]) -> str:
    said = "; ".join(f"{key(f'?{each.question}')}: {', '.join(each.plain)}" for each in answers if each.plain)
    return f" ({said})" if said else ""


ERASED_FOR: Mapping[children.Reason, str] = {
    "retention": "its time is over",
    "request": "the person asked for it",
    "order": "a court or the regulator ordered it",
    "error": "it was about the wrong child",
    "restored": "a backup had brought it back",
}

HELD_FOR: Mapping[children.HoldReason, str] = {
    "litigation": "a claim or proceedings in court",
    "inquiry": "a public inquiry",
    "review": "a review of the case",
    "complaint": "a complaint",
    "police": "an investigation of the police",
    "order": "an order of a court or the regulator",
    "unstated": "a reason that was not stated",
}

AROUND: Mapping[type[Fact], Sentence] = {
    directory.UnitPlaced: lambda fact: (
        f"{fact.kind.capitalize()} {fact.unit} stands {f'under {fact.parent}' if fact.parent else 'by itself'}."
    ),
    directory.PersonAppointed: lambda fact: f"{fact.person} became {_post(fact.role, fact.unit)}.",
    directory.PersonMoved: lambda fact: (
        f"{fact.person} moved from {_post(fact.from_role, fact.from_unit)} to {_post(fact.role, fact.unit)}."
    ),
    directory.PersonTrained: lambda fact: (
        f"{fact.person} was trained as an auditor{f', until {fact.until}' if fact.until else ''}."
    ),
    directory.PersonLeft: lambda fact: f"{fact.person} is no longer {_post(fact.role, fact.unit)}.",
    sampling.FileSelected: lambda fact: f"Audit {fact.audit} of team {fact.team} was selected for the month.",
    sampling.ReturnCounted: lambda fact: f"Audit {fact.audit} was returned in the month {with_grade(fact.grade)}.",
    sampling.FileWithdrawn: lambda fact: f"Audit {fact.audit} was withdrawn from the month.",
    sampling.SampleDrawn: _drawn,
    sampling.SampleDiscussed: lambda fact: (
        f"The sample for “{fact.purpose}” of {fact.month} was discussed with {', '.join(fact.participants)}."
    ),
    duties.DutyRecorded: _duty,
    duties.DutySkipped: lambda fact: (
        f"“{fact.duty}” need not be done about {fact.about} in the period of {in_words(fact.on)}: {fact.ground}."
    ),
    rounds.RoundScheduled: lambda fact: (
        f"{fact.name} ({fact.kind}) runs from {fact.starts} to {fact.ends}{_of(fact.services)}."
    ),
    rounds.RoundPlanned: lambda fact: f"The plan of the round was opened{_from(fact.focus, fact.origin)}.",
    rounds.EnquiriesAdded: lambda fact: f"Lines of enquiry were picked: {'; '.join(fact.lines)}.",
    rounds.QuestionsAgreed: lambda fact: (
        f"Questions for {fact.service} were agreed with {fact.manager}: {'; '.join(fact.questions)}."
    ),
    rounds.DataRequested: lambda fact: (
        f"The data from {fact.since} to {fact.until} were asked of {key(fact.asked)}{', late' if fact.late else ''}."
    ),
    rounds.DataReceived: lambda fact: (
        f"The data of the round came{f' as case list {fact.cases}' if fact.cases else ''}."
    ),
    rounds.RoundApproved: lambda fact: f"The plan was approved as {key(fact.approver)}{_of(fact.units)}.",
    rounds.RoundReviewed: lambda fact: f"The planned round was looked at again by {', '.join(fact.bodies)}.",
    rounds.RoundDrawn: lambda fact: (
        f"{len(fact.chosen)} of {fact.frame_size} children of case list {fact.cases} were drawn ({fact.method}) "
        f"for “{fact.draw}” with seed {fact.seed}."
    ),
    rounds.RoundAssigned: lambda fact: (
        f"The {len(fact.pairs)} children of “{fact.draw}” were given to auditors by chance with seed {fact.seed}."
    ),
    rounds.RoundAuditGiven: lambda fact: f"Audit {fact.audit} of the round was given to {fact.auditor}.",
    rounds.RoundAuditCounted: lambda fact: f"Audit {fact.audit} counts towards the round.",
    rounds.RoundAuditWithdrawn: lambda fact: f"Audit {fact.audit} was withdrawn from the round.",
    rounds.DipsRecorded: lambda fact: f"{fact.count} children were dip sampled.",
    rounds.FileGiven: lambda fact: f"The file of child {fact.child} was given to {fact.auditor} as audit {fact.audit}.",
    rounds.FilePassedOn: lambda fact: f"The file of audit {fact.audit} was passed on to {fact.auditor}.",
    rounds.FileTakenBack: lambda fact: f"The file of audit {fact.audit} was taken back.",
    disputes.DisputeRaised: lambda fact: (
        f"The planning for child {fact.child} in team {fact.team} is disputed; "
        f"it went to {key(fact.tier)}{_for_safety(fact)}."
    ),
    disputes.DisputeEscalated: lambda fact: f"The dispute went up to {key(fact.tier)}{_for_safety(fact)}.",
    disputes.DisputeResolved: lambda _: "The dispute was settled.",
    registers.EntryRecorded: _entry,
    registers.EntryStepped: _stepped,
    registers.EntryWithdrawn: lambda _: "The entry was withdrawn; the reason is recorded.",
    indicators.IndicatorRecorded: _indicator,
    indicators.IndicatorCompared: _comparator,
    cases.CaseListOpened: lambda fact: f"A case list as of {in_words(fact.as_of)} began to be taken in.",
    cases.CasesListed: lambda fact: f"{len(fact.cases)} cases were taken into the list.",
    cases.CaseListClosed: lambda fact: (
        f"The case list is complete with {fact.taken} cases; {fact.left_out} rows were left out."
    ),
    children.ChildErased: lambda fact: (
        f"Key {fact.version} of the child was erased ({ERASED_FOR[fact.reason]}); nothing that it sealed can be read."
    ),
    children.ChildHeld: lambda fact: (
        f"The child's key was put under legal hold for {HELD_FOR[fact.reason]}; it cannot be erased while that stands."
    ),
    children.ChildHoldReleased: lambda fact: f"The legal hold of the child's key for {HELD_FOR[fact.reason]} ended.",
    losses.LossAccepted: _lost,
    losses.DamageAccepted: _damaged,
    imports.ImportOpened: lambda _: "An import of earlier history began.",
    imports.ImportClosed: _closed_import,
}
"""What each kind of fact around the audits means in a sentence."""
