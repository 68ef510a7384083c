"""What was answered of audits by real acts, asked for before and after the key of one of the children is erased."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.cli.council import Council
from tests.cli.test_answers_erased import asked
from tests.lives import Life, people
from workers.recording.desks import keyrings

QUESTION = "{name: found, title: What was found, source: [TOR-7], asked_at: [return, moderation, feedback]}"


def with_a_text(policy: str) -> str:
    """Torbay's form asks for a text as well, at the return, the feedback and the moderation."""
    return policy.replace("    - name: themes\n", f"    - {QUESTION}\n    - name: themes\n", 1)


def life(audit: str, child: str) -> Life:
    """An audit whose return was changed by its moderator, with a text of each, and one of the family's feedback."""
    found = Life("torbay", audit, child=child).allocated("2026-03-02").prepared("2026-03-04")
    found.submitted("2026-03-09", answers={"found": f"returned of {child}", "themes": ["drift"]})
    found.to_moderator("2026-03-10")
    grade = found.policy.grades.overall[0]
    return found.moderated(
        "2026-03-12", grade, rationale="seen", answers={"found": f"changed of {child}", "themes": ["drift", "voice"]}
    )


def texts(rows: list[Any]) -> Mapping[str, list[str | None]]:
    found: dict[str, list[str | None]] = {}
    for row in rows:
        if row["question"] == "found":
            found.setdefault(row["about"], []).append(row["text"])
    return found


def test_answers_of_an_audit_whose_child_is_erased(recording: Callable[..., Council]) -> None:
    """Its texts are [erased], at each moment and as at each day; the other's stand, and what was counted counts."""
    council = recording(with_a_text)
    said = council.imports([*people("torbay"), *life("A-1", "C-1"), *life("A-2", "C-2")])
    assert said.code == 0, said
    before, counted = asked(council, "answers"), asked(council, "tally")
    assert texts(before) == {
        "audit/A-1": ["returned of C-1", "changed of C-1"],
        "audit/A-2": ["returned of C-2", "changed of C-2"],
    }
    assert [(row["answer"], row["times"], row["among"]) for row in counted if row["question"] == "themes"] == [
        ("drift", 2, 2),
        ("voice", 2, 2),
    ]
    with keyrings(council.system) as (rings, _):
        assert rings[council.authority].erase("C-1")
    council.know("timeline")
    for which in ((), ("--audit", "A-1"), ("--as-at", "2026-03-31"), ("--as-at", "2026-03-31", "--audit", "A-1")):
        after = asked(council, "answers", *which)
        assert texts(after)["audit/A-1"] == ["[erased]", "[erased]"], which
        assert "--audit" in which or texts(after)["audit/A-2"] == ["returned of C-2", "changed of C-2"]
        same = [each for each in before if "--audit" not in which or each["about"] == "audit/A-1"]
        assert [{**row, "text": None} for row in after] == [{**row, "text": None} for row in same], which
    assert asked(council, "tally") == counted
    assert "[erased]" in council.program.run("show", "answers", council.authority, "--audit", "A-1").flat
    again = council.imports([*life("A-1", "C-1")])
    assert again.json["accepted"] == 0, again
