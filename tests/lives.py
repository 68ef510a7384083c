"""The commands of whole audits, as an authority's QA team would write them, with all that its form asks for."""

from collections.abc import Iterator
from typing import Any

from services.policy_files import load_folder
from services.settings import SHIPPED_POLICIES

Line = dict[str, Any]
POLICIES = load_folder(SHIPPED_POLICIES)
QA = {"actor": "P-QA", "role": "qa_team"}
QA_ROLES = {"southwark": "qa_lead"}
"""Who does the work of a QA team where the framework knows no such team."""

REACHED = {"address": "somebody@council.example", "delivery": "D-1", "secret": "ab" * 32}
"""A value for each field by which somebody is reached."""

SELECTORS = {"southwark": "performance_team"}
"""Who picks the files, where it is not the same role."""

MORE_TEAMS = {"southwark": ("T-3", "T-4", "T-5", "T-6")}
"""Teams beyond the first two, where a case needs as many."""

TORBAY_LOWEST = "Does Not Meet Good – escalate immediately"
HALTON_RI = "Requires improvement to get to Good"


OFFICES = {"southwark": (("qa_lead", "S-1"), ("performance_team", None))}
"""The posts of those who run the month, where it is not the one group of a QA team."""

WORKERS = {"torbay": "practitioner", "halton": "practitioner", "swindon": "practitioner"}
"""The post of P-SW, where nobody is told of anything as the holder of it; elsewhere `people` or a test says so."""

AUDITING = {"halton": ("aspiring_manager", None)}
"""The post of auditors who are told of nothing as its holders, where the framework says who audits."""

IN_POST = {"southwark": ("P-SW", "P-PLAN", "P-IRO")}
"""Others whom audits name, in the group that picks the files: a holder of their own post would be told of disputes."""

AUDITORS = ("P-AUD", "P-AUD2", "P-AUD3", "P-RE")


FOUNDED = "2024-09-02"
"""Since when there is anything, for audits of the year before."""


def cast(authority: str, since: str = FOUNDED) -> list[Line]:
    """The units of the tests, and those who run their months: the QA team with its moderator, and trained auditors.

    Everything begins with the appointment of P-QA, who does the rest. Nobody here is told of anything as the holder of
    a post: groups are told as such.
    """
    head = {"authority": authority, **QA, "role": QA_ROLES.get(authority, "qa_team"), "at": since}
    office = OFFICES.get(authority, (("qa_team", None),))
    teams = ("T-1", "T-2", *MORE_TEAMS.get(authority, ()))
    return [
        {"command": "unit.place", **head, "unit": "S-1", "kind": "service"},
        *({"command": "person.appoint", **head, "person": "P-QA", "post": post, "unit": unit} for post, unit in office),
        *({"command": "unit.place", **head, "unit": team, "kind": "team", "parent": "S-1"} for team in teams),
        *(
            {"command": "person.appoint", **head, "person": person, "post": post, "unit": unit}
            for people, (post, unit) in (
                (("P-MOD", "P-MOD2", *IN_POST.get(authority, ())), office[-1]),
                (AUDITORS[1:], AUDITING.get(authority, office[-1])),
            )
            for person in people
        ),
        *(
            {"command": "person.appoint", **head, "person": "P-SW", "post": WORKERS[each], "unit": "T-1"}
            for each in (authority,)
            if each in WORKERS
        ),
        *({"command": "person.train", **head, "person": person} for person in AUDITORS),
    ]


def people(authority: str, since: str = "2025-09-01") -> list[Line]:
    """The cast with a holder for every post above the first team."""
    head = {"authority": authority, **QA, "role": QA_ROLES.get(authority, "qa_team"), "at": since}
    posts = {
        "torbay": [
            ("P-TM", "team_manager", "T-1"),
            ("P-AUD", "team_manager", "T-2"),
            ("P-SM", "service_manager", "S-1"),
            ("P-HOS", "head_of_service", "S-1"),
            ("P-DIR", "director", None),
        ],
        "halton": [
            ("P-PL", "practice_lead", "T-1"),
            ("P-AUD", "practice_lead", "T-2"),
            ("P-PM", "principal_manager", "S-1"),
            ("P-DM", "divisional_manager", "S-1"),
            ("P-DOS", "director_operational_safeguarding", None),
            ("P-QAM", "qa_manager", None),
            ("P-QAP", "qa_principal_manager", None),
        ],
        "swindon": [
            ("P-TM", "team_manager", "T-1"),
            ("P-AUD", "team_manager", "T-2"),
            ("P-SM", "service_manager", "S-1"),
            ("P-HOS", "head_of_service", "S-1"),
            ("P-DIR", "director", None),
            ("P-QAM", "quality_assurance_manager", None),
        ],
        "southwark": [
            ("P-PGL", "practice_group_lead", "T-1"),
            ("P-AUD", "practice_group_lead", "T-2"),
            ("P-HOS", "head_of_service", "S-1"),
            ("P-DIR", "director", None),
        ],
        "east-sussex": [
            ("P-SW", "practitioner", "T-1"),
            ("P-AUD", "practice_manager", "T-1"),
            ("P-OM", "operations_manager", "S-1"),
            ("P-HOS", "head_of_service", "S-1"),
            ("P-HSG", "head_of_safeguarding", None),
            ("P-AD", "ad_safeguarding", None),
            ("P-DCS", "dcs", None),
        ],
    }[authority]
    return cast(authority, min(since, FOUNDED)) + [
        {"command": "person.appoint", **head, "person": person, "post": role, "unit": unit}
        for person, role, unit in posts
    ]


