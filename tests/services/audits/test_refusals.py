"""What each command is refused for: the field at fault is named, and nothing is left behind."""

import pytest

from events.errors import Forbidden, NotFound, Refused
from tests.given import given
from tests.lives import QA, Life, Line
from tests.services.audits.scenes import SECTION, allocated, life, moderated, submitted


def in_role(role: str) -> Life:
    """An allocation by somebody in that role."""
    found = allocated()
    found.lines[0]["role"] = role
    return found


REFUSALS = [
    ("allocated twice", allocated(), life().allocated("2026-03-03"), "audit"),
    ("unknown type", life(), life().allocated("2026-03-02", audit_type="short"), "audit_type"),
    ("unknown strand", life(), life().allocated("2026-03-02", strand="Parks"), "strand"),
    ("unknown age band", life(), life().allocated("2026-03-02", age_band="7"), "age_band"),
    ("due before the allocation", life(), life().allocated("2026-03-02", due="2026-03-01"), "due"),
    ("in the future", life(), life().allocated("2030-01-01"), "at"),
    ("unknown role", life(), in_role("mayor"), "role"),
    (
        "role without the act",
        allocated(),
        life().act("audit.void", "2026-03-03", "P-AUD", "auditor", reason="x"),
        "role",
    ),
    ("not the auditor", allocated(), life().act("audit.record_meeting", "2026-03-03", "P-2", "auditor"), "actor"),
    (
        "not the worker",
        allocated(),
        life().act("audit.record_reflection", "2026-03-03", "P-2", "worker", reflection="x"),
        "actor",
    ),
    ("unknown grade", allocated(), life().submitted("2026-03-10", "Good"), "grade"),
    (
        "no overall grade",
        allocated(),
        life().prepared("2026-03-10").act("audit.submit", "2026-03-10", "P-AUD", "auditor"),
        "grade",
    ),
    ("overall not applicable", allocated(), life().submitted("2026-03-10", "Not applicable"), "grade"),
    (
        "unknown section",
        allocated(),
        life().act("audit.grade_section", "2026-03-10", "P-AUD", "auditor", section="Parks", grade="Meets good"),
        "section",
    ),
    (
        "unknown section grade",
        allocated(),
        life().act("audit.grade_section", "2026-03-10", "P-AUD", "auditor", section=SECTION, grade="Meets Good"),
        "grade",
    ),
    (
        "practitioner's grade where the form takes none",
        allocated(),
        life().act(
            "audit.grade_section",
            "2026-03-10",
            "P-AUD",
            "auditor",
            section=SECTION,
            grade="Meets good",
            grader="practitioner",
        ),
        "grader",
    ),
    ("submitted twice", submitted(), life().submitted("2026-03-11"), "audit"),
    ("submitted before the allocation", allocated(), life().submitted("2026-03-01"), "at"),
    (
        "graded after the return",
        submitted(),
        life().act("audit.grade_section", "2026-03-11", "P-AUD", "auditor", section=SECTION, grade="Meets good"),
        "audit",
    ),
    (
        "reassigned after the return",
        submitted(),
        life().act("audit.reassign", "2026-03-11", **QA, auditor="P-2", reason="x"),
        "audit",
    ),
    (
        "reassigned to the same",
        allocated(),
        life().act("audit.reassign", "2026-03-11", **QA, auditor="P-AUD", reason="x"),
        "auditor",
    ),
    (
        "feedback without its text",
        allocated(),
        life().act("audit.record_feedback", "2026-03-03", "P-AUD", "auditor", source="family", outcome="obtained"),
        "feedback",
    ),
    (
        "a family too young",
        allocated(),
        life().act(
            "audit.record_feedback", "2026-03-03", "P-AUD", "auditor", source="family", outcome="not_age_appropriate"
        ),
        "outcome",
    ),
    ("moderator before the return", allocated(), life().to_moderator("2026-03-03"), "audit"),
    ("same moderator again", submitted().to_moderator("2026-03-11"), life().to_moderator("2026-03-12"), "moderator"),
    ("moderator dated before the return", submitted(), life().to_moderator("2026-03-09"), "at"),
    ("moderation before the return", allocated(), life().moderated("2026-03-11"), "actor"),
    ("moderation without a moderator", submitted(), life().moderated("2026-03-11"), "actor"),
    ("moderation by another", submitted().to_moderator("2026-03-11", "P-3"), life().moderated("2026-03-12"), "actor"),
    (
        "moderation dated before the return",
        submitted().to_moderator("2026-03-11"),
        life().moderated("2026-03-10"),
        "at",
    ),
    (
        "moderation to an unknown grade",
        submitted().to_moderator("2026-03-11"),
        life().moderated("2026-03-12", "Good"),
        "grade",
    ),
    (
        "moderation of an unknown section",
        submitted().to_moderator("2026-03-11"),
        life().moderated("2026-03-12", sections={"Parks": "Meets good"}),
        "sections",
    ),
    (
        "moderation to an unknown section grade",
        submitted().to_moderator("2026-03-11"),
        life().moderated("2026-03-12", sections={SECTION: "Fine"}),
        "grade",
    ),
    ("shared before the return", allocated(), life().act("audit.share", "2026-03-03", **QA), "audit"),
    (
        "feedback given before the return",
        allocated(),
        life().act("audit.give_feedback", "2026-03-03", **QA, recipient="P-SW"),
        "audit",
    ),
    ("signed off before moderation", submitted(), life().act("audit.sign_off", "2026-03-11", **QA), "audit"),
    ("filed before feedback", moderated(), life().act("audit.file", "2026-03-13", **QA), "audit"),
    ("closed before moderation", submitted(), life().closed("2026-03-12"), "audit"),
    ("closed before its moderation's day", moderated(), life().closed("2026-03-11"), "at"),
    ("closed twice", moderated().closed("2026-03-13"), life().closed("2026-03-14"), "audit"),
    (
        "shared twice",
        submitted().act("audit.share", "2026-03-11", **QA),
        life().act("audit.share", "2026-03-12", **QA),
        "audit",
    ),
    (
        "voided twice",
        allocated().act("audit.void", "2026-03-03", **QA, reason="x"),
        life().act("audit.void", "2026-03-04", **QA, reason="x"),
        "audit",
    ),
    (
        "submitted after the void",
        allocated().act("audit.void", "2026-03-03", **QA, reason="x"),
        life().submitted("2026-03-10"),
        "audit",
    ),
]


