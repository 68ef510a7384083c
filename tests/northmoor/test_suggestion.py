"""The overall grade that Northmoor's form comes to, and how far its auditors may depart from it."""

from pathlib import Path
from typing import Any

import pytest

from events.audits import AuditSubmitted
from events.errors import Refused
from services.audits.suggesting import suggested
from services.modules import CATALOGUE
from services.policy.checks import problems_of
from services.policy.describe.framework import statements
from services.policy.model import Policy
from services.policy.suggestion import Suggestion
from services.policy_files import check
from tests.edited import Edit
from tests.northmoor.council import POLICY, SECTIONS, allocated, desk, returned
from tests.services.policy.test_action_mistakes import edited

OTHERS = [section for section in POLICY.tool.sections if section != "Safety and risk"]
CALLED = {"1": "Outstanding", "2": "Good", "3": "Requires Improvement", "4": "Inadequate"}


def graded(grades: str, safety: str = "2") -> dict[str, str]:
    """Grades of the other six sections, in their order: `-` for one that does not apply; then that of safety."""
    held = {"-": "N/A"}
    return {name: held.get(each, each) for name, each in zip(OTHERS, grades, strict=True)} | {"Safety and risk": safety}


@pytest.mark.parametrize(
    ("sections", "comes_to"),
    [
        (graded("111111", "1"), "1"),
        (graded("111111", "2"), "1"),  # 8/7
        (graded("111222", "2"), "2"),  # 11/7
        (graded("11122-", "2"), "2"),  # 9/6, a half to the worse
        (graded("22233-", "3"), "3"),  # 15/6, a half to the worse
        (graded("222233", "2"), "2"),  # 16/7
        (graded("33332-", "3"), "3"),
        (graded("111111", "4"), "4"),  # safety and risk alone
        (graded("111144", "1"), "4"),  # any two
        (graded("111114", "1"), "1"),  # one that is not safety: 10/7
        (graded("------", "N/A"), None),
        ({"Plan and impact": "3"}, "3"),
    ],
)
def test_what_the_sections_come_to(sections: dict[str, str], comes_to: str | None) -> None:
    """NM-4: the mean, a half to the worse, without what does not apply; the lowest in safety or in any two decides."""
    assert suggested(POLICY, sections) == (None if comes_to is None else CALLED[comes_to])


@pytest.mark.parametrize(
    ("knobs", "comes_to"),
    [({"halves": "better"}, "Outstanding"), ({"way": "worst"}, "Good"), ({"halves": "worse"}, "Good")],
)
def test_other_ways(knobs: dict[str, Any], comes_to: str) -> None:
    """A half may go to the better, and the worst section may stand for all."""
    assert POLICY.tool.suggestion is not None
    rule = POLICY.tool.suggestion.model_copy(update=knobs)
    policy = POLICY.model_copy(update={"tool": POLICY.tool.model_copy(update={"suggestion": rule})})
    assert suggested(policy, graded("11122-", "2")) == comes_to


def with_rule(**knobs: Any) -> Policy:
    """Northmoor's framework with another rule for what the sections come to."""
    assert POLICY.tool.suggestion is not None
    rule = Suggestion.model_validate(POLICY.tool.suggestion.model_dump() | knobs)
    return POLICY.model_copy(update={"tool": POLICY.tool.model_copy(update={"suggestion": rule})})


@pytest.mark.parametrize(
    ("weights", "sections", "comes_to"),
    [
        ({}, graded("222221", "3"), "Good"),  # 14/7
        ({"Safety and risk": 2}, graded("222233", "3"), "Requires Improvement"),  # 20/8, and 17/7 if it counted once
        ({"Safety and risk": 2}, graded("111112", "3"), "Good"),  # 13/8, and 10/7 if it counted once
        ({"Safety and risk": 2}, graded("222222", "N/A"), "Good"),
        ({"Safety and risk": 9}, graded("111111", "3"), "Good"),  # 33/15
    ],
)
def test_a_section_that_counts_more_than_once(weights: dict[str, int], sections: dict[str, str], comes_to: str) -> None:
    """It stands in the mean so many times."""
    assert suggested(with_rule(weights=weights, deciding=[]), sections) == comes_to


