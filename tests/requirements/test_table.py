"""The tables of requirements are whole and true: every id has a row, and every row's tests are there and say so."""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tests.beside import ROOT
from tests.requirements.__main__ import missing, summary
from tests.requirements.marks import TESTS, defined_in, marked_in, requirement_of, sources, words_in
from tests.requirements.table import (
    STATUSES,
    TABLES,
    Row,
    authority_of,
    catalogues,
    counts,
    digests_of,
    read,
    read_digests,
)

TOTALS = {"Torbay": 169, "Halton": 109, "Southwark": 115, "East Sussex": 104, "Swindon": 133}
ROWS = {table: read(table) for table in TABLES}
KNOWN = {each for ids in read_digests().values() for each in ids}

OF_TABLES = pytest.mark.parametrize("table", TABLES)


def file_of(test: str) -> Path:
    return ROOT / test.partition("::")[0]


@OF_TABLES
def test_every_id_has_one_row(table: str) -> None:
    """A table holds each id of its catalogues once, in their order, and no other."""
    assert [row.id for row in ROWS[table]] == list(read_digests()[table])


def test_every_requirement_of_five_authorities() -> None:
    """All 630 requirements stand in the table, each with a status that there is."""
    assert {row.status for rows in ROWS.values() for row in rows} <= set(STATUSES)
    assert Counter(authority_of(row.id) for row in ROWS["table"]) == TOTALS
    assert {name: sum(by_status.values()) for name, by_status in counts(ROWS["table"])} == TOTALS


def _is_there(test: str) -> bool:
    path = file_of(test)
    name, _, case = test.partition("::")[2].partition("[")
    if not path.is_file() or name not in defined_in(path):
        return False
    words = _words_of(path.parent)
    return not case or {case.removesuffix("]")} <= words or set(case.removesuffix("]").split(":")) <= words


@cache
def _words_of(folder: Path) -> frozenset[str]:
    return frozenset().union(*map(words_in, folder.glob("*.py")))


@cache
def _marked_of(folder: Path) -> frozenset[str]:
    return frozenset(requirement_of(mark) for each in folder.glob("*.py") for mark in marked_in(each))


@OF_TABLES
def test_every_named_test_exists(table: str) -> None:
    """Every test that a row names is defined in that file, and the case in its brackets in that folder.

    A case of a council's table is called by the council and its line, such as `halton:guidance`.
    """
    lost = [(row.id, test) for row in ROWS[table] for test in row.tests if not _is_there(test)]
    assert lost == []


def _says(test: str, requirement: str) -> bool:
    path = file_of(test)
    if "[" not in test:
        return requirement in {requirement_of(mark) for mark in marked_in(path)}
    return requirement in _marked_of(path.parent) or requirement in words_in(path)


@OF_TABLES
def test_every_named_test_says_so(table: str) -> None:
    """A test that a row names carries the row's id as a mark, by itself or through its worked case."""
    silent = [(row.id, test) for row in ROWS[table] for test in row.tests if not _says(test, row.id)]
    assert silent == []


@OF_TABLES
def test_what_is_carried_names_a_test(table: str) -> None:
    """A row that counts as carried names at least one test."""
    assert [row.id for row in ROWS[table] if row.status == "carried" and not row.tests] == []


@OF_TABLES
def test_what_is_not_carried_says_why(table: str) -> None:
    """A row that is carried in part or by no program says what is missing or why."""
    silent = [
        row.id for row in ROWS[table] if row.status in {"partly", "not software"} and len(row.reason) < len("why")
    ]
    assert silent == []


def test_every_mark_names_a_known_id() -> None:
    """No test claims to cover something that stands in no catalogue."""
    unknown = {
        (path.relative_to(TESTS).as_posix(), mark)
        for path in sources()
        for mark in marked_in(path)
        if requirement_of(mark) not in KNOWN
    }
    assert unknown == set()


@OF_TABLES
def test_the_catalogues_are_as_they_were(table: str) -> None:
    """The rows of the catalogues are those that this table was made for; a change there asks for a look here."""
    folder = catalogues()
    if folder is None:
        pytest.skip("the catalogues do not lie beside the project")
    assert digests_of(folder, table) == read_digests()[table]


def test_the_report_adds_up() -> None:
    """The printed table has a line for each authority and one for all, and what is missing a line for each part."""
    rows = [Row("TOR-1", "carried", ("t",), ""), Row("TOR-2", "partly", (), "half"), Row("SWI-1", "partly", (), "most")]
    printed = summary(rows)
    assert list(printed.columns[1].cells) == ["1", "0", "0", "0", "0", "1"]
    assert list(printed.columns[2].cells) == ["1", "0", "0", "0", "1", "2"]
    assert list(printed.columns[-1].cells) == ["2", "0", "0", "0", "1", "3"]
    assert list(missing(rows).columns[0].cells) == ["TOR-2", "SWI-1"]
    assert list(missing(rows).columns[1].cells) == ["half", "most"]