ANOTHERS = {
    *("role without the act", "not the auditor", "not the worker"),
    *("moderation before the return", "moderation without a moderator", "moderation by another"),
}
"""What would be another's to do: who asks is refused, not what is asked."""


GRADES = "Exceeds Good, Meets Good, Does Not Meet Good, Does Not Meet Good – escalate immediately"
MAY = "may be given while it is"
RETURNED = "returned or with moderator or moderated or signed off or closed"


SAID = {
    "allocated twice": "audit: A-1 is already allocated",
    "unknown strand": f"strand: unknown strand Parks; known: {', '.join(life().policy.tool.strands)}",
    "unknown age band": "age_band: unknown age band 7; known: 0, 1–5, 6–10, 11–15, 16–21, unborn, over 21",
    "unknown grade": f"grade: unknown grade Good; the scale is {GRADES}",
    "no overall grade": f"grade: an overall grade is needed: {GRADES}",
    "overall not applicable": f"grade: unknown grade Not applicable; the scale is {GRADES}",
    "moderation to an unknown grade": f"grade: unknown grade Good; the scale is {GRADES}",
    "submitted twice": f"audit: it is returned: audit.submit {MAY} allocated",
    "shared before the return": f"audit: it is allocated: audit.share {MAY} {RETURNED}",
    "feedback given before the return": f"audit: it is allocated: audit.give_feedback {MAY} {RETURNED}",
    "moderator before the return": f"audit: it is allocated: audit.allocate_moderator {MAY} {RETURNED}",
    "closed before moderation": "audit: it is closed only after its moderation",
    "closed before its moderation's day": "at: 2026-03-11 is before its cause, audit.moderated on 2026-03-12",
    "shared twice": "audit: audit.shared has already happened",
    "voided twice": "audit: it was voided; its record stays as it is",
    "unknown type": "audit_type: unknown audit type short; known: full",
    "due before the allocation": "due: 2026-03-01 is before the day of allocation",
    "practitioner's grade where the form takes none": "grader: the form takes no grades from the practitioner",
    "submitted before the allocation": "at: 2026-03-01 is before its cause, audit.allocated on 2026-03-02",
    "reassigned to the same": "auditor: P-AUD is already the auditor",
    "feedback without its text": "feedback: feedback that was obtained needs its text",
    "a family too young": "outcome: only the child's part can be not age-appropriate",
    "same moderator again": "moderator: P-MOD is already the moderator",
    "moderator dated before the return": "at: 2026-03-09 is before its cause, audit.submitted on 2026-03-10",
    "moderation dated before the return": (
        "at: 2026-03-10 is before its cause, audit.moderator allocated on 2026-03-11"
    ),
    "filed before feedback": "audit: it is filed only after feedback to practitioner or manager",
}
"""The whole of what is said of some."""


