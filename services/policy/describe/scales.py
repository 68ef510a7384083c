"""The scales in words: grades of an audit and of a section, and the sets of them that rules speak of."""

from collections.abc import Iterator

from services.policy.describe.statement import Statement
from services.policy.describe.wording import listed, plain, value
from services.policy.model import Policy


def scales(policy: Policy) -> Iterator[Statement]:
    """The scales, best grade first, and what each set of grades means."""
    grades = policy.grades
    for name, heading in (("overall", "Overall grades, best first"), ("sections", "Grades of a section, best first")):
        yield Statement("Scales", (name,), "", f"{heading}: {value(getattr(grades, name))}")
    yield Statement("Scales", ("not_applicable",), "", f"A section may be left out as: {value(grades.not_applicable)}")
    for name, members in grades.sets.items():
        yield Statement("Scales", ("sets", name), "", f"“{plain(name)}” means {listed(members, 'or')}")
