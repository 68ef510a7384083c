"""What the contracts say of an event, its records and its acts, is what happens when commands are carried out."""

from pathlib import Path

import pytest

from events.errors import NotFound, Refused
from services.modules import CATALOGUE
from services.obligations.log import event_name
from services.policy.reach import acts_of, kinds_of
from tests.contracts import SHIPPED_CONTRACTS
from tests.desks import TestDesk
from workers.demo import generate

STORIES = sorted(path.stem for path in generate.FOLDER.glob("*.jsonl") if not path.stem.endswith("-answers"))


@pytest.mark.parametrize("authority", STORIES)
def test_every_event_of_a_story_is_where_its_contract_says(authority: str) -> None:
    """Each event that a story's commands lead to lies on a kind of record, and comes of an act, that it names."""
    desk = TestDesk(authority)
    seen = set()
    for line in Path(generate.FOLDER / f"{authority}.jsonl").read_bytes().splitlines():
        command = CATALOGUE.parse(line)
        try:
            outcome = desk.carry_out(command)
        except (Refused, NotFound):
            continue
        for each in outcome.events:
            name = event_name(each)
            assert each.originator_id.partition("/")[0] in kinds_of(name), each
            assert not acts_of(name) or command.command in acts_of(name), (command.command, name)
            seen.add(name)
    assert len(seen) > 10


def test_contracts_name_records_and_acts_that_there_are() -> None:
    """No contract names a kind of record or an act that nobody knows."""
    for contract in SHIPPED_CONTRACTS:
        assert set(contract.acts) <= CATALOGUE.powers.keys()
        assert set(contract.kinds) <= set(CATALOGUE.kinds)
