"""Rules that could never do what they say: each is refused with its line, its key and what was probably meant."""

from pathlib import Path

import pytest

from services.policy.written import policies_in
from services.policy_files import check
from services.settings import SHIPPED_POLICIES
from tests.edited import Edit, edited

RETURN = "due: trigger + 4 weeks\n    met_by: [audit.submitted]"
REMINDER = "{name: reminder, on: due - 1 week, kind: reminder, to: [auditor], title: Audit due in one week}"
BRIEFED = "to: [practice_week_members, deputy_director, head_of_safeguarding, head_of_business_support]"
ACTION = "trigger: {events: [action.set]}\n    per: action"
SECOND_TIER = "trigger: {events: [audit.sampled], when: {purpose: second_tier_moderation}}"
WEEK = "trigger: {events: [entry.recorded], when: {kind: practice_week}, repeat: each}"
MODERATED = "trigger: {events: [audit.moderated]}\n    owner: team"
VOLUME = "met_by: [round.dips_recorded]"
CORRECTIVE = "met_by: [obligation.met]\n    met_by_roles: [head_of_service, team_manager]"
PLAN_SHARED = "met_when: {step: shared, with_worker: true, with_manager: true}"

NEAR = 12
"""Lines of one rule: an anchor may put what is wrong a little before or after the words that were edited."""

