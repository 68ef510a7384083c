"""Mistakes in a form's questions and references, each found with its key and its rule."""

from pathlib import Path

import pytest

from services.policy_files import check
from tests.edited import edited

MISTAKES = [
    ("a question twice", ("- name: plan_states_objectives", "- name: risks"), "tool.questions.1.name", "defined twice"),
    (
        "a choice of nothing",
        ("      kind: yes or no\n      section: Plans", "      kind: choice"),
        "options",
        "its options",
    ),
    (
        "options of a text",
        ("      kind: tags\n", "      options: [drift]\n"),
        "tool.questions.4.options",
        "its options",
    ),
    ("an unknown moment", ("asked_at: [meeting]", "asked_at: [lunch]"), "asked_at.0", "lunch is not one of return"),
    ("an unknown kind", ("kind: tags\n", "kind: essay\n"), "tool.questions.4.kind", "'text', 'yes or no'"),
    ("an unknown section", ("      section: Plans", "      section: Plan"), "tool.questions.1.section", "section Plan"),
    (
        "an unknown type",
        ("kind: tags\n", "kind: tags\n      audit_types: [half]\n"),
        "audit_types.0",
        "unknown type of audit",
    ),
    (
        "an unknown strand",
        ("kind: tags\n", "kind: tags\n      strands: [North]\n"),
        "strands.0",
        "unknown strand North",
    ),
    (
        "a standard of words",
        ("kind: tags\n", "kind: tags\n      at_most: 3\n"),
        "tool.questions.4.at_most",
        "only a number",
    ),
    (
        "a standard that nobody can keep",
        ("kind: tags\n", "kind: number\n      at_least: 4\n      at_most: 3\n"),
        "tool.questions.4.at_most",
        "more than it allows",
    ),
    ("a reference twice", ("- name: meets_good", "- name: exceeds_good"), "tool.references.2.name", "defined twice"),
    ("a reference to nothing", ("beside: Meets Good", "beside: Good"), "tool.references.2.beside", "not a section"),
    (
        "a rule of no look-back",
        ("  lookback: 6 months", "  lookback_rule: fixed"),
        "tool.lookback_rule",
        "no look-back",
    ),
    (
        "a question without its source",
        ("      source: [TOR-169]\n", ""),
        "tool.questions.1.source",
        "this key is lacking",
    ),
]


@pytest.mark.parametrize(("edit", "key", "rule"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES])
def test_mistakes(tmp_path: Path, edit: tuple[str, str], key: str, rule: str) -> None:
    """Each mistake is named with the file, the line, the key and the rule that it breaks."""
    path = tmp_path / "torbay.yaml"
    path.write_text(edited("torbay", edit), encoding="utf-8")
    _, problems = check(path)
    said = [str(each) for each in problems]
    assert any(key in each and rule in each and f"{path}:" in each for each in said), said
