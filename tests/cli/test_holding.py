"""Legal holds as the custodian sets and ends them: on the record, for each reason, and never lost on the way."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from events.children import ChildErased, ChildHeld, ChildHoldReleased
from events.errors import Unavailable
from services.keyring import Keyring
from services.keyring.numbers import Numbers
from services.store.application import History
from tests.cli.council import Council, staffed
from tests.cli.program import Said
from tests.lives import Life, people
from tests.stores import recorded
from workers.recording.desks import keyrings

Recording = Callable[[], Council]
WORDS, NUMBER = "MARKED-WORDS-nobody-has-seen-the-child", "47119988"
WHO = ("--actor", "P-QA", "--role", "qa_team")


def do(council: Council, command: str, *arguments: str, reason: str = "inquiry") -> Said:
    return council.program.run(command, *arguments, "--authority", council.authority, "--reason", reason, *WHO)


def result(said: Said) -> str:
    (row,) = said.json
    return str(row["result"])


def with_children(council: Council, *children: str) -> Council:
    """The council with an audit of each of these children."""
    staffed(council)
    for child in children:
        life = Life("torbay", f"A-{child}", child=child).allocated("2026-03-02", child_number=NUMBER)
        life.submitted("2026-03-09", override=WORDS, summary=WORDS)
        said = council.imports([*people("torbay"), *life])
        assert said.code == 0, said
    return council


def told(council: Council, child: str) -> list[Any]:
    return [each.fact for each in council.system.history(council.authority).load(f"child/{child}")]


def test_a_hold_and_its_end(recording: Recording) -> None:
    """A held key cannot be erased; both ends are on the record with the reason and the person; repeats add nothing."""
    council = with_children(recording(), "C-1")
    said = do(council, "hold", "C-1")
    assert (said.code, "C-1 held" in said.flat) == (0, True), said
    assert "C-1 done before" in do(council, "hold", "C-1").flat
    refused = do(council, "erase", "C-1", reason="retention")
    assert (refused.code, "under legal hold" in refused.flat) == (1, True)
    (first,) = council.system.history(council.authority).load("child/C-1")
    assert first.fact == ChildHeld(number=1, reason="inquiry")
    assert (first.envelope.actor, first.envelope.role) == ("P-QA", "qa_team")
    assert "C-1 released" in do(council, "release", "C-1").flat
    assert "C-1 done before" in do(council, "release", "C-1").flat
    assert do(council, "erase", "C-1", reason="retention").code == 0
    facts = told(council, "C-1")
    assert facts[1] == ChildHoldReleased(number=1, reason="inquiry")
    assert [type(each) for each in facts] == [ChildHeld, ChildHoldReleased, ChildErased]
    assert council.program.run("verify", council.authority).code == 0


def test_two_reasons_hold_one_child(recording: Recording) -> None:
    """The end of one reason does not give up what another still needs."""
    council = with_children(recording(), "C-1")
    for reason in ("inquiry", "litigation"):
        assert do(council, "hold", "C-1", reason=reason).code == 0
    assert do(council, "release", "C-1", reason="litigation").code == 0
    assert do(council, "erase", "C-1", reason="order").code == 1
    said = do(council, "release", "C-1", reason="police")
    assert (said.code, "there is none" in said.flat) == (1, True)
    assert do(council, "release", "C-1").code == 0
    assert do(council, "erase", "C-1", reason="order").code == 0


def test_the_others_are_held_all_the_same(recording: Recording, tmp_path: Path) -> None:
    """A child who has no key is said, and gets none by a slip; an erased one is held for what comes, and it is said."""
    council = with_children(recording(), "C-1", "C-2")
    assert do(council, "erase", "C-2", reason="request").code == 0
    listed = tmp_path / "children.txt"
    listed.write_text("C-0 C-1\nC-2\n\nC-1\n")
    said = do(council, "hold", "--from", str(listed), "--json")
    results = {each["child"]: each["result"] for each in said.json}
    assert (said.code, list(results), results["C-1"]) == (1, ["C-0", "C-1", "C-2"], "held")
    assert "there is none in this authority" in results["C-0"]
    assert results["C-2"].startswith("held, but the key is erased")
    with keyrings(council.system) as (rings, _):
        assert rings[council.authority].record("C-0") is None
    assert told(council, "C-0") == []


def test_a_held_child_is_recorded_about_as_before(recording: Recording, tmp_path: Path) -> None:
    """An import that touches a held child works as ever, and what it brings is held as well."""
    council = with_children(recording(), "C-1")
    assert do(council, "hold", "C-1").code == 0
    life = Life("torbay", "A-9", child="C-1").allocated("2026-03-02").submitted("2026-03-09", summary=WORDS)
    assert council.imports(life).code == 0
    file = tmp_path / "list.csv"
    file.write_text("Child number,Team\n7,T-1\n", "utf-8")
    take = ("cases", "import", str(file), "--authority", council.authority, "--as-of")
    reference = council.program.ask(*take, "2026-03-31")["reference"]
    council.know("case-lists")
    (case,) = council.program.ask("cases", "show", council.authority, "--numbers")
    assert do(council, "hold", case["child"]).code == 0
    again = council.program.ask(*take, "2026-04-30")
    assert (again["taken"], again["reference"] != reference) == (1, True)
    council.know("case-lists")
    assert [each["child"] for each in council.program.ask("cases", "show", council.authority, "--numbers")] == [
        case["child"]
    ]
    assert do(council, "erase", "C-1", case["child"], reason="error").code == 1


class Killed(Unavailable):
    """The run ends here."""


def killed(*_: object, **__: object) -> None:
    raise Killed("it ended here")


def test_a_kill_between_the_hold_and_its_event(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key is held already, so nobody can erase it; the repeat brings the event."""
    council = with_children(recording(), "C-1")
    with monkeypatch.context() as patch:
        patch.setattr(History, "append", killed)
        assert do(council, "hold", "C-1").code == 2
    assert told(council, "C-1") == []
    assert do(council, "erase", "C-1", reason="order").code == 1
    assert result(do(council, "hold", "C-1", "--json")) == "recorded"
    assert told(council, "C-1") == [ChildHeld(number=1, reason="inquiry")]


