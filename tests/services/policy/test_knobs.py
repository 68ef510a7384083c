"""A knob that one council alone uses is there for a reason, which stands in a line of a table; no other has one."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from pydantic import BaseModel

from services.policy.reference import parts
from services.policy.written import policies_in
from services.policy_files import check
from services.settings import SHIPPED_POLICIES
from tests.beside import ROOT

TABLE = Path(__file__).with_name("knobs.csv")
COUNCILS = [*policies_in(SHIPPED_POLICIES), ROOT / "tests" / "northmoor" / "northmoor.yaml"]

Knob = tuple[str, str]
"""A part of the language and a key of it; without a key, all of the part."""


def test_what_one_council_alone_uses_has_its_reason() -> None:
    """The table has just those, each once, with a reason: a knob that a second council uses needs none."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    reasons = {(row["part"], row["key"]): row["reason"] for row in rows}
    assert len(reasons) == len(rows)
    assert all(len(reason.split()) > 1 for reason in reasons.values())
    alone = set(used_by_one())
    assert sorted(alone - reasons.keys()) == [], "say why it stays, or use what is there already"
    assert sorted(reasons.keys() - alone) == [], "it is no knob of one council any more"


def used_by_one() -> Iterator[Knob]:
    """Each key that one policy alone says; where that holds of a whole part, the part."""
    for part in parts():
        of_part = set().union(*(who for (name, _), who in uses().items() if name == part.__name__))
        if len(of_part) == 1:
            yield part.__name__, ""
            continue
        for name, field in part.model_fields.items():
            key = field.alias or name
            if len(uses().get((part.__name__, key), ())) == 1:
                yield part.__name__, key


@cache
def uses() -> Mapping[Knob, set[str]]:
    """Which policies say each key, with what they take of their base."""
    found: defaultdict[Knob, set[str]] = defaultdict(set)

    def walk(held: object, council: str) -> None:
        if isinstance(held, BaseModel):
            for name in held.model_fields_set:
                found[type(held).__name__, type(held).model_fields[name].alias or name].add(council)
                walk(getattr(held, name), council)
        elif isinstance(held, dict | list | tuple):
            for each in held.values() if isinstance(held, dict) else held:
                walk(each, council)

    for path in COUNCILS:
        walk(check(path)[0], path.stem)  # as it is written: what is kept of a sound one says every default
    return found
