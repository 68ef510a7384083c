"""What a policy cannot say of samples and of what ends what is owed, and what is odd there."""

from pathlib import Path

import pytest

from services.policy_files import check, doubts
from tests.edited import edited
from tests.northmoor.council import FILE

SAMPLE = (
    "{name: second_moderation, types: [practice conversation], of: moderated, every: quarter, share: 20, marked: true}"
)
UNTIL = "until: {events: [month.file_moderated]}"
ATTEMPTS = "until: {events: [audit.feedback_recorded], when: {outcome: attempted}, count: 3}"
PURPOSE = "met_when: {purpose: panel_moderation}"
LOOK = "again_every: 2 weeks"
EACH = "size: 8, per: team"
EVERY = "when: {audit_type: practice conversation, every: quarter}"

MISTAKES = [
    (
        SAMPLE,
        SAMPLE.replace("of: moderated, ", ""),
        "samples.1.every",
        "only `of: moderated` is drawn for each quarter",
    ),
    (SAMPLE, SAMPLE.replace("of: moderated", "of: graded"), "samples.1.of", "returned"),
    (SAMPLE, SAMPLE.replace("quarter", "fortnight"), "samples.1.every", "month"),
    (PURPOSE, PURPOSE.replace("panel_", "pannel_"), "obligations.2.met_when.purpose", "did you mean panel_moderation"),
    (UNTIL, UNTIL.replace("file_moderated", "file_moderatedd"), "obligations.2.until.events.0", "unknown event"),
    (UNTIL, UNTIL.replace("month.file_moderated", "audit.moderated"), "obligations.2.until.events.0", "never happens"),
    (ATTEMPTS, ATTEMPTS.replace("attempted", "atempted"), "obligations.1.until.when.outcome", "did you mean attempted"),
    (ATTEMPTS, ATTEMPTS.replace("outcome", "outcom"), "obligations.1.until.when.outcom", "no such field"),
    (ATTEMPTS, ATTEMPTS.replace("count: 3", "count: 0"), "obligations.1.until.count", "write 1 or more"),
    (EVERY, EVERY.replace("quarter", "term"), "obligations.3.trigger.when.every", "term"),
    (LOOK, "again_every: 0 weeks", "again_every", "must be longer than no time at all"),
    (LOOK, "again_every: 2 hours", "again_every", "not a valid span"),
    (f"    met_by: [obligation.met]\n    {LOOK}", f"    {LOOK}", "again_every", "only what events meet"),
    (LOOK, f"{LOOK}\n    met_earlier: true", "again_every", "leave `met_earlier` out"),
    (
        f"    met_by: [obligation.met]\n    {LOOK}",
        f"    met_by: [audit.feedback_recorded]\n    {LOOK}",
        "again_every",
        "one act would meet several of them at once: say `repeat: first`",
    ),
    (
        f"due: trigger + 2 weeks\n    met_by: [obligation.met]\n    {LOOK}",
        f"met_by: [obligation.met]\n    {LOOK}",
        "again_every",
        "give `due`",
    ),
    (EACH, "size: 8, per: team, spread: team", "rounds.draws.1.per", "drawn at random, without a spread"),
    (EACH, "size: 8, per: team, at_most: 9", "rounds.draws.1.at_most", "no most of all"),
    ("per: team, needs: [team]", "per: team", "rounds.draws.1.needs", "add team"),
    (EACH, "size: 8, per: tean", "rounds.draws.1.per", "team"),
    ("    met_by: [sample.drawn]\n    met_when: {purpose: panel_moderation}\n", "", "obligations.2.until", "`met_by`"),
    (
        ATTEMPTS,
        ATTEMPTS.replace("audit.feedback_recorded", "audit.child_left").replace("when: {outcome: attempted}, ", ""),
        "obligations.1.until.events.0",
        "nobody may do that",
    ),
]
ODD = [
    (UNTIL, "", "obligations.panel_draw.met_by", "what is moderated before its draw would owe it for ever"),
    (
        f"{PURPOSE}\n    {UNTIL}",
        "met_when: {purpose: second_moderation}",
        "samples.panel_moderation.any_day",
        "nobody owes the draw",
    ),
    (EVERY, EVERY.replace("quarter", "month"), "obligations.second_draw.trigger.when.every", "moderated in a month"),
    (
        EVERY,
        EVERY.replace(", every: quarter", ""),
        "obligations.second_draw.trigger.events",
        "say `when: {every: quarter}`",
    ),
    (EVERY, EVERY.replace("quarter", "year"), "obligations.second_draw.trigger.when.every", "moderated in a year"),
]


@pytest.mark.parametrize(("was", "now", "key", "rule"), MISTAKES, ids=lambda each: each[:50])
def test_what_cannot_be_said_is_refused(was: str, now: str, key: str, rule: str, tmp_path: Path) -> None:
    """The field is named, and what it must keep."""
    path = changed(tmp_path, was, now)
    found = [(each.key, each.rule) for each in check(path)[1]]
    assert [each for each in found if each[0].endswith(key) and rule in each[1]], found


@pytest.mark.parametrize(("was", "now", "key", "rule"), ODD, ids=lambda each: each[:50])
def test_what_is_odd_is_warned_of(was: str, now: str, key: str, rule: str, tmp_path: Path) -> None:
    """A draw that nobody owes or that would be owed for ever, and a clock that waits for what no sample counts."""
    path = changed(tmp_path, was, now)
    assert check(path)[1] == []
    found = [(each.key, each.rule) for each in doubts(path)]
    assert [each for each in found if each[0] == key and rule in each[1]], found


def test_what_is_owed_again_must_end(tmp_path: Path) -> None:
    """Without anything that ends it, it would be owed for ever."""
    ending = f"{LOOK}\n    until: {{events: [audit.reaudit_completed]}}"
    text = FILE.read_text(encoding="utf-8").replace(ending, LOOK).replace("    while_grade: inadequate\n", "")
    path = tmp_path / "northmoor.yaml"
    path.write_text(text, encoding="utf-8")
    assert "it would be owed for ever" in " ".join(each.rule for each in check(path)[1])


def test_what_no_sample_asks_never_comes(tmp_path: Path) -> None:
    """A clock that starts with a moderation counted in a month never starts where no sample counts them."""
    rule = """obligations:
  - name: looked_at
    title: Looked at
    source: ["1"]
    trigger: {events: [month.file_moderated]}
    owner: qa_team
    due: month_end
    met_by: [sample.drawn]
"""
    path = tmp_path / "torbay.yaml"
    path.write_text(edited("torbay", ("obligations:\n", rule)), encoding="utf-8")
    assert check(path)[1] == []
    assert "no sample asks whether an audit is moderated" in " ".join(each.rule for each in doubts(path))


def changed(folder: Path, was: str, now: str) -> Path:
    text = FILE.read_text(encoding="utf-8")
    assert text.count(was) >= 1, was
    path = folder / "northmoor.yaml"
    path.write_text(text.replace(was, now, 1), encoding="utf-8")
    return path
