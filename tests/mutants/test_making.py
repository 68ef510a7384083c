"""The mutants of a file: each entry gone, each figure moved, each role, grade set, unit and flag exchanged, once."""

import pytest
import yaml

from services.policy.written import written_at
from services.policy.yaml_positions import read_yaml
from services.policy_files import load
from services.settings import SHIPPED_POLICIES
from tests.beside import ROOT
from tests.mutants.__main__ import trials_of
from tests.mutants.clauses import Clauses, named_for, tabled_for, takers
from tests.mutants.making import mutants_of
from tests.requirements.marks import defined_in

TINY = """\
authority: tiny
roles:
  qa_team: {title: QA Team, group: true}
  director: {title: Director}
grades:
  overall: [Good, Poor]
  sets: {lowest: [Poor], best: [Good]}
acts:
  audit.allocate: &posts [qa_team, director]   # TIN-1
  audit.close: *posts
obligations:
  # TIN-2
  - name: return
    title: Return within 10 days
    source: [TIN-3, A-TIN-01]
    owner: director of child
    due: trigger + 10 working days
    while_grade: lowest
    ladder:
      - name: notice
        hour: "08:30"
        to: [qa_team, auditor]
  - {name: report, every: month, per: team, from: 2026-01-31}   # TIN-4
"""
OUT = {each.name: each.of(TINY) for each in mutants_of(TINY)}


def read(text: str) -> dict[str, object]:
    found = yaml.safe_load(text)
    assert isinstance(found, dict)
    return found


def differences(text: str) -> set[str]:
    """The places at which a text says something else than the tiny policy, both taken apart to the last value."""

    def flat(held: object, at: str = "") -> dict[str, object]:
        pairs = held.items() if isinstance(held, dict) else enumerate(held) if isinstance(held, list) else ()
        return {at: held} if not pairs else {k: v for key, each in pairs for k, v in flat(each, f"{at}.{key}").items()}

    one, other = flat(read(TINY)), flat(read(text))
    return {each for each in {*one, *other} if one.get(each) != other.get(each)}


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("obligations.return.due: trigger + 10 working days moved to trigger + 11 working days", ".obligations.0.due"),
        ("obligations.return.due: trigger + 10 working days exchanged for trigger + 10 days", ".obligations.0.due"),
        ("obligations.return.owner: director of child exchanged for qa_team of child", ".obligations.0.owner"),
        ("obligations.return.while_grade: lowest exchanged for best", ".obligations.0.while_grade"),
        ("obligations.return.while_grade: removed", ".obligations.0.while_grade"),
        ("obligations.return.ladder.notice.hour: 08:30 moved to 09:30", ".obligations.0.ladder.0.hour"),
        ("obligations.return.ladder.notice.to.[auditor]: removed", ".obligations.0.ladder.0.to.1"),
        ("obligations.report.every: month exchanged for quarter", ".obligations.1.every"),
        ("obligations.report.per: team exchanged for service", ".obligations.1.per"),
        ("obligations.report.per: removed", ".obligations.1.per"),
        ("roles.qa_team.group: true turned", ".roles.qa_team.group"),
        ("grades.sets.lowest.[Poor]: Poor exchanged for Good", ".grades.sets.lowest.0"),
    ],
)
def test_one_thing_is_changed(name: str, place: str) -> None:
    """A mutant says something else at its own place alone."""
    assert differences(OUT[name]) == {place}


def test_entries_are_removed_whole() -> None:
    """Of a list in lines as of one in brackets, an item goes with all that is in it, and the others stay."""
    assert [each["name"] for each in read(OUT["obligations.return: removed"])["obligations"]] == ["report"]  # type: ignore[attr-defined]
    assert [each["name"] for each in read(OUT["obligations.report: removed"])["obligations"]] == ["return"]  # type: ignore[attr-defined]
    assert "ladder" not in read(OUT["obligations.return.ladder: removed"])["obligations"][0]  # type: ignore[index]
    assert read(OUT["roles.director: removed"])["roles"] == {"qa_team": {"title": "QA Team", "group": True}}


def test_what_others_repeat_is_changed_for_all_and_never_taken_away() -> None:
    """A list that stands elsewhere by its anchor loses an item in both places, and stays."""
    acts = read(OUT["acts.audit.allocate.[director]: removed"])["acts"]
    assert acts == {"audit.allocate": ["qa_team"], "audit.close": ["qa_team"]}
    assert "acts.audit.allocate: removed" not in OUT
    assert read(OUT["acts.audit.close: removed"])["acts"] == {"audit.allocate": ["qa_team", "director"]}


