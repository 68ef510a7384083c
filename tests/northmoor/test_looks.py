"""Northmoor's looks at a recovery plan: each fortnight, by themselves, until the file was audited again."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from events.escalations import ObligationMet
from services.obligations.engine import obligations
from services.policy.describe.clocks import clocks
from services.policy.expressions import Span
from services.policy.versions import Policies
from services.policy_files import check
from tests.given import Scene, given
from tests.northmoor.council import FILE, POLICY, QA, Line, act, allocated, desk, edited, owed, people, returned, steps

ASKED = ("P-BUSINESS-SUPPORT", "business_support")
HEAD = ("P-HEAD-OF-SERVICE-SAFE", "head_of_service")
INADEQUATE = [allocated("A-1", "2026-03-02"), *returned("A-1", "2026-03-10", "Inadequate")]
AGAIN = [
    allocated("A-2", "2026-04-08", child="C-A-1", reaudit_of="A-1", auditor="P-TEAM-MANAGER-COURT"),
    *returned("A-2", "2026-04-15", "Good", auditor="P-TEAM-MANAGER-COURT"),
]


def looked(at: str, key: str = "") -> Line:
    return act("obligation.meet", at, *HEAD, audit="A-1", obligation="look", key=key)


def looks(of: Scene) -> list[tuple[str, str, str]]:
    """Each look with its key, its last day and how it ended."""
    return [(each.key, str(each.due), (each.ended() or ("", ""))[1]) for each in owed(of, "look")]


def test_each_fortnight_one_comes_by_itself() -> None:
    """NM-17: once one is done the next is owed, by the rhythm of the first and not by the day on which it was done."""
    held = desk(*INADEQUATE)
    assert looks(held) == [("", "2026-03-24", "")]
    held.do(looked("2026-03-20"))
    assert looks(held) == [("", "2026-03-24", "met"), ("1-2", "2026-04-07", "")]
    held.do(looked("2026-04-07"), looked("2026-05-11"))
    late = [("1-2", "2026-04-07", "met"), ("1-3", "2026-04-21", "met"), ("1-4", "2026-05-19", "")]
    assert looks(held)[1:] == late, "whoever looked after three weeks too many looks next on the next of the days"


def test_the_audit_again_ends_it() -> None:
    """NM-17: until the re-audit; with it what is owed falls away, and no further one comes."""
    held = desk(*INADEQUATE, looked("2026-03-20"), *AGAIN)
    assert looks(held) == [("", "2026-03-24", "met"), ("1-2", "2026-04-07", "cancelled")]
    held.when(looked("2026-04-16")).refused("obligation", "does not owe look now")


def audited_again(grade: str) -> list[Line]:
    """The re-audit, with this grade."""
    return [AGAIN[0], *returned("A-2", "2026-04-15", grade, auditor="P-TEAM-MANAGER-COURT")]


@pytest.mark.parametrize(
    ("grade", "how"),
    [("Outstanding", "cancelled"), ("Good", "cancelled"), ("Requires Improvement", ""), ("Inadequate", "")],
)
def test_only_a_re_audit_that_is_good_ends_it(grade: str, how: str, tmp_path: Path) -> None:
    """Where a framework names a set of grades, a re-audit of another grade leaves it owed; the words say which."""
    until = "until: {events: [audit.reaudit_completed]}"
    sets = ("    extremes:", "    good: [Outstanding, Good]\n    extremes:")
    policy = edited(tmp_path, sets, (until, until.replace("]}", "], grade: good}")))
    held = desk(*INADEQUATE, *audited_again(grade), policy=policy)
    assert looks(held) == [("", "2026-03-24", how)]
    words = "Owed no more, although nobody did it, once the re-audit is returned, with a grade of “good”"
    assert words in {each.words for each in clocks(policy)}


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("{events: [audit.reaudit_completed], grade: fine}", "unknown set of grades fine"),
        ("{events: [audit.closed], grade: inadequate}", "audit.closed gives no grade"),
    ],
)
def test_a_grade_that_cannot_end_it(until: str, said: str, tmp_path: Path) -> None:
    """A set that there is not, and an event that gives no grade, are found where they stand."""
    text = FILE.read_text(encoding="utf-8")
    assert "until: {events: [audit.reaudit_completed]}" in text
    (path := tmp_path / "northmoor.yaml").write_text(
        text.replace("until: {events: [audit.reaudit_completed]}", f"until: {until}"), encoding="utf-8"
    )
    [problem] = [each for each in check(path)[1] if each.key.endswith("until.grade")]
    assert problem.rule.startswith(said)


def test_it_goes_on_where_the_audit_again_is_void() -> None:
    """A-ALL-14: the re-audit that ended it counts no more, and what fell away with it is owed as it was."""
    void = act("audit.void", "2026-04-16", **QA, audit="A-2", reason="the wrong child")
    held = desk(*INADEQUATE, looked("2026-03-20"), *AGAIN, void)
    assert looks(held) == [("", "2026-03-24", "met"), ("1-2", "2026-04-07", "")]
    held.do(looked("2026-04-17"))
    assert looks(held)[1:] == [("1-2", "2026-04-07", "met"), ("1-3", "2026-04-21", "")]


def test_a_better_grade_ends_it() -> None:
    """Moderated to Good there is no recovery plan to look at; moderated back, the looks begin anew."""
    panel = act("audit.allocate_moderator", "2026-03-11", **QA, audit="A-1", moderator="P-PANEL")
    better = act("audit.moderate", "2026-03-26", "P-PANEL", "moderator", audit="A-1", grade="Good", rationale="seen")
    held = desk(*INADEQUATE, panel, looked("2026-03-20"), better)
    assert [how for _, _, how in looks(held)] == ["met", "cancelled"]
    held.do(better | {"at": "2026-03-27T10:00:00Z", "grade": "Inadequate"})
    assert looks(held)[2:] == [("2", "2026-04-10", "")]
    held.do(looked("2026-03-30"))
    assert looks(held)[2:] == [("2", "2026-04-10", "met"), ("2-2", "2026-04-24", "")]


def test_who_looks_is_reminded_each_time() -> None:
    """Each has its own reminder, and its own step to the director if nobody looked; none is taken for another's."""
    held = desk(*INADEQUATE, looked("2026-03-20"), looked("2026-04-02"))
    found = owed(held, "look")
    assert [steps(each)["reminder"] for each in found] == [
        "2026-03-23 09:00",
        "2026-04-02 09:00",
        "2026-04-20 09:00",
    ]
    assert steps(found[1])["late"] == "2026-04-08 09:00"
    identities = [rung.identity for each in found for rung in each.rungs]
    assert len(identities) == len(set(identities))


