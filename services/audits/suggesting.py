"""The overall grade that the sections come to, and how far the auditor's own may be from it."""

from collections.abc import Mapping
from fractions import Fraction
from math import ceil, floor

from events.errors import Refused
from services.policy.model import Policy
from services.policy.suggestion import Deciding, Suggestion

HALF = Fraction(1, 2)


def suggested(policy: Policy, sections: Mapping[str, str]) -> str | None:
    """The grade that is suggested for these grades of sections; None without a rule, and where no section is graded."""
    rule, grades = policy.tool.suggestion, policy.grades
    if rule is None:
        return None
    if (decided := next((each.grade for each in rule.deciding if _holds(each, sections)), None)) is not None:
        return decided
    scale = grades.sections
    places = [scale.index(grade) for name, grade in sections.items() for _ in _times(rule, name) if grade in scale]
    if not places:
        return None
    caps = [grades.overall.index(each.grade) for each in rule.capped if _holds(each, sections)]
    return grades.overall[max([_place(rule, places), *caps])]


def _holds(deciding: Deciding, sections: Mapping[str, str]) -> bool:
    """Whether so many of its sections are graded so."""
    held = [grade for name, grade in sections.items() if not deciding.sections or name in deciding.sections]
    return sum(grade in deciding.graded for grade in held) >= deciding.at_least


def _times(rule: Suggestion, section: str) -> range:
    """Once for each time that a section counts."""
    return range(rule.weights.get(section, 1))


def _place(rule: Suggestion, places: list[int]) -> int:
    """The place on the scale, best first, so that a half to the worse is one up."""
    if rule.way == "worst":
        return max(places)
    mean = Fraction(sum(places), len(places))
    return floor(mean + HALF) if rule.halves == "worse" else ceil(mean - HALF)


def require_departure(policy: Policy, grade: str | None, suggestion: str | None, reason: str | None) -> None:
    """Refused for a grade that departs from the suggested one without a reason or too far, and for a reason of none."""
    rule, scale = policy.tool.suggestion, policy.grades.overall
    if rule is None or suggestion is None or grade == suggestion or grade is None:
        if reason:
            raise Refused("grade_reason", "the grade departs from no suggested one")
        return
    steps = abs(scale.index(grade) - scale.index(suggestion))
    if rule.departure is not None and steps > rule.departure:
        most = "it stands" if rule.departure == 0 else f"one departs from it by {rule.departure} at most"
        raise Refused("grade", f"{grade} is {steps} from {suggestion}, which the sections come to: {most}")
    if not reason:
        raise Refused("grade_reason", f"is needed: the sections come to {suggestion}")