CAP = {"grade": "Requires Improvement", "graded": ["4"], "at_least": 1}


@pytest.mark.parametrize(
    ("sections", "comes_to"),
    [
        (graded("111111", "1"), "Outstanding"),
        (graded("111114", "1"), "Requires Improvement"),  # 10/7
        (graded("444444", "4"), "Inadequate"),  # a worse one stays
        (graded("333333", "3"), "Requires Improvement"),
        (graded("------", "4"), "Inadequate"),
    ],
)
def test_a_grade_that_caps(sections: dict[str, str], comes_to: str) -> None:
    """It lets the mean come to nothing better, and makes nothing better of what is worse."""
    assert suggested(with_rule(capped=[CAP], deciding=[]), sections) == comes_to


def test_what_decides_comes_before_what_caps() -> None:
    """Where both hold, what decides whatever the others are decides."""
    decides = [{"grade": "Good", "graded": ["4"], "at_least": 1}]
    assert suggested(with_rule(capped=[CAP], deciding=decides), graded("111114", "1")) == "Good"


def test_weights_and_caps_in_words() -> None:
    """A reader can work them out on paper as well."""
    policy = with_rule(weights={"Safety and risk": 2}, capped=[CAP], deciding=[], departure=None)
    [words] = [each.words for each in statements(policy, CATALOGUE.known) if each.key == ("tool", "suggestion")]
    assert words == (
        "The overall grade that is suggested is the mean of the sections, to the nearest whole, a half to the worse, "
        "where Safety and risk counts twice; if one section is graded 4, it is “Requires Improvement” at best. "
        "The auditor may depart from it, with a reason"
    )


@pytest.mark.parametrize(
    ("knobs", "key", "said"),
    [
        ({"weights": {"Safty and risk": 2}}, "weights.Safty and risk", "did you mean Safety and risk?"),
        ({"weights": {"Safety and risk": 2}, "way": "worst"}, "weights", "only a mean is weighed"),
        ({"capped": [CAP | {"grade": "Outstanding"}]}, "capped.0.grade", "is the best there is"),
        ({"capped": [CAP | {"graded": ["5"]}]}, "capped.0.graded.0", "unknown grade 5"),
    ],
)
def test_what_weighs_or_caps_nothing(knobs: dict[str, Any], key: str, said: str) -> None:
    """A section that there is not, a weight without a mean, and a cap above all grades are found."""
    found = {".".join(map(str, at)): words for at, words in problems_of(with_rule(**knobs), CATALOGUE.known)}
    assert said in found[f"tool.suggestion.{key}"]


def submitted(**fields: Any) -> AuditSubmitted:
    """The return of an audit whose sections come to Good."""
    *before, last = returned("A-1", "2026-03-16")
    held = desk(allocated("A-1", "2026-03-02"), *before, last | {"sections": SECTIONS} | fields)
    [fact] = [each.fact for each in held.history("A-1") if isinstance(each.fact, AuditSubmitted)]
    return fact


def refused(**fields: Any) -> str:
    with pytest.raises(Refused) as caught:
        submitted(**fields)
    return str(caught.value)


def test_the_suggested_grade_needs_no_word() -> None:
    """NM-4: a grade that is left out is the suggested one; the same one given needs no reason."""
    for fact in (submitted(grade=None), submitted(grade="Good")):
        assert (fact.grade, fact.suggested, fact.grade_reason) == ("Good", "Good", None)
        assert fact.sentence() == "The auditor returned the audit with the grade “Good”."


