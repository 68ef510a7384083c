"""`sightline damage`: what is taken as it is, and what is refused."""

from collections.abc import Callable

from tests.cli.council import Council, bad_message

Recording = Callable[[], Council]
WHO = ("--actor", "P-IT1", "--role", "it_lead")


def test_damage_is_taken_as_it_is(recording: Recording) -> None:
    """Damage is told with exit code 1, taken, told as accepted with exit code 0, and shown; also as JSON."""
    council = recording()
    program, authority = council.program, council.authority
    at = str(bad_message(council))
    assert program.run("verify", authority).code == 1
    said = program.run("damage", "accept", authority, at, "--reason", "foreign-writer", *WHO)
    assert (said.code, said.err) == (0, "")
    assert f"{authority}: event {at} is accepted as it is" in said.flat
    again = program.run("verify", authority)
    assert again.code == 0
    assert "sound, but for 1 events whose damage was accepted" in again.flat
    assert f"accepted: event {at}" in again.flat
    (row,) = program.ask("damage", "show", authority)
    assert (row["events"], row["stands"], row["actor"], row["role"]) == (at, True, "P-IT1", "it_lead")
    assert "as it was found" in program.run("damage", "show", authority).flat
    (found,) = program.ask("verify", authority)
    assert [each["events"] for each in found["accepted"]] == [at]


def test_what_is_no_damage_is_refused(recording: Recording) -> None:
    """A position beyond the end, a reason of one's own, and what is no position: one line each, nothing recorded."""
    council = recording()
    refused = (("1", "unknown", "history ends at 0"), ("1", "Ann did it", "reason"), ("x", "unknown", "position"))
    for place, reason, word in refused:
        said = council.program.run("damage", "accept", council.authority, place, "--reason", reason, *WHO)
        assert word in said.mistake()
    assert council.length == 0
