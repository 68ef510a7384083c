"""A policy that was edited is read by its first keys, and says what it says when it is read as a whole."""

from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from events.errors import PolicyError
from services.policy import yaml_positions
from services.policy.key_path import KeyPath
from services.policy.written import policies_in
from services.policy.yaml_positions import read_yaml
from services.settings import SHIPPED_POLICIES
from tests.edited import written_out

FRAMEWORKS = [each.stem for each in policies_in(SHIPPED_POLICIES)]
PARTS = sorted(SHIPPED_POLICIES.rglob("*.yaml"))
PATH = Path("torbay.yaml")

ODD = (
    *('"', "'", "[", "]", "{", "}", "|", ">-", "&x ", "*x", "#", " ", "\n", "\t", ": ", "- ", "? ", ",", "!!str "),
    *(
        "\na: ",
        "\nb:\n",
        "\n---\n",
        "\n...\n",
        "\n%YAML 1.1\n",
        "\n<<: ",
        "\r",
        "\u2028",
        "\x85",
        "|+\n\n\n",
        "|2\n   ",
    ),
)
"""What ends, opens or joins something in YAML, wherever it is put."""


@cache
def entries() -> list[str]:
    """What stands under one key in a framework, where it is short."""
    texts = map(written_out, FRAMEWORKS)
    return [each for text in texts for each in yaml_positions._BEGINS.split(text)[1:] if each.count("\n") < 40]


def as_a_whole(text: str) -> tuple[object, dict[KeyPath, int]] | None:
    """None where there is something to refuse."""
    try:
        return yaml_positions._read(yaml_positions._Quick(text), PATH)
    except (yaml.YAMLError, PolicyError, RecursionError):
        return None


def _named(ships: str | Path) -> str:
    return ships if isinstance(ships, str) else str(ships.relative_to(SHIPPED_POLICIES))


@pytest.mark.parametrize("ships", [*FRAMEWORKS, *PARTS], ids=_named)
def test_what_ships_is_read_by_its_keys(ships: str | Path) -> None:
    """Each framework and each of its parts is read so, with every key in its place and line."""
    text = ships.read_text(encoding="utf-8") if isinstance(ships, Path) else written_out(ships)
    read = yaml_positions._by_entries(text)
    assert read is not None
    assert repr(read) == repr(as_a_whole(text))


@given(data=st.data())
def test_wherever_something_odd_is_put(data: st.DataObject) -> None:
    """A text is read by its keys as it is read as a whole, or not by its keys."""
    text = "".join(data.draw(st.lists(st.sampled_from(entries()), min_size=2, max_size=4)))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        after = data.draw(st.integers(at, min(len(text), at + 3)))
        text = text[:at] + data.draw(st.sampled_from(ODD)) + text[after:]
    read = yaml_positions._by_entries(text)
    assert read is None or repr(read) == repr(as_a_whole(text))


@pytest.mark.parametrize(
    "text",
    [
        'a: "one\nb: two"\n',
        "a: [1,\nb: 2]\n",
        "a: {x: 1,\nb: 2}\n",
        "a: &x 1\nb: *x\n",
        "a: &x 1\nb: &x 2\n",
        "a: &x?y 1\nb: &x?z 2\n",
        "# \x07\na: 1\nb: 2\n",
        "# \x84\na: 1\nb: 2\n",
        "a: 1\na: 2\n",
        "a: 1\n---\nb: 2\n",
        "a: 1\nb: 2\n...\n",
        "%YAML 1.1\n---\na: 1\nb: 2\n",
        "  a: 1\nb: 2\n",
        "a: 1\rb: 2\n",
        "a: 1\nb\n",
        "a: 1\n<<: {c: 1}\n",
        "- a\n- b\n",
        "",
    ],
)
def test_what_does_not_stand_by_itself_is_read_as_a_whole(text: str) -> None:
    """What begins in one key and ends in another, and what says something of the whole text."""
    assert yaml_positions._by_entries(text) is None


def test_only_what_was_edited_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a framework in which one word was changed, only what stands under that first key, in any file."""
    text = written_out(FRAMEWORKS[-1])
    read_yaml(PATH, text)
    read: list[str] = []

    class Noting(yaml_positions._Quick):  # type: ignore[misc, valid-type]  # which class it is hangs on the machine
        def __init__(self, text: str) -> None:
            read.append(text)
            super().__init__(text)

    monkeypatch.setattr(yaml_positions, "_Quick", Noting)
    _, lines = read_yaml(Path("another.yaml"), text.replace('notice_hour: "08:00"', 'notice_hour: "07:41"'))
    assert [each.partition(":")[0] for each in read] == ["calendar"]
    assert lines == read_yaml(PATH, text)[1]
