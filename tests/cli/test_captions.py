"""What tables call things by: what the policies call them, after each adoption at once."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from events.errors import BrokenHistory
from services.clock import local_date
from services.policy_files import check
from services.store.source import Source
from tests.cli.council import Council
from tests.lives import people
from workers.asking.captions import Captions, captions
from workers.system import System


def asked(council: Council) -> tuple[Captions, bool]:
    """What a process that has asked for nothing yet is told, and whether it had to make sense of the policies."""
    with System(council.program.settings) as system:
        return captions(system, council.authority), system.rules.holds(council.authority)


def test_they_are_those_of_the_newest_adoption(
    recording: Callable[..., Council], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The first that asks works them out and keeps them; after a further adoption the next one does."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "kept"))
    council = recording()
    assert council.imports(people("torbay")).code == 0
    file = council.program.settings.policies / f"{council.authority}.yaml"
    who = ("--actor", "P-DIR", "--role", "director", "--yes")
    adopt = ("policy", "adopt", str(file), "--from")
    before = asked(council)
    assert before[1]  # nothing was adopted yet, so the files say it, and nothing is kept
    assert asked(council) == before
    assert council.program.run(*adopt, "2020-01-01", *who).code == 0
    assert asked(council)[0] == before[0]
    assert asked(council) == (before[0], False)

    policy, _ = check(file)
    assert policy is not None
    role = next(iter(policy.roles.values())).title
    text = file.read_text()
    newer = file.parent.parent / "newer.yaml"
    newer.write_text(
        text.replace('version: "1"', 'version: "2"', 1).replace(f"title: {role}", "title: Another name", 1)
    )
    day = local_date(council.system.clock()) + timedelta(days=1)
    assert council.program.run("policy", "adopt", str(newer), "--from", day.isoformat(), *who).code == 0
    first, again = asked(council), asked(council)
    assert first[1]
    assert again == (first[0], False)
    assert "Another name" in first[0].titles.values()
    with System(council.program.settings) as system:
        assert first[0] == Captions.of(system.policies[council.authority])


def test_a_damaged_adoption_hides_no_table(recording: Callable[..., Council], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the newest adoption cannot be read, the policies say what things are called, if that was accepted."""
    council = recording()
    policies = {council.authority: council.system.policies[council.authority]}

    def damaged(*_: object) -> None:
        raise BrokenHistory("policy/adopted", "the last event is damaged")

    monkeypatch.setattr(Source, "last_of", damaged)
    with System(council.program.settings) as system:
        system.policies = policies
        assert not system.rules.holds(council.authority)
        assert captions(system, council.authority) == Captions.of(policies[council.authority])
