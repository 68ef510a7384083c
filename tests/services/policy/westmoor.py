"""A short framework that extends the shipped base."""

from pathlib import Path

SHORT = """\
authority: westmoor
version: "1"
effective_from: 2026-01-01
framework: A short framework
extends: base-1
roles:
  qa_team: {title: Audit Team, group: true}
grades:
  overall: [Good, Poor]
  sections: [Good, Poor]
tool:
  types: [case file]
  sections: [Plan]
acts:
  audit.void: [service_manager]   # §2
obligations:
  - {name: return, title: Return, source: [§3], trigger: {events: [audit.allocated]}, owner: auditor,
     due: trigger + 5 working days, met_by: [audit.submitted]}
"""
"""What a paper says for itself, and the base for the rest."""


def short(folder: Path, *edits: tuple[str, str]) -> Path:
    text = SHORT
    for old, new in edits:
        assert text.count(old) == 1
        text = text.replace(old, new)
    path = folder / "westmoor.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def change(part: Path, old: str, new: str) -> int:
    """The line at which a part is changed."""
    text = part.read_text(encoding="utf-8")
    assert text.count(old) == 1
    part.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1