class Life:
    """One audit's commands, in the words of a test: `Life("torbay", "A-1").allocated(…).submitted(…)`."""

    def __init__(self, authority: str, audit: str, *, child: str = "C-1", auditor: str = "P-AUD") -> None:
        self.authority = authority
        self.audit = audit
        self.child = child
        self.auditor = auditor
        self.policy = POLICIES[authority].newest
        self.qa = QA | {"role": QA_ROLES.get(authority, "qa_team")}
        self.lines: list[Line] = []

    def __iter__(self) -> Iterator[Line]:
        return iter(self.lines)

    def act(self, command: str, at: str | None, actor: str, role: str, **fields: Any) -> "Life":
        line = {"command": command, "authority": self.authority, "actor": actor, "role": role, "audit": self.audit}
        self.lines.append(line | ({"at": at} if at else {}) | fields)
        return self

    def allocated(self, at: str | None = None, **fields: Any) -> "Life":
        kind = self.policy.tool.types[0]
        fields = {"audit_type": kind, "child": self.child, "team": "T-1", "worker": "P-SW", **fields}
        if fields["audit_type"] in self.policy.selection.min_open:
            fields = {"open_since": "2025-01-06", **fields}
        qa = self.qa | {"role": SELECTORS.get(self.authority, self.qa["role"])}
        return self.act("audit.allocate", at, **{**qa, "auditor": self.auditor, **fields})

    def prepared(self, at: str | None = None) -> "Life":
        """Reflection, meeting and feedback, as far as the authority's form asks for them."""
        tool = self.policy.tool
        if tool.reflection_before_meeting or tool.reflection_required:
            workers = [line["worker"] for line in self.lines if line["command"] == "audit.allocate"]
            worker = workers[0] if workers else "P-SW"
            self.act("audit.record_reflection", at, worker, "worker", reflection="what I would do again")
        if tool.meeting_required:
            self.act("audit.record_meeting", at, self.auditor, "auditor")
        for source in tool.feedback_required:
            by = self.qa if tool.feedback_not_by_auditor else {"actor": self.auditor, "role": "auditor"}
            self.act("audit.record_feedback", at, **by, source=source, outcome="attempted")
        return self

    def submitted(self, at: str | None = None, grade: str | None = None, **fields: Any) -> "Life":
        """The return, complete. Without a grade: the second best of the scale."""
        grades, tool = self.policy.grades, self.policy.tool
        if not grades.overall:
            return self.act("audit.submit", at, self.auditor, "auditor", **{"significant_concern": False, **fields})
        allocated = [line["audit_type"] for line in self.lines if line["command"] == "audit.allocate"]
        if all(map(tool.needs_form, allocated)):
            self.prepared(at)
        section = {"evidence": "seen on file", "impact": "felt by the child"}
        section |= {"grade": grades.sections[1]} if grades.sections else {}
        graded = dict.fromkeys(tool.sections, section)
        both = {"practitioner_sections": graded} if "practitioner" in tool.section_graders else {}
        grade = grade or grades.overall[1]
        plan: Line = {"safety_plan": "seen today, plan agreed"} if grade in tool.safety_plan_with else {}
        plan |= {"immediate_concern": False} if tool.immediate_concern_required else {}
        plan |= {"answers": self._answers()}
        return self.act(
            "audit.submit",
            at,
            self.auditor,
            "auditor",
            **{"grade": grade, "sections": graded, **both, **plan, **fields},
        )

    def to_moderator(self, at: str | None = None, moderator: str = "P-MOD") -> "Life":
        return self.act("audit.allocate_moderator", at, **self.qa, moderator=moderator)

    def moderated(self, at: str | None = None, grade: str | None = None, **fields: Any) -> "Life":
        plan = {"safety_plan": "plan checked"} if "Inadequate" in {grade, *self._grades()} else {}
        given = {"grade": grade} if grade else {}
        return self.act(
            "audit.moderate",
            at,
            "P-MOD",
            "moderator",
            **{"rationale": "agreed with the evidence", **given, **plan, **fields},
        )

    def action(self, at: str | None, action: str, **fields: Any) -> "Life":
        fields = {"text": "visit the child", "owner": "P-SW", **fields}
        return self.act("action.set", at, **self.qa, action=action, **fields)

    def confirmed(self, at: str | None = None) -> "Life":
        by = {"halton": ("P-DM", "divisional_manager"), "southwark": ("P-QA", "qa_lead")}
        return self.act("action.confirm", at, *by.get(self.authority, ("P-TM", "team_manager")))

    def closed(self, at: str | None = None, **fields: Any) -> "Life":
        if self.policy.closing.sign_off_required:
            self.act("audit.sign_off", at, "P-QAP", "qa_principal_manager", comments="agreed")
        return self.act("audit.close", at, **self.qa, **fields)

    def _answers(self) -> Line:
        """An answer to every question that the return must answer. Of a file allocated elsewhere: without a strand."""
        allocated = next((line for line in self.lines if line["command"] == "audit.allocate"), {})
        kind, strand = allocated.get("audit_type", self.policy.tool.types[0]), allocated.get("strand")
        return {
            each.name: each.options[0] if each.kind == "choice" else list(each.options) or True
            for each in self.policy.tool.questions
            if each.required and "return" in each.asked_at and each.is_for(kind, strand)
        }

    def _grades(self) -> list[Any]:
        return [line.get("grade") for line in self.lines if line["command"] == "audit.submit"]
