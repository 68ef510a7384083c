"""Where a message of a stream would be acknowledged says where it stood, and when it was stored."""

import pytest

from services.store.messages import from_consumer


@pytest.mark.parametrize(
    ("reply", "sequence"),
    [
        ("$JS.ACK.S.run.1.41.7.1795412179964792119.3", 41),
        ("$JS.ACK.hub.h4sh.S.run.1.42.7.1795412179964792119.3", 42),
        ("$JS.ACK._.h4sh.S.run.1.43.7.1795412179964792119.3.token", 43),
    ],
)
def test_where_a_message_stood_is_read_from_its_address(reply: str, sequence: int) -> None:
    """Also where it comes through a domain of its own."""
    found = from_consumer("runs.1", reply, {}, b"")
    assert (found.sequence, found.time) == (sequence, "2026-11-23T05:36:19.964792119Z")


@pytest.mark.parametrize(("nanoseconds", "words"), [(120_000_000, ".12Z"), (0, "Z")])
def test_the_time_is_written_as_the_server_writes_it(nanoseconds: int, words: str) -> None:
    """An instant loses the noughts at its end, as in an answer of any copy."""
    found = from_consumer("runs.1", f"$JS.ACK.S.run.1.4.7.{1_795_412_179 * 10**9 + nanoseconds}.3", {}, b"")
    assert found.time == f"2026-11-23T05:36:19{words}"


def test_an_address_of_another_form_is_refused() -> None:
    """What names no position is no message of a stream."""
    with pytest.raises(ValueError, match="no address"):
        from_consumer("runs.1", "_INBOX.x", {}, b"")
