"""Opening texts: for whom the policy lets, about what is theirs, and never without a record of it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from events.errors import Forbidden, Unavailable
from events.reads import TextsOpened
from events.recorded import Recorded
from services.core.own_names import OPERATOR
from services.texts.asking import Reader, Sealed, operator
from services.texts.opening import CLOSED, MOST, Texts
from tests.desks import TestDesk
from tests.lives import FOUNDED

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HEAD = {"authority": "torbay", "actor": "P-QA", "role": "qa_team"}


def appointed(person: str, post: str, unit: str | None = None) -> dict[str, Any]:
    where = {"unit": unit} if unit else {}
    return {"command": "person.appoint", **HEAD, "at": FOUNDED, "person": person, "post": post, **where}


@pytest.fixture
def desk() -> TestDesk:
    """An audit of a child of T-1 with a concern in words, and another one of T-9, which stands under S-9."""
    desk = TestDesk(now=NOW)
    desk.do(
        {"command": "unit.place", **HEAD, "at": FOUNDED, "unit": "S-9", "kind": "service"},
        {"command": "unit.place", **HEAD, "at": FOUNDED, "unit": "T-9", "kind": "team", "parent": "S-9"},
        *(
            appointed(*each)
            for each in (
                ("P-TM1", "team_manager", "T-1"),
                ("P-TM9", "team_manager", "T-9"),
                ("P-SM1", "service_manager", "S-1"),
                ("P-SM9", "service_manager", "S-9"),
                ("P-DIR", "director"),
                ("P-IRO", "iro"),
                ("P-AUD", "iro"),
                ("P-MOVED", "team_manager", "T-1"),
            )
        ),
        {
            "command": "person.leave", **HEAD, "at": "2026-02-01",
            "person": "P-MOVED", "post": "team_manager", "unit": "T-1",
        },
    )  # fmt: skip
    for audit, team, auditor in (("A-1", "T-1", "P-AUD"), ("A-9", "T-9", "P-AUD2")):
        desk.do(
            {
                "command": "audit.allocate", **HEAD, "at": "2026-02-10", "audit": audit, "child": f"C-{audit}",
                "team": team, "worker": "P-SW", "auditor": auditor, "audit_type": "full",
            },
            {
                "command": "audit.raise_safety_concern", **HEAD, "at": "2026-02-11", "audit": audit,
                "concern": f"what {audit} says",
            },
        )  # fmt: skip
    return desk


def texts(desk: TestDesk, **other: Any) -> Texts:
    held: Mapping[str, Any] = {"keys": desk.keys, "policies": desk.policies, "store": desk.store, **other}
    return Texts(authority="torbay", catalogue=desk.catalogue, clock=desk.clock, **held)


def concerns(desk: TestDesk) -> list[Sealed]:
    return [
        Sealed(f"audit/{audit}", "audit.concern", each.fact.concern)
        for audit in ("A-1", "A-9")
        for each in desk.history(audit)
        if hasattr(each.fact, "concern")
    ]


def recorded(desk: TestDesk) -> list[Recorded]:
    store: Any = desk.store
    return [each for name, events in store.streams.items() if name.startswith("reads/") for each in events]


@pytest.mark.covers("A-ALL-15")
@pytest.mark.parametrize(
    ("person", "role", "audits"),
    [
        ("P-QA", "qa_team", ["A-1", "A-9"]),
        ("P-DIR", "director", ["A-1", "A-9"]),
        ("P-AUD", "auditor", ["A-1"]),
        ("P-SW", "worker", ["A-1", "A-9"]),
        ("P-TM1", "team_manager", ["A-1"]),
        ("P-TM9", "team_manager", ["A-9"]),
        ("P-SM1", "service_manager", ["A-1"]),
        ("P-SM9", "service_manager", ["A-9"]),
        ("P-IRO", None, []),
        ("P-MOVED", None, []),
        ("P-NOBODY", None, []),
    ],
)
def test_who_needs_to_know(desk: TestDesk, person: str, role: str | None, audits: list[str]) -> None:
    """Each opens what is theirs by office, by line of management or by the record's own word; the rest is closed."""
    asked = concerns(desk)
    told = texts(desk).opened(Reader(person, "http"), asked)
    assert [told[each.sealed] for each in asked] == [
        f"what {audit} says" if audit in audits else CLOSED for audit in ("A-1", "A-9")
    ]
    events = recorded(desk)
    assert [each.envelope.role for each in events] == [role] * bool(audits)
    for each in events:
        assert isinstance(each.fact, TextsOpened)
        assert (each.envelope.actor, each.envelope.occurred, each.fact.door) == (person, NOW, "http")
        assert [(one.record, one.fields) for one in each.fact.opened] == [
            (f"audit/{audit}", ("audit.concern",)) for audit in audits
        ]
        assert "says" not in each.fact.model_dump_json()


