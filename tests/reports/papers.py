"""Two reports as a council's board might see them, made by hand: a monthly report, and a compendium of a year."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from workers.reports.page import (
    AsAt,
    Behind,
    Cell,
    Chart,
    Column,
    Figure,
    Narrative,
    Note,
    Report,
    Row,
    Section,
    Table,
    Words,
)

TEAMS = ("Assessment East", "Assessment West", "Family support", "Children in our care", "Care leavers", "Disability")
GRADES = ("Outstanding", "Good", "Requires improvement", "Inadequate")
GRADED = ((2, 9, 7, 1), (1, 11, 6, 3), (0, 8, 12, 2), (6, 14, 3, 0), (2, 7, 1, 0), (0, 6, 9, 4))
MONTHS = ("Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar")


def counted(key: str, value: int) -> Figure:
    return Figure(key=key, value=Decimal(value), behind=records(key, value))


def records(key: str, many: int, among: int | None = None) -> tuple[Behind, ...]:
    return tuple(
        Behind(about=f"audit/{key}-{each}", positions=(100 + each, 200 + each), among=among is None or each < among)
        for each in range(many)
    )


def share(key: str, among: int, of: int) -> Figure:
    value = (Decimal(100 * among) / of).quantize(Decimal("0.1")) if of else None
    return Figure(key=key, value=value, unit="per cent", among=among, of=of, behind=records(key, of, among))


def grades() -> Table:
    rows = [*GRADED, tuple(sum(column) for column in zip(*GRADED, strict=True))]
    made = []
    for title, row in zip([*TEAMS, "All"], rows, strict=True):
        key = f"grades.{title.lower().replace(' ', '-')}"
        cells: list[Cell] = [counted(f"{key}.{at}", value) for at, value in enumerate(row)]
        cells += [counted(f"{key}.all", sum(row)), share(f"{key}.share", row[0] + row[1], sum(row))]
        made.append(Row(title=title, cells=tuple(cells), total=title == "All"))
    return Table(
        key="grades",
        title="Grades after moderation, by team",
        stub="Team",
        columns=(
            *(Column(title=each) for each in GRADES),
            Column(title="All", total=True),
            Column(title="Good or better"),
        ),
        rows=tuple(made),
        adds_up=True,
        chart=Chart(kind="stacked bars", axis="team"),
        note="Good or better: 57 of at least 70",
    )


def trend(kind: str = "line") -> Table:
    held = ((41, 52, 48, 55, 57, 61, 58, 63, 62, 66, 64, 68), (88, 85, 90, 91, 86, 92, 94, 93, 90, 95, 96, 94))
    rows = tuple(
        Row(title=month, cells=tuple(share(f"trend.{month}.{at}", row[place], 100) for at, row in enumerate(held)))
        for place, month in enumerate(MONTHS)
    )
    return Table(
        key=f"trend-{kind}",
        title="Good or better, and returned in time, over the year",
        stub="Month",
        columns=(Column(title="Good or better"), Column(title="Returned in time")),
        rows=rows,
        chart=Chart.model_validate({"kind": kind, "axis": "month"}),
    )


def actions() -> Table:
    held = (("Within 2 days", 12, 1), ("Within 10 days", 31, 7), ("Within 20 days", 18, 9))
    rows = [
        Row(title=title, cells=(counted(f"a.{title}.on", on), counted(f"a.{title}.late", late)))
        for title, on, late in held
    ]
    return Table(
        key="actions",
        title="Actions by their time",
        stub="Given time",
        columns=(Column(title="Done in time"), Column(title="Late or open")),
        rows=tuple(rows),
        chart=Chart(kind="bars", axis="time given"),
    )


def listing(many: int) -> Table:
    return Table(
        key="audits",
        title="Audits with a concern for safety",
        stub="Audit",
        columns=(Column(title="Team"), Column(title="Theme"), Column(title="Days"), Column(title="Told")),
        rows=tuple(
            Row(
                title=f"TOR-{each:03}",
                cells=(
                    Words(text=TEAMS[each % len(TEAMS)]),
                    Words(text="Threshold & <step-down>" if each % 2 else "Supervision, and the voice of the child"),
                    Figure(key=f"days.{each}", value=Decimal(each % 9), unit="days"),
                    Words(text=f"P-{each}", names=True),
                ),
                names=True,
            )
            for each in range(many)
        ),
    )


def written(text: str | None) -> Narrative:
    return Narrative(
        key="words",
        title="What this month says",
        role="Principal social worker",
        text=text,
        written_by=None if text is None else "P-A6",
        written_at=None if text is None else datetime(2026, 4, 9, 10, tzinfo=UTC),
        version=0 if text is None else 2,
    )


def report(title: str, sections: Sequence[Section], sides: int | None = None) -> Report:
    return Report(
        authority="torbay",
        name="monthly_highlight",
        title=title,
        source=("TOR-R01", "TOR-R02"),
        made_by="Quality assurance lead",
        audience=("Director of children's services", "Quality assurance board"),
        first=date(2026, 3, 1),
        last=date(2026, 3, 31),
        as_at=AsAt(known_by=date(2026, 4, 8)),
        policy_version="2026.1",
        position=18342,
        notes=(Note(text="This period has not ended: the figures are of 28 March 2026."),),
        sections=tuple(sections),
        sides=sides,
    )


TEXT = (
    "Two thirds of what we looked at is good or better. Assessment West has most of what is not.\n\n"
    "Plans are clearer than in autumn. Supervision still misses findings, and that is what we look at next."
)

MONTHLY = report(
    "Monthly highlight report",
    (
        Section(key="grades", title="How good the work is", source=("TOR-R01",), blocks=(grades(), written(TEXT))),
        Section(key="actions", title="What was done about it", source=("TOR-R02",), blocks=(actions(), written(None))),
        Section(key="safety", title="Concerns for safety", blocks=(listing(14),)),
    ),
    sides=3,
)

COMPENDIUM = report(
    "Performance compendium",
    (
        Section(key="trend", title="The year", blocks=(trend(),)),
        Section(key="grades", title="How good the work is", blocks=(grades(), actions())),
        Section(key="list", title="Every audit", blocks=(listing(70),)),
    ),
    sides=1,
)
