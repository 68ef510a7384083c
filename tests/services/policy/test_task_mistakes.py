"""Mistakes in a policy's tasks: each is refused with its file and line, the key, and the rule that it breaks."""

from pathlib import Path

import pytest

from services.policy_files import check
from tests.edited import edited
from tests.services.policy.mistakes import Mistake

OWNER = "    source: [ESX-1.5]\n    owner: dcs\n"
QUARTERLY = f"{OWNER}    clocks: [{{every: quarter}}]\n"
SUMMARY = "    trigger: {events: [duty.recorded], when: {duty: t3_3}, repeat: each}\n"
FURTHER = """
  - name: written_up
    title: What was done, written up
    source: [TEST-1]
    trigger: {events: [duty.recorded], when: {duty: t3_3}}
    owner: actor
    due: trigger + 1 week
    met_by: [duty.recorded]
"""
OBLIGATIONS = "\nobligations:\n"
AUDITED = "audit_types: [safeguarding deep dive], reports_to: [head_of_service]"
SAMPLE = "any_of: [{percent: 10, percent_of: [team file], item: scrutinised file}]"


MISTAKES = [
    Mistake(
        "an unknown owner",
        OWNER,
        OWNER.replace("dcs", "director"),
        "owner: director",
        "duties.0.owner",
        "unknown role director",
    ),
    Mistake(
        "a task twice",
        "- name: t1_6\n",
        "- name: t1_5\n",
        "- name: t1_5\n    title: One-to-one",
        "duties.1.name",
        "the programme task t1_5 is defined twice",
    ),
    Mistake(
        "a standing task twice",
        "- name: t1_2\n",
        "- name: t1_5\n",
        "- name: t1_5\n    title: Political",
        "standing.1.name",
        "the programme task t1_5 is defined twice",
    ),
    Mistake(
        "an unknown period",
        QUARTERLY,
        QUARTERLY.replace("quarter", "fortnight"),
        "fortnight",
        "duties.0.clocks.0.every",
        "write 'month', 'two months', 'quarter', 'third', 'half year', 'year' or 'calendar year'",
    ),
    Mistake(
        "no clock",
        QUARTERLY,
        f"{OWNER}    clocks: []\n",
        "clocks: []",
        "duties.0.clocks",
        "the list is empty: write one at least",
    ),
    Mistake(
        "no source",
        "source: [ESX-1.5]",
        "source: []",
        "source: []",
        "duties.0.source",
        "the list is empty: write one at least",
    ),
    Mistake(
        "an unknown body",
        "reports_to: [cabinet, cpp]",
        "reports_to: [cabinet, senate]",
        "senate",
        "duties.4.clocks.0.reports_to.1",
        "unknown role senate",
    ),
    Mistake(
        "a month that is none",
        "year_start: 4",
        "year_start: 13",
        "year_start",
        "calendar.year_start",
        "write 12 or less",
    ),
    Mistake(
        "persons without their posts",
        QUARTERLY,
        f"{QUARTERLY}    per: person\n",
        "- name: t1_5\n",
        "duties.0.people",
        "`per: person` needs the posts",
    ),
    Mistake(
        "posts without persons",
        QUARTERLY,
        f"{QUARTERLY}    people: [practitioner]\n",
        "people: [practitioner]\n\n",
        "duties.0.people",
        "`per: person` needs the posts",
    ),
    Mistake(
        "a group of holders",
        "owner: panel_chairs\n",
        "owner: panel_chairs\n    per: holder\n",
        "per: holder\n    clocks:\n",
        "duties.27.per",
        "panel_chairs is a group: it has no holders",
    ),
    Mistake(
        "a pair without a service",
        QUARTERLY,
        f"{QUARTERLY}    per: other team\n",
        "per: other team\n\n  - name: t1_6",
        "duties.0.per",
        "dcs belongs to no service",
    ),
    Mistake(
        "named without a person",
        QUARTERLY,
        f"{QUARTERLY}    named_as: worker\n",
        "named_as: worker",
        "duties.0.named_as",
        "only a programme task per person or holder",
    ),
    Mistake(
        "a skip of everything",
        QUARTERLY,
        f"{QUARTERLY}    skip_grounds: [none]\n",
        "skip_grounds: [none]",
        "duties.0.skip_grounds",
        "a programme task of the whole authority has no single row",
    ),
    Mistake(
        "no areas",
        "areas: [county]",
        "areas: []",
        "per: area",
        "duties.48.per",
        "a programme task per area needs areas",
    ),
    Mistake(
        "an unknown type of audit",
        AUDITED,
        AUDITED.replace("safeguarding", "shallow"),
        "shallow deep dive",
        "duties.24.clocks.0.audit_types.0",
        "unknown type of audit shallow deep dive",
    ),
    Mistake(
        "audits and records at once",
        AUDITED,
        f"{AUDITED}, item: report",
        "item: report",
        "duties.24.clocks.0.audit_types",
        "audits count, or what was recorded",
    ),
    Mistake(
        "two places for what counts",
        SAMPLE,
        f"{SAMPLE}, count: 2",
        "file}], count: 2",
        "duties.32.clocks.0.any_of",
        "what counts stands in its ways",
    ),
    Mistake(
        "a share of nothing",
        SAMPLE,
        SAMPLE.replace(", percent_of: [team file]", ""),
        "percent: 10",
        "duties.32.clocks.0.any_of.0.percent",
        "`percent` and `percent_of` belong together",
    ),
    Mistake(
        "an unknown further file",
        "team further file: {of: team file, same: team}",
        "team further file: {of: teem file, same: team}",
        "teem file",
        "tool.further_files.team further file",
        "unknown type of audit teem file",
    ),
    Mistake(
        "a rule of an unknown task",
        SUMMARY,
        SUMMARY.replace("t3_3", "t3_33"),
        "t3_33",
        "alerts.2.trigger.when.duty",
        "unknown programme task t3_33",
    ),
    Mistake(
        "a rule of activities that names an auditor",
        OBLIGATIONS,
        "\nobligations:" + FURTHER.replace("owner: actor", "owner: auditor") + "\n",
        "owner: auditor\n    due: trigger + 1 week",
        "obligations.0.owner",
        "auditor: what is done towards a programme task names no such person",
    ),
    Mistake(
        "an activity with an auditor's manager",
        "to: [head_of_service over actor]",
        "to: [head_of_service over auditor]",
        "head_of_service over auditor",
        "alerts.2.ladder.0.to.0",
        "head_of_service over auditor: what is done towards a programme task names no such person",
    ),
    Mistake(
        "an audit about a team",
        "        to: [operations_manager over auditor]\n",
        "        to: [operations_manager of about]\n",
        "operations_manager of about",
        "alerts.0.ladder.0.to.0",
        "operations_manager of about: an audit is about nobody but its child",
    ),
    Mistake(
        "activities met by audits",
        OBLIGATIONS,
        "\nobligations:" + FURTHER.replace("duty.recorded]\n", "audit.submitted]\n") + "\n",
        "met_by: [audit.submitted]\n\n",
        "obligations.0.met_by.0",
        "audit.submitted happens to audits",
    ),
    Mistake(
        "activities and audits start one rule",
        SUMMARY,
        SUMMARY.replace("[duty.recorded]", "[duty.recorded, audit.submitted]"),
        "[duty.recorded, audit.submitted]",
        "alerts.2.trigger.events",
        "events of programme tasks and of audits do not start one rule",
    ),
    Mistake(
        "moderations of no type",
        QUARTERLY,
        QUARTERLY.replace("quarter", "quarter, counted_when: moderated"),
        "counted_when: moderated",
        "duties.0.clocks.0.counted_when",
        "only audits are allocated or moderated: name their types",
    ),
    Mistake(
        "an act given to an actor",
        "  audit.share: [auditor, qa_team]",
        "  audit.share: [actor, qa_team]",
        "audit.share",
        "acts.audit.share.0",
        "unknown role actor",
    ),
]


@pytest.mark.covers("ESX-N20")
@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda each: each.id)
def test_a_mistake_is_named(mistake: Mistake, tmp_path: Path) -> None:
    """Each mistake is refused with the file and line where it stands, the key, and the rule."""
    text = edited("east-sussex", (mistake.old, mistake.new))
    path = tmp_path / "east-sussex.yaml"
    path.write_text(text, encoding="utf-8")
    _, problems = check(path)
    found = [problem for problem in problems if problem.key == mistake.key]
    assert found, [str(problem) for problem in problems]
    assert mistake.mark in text
    assert found[0].where == f"{path}:{text[: text.index(mistake.mark)].count(chr(10)) + 1}"
    assert found[0].rule.startswith(mistake.rule)
