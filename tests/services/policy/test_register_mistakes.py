"""Mistakes in a policy's registers, each found with its key and its rule."""

from pathlib import Path

import pytest

from services.policy_files import check
from tests.edited import edited

MISTAKES = [
    ("a register twice", ("  - name: observation\n", "  - name: dip_sample\n"), "registers.1.name", "defined twice"),
    ("an unknown role", ("    about: [person]", "    by: [postman]\n    about: [person]"), "by.0", "role postman"),
    ("named twice", ("may_name: [child, team]", "may_name: [person]"), "registers.1.may_name.0", "must name a person"),
    ("about nothing known", ("    about: [person]", "    about: [horse]"), "registers.1.about.0", "'child', 'person'"),
    (
        "a step after none",
        (
            "        questions:\n          - {name: evidence",
            "        after: [visit]\n        questions:\n          - {name: evidence",
        ),
        "after.0",
        "not a step that stands above",
    ),
    (
        "an entry's way to nowhere",
        ("{entries: dip_sample, count: 5}", "{entries: dips, count: 5}"),
        "any_of.0.entries",
        "unknown register dips",
    ),
    (
        "a way that asks nothing known",
        ("{entries: dip_sample, count: 5}", "{entries: dip_sample, answered: {mood: good}}"),
        "answered.mood",
        "asks no such question",
    ),
    (
        "a way by an unknown step",
        ("{entries: observation, steps: [reflective_discussion]}", "{entries: observation, steps: [applause]}"),
        "steps.0",
        "knows no step applause",
    ),
    (
        "two ways in one",
        ("{entries: dip_sample, count: 5}", "{entries: dip_sample, item: file}"),
        "entries",
        "not two of them",
    ),
    ("steps of no register", ("{entries: dip_sample, count: 5}", "{count: 5, steps: [shared]}"), "entries", "name it"),
    (
        "items without questions",
        ('    items:\n      - {name: seen, title: "What does the file show on the theme?", source: [SWI-15]}\n', ""),
        "registers.0.items_at_least",
        "there are no items",
    ),
]


@pytest.mark.parametrize(("edit", "key", "rule"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES])
def test_mistakes(tmp_path: Path, edit: tuple[str, str], key: str, rule: str) -> None:
    """Each mistake is named with the file, the line, the key and the rule that it breaks."""
    path = tmp_path / "swindon.yaml"
    path.write_text(edited("swindon", edit), encoding="utf-8")
    _, problems = check(path)
    said = [str(each) for each in problems]
    assert any(key in each and rule in each and f"{path}:" in each for each in said), said


RULES = [
    ("when: {kind: practice_week}", "when: {kind: holiday}", "an entry's rule names its register"),
    ("when: {kind: practice_week}", "when: {kind: practice_week, step: party}", "practice_week knows no step party"),
    ("on: trigger.on - 1 week", "on: trigger.onset - 1 week", "trigger.onset is neither"),
]


@pytest.mark.parametrize(("old", "new", "rule"), RULES)
def test_mistakes_of_rules(tmp_path: Path, old: str, new: str, rule: str) -> None:
    """A rule that an entry starts names a register and a step that the policy knows."""
    path = tmp_path / "torbay.yaml"
    path.write_text(edited("torbay", (old, new)), encoding="utf-8")
    _, problems = check(path)
    assert any(rule in str(each) for each in problems), list(map(str, problems))
