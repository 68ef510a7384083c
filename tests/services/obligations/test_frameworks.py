"""What follows from a version's rules is worked out once, for that very version; of what is open alone no more is."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

import pytest

from events.recorded import Recorded
from services.modules import CATALOGUE
from services.obligations.engine import obligations
from services.obligations.framework import framework_of
from services.policy.expressions import Moment
from services.policy.model import Policy
from services.policy.versions import Policies
from tests.desks import SHIPPED
from tests.given import Scene, given
from tests.lives import TORBAY_LOWEST, Life
from tests.projections.test_councils import AUTHORITIES, story

TORBAY = SHIPPED["torbay"].newest


def edited(**changes: object) -> Policy:
    """Torbay's framework under the same name, with a rule for the return that says otherwise."""
    rules = (each.model_copy(update=changes) if each.name == "audit_return" else each for each in TORBAY.obligations)
    return TORBAY.model_copy(update={"obligations": tuple(rules)})


def started(desk: Scene, policy: Policy) -> set[str]:
    return {each.name for each in obligations(desk.history("A-1"), Policies("torbay", (policy,)))}


def test_a_version_that_says_otherwise_is_answered_by_its_own_rules() -> None:
    """Two policies of one name, asked in turn about one record: each counts as it says, and as often as it is asked."""
    desk = given(Life("torbay", "A-1").allocated("2026-01-05", due=None).submitted("2026-01-12", TORBAY_LOWEST))
    history = desk.history("A-1")
    policies = [edited(ladder=()), TORBAY, edited(met_by=("audit.closed",))]
    for _ in range(2):
        found = [obligations(history, Policies("torbay", (policy,)))[0] for policy in policies]
        assert [each.name for each in found] == ["audit_return"] * 3
        assert [bool(each.rungs) for each in found] == [False, True, True]
        assert [each.met_since() is not None for each in found] == [True, True, False]


def test_a_set_of_grades_is_that_of_the_version() -> None:
    """The same rules with another set of grades start with those grades, although they were asked before."""
    desk = given(Life("torbay", "A-1").allocated("2026-01-05").submitted("2026-01-12", TORBAY_LOWEST))
    assert "immediate_alert" in started(desk, TORBAY)
    kinder = TORBAY.grades.model_copy(update={"sets": {**TORBAY.grades.sets, "lowest": ("Nothing",)}})
    assert "immediate_alert" not in started(desk, TORBAY.model_copy(update={"grades": kinder}))


def test_a_set_of_grades_is_that_of_the_version_that_the_work_began_with() -> None:
    """An audit that was allocated before goes on by the newer rules, and its lowest grade is that of its scale."""
    sets = {**TORBAY.grades.sets, "lowest": ("Nothing",)}
    later = {
        "version": "2",
        "effective_from": date(2026, 1, 10),
        "grades": TORBAY.grades.model_copy(update={"sets": sets}),
    }
    versions = Policies("torbay", (TORBAY, TORBAY.model_copy(update=later)))
    began = Life("torbay", "A-1").allocated("2026-01-05").submitted("2026-01-12", TORBAY_LOWEST)
    desk = given(*began, policies=versions)
    triggers = {each.name: each.trigger for each in obligations(desk.history("A-1"), versions)}
    assert triggers["immediate_alert"].envelope.policy_version == "2"


def test_of_one_policy_once() -> None:
    """The same policy is read once, whoever asks, and a copy of it is another."""
    assert framework_of(TORBAY) is framework_of(TORBAY, TORBAY)
    assert framework_of(TORBAY) is not framework_of(TORBAY.model_copy())


def told(authority: str, seed: int) -> Iterator[list[Recorded]]:
    """Each record that may owe something, after each of its events."""
    found: defaultdict[str, list[Recorded]] = defaultdict(list)
    for each in story(authority, seed):
        if each.originator_id.startswith(CATALOGUE.worked_out):
            found[each.originator_id].append(each)
    return (history[:size] for history in found.values() for size in range(1, len(history) + 1))


@pytest.mark.parametrize("authority", AUTHORITIES)
def test_open_alone_is_what_is_open_of_all(authority: str) -> None:
    """Whatever has happened so far: what is open is the same where nothing else is asked for, to the last step."""
    policies, some = SHIPPED[authority], 0
    for history in told(authority, 3):
        every = obligations(history, policies)
        alone = obligations(history, policies, open_alone=True)
        assert alone == tuple(each for each in every if each.is_open)
        some += len(alone)
    assert some


def test_a_day_that_is_counted_from_one_that_was_met() -> None:
    """What is counted from the last day of something that is long done keeps its day where it alone is asked for."""
    after = TORBAY.obligations[0].model_copy(
        update={"name": "after", "due": Moment.parse("audit_return.due + 4 weeks"), "met_by": ("audit.closed",)}
    )
    policy = TORBAY.model_copy(update={"obligations": (*TORBAY.obligations, after)})
    life = Life("torbay", "A-1").allocated("2026-01-05").submitted("2026-01-12")
    desk = given(life, policies=Policies("torbay", (policy,)))
    every, alone = (obligations(desk.history("A-1"), desk.policies, open_alone=each) for each in (False, True))
    [one] = [each for each in alone if each.name == "after"]
    assert one.due is not None
    assert one == next(each for each in every if each.name == "after")