def test_the_next_follows_the_look_and_no_other_act_of_that_instant() -> None:
    """The plan's own act of the same instant met the plan alone: what comes next is told as following from the look."""
    plan = looked("2026-03-20") | {"obligation": "recovery_plan"}
    for lines in ([plan, looked("2026-03-20")], [looked("2026-03-20"), plan]):
        held = desk(*INADEQUATE, *lines)
        following = owed(held, "look")[1].trigger
        assert isinstance(following.fact, ObligationMet)
        assert following.fact.obligation == "look"


def test_what_follows_is_by_the_rules_of_the_day_on_which_somebody_looked() -> None:
    """A version that looks every four weeks, or once, or no more, decides what follows a look that is done under it."""
    [look] = [each for each in POLICY.obligations if each.name == "look"]
    others = tuple(each for each in POLICY.obligations if each.name != "look")
    found = {}
    for name, rules in (
        ("rarer", (look.model_copy(update={"again_every": Span.parse("4 weeks")}),)),
        ("once", (look.model_copy(update={"again_every": None}),)),
        ("never", ()),
    ):
        later = {"version": "2", "effective_from": date(2026, 3, 16), "obligations": (*others, *rules)}
        versions = Policies("northmoor", (POLICY, POLICY.model_copy(update=later)))
        held = given(*people(), *INADEQUATE, looked("2026-03-20"), authority="northmoor", policies=versions)
        found[name] = looks(held)
    met = ("", "2026-03-24", "met")
    assert found == {"rarer": [met, ("1-2", "2026-04-21", "")], "once": [met], "never": [met]}


