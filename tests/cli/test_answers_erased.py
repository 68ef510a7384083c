"""What was answered by real acts, asked for before and after a child's key is erased: of one child among several."""

from collections.abc import Callable
from typing import Any

from tests.cli.council import Council
from tests.lives import Line, people
from workers.recording.desks import keyrings

CHILDREN = ("C-1", "C-2")
ENTRY: Line = {
    "command": "entry.record",
    "at": "2026-02-02",
    "actor": "P-QA",
    "role": "qa_team",
    "entry": "E-1",
    "kind": "comparable_files",
    "on": "2026-02-02",
    "answers": {"raised_by": "audit", "raised_in": "T-1", "themes": ["drift"]},
    "items": [
        {
            "child": child,
            "answers": {
                "file_audited": True,
                "worker_heard": child == "C-1",
                "manager_told": True,
                "findings": f"what was found of {child}",
            },
        }
        for child in CHILDREN
    ],
}


def asked(council: Council, *question: str) -> list[Any]:
    council.know("activities")
    return list(council.program.ask("show", *question[:1], council.authority, *question[1:]))


def test_answers_about_several_children_of_whom_one_is_erased(recording: Callable[..., Council]) -> None:
    """The texts of the one are [erased], those of the other stand; what was counted counts as before."""
    council = recording()
    assert council.imports([*people("torbay"), ENTRY]).code == 0
    before, counted = asked(council, "answers"), asked(council, "tally")
    texts = {row["about"].rpartition("/")[2]: row["text"] for row in before if row["question"] == "findings"}
    assert list(texts.values()) == [f"what was found of {child}" for child in CHILDREN]
    assert [(row["answer"], row["times"], row["among"]) for row in counted if row["question"] == "worker_heard"] == [
        ("no", 1, 2),
        ("yes", 1, 2),
    ]
    with keyrings(council.system) as (rings, _):
        assert rings[council.authority].erase("C-1")
    after = asked(council, "answers")
    assert [row["text"] for row in after if row["question"] == "findings"] == ["[erased]", "what was found of C-2"]
    plain = [{**row, "text": None} for row in before]
    assert [{**row, "text": None} for row in after] == plain
    assert asked(council, "tally") == counted
