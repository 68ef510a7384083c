"""Erasing as the custodian does it: one command, on the record, and nothing is left of the key or of the text."""

import logging
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest

from events.children import ChildErased
from services.nats_server import embedded_server
from services.settings import Settings
from services.store.link import close_link, open_link
from services.store.provisioner import Layout, provision
from tests.cli.council import Council
from tests.cli.program import Program, Said
from tests.lives import Life, people
from tests.workers.rig import policy_folder
from workers.cli.custody import whose
from workers.recording.desks import keyrings
from workers.system import System

WORDS = "MARKED-WORDS-nobody-has-seen-the-child"
NUMBER = "47119988"


@pytest.fixture
def council(tmp_path: Path) -> Iterator[Council]:
    """A council whose every file lies in one folder: server, views and keys."""
    data = tmp_path / "data"
    with embedded_server(data) as server:
        link = open_link(server.url)
        link.run(provision(link.client, ["torbay"], Layout()))
        close_link(link)
        settings = Settings(data=data, nats=server.url, policies=policy_folder(tmp_path / "policies", "torbay"))
        with System(settings) as system:
            yield Council(Program(settings), system, tmp_path / "lines.jsonl")


def erase(council: Council, *arguments: str, reason: str = "retention") -> Said:
    who = ("--actor", "P-QA", "--role", "qa_team")
    return council.program.run("erase", *arguments, "--authority", "torbay", "--reason", reason, *who)


def record(council: Council, audit: str, child: str, words: str, number: str) -> None:
    """An audit of a child with the words in every text, and the number."""
    life = Life("torbay", audit, child=child).allocated("2026-03-02", child_number=number)
    life.submitted("2026-03-09", override=words, summary=words).action(
        "2026-03-09", f"{audit}-1", text=words, due="2026-05-01"
    )
    said = council.imports([*people("torbay"), *life])
    assert said.code == 0, said


def find(folder: Path, needle: bytes) -> list[str]:
    return [str(each) for each in folder.rglob("*") if each.is_file() and needle in each.read_bytes()]


