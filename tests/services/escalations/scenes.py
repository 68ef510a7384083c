"""What follows of itself, in the words in which a test states it, and the lives that several tests begin with."""

from typing import Any

from events.escalations import Step
from tests.given import Came, Stated, fact
from tests.lives import QA, Life, Line

To = tuple[str, str | None]
"""A post or group that is told, and the person in it."""


def sent(step: str, *to: To, **fields: Any) -> Stated:
    """A reminder, a notice or a correction, to exactly these in this order."""
    return fact("notice.sent", step=step, recipients=_recipients(to), **fields)


def raised(step: str, *to: To, **fields: Any) -> Stated:
    """An escalation, to exactly these in this order."""
    return fact("escalation.raised", step=step, recipients=_recipients(to), **fields)


def lapsed(step: str, reason: str, **fields: Any) -> Stated:
    """A step that came due, and nobody was told of it."""
    return fact("notice.lapsed", step=step, reason=reason, **fields)


def resolved(step: str, how: str, **fields: Any) -> Stated:
    """An escalation that needs nobody any more."""
    return fact("escalation.resolved", step=step, how=how, **fields)


def steps(came: Came) -> list[str]:
    """The steps that were recorded, in their order."""
    return [each.fact.step for each in came.written if isinstance(each.fact, Step)]


def person(command: str, who: str, post: str, unit: str | None, day: str, **fields: Any) -> Line:
    return {
        "command": f"person.{command}",
        "authority": "torbay",
        **QA,
        "person": who,
        "post": post,
        "unit": unit,
        "at": day,
        **fields,
    }


def _recipients(to: tuple[To, ...]) -> list[dict[str, str | None]]:
    return [{"role": role, "holder": holder} for role, holder in to]


OUTSTANDING = Life("torbay", "A-1").allocated("2026-01-05")
AUDITOR = ("auditor", "P-AUD")
TEAM_MANAGER = ("team_manager", "P-TM")
SERVICE_MANAGER = ("service_manager", "P-SM")
HEAD_OF_SERVICE = ("head_of_service", "P-HOS")
