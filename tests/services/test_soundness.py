"""What a line may hold beyond the form of its command: every slip is refused with its field and the rule."""

from collections.abc import Mapping
from typing import Any

import orjson
import pytest

from events.errors import Refused
from services.core.own_names import OWN_NAMES
from services.core.reading import read_command
from services.modules import CATALOGUE

HEAD: Mapping[str, Any] = {"authority": "torbay", "actor": "P-QA", "role": "qa_team"}
ENTRY: Mapping[str, Any] = {
    "command": "entry.record",
    **HEAD,
    "entry": "E-1",
    "kind": "observation",
    "on": "2026-01-01",
}
SET: Mapping[str, Any] = {"command": "action.set", **HEAD, "audit": "A-1", "action": "X-1", "owner": "P-1"}
DIGITS = "must be a number of at most 15 digits"


def refusal(line: bytes | str) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        CATALOGUE.parse(line)
    assert "\n" not in str(caught.value)
    return caught.value.field, caught.value.rule


@pytest.mark.parametrize(
    ("number", "rule"),
    [
        ("NaN", "must be a finite number"),
        ("Infinity", "must be a finite number"),
        ("-Infinity", "must be a finite number"),
        ("1e999", "must be a finite number"),
        ("1" + "0" * 400, DIGITS),
        ("-1" + "0" * 15, DIGITS),
        ("1e15", DIGITS),
    ],
)
def test_numbers_that_no_store_keeps(number: str, rule: str) -> None:
    """What is no number, or one that loses its last digits on the way, is refused in an answer and within a list."""
    line = orjson.dumps({**ENTRY, "answers": {"minutes": 0}, "items": [{"child": "C-1", "answers": {"age": 1}}]})
    assert refusal(line.replace(b'"minutes":0', b'"minutes":' + number.encode())) == ("answers.minutes", rule)
    assert refusal(line.replace(b'"age":1', b'"age":' + number.encode())) == ("items.0.answers.age", rule)


def test_a_number_of_thousands_of_digits() -> None:
    """A number that would take the reader seconds is no traceback either."""
    line = orjson.dumps({**ENTRY, "answers": {"minutes": 0}}).replace(b":0", b":1" + b"0" * 5000)
    assert refusal(line)[0] == "line"


@pytest.mark.parametrize("number", [0, 999_999_999_999_999, -1.5, 1e14])
def test_numbers_that_are_taken(number: float) -> None:
    """What is measured or counted in a council is taken as it is written."""
    line = orjson.dumps({**ENTRY, "answers": {"minutes": number}})
    assert CATALOGUE.parse(line).answers == {"minutes": number}  # type: ignore[attr-defined]  # an entry has answers


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ('{"command":"audit.void","command":"audit.close","audit":"A-1"', "command"),
        ('{"command":"audit.void","audit":"A-1","reason":"x","reason":"y"', "reason"),
        ('{"command":"audit.void","audit":"A-1","reason":"x","re\\u0061son":"y"', "reason"),
        ('{ "command": "audit.void", "audit": "A-1", "reason": "x", "reason" : "y"', "reason"),
        ('{"command":"audit.void","audit":"A-1","reason":"x","reason":"\\u0022\\u0022\\u0022\\u0022"', "reason"),
        ('{"command":"audit.void","audit":"A-1","reason":"\\"\\"","reason":"\\"\\"\\"\\""', "reason"),
        (
            '{"command":"entry.record","entry":"E-1","kind":"observation","on":"2026-01-01","answers":{"a":1,"a":2}',
            "a",
        ),
    ],
)
def test_a_key_that_stands_twice(line: str, field: str) -> None:
    """Which of two was meant nobody knows: neither is taken, at any depth and however the key is spelt."""
    head = ',"authority":"torbay","actor":"P-QA","role":"qa_team"}'
    if field == "command":
        head = ',"reason":"x"' + head if "audit.void" in line.split(",")[1] else head
    assert refusal(line + head) == (field, "stands twice in one JSON object")


CONTROLS = ["\x00", "\x07", "\x1b[2J", "\x7f", "\x9b2J", "\u202e", "\u202d", "\u2028", "\r"]


