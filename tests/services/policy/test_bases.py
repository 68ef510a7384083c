"""A base that ships: what a council's files do not say is the base's, and is shown to be."""

import shutil
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import orjson
import pytest

from services.adoption.decisions import taken_over
from services.adoption.standing import standing_of
from services.clauses import where
from services.import_lines import HistoryFile
from services.modules import CATALOGUE
from services.policy.adopted import opened, same_rules
from services.policy.bases import BASES, names
from services.policy.describe.changes import changes
from services.policy.versions import Policies
from services.policy.written import content_of, policies_in, written_at
from services.policy_files import check, doubts, load, load_folder, of_base
from services.rehearsal import Planned, Rehearsal
from services.settings import SHIPPED_POLICIES, Settings
from tests.cli.program import Program
from tests.lives import Line
from tests.services.policy.westmoor import change, short


@pytest.mark.parametrize("base", names())
def test_a_base_speaks_of_every_act(base: str) -> None:
    """So that nobody is ever left with an act in silence, whatever the framework omits.

    Of what belongs to something that a framework must speak of first, it need not: `unasked` says of which.
    """
    content = content_of(written_at(BASES / base))[0]
    assert isinstance(content, dict)
    said, known = content["acts"].keys(), CATALOGUE.known
    assert known.acts.keys() - said <= known.of.keys()
    assert said <= known.acts.keys()


RELEASED = {"base-1": "617a8860162373f65046689de5191f66d70f4a317cb0c3f9e5ef13d4d3e9f3df"}
"""Each base by the hash of what it says."""


def test_what_was_released_keeps_its_meaning() -> None:
    """No council's files come to say something else: another meaning is a base of another name, and a line here."""
    said = {name: orjson.dumps(content_of(written_at(BASES / name))[0]) for name in names()}
    assert {name: sha256(each).hexdigest() for name, each in said.items()} == RELEASED


def test_a_short_framework_is_sound(westmoor: Path) -> None:
    """What it omits is there, and nothing in it is odd."""
    policy, mistakes = check(westmoor)
    assert mistakes == []
    assert [str(each) for each in doubts(westmoor)] == []
    assert policy is not None
    assert policy.acts["audit.moderate"] == ("moderator",)
    assert policy.acts["audit.exempt"] == ()
    assert (policy.fallback, policy.chain[-1]) == ("qa_team", "director")
    assert [each.name for each in policy.alerts] == ["safety_concern"]


def test_a_file_of_another_editor_extends_its_base_as_well(westmoor: Path) -> None:
    """Some begin a file with a mark that nobody sees: what stands in its first line is read all the same."""
    path = short(westmoor.parent, ("extends: base-1\n", ""))
    text = path.read_text(encoding="utf-8")
    path.write_text(f"extends: base-1\n{text}", encoding="utf-8-sig")
    assert load(path).acts["audit.moderate"] == ("moderator",)


def test_a_list_that_is_said_to_be_empty_stays_so(westmoor: Path) -> None:
    """A paper without alerts says so, and is not given the base's."""
    short(westmoor.parent, ("obligations:\n", "alerts: []\nobligations:\n"))
    assert load(westmoor).alerts == ()
    assert "alerts.safety_concern" not in of_base(westmoor).places  # type: ignore[union-attr]  # it extends one


def test_its_own_entry_goes_in_place_of_the_whole_entry(westmoor: Path) -> None:
    """Not a word of the base's entry stays, and what the files do not speak of is untouched."""
    short(westmoor.parent, ("obligations:\n", OWN_CONCERN))
    policy = load(westmoor)
    assert policy.acts["audit.void"] == ("service_manager",)
    assert policy.roles["qa_team"].title == "Audit Team"
    [concern] = policy.alerts
    assert (concern.source, [str(each) for each in concern.ladder[0].to]) == (("§4",), ["director"])
    assert concern.ladder[0].level == 1
    assert of_base(westmoor) is not None
    assert "alerts.safety_concern" not in of_base(westmoor).places  # type: ignore[union-attr]  # as just seen


OWN_CONCERN = """\
alerts:
  - name: safety_concern
    title: Concern
    source: [§4]
    trigger: {events: [audit.safety_concern_raised]}
    ladder: [{name: now, on: trigger, hour: at once, kind: escalation, level: 1, to: [director], title: Act now}]
obligations:
"""


def test_an_omission_is_lived(westmoor: Path) -> None:
    """Who may and who is told follow from the base where the files are silent, else from the files."""
    refused, told = lived(westmoor)
    assert refused == ["audit.void: qa_team may not audit.void; that is for service_manager"]
    [concern] = [each for each in told if each.obligation == "safety_concern"]
    assert {each.holder for each in concern.to} >= {"P-TM", "P-SM"}
    short(westmoor.parent, ("obligations:\n", OWN_CONCERN), ("[service_manager]   # §2", "[qa_team]"))
    refused, told = lived(westmoor)
    assert refused == []
    [concern] = [each for each in told if each.obligation == "safety_concern"]
    assert {each.holder for each in concern.to} == {"P-DIR"}


