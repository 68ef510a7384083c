"""Addresses in the directory: sealed with a key of the person's own, changed, withdrawn, and gone with the key."""

from typing import Any

import orjson
import pytest

from events.directory import AddressDoubted, AddressWithdrawn, PersonAddressed
from events.errors import Refused
from events.registry import encode
from projections.sealed_fields import sealed_fields
from services.directory.addresses import FIELD, key_of_person
from services.directory.snapshot import FOLDING
from services.directory.state import DIRECTORY, Directory, fold_directory
from services.modules import CATALOGUE
from services.snapshots import Standing
from tests.given import Scene, fact, given
from tests.lives import QA

ADDRESS = "jo.bloggs+qa@children.council.example"


def order(name: str, **fields: Any) -> Any:
    return CATALOGUE.parse(orjson.dumps({"command": name, "authority": "torbay", **QA, **fields}))


def the_directory(desk: Scene) -> Directory:
    return fold_directory(desk.store.load(DIRECTORY))


@pytest.fixture
def desk() -> Scene:
    """A council with somebody in post."""
    desk = given()
    desk.carry_out(order("person.appoint", person="P-NEW", post="director"))
    return desk


def test_an_address_is_sealed_with_the_persons_own_key(desk: Scene) -> None:
    """What is recorded opens with that key, and nothing of the event holds it in clear."""
    (event,) = desk.carry_out(order("person.address", person="P-NEW", address=ADDRESS)).events
    assert isinstance(event.fact, PersonAddressed)
    assert event.fact.address.split(":")[2] == key_of_person("P-NEW")
    assert desk.keys.unseal(event.fact.address, FIELD) == ADDRESS
    assert ADDRESS.encode() not in encode(event.fact)
    assert ADDRESS not in event.fact.sentence() + repr(event.envelope)
    assert sealed_fields(event.fact) == {}, "no view shows it to anybody"


def test_it_is_changed_and_withdrawn(desk: Scene) -> None:
    """The one recorded last counts; a doubtful one is believed again once it is changed; then there is none."""
    desk.carry_out(order("person.address", person="P-NEW", address=ADDRESS))
    directory = the_directory(desk)
    directory.addresses.apply(AddressDoubted(person="P-NEW"))
    assert directory.addresses.held["P-NEW"].doubtful
    (event,) = desk.carry_out(order("person.address", person="P-NEW", address="other@council.example")).events
    directory.addresses.apply(event.fact)
    assert not directory.addresses.held["P-NEW"].doubtful
    (event,) = desk.carry_out(order("person.withdraw_address", person="P-NEW")).events
    assert isinstance(event.fact, AddressWithdrawn)
    assert the_directory(desk).addresses.held == {}
    with pytest.raises(Refused, match=r"^person: P-NEW has no address$"):
        desk.carry_out(order("person.withdraw_address", person="P-NEW"))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "jo",
        "jo@localhost",
        "jo@@council.example",
        "jo bloggs@council.example",
        "Jo <jo@council.example>",
        "jo@council.example,other@council.example",
        "jo@council.example\nBcc: other@council.example",
        '"jo"@council.example',
        ".jo@council.example",
        "jo@-council.example",
        "jö@council.example",
        f"{'a' * 65}@council.example",
        f"jo@{'a' * 64}.example",
        f"jo@{'a.' * 130}example",
    ],
)
def test_what_is_no_address_is_refused_without_being_repeated(address: str) -> None:
    """The field and the rule are named, and nothing of what was typed: it may be somebody's all the same."""
    with pytest.raises(Refused, match=r"^address: ") as refused:
        order("person.address", person="P-NEW", address=address)
    assert not address or address not in str(refused.value)


def test_only_who_may_records_one(desk: Scene) -> None:
    """The policy gives the act to who appoints, and to nobody else."""
    with pytest.raises(Refused, match="role"):
        desk.carry_out(order("person.address", person="P-NEW", address=ADDRESS, actor="P-NEW", role="director"))


def test_another_address_under_one_id_is_another_command(desk: Scene) -> None:
    """The id of a command is taken by what it says, its sealed part as well."""
    desk.carry_out(order("person.address", id="a-1", person="P-NEW", address=ADDRESS))
    assert desk.carry_out(order("person.address", id="a-1", person="P-NEW", address=ADDRESS)).result == "repeated"
    with pytest.raises(Refused, match="id"):
        desk.carry_out(order("person.address", id="a-1", person="P-NEW", address="other@council.example"))


def test_a_snapshot_keeps_addresses_and_calendars(desk: Scene) -> None:
    """The directory from a snapshot is the directory from its events."""
    desk.carry_out(order("person.address", person="P-NEW", address=ADDRESS))
    desk.carry_out(order("calendar.give", person="P-NEW", secret="0f" * 32))
    directory = the_directory(desk)
    assert FOLDING.load(FOLDING.dump(Standing(directory))).state.addresses == directory.addresses
    assert directory.addresses.calendars == {"P-NEW": "0f" * 32}


def test_the_longest_reference_has_a_key_of_its_own() -> None:
    """A key's name holds no more than a reference does, and is no other person's."""
    assert len(key_of_person("P" * 64)) <= 64
    assert key_of_person("P" * 64) != key_of_person("P" * 63 + "Q")


def test_a_calendar_is_taken_back_once(desk: Scene) -> None:
    """Its address leads nowhere from then on; of one who has none there is nothing to take back."""
    revoke = {"command": "calendar.revoke", "authority": "torbay", **QA, "person": "P-NEW"}
    desk.when(revoke).refused("person", "P-NEW has no calendar")
    desk.carry_out(order("calendar.give", person="P-NEW", secret="0f" * 32))
    desk.when(revoke).then(fact("calendar.revoked", person="P-NEW"))
    assert the_directory(desk).addresses.calendars == {}
    desk.when({**revoke, "id": "again"}).refused("person", "P-NEW has no calendar")
