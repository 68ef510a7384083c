"""What a file is told to be beside what was adopted, where it says other words, the same, or the same otherwise."""

from datetime import UTC, date, datetime

import pytest

from services.adoption.decisions import taken_over
from services.adoption.standing import standing_of
from services.modules import CATALOGUE
from services.policy.adopted import opened
from services.policy.model import Policy
from tests.desks import SHIPPED

FILE = SHIPPED["torbay"].newest
ADOPTED = [opened(each, datetime(2026, 1, 5, 9, 0, tzinfo=UTC)) for each in taken_over(SHIPPED["torbay"])]
IN_FORCE = "version 1 has been in force since 1 Jan 2020"
FIRST, SECOND, *REST = FILE.obligations
OTHER_ORDER = {"obligations": (SECOND, FIRST, *REST)}
OWN = "so that these words need a version of their own"


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        ({}, f"adopted: {IN_FORCE}"),
        ({"version": "2"}, f"proposed, not adopted: {IN_FORCE}; no clause differs"),
        (OTHER_ORDER, f"proposed, not adopted: {IN_FORCE}; only what no clause tells differs, {OWN}"),
        (
            {"version": "2", **OTHER_ORDER},
            f"proposed, not adopted: {IN_FORCE}; only what no clause tells differs",
        ),
        ({"fallback": "director"}, f"proposed, not adopted: {IN_FORCE}; 1 clause differs, {OWN}"),
    ],
    ids=["the same", "another name", "another order", "both", "another word"],
)
def test_how_much_differs(edit: dict[str, object], told: str) -> None:
    """In how many clauses; what no clause tells, such as the order of rules, is none and differs too."""
    proposed: Policy = FILE.model_copy(update=edit)
    assert standing_of(proposed, ADOPTED, date(2026, 3, 2), CATALOGUE.known) == told
