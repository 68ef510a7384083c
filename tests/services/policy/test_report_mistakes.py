"""Mistakes in a policy's reports: each is refused with its file and line, the key, and the rule that it breaks."""

from pathlib import Path

import pytest

from services.modules import CATALOGUE
from services.policy.describe.changes import changes
from services.policy.describe.framework import statements
from services.policy_files import check
from tests.edited import edited

HEAD = """
reports:
  - name: monthly
    title: Monthly report
    source: [TOR-133]
    made_by: qa_team
    audience: [director, Improvement Board]
    every: month
    due: 4 days
    sections:
      - name: audits
        title: Audits
        show:
          - {block: audits, count: [returned]}
"""
SHIPPED = edited("torbay").split("\nreports:\n", maxsplit=1)[0]

OF_REPORT = [
    ("made_by: qa_team", "made_by: qa_tem", "made_by", "unknown role qa_tem; did you mean qa_team?"),
    ("[director, Improvement", "[lead_auditr, Improvement", "audience.0", "unknown role lead_auditr; did you mean"),
    ("[director, Improvement", "[directr, Improvement", "audience.0", "unknown role directr; did you mean director?"),
    (
        "[director, Improvement",
        "[Director of Children's Services, Improvement",
        "audience.0",
        "that is the title of director: say director",
    ),
    ("made_by: qa_team", "made_by: cp_chair", "made_by", "cp_chair may not do that: acts.report.issue does not name"),
    ("    every: month\n", "", "due", "what is made on request has no day on which it is due: say `every`"),
    ("    due: 4 days\n", "", "due", "say how long after the end of each period it is due, such as `4 days`"),
    ("due: 4 days", "due: 4 days\n    meets: nothing_at_all", "meets", "unknown programme task nothing_at_all"),
    (
        "due: 4 days",
        "due: 4 days\n    from_other_service: true",
        "from_other_service",
        "only a report of each team is made by a post of another service",
    ),
    ("due: 4 days", "due: 4 moons", "due", "'4 moons' is not a valid span"),
    ("every: month", "every: fortnight", "every", "write 'month'"),
]
OF_BLOCK = [
    ("{block: audits, count: [returnd]}", "count.0", "write 'allocated'"),
    ("{block: audits, count: [returned], by: wing}", "by", "write 'team'"),
    ("{block: audits, count: [returned], colour: red}", "colour", "no such key"),
    ("{block: audits, count: [returned], types: [dip]}", "types.0", "unknown type of audit dip"),
    ("{block: audits, count: [returned], graded: fine}", "graded", "unknown set of grades fine"),
    ("{block: audits, count: [returned], at_least: {closed: 3}}", "at_least.closed", "closed is not counted here"),
    ("{block: grades, of: sections, sections: [Risks]}", "sections.0", "unknown section Risks; did you mean Risk?"),
    ("{block: grades, reaching: [Good]}", "reaching.0", "unknown grade Good"),
    ("{block: grades, of: sections, by: team}", "by", "one of the three"),
    ("{block: entries, of: dip_samples}", "of", "unknown register dip_samples; did you mean dip_sample?"),
    ("{block: entries, of: dip_sample, steps: [don]}", "steps.0", "unknown step don"),
    ("{block: entries, of: dip_sample, answers: [scoop]}", "answers.0", "unknown question scoop; did you mean scope?"),
    ("{block: entries, of: dip_sample, answers: [scope]}", "answers.0", "is a text: nobody can count it"),
    (
        "{block: entries, of: plan_rating, answered: {rating: blue}}",
        "answered.rating",
        "unknown value of rating blue; known: amber, green, red",
    ),
    ("{block: actions, count: [set], registers: [plans]}", "registers.0", "unknown register plans"),
    ("{block: themes, questions: [theme]}", "questions.0", "unknown question theme; did you mean themes?"),
    ("{block: indicators, names: [visits]}", "names.0", "unknown indicator visits"),
    ("{block: indicators, baskets: [Voices]}", "baskets.0", "unknown basket Voices"),
    ("{block: escalations, rules: [actions]}", "rules.0", "unknown obligation actions; did you mean action?"),
    ("{block: listing, audits: returned, actions: open}", "", "say one of `audits`, `entries` and `actions`"),
    ("{block: listing, audits: returned, of: audits}", "of", "only a list of actions is of audits or of entries"),
    ("{block: trend, line: {block: audits, count: [returned], by: team}}", "line.by", "a trend follows totals"),
    ("{block: narrative, name: said, role: boss}", "role", "unknown role boss"),
    (
        "{block: narrative, name: said, role: cp_chair}",
        "role",
        "cp_chair may not do that: acts.report.comment does not name it",
    ),
    ("{block: trend, line: {block: audits, count: [gone]}}", "line.count.0", "write 'allocated'"),
    ("{block: audit, count: [returned]}", "", "'audits'"),
]

OF_LADDER = [
    ({"on": "due - 2 weeks"}, "on", "before the period is over: it is due 4 days after its end"),
    ({"on": "trigger - 1 day"}, "on", "before the period is over, when nothing is owed yet"),
    ({"on": "due + 1 day"}, "kind", "a reminder comes before the due date"),
    ({"on": "gone"}, "on", "gone is neither trigger, due"),
    ({"to": "[actor]"}, "to.0", "actor: a period ends by itself, and nobody has done it"),
    ({"to": "[auditor]"}, "to.0", "auditor: a report names no such person"),
    ({"to": "[qa_tem]"}, "to.0", "unknown recipient qa_tem; did you mean qa_team?"),
    ({"to": "[team_manager of about]"}, "to.0", "a report of the whole authority is about no unit"),
    ({"title": "Due {when}"}, "title", "unknown place {when}"),
]


