"""Mistakes in the priorities of actions: each is named with its key and the rule that it breaks."""

from pathlib import Path
from re import MULTILINE, finditer

import pytest

from services.policy_files import check, doubts
from tests.edited import Edit
from tests.northmoor.council import FILE

P1 = "{name: P1, confirmed_by: [service_manager]}"


def clock(name: str) -> int:
    """At which place of the file the clock of that name stands."""
    _, begun = FILE.read_text(encoding="utf-8").split("\nobligations:\n")
    return [each.group(1) for each in finditer(r"^  - name: (\w+)$", begun, MULTILINE)].index(name)


def edited(folder: Path, edit: Edit) -> Path:
    old, new = edit
    text = FILE.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    path = folder / "northmoor.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("edit", "key", "said"),
    [
        (("{name: P2}", "{name: P1}"), "actions.priorities.1.name", "the priority P1 is defined twice"),
        ((P1, P1.replace("service_m", "servise_m")), "actions.priorities.0.confirmed_by.0", "unknown role"),
        (
            (P1, P1.replace("service_manager", "director")),
            "actions.priorities.0.confirmed_by.0",
            "director may confirm",
        ),
        (
            ("when: {priority: P2}", "when: {priority: P4}"),
            f"obligations.{clock('action_p2')}.trigger.when.priority",
            "P4",
        ),
        (
            ("met_by: [audit.feedback_recorded]", "met_by: [all actions confirmed]"),
            f"obligations.{clock('family_feedback')}.met_by.0",
            "an action of priority P2 is closed without being confirmed",
        ),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, edit: Edit, key: str, said: str) -> None:
    """A priority twice, a confirmation that nobody could give, and what would be waited for in vain."""
    _, problems = check(edited(tmp_path, edit))
    found = {problem.key: problem.rule for problem in problems}
    assert said in found.get(key, str(found))
    assert key in found


def test_a_priority_without_a_clock_is_doubted(tmp_path: Path) -> None:
    """An action of such a priority would be refused unless its command names a day: that may be meant."""
    found = doubts(edited(tmp_path, ("    - {name: P3}\n", "    - {name: P3}\n    - {name: P9}\n")))
    assert [each.rule for each in found] == ["no clock gives an action of priority P9 a last day"]
