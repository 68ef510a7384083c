"""Taking a list in: whole or not at all, the same a second time, and by nobody who may not."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from events.cases import CaseListClosed, CaseListOpened, CasesListed
from events.errors import Forbidden, NotFound, Refused
from events.registry import encode
from services.case_lists import listed
from services.cases.import_list import PART
from services.keyring import MasterKey
from tests.desks import SHIPPED
from tests.given import Scene, fact
from tests.histories import sealed
from tests.services.cases.books import AS_OF, HEADINGS, SAMPLE, Taking, write_book

MANY = 2 * PART + 20


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    file = tmp_path / "list.csv"
    rows = (f"{number},Team {number % 3},Worker Name,2025-0{1 + number % 9}-01\n" for number in range(1, MANY + 1))
    file.write_text("Child number,Team,Worker,Open since\n" + "".join(rows), encoding="utf-8")
    return file


def test_a_list_is_taken_in_parts(plain: Path) -> None:
    """A long list is opened, listed in parts and closed; no child stands in two of them, and keys are its own."""
    taking = Taking()
    report = taking.take(plain)
    history = taking.desk.store.load(taking.aggregate)
    assert [type(each.fact) for each in history] == [CaseListOpened, *[CasesListed] * 3, CaseListClosed]
    assert (report.taken, report.left_out, report.events) == (MANY, 0, 5)
    cases = listed(history)
    assert len({case.child for case in cases}) == MANY
    assert all(case.number.startswith(f"sealed:1:{case.child}:") for case in cases)
    assert report.keyed == {"team": 3, "worker": 1}
    assert history[0].envelope.actor == "P-QA"


def test_nothing_of_a_name_is_stored(tmp_path: Path) -> None:
    """No name, address, date of birth or gender reaches an event, and no number in clear."""
    headings = [*HEADINGS["plans"], "Child's Name", "Placement postcode"]
    row = [91234567, "b) Female", date(2015, 5, 5), "1/1/26", None, "Some Team", "Some Body", "A Child", "ZZ1 1ZZ"]
    taking = Taking()
    taking.take(write_book(tmp_path / "book.xlsx", {"List 7": [headings, row]}))
    stored = b"".join(encode(each.fact) for each in taking.desk.store.load(taking.aggregate)).decode()
    for word in ("91234567", "Some", "Body", "A Child", "ZZ1", "2015", "Female"):
        assert word not in stored


@pytest.mark.parametrize("parts", [1, 2])
def test_half_a_list_is_none(plain: Path, parts: int) -> None:
    """A list that was broken off cannot be used; the same file again completes it as if nothing had been."""
    broken, whole = Taking(), Taking()
    broken.take(plain, parts=parts)
    with pytest.raises(Refused, match="was not taken in to its end"):
        listed(broken.desk.store.load(broken.aggregate))
    broken.take(plain)
    whole.take(plain)
    assert broken.report.taken == MANY
    assert broken.aggregate == whole.aggregate
    assert listed(broken.desk.store.load(broken.aggregate)) == listed(whole.desk.store.load(whole.aggregate))


def test_broken_off_just_before_its_end(plain: Path) -> None:
    """Where every child stands on the list already and only the end is missing, the end is all that is written."""
    taking = Taking()
    taking.take(plain)
    stream = taking.desk.store.streams[taking.aggregate]  # type: ignore[attr-defined]
    del stream[-1]
    assert taking.take(plain).events == 1
    assert len(listed(taking.desk.store.load(taking.aggregate))) == MANY


def test_a_repeat_finds_all_done(plain: Path) -> None:
    """The same file for the same day again writes nothing; another day, or other references, make another list."""
    taking = Taking()
    first = taking.take(plain)
    aggregate = taking.aggregate
    length = len(taking.desk.store.load(aggregate))
    again = taking.take(plain)
    assert (again.reference, again.repeated, again.taken, again.events) == (first.reference, True, MANY, 0)
    assert len(taking.desk.store.load(aggregate)) == length
    assert taking.take(plain, as_of=date(2026, 2, 28)).repeated is False
    refs = plain.with_name("refs.csv")
    refs.write_text("text,ref\nteam 1,T-1\n", encoding="utf-8")
    assert taking.take(plain, refs=refs).keyed == {"team": 2, "worker": 1}
    assert "T-1" in {case.team for case in listed(taking.desk.store.load(taking.aggregate))}


def test_a_child_is_the_same_in_every_list(plain: Path, tmp_path: Path) -> None:
    """The same number gives the same reference in another list, and another one in another authority."""
    taking, other = Taking(), Taking(authority="halton")
    for each in (taking, other):
        each.with_keys(MasterKey(bytes(range(32))))
    taking.take(plain)
    first = {case.child for case in listed(taking.desk.store.load(taking.aggregate))}
    book = write_book(tmp_path / "book.xlsx", {"List 6": [HEADINGS["need"], [7]]})
    for each in (taking, other):
        each.take(book)
    (same,) = listed(taking.desk.store.load(taking.aggregate))
    (elsewhere,) = listed(other.desk.store.load(other.aggregate))
    assert same.child in first
    assert elsewhere.child not in first


def test_what_was_left_out_is_counted(tmp_path: Path) -> None:
    """The end of the list counts the rows that were not used: without a number, or of two children under one."""
    rows = [[7, "Male"], [7, "Female"], ["", "Male"], ["x", "Male"], [8, "Male"]]
    taking = Taking()
    report = taking.take(write_book(tmp_path / "book.xlsx", {"CIN": [HEADINGS["need"], *rows]}))
    closed = taking.desk.store.load(taking.aggregate)[-1].fact
    assert closed == CaseListClosed(taken=1, left_out=4)
    assert (report.taken, report.left_out, report.rows) == (1, 4, 5)
    assert report.counts.total() >= 4


@pytest.mark.skipif(not SAMPLE.exists(), reason="the sample workbook does not lie here")
def test_the_sample_is_taken() -> None:
    """The sample workbook is taken in, and nobody who stands in it can be read from what is stored."""
    taking = Taking()
    report = taking.take(SAMPLE, as_of=date(2021, 3, 16))
    assert (report.taken, report.left_out, report.missing) == (43, 10, ())
    stored = b"".join(encode(each.fact) for each in taking.desk.store.load(taking.aggregate)).decode()
    assert not any(word in stored for word in ("Locality", "Hazlett", "6537810", "WBRI"))


CASE = {"child": "C-1", "number": "4711"}
LIST: dict[str, Any] = {
    "command": "cases.import",
    "authority": "torbay",
    "actor": "P-QA",
    "role": "qa_team",
    "list": "L-1",
    "file_hash": "0a",
    "as_of": "2026-03-31",
    "cases": [CASE],
}


@pytest.fixture
def desk() -> Scene:
    return Scene(now=datetime(2026, 4, 1, 9, tzinfo=UTC))


def test_a_list_among_commands(desk: Scene) -> None:
    """A list can stand among the commands of a file: opened by its first part, usable once one closes it."""
    desk.do({**LIST, "id": "part-1"})
    with pytest.raises(Refused, match="was not taken in to its end"):
        listed(desk.store.load("cases/L-1"), "L-1")
    desk.do({**LIST, "cases": [{"child": "C-2", "number": "4712", "age": 3}], "closes": True, "left_out": 2})
    assert [case.child for case in listed(desk.store.load("cases/L-1"))] == ["C-1", "C-2"]
    assert desk.store.load("cases/L-1")[-1].fact == CaseListClosed(taken=2, left_out=2)
    desk.when({**LIST, "id": "part-1"}).nothing()


def test_a_list_that_is_not_there(desk: Scene) -> None:
    """What was never begun is not found."""
    with pytest.raises(NotFound, match="case list L-9"):
        listed(desk.store.load("cases/L-9"), "L-9")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"role": "auditor"}, "role: auditor may not cases.import; that is for qa_team"),
        ({"role": "team_manager"}, "role: team_manager may not cases.import; that is for qa_team"),
        ({"as_of": "2026-04-02"}, "as_of: 2026-04-02 lies after the act, which is of 2026-04-01"),
        ({"cases": [CASE, CASE]}, "cases: C-1 stands on the list already"),
        ({"cases": []}, "cases: needed, unless the part closes the list"),
        ({"cases": [], "closes": True}, "cases: a list without a child cannot be closed"),
        (
            {"cases": [{**CASE, "open_since": "2026-04-01"}]},
            "cases.open_since: 2026-04-01 lies after the list's date, 2026-03-31",
        ),
        ({"cases": [{**CASE, "strand": "Fun"}]}, "cases.strand: unknown strand Fun; known: Help and protection, "),
        ({"cases": [{**CASE, "lists": ["Jane"]}]}, "cases.lists: no list of Annex A; known: adoption, care leavers, "),
        (
            {"cases": [{**CASE, "service": "Jane Smith"}]},
            "cases.service: must be a unit of the directory, or a reference of letters and digits",
        ),
        ({"cases": [{**CASE, "service": "Jane"}]}, "cases.service: must be a unit"),
        ({"cases": [{**CASE, "age": 31}]}, "cases.0.age: "),
        ({"cases": [{**CASE, "name": "x"}]}, "cases.0.name: is not a field"),
        ({"cases": [{**CASE, "worker": "some body"}]}, "cases.0.worker: "),
    ],
)
def test_what_is_refused(desk: Scene, changed: dict[str, Any], said: str) -> None:
    """A list by whom it is not for, of a day to come, or with what cannot be, is refused, and nothing is written.

    Nor are words in clear: the framework's own are taken, and what a column holds may be a name that moved there.
    """
    error = Forbidden if "may not" in said else Refused
    assert desk.when({**LIST, **changed}).refused(said.partition(":")[0], error=error).startswith(said)


def test_what_is_taken_in_clear(desk: Scene) -> None:
    """The framework's own services, strands and lists stand as they are, a case of the list's own day among them."""
    case = {**CASE, "service": "SARS", "strand": "Help and protection", "lists": ["children in need"], "age": 3}
    case |= {"team": "T-1", "worker": "P-1", "open_since": "2026-03-31"}
    number = sealed("4711", child="C-1")
    desk.when({**LIST, "cases": [case]}).then(
        "cases.opened", fact("cases.listed", "cases/L-1", cases=[{**case, "number": number}])
    )


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"file_hash": "0b"}, "list", "L-1 began with another file, kind or date"),
        ({"as_of": "2026-03-30"}, "list", "L-1 began with another file, kind or date"),
        ({"cases": [{**CASE, "number": "4712"}]}, "cases", "C-1 stands on the list already"),
    ],
)
def test_a_part_of_another_list(desk: Scene, changed: dict[str, Any], field: str, said: str) -> None:
    """A part of another file, of another day, or of a child that stands on the list, is refused."""
    desk.do(LIST)
    desk.when({**LIST, "cases": [{**CASE, "child": "C-2"}], **changed}).refused(field, said)


def test_a_closed_list_takes_no_more(desk: Scene) -> None:
    """A list that is complete stays as it is."""
    desk.do({**LIST, "closes": True})
    desk.when({**LIST, "cases": [{**CASE, "child": "C-2"}]}).refused(
        "list", "L-1 is complete; a later list takes another reference"
    )


@pytest.mark.parametrize("authority", sorted(SHIPPED))
def test_every_framework_says_who_may(authority: str) -> None:
    """Each policy gives the act to its quality assurance, and nobody else may carry it out."""
    policy = SHIPPED[authority].newest
    allowed = policy.acts["cases.import"]
    for role in policy.roles:
        desk = Scene(authority, now=datetime(2026, 4, 1, 9, tzinfo=UTC))
        command = {**LIST, "authority": authority, "role": role, "as_of": AS_OF.isoformat()}
        if role in allowed:
            assert desk.do(command)[0].result == "accepted"
        else:
            desk.when(command).refused("role", "may not cases.import", error=Forbidden)
