"""What a life of an audit owes, for tests of exact dates."""

from services.clock import LONDON
from services.obligations.engine import obligations
from services.obligations.model import Obligation
from services.policy.versions import Policies
from tests.given import given
from tests.lives import Life


def owed(life: Life, name: str, policies: Policies | None = None) -> list[Obligation]:
    """The obligations of that name of a life, each act of which must be accepted."""
    desk = given(life, authority=life.authority, policies=policies)
    return [each for each in obligations(desk.history(life.audit), desk.policies) if each.name == name]


def dates(found: list[Obligation]) -> dict[str, str]:
    """Each step of one obligation that can still be told, with its local time."""
    [one] = found
    return {rung.step: f"{rung.due.astimezone(LONDON):%Y-%m-%d %H:%M}" for rung in one.rungs if not rung.too_late}