def said(tmp_path: Path, text: str) -> list[tuple[str, str, str]]:
    path = tmp_path / "torbay.yaml"
    path.write_text(text, encoding="utf-8")
    return [(error.where.rpartition(":")[2], error.key, error.rule) for error in check(path)[1]]


@pytest.mark.parametrize(("old", "new", "key", "rule"), OF_REPORT, ids=[each[2] + each[1][:12] for each in OF_REPORT])
def test_a_mistake_in_a_report(tmp_path: Path, old: str, new: str, key: str, rule: str) -> None:
    """The key and the rule, at the line of the report or of the key."""
    assert HEAD.count(old) == 1
    ((_, found, why),) = said(tmp_path, SHIPPED + HEAD.replace(old, new))
    assert found == f"reports.0.{key}"
    assert rule in why


def laddered(**said: str) -> str:
    """The report with a reminder, in which something is said otherwise."""
    step = {"name": "soon", "on": "due - 1 day", "kind": "reminder", "to": "[qa_team]", "title": "Due"} | said
    told = ", ".join(f"{key}: {value!r}" if key == "title" else f"{key}: {value}" for key, value in step.items())
    return HEAD.replace("    sections:", f"    ladder:\n      - {{{told}}}\n    sections:")


@pytest.mark.parametrize(("wrong", "key", "rule"), OF_LADDER, ids=[str(each[0]) for each in OF_LADDER])
def test_a_mistake_in_a_ladder(tmp_path: Path, wrong: dict[str, str], key: str, rule: str) -> None:
    """The steps of a report are checked as those of any other ladder, and begin when its period is over."""
    ((_, found, why),) = said(tmp_path, SHIPPED + laddered(**wrong))
    assert found == f"reports.0.ladder.0.{key}"
    assert rule in why


def test_a_ladder_without_a_day(tmp_path: Path) -> None:
    """What is made on request is owed by no day, and what has the name of an obligation is refused."""
    on_request = laddered().replace("    every: month\n    due: 4 days\n", "")
    assert ("reports.0.ladder", "what is made on request is owed by no day: say `every` and `due`") in [
        each[1:] for each in said(tmp_path, SHIPPED + on_request)
    ]
    ((_, key, why),) = said(tmp_path, SHIPPED + laddered().replace("name: monthly", "name: action"))
    assert (key, "has that name" in why) == ("reports.0.name", True)


def test_a_ladder_is_said(tmp_path: Path) -> None:
    """`policy show` says each step, and nothing where there is none; `policy diff` what was changed of it."""
    path, later = tmp_path / "torbay.yaml", tmp_path / "later.yaml"
    path.write_text(SHIPPED + laddered(), encoding="utf-8")
    later.write_text(SHIPPED + HEAD, encoding="utf-8")
    policy, other = check(path)[0], check(later)[0]
    assert policy is not None
    assert other is not None
    words = [each.words for each in statements(policy, CATALOGUE.known) if each.key[:2] == ("reports", "monthly")]
    assert "Reminder to QA Team 1 day before it is due, at 08:00: “Due”" in words
    (removed,) = changes(policy, other, CATALOGUE.known)
    assert (removed.what, removed.before[:19]) == ("removed", "Reminder to QA Team")


@pytest.mark.parametrize(("block", "key", "rule"), OF_BLOCK, ids=[each[0] for each in OF_BLOCK])
def test_a_mistake_in_a_block(tmp_path: Path, block: str, key: str, rule: str) -> None:
    """The key in the block and the rule, at the line of the block; whatever kind of block it is."""
    text = SHIPPED + HEAD.replace("{block: audits, count: [returned]}", block)
    line = 1 + text[: text.index(f"- {block}")].count("\n")
    problems = said(tmp_path, text)
    where, found, why = problems[0]
    assert (where, found) == (str(line), ".".join(filter(None, ("reports.0.sections.0.show.0", key))))
    assert rule in why


def test_twice(tmp_path: Path) -> None:
    """Two reports, two sections and two texts of one name are refused."""
    second = HEAD.replace("\nreports:\n", "")
    assert said(tmp_path, SHIPPED + HEAD + second)[0][1:] == ("reports.1.name", "the report monthly is defined twice")
    text = "          - {block: narrative, name: said, role: director}\n"
    assert said(tmp_path, SHIPPED + HEAD + text + text)[0][2] == "the text said is asked for twice"


def test_what_is_said_is_all_that_is_set(tmp_path: Path) -> None:
    """Each knob of a block stands in the words of `policy show`; a changed one in those of `policy diff`."""
    path, later = tmp_path / "torbay.yaml", tmp_path / "later.yaml"
    knobs = "count: [returned, overdue], by: team, types: [full], reaudits: left out, at_least: {returned: 20}"
    path.write_text(SHIPPED + HEAD.replace("count: [returned]", knobs), encoding="utf-8")
    later.write_text(SHIPPED + HEAD, encoding="utf-8")
    policy, other = check(path)[0], check(later)[0]
    assert policy is not None
    assert other is not None
    words = [each.words for each in statements(policy, CATALOGUE.known) if each.key[:2] == ("reports", "monthly")]
    assert "Made by QA Team" in words
    assert "For Director of Children's Services and Improvement Board" in words
    assert "Made every month, due 4 days after its last day" in words
    counted = "how many were returned and overdue; by team; at least 20 returned are asked for"
    shown = f"of type full; re-audits left out; {counted}"
    assert any(each.startswith(f"Audits: Audits {shown}") for each in words)
    (change,) = changes(policy, other, CATALOGUE.known)
    assert "how many were returned" in change.after