def lived(path: Path) -> tuple[list[str], list[Planned]]:
    """Who was refused what, and what follows, as an audit is allocated, gives concern and is voided by the QA team."""
    qa = {"authority": "westmoor", "actor": "P-QA", "role": "qa_team"}
    at = {"at": "2026-04-01"}
    story: list[Line] = [
        {"command": "person.appoint", **qa, **at, "person": "P-QA", "post": "qa_team"},
        {"command": "unit.place", **qa, **at, "unit": "S-1", "kind": "service"},
        {"command": "unit.place", **qa, **at, "unit": "T-1", "kind": "team", "parent": "S-1"},
        {"command": "person.appoint", **qa, **at, "person": "P-TM", "post": "team_manager", "unit": "T-1"},
        {"command": "person.appoint", **qa, **at, "person": "P-SM", "post": "service_manager", "unit": "S-1"},
        {"command": "person.appoint", **qa, **at, "person": "P-DIR", "post": "director"},
        {"command": "audit.allocate", **qa, "at": "2026-04-07T09:00", "audit": "A-1", "child": "C-1", "team": "T-1",
         "worker": "P-SW", "auditor": "P-SM", "audit_type": "case file"},
        {"command": "audit.raise_safety_concern", "authority": "westmoor", "actor": "P-SM", "role": "auditor",
         "audit": "A-1", "at": "2026-04-08T09:00", "concern": "nobody has seen the child"},
        {"command": "audit.void", **qa, "at": "2026-04-09T09:00", "audit": "A-1", "reason": "selected in error"},
    ]  # fmt: skip
    rehearsal = Rehearsal(load_folder(path.parent))
    summary = rehearsal.run_files([HistoryFile("story", [orjson.dumps(each) for each in story])])
    return [f"{each.command}: {each.rule}" for each in summary.rejections], list(rehearsal.plan())


def test_of_the_posts_those_that_something_names(westmoor: Path) -> None:
    """No post of the base stands in a framework that never speaks of it; one that it names need not be described."""
    assert "principal_social_worker" not in load(westmoor).roles
    short(westmoor.parent, ("[service_manager]   # §2", "[principal_social_worker]"))
    assert load(westmoor).roles["principal_social_worker"].title == "Principal Social Worker"


def test_an_edited_base_changes_nothing_of_what_was_adopted(westmoor: Path, own_base: Path) -> None:
    """What was adopted is whole: it is read without the base, and the files now propose something else."""
    before = load(westmoor)
    [fact] = taken_over(Policies("westmoor", (before,)))
    change(own_base / "acts.yaml", "audit.moderate: [moderator]", "audit.moderate: [moderator, qa_team]")
    adopted = opened(fact, datetime(2026, 1, 5, tzinfo=UTC))
    assert same_rules(adopted, before)
    assert adopted.acts["audit.moderate"] == ("moderator",)
    after = load(westmoor)
    assert after.acts["audit.moderate"] == ("moderator", "qa_team")
    assert "1 clause differs" in standing_of(after, [adopted], date(2026, 2, 1), CATALOGUE.known)
    shutil.rmtree(own_base)
    assert same_rules(opened(fact, datetime(2026, 1, 5, tzinfo=UTC)), before)


def test_a_policy_says_the_same_with_and_without_its_base(westmoor: Path) -> None:
    """Written out whole, in one file, it means the same and nothing differs."""
    with_base = load(westmoor)
    whole = westmoor.with_name("whole.yaml")
    content = content_of(written_at(westmoor))[0]
    whole.write_bytes(orjson.dumps(content))
    assert "extends" not in whole.read_text(encoding="utf-8")
    assert of_base(whole) is None
    assert same_rules(load(whole), with_base)
    assert changes(load(whole), with_base, CATALOGUE.known) == []


def test_what_is_taken_is_shown_in_words(westmoor: Path) -> None:
    """`policy show` marks it once for each entry, and `policy check` lists it."""
    shown = run("policy", "show", "westmoor", "--policies", westmoor.parent)
    assert "Void an audit: Service Manager." in shown
    assert "Moderate an audit: the moderator [base-1]." in shown
    assert "Exempt an audit [base-1]." in shown
    assert "Audit Team: a group." in shown
    assert "Director of Children's Services: one post [base-1]." in shown
    assert "A notice for a day goes at 08:00 [base-1]." in shown
    assert shown.count("Safety concern raised during an audit") == shown.count("Immediate safety concern") == 1
    checked = run("policy", "check", westmoor)
    assert f"{westmoor}: taken from base-1, alerts: safety_concern\n" in checked
    [acts] = [line for line in checked.splitlines() if "base-1, acts: " in line]
    assert "audit.moderate" in acts
    assert "audit.void" not in acts


def run(*arguments: object) -> str:
    said = Program(Settings()).run(*map(str, arguments))
    assert (said.code, said.err) == (0, "")
    return said.out


def test_a_base_is_no_council() -> None:
    """Nobody lists it, and as a policy by itself it lacks what only a council can say."""
    listed = {each.name for each in policies_in(SHIPPED_POLICIES)}
    assert listed == set(load_folder(SHIPPED_POLICIES))
    assert not listed & {"bases", *names()}
    lacking = {each.key for each in check(BASES / "base-1")[1]}
    assert lacking == {"authority", "version", "effective_from", "framework", "grades", "tool", "obligations"}


def test_where_a_reading_stands_in_a_base(westmoor: Path) -> None:
    """A clause that a line of the base cites leads to that line, once, where a policy of the folder extends it."""
    [found] = where("A-ALL-04", westmoor.parent)
    [place] = [each for each in found.policy if each.what == "calendar.notice_hour"]
    assert place.file == "bases/base-1/framework.yaml"
    assert "notice_hour" in (BASES.parent / place.file).read_text(encoding="utf-8").splitlines()[place.line - 1]
    short(westmoor.parent).rename(westmoor.parents[1] / "away.yaml")
    assert [each for found in where("A-ALL-04", westmoor.parent) for each in found.policy] == []
