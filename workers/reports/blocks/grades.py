"""The distribution of grades over the scale, with the share that reaches some of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from projections.counted_records import CountedAudit, Mark
from services.policy.blocks.grades import Given, Grades
from services.policy.describe.wording import plain
from workers.reports.blocks.audits import chosen, in_period
from workers.reports.counting import TOTAL, UNKNOWN, Thing, count, share, slug, thing
from workers.reports.material import Material, Question, taken_back
from workers.reports.page import Block, Chart, Column, Figure, Row, Table
from workers.reports.placing import head, rows, under

MAKES = Grades

WHEN = {"returned": "audit.submitted", "moderated": "audit.moderated", "closed": "audit.closed"}


@dataclass(frozen=True, slots=True)
class _Graded:
    """A grade that was given, under a row."""

    thing: Thing
    grade: str


def make(block: Grades, key: str, material: Material) -> tuple[Block, ...]:
    """A column for each grade and one for all; a row in all, for each section, for each of `by`, or of `given`."""
    asked = material.asked
    given = list(graded(block, material, asked))
    scale = scale_of(block, material, given)
    reaching = reached(block, material)
    named = _rows(block, given, material, asked)
    made = [
        Row(title=title, cells=_cells(f"{key}.{slug(name) if name else 'all'}", own, scale, reaching))
        for name, title in named
        for own in [[each for each in given if each.thing.under == name]]
    ]
    if len(named) > 1 and len(block.given) == 1:
        made.append(Row(title=TOTAL, cells=_cells(f"{key}.all", given, scale, reaching), total=True))
    columns = [Column(title=each) for each in scale] + [Column(title=TOTAL, total=True)]
    if reaching:
        columns.append(Column(title=_called(block, scale, reaching)))
    return (
        Table(
            key=key,
            title=block.title or "Grades",
            stub=_stub(block, material),
            columns=tuple(columns),
            rows=tuple(made),
            adds_up=True,
            chart=Chart(kind="stacked bars"),
        ),
    )


def _called(block: Grades, scale: Sequence[str], reaching: Sequence[str]) -> str:
    """The share as the policy calls its set; by its grades where one of them is called just so."""
    named = plain(block.share_of).capitalize() if block.share_of else ""
    return named if named and named not in scale else " or ".join(reaching)


def _stub(block: Grades, material: Material) -> str:
    if block.of == "sections":
        return "Section"
    return "Given" if len(block.given) > 1 else head(block.by, material)


def graded(block: Grades, material: Material, asked: Question) -> Iterator[_Graded]:
    """Each grade that the block counts."""
    for audit in chosen(block, material, asked):
        when = in_period(audit, WHEN[block.when], asked)
        if when is None or taken_back(audit):
            continue
        for given in block.given:
            for section, grade, mark in _given(block, given, audit, material, asked):
                name = section or (given if len(block.given) > 1 else under(block.by, audit, material, asked))
                yield _Graded(thing(audit.about, *when, mark, under=name), grade or UNKNOWN)


def _given(
    block: Grades, given: Given, audit: CountedAudit, material: Material, asked: Question
) -> Iterator[tuple[str, str | None, Mark | None]]:
    moderated = audit.mark("audit.moderated")
    last = audit.mark("audit.grade_settled") or moderated
    if given == "after moderation" and moderated is None:
        return
    if block.of == "overall":
        by_auditor = given == "by the auditor"
        grade = audit.by_auditor if by_auditor else audit.grade
        yield (
            "",
            grade,
            audit.mark("audit.submitted") if by_auditor else last or audit.mark("audit.submitted"),
        )
        return
    for section, (grade, mark) in material.sections(audit, asked, by_auditor=given == "by the auditor").items():
        if not block.sections or section in block.sections:
            yield section, grade, mark


def scale_of(block: Grades, material: Material, given: Sequence[_Graded]) -> list[str]:
    """The grades of the scale, best first, and those besides that were given."""
    grades = material.policy.grades
    own = list(grades.overall if block.of == "overall" else grades.sections)
    found = {each.grade for each in given}
    return own + sorted(found - set(own))


def reached(block: Grades, material: Material) -> tuple[str, ...]:
    """The grades whose share is asked for."""
    return material.policy.grades.sets[block.share_of] if block.share_of else block.reaching


def _rows(block: Grades, given: Sequence[_Graded], material: Material, asked: Question) -> list[tuple[str, str]]:
    if block.of == "sections":
        own = [each for each in material.policy.tool.sections if not block.sections or each in block.sections]
        others = sorted({each.thing.under for each in given} - set(own))
        return [(each, each) for each in (*own, *others)]
    if len(block.given) > 1:
        return [(each, each.capitalize()) for each in block.given]
    if block.by is None:
        return [("", TOTAL)]
    return rows(block.by, (each.thing.under for each in given), material, asked)


def _cells(own: str, given: Sequence[_Graded], scale: Sequence[str], reaching: Sequence[str]) -> tuple[Figure, ...]:
    cells = [count(f"{own}.{slug(grade)}", (each.thing for each in given if each.grade == grade)) for grade in scale]
    cells.append(count(f"{own}.all", (each.thing for each in given)))
    if reaching:
        graded_so = [replace(each.thing, under=each.grade) for each in given if each.grade != UNKNOWN]
        cells.append(share(f"{own}.share", graded_so, lambda each: each.under in reaching))
    return tuple(cells)
