"""The shape of a policy's indicators: what is watched month by month, in which unit, and which way is better."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from events.vocabulary import Comparator, IndicatorLevel
from services.policy.expressions import SpanText
from services.policy.part import Label

IndicatorName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=50)]
"""Part of an aggregate's reference, together with a year: so it is a little shorter than other keys."""

Measure = Literal["per cent", "rate", "count", "days", "pounds"]
Better = Literal["higher", "lower", "neither"]
Origin = Literal["annex a", "cin census", "ssda903", "local", "audits"]


class IndicatorPart(BaseModel):
    """A part of an indicator: read once, never changed, and with no room for a misspelt key."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", arbitrary_types_allowed=True, serialize_by_alias=True, defer_build=True
    )


class FromAudits(IndicatorPart):
    """How an indicator is counted from the audits returned in a month: the share of `grades` among all that count.

    What counts are the grades of `sections`, or of the sections that `tool.indicator_map` puts under `mapped`, or with
    `overall` the overall grades. A grade off the scale ("not applicable") counts for neither side. After moderation
    the moderated grade counts. `types` limits it to audits of those types. Re-audits and further files never count:
    they were chosen because of what another audit found.
    """

    grades: tuple[Label, ...] = Field(min_length=1)
    sections: tuple[Label, ...] = ()
    mapped: Label | None = None
    overall: bool = False
    types: tuple[Label, ...] = ()


class Indicator(IndicatorPart):
    """Something that is watched month by month. Nobody is sent anything for it.

    `unit` is left out where the framework does not say what is measured; a rate is `per` so many (10000 children, for
    one). `parts` names the several figures under one title, `open_parts` lets the authority name them itself.
    `basket` is the heading that it is shown under. `window` is the span that each month's value looks back over, a
    month where nothing is said. A figure may be given for each of `levels`. A practice standard is told apart from an
    indicator (ESX-N42). With `counted`, a month for which nothing was recorded is worked out from the audits.
    """

    name: IndicatorName
    title: Label
    source: tuple[Label, ...] = Field(min_length=1)
    kind: Literal["indicator", "practice standard"] = "indicator"
    basket: Label | None = None
    unit: Measure | None = None
    per: int | None = Field(default=None, ge=1, le=1_000_000)
    better: Better = "neither"
    origin: tuple[Origin, ...] = Field(alias="from", min_length=1)
    window: SpanText | None = None
    parts: tuple[Label, ...] = ()
    open_parts: bool = False
    levels: tuple[IndicatorLevel, ...] = Field(default=("authority", "service", "team"), min_length=1)
    target: Decimal | None = Field(default=None, allow_inf_nan=False, max_digits=18, decimal_places=6)
    compared_with: tuple[Comparator, ...] = ()
    counted: FromAudits | None = None