def test_one_act_meets_one_look_of_those_that_follow_each_other(tmp_path: Path) -> None:
    """What did not count beside what did, at one instant, starts nothing: the look that counted meets its own alone."""
    asked = "met_by: [audit.feedback_recorded]\n    met_when: {outcome: obtained}\n    again_every: 2 weeks"
    line = "was_not: inadequate, repeat: each}"
    once = (line := "was_not: inadequate, repeat: each}", line.replace(", repeat: each", ""))
    policy = edited(tmp_path, ("met_by: [obligation.met]\n    again_every: 2 weeks", asked), once)
    tried, heard = (
        act("audit.record_feedback", "2026-03-20", *ASKED, audit="A-1", source="family", **said)
        for said in ({"outcome": "attempted"}, {"outcome": "obtained", "feedback": "we were heard"})
    )
    held = desk(*INADEQUATE, tried, heard, policy=policy)
    assert looks(held) == [("", "2026-03-24", "met"), ("1-2", "2026-04-07", "")]
    twice = desk(*INADEQUATE, heard, heard | {"source": "child"}, policy=policy)
    assert looks(twice) == [("", "2026-03-24", "met"), ("1-2", "2026-04-07", "")], "the other is not left over for it"
    assert owed(twice, "look")[1].trigger.originator_version == twice.history("A-1")[-1].originator_version


def test_the_key_may_be_given() -> None:
    """Without a key it is the one that is owed now; with one it is that one, which may be done already."""
    held = desk(*INADEQUATE, looked("2026-03-20"))
    held.when(looked("2026-03-23", key="1-9")).refused("obligation", "does not owe look now")
    held.do(looked("2026-03-23", key="1-2"))
    assert [how for _, _, how in looks(held)] == ["met", "met", ""]


@settings(max_examples=20, deadline=None)
@for_all(st.lists(st.integers(1, 40), max_size=8))
def test_there_is_always_one_and_the_days_are_a_fortnight_apart(waits: list[int]) -> None:
    """However early or late each look comes: one is owed, later than the last look, and on a day of the rhythm."""
    held, on = desk(*INADEQUATE), date(2026, 3, 11)
    for wait in waits:
        on += timedelta(days=wait)
        held.do(looked(str(on)))
    found = owed(held, "look")
    assert len(found) == len(waits) + 1
    assert [each.is_open for each in found] == [False] * len(waits) + [True]
    dues = [each.due for each in found if each.due]
    assert dues == sorted(set(dues))
    assert not waits or dues[-1] > on
    plain = [each for each in dues if each.weekday() == 1]
    assert all((each - date(2026, 3, 24)).days % 14 == 0 for each in plain)
    alone = obligations(held.history("A-1"), held.policies, _is_look, open_alone=True)
    assert [(each.key, each.due, each.rungs) for each in alone] == [(found[-1].key, dues[-1], found[-1].rungs)]


def _is_look(rule: object) -> bool:
    return getattr(rule, "name", "") == "look"


def test_it_reads_as_the_paper_says_it() -> None:
    """A manager reads that it comes back, and when it ends."""
    told = {each.key[2]: each.words for each in clocks(POLICY) if each.key[1] == "look"}
    assert told["again_every"] == (
        "Each time that it is done it is owed again, by the next of the days that lie 2 weeks apart, counted from its"
        " first last day"
    )
    assert told["until"].startswith("Owed no more, although nobody did it, once ")
