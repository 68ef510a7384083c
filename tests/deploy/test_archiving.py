"""Archiving with the accounts that ship: by the runbook's own commands, and by nobody who may not."""

import json
import re
import shlex
from pathlib import Path

from events.archives import HistoryArchived
from events.directory import PersonAppointed
from events.subjects import stream_name
from services.directory.state import DIRECTORY
from services.settings import Settings
from services.store.application import History
from services.store.link import close_link, open_link
from tests import histories
from tests.cli.program import Program, Said
from tests.deploy.deployed import TORBAY, Deployed, refused
from tests.deploy.test_files import DEPLOY
from tests.edited import edited
from tests.stores import PATIENCE, recorded

ROLE = "qa_team"
DAY = re.compile(r"\d{4}-\d\d-\d\d")
PROVISIONER = "SIGHTLINE_NATS_PROVISIONER"


def shown() -> list[list[str]]:
    """The commands of the runbook's section, in their order, as their words."""
    text = (DEPLOY / "runbook.md").read_text().partition("## Archive what is old")[2].partition("\n## ")[0]
    lines = re.findall(r"^ +(SIGHTLINE_NATS=\S+ .*sightline archive .*)$", text.replace("\\\n", " "), re.MULTILINE)
    return [shlex.split(line) for line in lines]


def run(deployed: Deployed, words: list[str], folder: Path, *, before: str = "", without: str = "") -> Said:
    """A command as the runbook has it, but for passwords, port and day, and without one of its variables."""
    at = words.index("sightline")
    named = dict(each.split("=", 1) for each in words[:at])
    accounts = {name: deployed.url(re.findall("//([a-z-]+):", url)[0]) for name, url in named.items()}
    accounts.pop(without, None)
    own = Settings(data=folder, archives=folder / "archives", policies=folder / "policies", archive_overlap=2)
    return Program(own).run(*(before if DAY.fullmatch(each) else each for each in words[at + 1 :]), **accounts)


def stored_by(deployed: Deployed) -> str:
    """An instant by which everything so far was stored."""
    link = open_link(deployed.url("services-torbay"))
    info = link.run(link.client.request(f"$JS.API.STREAM.INFO.{stream_name(TORBAY)}", b"", timeout=PATIENCE))
    close_link(link)
    return str(json.loads(info.data)["ts"])


def test_the_runbook_archives(deployed: Deployed, tmp_path: Path) -> None:
    """Each command does what is said of it with the accounts that it names; without the provisioner's nothing happens.

    No other account may record that archived events were removed.
    """
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies/torbay.yaml").write_text(edited("torbay"))
    make, verify, remove = shown()
    with History(TORBAY, deployed.url("services-torbay"), archives=tmp_path / "archives") as history:
        history.append(histories.recorded(PersonAppointed(person="P-QA", role=ROLE), about=DIRECTORY))
        for number in range(8):
            history.append(recorded(TORBAY, f"audit/A-{number}", 1))
        instant = stored_by(deployed)
        for words in (make, verify):
            done = run(deployed, words, tmp_path, before=instant)
            assert done.code == 0, done.err
        alone = run(deployed, remove, tmp_path, without=PROVISIONER)
        assert (alone.code, PROVISIONER in alone.err) == (2, True), alone.err
        assert history.load("archive/9") == (), "what cannot be done is not on record"
        done = run(deployed, remove, tmp_path)
        assert (done.code, "7 events were removed" in done.out) == (0, True), done.err + done.out
        (told,) = history.load("archive/9")
        assert isinstance(told.fact, HistoryArchived)
        assert (told.envelope.actor, told.envelope.role) == ("P-QA", ROLE)
        assert len(history.load("audit/A-1")) == 1
    done = run(deployed, verify, tmp_path)
    assert "9 events are sound; 2 were compared" in done.out, done.err
    for user in ("reporting-torbay", "custodian-torbay", "provisioner", "services-halton", "sender", "webhooks"):
        link = open_link(deployed.url(user))
        assert refused(link, "sightline.torbay.archive.9"), user
        close_link(link)
