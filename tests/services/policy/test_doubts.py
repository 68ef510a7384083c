"""What is odd in a sound policy is warned of with its place; what is meant, the file itself says."""

from pathlib import Path

import pytest

from events.registry import EVENTS
from services.policy.order_doubts import AFTER_MODERATION
from services.policy.written import policies_in
from services.policy_files import check, doubts
from services.settings import SHIPPED_POLICIES
from tests.edited import edited
from tests.northmoor.council import POLICY, act, allocated, desk, returned

ODD = {
    "a reminder after its own last day": (
        ("on: due - 1 week, kind: reminder", "on: trigger + 5 weeks, kind: reminder"),
        "obligations.audit_return.ladder.reminder.on",
        "the reminder reminder comes after the last day that it reminds of (trigger + 4 weeks)",
    ),
    "a step before its clock": (
        ("on: due - 1 week, kind: reminder", "on: due - 6 weeks, kind: reminder"),
        "obligations.audit_return.ladder.reminder.on",
        "the step reminder can never fire: its day lies before what starts audit_return",
    ),
    "a last day before its clock": (
        ("due: trigger + 7 weeks", "due: trigger - 7 weeks"),
        "obligations.team_confirmation.due",
        "the last day of team_confirmation lies before what starts it",
    ),
    "a ladder that skips the chain": (
        ("        to: [service_manager over auditor]\n        title: Audit outstanding",
         "        to: [team_manager over auditor]\n        title: Audit outstanding"),
        "obligations.audit_return.ladder.second_notice.to",
        "the step second_notice goes to head_of_service and skips service_manager of the chain",
    ),
    "a grade that ends what it starts": (
        ("    while_grade: lowest         #", "    while_grade: good         #"),
        "alerts.immediate_alert.while_grade",
        "immediate_alert can never fire: it starts with a grade of lowest, and none of them is in that set",
    ),
    "a set without a grade": (
        ("lowest: [Does Not Meet Good – escalate immediately]", "lowest: []"),
        "grades.sets.lowest",
        "no grade is in lowest: what asks for it never fires",
    ),
    "a sample that draws nothing": (
        ("  obligations.second_tier_moderation: A-TOR-02", "  acts.audit.void: A-TOR-02"),
        "obligations.second_tier_moderation.trigger.when.purpose",
        "the sample second_tier_moderation draws nothing",
    ),
    "a reason for what is not odd": (
        ("  obligations.second_tier_moderation: A-TOR-02", "  obligations.audit_return: A-TOR-02"),
        "knowingly.obligations.audit_return",
        "nothing is odd at obligations.audit_return",
    ),
    "an act that nobody was given": (
        ("  audit.void: [qa_team]\n", ""),
        "acts.audit.void",
        "nobody may do audit.void (void an audit)",
    ),
}  # fmt: skip


def of_torbay(folder: Path, *edits: tuple[str, str]) -> list[tuple[str, str, str]]:
    path = folder / "torbay.yaml"
    path.write_text(edited("torbay", *edits), encoding="utf-8")
    assert check(path)[1] == []
    return [(each.where.removeprefix(f"{path}:"), each.key, each.rule) for each in doubts(path)]


@pytest.mark.parametrize("path", policies_in(SHIPPED_POLICIES), ids=lambda path: path.stem)
def test_nothing_is_odd_as_shipped(path: Path) -> None:
    """Each warning of the five frameworks was looked at: it is mended, or the file says why it is meant."""
    assert [str(each) for each in doubts(path)] == []


@pytest.mark.parametrize("odd", ODD)
def test_what_is_odd_is_warned_of(odd: str, tmp_path: Path) -> None:
    """The place by the names of the file, its line, and why it will not do what it looks like."""
    edit, place, why = ODD[odd]
    found = [each for each in of_torbay(tmp_path, edit) if each[1] == place]
    assert found, of_torbay(tmp_path, edit)
    assert why in found[0][2]
    assert int(found[0][0]) > 1


SIGNED = """  - name: signing
    title: Signing off
    source: [TOR-1]
    trigger: {events: [audit.submitted]}
    owner: auditor
    due: trigger + 3 working days
    met_by: [audit.signed_off]
"""
UNMODERATED = ("  moderation_required: true", "  moderation_required: false")


@pytest.mark.parametrize(
    ("rule", "warned"),
    [
        (SIGNED, ["obligations.signing.met_by"]),
        (SIGNED.replace("audit.submitted", "audit.moderated"), []),
        (SIGNED.replace("{events: [audit.submitted]}", "{events: [audit.submitted], given: [audit.moderated]}"), []),
        (SIGNED.replace("met_by: [audit.signed_off]", "met_by: [audit.signed_off, obligation.met]"), []),
    ],
)
def test_what_waits_for_a_moderation_that_need_not_come(rule: str, warned: list[str], tmp_path: Path) -> None:
    """What only an audit that was moderated comes to is waited for in vain of the others, unless each is moderated."""
    added = ("obligations:\n", f"obligations:\n{rule}")
    found = of_torbay(tmp_path, added, UNMODERATED)
    assert [each[1] for each in found] == warned
    assert of_torbay(tmp_path, added) == []


