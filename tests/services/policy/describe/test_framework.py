"""A framework in words: every setting is told, and a change in the file is a change in the words."""

import re
from calendar import month_name
from pathlib import Path

import pytest
from pydantic import BaseModel

from events.registry import EVENTS
from services.modules import CATALOGUE
from services.policy.describe.changes import Change, changes
from services.policy.describe.clocks import chapter_of
from services.policy.describe.framework import statements
from services.policy.describe.moments import clause
from services.policy.describe.settings import SILENT
from services.policy.describe.wording import plain
from services.policy.model import Policy
from services.policy.reach import follows, kinds_of
from services.policy.round_checks import PLACE
from services.policy.written import policies_in
from services.policy_files import load
from services.settings import SHIPPED_POLICIES
from tests.contracts import SHIPPED_CONTRACTS
from tests.edited import edited
from tests.northmoor.council import FILE as NORTHMOOR

SHIPPED = policies_in(SHIPPED_POLICIES)
EACH = pytest.mark.parametrize("path", [*SHIPPED, NORTHMOOR], ids=lambda path: path.stem)
CLOCK_DUE = ("obligations", "due")
KEY = re.compile(r"\b[a-z]+_[a-z_]+\b")


def after(folder: Path, old: str, new: str, authority: str = "torbay") -> list[Change]:
    """What changes in the words when this changes in the file."""
    path = folder / "policy.yaml"
    path.write_text(edited(authority, (old, new)), encoding="utf-8")
    return changes(load(SHIPPED_POLICIES / authority), load(path), CATALOGUE.known)


@EACH
def test_each_statement_stands_once(path: Path) -> None:
    """No two statements have one place, so that none can hide another in a comparison."""
    places = [(each.chapter, each.key) for each in statements(load(path), CATALOGUE.known)]
    assert len(places) == len(set(places))


@EACH
def test_the_words_are_words(path: Path) -> None:
    """Clocks, ladders and acts are told without a key of the file in them, by the framework's own titles."""
    policy = load(path)
    chapters = {*(chapter_of(rule) for rule in policy.obligations), "Who may do what", "Who is who"}
    told = [each for each in statements(policy, CATALOGUE.known) if each.chapter in chapters]
    assert [each.words for each in told if KEY.search(each.words)] == []
    words = "\n".join(each.words for each in told)
    assert all(role.title in words for role in policy.roles.values())
    titles = [step.title for rule in policy.obligations for step in rule.ladder]
    assert all(PLACE.sub(r"[\1]", title) in words for title in titles)
    assert all(source in words for rule in policy.obligations for source in rule.source)


@EACH
def test_what_the_paper_names_no_day_for_says_so(path: Path) -> None:
    """Whoever signs a framework sees of each obligation by when it is owed, or that no date is stated."""
    policy = load(path)
    told = {each.key[1]: each.words for each in statements(policy, CATALOGUE.known) if each.key[::2] == CLOCK_DUE}
    assert told.keys() == {rule.name for rule in policy.obligations}
    undated = {rule.name for rule in policy.obligations if rule.due is None and rule.per != "action"}
    assert {name for name, words in told.items() if words == "No date is stated"} == undated


@EACH
def test_each_task_tells_its_period(path: Path) -> None:
    """Whoever signs a programme reads of each clock how often it comes, or in which months."""
    policy = load(path)
    told = {each.key: each.words for each in statements(policy, CATALOGUE.known) if "clocks" in each.key[-1]}
    for task in policy.duties:
        for number, clock in enumerate(task.clocks, start=1):
            often = f"in {month_name[clock.in_months[0]]}" if clock.in_months else f"every {clock.every}"
            named = f"“{clock.title}”, " if clock.title else ""
            words = told[("duties", task.name, f"clocks.{number}")]
            assert words.lower().startswith(f"{named}{often}".lower())


def test_another_period_is_another_sentence(tmp_path: Path) -> None:
    """What is asked for half as often is told in a comparison of two versions."""
    (change,) = after(
        tmp_path, "{every: quarter, entries: practice_week}", "{every: half year, entries: practice_week}"
    )
    assert (change.before.split(": ")[0], change.after.split(": ")[0]) == ("Every quarter", "Every half year")


