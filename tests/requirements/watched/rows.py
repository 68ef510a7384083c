"""How a line of the tables of indicators is written."""

from dataclasses import dataclass

OWN = "in the authority's own words"
"""The parts of an indicator whose parts the paper leaves to the authority."""

OVERALL = "the overall grade"


@dataclass(frozen=True, slots=True)
class Watch:
    """An indicator: in which unit, under which heading, taken from where, and for whom there is a figure.

    A rise is told as `better`, `worse` or, where the paper does not say which it is, `above`. `parts`, `levels`,
    `against` (whose figures stand beside it) and `taken` list what there is. What the audits themselves tell is the
    share of `good` grades among those of what was `counted`; each figure looks back over its `window`. Its title holds
    what it `says`: nothing else of an indicator tells what is counted.
    """

    name: str
    covers: tuple[str, ...]
    unit: str | None = None
    taken: str = "local records"
    heading: str | None = None
    rise: str = "above"
    per: int | None = None
    parts: str = ""
    levels: str = "authority; service; team"
    against: str = ""
    window: str | None = None
    standard: bool = False
    counted: str = ""
    good: str = ""
    says: str = ""


def listed(text: str) -> tuple[str, ...]:
    """What a line lists."""
    return tuple(text.split("; ")) if text else ()