@pytest.mark.parametrize("grade", ["Outstanding", "Requires Improvement"])
def test_one_step_with_a_reason(grade: str) -> None:
    """NM-4: one step to either side, with a reason, which is sealed; the history says what it departs from."""
    assert refused(grade=grade) == "grade_reason: is needed: the sections come to Good"
    fact = submitted(grade=grade, grade_reason="what the family said")
    assert (fact.grade, fact.suggested) == (grade, "Good")
    assert fact.grade_reason is not None
    assert fact.grade_reason.startswith("sealed:")
    assert "where the sections came to “Good” (reason recorded)" in fact.sentence()


def test_never_two_steps() -> None:
    """NM-4: whatever the reason."""
    assert refused(grade="Inadequate", grade_reason="a feeling") == (
        "grade: Inadequate is 2 from Good, which the sections come to: one departs from it by 1 at most"
    )


def test_a_reason_for_no_departure() -> None:
    """A reason where nothing is departed from says something else than it seems to."""
    assert refused(grade_reason="just so") == "grade_reason: the grade departs from no suggested one"


def test_grades_that_were_given_before_count() -> None:
    """NM-4: a section that was graded on its own before the return is among those that the grade comes from."""
    given = allocated("A-1", "2026-03-02")
    reflection, meeting, submit = returned("A-1", "2026-03-16")
    graded_before = {key: submit[key] for key in ("authority", "actor", "role", "audit")}
    graded_before |= {"command": "audit.grade_section", "at": "2026-03-16", "section": "Safety and risk", "grade": "4"}
    others = {name: held for name, held in submit["sections"].items() if name != "Safety and risk"}
    last = {key: held for key, held in submit.items() if key != "grade"} | {"sections": others}
    [*_, event] = desk(given, graded_before, reflection, meeting, last).history("A-1")
    assert isinstance(event.fact, AuditSubmitted)
    assert event.fact.grade == "Inadequate"


def test_a_themed_audit_has_no_form() -> None:
    """An audit without the form has nothing that a grade could come from."""
    held = desk(
        allocated("A-1", "2026-03-02", audit_type="themed audit"),
        returned("A-1", "2026-03-16", "Inadequate", sections={})[-1],
    )
    [*_, event] = held.history("A-1")
    assert isinstance(event.fact, AuditSubmitted)
    assert (event.fact.grade, event.fact.suggested) == ("Inadequate", None)


def test_the_words() -> None:
    """A reader of the framework can work it out on paper."""
    told = [each.words for each in statements(POLICY, CATALOGUE.known) if each.key == ("tool", "suggestion")]
    [words] = told
    assert words.replace("; ", ". ").split(". ") == [
        "The overall grade that is suggested is the mean of the sections, to the nearest whole, a half to the worse",
        "if Safety and risk is graded 4, it is “Inadequate” whatever the others are",
        "if at least 2 sections are graded 4, it is “Inadequate” whatever the others are",
        "The auditor may depart from it by one step, with a reason",
    ]


FEW = "{grade: Inadequate, graded: [4], at_least: 2}"


@pytest.mark.parametrize(
    ("edit", "key", "said"),
    [
        (("sections: [1, 2, 3, 4]", "sections: [1, 4]"), "tool.suggestion", "4 overall grades and 2 of sections"),
        ((FEW, FEW.replace("Inad", "Ined")), "tool.suggestion.deciding.1.grade", "did you mean Inadequate"),
        ((FEW, FEW.replace("[4]", "[5]")), "tool.suggestion.deciding.1.graded.0", "unknown grade 5"),
        ((FEW, FEW.replace("2", "8")), "tool.suggestion.deciding.1.at_least", "it never holds"),
        (("[Safety and risk]", "[Safety]"), "tool.suggestion.deciding.0.sections.0", "unknown section Safety"),
        (("    halves: worse", "    halves: worse\n    way: worst"), "tool.suggestion.halves", "never a half"),
    ],
)
def test_what_nothing_could_come_to(tmp_path: Path, edit: Edit, key: str, said: str) -> None:
    """Scales that are not alike, grades and sections that there are not, and what could never hold."""
    _, problems = check(edited(tmp_path, edit))
    assert said in {problem.key: problem.rule for problem in problems}.get(key, str(problems))
