"""Issuing a report: what it said is kept byte for byte, by whom and of which texts, and nothing later changes it."""

import random
from hashlib import sha256
from typing import Any

import pytest

from events.errors import BrokenHistory, Conflict, Forbidden
from events.escalations import NoticeSent
from events.registry import encode
from events.reports import PageKept, ReportIssued
from services.deliveries.due import addressed
from services.deliveries.letters import title_of
from services.directory.state import DIRECTORY, fold_directory
from services.obligations.report_dates import report_aggregate
from services.reports.pages import PIECE, pieces_of, put_together
from services.reports.state import Report
from tests.given import Scene, fact, given
from tests.lives import people
from tests.services.reports.scenes import HEAD, NOW, OF_SERVICES, comment, desk_with_reports, issue, page, with_reports

RECORD = "report/findings-2026-Q1"


@pytest.fixture
def desk() -> Scene:
    return desk_with_reports()


def state(desk: Scene) -> Report:
    return Report.of(desk.store.load(RECORD))


def issued(desk: Scene) -> list[ReportIssued]:
    return [each.fact for each in state(desk).issues]


def content_of(desk: Scene, number: int, which: str = "named") -> str:
    held = state(desk)
    fact = held.issues[number - 1].fact
    [found] = [each for each in fact.pages if each.which == which]
    return put_together(found, held.pieces[number, which])


def test_what_was_issued_is_kept_byte_for_byte(desk: Scene) -> None:
    """Given pages, when the report is issued, then their bytes are in history with hash, policy and audience."""
    named, suppressed = page(), page("suppressed")
    desk.do(issue(named, suppressed))
    [fact] = issued(desk)
    assert content_of(desk, 1) == named["content"]
    assert content_of(desk, 1, "suppressed") == suppressed["content"]
    assert fact.pages[0].digest == sha256(named["content"].encode()).hexdigest()
    assert (fact.issue, fact.position, fact.policy) == (1, 40, "1")
    assert (fact.audience, fact.shared_with) == (("director",), ("Improvement Board",))


@pytest.mark.covers("TOR-136")
def test_issuing_again_replaces_nothing(desk: Scene) -> None:
    """A further issue is a further one: the first stays, byte for byte."""
    first, second = page(), page(position=90)
    desk.do(issue(first, id="i-1"))
    before = [encode(each.fact) for each in desk.store.load(RECORD)]
    desk.do(issue(second, id="i-2"))
    assert [encode(each.fact) for each in desk.store.load(RECORD)][: len(before)] == before
    assert [each.issue for each in issued(desk)] == [1, 2]
    assert (content_of(desk, 1), content_of(desk, 2)) == (first["content"], second["content"])


def test_a_repeat_is_known_whatever_was_made_since(desk: Scene) -> None:
    """The same id issues once, although the figures have come to something else by the time that it is said again."""
    desk.do(issue(page(), id="i-1"))
    desk.when(issue(page(position=99), id="i-1")).nothing()
    assert len(issued(desk)) == 1


def test_an_issue_names_the_texts_by_version_and_hash(desk: Scene) -> None:
    """A page holds no text: the issue says which version stood where, and the hash of the text as it is sealed."""
    desk.do(comment(id="c-1"), comment(text="better said", id="c-2"), issue(page(versions={"summary": 2})))
    [fact] = issued(desk)
    sealed = state(desk).written["summary"][1].fact.narrative
    assert [(each.place, each.version) for each in fact.texts] == [("summary", 2)]
    assert fact.texts[0].digest == sha256(sealed.encode()).hexdigest()
    assert "better said" not in "".join(encode(each.fact).decode() for each in desk.store.load(RECORD)[2:])


def test_a_text_that_was_written_meanwhile(desk: Scene) -> None:
    """A page that was made before the newest text is not issued in its place: it has to be made again."""
    desk.do(comment(id="c-1"))
    desk.when(issue(page())).refused("", "summary was written anew since the report was made", error=Conflict)
    assert issued(desk) == []


