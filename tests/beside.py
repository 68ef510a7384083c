"""Material of the councils that may lie beside the project and is never part of it."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def lying_beside(name: str) -> Path | None:
    """The file of that name in a folder beside the project, such as `data/list.csv`; None where there is none."""
    return next(iter(sorted(ROOT.parent.glob(f"*/{name}"))), None)
