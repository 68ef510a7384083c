"""Mistakes in the settings around the audit itself: who chooses, what is sampled, who may be exempt, who disputes."""

from pathlib import Path

import pytest

from events.errors import PolicyError
from services.policy_files import check, load
from tests.edited import Edit, edited

TYPES: Edit = ("  types: [full]\n", "  types: [full]\n  form_types: [thin]\n")
CLOSING = "closing:\n  file_after_feedback: true "
ROLES = "    met_by_roles: [head_of_service, team_manager]\n"


def at_top(text: str) -> Edit:
    """A setting that Torbay's file does not have."""
    return CLOSING, f"{text}\n\n{CLOSING}"


MISTAKES: list[tuple[str, str, Edit, str, str]] = [
    ("form types", "torbay", TYPES, "tool.form_types.0", "unknown type of audit thin"),
    ("open since", "torbay", at_top("selection: {min_open: {thin: 4 weeks}}"), "selection.min_open.thin", "thin"),
    (
        "open for ever",
        "torbay",
        at_top("selection: {min_open: {full: ages}}"),
        "selection.min_open.full",
        "not a valid span",
    ),
    ("chosen for nothing", "torbay", at_top("selection: {by: {thin: qa_team}}"), "selection.by.thin", "type of audit"),
    ("chosen by nobody", "torbay", at_top("selection: {by: {full: mayor}}"), "selection.by.full", "unknown role mayor"),
    (
        "audited for nothing",
        "torbay",
        at_top("selection: {auditors: {thin: [iro]}}"),
        "selection.auditors.thin",
        "type of",
    ),
    (
        "feedback that nobody may gather",
        "halton",
        ("tool:\n", "tool:\n  feedback_not_by_auditor: true\n"),
        "tool.feedback_not_by_auditor",
        "nobody could gather it: acts.audit.record_feedback names the auditor alone",
    ),
    (
        "audited by nobody",
        "torbay",
        at_top("selection: {auditors: {full: []}}"),
        "selection.auditors.full",
        "the list is empty",
    ),
    (
        "audited by a stranger",
        "halton",
        ("[practice_lead, irm, principal_manager, aspiring_manager]", "[practice_lead, aspiring_leader]"),
        "selection.auditors.deep dive.1",
        "unknown role aspiring_leader",
    ),
    (
        "given by chance to who may not",
        "torbay",
        at_top("selection: {auditors: {full: [team_manager]}}"),
        "rounds.assignment.posts.1",
        "service_manager makes no audits",
    ),
    ("months", "torbay", at_top("months: {one_per_team: [thin]}"), "months.one_per_team.0", "unknown audit type thin"),
    ("months of nothing", "torbay", at_top("months: {per: team}"), "months.per", "write 'authority' or 'service'"),
    (
        "always drawn",
        "torbay",
        ("share: 0, marked", "share: 0, always: awful, marked"),
        "samples.0.always",
        "unknown set of grades awful",
    ),
    (
        "drawn of nothing",
        "torbay",
        ("share: 0, marked", "share: 0, types: [thin], marked"),
        "samples.0.types.0",
        "unknown audit type thin",
    ),
    (
        "too large a share",
        "torbay",
        ("share: 0, marked", "share: 101, marked"),
        "samples.0.share",
        "or less",
    ),
    (
        "met by nobody",
        "torbay",
        (ROLES, ROLES.replace("team_manager", "mayor")),
        "met_by_roles.1",
        "unknown role mayor",
    ),
    (
        "met when nothing is said",
        "torbay",
        (ROLES, f"{ROLES}    met_when: {{mood: good}}\n"),
        "met_when.mood",
        "no such field or question",
    ),
    (
        "started when nothing is said",
        "torbay",
        ("when: {purpose: second_tier_moderation}", "when: {weather: fine}"),
        "trigger.when.weather",
        "no such field or question",
    ),
    (
        "exempt at nobody's request",
        "southwark",
        ("  requested_by: head_of_service", "  requested_by: mayor"),
        "exemption.requested_by",
        "unknown role mayor",
    ),
    (
        "exempt without grounds",
        "southwark",
        ("  grounds: [annual leave, sick leave]\n", ""),
        "exemption.grounds",
        "this key is lacking",
    ),
    (
        "disputed before nobody",
        "southwark",
        ("dispute_chain: [social_worker,", "dispute_chain: [mayor,"),
        "dispute_chain.0",
        "unknown role mayor",
    ),
    (
        "disputed in a circle",
        "southwark",
        ("dispute_chain: [social_worker, practice_group_lead,", "dispute_chain: [social_worker, director,"),
        "dispute_chain.3",
        "comes back to director",
    ),
    (
        "allocations of nothing",
        "southwark",
        ("audit_types: [case file], counted_when: allocated", "counted_when: allocated"),
        "counted_when",
        "name their types",
    ),
]


@pytest.mark.parametrize(
    ("authority", "edit", "key", "rule"), [pytest.param(*each[1:], id=each[0]) for each in MISTAKES]
)
def test_a_mistake_is_named(authority: str, edit: Edit, key: str, rule: str, tmp_path: Path) -> None:
    """Each is found with its key and its rule, and the file is not taken."""
    path = tmp_path / f"{authority}.yaml"
    path.write_text(edited(authority, edit), encoding="utf-8")
    found = [each for each in check(path)[1] if each.key.endswith(key)]
    assert found, check(path)[1]
    assert rule in found[0].rule
    assert found[0].where.startswith(f"{path}:")
    with pytest.raises(PolicyError):
        load(path)