def test_a_third_is_of_a_year() -> None:
    """Nobody signs what is owed `every third`."""
    said = [each.words for path in SHIPPED for each in statements(load(path), CATALOGUE.known)]
    thirds = [words for words in said if "very third" in words]
    assert thirds
    assert [words for words in thirds if "very third of the year" not in words] == []


def test_sentences_read_as_sentences() -> None:
    """Who is somebody of the record has an article already, and what an alert says names what falls away."""
    said = {words.words for path in (*SHIPPED, NORTHMOOR) for words in statements(load(path), CATALOGUE.known)}
    assert [each for each in said if re.search(r"\bthe the\b", each, re.IGNORECASE)] == []
    assert [each for each in said if each.startswith("It lasts")] == []
    assert "Owed for each action by the owner of the action" in said
    left = (
        "What is still to be told falls away when the overall grade leaves “lowest”, and starts again with that grade"
    )
    assert left in said


def test_what_waits_for_two_things_says_so_once() -> None:
    """A clock that starts with the last of several events names them once, joined by `and`."""
    told = {each.key: each.words for each in statements(load(SHIPPED_POLICIES / "torbay"), CATALOGUE.known)}
    words = "Starts once the audit is moderated and an action is set"
    assert told[("obligations", "plan_recommendations", "trigger")] == words


def test_every_event_of_a_clock_has_a_clause() -> None:
    """What can start or end a clock is told by a clause of its own contract, not by the name of an event."""
    of_clocks = [each for name, each in EVENTS.items() if not follows(name) and kinds_of(name) & CATALOGUE.known.owing]
    silent = [each.stored_name for each in of_clocks if each in SHIPPED_CONTRACTS and not each.clause]
    assert len(of_clocks) > 50
    assert silent == []


@EACH
def test_what_ends_a_clock_has_words(path: Path) -> None:
    """What starts or meets a shipped clock is told as a clause, an event or not."""
    rules = load(path).obligations
    named = {name for rule in rules for name in (*rule.trigger.events, *rule.met_by, *rule.trigger.given)}
    assert [name for name in sorted(named) if clause(name) == plain(name)] == []


def test_every_act_is_told_in_its_own_words() -> None:
    """No act is told by its key, and no two are told alike."""
    words = list(CATALOGUE.powers.values())
    assert [each for each in words if KEY.search(each)] == []
    assert sorted(words) == sorted(set(words))


def is_silent(held: object) -> bool:
    """Whether the framework says nothing of it: of a part, of none of its settings."""
    if isinstance(held, BaseModel):
        return all(getattr(held, name) in SILENT for name in type(held).model_fields)
    return held in SILENT


@EACH
def test_every_setting_is_told(path: Path) -> None:
    """No part of a policy is left out, but where the framework says nothing of it; and what is silent is not told."""
    policy = load(path)
    told = {each.key[0] for each in statements(policy, CATALOGUE.known)}
    silent = {name for name in Policy.model_fields if is_silent(getattr(policy, name))}
    with_others = {
        "authority",
        "effective_from",
        "own_unit",
        "tool",
        "rounds",
        "selection",
        "months",
        "grades",
    }
    assert set(Policy.model_fields) - told - silent <= with_others


@EACH
def test_a_framework_does_not_differ_from_itself(path: Path) -> None:
    """Two readings of one file have no difference."""
    assert changes(load(path), load(path), CATALOGUE.known) == []


DIFFERENCES: list[tuple[str, str, str, str, str]] = [
    (
        "due: trigger + 4 weeks",
        "due: trigger + 3 weeks",
        "changed",
        "4 weeks after it starts",
        "3 weeks after it starts",
    ),
    (
        "roll_non_working: none",
        "roll_non_working: next",
        "changed",
        "stays where it falls",
        "moves to the next working day",
    ),
    ("audit.void: [qa_team]", "audit.void: [director]", "changed", ": QA Team", ": Director of Children's Services"),
    ("to: [cscslt]", "to: [director]", "changed", "to Children's Social Care Senior", "to Director of Children's"),
    ("{title: Lead Auditor}", "{title: First Auditor}", "changed", "Lead Auditor: one post", "First Auditor: one post"),
    ("moderation_required: true", "moderation_required: false", "removed", "only after its moderation", ""),
    (
        "Plans: [Plans]",
        "Plans: [Plans, Reviews]",
        "changed",
        "“Plans” is made of Plans;",
        "“Plans” is made of Plans and Reviews;",
    ),
    (
        "second_tier_moderation, share: 0",
        "second_tier_moderation, share: 5",
        "changed",
        "no share of the month's returned audits is set",
        "5 per cent (rounded up)",
    ),
    (
        "paused_by_agreed_date: true",
        "paused_by_agreed_date: false",
        "changed",
        "stops it until that day",
        "Starts when",
    ),
    ("  lookback: 6 months", "  lookback: 7 months", "changed", "back over 6 months", "back over 7 months"),
    (
        "title: Children seen alone",
        "title: Seen alone",
        "changed",
        "Called “Children seen alone”",
        "Called “Seen alone”",
    ),
    ("mapped: Plans", "mapped: Assessments", "changed", "make up “Plans”", "make up “Assessments”"),
    ("&all [england, region, ", "&all [england, ", "changed", "England, the region,", "England, statistical"),
    ("met_by_roles: [head_of_service, team_manager]", "met_by_roles: [head_of_service]", "changed", "each", "each"),
]