def test_a_page_as_at_an_earlier_day_may_name_an_earlier_text(desk: Scene) -> None:
    """As it was known then is what is issued then: the text of that day, and not the newest."""
    desk.do(comment(id="c-1"), comment(text="better said", id="c-2"))
    desk.do(issue(page(versions={"summary": 1}, as_at={"known_by": "2026-07-05"}), as_known="2026-07-05"))
    assert [each.version for each in issued(desk)[0].texts] == [1]


def test_a_page_that_is_too_long_for_one_message() -> None:
    """A page goes out in as many pieces as it takes, each far below what a server takes, and comes back as it was."""
    chance = random.Random(7)  # noqa: S311 - no secret: bytes that no compression makes small
    long = page(note=chance.randbytes(PIECE).hex())
    desk = desk_with_reports()
    desk.do(issue(long))
    pieces = [each.fact for each in desk.store.load(RECORD) if isinstance(each.fact, PageKept)]
    assert len(pieces) > 1
    assert max(len(encode(each)) for each in pieces) < PIECE + 1_000
    assert content_of(desk, 1) == long["content"]


def test_a_piece_that_was_changed_is_told(desk: Scene) -> None:
    """What is not what was issued is never shown as if it were: another piece, one too few, or none."""
    desk.do(issue())
    [kept], other = issued(desk)[0].pages, pieces_of(page(position=41)["content"])
    for pieces in (other, [], ["AAAA"]):
        with pytest.raises(BrokenHistory, match="an issued report: its named copy is not what was issued"):
            put_together(kept, pieces)


@pytest.mark.parametrize(
    ("line", "refusal"),
    [
        (issue(page(), page()), "pages: hold one copy twice"),
        (issue(page("suppressed")), "pages: are made as the report is issued"),
        ({**issue(), "pages": []}, "pages: are made as the report is issued"),
        (issue({"copy": "named", "content": "[]"}), "pages: is no page of a report: page"),
        (issue(page(position="x")), "pages: is no page of a report: position"),
        (issue(page(name="other")), "pages: are not those of findings for 2026-Q1"),
        (issue(page(authority="halton")), "pages: are not those of findings for 2026-Q1"),
        (issue(page(first="2026-01-01")), "pages: are not those of findings for 2026-Q1"),
        (
            issue(page(policy_version="7")),
            "pages: are made by version 7: a report of the period to 2026-06-30 is made by version 1 of the framework",
        ),
        (issue(page(), as_known="2026-07-05"), "pages: are not as at the day that is asked for"),
        (issue(page(), page("suppressed", position=41)), "pages: the suppressed copy is not of the same making"),
        (issue({**page("suppressed"), "copy": "named"}), "pages: the named copy says that it is the suppressed one"),
        (
            issue(page(sections=[{"blocks": [{"type": "narrative", "key": "summary", "text": "in clear"}]}])),
            "pages: a page is issued without its texts; summary holds one",
        ),
        (issue(actor="P-DIR", role="director"), "role: findings is issued by qa_team, or by qa_team on their behalf"),
        (issue(period="2026-Q3"), "period: 2026-Q3 begins on 2026-10-01"),
    ],
)
def test_what_is_refused(desk: Scene, line: dict[str, Any], refusal: str) -> None:
    """Whatever is no page of this report, by whoever may not issue it, is refused by field and rule."""
    field = refusal.partition(":")[0]
    assert desk.when(line).refused(field).startswith(refusal)
    assert desk.store.load(RECORD) == ()


def told_of(desk: Scene) -> list[NoticeSent]:
    return [each.fact for each in desk.store.load(RECORD) if isinstance(each.fact, NoticeSent)]


def test_the_posts_of_the_audience_are_told(desk: Scene) -> None:
    """The director is told that the report is there, and nothing of what it says."""
    desk.do(issue())
    [notice] = told_of(desk)
    assert [(each.role, each.holder) for each in notice.recipients] == [("director", "P-DIR")]
    assert (notice.title, notice.reconstructed) == ("Findings of the quarter, 2026-Q1: issued", False)
    [sent] = [each for each in desk.store.load(RECORD) if each.fact is notice]
    directory = fold_directory(desk.store.load(DIRECTORY))
    assert [each.person for each in addressed(sent, directory, desk.policies.newest)] == ["P-DIR"]
    assert title_of(desk.policies.newest, notice.obligation, notice.step) == "Findings of the quarter (issued)"


