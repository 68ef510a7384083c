"""Northmoor at a desk: its policy file, its units and posts, and the commands of its audits in a test's own words."""

from pathlib import Path
from typing import Any

from services.clock import LONDON
from services.obligations.engine import obligations
from services.obligations.model import Obligation
from services.policy.model import Policy
from services.policy.versions import Policies
from services.policy_files import load
from tests.given import Scene, given

FILE = Path(__file__).with_name("northmoor.yaml")
POLICY = load(FILE)
Line = dict[str, Any]

QA = {"actor": "P-QA", "role": "qa_team"}
SERVICES = {"S-SAFE": ("T-MASH", "T-COURT"), "S-CARE": ("T-CARE", "T-LEAVE"), "S-EARLY": ("T-EARLY", "T-DIS")}
"""The three services with their teams."""

POSTS = (
    *(("team_manager", team) for teams in SERVICES.values() for team in teams),
    *((post, service) for post in ("service_manager", "head_of_service") for service in SERVICES),
    *(("head_of_qa", None), ("principal_social_worker", None), ("director", None)),
    *(("qa_team", None), ("panel", None), ("business_support", None)),
)
SECTIONS = {section: {"grade": "2"} for section in POLICY.tool.sections}
"""Sections that come to Good."""


def edited(folder: Path, *edits: tuple[str, str]) -> Policy:
    """Northmoor's policy with other words in some places."""
    text = FILE.read_text(encoding="utf-8")
    for was, now in edits:
        assert was in text
        text = text.replace(was, now)
    path = folder / "northmoor.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def act(command: str, at: str | None, actor: str, role: str, **fields: Any) -> Line:
    """One command; without `at` it happens now."""
    line = {"command": command, "authority": "northmoor", "actor": actor, "role": role, **fields}
    return line | ({} if at is None else {"at": at})


def holder(post: str, unit: str | None = None) -> str:
    """Who holds a post here: P-TEAM-MANAGER-MASH."""
    return "-".join(["P", post.upper().replace("_", "-"), *([unit.split("-")[1]] if unit else [])])


def people(at: str = "2025-09-01") -> list[Line]:
    """Units, a holder for each post, and a worker in each team."""
    lines = [act("person.appoint", at, **QA, person="P-QA", post="qa_team")]
    for service, teams in SERVICES.items():
        lines.append(act("unit.place", at, **QA, unit=service, kind="service"))
        lines += [act("unit.place", at, **QA, unit=team, kind="team", parent=service) for team in teams]
        for team in teams:
            worker = f"P-SW-{team.split('-')[1]}"
            lines.append(act("person.appoint", at, **QA, person=worker, post="practitioner", unit=team))
    for post, unit in POSTS:
        where = {} if unit is None else {"unit": unit}
        lines.append(act("person.appoint", at, **QA, person=holder(post, unit), post=post, **where))
    return lines


def allocated(audit: str, at: str | None, *, auditor: str = "P-TEAM-MANAGER-CARE", **fields: Any) -> Line:
    """An audit of a child of the MASH team, given to the manager of another service's team."""
    of = {"child": f"C-{audit}", "team": "T-MASH", "worker": "P-SW-MASH", "open_since": "2025-06-02"}
    of["audit_type"] = "practice conversation"
    return act("audit.allocate", at, **QA, audit=audit, auditor=auditor, **(of | fields))


def returned(
    audit: str, at: str, grade: str = "Good", *, auditor: str = "P-TEAM-MANAGER-CARE", **fields: Any
) -> list[Line]:
    """The sitting: the practitioner's reflection, the meeting and the return on one day, each section graded alike."""
    who = {"actor": auditor, "role": "auditor", "audit": audit}
    alike = POLICY.grades.sections[POLICY.grades.overall.index(grade)]
    sections = {section: {"grade": alike} for section in POLICY.tool.sections}
    return [
        act("audit.record_reflection", at, "P-SW-MASH", "worker", audit=audit, reflection="what I would do again"),
        act("audit.record_meeting", at, **who),
        act("audit.submit", at, **who, **({"grade": grade, "sections": sections} | fields)),
    ]


def desk(*lines: Line, policy: Policy = POLICY, **how: Any) -> Scene:
    """A desk of Northmoor with its people, after these commands, each of which must be taken."""
    return given(*people(), *lines, authority="northmoor", policies=Policies("northmoor", (policy,)), **how)


def owed(of: Scene, name: str, audit: str = "A-1") -> list[Obligation]:
    """The obligations of that name of an audit."""
    return [each for each in obligations(of.history(audit), of.policies) if each.name == name]


def steps(found: Obligation) -> dict[str, str]:
    """Each step of an obligation with its local time."""
    return {rung.step: f"{rung.due.astimezone(LONDON):%Y-%m-%d %H:%M}" for rung in found.rungs}
