"""What must have happened in each council before an audit is closed, or placed on the child's record."""

from collections.abc import Mapping

import pytest

from tests.given import Scene, given
from tests.lives import Life

MODERATION, COMMENTS = "closed only after its moderation", "closed only after the last comments"
CLOSING: Mapping[str, tuple[str, ...]] = {
    "torbay": (MODERATION, ""),
    "halton": (MODERATION, COMMENTS, ""),
    "southwark": ("",),
    "east-sussex": ("",),
    "swindon": ("",),
}
"""Of each council, what stands in the way once the audit is returned, then moderated, then has its last comments."""

FILING: Mapping[str, tuple[str, ...]] = {
    "torbay": ("only after its moderation", "only after feedback to practitioner or manager", ""),
    "halton": ("",),
    "southwark": ("",),
    "east-sussex": ("",),
    "swindon": ("",),
}
"""Of each council, what stands in the way of the child's record once it is returned, then moderated, then told of."""

UNACTED: Mapping[str, Mapping[str, bool]] = {
    "torbay": {
        "Exceeds Good": False,
        "Meets Good": False,
        "Does Not Meet Good": True,
        "Does Not Meet Good – escalate immediately": True,
    },
    "halton": {"Outstanding": False, "Good": False, "Requires improvement to get to Good": False, "Inadequate": True},
    "southwark": {"Outstanding": False, "Good": False, "Requires improvement": False, "Inadequate": False},
    "swindon": {"Outstanding": False, "Good": False, "Requires improvement": False, "Inadequate": False},
}
"""Of each council with grades, those with which an audit without any action is closed only with a reason."""


def stages(council: str, grade: str | None = None) -> list[Life]:
    """What happens to an audit of the council, in its order: the return, the moderation, what is said after it."""
    last = Life(council, "A-1")
    if council == "halton":
        last.act("audit.sign_off", "2026-03-20", "P-QAP", "qa_principal_manager", comments="agreed")
    else:
        last.act("audit.give_feedback", "2026-03-20", "P-AUD", "auditor", recipient="P-SW")
    returned = Life(council, "A-1").allocated("2026-03-02").submitted("2026-03-10", grade)
    if len(CLOSING[council]) == len(FILING[council]) == 1:  # nothing waits for what comes after the return
        return [returned]
    return [returned, Life(council, "A-1").to_moderator("2026-03-11").moderated("2026-03-13", grade), last]


def after(council: str, count: int, grade: str | None = None) -> Scene:
    return given(*(line for life in stages(council, grade)[:count] for line in life), authority=council)


def is_taken(scene: Scene, life: Life) -> bool:
    [line] = life
    [outcome] = scene.do(line)
    return bool(outcome.events)


@pytest.mark.covers("HAL-51", "HAL-56", "TOR-85")
@pytest.mark.parametrize("council", CLOSING)
def test_what_an_audit_is_closed_after(council: str) -> None:
    """One that is not moderated, or has no last comments, is not closed where the framework asks for them."""
    close = Life(council, "A-1")
    close.act("audit.close", "2026-03-24", **close.qa)
    for count, wrong in enumerate(CLOSING[council], start=1):
        scene = after(council, count)
        if wrong:
            scene.when(*close).refused("audit", wrong)
        else:
            assert is_taken(scene, close)


@pytest.mark.covers("TOR-78", "TOR-90")
@pytest.mark.parametrize("council", FILING)
def test_what_an_audit_is_filed_after(council: str) -> None:
    """It comes onto the child's record after moderation and feedback where the framework asks for them."""
    for count, wrong in enumerate(FILING[council], start=1):
        file = Life(council, "A-1")
        file.act("audit.file", "2026-03-24", **file.qa)
        if wrong:
            after(council, count).when(*file).refused("audit", wrong)
        else:
            assert is_taken(after(council, count), file)


@pytest.mark.covers("HAL-46", "TOR-53")
@pytest.mark.parametrize(
    ("council", "grade"), [(council, grade) for council, held in UNACTED.items() for grade in held]
)
def test_what_is_closed_without_an_action(council: str, grade: str) -> None:
    """A grade for which something is to be done, and nothing set: only a reason closes it."""
    close = Life(council, "A-1")
    close.act("audit.close", "2026-03-24", **close.qa)
    scene = after(council, len(CLOSING[council]), grade)
    if UNACTED[council][grade]:
        scene.when(*close).refused("reason", "no action was set")
        [line] = close
        assert scene.do(line | {"reason": "all was done on the day"})
    else:
        assert is_taken(scene, close)
