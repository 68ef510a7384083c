"""The form in words: what is said of its sections and questions is so."""

from services.modules import CATALOGUE
from services.policy.describe.framework import statements
from services.policy_files import load
from services.settings import SHIPPED_POLICIES


def test_a_form_whose_sections_have_no_grade() -> None:
    """Where sections hold comments alone the page does not say that they are graded; both bounds are one standard."""
    told = {each.key: each.words for each in statements(load(SHIPPED_POLICIES / "southwark"), CATALOGUE.known)}
    assert told[("tool", "section_graders")] == "Sections have no grade and are commented on by the auditor"
    assert (
        "; the standard is at least 21 and at most 25; for Care leavers" in told[("tool", "questions", "support_until")]
    )
