"""The envelope in the headers, and the names of streams and subjects."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import subjects
from events.envelope import HASH, RECORDED, Envelope, content_hash, from_headers, to_headers
from events.errors import ContractError

TOLD = Envelope(
    event_id="K-1.0",
    authority="torbay",
    actor="P-1",
    role="team_manager",
    occurred=datetime(2026, 3, 29, 0, 30, 1, 5, tzinfo=UTC),
    recorded=datetime(2026, 3, 29, 2, 0, tzinfo=UTC),
    correlation="A-1",
    causation="K-0.3",
    policy_version="1",
    imported="I-1",
    digest="0a1b",
    unverified="role,auditor",
    policy_hash="0a1b",
)
BODY = b'{"grade":"Meets Good"}'
WORDED = (
    *("event_id", "actor", "role", "correlation", "causation"),
    *("policy_version", "imported", "digest", "unverified", "policy_hash"),
)
"""The attributes that hold a text."""

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
INSTANTS = st.datetimes(timezones=st.just(UTC))


def headers(
    envelope: Envelope, *, name: str = "audit.closed.v1", about: str = "audit/A-1", version: int = 3
) -> dict[str, str]:
    return to_headers(envelope, stored_name=name, aggregate=about, version=version, body=BODY)


@given(words=st.lists(WORDS, min_size=10, max_size=10), occurred=INSTANTS, recorded=INSTANTS)
def test_an_envelope_comes_back_as_it_was(words: list[str], occurred: datetime, recorded: datetime) -> None:
    """Whatever stands in an envelope, it comes back from its headers, which are plain printable ASCII."""
    envelope = replace(TOLD, occurred=occurred, recorded=recorded, **dict(zip(WORDED, words, strict=True)))
    found = headers(envelope)
    assert from_headers(found) == envelope
    assert all(value.isascii() and value.isprintable() for value in found.values())


def test_a_role_that_is_not_ascii_is_percent_encoded() -> None:
    """A role in another alphabet travels percent-encoded, as CloudEvents asks."""
    found = headers(replace(TOLD, role="Přísedící – 100 %"))
    assert found["ce-role"] == "P%C5%99%C3%ADsed%C3%ADc%C3%AD %E2%80%93 100 %25"
    assert from_headers(found).role == "Přísedící – 100 %"


def test_what_is_empty_is_left_out() -> None:
    """An attribute without a value has no header, and reads as empty again."""
    envelope = replace(
        TOLD, correlation="", causation="", policy_version="", imported="", digest="", unverified="", policy_hash=""
    )
    found = headers(envelope)
    empty = {
        "ce-correlationid",
        "ce-causationid",
        "ce-policyversion",
        "ce-imported",
        "ce-commanddigest",
        "ce-unverified",
        "ce-policyhash",
    }
    assert not empty & found.keys()
    assert from_headers(found) == envelope


@pytest.mark.parametrize("attribute", ["event_id", "authority", "actor", "role"])
def test_what_could_not_be_read_back_is_not_written(attribute: str) -> None:
    """An event that does not say what every event says is refused before it halts those who read it."""
    with pytest.raises(ContractError, match="its envelope says no"):
        headers(replace(TOLD, **{attribute: ""}))  # type: ignore[arg-type]  # each of these is a text


@given(words=st.lists(WORDS | st.just(""), min_size=10, max_size=10))
def test_whatever_is_written_reads_back(words: list[str]) -> None:
    """An envelope, empty in any places, is refused on writing or comes back as it was."""
    values = dict(zip(WORDED, words, strict=True))
    envelope = replace(TOLD, occurred=TOLD.occurred, recorded=TOLD.recorded, **values)
    try:
        found = headers(envelope)
    except ContractError:
        assert not all(words[:3])
        return
    assert from_headers(found) == envelope


def test_times_travel_in_utc() -> None:
    """A time in another zone travels as the same instant in UTC."""
    summer = TOLD.occurred.astimezone(timezone(timedelta(hours=1)))
    assert headers(replace(TOLD, occurred=summer)) == headers(TOLD)
    assert headers(TOLD)["ce-time"].endswith("+00:00")


OTHER: dict[str, object] = {
    "event_id": "K-2.0",
    "authority": "halton",
    "actor": "P-2",
    "role": "director",
    "occurred": TOLD.occurred + timedelta(microseconds=1),
    "correlation": "A-2",
    "causation": "K-0.4",
    "policy_version": "2",
    "imported": "",
    "digest": "0a1c",
    "unverified": "role",
    "policy_hash": "0a1c",
}


@pytest.mark.parametrize("attribute", OTHER)
def test_the_hash_changes_with_every_attribute(attribute: str) -> None:
    """Another value in any attribute of the envelope gives another content hash."""
    changed = headers(replace(TOLD, **{attribute: OTHER[attribute]}))  # type: ignore[arg-type]  # each fits its attribute
    assert changed[HASH] != headers(TOLD)[HASH]


def test_no_attribute_is_forgotten() -> None:
    """Every attribute of an envelope but the time of recording is held by the hash."""
    assert {each.name for each in fields(Envelope)} == {*OTHER, "recorded"}


def test_the_hash_changes_with_name_aggregate_version_and_body() -> None:
    """Another name, aggregate, version or body gives another content hash."""
    plain = headers(TOLD)
    others = [
        headers(TOLD, name="audit.filed.v1")[HASH],
        headers(TOLD, about="audit/A-2")[HASH],
        headers(TOLD, version=4)[HASH],
        content_hash(plain, BODY + b" "),
    ]
    assert len({plain[HASH], *others}) == 5


def test_the_hash_leaves_itself_and_the_time_of_recording_out() -> None:
    """The same command recorded at a second attempt has the same content, and the hash can be checked from headers."""
    plain, again = headers(TOLD), headers(replace(TOLD, recorded=TOLD.recorded + timedelta(minutes=5)))
    assert plain[RECORDED] != again[RECORDED]
    assert plain[HASH] == again[HASH] == content_hash(plain, BODY)


def test_headers_of_the_server_are_not_part_of_the_content() -> None:
    """What a server or a broker adds to the headers changes nothing."""
    assert content_hash(headers(TOLD) | {"Nats-Msg-Id": "another"}, BODY) == headers(TOLD)[HASH]


@pytest.mark.parametrize("missing", ["ce-id", "ce-source", "ce-actor", "ce-role", "ce-time", RECORDED])
def test_a_missing_attribute_is_an_error(missing: str) -> None:
    """Headers without an attribute that every event has are refused."""
    found = headers(TOLD)
    del found[missing]
    with pytest.raises(KeyError):
        from_headers(found)


def test_the_command_is_known_from_the_event() -> None:
    """An event's id is its command's id and its number in it."""
    assert TOLD.command_id == "K-1"
    assert replace(TOLD, event_id="with.dots.12").command_id == "with.dots"


REFS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", fullmatch=True)


@given(reference=REFS, kind=st.sampled_from(["audit", "directory", "import"]))
def test_a_subject_leads_back_to_its_aggregate(reference: str, kind: str) -> None:
    """One literal subject for each aggregate, under the stream of its authority, with four parts and no wildcard."""
    subject = subjects.aggregate_subject("east-sussex", f"{kind}/{reference}")
    assert subjects.aggregate_of(subject) == f"{kind}/{reference}"
    assert subject.split(".") == ["sightline", "east-sussex", kind, reference]
    assert subject.startswith(subjects.all_subjects("east-sussex").removesuffix(">"))


def test_names_of_one_authority() -> None:
    """Streams and buckets carry the authority in letters that a server admits, each under a name of its own."""
    names = [
        subjects.stream_name("east-sussex"),
        subjects.snapshot_stream("east-sussex"),
        subjects.timer_stream("east-sussex"),
        subjects.key_bucket("east-sussex"),
    ]
    assert names == [
        "SIGHTLINE_EAST_SUSSEX",
        "SIGHTLINE_EAST_SUSSEX_SNAPSHOTS",
        "SIGHTLINE_EAST_SUSSEX_TIMERS",
        "SIGHTLINE_KEYS_EAST_SUSSEX",
    ]


def test_timers_stand_apart_from_what_they_fire() -> None:
    """An armed timer, the message that it becomes, and the history live on different subjects."""
    found = [
        subjects.timer_subject("torbay", "audit/A-1", "0a1b"),
        subjects.fired_subject("torbay", "audit/A-1"),
        subjects.aggregate_subject("torbay", "audit/A-1"),
        subjects.snapshot_subject("torbay", "audit/A-1"),
    ]
    assert found == [
        "timers.torbay.armed.audit.A-1.0a1b",
        "timers.torbay.fired.audit.A-1",
        "sightline.torbay.audit.A-1",
        "snapshots.torbay.audit.A-1",
    ]


@pytest.mark.parametrize("authority", ["torbay", "east-sussex", "a1", "a" * 32])
def test_an_authority_that_fits(authority: str) -> None:
    """Lower-case letters, digits and hyphens make an authority."""
    assert subjects.check_authority(authority) == authority


@pytest.mark.parametrize("authority", ["", "Torbay", "1st", "tor.bay", "tor bay", "tor*", ">", "a" * 33, "tor_bay"])
def test_an_authority_that_does_not_fit(authority: str) -> None:
    """Anything that could break out of a subject is no authority."""
    with pytest.raises(ValueError, match="lower-case letters"):
        subjects.check_authority(authority)
