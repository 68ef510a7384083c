"""A policy to begin with, and a month's story that it can be tried on."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

START = Path(__file__).with_name("start")
ORDER = (
    "framework",
    "form",
    "audits",
    "acts",
    "obligations",
    "alerts",
    "registers",
    "programme",
    "indicators",
    "reports",
)
"""The parts of a policy as they are best read: what it is, what is asked, who may do what, what follows from it."""

OF_START = "newtown"
NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")


def start_of(authority: str) -> str:
    """The text of one file for an authority. Whatever has to be filled in is asked for by `policy check`."""
    return "\n".join(parts_of(authority).values())


def parts_of(authority: str) -> dict[str, str]:
    """The same in parts, each by its name."""
    texts = {name: (START / f"{name}.yaml").read_text(encoding="utf-8") for name in ORDER}
    return {name: text.replace(f"authority: {OF_START}", f"authority: {authority}", 1) for name, text in texts.items()}


def story_of(authority: str) -> Iterator[dict[str, Any]]:
    """Commands of one month: people, two audits, one of them inadequate and lifted, the other never returned."""
    qa = {"authority": authority, "actor": "P-QA", "role": "qa_team"}
    yield {"command": "person.appoint", **qa, "at": "2026-04-01", "person": "P-QA", "post": "qa_team"}
    for unit, kind, parent in (("S-1", "service", ""), ("T-1", "team", "S-1"), ("T-2", "team", "S-1")):
        above = {"parent": parent} if parent else {}
        yield {"command": "unit.place", **qa, "at": "2026-04-01", "unit": unit, "kind": kind, **above}
    posts = (
        ("P-TM1", "team_manager", "T-1"),
        ("P-TM2", "team_manager", "T-2"),
        ("P-SW", "practitioner", "T-1"),
        ("P-SM", "service_manager", "S-1"),
        ("P-DIR", "director", ""),
    )
    for person, post, unit in posts:
        of = {"unit": unit} if unit else {}
        yield {"command": "person.appoint", **qa, "at": "2026-04-01", "person": person, "post": post, **of}
    for audit in ("A-1", "A-2"):
        file = {"child": f"C-{audit}", "team": "T-1", "worker": "P-SW", "auditor": "P-TM2", "audit_type": "case file"}
        yield {"command": "audit.allocate", **qa, "at": "2026-04-07T09:00", "audit": audit, **file}
    auditor = {"authority": authority, "actor": "P-TM2", "role": "auditor", "audit": "A-1"}
    at = "2026-04-20T10:00"
    yield {"command": "audit.record_feedback", **auditor, "at": at, "source": "family", "outcome": "attempted"}
    section = {"grade": "Inadequate", "evidence": "no visit since March", "impact": "nobody knows how the child is"}
    sections = dict.fromkeys(("Assessment", "Plan", "Voice of the child", "Management oversight"), section)
    action = {"action": "X-1", "text": "visit this week", "owner": "P-SW"}
    returned = {"grade": "Inadequate", "sections": sections, "actions": [action]}
    yield {"command": "audit.submit", **auditor, "at": "2026-04-21T10:00", **returned}
    yield {"command": "audit.allocate_moderator", **qa, "at": "2026-04-22", "audit": "A-1", "moderator": "P-SM"}
    moderator = {"authority": authority, "actor": "P-SM", "role": "moderator", "audit": "A-1"}
    lifted = {"grade": "Requires improvement", "rationale": "the visit was made, and written up late"}
    yield {"command": "audit.moderate", **moderator, "at": "2026-04-24T15:00", **lifted}
