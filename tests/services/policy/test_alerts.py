"""What is only told stands apart from what is owed: each is refused where the other belongs."""

from pathlib import Path

import pytest

from services.modules import CATALOGUE
from services.obligations.engine import obligations
from services.policy.describe.framework import statements
from services.policy.reference import reference
from services.policy_files import check
from tests.desks import SHIPPED
from tests.edited import edited
from tests.given import fact, given
from tests.lives import Life

OWED = "    owner: qa_team\n    due: none stated\n    met_by: [audit.moderated]\n"
TOLD = "    source: [TOR-52]\n    trigger: {events: [audit.safety_concern_raised], repeat: each}\n"
LATE = "    ladder:\n      - {name: late, on: due, kind: notice, to: [director], title: Late}\n\n"
COUNTED = f"{LATE}  - name: counted_on\n    title: Told\n{TOLD}"
WITH_A_DATE = "    due: trigger + 4 weeks\n    met_by: [audit.submitted]\n"
ELSEWHERE = "nobody owes an alert: what somebody owes until something meets it belongs in `obligations:`"

MISPLACED = {
    "nothing meets it": (
        (OWED, "    owner: qa_team\n"),
        ("obligations.1.met_by", "it has no date: what is only told belongs in `alerts:`, without an owner"),
    ),
    "a date that nothing meets": (
        (WITH_A_DATE, "    due: trigger + 4 weeks\n"),
        ("obligations.0.met_by", "nothing meets audit_return: say `met_by`; what is only told belongs in `alerts:`"),
    ),
    "no word of a date": (
        (OWED, OWED.replace("    due: none stated\n", "")),
        ("obligations.1.due", "Say `due`, or `due: none stated` where the paper names no day"),
    ),
    "nobody who owes it": (
        (OWED, OWED.replace("    owner: qa_team\n", "")),
        ("obligations.1.owner", "somebody owes an obligation, and what is only told belongs in `alerts:`"),
    ),
    "an alert with an owner": ((TOLD, f"{TOLD}    owner: qa_team\n"), ("alerts.1.owner", ELSEWHERE)),
    "an alert with a date": ((TOLD, f"{TOLD}    due: trigger + 1 day\n"), ("alerts.1.due", ELSEWHERE)),
    "an alert that is met": ((TOLD, f"{TOLD}    met_by: [audit.closed]\n"), ("alerts.1.met_by", ELSEWHERE)),
    "an alert that counts from a date": (
        (TOLD, "    source: [TOR-52]\n    trigger: {events: [action.set]}\n    per: action\n" + COUNTED),
        ("alerts.1.ladder.0.on", "due is neither trigger"),
    ),
    "a date without a word": (
        (OWED, OWED.replace("due: none stated", "due:")),
        ("obligations.1.due", "`due` is empty: say by when, or `none stated` where the paper names no day"),
    ),
    "no date for what has that of its action": (
        (OWED, OWED.replace("    met_by", "    per: action\n    met_by")),
        ("obligations.1.due", "each action has a day of its own"),
    ),
    "an alert by the name of an obligation": (
        ("  - name: lifted_alert\n", "  - name: moderation\n"),
        ("alerts.2.name", "the alert moderation is defined twice"),
    ),
}


@pytest.mark.parametrize("case", MISPLACED)
def test_a_rule_in_the_wrong_place(case: str, tmp_path: Path) -> None:
    """The check names the rule and says where it belongs."""
    edit, (key, words) = MISPLACED[case]
    path = tmp_path / "torbay.yaml"
    path.write_text(edited("torbay", edit), encoding="utf-8")
    assert [each.key for each in check(path)[1] if words in each.rule] == [key]


@pytest.mark.parametrize("authority", SHIPPED)
def test_an_alert_says_who_is_told(authority: str) -> None:
    """In the words of a framework everything that an alert says is told, and nobody owes it."""
    policy = SHIPPED[authority].newest
    assert policy.alerts
    for alert in policy.alerts:
        said = [each.words for each in statements(policy, CATALOGUE.known) if each.key[:2] == ("alerts", alert.name)]
        steps = [each for each in said if "told when " in each or "told each time " in each]
        assert len(steps) == len(alert.ladder)
        assert not [each for each in said if "Owed by" in each or "answers for it" in each]


def test_an_alert_goes_out_and_is_owed_by_nobody() -> None:
    """A concern tells whom the alert names, at once; among what is owed about the audit there is none of it."""
    life = Life("torbay", "A-1").allocated("2026-03-02")
    life.act("audit.raise_safety_concern", "2026-03-03", "P-AUD", "auditor", concern="not safe")
    desk = given(*life, live=True)
    told = [fact("escalation.raised", obligation="safety_concern"), fact("notice.sent", obligation="concern_deep_dive")]
    desk = desk.on("2026-03-03 12:00").then(*told)
    [alert] = [each for each in obligations(desk.history("A-1"), desk.policies) if each.name == "safety_concern"]
    assert (alert.rule.owners, alert.due, alert.is_open) == ((), None, False)


def test_the_reference_has_a_chapter_of_each() -> None:
    """Whoever writes a policy finds what is owed and what is told apart, each with its keys."""
    page = reference()
    owed, told = page.index("## Owed"), page.index("## Alert")
    assert owed != told
    chapter = page[told:].split("\n## ")[0]
    assert "**`ladder`**" in chapter
    assert "**`owner`**" not in chapter
