"""What a policy's indicators must keep beyond their shape."""

from collections.abc import Iterator

from services.policy.indicators import FromAudits, Indicator
from services.policy.key_path import KeyPath
from services.policy.model import Policy
from services.policy.near import near, unknown

Problem = tuple[KeyPath, str]

WHOLE = 100
"""A share in per cent lies between nothing and this."""


def problems_of_indicators(policy: Policy) -> Iterator[Problem]:
    """Each broken rule with the key where it stands; nothing for sound indicators."""
    names = [each.name for each in policy.indicators]
    for index, indicator in enumerate(policy.indicators):
        at: KeyPath = ("indicators", index)
        if names.index(indicator.name) != index:
            yield (*at, "name"), f"the indicator {indicator.name} is defined twice"
        yield from _figures(indicator, at)
        yield from _lists(indicator, at)
        if indicator.counted is not None:
            yield from _counted(policy, indicator, indicator.counted, (*at, "counted"))
        elif indicator.origin == ("audits",):
            yield (*at, "from"), "what comes from the audits alone needs `counted`, which says how"


def _figures(indicator: Indicator, at: KeyPath) -> Iterator[Problem]:
    if indicator.target is not None and indicator.unit is None:
        yield (*at, "target"), "a target needs a unit"
    elif indicator.target is not None and indicator.unit == "per cent" and not 0 <= indicator.target <= WHOLE:
        yield (*at, "target"), f"{indicator.target} per cent is not a valid share: it lies between 0 and 100"
    if indicator.per is not None and indicator.unit != "rate":
        yield (*at, "per"), "only a rate is per so many"
    if indicator.window is not None and indicator.window.count == 0:
        yield (*at, "window"), "a window of no length holds nothing"


def _lists(indicator: Indicator, at: KeyPath) -> Iterator[Problem]:
    if indicator.parts and indicator.open_parts:
        yield (*at, "open_parts"), "the parts are named here, or by the authority: not both"
    for knob in ("origin", "parts", "levels", "compared_with"):
        held = getattr(indicator, knob)
        for number, each in enumerate(held):
            if each in held[:number]:
                yield (*at, "from" if knob == "origin" else knob, number), f"{each} stands twice"


def _counted(policy: Policy, indicator: Indicator, counted: FromAudits, at: KeyPath) -> Iterator[Problem]:
    here = at[:-1]
    if "audits" not in indicator.origin:
        yield at, "what is counted from the audits comes `from` the audits"
    if indicator.unit != "per cent":
        yield (*here, "unit"), "what is counted from the audits is a share in per cent"
    if indicator.parts or indicator.open_parts:
        yield at, "what is counted from the audits has no parts"
    if indicator.window is not None and indicator.window.unit != "months":
        yield (*here, "window"), "what is counted from the audits looks back over whole months"
    yield from _fields(policy, counted, at)


def _fields(policy: Policy, counted: FromAudits, at: KeyPath) -> Iterator[Problem]:
    if [bool(counted.sections), counted.mapped is not None, counted.overall].count(True) != 1:
        yield at, "say one of `sections`, `mapped` and `overall`"
    for number, section in enumerate(counted.sections):
        if section not in policy.tool.sections:
            yield (*at, "sections", number), unknown("section", section, policy.tool.sections)
    if counted.mapped is not None and counted.mapped not in policy.tool.indicator_map:
        yield (
            (*at, "mapped"),
            f"{counted.mapped} is not in tool.indicator_map{near(counted.mapped, policy.tool.indicator_map)}",
        )
    scale = policy.grades.overall if counted.overall else policy.grades.sections
    for number, grade in enumerate(counted.grades):
        if grade not in scale:
            yield (*at, "grades", number), unknown("grade", grade, scale)
    for number, label in enumerate(counted.types):
        if label not in policy.tool.types:
            yield (*at, "types", number), unknown("type of audit", label, policy.tool.types)
