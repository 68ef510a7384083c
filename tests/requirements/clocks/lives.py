"""The lives of audits of which the tables tell: what was done on which day, by whom, in which council."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from tests.lives import TORBAY_LOWEST, Life, Line

LOWEST = {"torbay": TORBAY_LOWEST}
GOOD = {"torbay": "Meets Good"}
AUDITOR = ("P-AUD", "auditor")
MODERATING = ("torbay", "halton", "swindon")
DEPARTING = {"halton": "qa_team", "swindon": "qa_team"}

Done = tuple[str, Line]


def met(name: str, **fields: Any) -> Done:
    """Somebody says that it is done."""
    return "obligation.meet", {"obligation": name, **fields}


CONFIRMED: Done = ("action.confirm", {"actions": ["X-1"]})
DONE: dict[str, tuple[tuple[str, str, *tuple[Done, ...]], ...]] = {
    "torbay": (
        ("P-HOS", "head_of_service", met("corrective_action")),
        (
            *("P-TM", "team_manager"),
            met("corrective_action"),
            met("supervision_agenda"),
            met("plan_recommendations", answers={"checked_at": "review of a cared-for child"}),
            CONFIRMED,
        ),
        ("P-QA", "qa_team", met("deep_dive"), met("case_note")),
    ),
    "halton": (
        ("P-DM", "divisional_manager", CONFIRMED, met("improvement_plan"), met("expected_standard")),
        ("P-QAM", "qa_manager", met("action_tracker")),
    ),
    "swindon": (
        ("P-HOS", "head_of_service", met("child_of_concern"), CONFIRMED),
        ("P-SW", "worker", ("audit.record_reflection", {"reflection": "what I learned"})),
    ),
    "east-sussex": (
        ("P-SW", "worker", ("audit.record_reflection", {"reflection": "what I learned"})),
        (
            *("P-AUD", "auditor"),
            ("audit.record_meeting", {}),
            ("audit.give_feedback", {"recipient": "P-SW"}),
            CONFIRMED,
            met("file_review"),
        ),
    ),
}
"""Who says what of it, in which role, once the practitioner has acted."""


class Of:
    """The lives of an audit in one council."""

    def __init__(self, council: str) -> None:
        self.council = council
        self.low = LOWEST.get(council, "Inadequate")
        self.good = GOOD.get(council, "Good")
        self.life = Life(council, "A-1")

    def allocated(self, **fields: Any) -> Life:
        """Given to an auditor on Saturday, 7 March 2026, with all who stand by the child."""
        kind = {"audit_type": "supervision file"} if self.council == "east-sussex" else {}
        more = {"reviewer": "P-IRO", "plan_lead": "P-PLAN"} if self.council == "southwark" else {}
        return self.life.allocated("2026-03-07", **{**kind, **more, **fields})

    def returned(self, *, low: bool = False, immediate_concern: bool = False, **fields: Any) -> Life:
        """Back on Thursday, 12 March, with a good grade, or with the lowest, or a concern where none is given."""
        life = self.allocated(**fields)
        if immediate_concern:
            return life.submitted("2026-03-12", self.good, immediate_concern=True)
        if self.council == "east-sussex":
            concern: Line = {"significant_concern": True, "summary": "nobody visits"} if low else {}
            return life.submitted("2026-03-12", **concern)
        return life.submitted("2026-03-12", self.low if low else self.good)

    def moderated(self, *, low: bool = False, then: bool = False) -> Life:
        """Moderated on Monday, 16 March, by somebody who agrees or who gives another grade."""
        life = self.returned(low=low).to_moderator("2026-03-13")
        return life.moderated("2026-03-16", self.low if then else self.good)

    def made_good(self) -> Life:
        """Back with a grade below good that is not the lowest, moderated to a good one, and both once more."""
        life = self.allocated().submitted("2026-03-12", "Does Not Meet Good").to_moderator("2026-03-13")
        life = life.moderated("2026-03-16", self.good).moderated("2026-03-17", "Does Not Meet Good")
        return life.moderated("2026-03-18", self.good)

    def met_alone(self) -> Life:
        """The auditor meets the practitioner, who has no other part in the audit."""
        return self.allocated().act("audit.record_meeting", "2026-03-10", *AUDITOR)

    def reflected_alone(self) -> Life:
        """The practitioner reflects, and has no other part in the audit."""
        said = {"reflection": "what I learned"}
        return self.allocated().act("audit.record_reflection", "2026-03-10", "P-SW", "worker", **said)

    def told_of_it(self) -> Life:
        """What the audit found is told to the practitioner, who had no other part in it."""
        return self.returned().act("audit.give_feedback", "2026-03-13", *AUDITOR, recipient="P-SW")

    def with_another(self) -> Life:
        """Moderated, and then given to a second moderator."""
        return self.moderated().to_moderator("2026-03-17", "P-MOD2")

    def acted(self, life: Life, on: str = "2026-03-12") -> Life:
        """Something that the practitioner is to do."""
        return life.act(
            "action.set", on, *AUDITOR, action="X-1", text="visit the child", owner="P-SW", due="2026-04-20"
        )

    def unsafe(self) -> Life:
        """The auditor fears for the child on 9 March."""
        said = {"concern": "nobody has seen the child"}
        return self.allocated().act("audit.raise_safety_concern", "2026-03-09", *AUDITOR, **said)

    def unsafe_again(self) -> Life:
        """Two days later, at ten, there is another fear for the same child."""
        said = {"concern": "the door stayed shut"}
        return self.unsafe().act("audit.raise_safety_concern", "2026-03-11T10:00", *AUDITOR, **said)

    def to_and_fro(self) -> Life:
        """Back with the lowest grade, lifted, for five hours the lowest again, and in the end thrice the lowest."""
        life = self.returned(low=True).to_moderator("2026-03-13")
        for when, low in (
            ("16", False),
            ("17T10:00", True),
            ("17T15:00", False),
            ("19", True),
            ("20", True),
            ("21", True),
        ):
            life = life.moderated(f"2026-03-{when}", self.low if low else self.good)
        return life

    def one_after_another(self) -> Life:
        """Two actions, confirmed on two days."""
        life = self.acted(self.returned()).to_moderator("2026-03-13").moderated("2026-03-16", self.good)
        life = life.action("2026-03-16", "X-2", due="2026-04-20")
        for action, day in (("X-1", 17), ("X-2", 18)):
            done = {"action": action, "impact": "the child is seen weekly"}
            life = life.act("action.complete", f"2026-03-{day}", "P-SW", "worker", **done)
            actor, role, *_ = DONE[self.council][0]
            life = life.act("action.confirm", f"2026-03-{day}", actor, role, actions=[action])
        return life

    def signed_off(self) -> Life:
        """The principal manager has signed what the moderator agreed with."""
        by = ("P-QAP", "qa_principal_manager")
        return self.moderated().act("audit.sign_off", "2026-03-25", *by, comments="agreed")

    def done(self) -> Life:
        """The lowest grade, with an action of the same day; then everything is done that the framework asks for."""
        life = self.acted(self.returned(low=True))
        if self.council != "east-sussex":
            life = life.to_moderator("2026-03-13").moderated("2026-03-16", self.low)
        done = {"action": "X-1", "impact": "the child is seen weekly"}
        life = life.act("action.complete", "2026-03-17", "P-SW", "worker", **done)
        for actor, role, *met in DONE[self.council]:
            for name, fields in met:
                command = "obligation.meet" if "obligation" in fields else name
                life = life.act(command, "2026-03-18", actor, role, **fields)
        return life

    def gone(self) -> Life:
        """A child whose file had the lowest grade has left before it is audited again."""
        return self._left(self.returned(low=True), "2026-03-30")

    def gone_before(self) -> Life:
        """A child whose file came back with a good grade has left, and then the moderator finds the lowest."""
        life = self._left(self.returned().to_moderator("2026-03-13"), "2026-03-14")
        return life.moderated("2026-03-16", self.low)

    def gone_and_seen(self) -> Life:
        """A child who has left, and whose file is audited again all the same."""
        life = self.gone()
        life.lines += self._again().lines
        return life

    def seen_and_gone(self) -> Life:
        """A child who has left after the file was audited again, which a week later turns out to be void."""
        life = self.returned(low=True)
        life.lines += self._again().lines
        self._left(life, "2026-04-22")
        by = ("P-QA", DEPARTING[self.council])
        life.lines += Life(self.council, "A-2").act("audit.void", "2026-04-27", *by, reason="another child's").lines
        return life

    def _left(self, life: Life, on: str) -> Life:
        return life.act("audit.record_departure", on, "P-QA", DEPARTING[self.council], how="moved")

    def _again(self) -> Life:
        again = Life(self.council, "A-2", auditor="P-RE").allocated("2026-04-15", reaudit_of="A-1")
        return again.submitted("2026-04-20", self.good)


ALONE: dict[str, dict[str, Callable[[Of], Life]]] = {
    "torbay": {"not good, then good, twice": Of.made_good},
    "halton": {"one action after another": Of.one_after_another, "signed off": Of.signed_off},
    "swindon": {
        "back from early help": partial(
            Of.returned,
            audit_type="early help",
            actor="P-strategic_lead_early_help",
            role="strategic_lead_early_help",
        )
    },
    "southwark": {"marked on the return": partial(Of.returned, immediate_concern=True)},
    "east-sussex": {
        "a meeting alone": Of.met_alone,
        "a reflection alone": Of.reflected_alone,
        "feedback alone": Of.told_of_it,
        "team file with a concern": partial(Of.returned, low=True, audit_type="team file"),
        "safeguarding deep dive with a concern": partial(Of.returned, low=True, audit_type="safeguarding deep dive"),
    },
}
"""The lives that there are in one council alone."""


def of_audits(council: str) -> Iterator[tuple[str, str, list[Line]]]:
    """Each life of an audit, with what it is called and the record of the audit, or of the month it came back in."""
    makers: dict[str, Callable[[Of], Life]] = {
        "given to an auditor": Of.allocated,
        "back": Of.returned,
        "back with the lowest": partial(Of.returned, low=True),
        "with an action": lambda of: of.acted(of.returned()),
        "a child unsafe": Of.unsafe,
        "a child unsafe again": Of.unsafe_again,
    }
    if council in MODERATING:
        makers |= {
            "with a moderator": lambda of: of.returned().to_moderator("2026-03-13"),
            "agreed": Of.moderated,
            "agreed, then with another": Of.with_another,
            "lifted": partial(Of.moderated, low=True),
            "found the lowest": partial(Of.moderated, then=True),
            "still the lowest": partial(Of.moderated, low=True, then=True),
            "to and fro": Of.to_and_fro,
            "with an action, agreed": lambda of: of.acted(of.moderated(), "2026-03-16"),
        }
    if council in DONE:
        makers["all done"] = Of.done
    if council in DEPARTING:
        makers |= {
            "the child gone": Of.gone,
            "the child gone, then found the lowest": Of.gone_before,
            "the child gone, and audited again": Of.gone_and_seen,
            "audited again for nothing, the child gone": Of.seen_and_gone,
        }
    makers |= ALONE.get(council, {})
    for name, make in makers.items():
        yield name, "audit/A-1", early(make(Of(council)))
    if council == "southwark":
        yield "back, for the month", "month/2026-03-S-1", early(Of(council).returned())


def early(lines: Iterable[Line]) -> list[Line]:
    """The lines as they are done before the hour of notices, where they name no other: what is at once is not at it."""
    return [
        {**line, "at": f"{line['at']}T06:40" if len(line["at"]) == len("2026-03-07") else line["at"]} for line in lines
    ]
