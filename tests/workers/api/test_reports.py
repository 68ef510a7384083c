"""Reports by HTTP: made, traced, issued and shown as they were, in the copy that is for the caller."""

from datetime import timedelta
from typing import Any

import pytest

from events.audits import AuditSubmitted
from services.clock import local_date
from tests.histories import allocated
from tests.workers.api.rig import Api, allocation
from tests.workers.rig import LOWEST

WRITTEN = "plans say too little of what is to change"


async def ask(api: Api, *path: str, by: str = "P-QA", **options: str) -> Any:
    async with api.client(by) as client:
        return await client.get(api.path(*path), params=options)


def month_of(api: Api) -> str:
    return f"{api.office.system.clock():%Y-%m}"


async def test_a_report_is_issued_and_shown_as_it_was(api: Api) -> None:
    """What was issued stays while its month goes on; its texts are opened for whoever needs to know them."""
    month = month_of(api)
    path = ("reports", "audit_highlight", month)
    told = {"role": "qa_team", "report": "audit_highlight", "period": month}
    async with api.rig.workers("timeline"):
        listed = (await ask(api, "reports")).json()
        assert "audit_highlight" in [each["name"] for each in listed["reports"]]
        assert (await api.act("report.comment", {**told, "place": "summary", "narrative": WRITTEN})).status_code == 200
        issued = await api.act("report.issue", told, **{"Idempotency-Key": "i-1"})
        assert issued.status_code == 200, issued.text
        before = await ask(api, *path, "issued")
        assert (before.status_code, before.json()["issued"]["issue"]) == (200, 1)
        assert WRITTEN not in before.text
        assert WRITTEN in (await ask(api, *path, "issued", texts="open")).text
        after = await api.act("audit.allocate", allocation("T-1"))
        position = after.headers["Sightline-Position"]
        made = await ask(api, *path, **{"wait-for": position})
        assert made.json()["position"] >= int(position)
        assert (await ask(api, *path, "issued")).content == before.content
        for form, begins in (("html", b"<!doctype html>"), ("csv", b"\xef\xbb\xbf"), ("json", b'{"')):
            assert (await ask(api, *path, "issued", format=form)).content.startswith(begins)
        again = await api.act("report.issue", told, **{"Idempotency-Key": "i-1"})
        assert again.json()["result"] == "repeated"
        figure = next(
            cell["key"]
            for section in made.json()["sections"]
            for block in section["blocks"]
            if block["type"] == "table"
            for row in block["rows"]
            for cell in row["cells"]
            if cell["type"] == "figure"
        )
        assert (await ask(api, *path, "figures", figure)).json()["figure"]["key"] == figure


async def test_a_named_copy_is_for_whom_the_policy_lets(api: Api) -> None:
    """Everybody else is given the suppressed copy, of what is made and of what was issued, and may trace nothing."""
    month = month_of(api)
    path = ("reports", "audit_highlight", month)
    async with api.rig.workers("timeline"):
        told = {"role": "qa_team", "report": "audit_highlight", "period": month}
        assert (await api.act("report.issue", told)).status_code == 200
        assert (await ask(api, *path, by="P-TM")).json()["copy"] == "suppressed"
        issued = (await ask(api, *path, "issued", by="P-TM")).json()
        assert issued["report"]["copy"] == "suppressed"
        assert [each["which"] for each in issued["issued"]["pages"]] == ["suppressed"]
        for refused in (
            await ask(api, *path, by="P-TM", copy="named"),
            await ask(api, *path, "figures", "x", by="P-TM"),
            await ask(api, *path, by="P-TM", as_at=f"{api.office.system.clock():%Y-%m-%d}"),
        ):
            assert (refused.status_code, "may not read a named copy" in refused.text) == (403, True), refused.text


async def test_no_caller_hands_in_a_page(api: Api) -> None:
    """What is issued is what Sightline made: pages in the body are refused by name, and nothing is issued."""
    month = month_of(api)
    page = {"copy": "named", "content": "{}"}
    told = {"role": "qa_team", "report": "audit_highlight", "period": month, "pages": [page]}
    answer = await api.act("report.issue", told)
    assert (answer.status_code, "pages: is made as the order is taken" in answer.text) == (422, True), answer.text


@pytest.mark.parametrize(
    ("path", "options", "status"),
    [
        (("nothing", "2026-01"), {}, 404),
        (("audit_highlight", "2026-Q1"), {}, 422),
        (("audit_highlight", "2026-01", "issued"), {}, 404),
        (("audit_highlight", "2026-01"), {"copy": "secret"}, 422),
        (("audit_highlight", "2026-01"), {"colour": "red"}, 422),
        (("audit_highlight", "2026-01"), {"format": "docx"}, 422),
        (("audit_highlight", "2026-01", "issued"), {"issue": "0"}, 422),
    ],
)
async def test_what_is_asked_wrongly(api: Api, path: tuple[str, ...], options: dict[str, str], status: int) -> None:
    """What there is not, and what no report takes, is told by name."""
    async with api.rig.workers("timeline"):
        answer = await ask(api, "reports", *path, **options)
    assert answer.status_code == status, answer.text


async def test_a_story_as_at_a_day(api: Api) -> None:
    """What happened, or was recorded, later is not in it; where nothing had, a header says so, as views do."""
    path = ("records", "audit", "A-1", "timeline")
    today = local_date(api.office.system.clock())
    before, yesterday = (api.office.system.clock() - timedelta(days=days) for days in (20, 1))
    api.rig.record("A-1", allocated(due=None), at=before)
    api.rig.record("A-1", AuditSubmitted(grade=LOWEST), at=yesterday)
    async with api.rig.workers("timeline"):
        whole = (
            await ask(api, *path, **{"wait-for": str(api.office.system.history(api.rig.authority).position())})
        ).json()
        assert [each["type"] for each in whole["rows"]] == ["audit.allocated.v1", "audit.submitted.v1"]
        then = await ask(api, *path, as_at=f"{local_date(before):%Y-%m-%d}")
        assert [each["type"] for each in then.json()["rows"]] == ["audit.allocated.v1"]
        known = await ask(api, *path, as_known=f"{local_date(yesterday):%Y-%m-%d}")
        assert (known.json()["rows"], "stands on record" in known.headers["Sightline-Note"]) == ([], True)
        assert (await ask(api, *path, as_at=f"{today + timedelta(days=9):%Y-%m-%d}")).status_code == 422
