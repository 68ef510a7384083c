"""A new version of Northmoor's framework while audits are open: what they keep of the one that they began under."""

from datetime import date

from services.modules import CATALOGUE
from services.policy.describe.framework import statements
from services.policy.expressions import Moment
from services.policy.model import ObligationRule
from services.policy.versions import Policies
from tests.given import given
from tests.northmoor.council import POLICY, allocated, owed, people, returned


def sooner(rule: ObligationRule) -> ObligationRule:
    """The same, due within three working days."""
    return rule.model_copy(update={"due": Moment.parse("trigger + 3 working days")})


def test_what_an_open_audit_keeps() -> None:
    """NM-28: the clock that runs goes on; one that starts later goes by the new version, and the page says so."""
    rules = tuple(
        sooner(rule) if rule.name in {"audit_return", "recovery_plan"} else rule for rule in POLICY.obligations
    )
    newer = POLICY.model_copy(update={"version": "2", "effective_from": date(2026, 3, 9), "obligations": rules})
    lines = [
        allocated("A-1", "2026-03-02"),
        *returned("A-1", "2026-03-16", "Inadequate"),
        allocated("A-2", "2026-03-09"),
    ]
    held = given(*people(), *lines, authority="northmoor", policies=Policies("northmoor", (POLICY, newer)))
    assert [str(each.due) for each in owed(held, "audit_return")] == ["2026-03-23"]
    assert [str(each.due) for each in owed(held, "recovery_plan")] == ["2026-03-19"]
    assert [str(each.due) for each in owed(held, "audit_return", "A-2")] == ["2026-03-12"]
    said = [each.words for each in statements(POLICY, CATALOGUE.known) if each.key == ("effective_from",)]
    assert any("a clock that runs goes on by the version under which it started" in words for words in said)
