"""Further files after a significant concern, peer audits, and the answer whether there is such a concern."""

import pytest

from events.errors import NotFound, Refused
from services.obligations.engine import obligations
from tests.given import Scene
from tests.lives import Life, Line
from tests.services.programme.scenes import ESX, desk_in_east_sussex

CONCERN: Line = {"significant_concern": True, "summary": "the plan does not keep the child safe"}


@pytest.fixture
def desk() -> Scene:
    """A supervision audit and a team audit, each with concerns."""
    desk = desk_in_east_sussex()
    desk.do(*Life(ESX, "A-1").allocated("2026-03-10").submitted("2026-03-18", **CONCERN))
    team = Life(ESX, "A-2", child="C-2", auditor="P-OM").allocated("2026-03-10", audit_type="team file")
    desk.do(*team.submitted("2026-03-18", **CONCERN))
    return desk


def further(kind: str, **fields: str) -> Life:
    return Life(ESX, "A-9", child=fields.pop("child", "C-9")).allocated("2026-03-20", audit_type=kind, **fields)


@pytest.mark.covers("ESX-N29", "ESX-N30")
def test_further_files_share_the_worker_or_the_team(desk: Scene) -> None:
    """A further file is of the same worker (3.16) or the same team (3.14), and of no other."""
    desk.when(*further("supervision further file", extra_of="A-1", worker="P-OTHER")).refused(
        "worker", "worker: the further files of audit A-1 are of the same worker"
    )
    desk.when(*further("team further file", extra_of="A-2", team="T-2")).refused(
        "team", "team: the further files of audit A-2 are of the same team"
    )
    desk.do(*further("supervision further file", extra_of="A-1", team="T-2"))
    another = Life(ESX, "A-10", child="C-10").allocated(
        "2026-03-20", audit_type="team further file", extra_of="A-2", worker="P-OTHER"
    )
    desk.do(*another)


@pytest.mark.covers("ESX-N29", "ESX-N30", "A-ESX-06")
def test_further_files_follow_from_an_audit_with_them(desk: Scene) -> None:
    """A further file names the returned audit that asked for it; one further file asks for no more."""
    desk.when(*further("supervision further file")).refused(
        "extra_of", "extra_of: supervision further file follows from an earlier audit"
    )
    desk.when(*further("supervision further file", extra_of="A-8")).refused("returned audit", error=NotFound)
    desk.when(*further("supervision further file", extra_of="A-2")).refused(
        "extra_of", "extra_of: audit A-2 is not of type supervision file"
    )
    desk.when(*further("supervision further file", extra_of="A-1", child="C-1")).refused(
        "extra_of", "extra_of: audit A-1 is about the same child"
    )
    desk.do(*further("supervision further file", extra_of="A-1").submitted("2026-03-21", **CONCERN))
    again = Life(ESX, "A-10", child="C-10")
    desk.when(*again.allocated("2026-03-22", audit_type="supervision further file", extra_of="A-9")).refused(
        "extra_of", "extra_of: audit A-9 is not of type supervision file"
    )


@pytest.mark.covers("ESX-N29", "ESX-N30", "A-ESX-05")
@pytest.mark.parametrize(
    ("earlier", "kind", "rule"),
    [
        ("A-1", "supervision further file", "worker_further_files"),
        ("A-2", "team further file", "team_further_files"),
    ],
)
def test_two_further_files_are_owed_and_not_one(desk: Scene, earlier: str, kind: str, rule: str) -> None:
    """After the first further file the second is still owed; it is met with the return of the second."""
    met = []
    for number, audit in enumerate(("A-21", "A-22")):
        file = Life(ESX, audit, child=f"C-{audit}").allocated("2026-03-20", audit_type=kind, extra_of=earlier)
        desk.do(*file.submitted(f"2026-03-2{4 + number}"))
        [owed] = [each for each in obligations(desk.history(earlier), desk.policies) if each.name == rule]
        met.append((str(owed.due), owed.met_since() is not None))
    assert met == [("2026-04-18", False), ("2026-04-18", True)]


@pytest.mark.covers("ESX-3.13", "ESX-3.15", "ESX-N7")
@pytest.mark.parametrize("kind", ["operations manager peer audit", "head of service peer audit"])
def test_a_peer_comes_from_another_service(desk: Scene, kind: str) -> None:
    """A peer audit is refused to an auditor of the team's own service, and taken from another's."""
    desk.when(*Life(ESX, "A-5", child="C-5", auditor="P-OM").allocated("2026-04-02", audit_type=kind)).attempted(
        "auditor", "needs an auditor from another service"
    )
    desk.do(*Life(ESX, "A-6", child="C-6", auditor="P-OM2").allocated("2026-04-02", audit_type=kind))


@pytest.mark.covers("A-ESX-04", "ESX-N19")
def test_the_answer_on_concerns_is_the_auditors(desk: Scene) -> None:
    """No audit is returned without the answer, nor with a yes that has no reason, whatever the override; nor graded."""
    life = Life(ESX, "A-3", child="C-3").allocated("2026-04-02")
    desk.do(*life)
    by = {"command": "audit.submit", "authority": ESX, "audit": "A-3", "actor": "P-AUD", "role": "auditor"}
    for given, rule in (
        ({}, "significant_concern: needs an answer"),
        ({"significant_concern": True}, "summary: a significant concern needs its reason"),
        ({"significant_concern": False, "grade": "Good"}, "grade: unknown grade Good; the scale is empty"),
    ):
        with pytest.raises(Refused, match=rule):
            desk.do({**by, **given, "override": "in a hurry"})
    desk.do({**by, "significant_concern": False})