@pytest.mark.parametrize(("old", "new", "what", "before", "now"), DIFFERENCES, ids=[each[1] for each in DIFFERENCES])
def test_a_change_is_told_before_and_after(
    tmp_path: Path, old: str, new: str, what: str, before: str, now: str
) -> None:
    """A changed figure, role, title or switch is told as it was and as it is, where a statement speaks of it."""
    found = after(tmp_path, old, new)
    assert {each.what for each in found} == {what}
    assert any(before in each.before for each in found)
    assert all(each.before != each.after for each in found)
    assert not before.endswith("weeks after it starts") or any(now in each.after for each in found)


def test_a_clock_taken_out_and_put_in(tmp_path: Path) -> None:
    """A step that the second version leaves out is removed, one that it brings is added; the rest is silent."""
    step = "- {name: reminder, on: due - 1 week, kind: reminder, to: [auditor], title: Audit due in one week}"
    [removed] = [each for each in after(tmp_path, f"      {step}\n", "") if "week" in each.before]
    assert (removed.what, removed.about, removed.after) == ("removed", "Return of the audit", "")
    again = changes(load(tmp_path / "policy.yaml"), load(SHIPPED_POLICIES / "torbay"), CATALOGUE.known)
    [added] = [each for each in again if "week" in each.after]
    assert (added.what, added.after) == ("added", removed.before)
    assert added.after == "Reminder to the auditor 1 week before it is due, at 08:00: “Audit due in one week”"


@pytest.mark.covers("A-ALL-11")
def test_no_change_of_a_clock_is_silent(tmp_path: Path) -> None:
    """Whatever figure of a shipped clock is moved by one, the comparison has something to say."""
    text = edited("swindon")
    figures = list(re.finditer(r"\b(\d) (weeks?|working days|months?)\b", text))
    assert len(figures) >= 4
    path = tmp_path / "swindon.yaml"
    for figure in figures:
        moved = f"{int(figure[1]) + 1} {figure[2]}"
        path.write_text(text[: figure.start()] + moved + text[figure.end() :], encoding="utf-8")
        assert changes(load(SHIPPED_POLICIES / "swindon"), load(path), CATALOGUE.known), figure[0]


def test_an_indicator_in_words() -> None:
    """An indicator is told without a key of the file: unit, direction, origin, window, parts, and how it is counted."""
    words = "\n".join(
        each.words
        for name in SHIPPED
        for each in statements(load(name), CATALOGUE.known)
        if each.chapter == "Indicators" and each.about
    )
    for said in (
        "Measured as a rate per 10,000",
        "Lower is better",
        "Taken from the Annex A lists or the children in need census",
        "Each month looks back over 24 months",
        "Recorded for turnover, vacancies and locums",
        "Recorded for parts that the authority names itself",
        "It is a practice standard",
        "the share of Outstanding or Good among the grades of “Agreement of the family”",
        "Compared with England, the region, statistical neighbours and good or outstanding authorities",
    ):
        assert said in words
    assert KEY.search(words) is None


def test_a_target_is_told(tmp_path: Path) -> None:
    """A target that the second version sets is added, in words."""
    title = "    title: Children seen alone\n"
    (added,) = after(tmp_path, title, f"{title}    target: 95\n")
    assert (added.what, added.about, added.after) == ("added", "Children seen alone", "The target is 95 per cent")
