"""Agreement of auditors and moderators: the cross-table, the coefficients, and who drifts which way."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from operator import attrgetter

from projections.counted_records import CountedAudit, Mark
from services.obligations.periods import key_of, period_called
from services.policy.blocks.moderation import Agreeing, Moderation
from workers.reports.agreement import Pair, agreement, drift
from workers.reports.blocks.audits import chosen, in_period
from workers.reports.counting import TOTAL, Thing, count, share, slug, thing
from workers.reports.material import Material, taken_back
from workers.reports.page import Behind, Block, Column, Figure, Note, Row, Table, Words

MAKES = Moderation

HUNDREDTH = Decimal("0.01")
READING = (
    "Kappa alone misleads where nearly all grades are alike; AC2 does not. A mean above nought says that auditors were "
    "too kind, below nought too harsh."
)


@dataclass(frozen=True, slots=True)
class _Moderated:
    """An audit with both its grades on the scale."""

    pair: Pair
    thing: Thing


def make(block: Moderation, key: str, material: Material) -> tuple[Block, ...]:
    """The tables that the block shows, in its order; a note where the framework grades no audit as a whole."""
    if not material.policy.grades.overall:
        return (Note(text="The framework gives an audit no grade as a whole: there is nothing to agree on."),)
    held = list(_moderated(block, material))
    makes: dict[Agreeing, Callable[[], Sequence[Block]]] = {
        "cross-table": lambda: [_crossed(block, key, material, held)],
        "agreement": lambda: _agreed(block, key, material, held),
        "drift by auditor": lambda: [_drifted(block, key, material, held, "auditor")],
        "drift by moderator": lambda: [_drifted(block, key, material, held, "moderator")],
    }
    return tuple(made for each in block.show for made in makes[each]())


def _moderated(block: Moderation, material: Material) -> Iterator[_Moderated]:
    scale, asked = material.policy.grades.overall, material.asked
    for audit in chosen(block, material, asked):
        when = in_period(audit, "audit.moderated", asked)
        if when is None or taken_back(audit) or audit.by_auditor not in scale or audit.grade not in scale:
            continue
        given, now = scale.index(audit.by_auditor), scale.index(audit.grade)
        pair = Pair(audit.about, given, now, audit.auditor, audit.moderator or "", when[0].day)
        yield _Moderated(pair, thing(audit.about, *when, _returned(audit), value=Decimal(pair.shift)))


def _returned(audit: CountedAudit) -> Mark | None:
    return audit.mark("audit.submitted")


def _crossed(block: Moderation, key: str, material: Material, held: Sequence[_Moderated]) -> Table:
    scale = material.policy.grades.overall

    def cells(name: str, own: Iterable[_Moderated]) -> tuple[Figure, ...]:
        rows = list(own)
        each = [
            count(f"{key}.{name}.{slug(grade)}", (one.thing for one in rows if one.pair.moderated == place))
            for place, grade in enumerate(scale)
        ]
        return (*each, count(f"{key}.{name}.all", (one.thing for one in rows)))

    made = [
        Row(title=grade, cells=cells(slug(grade), (one for one in held if one.pair.given == place)))
        for place, grade in enumerate(scale)
    ]
    return Table(
        key=key,
        title=block.title or "Grades of auditors, and of moderators",
        stub="By the auditor",
        columns=(*(Column(title=each) for each in scale), Column(title=TOTAL, total=True)),
        rows=(*made, Row(title=TOTAL, cells=cells("all", held), total=True)),
        adds_up=True,
        note="A row for each grade of the auditor, a column for each of the moderator.",
    )


def _agreed(block: Moderation, key: str, material: Material, held: Sequence[_Moderated]) -> list[Block]:
    found = agreement((each.pair for each in held), len(material.policy.grades.overall), at_least=block.at_least)
    enough = [each.thing for each in held] if found.exact is not None else []
    near = [each.thing for each in held if abs(each.pair.shift) <= 1]
    rows = [
        ("Alike", share(f"{key}.alike", enough, lambda each: not each.value)),
        ("Within one grade", share(f"{key}.within-one", enough, lambda each: each in near)),
        ("Gwet's AC2, quadratic weights", _value(f"{key}.ac2", found.ac2, enough)),
        ("Cohen's kappa, quadratic weights", _value(f"{key}.kappa", found.kappa, enough)),
        ("Mean of the grades between them", _value(f"{key}.shift", found.shift, enough)),
        ("Lowered by the moderator", count(f"{key}.lowered", (each.thing for each in held if each.pair.shift > 0))),
        ("Lifted by the moderator", count(f"{key}.lifted", (each.thing for each in held if each.pair.shift < 0))),
    ]
    table = Table(
        key=f"{key}.agreement",
        title="Agreement",
        columns=(Column(title="Value"),),
        rows=tuple(Row(title=title, cells=(figure,)) for title, figure in rows),
        note=READING,
    )
    return [table, *_why(block, found.why)]


def _why(block: Moderation, why: Mapping[str, str]) -> Iterator[Note]:
    if "exact" in why:
        yield Note(
            text=f"Fewer than {block.at_least} audits were moderated in the period: too few for a value.",
            otherwise="Too few audits were moderated in the period for a value.",
        )
    else:
        yield from (Note(text=f"Without a value: {reason}.") for reason in dict.fromkeys(why.values()))


def _value(key: str, value: Fraction | None, things: Sequence[Thing]) -> Figure:
    behind = tuple(Behind(about=each.about, positions=each.positions, value=each.value) for each in things)
    said = None if value is None else (Decimal(value.numerator) / value.denominator).quantize(HUNDREDTH, ROUND_HALF_UP)
    return Figure(key=key, value=said, unit="coefficient", of=len(behind), behind=behind)


def _month(on: date) -> str:
    return key_of("month", on)


def _drifted(block: Moderation, key: str, material: Material, held: Sequence[_Moderated], who: str) -> Table:
    grades = len(material.policy.grades.overall)
    found = drift(
        (each.pair for each in held),
        grades,
        person=attrgetter(who),
        period=_month,
        at_least=block.at_least_of_one,
    )
    rows = []
    for each in found:
        own = [
            one.thing for one in held if getattr(one.pair, who) == each.person and _month(one.pair.on) == each.period
        ]
        name = f"{key}.{who}.{slug(each.person)}.{each.period}"
        shift = each.agreement.shift
        cells = (
            Words(text=period_called(each.period, "month").in_words()),
            count(f"{name}.audits", own),
            _value(f"{name}.shift", shift, own if shift is not None else []),
        )
        rows.append(Row(title=each.person, cells=cells, names=True))
    return Table(
        key=f"{key}.{who}",
        title=f"Month by month, by {who}",
        stub=who.capitalize(),
        columns=(Column(title="Month"), Column(title="Audits"), Column(title="Mean of the grades between them")),
        rows=tuple(rows),
        note=f"A mean only of at least {block.at_least_of_one} audits.",
    )
