"""Webhooks by the program: each mistake is one line and exit code 2, and shows neither address nor secret."""

from collections.abc import Callable

import pytest

from services.keyring import MasterKey
from tests.cli.council import Council
from tests.cli.program import write_lines
from tests.lives import cast

URL = "http://127.0.0.1:9/in?token=of-the-receiver"
TOKEN = "of-the-receiver"  # noqa: S105 - what must show nowhere
PRIVATE = {"SIGHTLINE_WEBHOOKS_PRIVATE": "true"}


@pytest.fixture
def council(recording: Callable[[], Council]) -> Council:
    """A council whose QA team may set webhooks."""
    found = recording()
    MasterKey.of(found.system.settings)
    staff = [{**line, "authority": found.authority} for line in cast("torbay")]
    said = found.program.run("import", write_lines(found.file, staff), SIGHTLINE_ACTOR="")
    assert said.code == 0, said
    return found


def mistake(council: Council, act: str, *rest: str, **variables: str) -> str:
    """The one line of a call that must fail; nothing was written."""
    before = council.length
    line = council.program.run("webhook", act, council.authority, *rest, **variables).mistake()
    assert council.length == before
    assert TOKEN not in line
    return line


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        (URL, "url: must be an https address"),
        (f"https://127.0.0.1/?{TOKEN}", "url: leads to an address that is private"),
        (f"https://169.254.169.254/{TOKEN}", "url: leads to an address that answers a machine about itself"),
        (f"https://10.0.0.1:22/{TOKEN}", "url: port 22 is none of 443, 8443"),
        (f"https://user:{TOKEN}@8.8.8.8/", "url: must hold no name or password"),
        (f"ftp://8.8.8.8/{TOKEN}", "url: is no address"),
        (TOKEN, "url: is no address"),
        (f"https://8.8.8.8/{TOKEN} x", "url: must be at most"),
        (f"https://host.invalid/{TOKEN}", "url: its host has no address now"),
    ],
)
def test_an_address_that_will_not_do(council: Council, url: str, rule: str) -> None:
    """The field and the rule are named."""
    assert rule in mistake(council, "set", "W-1", "--url", url)


def test_what_else_is_wrong_with_a_webhook_that_is_set(council: Council) -> None:
    """No address, an unknown type, a name that can stand in no subject, who may not, another council."""
    assert "url" in mistake(council, "set", "W-1")
    assert "is not published" in mistake(council, "set", "W-1", "--url", URL, "--type", "audit.closed", **PRIVATE)
    for name in ("W.1", "W 1", "", "../x", "W" * 65, "W\n1"):
        assert "webhook" in mistake(council, "set", name, "--url", URL, **PRIVATE)
    assert "P-TM" in mistake(council, "set", "W-1", "--url", URL, "--actor", "P-TM", **PRIVATE)
    elsewhere = council.program.run("webhook", "set", "nowhere", "W-1", "--url", URL, **PRIVATE)
    assert "nowhere" in elsewhere.mistake()


@pytest.mark.parametrize("act", ["secret", "replay", "remove"])
def test_a_webhook_that_never_was(council: Council, act: str) -> None:
    """It is named as not found; a name that cannot be one is refused as that."""
    assert "W-9" in mistake(council, act, "W-9")
    assert "webhook" in mistake(council, act, "W.9")


def test_a_secret_is_shown_once_and_a_removed_webhook_no_more(council: Council) -> None:
    """The second asking is a mistake that says how to get another; after removal nothing is shown or posted again."""
    named = (council.authority, "W-1")
    assert council.program.run("webhook", "set", *named, "--url", URL, **PRIVATE).code == 0
    shown = council.program.run("webhook", "secret", *named)
    assert (shown.code, shown.out[:6], shown.err) == (0, "whsec_", "")
    again = mistake(council, "secret", "W-1")
    assert "was shown" in again
    assert shown.out.strip() not in again
    assert council.program.run("webhook", "set", *named, "--url", URL, "--rotate", **PRIVATE).code == 0
    other = council.program.run("webhook", "secret", *named)
    assert other.code == 0
    assert other.out != shown.out
    assert "from" in mistake(council, "replay", "W-1", "--from", "yesterday")
    assert council.program.run("webhook", "replay", *named, "--from", "2026-11-01").out == "asked for\n"
    assert council.program.run("webhook", "replay", *named).out == "asked for 0 messages\n"
    assert council.program.run("webhook", "remove", *named).code == 0
    for act in ("secret", "remove", "replay"):
        assert "removed" in mistake(council, act, "W-1")


def test_what_is_parked_is_asked_of_a_council_that_there_is(council: Council) -> None:
    """Nothing is parked at first; an unknown council is a mistake."""
    assert council.program.run("webhook", "parked", council.authority, "--json").out.strip() == "[]"
    assert "nowhere" in council.program.run("webhook", "parked", "nowhere").mistake()
