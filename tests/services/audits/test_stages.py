"""The stages of an audit: which act may be given in which of them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from events.errors import SightlineError
from events.stages import STAGES, Stage
from services.audits.commands import AuditCommand
from services.audits.state import Audit
from services.modules import CATALOGUE
from services.policy.versions import Policies
from services.record_command import RecordCommand
from tests.desks import TestDesk
from tests.edited import policies_of
from tests.lives import Life, Line, people
from tests.worked_cases.case import action

EXEMPTING = [
    ("  audit.exempt: [] ", "  audit.exempt: [qa_team] "),
    ("acts:\n", "acts:\n  audit.score: [head_of_service]\n"),
    ("  audit.dispute_grade: [] ", "  audit.dispute_grade: [auditor] "),
    ("  audit.settle_grade: [] ", "  audit.settle_grade: [qa_team] "),
    ("  audit.stop_clock: [] ", "  audit.stop_clock: [qa_team] "),
    ("  audit.resume_clock: [] ", "  audit.resume_clock: [qa_team] "),
    ("obligations:\n", "exemption:\n  grounds: [sick leave]\n  requested_by: director\n\nobligations:\n"),
]
"""With these Swindon knows every act on an audit, and closes one whether it was moderated or not."""

HELD = "2026-04-20"
AUDITOR, MODERATOR, WORKER = ("P-AUD", "auditor"), ("P-MOD", "moderator"), ("P-SW", "worker")
LEAD, MANAGER = ("P-QA", "qa_team"), ("P-TM", "team_manager")


def line(command: str, by: tuple[str, str] = LEAD, **fields: Any) -> Line:
    return Life("swindon", "A-1").act(command, HELD, *by, **fields).lines[0]


GIVEN: dict[str, Line] = {
    "audit.allocate": Life("swindon", "A-1").allocated(HELD).lines[0],
    "audit.reassign": line("audit.reassign", auditor="P-AUD2", reason="ill"),
    "audit.record_reflection": line("audit.record_reflection", WORKER, reflection="to ask early"),
    "audit.record_meeting": line("audit.record_meeting", AUDITOR, override="away"),
    "audit.record_feedback": line("audit.record_feedback", source="family", outcome="attempted"),
    "audit.grade_section": line(
        "audit.grade_section", AUDITOR, section="The child's own view", grade="Good", evidence="seen"
    ),
    "audit.raise_safety_concern": line("audit.raise_safety_concern", AUDITOR, concern="left alone"),
    "audit.submit": Life("swindon", "A-1").allocated().submitted(HELD, override="as far as it went").lines[-1],
    "audit.allocate_moderator": Life("swindon", "A-1").to_moderator(HELD, "P-MOD2").lines[0],
    "audit.moderate": Life("swindon", "A-1").moderated(HELD).lines[0],
    "audit.score": line("audit.score", ("P-HOS", "head_of_service"), grade="Good"),
    "audit.dispute_grade": line("audit.dispute_grade", AUDITOR, reason="seen too late"),
    "audit.settle_grade": line("audit.settle_grade", rationale="seen"),
    "audit.sign_off": line("audit.sign_off"),
    "audit.share": line("audit.share"),
    "audit.give_feedback": line("audit.give_feedback", recipient="P-SW"),
    "audit.file": line("audit.file"),
    "audit.close": line("audit.close"),
    "audit.void": line("audit.void", reason="selected in error"),
    "audit.exempt": line("audit.exempt", ground="sick leave", requested_by="P-DIR", requested_as="director"),
    "audit.stop_clock": line("audit.stop_clock", ground="child missing"),
    "audit.resume_clock": line("audit.resume_clock", ground="child missing"),
    "audit.record_departure": line("audit.record_departure", how="moved"),
    "action.set": line("action.set", **action("X-9", "2026-06-30")),
    "action.redate": line("action.redate", action="X-1", due="2026-08-30"),
    "action.complete": line("action.complete", WORKER, action="X-1", impact="seen"),
    "action.confirm": line("action.confirm", MANAGER),
    "escalation.acknowledge": line("escalation.acknowledge", obligation="none", step="none"),
    "escalation.resolve": line("escalation.resolve", obligation="none", step="none", note="seen"),
    "obligation.meet": line("obligation.meet", obligation="none"),
}
"""Each act on an audit, as it would be taken wherever the stage allows it."""

#                               allocated
#                               | returned
#                               | | with moderator
#                               | | | moderated
#                               | | | | signed off
#                               | | | | | closed, moderated, with nothing owed
#                               | | | | | | voided
#                               | | | | | | | exempted
ALLOWED = {
    "audit.allocate":            "- - - - - - - -",
    "audit.reassign":            "x - - - - - - -",
    "audit.record_reflection":   "x x x x x - - -",
    "audit.record_meeting":      "x x x x x - - -",
    "audit.record_feedback":     "x x x x x - - -",
    "audit.grade_section":       "x - - - - - - -",
    "audit.raise_safety_concern": "x x x x x x - -",
    "audit.submit":              "x - - - - - - -",
    "audit.allocate_moderator":  "- x x x x - - -",
    "audit.moderate":            "n n x x x - n n",
    "audit.score":               "x x x x x - - -",
    "audit.dispute_grade":       "- - - x x x - -",
    "audit.settle_grade":        "- - - x x x - -",
    "audit.sign_off":            "- - - x - - - -",
    "audit.share":               "- x x x x x - -",
    "audit.give_feedback":       "- x x x x x - -",
    "audit.file":                "- x x x x x - -",
    "audit.close":               "- x x x x - - -",
    "audit.void":                "x x x x x x - -",
    "audit.exempt":              "x - - - - - - -",
    "audit.record_departure":    "x x x x x x - -",
    "audit.stop_clock":          "x x x x x x - -",
    "audit.resume_clock":        "x x x x x x - -",
    "action.set":                "x x x x x - - -",
    "action.redate":             "x x x x x x - -",
    "action.complete":           "x x x x x x - -",
    "action.confirm":            "x x x x x x - -",
    "escalation.acknowledge":    "x x x x x x - -",
    "escalation.resolve":        "x x x x x x - -",
    "obligation.meet":           "x x x x x x - -",
}  # fmt: skip
"""What may be given when (x); n: nobody is the moderator who could give it."""


NOT_RAISED = "escalation of audit A-1, none/none: there is none"
WORDS = {
    "audit.score": "role: an audit of type case file is scored by no other agency",
    "audit.dispute_grade": "audit: the framework knows no dispute about a grade",
    "audit.settle_grade": "audit: its grade is not disputed",
    "audit.stop_clock": "ground: no clock here runs and stops for child missing; grounds: none",
    "audit.resume_clock": "ground: nothing stands still for child missing",
    "escalation.acknowledge": NOT_RAISED,
    "escalation.resolve": NOT_RAISED,
    "obligation.meet": "obligation: audit/A-1 does not owe none now",
}
"""What is said of answers where the stage allows them: there is nothing to be answered."""


def life(stage: Stage) -> Iterator[Line]:
    """An audit that came to the stage by the shortest way, with one action."""
    whole = Life("swindon", "A-1").allocated("2026-03-02").action("2026-03-02", "X-1", due="2026-06-30")
    if stage in {"voided", "exempted"}:
        act = line("audit.void", reason="a slip") if stage == "voided" else GIVEN["audit.exempt"]
        yield from (*whole, act | {"at": "2026-03-03"})
        return
    came = STAGES.index(stage)
    if came >= STAGES.index("returned"):
        whole.act("audit.record_feedback", "2026-03-09", *LEAD, source="family", outcome="attempted")
        whole.submitted("2026-03-09").act("audit.record_reflection", "2026-03-10", *WORKER, reflection="to ask early")
    if came >= STAGES.index("with moderator"):
        whole.to_moderator("2026-03-11")
    if came >= STAGES.index("moderated"):
        whole.moderated("2026-03-12")
    if came >= STAGES.index("signed off"):
        whole.act("audit.sign_off", "2026-03-13", *LEAD)
    if came >= STAGES.index("closed"):
        whole.act("audit.close", "2026-03-14", *LEAD)
    yield from whole


@pytest.fixture(scope="module")
def exempting(tmp_path_factory: pytest.TempPathFactory) -> Policies:
    folder: Path = tmp_path_factory.mktemp("policies")
    return policies_of(folder, "swindon", EXEMPTING)


def rule(desk: TestDesk, given: Line) -> str:
    """What the act is refused for; empty if it is taken. Nothing is kept of it."""
    desk.forget()
    try:
        desk.decide(CATALOGUE.parse(orjson.dumps(given)))
    except SightlineError as error:
        return str(error)
    finally:
        desk.forget()
    return ""


@pytest.mark.parametrize("stage", STAGES)
def test_what_may_be_given_when(stage: Stage, exempting: Policies) -> None:
    """Each act on an audit in each stage: taken, or refused by a rule that names the stage."""
    desk = TestDesk("swindon", exempting)
    desk.do(*people("swindon"), *life(stage))
    assert Audit.of(desk.history("A-1")).stage == stage
    found = {command: rule(desk, given) for command, given in GIVEN.items()}
    of_stage = {name for name, each in found.items() if f"it is {stage}" in each or f"it was {stage}" in each}
    of_stage |= {name for name, each in found.items() if f"A-1 is already {stage}" in each}
    cells = {name: row.split()[STAGES.index(stage)] for name, row in ALLOWED.items()}
    assert of_stage == {name for name, cell in cells.items() if cell == "-"}
    wanted = {name: WORDS.get(name, "") for name, cell in cells.items() if cell == "x"}
    wanted |= {name: "actor: P-MOD is not the moderator" for name, cell in cells.items() if cell == "n"}
    assert {name: found[name][: len(each)] if each else found[name] for name, each in wanted.items()} == wanted


def test_the_table_is_whole() -> None:
    """Every act that can be given on an audit stands in the table, and says in which stages it may be given."""
    acts = {name: act for name, act in CATALOGUE.acts.items() if issubclass(act.command, AuditCommand | RecordCommand)}
    assert acts.keys() == ALLOWED.keys() == GIVEN.keys()
    elsewhere = CATALOGUE.kinds["audit"].stages
    assert [name for name, act in acts.items() if (act.stages is None) != (name in elsewhere)] == []
    assert set().union(*elsewhere.values(), *(each.stages or {} for each in acts.values())) <= set(STAGES)
