"""The scales in words: grades of an audit and of a section, and the sets of them that rules speak of."""

from collections.abc import Iterator

from services.policy.describe.statement import Statement
from services.policy.describe.wording import listed, plain
from services.policy.model import Policy


def scales(policy: Policy) -> Iterator[Statement]:
    """The scales, best grade first, and what each set of grades means."""
    grades = policy.grades
    for name, heading in (("overall", "Overall grades, best first"), ("sections", "Grades of a section, best first")):
        if held := getattr(grades, name):
            yield Statement("Grades", ("grades", name), "", f"{heading}: {listed(held)}")
    if grades.not_applicable:
        words = f"A section that does not apply is marked “{grades.not_applicable}”"
        yield Statement("Grades", ("grades", "not_applicable"), "", words)
    for name, members in grades.sets.items():
        yield Statement("Grades", ("grades", "sets", name), "", f"“{plain(name)}” means {listed(members, 'or')}")