def test_nothing_is_left(council: Council, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """After an erasure no file of server, views or logs holds the key or a word; the child's number leads nowhere.

    Another child's key stands where it stood, so that the search is known to look in the right place.
    """
    caplog.set_level(logging.DEBUG)
    record(council, "A-1", "C-1", WORDS, NUMBER)
    record(council, "A-2", "C-2", "other words", "123")
    for view in ("register", "actions", "timeline"):
        assert council.program.run("rebuild", view).code == 0
    with keyrings(council.system) as (rings, master):
        keys = {child: str(held.wrapped) for child in ("C-1", "C-2") if (held := rings["torbay"].record(child))}
        plain = {
            child: master.unwrap(wrapped, bound=f"key:torbay:{child}:{name}".encode())
            for child, wrapped in keys.items()
            if (held := rings["torbay"].record(child)) and (name := held.name)
        }
    data = council.system.settings.data
    assert WORDS in council.program.run("show", "actions", "torbay", "--audit", "A-1").flat
    assert find(data, keys["C-1"].encode())
    assert find(data, keys["C-2"].encode())
    said = erase(council, "C-1")
    assert (said.code, "C-1 erased" in said.flat) == (0, True), said
    traces = [keys["C-1"].encode(), b64decode(keys["C-1"]), plain["C-1"], WORDS.encode(), NUMBER.encode()]
    assert [each for each in traces if find(tmp_path / "data", each)] == []
    assert find(data, keys["C-2"].encode())
    assert not any(word in caplog.text + said.out + said.err for word in (WORDS, NUMBER))
    for view in ("register", "actions", "timeline"):
        assert council.program.run("rebuild", view).code == 0
    assert [each for each in traces if find(tmp_path / "data", each)] == []
    (row,) = council.program.ask("show", "actions", "torbay", "--audit", "A-1")
    assert (row["text"], row["due"]) == ("[erased]", "2026-05-01")
    whole = council.program.run("show", "actions", "torbay")
    assert ("[erased]" in whole.flat, "other words" in whole.flat) == (True, True)
    assert council.program.run("verify", "torbay").code == 0


def test_it_is_on_the_record(council: Council) -> None:
    """An event says which key, why and by whom; a repeat says that it was done before, and adds nothing."""
    record(council, "A-1", "C-1", WORDS, NUMBER)
    with keyrings(council.system) as (rings, _):
        key = rings["torbay"].record("C-1")
    assert key
    assert erase(council, "C-1", reason="request").code == 0
    again = erase(council, "C-1", reason="retention")
    assert (again.code, "C-1 done before" in again.flat) == (0, True)
    (told,) = council.system.history("torbay").load("child/C-1")
    assert told.fact == ChildErased(version=1, key_id=key.key_id, reason="request")
    assert (told.envelope.actor, told.envelope.role) == ("P-QA", "qa_team")
    record(council, "A-3", "C-1", "back again", NUMBER)
    assert erase(council, "C-1", reason="order").code == 0
    assert [each.fact.model_dump()["version"] for each in council.system.history("torbay").load("child/C-1")] == [1, 2]


def test_a_crash_in_between(council: Council) -> None:
    """A key that was erased without an event, by a crash or another way, gets its event by the repeat."""
    record(council, "A-1", "C-1", WORDS, NUMBER)
    with keyrings(council.system) as (rings, _):
        rings["torbay"].erase("C-1")
    said = erase(council, "C-1")
    assert (said.code, "C-1 recorded" in said.flat) == (0, True)
    assert len(council.system.history("torbay").load("child/C-1")) == 1


def test_the_rest_is_erased_all_the_same(council: Council, tmp_path: Path) -> None:
    """A child without a key, or under a legal hold, is named with the reason; the others are erased."""
    for number in (1, 2, 3):
        record(council, f"A-{number}", f"C-{number}", WORDS, NUMBER)
    with keyrings(council.system) as (rings, _):
        rings["torbay"].hold("C-2")
    listed = tmp_path / "children.txt"
    listed.write_text("C-0 C-1\nC-2\n\nC-3\nC-1\n")
    said = erase(council, "--from", str(listed), "--json")
    assert said.code == 1
    results = {each["child"]: each["result"] for each in said.json}
    assert list(results) == ["C-0", "C-1", "C-2", "C-3"]
    assert (results["C-1"], results["C-3"]) == ("erased", "erased")
    assert "there is none in this authority" in results["C-0"]
    assert "legal hold" in results["C-2"]
    rows = {row["audit"]: row["text"] for row in _actions(council)}
    assert rows == {"A-1": "[erased]", "A-2": WORDS, "A-3": "[erased]"}
    assert council.system.history("torbay").load("child/C-2") == ()


def _actions(council: Council) -> list[dict[str, str]]:
    assert council.program.run("rebuild", "actions").code == 0
    rows: list[dict[str, str]] = council.program.ask("show", "actions", "torbay")
    return rows


def test_one_missing_key(council: Council) -> None:
    """A key that is not in the bucket costs the texts of one child, and not the answer about the whole council."""
    for number in (1, 2):
        record(council, f"A-{number}", f"C-{number}", WORDS, NUMBER)
    link = open_link(council.system.url)
    js = link.client.jetstream()
    stream = "KV_SIGHTLINE_KEYS_TORBAY"
    lost = link.run(js.get_last_msg(stream, "$KV.SIGHTLINE_KEYS_TORBAY.C-1", direct=False))
    link.run(js.delete_msg(stream, lost.seq or 0))
    close_link(link)
    rows = {row["audit"]: row["text"] for row in _actions(council)}
    assert rows == {"A-1": "[key lost]", "A-2": WORDS}


def test_mistakes(council: Council, tmp_path: Path) -> None:
    """What is wrong with the command is said in one line, and nothing is erased."""
    record(council, "A-1", "C-1", WORDS, NUMBER)
    assert (
        "write one of retention, request, order, error, restored" in erase(council, "C-1", reason="because").mistake()
    )
    assert "name at least one" in erase(council).mistake()
    assert "child: 'Jo Bloggs' is not a valid reference" in erase(council, "C-1", "Jo Bloggs").mistake()
    assert "cannot be read" in erase(council, "--from", str(tmp_path / "none.txt")).mistake()
    assert [row["text"] for row in _actions(council)] == [WORDS]


@pytest.mark.parametrize(
    ("actor", "role", "rule"),
    [
        (
            "P-QA",
            "data_protection_officer",
            "role: data_protection_officer may not child.erase; the policy gives it to qa_team",
        ),
        ("P-SW", "practitioner", "role: practitioner may not child.erase"),
        ("P-SW", "qa_team", "role: P-SW did not hold the role qa_team"),
        ("P-NOBODY", "qa_team", "role: P-NOBODY did not hold the role qa_team"),
    ],
)
def test_who_may(council: Council, actor: str, role: str, rule: str) -> None:
    """Only who holds a role to which the policy gives it may erase; for anybody else nothing happens."""
    record(council, "A-1", "C-1", WORDS, NUMBER)
    arguments = ("erase", "C-1", "--authority", "torbay", "--reason", "request", "--actor", actor, "--role", role)
    assert rule in council.program.run(*arguments).mistake()
    assert [row["text"] for row in _actions(council)] == [WORDS]
    assert council.system.history("torbay").load("child/C-1") == ()


def test_it_says_whose_key_it_was(council: Council) -> None:
    """A person's address and a record about no child have keys of their own: neither is called a child."""
    people_of = [*people("torbay"), {"command": "person.address", "person": "P-TM", "address": "tm@council.example"}]
    head = {"authority": "torbay", "actor": "P-QA", "role": "qa_team"}
    assert council.imports([head | each for each in people_of]).code == 0
    said = erase(council, "person_P-TM", "C-NONE")
    assert "person P-TM" in said.flat
    assert "child C-NONE" in said.flat
    assert "child P-TM" not in said.flat.replace("_", " ")
    [*_, gone] = council.system.history("torbay").load("child/person_P-TM")
    assert gone.fact.sentence().startswith("Key 1 was erased (its time is over)")
    with System(council.program.settings) as system:
        catalogue = system.catalogue
    found = {name: whose(name, catalogue) for name in ("C-1", "person_P-1", "webhook_W-1", "task_x", "audit_A-1")}
    assert found == {
        "C-1": "child C-1",
        "person_P-1": "person P-1",
        "webhook_W-1": "webhook W-1",
        "task_x": "child task_x",
        "audit_A-1": "child audit_A-1",
    }