@pytest.mark.parametrize("held", CONTROLS)
def test_control_characters(held: str) -> None:
    """Nothing that moves a cursor, ends a string in a database or turns the text round is taken, wherever it stands."""
    code = f"U+{ord(held[0]):04X}"
    assert refusal(orjson.dumps({**SET, "text": f"visit {held} now"})) == (
        "text",
        f"holds the control character {code}",
    )
    named = {**ENTRY, "answers": {"tags": ["seen", f"he{held}ard"]}}
    assert refusal(orjson.dumps(named)) == ("answers.tags.1", f"holds the control character {code}")
    field, _ = refusal(orjson.dumps({**SET, "text": "visit", "action": f"X{held}1"}))
    assert field == "action"
    bespoke = {"command": "audit.submit", **HEAD, "audit": "A-1", "grade": "Good", "bespoke": {f"a{held}b": "text"}}
    field, rule = refusal(orjson.dumps(bespoke))
    assert held[0] not in field
    assert code in rule


@pytest.mark.parametrize("held", ["\n", "\t", "\r\n"])
def test_lines_and_tabs_are_for_texts(held: str) -> None:
    """A free text may run over lines and hold tabs; a word of the framework may not."""
    assert CATALOGUE.parse(orjson.dumps({**SET, "text": f"first{held}second"})).text == f"first{held}second"  # type: ignore[attr-defined]  # it has a text
    submit = {"command": "audit.submit", **HEAD, "audit": "A-1", "grade": f"Meets{held}Good"}
    field, rule = refusal(orjson.dumps(submit))
    assert field == "grade"
    assert rule == f"must be of one line; it holds the control character U+{ord(held[0]):04X}"


def test_text_of_other_scripts_is_taken() -> None:
    """Names and words of every script, with the marks that they need, are no control characters."""
    text = "Zoë Łucja \u200fعلي\u200e — é family\u200d"
    assert CATALOGUE.parse(orjson.dumps({**SET, "text": text})).text == text  # type: ignore[attr-defined]  # it has a text


@pytest.mark.parametrize("name", [*sorted(OWN_NAMES), "Sightline", "IMPORTER"])
def test_nobody_acts_under_the_system_s_own_name(name: str) -> None:
    """What a person records must never pass for what Sightline itself recorded."""
    field, rule = refusal(orjson.dumps({**SET, "text": "visit", "actor": name}))
    assert (field, rule) == ("actor", f"{name} is a name of the system's own; nobody acts under it")


@pytest.mark.parametrize(
    ("written", "nearest"),
    [
        ("audit.sumbit", "audit.submit"),
        ("audit.record_reflections", "audit.record_reflection"),
        ("submit", "audit.submit"),
        ("actions.set", "action.set"),
        ("Audit.Void", "audit.void"),
    ],
)
def test_an_unknown_command_names_the_nearest(written: str, nearest: str) -> None:
    """The few names that come nearest, and never all of them."""
    field, rule = refusal(orjson.dumps({**HEAD, "command": written}))
    assert field == "command"
    assert rule.startswith(f"there is no command {written}; did you mean ")
    assert nearest in rule
    assert sum(name in rule for name in CATALOGUE.commands) <= 5  # names within names count


def test_a_command_like_no_other() -> None:
    """Without a near name, and without any, the way to the list is named; a long one is cut short."""
    assert refusal(orjson.dumps({**HEAD, "command": "xyzzy"})) == (
        "command",
        "there is no command xyzzy; `sightline schema` lists all",
    )
    assert refusal(orjson.dumps(HEAD))[1] == "is needed, such as audit.allocate; `sightline schema` lists all"
    assert len(refusal(orjson.dumps({**HEAD, "command": "q" * 10_000}))[1]) < 200
    assert "\x1b" not in refusal(orjson.dumps({**HEAD, "command": "\x1b[2J"}))[1]


@pytest.mark.parametrize(
    ("line", "command"),
    [
        (b'{"command": "audit.void", "audit": ', "audit.void"),
        (b'{"command" :"audit.invent"}', "audit.invent"),
        (b'{"command": "\x1b[2J"}', ""),
        (b'{"command": 7}', ""),
        (b"{'audit': 1}", ""),
        (b"\xff\xfe", ""),
        (b'{"command": "' + b"a" * 500 + b'"}', ""),
    ],
)
def test_what_can_be_read_of_a_broken_line(line: bytes, command: str) -> None:
    """A line that is no command still says which one it was to be, if it says so in words."""
    assert read_command(line) == command
