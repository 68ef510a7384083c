"""What a policy asks for must be able to happen: a value is held to its field, a name to those there are."""

from pathlib import Path

import pytest

from services.policy_files import check
from tests.edited import edited

VALUES = {
    "yes for a question": (
        ("southwark", "when: {kind: complaint, urgent: true}", "when: {kind: complaint, urgent: yes}"),
        ("alerts.3.trigger.when.urgent", "unknown value of urgent yes; did you mean true?"),
    ),
    "a misspelt outcome": (
        ("swindon", "when: {outcome: changed}", "when: {outcome: chnaged}"),
        ("alerts.1.trigger.when.outcome", "unknown value of outcome chnaged; did you mean changed?"),
    ),
    "yes for what a task counts": (
        ("halton", "answered: {family_asked: true}", "answered: {family_asked: yes}"),
        ("duties.6.clocks.0.answered.family_asked", "unknown value of family_asked yes; did you mean true?"),
    ),
    "a misspelt answer of a task": (
        ("southwark", "answered: {programme: peer observation}", "answered: {programme: peer observatoin}"),
        ("duties.1.clocks.0.answered.programme", "peer observatoin; did you mean peer observation?"),
    ),
    "a misspelt answer of a report": (
        (
            "southwark",
            "answered: {observer: senior manager}, by: team",
            "answered: {observer: senior manger}, by: team",
        ),
        ("reports.12.sections.0.show.0.answered.observer", "senior manger; did you mean senior manager?"),
    ),
    "an obligation that there is not": (
        ("halton", "when: {obligation: action_tracker}", "when: {obligation: action_trackr}"),
        ("alerts.6.trigger.when.obligation", "action_trackr; did you mean action_tracker?"),
    ),
    "a number to compare a number with": (
        ("swindon", "when: {outcome: changed}", "when: {sections: 3}"),
        ("alerts.1.trigger.when.sections", "sections is no single word: no value can be asked for"),
    ),
    "a text that is sealed": (
        ("swindon", "when: {outcome: changed}", "when: {rationale: late}"),
        ("alerts.1.trigger.when.rationale", "rationale is sealed: no value can be asked for"),
    ),
    "a switch for a text": (
        ("east-sussex", "when: {kind: themed_audit}", "when: {kind: themed_audit, service: true}"),
        (".trigger.when.service", "unknown value of service true: it is a text"),
    ),
}
"""What is written, and what is said of it: all of them were taken as sound or left without the way out."""

NAMES = {
    "a role": ("chain: [team_manager, ", "chain: [team_manger, ", "did you mean team_manager?"),
    "an act": ("audit.void: [qa_team]", "audit.voide: [qa_team]", "did you mean audit.void?"),
    "a role of an act": ("audit.void: [qa_team]", "audit.void: [moderater]", "did you mean moderator?"),
    "an event": ("met_by: [round.dips_recorded]", "met_by: [round.dip_recorded]", "did you mean round.dips_recorded?"),
    "a moment": ("due: trigger + 7 weeks", "due: triger + 7 weeks", "did you mean trigger?"),
    "a set of grades": ("action_expected: below_good", "action_expected: below_god", "did you mean below_good?"),
    "a section": ("Plans: [Plans]", "Plans: [Plan]", "did you mean Plans?"),
    "a type": ("counted_types: [full]", "counted_types: [ful]", "did you mean full?"),
    "a grade": ("good: [Exceeds Good, Meets Good]", "good: [Exceeds Good, Met Good]", "did you mean Meets Good?"),
    "a moment of the form": ("asked_at: [plan_recommendations]", "asked_at: [plan_recomendations]", "mean plan_recomm"),
    "a service area": ("[Early Help, Front-door, SARS", "[Early Hlp, Front-door, SARS", "did you mean Early Help?"),
    "a group": ("fallback: qa_team", "fallback: qa_taem", "did you mean qa_team?"),
}  # fmt: skip


def problems(folder: Path, authority: str, old: str, new: str) -> tuple[list[tuple[str, str, str]], str]:
    """Line, key and rule of every mistake of the shipped file with this one edit, and its text."""
    text, path = edited(authority, (old, new)), folder / "policy.yaml"
    path.write_text(text, encoding="utf-8")
    return [(each.where.removeprefix(f"{path}:"), each.key, each.rule) for each in check(path)[1]], text


@pytest.mark.parametrize("value", VALUES)
def test_a_value_that_can_never_be(value: str, tmp_path: Path) -> None:
    """It is refused with the line, the field, and what would be right: nothing would ever come of it."""
    (authority, old, new), (key, rule) = VALUES[value]
    said, text = problems(tmp_path, authority, old, new)
    line = str(text[: text.index(new)].count("\n") + 1)
    assert [each for each in said if each[0] == line and each[1].endswith(key) and each[2].endswith(rule)], said


@pytest.mark.parametrize("name", NAMES)
def test_a_name_near_to_a_known_one(name: str, tmp_path: Path) -> None:
    """Whatever sort of name is misspelt, the one that was probably meant is said."""
    old, new, meant = NAMES[name]
    said, _ = problems(tmp_path, "torbay", old, new)
    assert any(meant in rule for _, _, rule in said), said


def test_a_scale_of_numbers(tmp_path: Path) -> None:
    """Grades, ages and whatever else a framework calls by a number need no quotation marks anywhere."""
    text = edited("torbay")
    text = text.replace("Does Not Meet Good – escalate immediately", "4").replace("Does Not Meet Good", "3")
    text = text.replace("Meets Good", "2").replace("Exceeds Good", "1").replace('["0", "1–5"', '[0, "1–5"')
    path = tmp_path / "policy.yaml"
    path.write_text(text.replace('unborn: "0"', "unborn: 0"), encoding="utf-8")
    policy, said = check(path)
    assert said == []
    assert policy is not None
    assert policy.grades.overall == ("1", "2", "3", "4")
    assert policy.grades.sets["below_good"] == ("3", "4")
    assert policy.tool.age_bands_read_as["unborn"] == policy.tool.age_bands[0] == "0"
