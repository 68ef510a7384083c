"""The stages of an audit, for tests of what may happen at each."""

from typing import Any

from tests.lives import POLICIES, Life

SECTION = POLICIES["torbay"].newest.tool.sections[0]


def life(audit: str = "A-1", authority: str = "torbay", **fields: Any) -> Life:
    return Life(authority, audit, **fields)


def allocated() -> Life:
    return life().allocated("2026-03-02")


def submitted(grade: str = "Meets Good") -> Life:
    return allocated().submitted("2026-03-10", grade)


def moderated() -> Life:
    return submitted().to_moderator("2026-03-11").moderated("2026-03-12")