def test_a_kill_between_the_event_and_the_release(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key is held still, so nothing is erased that nobody has released; the repeat ends it and tells no more."""
    council = with_children(recording(), "C-1")
    do(council, "hold", "C-1")
    with monkeypatch.context() as patch:
        patch.setattr(Keyring, "release", killed)
        assert do(council, "release", "C-1").code == 2
    assert do(council, "erase", "C-1", reason="order").code == 1
    assert result(do(council, "release", "C-1", "--json")) == "released"
    assert [type(each) for each in told(council, "C-1")] == [ChildHeld, ChildHoldReleased]
    assert do(council, "erase", "C-1", reason="order").code == 0


def test_held_again_while_it_is_released(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who holds between the event of a release and its end keeps the hold; the record ends with it."""
    council = with_children(recording(), "C-1")
    do(council, "hold", "C-1")
    release, within = Keyring.release, list[str]()

    def overtaken(ring: Keyring, child: str, reason: str | None = None, *, number: int | None = None) -> bool:
        if not within:
            within.append(result(do(council, "hold", "C-1", "--json")))
        return release(ring, child, reason, number=number)

    monkeypatch.setattr(Keyring, "release", overtaken)
    assert result(do(council, "release", "C-1", "--json")) == "released"
    assert within == ["held"]
    assert [each.number for each in told(council, "C-1")] == [1, 1, 2]
    assert isinstance(told(council, "C-1")[-1], ChildHeld)
    assert do(council, "erase", "C-1", reason="order").code == 1


def test_held_while_it_is_erased(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    """An erasure that has looked goes on; who holds in that moment is told that nothing is sure, and it is recorded."""
    council = with_children(recording(), "C-1")
    with keyrings(council.system) as (rings, _):
        case = rings[council.authority].references(["4711"])["4711"]
    leading, within = Numbers.leading, list[str]()

    def overtaken(*given: Any) -> Any:
        within.append(result(do(council, "hold", case, "--json")))
        return leading(*given)

    monkeypatch.setattr(Numbers, "leading", overtaken)
    assert do(council, "erase", case, reason="order").code == 0
    assert within[0].startswith("held, but an erasure of the key had begun")
    assert {type(each) for each in told(council, case)} == {ChildHeld, ChildErased}


def test_a_hold_of_no_stated_reason(recording: Recording) -> None:
    """What was held by other means is released by its own word."""
    council = with_children(recording(), "C-1")
    with keyrings(council.system) as (rings, _):
        rings[council.authority].hold("C-1")
    assert do(council, "release", "C-1").code == 1
    assert do(council, "release", "C-1", reason="unstated").code == 0
    assert do(council, "erase", "C-1", reason="order").code == 0
    assert "write one of litigation" in do(council, "hold", "C-1", reason="unstated").mistake()


@pytest.mark.parametrize(("command", "act"), [("hold", "child.hold"), ("release", "child.release_hold")])
def test_who_may(recording: Recording, command: str, act: str) -> None:
    """Only who holds a role to which the policy gives it may; for anybody else nothing happens."""
    council = with_children(recording(), "C-1")
    common = (command, "C-1", "--authority", council.authority, "--reason", "inquiry")
    for actor, role, rule in (
        ("P-SW", "practitioner", f"role: practitioner may not {act}; the policy gives it to qa_team"),
        ("P-SW", "qa_team", "role: P-SW did not hold the role qa_team"),
    ):
        assert rule in council.program.run(*common, "--actor", actor, "--role", role).mistake()
    assert told(council, "C-1") == []
    assert do(council, "erase", "C-1", reason="order").code == 0


def test_mistakes(recording: Recording) -> None:
    """What is wrong with the command is one line; a text as a reason is none."""
    council = with_children(recording(), "C-1")
    assert "write one of litigation, inquiry, review" in do(council, "hold", "C-1", reason="Jo's claim").mistake()
    assert "name at least one" in do(council, "release").mistake()
    assert "child: 'Jo Bloggs' is not a valid reference" in do(council, "hold", "Jo Bloggs").mistake()
    assert told(council, "C-1") == []


def test_the_record_reads(recording: Recording) -> None:
    """The timeline says what was held and for what."""
    council = with_children(recording(), "C-1")
    do(council, "hold", "C-1", reason="police")
    do(council, "release", "C-1", reason="police")
    assert council.program.run("rebuild", "timeline").code == 0
    shown = council.program.run("show", "timeline", council.authority, "--child", "C-1").flat
    assert "put under legal hold for an investigation of the police" in shown
    assert "The legal hold of the key for an investigation of the police ended" in shown


def test_what_is_told_and_never_happened(recording: Recording) -> None:
    """An event of an erasure or a hold that nobody carried out makes the history unsound, and is named."""
    council = with_children(recording(), "C-1", "C-2")
    assert do(council, "hold", "C-2").code == 0
    assert council.program.run("verify", council.authority).code == 0
    for number, fact in enumerate(
        (ChildErased(version=1, key_id="0" * 16, reason="request"), ChildHeld(number=7, reason="police")), start=1
    ):
        council.system.history(council.authority).append(recorded(council.authority, "child/C-1", number, fact=fact))
    said = council.program.run("verify", council.authority)
    assert said.code == 1
    assert "erasures and holds: 2 broken" in said.flat
    assert "child/C-1: it tells of an erasure of which the key bucket knows nothing" in said.flat
    assert "child/C-1: it tells of a hold of which the key bucket knows nothing" in said.flat
    assert "child/C-2" not in said.flat


def test_what_is_not_finished(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a crash left is named until the repeat finishes it; nothing is lost by it, so the history is sound."""
    council = with_children(recording(), "C-1", "C-2")
    with monkeypatch.context() as patch:
        patch.setattr(History, "append", killed)
        assert do(council, "erase", "C-1", reason="request").code == 2
    do(council, "hold", "C-2")
    with monkeypatch.context() as patch:
        patch.setattr(Keyring, "release", killed)
        assert do(council, "release", "C-2").code == 2
    said = council.program.run("verify", council.authority)
    assert said.code == 0
    assert "unfinished: child/C-1: a key was erased, or is about to be, and no event tells of it" in said.flat
    assert "unfinished: child/C-2: a hold was told to have ended and was not released" in said.flat
    assert do(council, "erase", "C-1", reason="request").code == 0
    assert do(council, "release", "C-2").code == 0
    assert "unfinished" not in council.program.run("verify", council.authority).flat


def test_an_erasure_of_which_nothing_was_told(recording: Recording) -> None:
    """A key that went by a run that was cut short is told of though the child had another key since."""
    council = with_children(recording(), "C-1")
    with keyrings(council.system) as (rings, _):
        rings[council.authority].erase("C-1")
    said = council.imports(Life("torbay", "A-9", child="C-1").allocated("2026-03-02", child_number=NUMBER))
    assert said.code == 0
    assert do(council, "erase", "C-1", reason="request").code == 0
    assert [each.version for each in told(council, "C-1")] == [1, 2]
