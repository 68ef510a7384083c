"""A month's sample is proven on the command line: drawn again from what is recorded."""

from collections.abc import Callable

from tests.cli.council import Council
from tests.lives import QA, Life, people

SAMPLES = "samples:\n  - {name: look, share: 20}\n  - {name: due, any_day: true, of: unmoderated, share: 50}\n#"
DRAW = {"command": "sample.draw", "authority": "torbay", **QA, "at": "2026-02-03"}


def test_a_sample_is_proven(recording: Callable[..., Council]) -> None:
    """It says of each draw from where the seed came, and that the same came out; a month without one is named."""
    council = recording(lambda text: text.replace("samples:", SAMPLES, 1))
    audits = [Life("torbay", f"A-{number}", child=f"C-{number}") for number in range(3)]
    lines = [line for life in audits for line in life.allocated("2026-01-05").submitted("2026-01-20")]
    sample = {**DRAW, "purpose": "look", "month": "2026-01"}
    due = {**DRAW, "at": "2026-01-21", "purpose": "due", "month": "2026-01"}
    said = council.imports([*people("torbay"), *lines, due, sample])
    assert said.code == 0, said
    proof = council.program.run("sample", "verify", council.authority, "2026-01")
    assert proof.code == 0, proof
    assert "sample look: 1 of 3, seed " in proof.flat
    assert "(it follows from the frame): made again, it came out the same" in proof.flat
    assert "sample due: 2 of 3, seed " in proof.flat
    wrong = council.program.run(
        "sample", "draw", council.authority, "due", "--month", "2026-Q1", "--actor", QA["actor"]
    )
    assert wrong.code == 2, wrong
    assert "month: due is drawn for each month: 2026-Q1 is not the name of a month; write 2026-04" in wrong.err
    none = council.program.run("sample", "verify", council.authority, "2026-03")
    assert (none.code, none.err) == (2, "sightline: sample of 2026-03: there is none in this authority\n")