@pytest.mark.parametrize(
    ("before", "tried", "field", "error", "said"),
    [
        pytest.param(before, tried, field, Forbidden if name in ANOTHERS else Refused, SAID.get(name), id=name)
        for name, before, tried, field in REFUSALS
    ],
)
def test_what_is_refused(before: Life, tried: Life, field: str, error: type[Refused], said: str | None) -> None:
    """A command that breaks a rule is refused, names the field at fault, and leaves nothing behind."""
    desk = given(*before)
    *prepared, last = tried
    if last["command"] == "audit.submit" and field == "grade":
        desk.do(*prepared)
    found = desk.when(last).refused(field, error=error)
    assert said in (None, found)


EARLIER = [
    life().act("audit.record_reflection", "2026-03-01", "P-SW", "worker", reflection="x"),
    life().act("audit.record_meeting", "2026-03-01", "P-AUD", "auditor"),
    life().act("audit.record_feedback", "2026-03-01", "P-AUD", "auditor", source="family", outcome="attempted"),
    life().act("audit.grade_section", "2026-03-01", "P-AUD", "auditor", section=SECTION, grade="Meets good"),
    life().act("audit.raise_safety_concern", "2026-03-01", "P-AUD", "auditor", concern="x"),
    life().act("audit.reassign", "2026-03-01", **QA, auditor="P-2", reason="x"),
    life().act("audit.void", "2026-03-01", **QA, reason="x"),
    submitted().act("audit.share", "2026-03-09", **QA),
    submitted().act("audit.give_feedback", "2026-03-09", **QA, recipient="P-SW"),
    submitted().to_moderator("2026-03-11").moderated("2026-03-09", "Meets Good"),
    moderated().act("audit.sign_off", "2026-03-11", **QA),
]
"""What somebody does to an audit, dated the day before what it follows from."""

CAUSES = {
    "2026-03-01": "audit.allocated on 2026-03-02",
    "2026-03-09": "audit.submitted on 2026-03-10",
    "2026-03-11": "audit.moderated on 2026-03-12",
}


@pytest.mark.parametrize("lived", EARLIER, ids=[each.lines[-1]["command"] for each in EARLIER])
def test_nothing_comes_before_its_cause(lived: Life) -> None:
    """What is dated before the allocation, the return or the moderation that it needs is refused with that day."""
    *before, last = lived
    day = last["at"]
    said = given(*(before or allocated())).when(last).refused("at")
    assert said == f"at: {day} is before its cause, {CAUSES[day]}"


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({**next(iter(allocated())), "colour": "blue"}, "colour"),
        ({**next(iter(allocated())), "child": "two words"}, "child"),
        ({"command": "audit.invent", "authority": "torbay"}, "command"),
        ({"authority": "torbay"}, "command"),
    ],
    ids=["unknown field", "reference with a space", "unknown command", "no command"],
)
def test_what_is_no_command(line: Line, field: str) -> None:
    """A line that does not fit the form of a command is refused before anything is decided."""
    given().when(line).refused(field)


def test_a_command_for_another_authority() -> None:
    """A desk carries out commands of its own authority only."""
    given().when(next(iter(life(authority="halton").allocated("2026-03-02")))).refused("authority")


@pytest.mark.parametrize(
    "tried", [life().submitted("2026-03-10"), life().moderated("2026-03-10"), life().confirmed("2026-03-10")]
)
def test_an_audit_that_there_is_none_of(tried: Life) -> None:
    """A command about an audit that was never allocated finds none."""
    given().when(list(tried)[-1]).refused("audit", error=NotFound)