def test_last_comments_before_a_closing_that_nobody_moderates(tmp_path: Path) -> None:
    """Such an audit is never closed, and the way out is named."""
    also = ("  moderation_required: true", "  sign_off_required: true")
    [(_, place, why)] = of_torbay(tmp_path, also)
    assert (place, "`moderation_required: true` as well" in why) == ("closing.sign_off_required", True)


@pytest.mark.parametrize(
    ("trigger", "warned"),
    [
        ("events: [audit.reaudit_completed], grade: lowest, was: lowest", ["grade", "was"]),
        ("events: [audit.reaudit_completed], when: {grade: Meets Good}", []),
        ("events: [audit.reaudit_completed], grade: lowest, when: {grade: Meets Good}", []),
        ("events: [audit.submitted], grade: lowest", []),
    ],
)
def test_a_grade_that_the_re_audit_does_not_give(trigger: str, warned: list[str], tmp_path: Path) -> None:
    """A clock of the audit before sees that audit's own grade: who means the re-audit's is told how to ask for it."""
    rule = SIGNED.replace("events: [audit.submitted]", trigger).replace("audit.signed_off", "obligation.met")
    found = of_torbay(tmp_path, ("obligations:\n", f"obligations:\n{rule}"))
    assert [each[1] for each in found] == [f"obligations.signing.trigger.{knob}" for knob in warned]


@pytest.mark.parametrize("event", sorted(AFTER_MODERATION))
def test_what_follows_the_moderation(event: str) -> None:
    """The acts that are doubted are those that an audit which is only returned does not take."""
    [name] = EVENTS[event].acts
    actor = {
        "audit.sign_off": "P-QA",
        "audit.dispute_grade": "P-TEAM-MANAGER-CARE",
        "audit.settle_grade": "P-PRINCIPAL-SOCIAL-WORKER",
    }
    role = POLICY.acts[name][0]
    texts = {"audit.sign_off": "comments", "audit.dispute_grade": "reason", "audit.settle_grade": "rationale"}
    line = act(name, "2026-03-17", actor[name], role, audit="A-1", **{texts[name]: "as said"})
    line |= {"grade": "Good"} if name == "audit.settle_grade" else {}
    held = desk(allocated("A-1", "2026-03-02"), *returned("A-1", "2026-03-16"))
    held.when(line).refused("audit", f"it is returned: {name} may be given while it is moderated")


def test_what_is_meant_is_said_in_the_file(tmp_path: Path) -> None:
    """An act with `[]` and a place under `knowingly` are decisions: nobody is warned of them again."""
    silent = ("  audit.void: [qa_team]\n", "  audit.void: []\n")
    gap = ODD["a ladder that skips the chain"][0]
    reason = ("knowingly:\n", "knowingly:\n  obligations.audit_return: the auditor's manager comes first\n")
    assert len(of_torbay(tmp_path, gap)) == 1
    assert of_torbay(tmp_path, silent) == of_torbay(tmp_path, gap, reason) == []


def test_a_step_that_nobody_can_bring_about(tmp_path: Path) -> None:
    """A step counted from an act that is given to nobody never comes."""
    told = "        to: [head_of_service over auditor]\n        title: Audit still"
    rung = f"        kind: escalation\n        level: 2\n{told}"
    moved = (f"on: due + 2 weeks\n{rung}", f"on: audit.signed_off + 2 weeks\n{rung}")
    given = ("  audit.sign_off: [qa_team, lead_auditor]\n", "  audit.sign_off: []\n")
    [(_, place, why)] = of_torbay(tmp_path, moved, given)
    assert place == "obligations.audit_return.ladder.second_notice.on"
    assert why == (
        "the step second_notice can never fire: it waits for audit.signed_off, and nobody may do what records that"
    )


def test_posts_that_nobody_holds() -> None:
    """Where a directory is at hand, vacant posts are named, and acts that none but vacant posts may do; no group is."""
    path = SHIPPED_POLICIES / "torbay"
    said = {each.key: each.rule for each in doubts(path, held={"qa_team", "head_of_service"})}
    assert said["roles.deputy_director"] == "nobody holds the post of deputy_director"
    assert "roles.head_of_service" not in said
    assert "roles.cscslt" not in said
    assert "acts.audit.allocate" not in said
    all_vacant = {each.key: each.rule for each in doubts(path, held=set())}
    assert all_vacant["acts.round.approve"].endswith("as posts are held: director, head_of_service")
