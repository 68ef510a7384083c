"""Beside what of the form each text of a framework stands: a grade, a section, a strand, or the whole of it."""

import pytest

from services.policy.describe.form import form
from tests.desks import SHIPPED

WHOLE = "The whole form"
BESIDE: dict[str, tuple[tuple[str, str], ...]] = {
    "torbay": (
        ("Documents to start from", WHOLE),
        ("When a record exceeds good", "Exceeds Good"),
        ("When a record meets good", "Meets Good"),
        ("When a record does not meet good", "Does Not Meet Good"),
        ("When a record must be escalated", "Does Not Meet Good – escalate immediately"),
        ("Statement of good: help and protection", "Help and protection"),
        ("Statement of good: cared for children", "Children cared for and permanence"),
        ("Statement of good: care experienced young people", "Adoption / Care experienced young people"),
        ("Statement of good: leadership, management and governance", "Leadership, management and governance"),
    ),
    "halton": tuple(
        ("What good looks like", section)
        for section in ("Referral", "Basic information", "Assessment", "Planning", "Review", "Management Oversight")
    ),
    "southwark": (
        ("What is looked for in help and protection", "Help and protection"),
        ("What is looked for in looked after children and permanence", "Looked after and permanence"),
        ("What is looked for in adoption", "Adoption"),
        ("What is looked for in the work with care leavers", "Care leavers"),
    ),
    "swindon": (("Right Help at the Right Time", "Early help"),),
}


@pytest.mark.covers("TOR-51", "TOR-56", "TOR-61", "HAL-32", "SOU-30", "SWI-36")
@pytest.mark.parametrize("council", BESIDE)
def test_what_stands_beside_the_form(council: str) -> None:
    """Each text is shown where the choice is made that it speaks of."""
    told = [each for each in form(SHIPPED[council].newest) if each.key[1] == "references"]
    found = {(each.words.partition(":")[0].partition(" (")[0], each.about) for each in told}
    stated = {(title.partition(":")[0], beside) for title, beside in BESIDE[council]}
    assert {each for each in found if each in stated or each[1] != WHOLE} == stated