DEAD: list[tuple[str, Edit, str, str, str]] = [
    (
        "a value that no act has",
        (SECOND_TIER, SECOND_TIER.replace("tier_mod", "tierr_mod")),
        "second_tierr",
        "when.purpose",
        "unknown value of purpose second_tierr_moderation; did you mean second_tier_moderation?",
    ),
    (
        "a type that no audit has",
        (MODERATED, MODERATED.replace("]}", "], audit_types: [ful]}")),
        "[ful]",
        "audit_types.0",
        "unknown type of audit ful; did you mean full?",
    ),
    (
        "a level that no action has",
        (ACTION, ACTION.replace("]}", "], when: {level: P22}}")),
        "P22",
        "when.level",
        "unknown value of level P22; known: child, service, strategic",
    ),
    (
        "a field of another event",
        (WEEK, WEEK.replace("practice_week}", "practice_week, grade: Meets Good}")),
        "grade: Meets",
        "when.grade",
        "no such field or question",
    ),
    (
        "an answer that the question does not have",
        (PLAN_SHARED, PLAN_SHARED.replace("with_manager: true", "with_manager: maybe")),
        "maybe",
        "met_when.with_manager",
        "unknown value of with_manager maybe",
    ),
    (
        "a role that may not act",
        ("  obligation.meet: [team_manager, head_of_service, qa_team]", "  obligation.meet: [qa_team]"),
        CORRECTIVE.splitlines()[1].strip(),
        "met_by_roles.0",
        "head_of_service may not do that: see acts.obligation.meet",
    ),
    (
        "a clock that nobody can meet",
        ("  round.record_dips: [qa_team]\n", ""),
        VOLUME,
        "met_by.0",
        "nobody can meet it: no role has round.record_dips in `acts`",
    ),
    (
        "a clock that nobody can start",
        ("  audit.raise_safety_concern: [auditor, moderator, worker, team_manager, qa_team]\n", ""),
        "trigger: {events: [audit.safety_concern_raised]}",
        "trigger.events.0",
        "nobody may do that: no role has audit.raise_safety_concern in `acts`",
    ),
    (
        "a step for a role that may not",
        (
            "        title: Challenged by the leadership team's panel\n        by: [cscslt, director]",
            "        title: Challenged by the leadership team's panel\n        by: [cscslt, service_leadership_team]",
        ),
        "by: [cscslt, service_leadership_team]",
        "by.1",
        "service_leadership_team may not do that: acts.entry.step does not name it",
    ),
    (
        "no chain",
        ("chain: [team_manager, service_manager, head_of_service, director]", "chain: []"),
        "chain: []",
        "chain",
        "an empty chain: service_manager over auditor of audit_return can be vacant, and nobody stands above",
    ),
    (
        "of child on an entry without one",
        (BRIEFED, "to: [team_manager of child]"),
        "to: [team_manager of child]",
        "to.0",
        "team_manager of child: an entry of practice_week names no child; say `of about`",
    ),
    (
        "a person that an entry has not",
        (BRIEFED, "to: [auditor]"),
        "title: Practice Week in one week",
        "to.0",
        "auditor: an entry of practice_week names no auditor",
    ),
    (
        "a place that an entry has not",
        (BRIEFED, "to: [team_manager of about]"),
        "to: [team_manager of about]",
        "to.0",
        "team_manager of about: an entry of practice_week names no team",
    ),
    (
        "a reminder after the due date",
        (REMINDER, REMINDER.replace("due - 1", "due + 1")),
        "on: due + 1 week",
        "ladder.0.kind",
        "a reminder comes before the due date: after it, say notice or escalation",
    ),
    (
        "a date of another record",
        (RETURN, RETURN.replace("trigger +", "round.planned +")),
        "round.planned + 4 weeks",
        "due",
        "round.planned never happens to what the rule is about",
    ),
    (
        "met by what happens elsewhere",
        (RETURN, RETURN.replace("[audit.submitted]", "[audit.submitted, round.planned]")),
        "[audit.submitted, round.planned]",
        "met_by.1",
        "round.planned never happens to what the rule is about",
    ),
    (
        "a ladder that nobody watches",
        (MODERATED, MODERATED.replace("audit.moderated", "indicator.recorded")),
        "indicator.recorded",
        "ladder",
        "nothing is ever sent about the record of an indicator",
    ),
    (
        "a grade of an entry",
        (WEEK, WEEK.replace("repeat: each", "grade: lowest")),
        "practice_week}, grade: lowest",
        "trigger.grade",
        "only an audit has that: the record of an entry has not",
    ),
    (
        "repeats of an action",
        (ACTION, ACTION.replace("]}", "], repeat: restart}")),
        "repeat: restart",
        "trigger.repeat",
        "each action has its own clock",
    ),
    (
        "a grade that an action's clock lives by",
        (ACTION, f"{ACTION}\n    while_grade: lowest"),
        "per: action\n    while_grade",
        "while_grade",
        "an action's clock goes on whatever the grade becomes",
    ),
    (
        "a pause of an action",
        (ACTION, f"{ACTION}\n    paused_by_agreed_date: true"),
        "per: action\n    paused",
        "paused_by_agreed_date",
        "a later date starts an action's clock anew",
    ),
    (
        "a notice raised again",
        (REMINDER, REMINDER.replace("kind: reminder", "kind: reminder, repeat_hours: 1")),
        "repeat_hours: 1",
        "repeat_hours",
        "a reminder cannot be acknowledged",
    ),
    (
        "a sum by somebody",
        (VOLUME, f"{VOLUME}\n    met_by_roles: [qa_team]"),
        "met_by_roles: [qa_team]",
        "met_by_roles",
        "numbers are added up whoever did it and whenever",
    ),
    (
        "a stage of a return",
        (MODERATED, MODERATED.replace("]}", "], stage: audit}")),
        "stage: audit",
        "trigger.stage",
        "audit.moderated has no stage: only an action has",
    ),
    (
        "a misspelt key",
        ("paused_by_agreed_date: true", "paused_by_agreed_dates: true"),
        "paused_by_agreed_dates",
        "paused_by_agreed_dates",
        "no such key; did you mean paused_by_agreed_date?",
    ),
    (
        "a misspelt key of a step",
        (REMINDER, REMINDER.replace("title:", "titel:")),
        REMINDER[:16],
        "ladder.0.titel",
        "no such key; did you mean title?",
    ),
    (
        "a number as the name of a version",
        ('version: "1"', "version: 1"),
        "version: 1",
        "version",
        '1 is read as a number: quote it, "1"',
    ),
    (
        "a truth value as a grade",
        ("    - Exceeds Good\n", "    - true\n"),
        "    - true\n",
        "grades.overall.0",
        'true is read as yes or no: quote it, "true"',
    ),
]


@pytest.mark.parametrize(("edit", "mark", "key", "rule"), [pytest.param(*each[1:], id=each[0]) for each in DEAD])
def test_a_dead_rule_is_named(edit: Edit, mark: str, key: str, rule: str, tmp_path: Path) -> None:
    """It is found in its rule's lines, with the key and the rule."""
    text = edited("torbay", edit)
    path = tmp_path / "torbay.yaml"
    path.write_text(text, encoding="utf-8")
    problems = check(path)[1]
    found = [each for each in problems if each.key.endswith(key) and each.rule.startswith(rule)]
    assert found, [str(each) for each in problems]
    line = int(found[0].where.removeprefix(f"{path}:"))
    assert abs(line - (text[: text.index(mark)].count("\n") + 1)) <= NEAR


@pytest.mark.parametrize("path", policies_in(SHIPPED_POLICIES), ids=lambda path: path.stem)
def test_no_shipped_rule_is_dead(path: Path) -> None:
    """Every rule of the five frameworks can start, be met by somebody who may, and tell somebody whom it can name."""
    assert [str(each) for each in check(path)[1]] == []
