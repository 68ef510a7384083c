"""Mistakes in a policy's rounds: each is refused with its file and line, the key, and the rule that it breaks."""

from pathlib import Path

import pytest

from services.policy_files import check
from tests.edited import edited
from tests.services.policy.mistakes import Mistake

SHORTFALL = '        title: "{done} of {wanted} dip samples"'
DIPS = "    - {name: dips, size: 200, at_most: 350,"

MISTAKES = [
    Mistake(
        "an unknown approver",
        "approvals: [director, head_of_service]    #",
        "approvals: [director, bishop]    #",
        "approvals: [director, bishop]",
        "rounds.approvals.1",
        "unknown role bishop",
    ),
    Mistake(
        "data of nobody",
        "data_from: intelligence_and_performance",
        "data_from: the_cloud",
        "data_from: the_cloud",
        "rounds.data_from",
        "unknown role the_cloud",
    ),
    Mistake(
        "an unknown type that counts",
        "counted_types: [full]",
        "counted_types: [half]",
        "counted_types: [half]",
        "rounds.counted_types.0",
        "unknown type of audit half",
    ),
    Mistake(
        "a service that no month audits",
        "      - [SARS, CWD, Exploitation]",
        "      - [SARS, Exploitation]",
        "service_areas:",
        "rounds.service_areas.3",
        "CWD is left out of the rotation",
    ),
    Mistake(
        "a cycle that does not fit the year",
        "      - [SARS, CWD, Exploitation]\n",
        "      - [SARS]\n      - [CWD]\n      - [Exploitation]\n",
        "    months:\n      - [Early Help",
        "rounds.rotation.months",
        "a cycle must go evenly into the year",
    ),
    Mistake(
        "a month that there is not",
        "    first_month: 4",
        "    first_month: 13",
        "first_month: 13",
        "rounds.rotation.first_month",
        "write 12 or less",
    ),
    Mistake(
        "a draw twice",
        DIPS,
        DIPS.replace("dips", "audits"),
        "- {name: audits, size: 200",
        "rounds.draws.1.name",
        "the draw audits is defined twice",
    ),
    Mistake(
        "a range upside down",
        DIPS,
        DIPS.replace("350", "100"),
        "- {name: dips",
        "rounds.draws.1.at_most",
        "100 is less than its usual size of 200",
    ),
    Mistake(
        "strata that nobody knows",
        "methods: [random], spread: worker",
        "methods: [random, stratified], spread: worker",
        "- {name: similar",
        "rounds.draws.2.strata",
        "a stratified draw needs to know its strata",
    ),
    Mistake(
        "one of each, and a spread",
        "methods: [random], spread: worker",
        "one_of_each: team, spread: worker",
        "- {name: similar",
        "rounds.draws.2.one_of_each",
        "one of each is drawn at random, and is a spread by itself",
    ),
    Mistake(
        "an unknown method",
        "methods: [random], spread: worker",
        "methods: [by hand], spread: worker",
        "- {name: similar",
        "rounds.draws.2.methods.0",
        "write 'random', 'systematic' or 'stratified'",
    ),
    Mistake(
        "an unknown trait",
        "methods: [random], spread: worker",
        "methods: [random], spread: hair",
        "- {name: similar",
        "rounds.draws.2.spread",
        "write 'service', 'team', 'worker' or 'strand'",
    ),
    Mistake(
        "files for a post that there is not",
        "posts: [head_of_service, service_manager, team_manager,",
        "posts: [head_of_service, gardener, team_manager,",
        "posts: [head_of_service, gardener",
        "rounds.assignment.posts.1",
        "unknown role gardener",
    ),
    Mistake(
        "files for a group",
        "posts: [head_of_service, service_manager, team_manager,",
        "posts: [head_of_service, qa_team, team_manager,",
        "posts: [head_of_service, qa_team",
        "rounds.assignment.posts.1",
        "qa_team is a group: it has no holders",
    ),
    Mistake(
        "a place in a title that is never filled",
        SHORTFALL,
        SHORTFALL.replace("{done}", "{few}"),
        '        title: "{few} of',
        "obligations.11.ladder.0.title",
        "unknown place {few}; known: areas, done, ends",
    ),
    Mistake(
        "a sum of what is not a valid number",
        "    met_by: [round.dips_recorded]",
        "    met_by: [round.approved]",
        "    met_by: [round.approved]",
        "obligations.11.met_by.0",
        "round.approved has no number count to add up",
    ),
    Mistake(
        "a date that the round does not carry",
        "    due: trigger.starts - 2 weeks",
        "    due: trigger.begins - 2 weeks",
        "due: trigger.begins",
        "obligations.7.due",
        "trigger.begins is neither the trigger nor an event",
    ),
    Mistake(
        "an auditor of a round",
        "    owner: head_of_service of about\n    due: none stated\n    met_by: [round.enquiries_added]",
        "    owner: auditor\n    due: none stated\n    met_by: [round.enquiries_added]",
        "    owner: auditor\n    due: none stated\n    met_by: [round.enq",
        "obligations.9.owner",
        "auditor: what happens to a round names no such person; say `of about`",
    ),
    Mistake(
        "rounds and audits in one rule",
        "    trigger: {events: [round.planned]}",
        "    trigger: {events: [round.planned, audit.closed]}",
        "trigger: {events: [round.planned, audit.closed]}",
        "obligations.9.trigger.events",
        "events of rounds and of audits do not start one rule",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda each: each.id)
def test_a_mistake_is_named(mistake: Mistake, tmp_path: Path) -> None:
    """Each mistake is refused with the file and line where it stands, the key, and the rule."""
    text = edited("torbay", (mistake.old, mistake.new))
    path = tmp_path / "torbay.yaml"
    path.write_text(text, encoding="utf-8")
    _, problems = check(path)
    found = [problem for problem in problems if problem.key == mistake.key]
    assert found, [str(problem) for problem in problems]
    line = text[: text.index(mistake.mark)].count("\n") + 1
    assert found[0].where == f"{path}:{line}"
    assert found[0].rule.startswith(mistake.rule)
