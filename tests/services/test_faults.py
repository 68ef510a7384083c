"""What a field of the wrong form is answered with: a rule in words, never a pattern or a parser's remark."""

from typing import Any

import orjson
import pytest

from events.errors import Refused
from services.modules import CATALOGUE

HEAD = {"authority": "torbay", "actor": "P-QA", "role": "qa_team"}
ALLOCATE = {"command": "audit.allocate", **HEAD, "audit": "A-1", "child": "C-1", "team": "T-1", "worker": "P-SW"}


@pytest.mark.parametrize(
    ("line", "field", "rule"),
    [
        ({**ALLOCATE, "auditor": "P-A", "due": "2026-03-01T9 o'clock"}, "due", "is not a valid date; write 2026-01-31"),
        ({**ALLOCATE, "auditor": "P-A", "due": "31/03/2026"}, "due", "is not a valid date; write 2026-01-31"),
        ({**ALLOCATE, "auditor": "P-A", "due": "2026-03-01T09:00"}, "due", "is not a valid date; write 2026-01-31"),
        ({**ALLOCATE, "auditor": "P-A", "due": []}, "due", "is not a valid date; write 2026-01-31"),
        ({**ALLOCATE, "auditor": "Anne B."}, "auditor", "is not a valid reference"),
        (
            {"command": "sample.draw", **HEAD, "purpose": "x", "month": "2026-13"},
            "month",
            "is not the name of a period; write 2026-03, 2026-Q1",
        ),
        (
            {"command": "sample.draw", **HEAD, "purpose": "X!", "month": "2026-01"},
            "purpose",
            "is not a valid key of the policy",
        ),
        (
            {"command": "escalation.acknowledge", **HEAD, "record": "D-1", "obligation": "x", "step": "y"},
            "record",
            "dispute/D-1",
        ),
        ({**ALLOCATE, "auditor": "P-A", "id": "a b"}, "id", "is not a valid id"),
        (
            {**ALLOCATE, "auditor": "P-A", "authority": "Torbay!"},
            "authority",
            "has a form that this field",
        ),
    ],
)
def test_in_words(line: dict[str, Any], field: str, rule: str) -> None:
    """The field is named, the rule is said, and nothing of a pattern or a parser is shown."""
    with pytest.raises(Refused) as refused:
        CATALOGUE.parse(orjson.dumps(line))
    assert refused.value.field == field
    assert rule in refused.value.rule
    assert "^" not in refused.value.rule
    assert "pattern" not in refused.value.rule
    assert "character" not in refused.value.rule
