"""A table as a chart: drawn from its figures alone, and read in grey as well as in colour."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from markupsafe import Markup, escape

from workers.reports.page import Figure, Table
from workers.reports.plain import number
from workers.reports.rendering.drawn import Drawn, drawn, says_little, value_of
from workers.reports.rendering.palette import PALETTE, SERIES, text_on

WIDTH, LABELS, LEFT, END, INSET = 680, 226, 46, 60, 26
BAR, GAP, LEGEND, TALL = 18, 10, 26, 160
ALL, MOST_TICKS = 100.0, 5
LETTER = 7.2
"""How wide a letter is at most."""

DASHES = ("", "7 4", "2 3", "10 3 2 3", "4 2", "1 4")
MARKERS = ("M-4 0A4 4 0 1 0 4 0A4 4 0 1 0 -4 0Z", "M-4 -4H4V4H-4Z", "M0 -5L5 4H-5Z", "M0 -5L5 0L0 5L-5 0Z")
KINDS = {"bars": "Bars", "stacked bars": "Stacked bars", "line": "Lines"}


def chart(table: Table) -> Markup | None:
    """The chart that a table asks for, as SVG with title and description; None where there is nothing to draw."""
    what = drawn(table)
    if table.chart is None or not what.axis or what.most <= 0 or says_little(what, table.chart.kind):
        return None
    lines = {"bars": _bars, "stacked bars": _stacked, "line": _line}[table.chart.kind](what)
    legend = list(_legend(what, table.chart.kind)) if len(what.series) > 1 else []
    top = LEGEND * (1 + max((_legend_row(what, at)[1] for at in range(len(what.series))), default=0)) if legend else 4
    tall = top + _tall(what, table.chart.kind)
    name = "".join(each if each.isalnum() else "-" for each in table.key)
    series = ", ".join(title for title, _ in what.series)
    said = f"{KINDS[table.chart.kind]} of {series}, by {table.chart.axis or table.stub or 'row'}: numbers in the table."
    return Markup(
        '<svg role="img" class="drawn" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" '
        'height="{h}" aria-labelledby="{n}-t {n}-d" font-family="inherit" font-size="12.5">'
        '<title id="{n}-t">{title}</title><desc id="{n}-d">{said}</desc>'
        '<defs>{defs}</defs>{legend}<g transform="translate(0 {top})">{body}</g></svg>'
    ).format(
        w=WIDTH,
        h=tall,
        n=f"chart-{name}",
        title=f"Chart: {table.title}",
        said=said,
        defs=_none().join(_patterns(name, len(what.series))),
        legend=_none().join(each.replace("PATTERN", name) for each in legend),
        top=top,
        body=_none().join(each.replace("PATTERN", name) for each in lines),
    )


def _none() -> Markup:
    return Markup()


def _patterns(name: str, many: int) -> Iterator[Markup]:
    """Every second series is hatched, so that neighbours differ in grey as well."""
    for at in range(1, many, 2):
        ink = text_on(SERIES[at])
        path = "M0 8L8 0M-2 2L2 -2M6 10L10 6" if at % 4 == 1 else "M0 4H8"
        yield Markup(
            '<pattern id="{n}-p{at}" width="8" height="8" patternUnits="userSpaceOnUse">'
            '<path d="{path}" stroke="{ink}" stroke-width="1" opacity=".45"/></pattern>'
        ).format(n=name, at=at, path=path, ink=ink)


def _box(at: int, x: float, y: float, w: float, h: float = BAR) -> Markup:
    box = Markup('<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h}" fill="{fill}" stroke="{line}"/>').format(
        x=x, y=y, w=w, h=h, fill=SERIES[at], line=PALETTE["ink"]
    )
    if at % 2:
        box += Markup('<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h}" fill="url(#PATTERN-p{at})"/>').format(
            x=x, y=y, w=w, h=h, at=at
        )
    return box


def _text(x: float, y: float, said: str, *, anchor: str = "start", fill: str = PALETTE["ink"]) -> Markup:
    return Markup('<text x="{x:.1f}" y="{y:.1f}" text-anchor="{a}" fill="{fill}">{said}</text>').format(
        x=x, y=y, a=anchor, fill=fill, said=escape(said)
    )


def _label(x: float, y: float, said: str, room: float) -> Iterator[Markup]:
    """What a bar stands for, on one line or on two."""
    if len(said) * LETTER <= room or " " not in said:
        yield _text(x, y, _short(said, room), anchor="end")
        return
    most = int(room / LETTER)
    parted = [at for at, each in enumerate(said) if each == " " and at <= most] or [said.index(" ")]
    yield _text(x, y - 6.5, _short(said[: parted[-1]], room), anchor="end")
    yield _text(x, y + 6.5, _short(said[parted[-1] + 1 :], room), anchor="end")


def _short(said: str, room: float) -> str:
    most = int(room / LETTER)
    return said if len(said) <= most else f"{said[: most - 1].rstrip()}…"


def _said(each: Figure | None) -> str:
    if each is None or (each.value is None and each.mark is None):
        return "–"
    return each.mark or f"{number(each.value or Decimal(0))}{'%' if each.unit == 'per cent' else ''}"


def _legend_row(what: Drawn, at: int) -> tuple[float, int]:
    x, row = 0.0, 0
    for before in range(at + 1):
        wide = 30 + LETTER * len(what.series[before][0]) + 14
        if x + wide > WIDTH:
            x, row = 0.0, row + 1
        if before == at:
            return x, row
        x += wide
    return x, row


def _legend(what: Drawn, kind: str) -> Iterator[Markup]:
    for at, (title, _) in enumerate(what.series):
        x, row = _legend_row(what, at)
        if kind == "line":
            yield from _stroke(at, [(x + 1, row * LEGEND + 10), (x + 23, row * LEGEND + 10)])
            yield _marker(at, x + 12, row * LEGEND + 10)
        else:
            yield _box(at, x + 1, row * LEGEND + 3, 20, 13)
        yield _text(x + 28, row * LEGEND + 14, title)


def _tall(what: Drawn, kind: str) -> int:
    if kind == "line":
        return TALL + 46
    each = BAR * len(what.series) if kind == "bars" else BAR
    return len(what.axis) * (each + GAP) + 6


def _bars(what: Drawn) -> Iterator[Markup]:
    scale = (WIDTH - LABELS - END) / float(what.most)
    tall = BAR * len(what.series) + GAP
    for row, title in enumerate(what.axis):
        top = row * tall
        yield from _label(LABELS - 10, top + (tall - GAP) / 2 + 4.5, title, LABELS - 10)
        for at, (_, held) in enumerate(what.series):
            wide = float(value_of(held[row]) or 0) * scale
            y = top + at * BAR
            if wide > 0:
                yield _box(at, LABELS, y, wide)
            yield _text(LABELS + max(wide, 0) + 6, y + 13.5, _said(held[row]))
    yield _axis(len(what.axis) * tall - GAP)


def _stacked(what: Drawn) -> Iterator[Markup]:
    sums = [
        sum((value_of(held[row]) or Decimal(0) for _, held in what.series), Decimal(0)) for row in range(len(what.axis))
    ]
    scale = (WIDTH - LABELS - END) / float(max(sums))
    for row, title in enumerate(what.axis):
        y, x = row * (BAR + GAP), float(LABELS)
        yield from _label(LABELS - 10, y + 13.5, title, LABELS - 10)
        for at, (_, held) in enumerate(what.series):
            wide = float(value_of(held[row]) or 0) * scale
            if wide <= 0:
                continue
            said = _said(held[row])
            yield _box(at, x, y, wide)
            if wide > (room := LETTER * len(said) + 6):
                fill, middle = SERIES[at], x + wide / 2
                yield Markup('<rect x="{:.1f}" y="{}" width="{:.1f}" height="{}" fill="{}"/>').format(
                    middle - room / 2, y + 2, room, BAR - 4, fill
                )
                yield _text(middle, y + 13.5, said, anchor="middle", fill=text_on(fill))
            x += wide
        hidden = any(each is not None and each.mark == "c" for each in (held[row] for _, held in what.series))
        yield _text(x + 6, y + 13.5, "and c" if hidden and sums[row] else "c" if hidden else number(sums[row]))
    yield _axis(len(what.axis) * (BAR + GAP) - GAP)


def _axis(tall: float) -> Markup:
    return Markup('<path d="M{x} -2V{tall:.1f}" stroke="{line}" fill="none"/>').format(
        x=LABELS, tall=tall + 3, line=PALETTE["ink"]
    )


def _line(what: Drawn) -> Iterator[Markup]:
    step = (WIDTH - LEFT - INSET - END) / max(len(what.axis) - 1, 1)
    each_tick, ticks = _ticks(what)
    top = each_tick * ticks
    for number_of in range(ticks + 1):
        y = _height(each_tick * number_of, top)
        yield Markup('<path d="M{} {:.1f}H{}" stroke="{}"/>').format(LEFT, y, WIDTH - END, PALETTE["hair"])
        yield _text(LEFT - 8, y + 4.5, f"{number(Decimal(str(each_tick * number_of)))}{_sign(what)}", anchor="end")
    longest = max(len(each) for each in what.axis)
    every = max(1, int(-(-longest * LETTER // step)))
    for row in range(0, len(what.axis), every):
        x = max(LEFT + INSET + row * step, LETTER * len(what.axis[row]) / 2)
        yield _text(x, TALL + 34, what.axis[row], anchor="middle")
    for at, (_, held) in enumerate(what.series):
        yield from _points(at, held, step, top, alone=len(what.series) == 1)


def _points(at: int, held: Sequence[Figure | None], step: float, top: float, *, alone: bool) -> Iterator[Markup]:
    """A line with its markers; each value is written beside it, or the last where there are several lines.

    A value is written clear of the line, which comes down to the lowest from above.
    """
    values = [value_of(each) for each in held]
    points = [
        (LEFT + INSET + row * step, None if value is None else _height(float(value), top))
        for row, value in enumerate(values)
    ]
    yield from _stroke(at, points)
    for row, (x, y) in enumerate(points):
        if y is None:
            if (each := held[row]) is not None and each.mark:
                yield _text(x, TALL - 5 - 12 * at, each.mark, anchor="middle")
            continue
        yield _marker(at, x, y)
        if alone:
            beside = [other for _, other in points[max(row - 1, 0) : row + 2] if other is not None]
            lowest = y == max(beside) > min(beside)
            yield _text(x, y + 18 if lowest else y - 9, _said(held[row]), anchor="middle")
        elif row == len(points) - 1:
            yield _text(x + 10, y + 4.5, _said(held[row]))


def _height(value: float, top: float) -> float:
    return TALL - (TALL - 20) * value / top


def _ticks(what: Drawn) -> tuple[float, int]:
    """How far apart the lines of the axis stand, and how many there are above nought: round numbers above all values.

    Shares are drawn up to all, and what is counted is never parted.
    """
    most = float(what.most)
    if _sign(what) and most <= ALL:
        return ALL / 4, 4
    size = 10.0 ** (len(str(int(most))) - 1)
    steps = (each * part for part in (size / 10, size) for each in (1, 2, 5))
    step = next(each for each in (*steps, 10 * size) if each * MOST_TICKS >= most and each >= 1)
    return step, max(1, int(-(-most // step)))


def _sign(what: Drawn) -> str:
    return "%" if any(each is not None and each.unit == "per cent" for _, held in what.series for each in held) else ""


def _marker(at: int, x: float, y: float) -> Markup:
    return Markup('<path d="{}" transform="translate({:.1f} {:.1f})" fill="{}" stroke="{}"/>').format(
        MARKERS[at % len(MARKERS)], x, y, SERIES[at], PALETTE["ink"]
    )


def _stroke(at: int, points: Sequence[tuple[float, float | None]]) -> Iterator[Markup]:
    """The line, broken where there is no value."""
    path, pen = "", False
    for x, y in points:
        path += "" if y is None else f"{'L' if pen else 'M'}{x:.1f} {y:.1f}"
        pen = y is not None
    line = Markup('<path d="{}" fill="none" stroke="{}" stroke-width="{}" stroke-dasharray="{}"/>')
    yield line.format(path, PALETTE["ink"], 1.6, DASHES[at])