def test_names_titles_and_sources_are_left_alone() -> None:
    """What is only read decides nothing; every other value of the tiny policy is changed in some way."""
    touched = set().union(*map(differences, OUT.values()))
    assert not {each for each in touched if each.endswith((".title", ".name")) and OUT} - {
        # these go with the whole entry
        *(f".roles.{role}.title" for role in ("qa_team", "director")),
        *(f".obligations.{number}.{key}" for number in (0, 1) for key in ("name", "title")),
        ".obligations.0.ladder.0.name",
    }
    assert not [name for name in OUT if ".title:" in name or ".source" in name or name.startswith("authority")]


def test_the_same_seed_makes_the_same_mutants() -> None:
    """A name means one mutant: no two have the same, and another run makes them again."""
    made = mutants_of(TINY)
    assert made == mutants_of(TINY)
    assert len({each.name for each in made}) == len(made)
    assert all(each.of(TINY) != TINY for each in made)


def test_every_mutant_of_a_shipped_policy_can_be_read() -> None:
    """Wherever a whole framework is changed, its text is still YAML and says something else."""
    path = SHIPPED_POLICIES / "halton"
    text = written_at(path).text
    made = mutants_of(text)
    assert len(made) > 1500
    assert len({each.name for each in made}) == len(made)
    before = read_yaml(path, text)[0]
    assert [each.name for each in made[::150] if read_yaml(path, each.of(text))[0] == before] == []
    assert load(path).authority == "halton"


def test_clauses_of_an_entry() -> None:
    """An entry rests on its own comment, on the source of the entry around it, or on the comment of what holds it."""
    clauses = Clauses(SHIPPED_POLICIES / "tiny.yaml", TINY)
    of = {each.name: clauses.of(each.key, each.line) for each in mutants_of(TINY)}
    assert of["acts.audit.allocate.[director]: removed"] == {"TIN-1"}
    assert of["obligations.return.ladder.notice.to.[auditor]: removed"] == {"TIN-3", "A-TIN-01"}
    assert of["obligations.return: removed"] == {"TIN-2", "TIN-3", "A-TIN-01"}
    assert of["obligations.report.per: removed"] == {"TIN-4"}
    assert of["acts.audit.close: removed"] == frozenset()
    assert named_for(of["obligations.return: removed"], {"TIN-2": ["b", "a"], "TIN-3": ["a"]}) == ("a", "b")


def test_an_entry_of_a_base_is_held_to_the_lines_of_those_who_take_it() -> None:
    """Not to those of a council that says it for itself."""
    of = {each.mutant.name: each for each in trials_of("base-1", 0)}
    held = takers("acts.audit.void.[qa_team]")
    assert held == ["halton", "swindon", "torbay"]
    assert takers("calendar.notice_hour") == ["east-sussex", "halton", "southwark", "swindon", "torbay"]
    assert takers("alerts.safety_concern.ladder.alert.level") == []
    [removed] = [each for name, each in of.items() if name == "acts.audit.void: removed"]
    assert {each.partition("[")[2] for each in removed.tests if "who_may" in each} == {f"{each}]" for each in held}
    assert of["alerts.safety_concern: removed"].tests == ("tests/services/policy/test_bases.py",)


def test_an_entry_of_a_part_with_a_table_is_held_to_its_line() -> None:
    """Of a register it is the line of that register, of an act the council's table; others have none."""
    [books] = tabled_for("halton", "registers.guidance.steps.answered.by")
    assert books.endswith("::test_what_is_kept_in_a_register[halton:guidance]")
    [acts] = tabled_for("halton", "acts.audit.close.[qa_team]")
    assert acts.endswith("::test_who_may_do_what[halton]")
    *_, says = tabled_for("swindon", "reports.mash_board.audience")
    assert says.endswith("::test_what_a_report_says[swindon:mash_board]")
    [asks] = tabled_for("halton", "tool.questions.plans_seen.options")
    assert asks.endswith("::test_what_a_form_asks[halton:plans_seen]")
    assert tabled_for("halton", "fallback") == tabled_for("halton", "tool.questions") == ()
    assert tabled_for("halton", "standing.a_task.owner") == ()
    owed = tabled_for("east-sussex", "duties.t3_2.owner")
    assert len(tabled_for("halton", "duties.leaders_cases.owner")) < len(owed)
    assert {each.partition("[")[2] for each in owed} == {"east-sussex:t3_2]"}
    assert set(tabled_for("east-sussex", "duties.t1_5.owner")) == {
        each.replace("t3_2", "t1_5") for each in owed if "test_what_does_not_meet_a_task" not in each
    }
    told = tabled_for("torbay", "alerts.round_opening.ladder.notice.to.[qa_team]")
    assert told == tabled_for("torbay", "obligations.moderation.due")
    watched = tabled_for("swindon", "indicators.sickness.unit")
    assert {each.partition("[")[2] for each in watched} == {"swindon:sickness]"}
    for test in (books, acts, says, asks, *told, *owed, *watched):
        assert test.partition("::")[2].partition("[")[0] in defined_in(ROOT / test.partition("::")[0])
