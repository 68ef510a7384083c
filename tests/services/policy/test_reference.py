"""The reference of the language: whole, made of the model, and each example is one that the loader's model takes."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel, create_model

from services.modules import CATALOGUE
from services.policy.describe.vocabulary import HOURS, vocabulary
from services.policy.expressions import CALENDAR_BASES, PERSONS
from services.policy.ladders import HOUR_WORDS
from services.policy.part import Part
from services.policy.reference import described, parts, reference, words_of
from services.policy.round_checks import fields_of
from services.policy.value_checks import comparable
from services.policy.yaml_positions import read_yaml
from services.settings import Settings
from tests.cli.program import Program
from tests.desks import SHIPPED

KEYS = [(part, name) for part in parts() for name in part.model_fields]


@pytest.mark.parametrize("part", parts(), ids=lambda part: part.__name__)
def test_every_key_has_words_and_an_example(part: type[BaseModel]) -> None:
    """A key without either fails, and so does an example that the key would not take."""
    for name, field in part.model_fields.items():
        says, example = words_of(part, name)
        assert says.endswith("."), (name, says)
        content, _ = read_yaml(Path("example.yaml"), f"{name}: {example}")
        assert isinstance(content, dict)
        holder = create_model("Example", __base__=Part, **{name: (field.annotation, field)})  # type: ignore[call-overload]  # a key by its name
        held = holder.model_validate({field.alias or name: content[name]})
        assert getattr(held, name) is not None, (name, example)


def test_no_words_are_left_over() -> None:
    """What is described is a key of the language: a key that was renamed or dropped leaves nothing behind."""
    known = {(home.__name__, name) for part, name in KEYS for home in part.__mro__}
    assert [each for each in described() if each not in known] == []


def test_the_page_has_a_chapter_for_each_part() -> None:
    """`policy reference` prints it: each part with its docstring, each key with what it may be."""
    page = Program(Settings()).run("policy", "reference").out
    assert page == reference() + vocabulary(CATALOGUE.known)
    assert [part.__name__ for part in parts() if f"\n## {part.__name__}\n" not in page] == []
    assert "- **`due`** (a day, such as `due - 1 week`). The last day." in page
    assert "- **`from`** (a list: `annex a` or" in page
    assert page.count("```yaml") == len(KEYS)


def test_the_page_names_every_word_that_a_rule_may_use() -> None:
    """Nobody has to read the program to know who can be told, what can happen, and which acts there are."""
    words = set(re.findall(r"^- `([a-z_.]+)`: \w", vocabulary(CATALOGUE.known), re.MULTILINE))
    assert words >= PERSONS | CALENDAR_BASES | CATALOGUE.known.acts.keys()
    used = {
        name
        for policy in SHIPPED.values()
        for rule in policy.newest.obligations
        for name in (*rule.trigger.events, *rule.trigger.given, *rule.met_by)
    }
    assert used - {"all actions confirmed"} <= words
    assert set(HOURS) == set(HOUR_WORDS)


def test_what_may_be_asked_of_what_happens() -> None:
    """Each field behind it is one that `when` takes, and those that no word is compared with are not there."""
    page = vocabulary(CATALOGUE.known)
    [line] = [each for each in page.splitlines() if each.startswith("- `audit.feedback_recorded`: ")]
    assert line.endswith("is recorded (`outcome`, `source`)")
    asked = {
        name: rule.trigger.when.keys()
        for policy in SHIPPED.values()
        for rule in policy.newest.obligations
        for name in rule.trigger.events
    }
    assert all(fields & fields_of(name).keys() <= comparable(name) for name, fields in asked.items())
