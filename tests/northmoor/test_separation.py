"""Who may not, in Northmoor: by the child's team and service, and by what they audited before; by hand as by chance."""

import pytest

from events.audits import AuditAllocated
from services.directory.places import Place
from services.modules import CATALOGUE
from services.policy.describe.framework import statements
from services.policy.model import Policy
from tests.given import fact
from tests.northmoor.council import POLICY, QA, Line, act, allocated, desk, returned

OWN, SERVICE, OTHER = "P-TEAM-MANAGER-MASH", "P-TEAM-MANAGER-COURT", "P-TEAM-MANAGER-CARE"


def to_moderator(person: str) -> Line:
    return act("audit.allocate_moderator", "2026-03-20", **QA, audit="A-1", moderator=person)


def moderated(person: str) -> Line:
    return act("audit.moderate", "2026-03-23", person, "moderator", audit="A-1", grade="Good", rationale="agreed")


def test_nobody_audits_a_child_of_their_own_team() -> None:
    """NM-2: refused at allocation; another team's manager of the same service may."""
    assert desk().when(allocated("A-1", "2026-03-02", auditor=OWN)).attempted("auditor") == (
        f"auditor: {OWN} is of the child's team T-MASH and may not audit its file"
    )
    held = desk(allocated("A-2", "2026-03-02", auditor=SERVICE))
    assert isinstance(held.history("A-2")[0].fact, AuditAllocated)


def test_nor_after_a_change_of_auditor() -> None:
    """NM-2: a later auditor is bound like the first."""
    held = desk(allocated("A-1", "2026-03-02"))
    change = act("audit.reassign", "2026-03-03", **QA, audit="A-1", auditor=OWN, reason="leave")
    held.when(change).attempted("auditor", "is of the child's team T-MASH")
    held.when(change | {"auditor": SERVICE}).then("audit.reassigned", "files.passed_on")


def test_the_place_is_that_of_the_day() -> None:
    """NM-2: who has moved to another team by then may audit; who has come into it may not."""
    posts = {"from_post": "team_manager", "from_unit": "T-MASH", "post": "team_manager", "unit": "T-COURT"}
    move = act("person.move", "2026-02-02", **QA, person=OWN, **posts)
    before, after = (allocated(f"A-{day}", f"2026-0{day}-03", auditor=OWN) for day in (1, 3))
    held = desk(move)
    held.when(before).attempted("auditor", "T-MASH")
    held.do(after)
    assert isinstance(held.history("A-3")[0].fact, AuditAllocated)


@pytest.mark.parametrize("person", [OWN, SERVICE, "P-HEAD-OF-SERVICE-SAFE"])
def test_nobody_moderates_a_child_of_their_own_service(person: str) -> None:
    """NM-10: nobody of the team, of another team of the service, or of the service itself; given out and done alike."""
    held = desk(allocated("A-1", "2026-03-02"), *returned("A-1", "2026-03-16"))
    assert held.when(to_moderator(person)).attempted("moderator") == (
        f"moderator: {person} is of the child's service S-SAFE and may not moderate its audit"
    )
    assert (
        held.when(moderated(person)).attempted("actor").startswith(f"actor: {person} is of the child's service S-SAFE")
    )


def test_others_moderate_but_never_the_auditor() -> None:
    """NM-10: the auditor is of another service, and may not; somebody else of it, or of none, may."""
    held = desk(allocated("A-1", "2026-03-02"), *returned("A-1", "2026-03-16"))
    assert (
        held.when(to_moderator(OTHER)).attempted("moderator")
        == "moderator: the auditor may not moderate the same audit"
    )
    for person in ("P-HEAD-OF-SERVICE-CARE", "P-PANEL"):
        held.when(to_moderator(person)).then(fact("audit.moderator_allocated", moderator=person))


def with_auditors_own(kind: Place) -> Policy:
    held = POLICY.separation.model_copy(update={"moderator_not_of": None, "moderator_not_with_auditor": kind})
    return POLICY.model_copy(update={"separation": held})


@pytest.mark.parametrize(
    ("kind", "person", "refused"),
    [
        ("team", "P-TEAM-MANAGER-LEAVE", ""),
        ("team", "P-HEAD-OF-SERVICE-CARE", ""),
        ("team", "P-SW-CARE", "T-CARE"),
        ("service", "P-SW-CARE", "S-CARE"),
        ("service", "P-TEAM-MANAGER-LEAVE", "S-CARE"),
        ("service", "P-HEAD-OF-SERVICE-CARE", "S-CARE"),
        ("service", "P-PANEL", ""),
        ("service", OWN, ""),
    ],
)
def test_nobody_moderates_somebody_of_their_own(kind: Place, person: str, refused: str) -> None:
    """Where a framework asks for it: given out and done alike, by the auditor's team or service and not the child's."""
    held = desk(allocated("A-1", "2026-03-02"), *returned("A-1", "2026-03-16"), policy=with_auditors_own(kind))
    if not refused:
        held.when(to_moderator(person)).then(fact("audit.moderator_allocated", moderator=person))
        return
    words = f"{person} is of the auditor's {kind} {refused} and may not moderate the audit"
    assert held.when(to_moderator(person)).attempted("moderator") == f"moderator: {words}"
    assert held.when(moderated(person)).attempted("actor") == f"actor: {words}"


def test_two_of_one_service_are_of_no_team() -> None:
    """Who holds a post of a service is in none of its teams, and so not in one with another of the service."""
    auditor = "P-HEAD-OF-SERVICE-CARE"
    held = desk(
        allocated("A-1", "2026-03-02", auditor=auditor),
        *returned("A-1", "2026-03-16", auditor=auditor),
        policy=with_auditors_own("team"),
    )
    given_to = to_moderator("P-SERVICE-MANAGER-CARE")
    held.when(given_to).then(fact("audit.moderator_allocated", moderator="P-SERVICE-MANAGER-CARE"))


def test_whose_audits_nobody_moderates_in_words() -> None:
    """It stands with the others who may not."""
    said = [each.words for each in statements(with_auditors_own("service"), CATALOGUE.known)]
    assert "Nobody moderates what somebody of their own service audited" in said


def test_a_re_audit_is_made_by_another_auditor() -> None:
    """NM-16: nobody looks again at what they audited, nor at what came before that."""
    first = [allocated("A-1", "2026-03-02"), *returned("A-1", "2026-03-16", "Inadequate")]
    again = allocated("A-2", "2026-04-01", child="C-A-1", reaudit_of="A-1")
    held = desk(*first)
    assert held.when(again).attempted("auditor") == f"auditor: {OTHER} made audit A-1: another looks at the file again"
    held.do(again | {"auditor": SERVICE})
    change = act("audit.reassign", "2026-04-02", **QA, audit="A-2", auditor=OTHER, reason="leave")
    held.when(change).attempted("auditor", "made audit A-1")
    held.do(*[line | ({} if line["actor"] != OTHER else {"actor": SERVICE}) for line in returned("A-2", "2026-04-10")])
    third = allocated("A-3", "2026-05-01", child="C-A-1", reaudit_of="A-2")
    held.when(third).attempted("auditor", "made audit A-1")
    held.when(third | {"auditor": SERVICE}).attempted("auditor", "made audit A-2")