def test_no_audit_is_filled_by_its_readers(desk: TestDesk) -> None:
    """A reading has a record of its own, and each one is told of: three are three."""
    before = desk.history("A-1")
    for _ in range(3):
        texts(desk).opened(Reader("P-AUD", "cli"), concerns(desk))
    assert desk.history("A-1") == before
    assert len({each.originator_id for each in recorded(desk)}) == 3


def test_nothing_is_read_that_cannot_be_recorded(desk: TestDesk) -> None:
    """Where no event can be kept, no text is given."""

    class Full:
        load = desk.store.load
        opened = desk.store.opened

        def append(self, *_: Any, **__: Any) -> tuple[int, ...]:
            raise Unavailable("the stream is full")

    with pytest.raises(Unavailable):
        texts(desk, store=Full()).opened(Reader("P-QA", "cli"), concerns(desk))


def test_a_role_that_is_named_is_the_one(desk: TestDesk) -> None:
    """One that opens nothing is refused by name; one that is not held opens nothing."""
    with pytest.raises(Forbidden) as refused:
        texts(desk).opened(Reader("P-QA", "cli", "iro"), concerns(desk))
    assert refused.value.field == "role"
    told = texts(desk).opened(Reader("P-QA", "cli", "director"), concerns(desk))
    assert set(told.values()) == {CLOSED}
    assert recorded(desk) == []


def test_a_token_opens_no_more_than_it_claims(desk: TestDesk) -> None:
    """A reader whose token claims other roles reads nothing with those that they hold."""
    told = texts(desk).opened(Reader("P-QA", "http", claimed=frozenset({"auditor"})), concerns(desk))
    assert set(told.values()) == {CLOSED}


def test_the_operator_reads_on_record(desk: TestDesk) -> None:
    """Who runs an installation of their own reads all, and that stands there as the operator's reading."""
    told = texts(desk).opened(operator(), concerns(desk))
    assert set(told.values()) == {"what A-1 says", "what A-9 says"}
    assert [(each.envelope.actor, each.envelope.role) for each in recorded(desk)] == [(OPERATOR, "system")]


def test_what_cannot_be_read_any_more_was_not_read(desk: TestDesk) -> None:
    """A text whose key is gone prints as such, and is no reading."""

    class Gone:
        def unseal(self, _sealed: str, _field: str) -> object:
            return GONE

    GONE = type("Gone", (), {"__str__": lambda _: "[erased]"})()  # noqa: N806 - one thing, as the keyring's own
    told = texts(desk, keys=Gone()).opened(Reader("P-QA", "cli"), concerns(desk))
    assert set(told.values()) == {"[erased]"}
    assert recorded(desk) == []


def test_many_records_are_told_in_parts(desk: TestDesk) -> None:
    """A long answer is one reading in several events, none of them larger than an event may be."""
    [first, _] = concerns(desk)
    asked = [Sealed(f"audit/A-{number}", first.field, first.sealed) for number in range(MOST + 1)]
    texts(desk).opened(Reader("P-QA", "cli"), asked)
    sizes = [len(each.fact.opened) for each in recorded(desk) if isinstance(each.fact, TextsOpened)]
    assert sorted(sizes) == [1, MOST]


def test_nobody_by_default(desk: TestDesk) -> None:
    """A policy that says nothing of it opens no text to anybody."""
    silent = desk.policies.newest
    acts = {act: roles for act, roles in silent.acts.items() if act != "texts.open"}
    policies = type(desk.policies)("torbay", (silent.model_copy(update={"acts": acts}),))
    told = texts(desk, policies=policies).opened(Reader("P-QA", "cli"), concerns(desk))
    assert set(told.values()) == {CLOSED}