def test_of_history_nobody_is_told(desk: Scene) -> None:
    """A report that was issued on an earlier day tells nobody now."""
    desk.do(issue(at="2026-07-03"))
    assert [each.reconstructed for each in told_of(desk)] == [True]


def test_a_report_of_one_unit_is_for_those_of_that_unit(desk: Scene) -> None:
    """The head of a service issues the report of that service, and of no other."""
    line = issue(
        page(name="of_services", unit="S-1"), report="of_services", unit="S-1", actor="P-HOS", role="head_of_service"
    )
    desk.do({**HEAD, "command": "unit.place", "unit": "S-9", "kind": "service"})
    desk.when({**line, "unit": "S-9"}).refused(
        "role", "P-HOS did not hold the role head_of_service for S-9", error=Forbidden
    )
    desk.do(line)
    assert [each.fact.unit for each in Report.of(desk.store.load("report/of_services-2026-Q1--S-1")).issues] == ["S-1"]


def test_a_report_of_a_team_is_for_the_head_of_its_service() -> None:
    """Whose post is of a service issues for the teams of that service; whose post is the authority's, for any."""
    of_teams = OF_SERVICES.model_copy(update={"name": "of_teams", "per": "team"})
    desk = given(*people("torbay"), policies=with_reports(of_teams), now=NOW, unverified=False)
    desk.do({**HEAD, "command": "unit.place", "unit": "S-9", "kind": "service"})
    desk.do({**HEAD, "command": "unit.place", "unit": "T-9", "kind": "team", "parent": "S-9"})
    own, another = (issue(page(name="of_teams", unit=unit), report="of_teams", unit=unit) for unit in ("T-1", "T-9"))
    head = {"actor": "P-HOS", "role": "head_of_service"}
    desk.when(own | head).then("report.page_kept", fact("report.issued", unit="T-1"), "notice.sent")
    desk.when(another | head).refused("role", "P-HOS did not hold the role head_of_service for T-9", error=Forbidden)
    desk.when(another).then("report.page_kept", fact("report.issued", unit="T-9"), "notice.sent")


@pytest.mark.parametrize(("length", "taken"), [(43, True), (44, False)])
def test_a_record_has_a_name_of_some_length(desk: Scene, length: int, *, taken: bool) -> None:
    """Report, period and unit have sixty-four characters together: a longer unit is told so."""
    unit = "S" * length
    desk.do({**HEAD, "command": "unit.place", "unit": unit, "kind": "service"})
    came = desk.when(issue(page(name="of_services", unit=unit), report="of_services", unit=unit))
    if taken:
        came.then("report.page_kept", fact("report.issued", unit=unit), "notice.sent")
    else:
        came.refused("unit", f"{unit} is too long: report, period and unit have 64 together")


def test_no_two_reports_share_a_record() -> None:
    """A unit that reads like the rest of a period is another report than the one of that period."""
    asked = [("f", "2026-03", None), ("f", "2026", "03"), ("f", "2026-03", "X"), ("f", "2026", "03-X")]
    asked += [("f", "2026", "03--X"), ("f", "2026-Q1", None), ("f", "2026", "Q1")]
    assert len({report_aggregate(*each) for each in asked}) == len(asked)


def test_a_report_that_is_not_whole_is_not_issued(desk: Scene) -> None:
    """Refused, naming the block that could not be made and why; nothing is kept of it."""
    lost = {"type": "unmade", "key": "grades", "text": "Grades “Findings” could not be made: KeyError."}
    lacking = page(sections=[{"key": "grades", "blocks": [lost]}])
    desk.when(issue(lacking)).refused(
        "pages", "lack grades, so they are not issued: Grades “Findings” could not be made"
    )
    assert desk.store.load("report/findings-2026-Q1") == ()
