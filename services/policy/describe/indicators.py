"""The indicators in words: only what its framework says of it."""

from collections.abc import Iterator, Mapping

from services.policy.describe.statement import Statement
from services.policy.describe.wording import listed
from services.policy.indicators import FromAudits, Indicator
from services.policy.model import Policy

BETTER: Mapping[str, str] = {
    "higher": "Higher is better",
    "lower": "Lower is better",
    "neither": "Neither higher nor lower is better",
}
UNITS: Mapping[str, str] = {
    "per cent": "in per cent",
    "rate": "as a rate",
    "count": "as a count",
    "days": "in days",
    "pounds": "in pounds",
}
ORIGINS: Mapping[str, str] = {
    "annex a": "the Annex A lists",
    "cin census": "the children in need census",
    "ssda903": "the return on looked-after children (SSDA903)",
    "local": "local records",
    "audits": "the audits",
}
COMPARATORS: Mapping[str, str] = {
    "target": "the authority's own target",
    "statistical neighbours": "statistical neighbours",
    "region": "the region",
    "england": "England",
    "good or outstanding authorities": "good or outstanding authorities",
}


def indicators(policy: Policy) -> Iterator[Statement]:
    """Every indicator, setting by setting, under its title."""
    for indicator in policy.indicators:
        for part, words in _told(indicator):
            yield Statement("Indicators", ("indicators", indicator.name, part), indicator.title, words)


def _told(indicator: Indicator) -> Iterator[tuple[str, str]]:
    yield "title", f"Called “{indicator.title}”"
    if indicator.kind != "indicator":
        yield "kind", "It is a practice standard"
    if indicator.basket is not None:
        yield "basket", f"Shown under “{indicator.basket}”"
    if indicator.unit is not None:
        yield "unit", _unit(indicator)
    if indicator.better != "neither":
        yield "better", BETTER[indicator.better]
    yield "from", f"Taken from {listed((ORIGINS[each] for each in indicator.origin), 'or')}"
    if indicator.window is not None:
        yield "window", f"Each month looks back over {indicator.window}"
    if indicator.parts or indicator.open_parts:
        named = listed(indicator.parts) if indicator.parts else "parts that the authority names itself"
        yield "parts", f"Recorded for {named}"
    yield "levels", f"Recorded by {listed(indicator.levels)}"
    if indicator.target is not None:
        yield "target", f"The target is {indicator.target} {indicator.unit or ''}".strip()
    if indicator.compared_with:
        yield "compared_with", f"Compared with {listed(COMPARATORS[each] for each in indicator.compared_with)}"
    if indicator.counted is not None:
        yield "counted", _counted(indicator.counted)
    yield "source", f"From {', '.join(indicator.source)}"


def _unit(indicator: Indicator) -> str:
    per = f" per {indicator.per:,}" if indicator.per else ""
    return f"Measured {UNITS[indicator.unit or 'count']}{per}"


def _counted(counted: FromAudits) -> str:
    if counted.overall:
        fields = "the overall grades"
    elif counted.mapped is not None:
        fields = f"the grades of the sections that make up “{counted.mapped}”"
    else:
        fields = f"the grades of {listed(f'“{each}”' for each in counted.sections)}"
    types = f" of type {listed(counted.types, 'or')}" if counted.types else ""
    graded = listed(counted.grades, "or")
    return f"Where nothing is recorded, the share of {graded} among {fields} in the month's returned audits{types}"
