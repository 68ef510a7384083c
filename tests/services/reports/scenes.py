"""A framework with reports, pages of them, and commands about them, for tests that need no server."""

from datetime import UTC, datetime
from typing import Any

import orjson

from services.policy.blocks.narrative import Narrative
from services.policy.reports import Report, ReportSection
from services.policy.versions import Policies
from tests.desks import SHIPPED
from tests.given import Scene, given
from tests.lives import people

NOW = datetime(2026, 7, 6, 12, 0, tzinfo=UTC)
HEAD = {"authority": "torbay", "actor": "P-QA", "role": "qa_team"}
SUMMARY = Narrative(block="narrative", name="summary", role="qa_team", title="Summary")
VIEW = Narrative(block="narrative", name="view", role="director", title="The director's view")

FINDINGS = Report.model_validate(
    {
        "name": "findings",
        "title": "Findings of the quarter",
        "source": ("TOR-134",),
        "made_by": "qa_team",
        "audience": ("director", "Improvement Board"),
        "every": "quarter",
        "due": "10 days",
        "sections": (ReportSection(name="words", title="In words", show=(SUMMARY, VIEW)),),
    }
)
OF_SERVICES = FINDINGS.model_copy(update={"name": "of_services", "per": "service", "made_by": "head_of_service"})
ACTS = {"report.comment": ("qa_team", "director"), "report.issue": ("qa_team", "director", "head_of_service")}


def with_reports(*reports: Report, authority: str = "torbay") -> Policies:
    """The shipped framework with these reports alone."""
    newest = SHIPPED[authority].newest
    changed = newest.model_copy(update={"reports": reports, "acts": {**newest.acts, **ACTS}})
    return Policies(authority, (changed,))


def desk_with_reports() -> Scene:
    """Torbay with a quarter's findings of the authority and of each service, early in July 2026."""
    return given(*people("torbay"), policies=with_reports(FINDINGS, OF_SERVICES), now=NOW, unverified=False)


def page(copy: str = "named", versions: dict[str, int] | None = None, **said: Any) -> dict[str, str]:
    """A page as it is given: by default that of the findings of April to June, in which nobody wrote."""
    told = versions or {}
    places = [
        {"type": "narrative", "key": key, "title": "", "role": "", "version": told.get(key, 0)}
        for key in ("summary", "view")
    ]
    content = {
        "authority": "torbay",
        "name": "findings",
        "first": "2026-04-01",
        "last": "2026-06-30",
        "copy": copy,
        "policy_version": "1",
        "position": 40,
        "sections": [{"key": "words", "blocks": [{"type": "table", "key": "t"}, *places]}],
    }
    return {"copy": copy, "content": orjson.dumps(content | said).decode()}


def comment(place: str = "summary", text: str = "what the quarter showed", **fields: Any) -> dict[str, Any]:
    """Writing a text of the findings of April to June."""
    named = {"report": "findings", "period": "2026-Q1", "place": place, "narrative": text}
    return {**HEAD, "command": "report.comment", **named, **fields}


def issue(*pages: dict[str, str], **fields: Any) -> dict[str, Any]:
    """Issuing the findings of April to June with these pages."""
    named = {"report": "findings", "period": "2026-Q1", "pages": list(pages or [page()])}
    return {**HEAD, "command": "report.issue", **named, **fields}
