"""Audits: one record for each case file that is audited, from its allocation to its closing and what follows."""

from collections.abc import Mapping
from typing import Any

from events.base import Fact
from events.escalations import ObligationMet
from events.sampling import SampleDrawn
from services.audits import agencies, closing, grade_dispute, grading, reactions, stopping
from services.audits import commands as c
from services.audits import decisions as d
from services.audits.agencies import ScoreAudit
from services.audits.clock_commands import ResumeClock, StopClock
from services.audits.earlier import require_earlier_audits
from services.audits.form import answered, asked
from services.audits.grade_dispute import DisputeGrade, SettleGrade
from services.audits.line import settled_together
from services.audits.rules import require_separate, require_standing, require_there
from services.audits.stages import (
    BEING_FINISHED,
    MODERATED,
    OF_OTHER_PARTS,
    OUT,
    RETURNED,
    STANDING,
    UNCLOSED,
    to_be_moderated,
    until_closed,
)
from services.audits.state import Audit
from services.audits.warnings import warnings_on_audit
from services.core.answers import require_answers
from services.core.command import Command
from services.core.part import Act, Decide, Gate, Part, Reaction
from services.core.record import Kind, Stages, during
from services.core.situation import Situation
from services.directory.recipients import Named


def _names(audit: Audit, item: str) -> Named:
    owner, *jointly = audit.actions[item].owners if item in audit.actions else (None,)
    return Named(
        auditor=audit.auditor,
        moderator=audit.moderator,
        worker=audit.worker,
        team=audit.team,
        action_owner=owner,
        reviewer=audit.reviewer,
        plan_lead=audit.plan_lead,
        reauditor=audit.reauditor,
        also={"action_owner": tuple(filter(None, jointly)), "reviewer": audit.further_reviewers},
    )


def _answers(moment: str, given: Mapping[str, Any], audit: Audit, situation: Situation) -> list[Fact]:
    require_answers(asked(situation.policy, audit, moment), given)
    return list(answered(moment, given, audit, situation))


def _on_audit(
    command: type[Command],
    decide: Decide,
    stages: Stages,
    before: Gate = require_there,
    words: str = "",
    of: str = "",
) -> Act:
    return Act(command, decide, before=before, stages=stages, words=words, of=of)


MODULE = Part(
    name="audits",
    kinds=(
        Kind(
            "audit",
            Audit,
            owes=True,
            names=_names,
            require_standing=require_standing,
            answers=_answers,
            stage=lambda audit: audit.stage,
            stages=OF_OTHER_PARTS,
            correlation=lambda name: name.partition("/")[2],
        ),
    ),
    acts=(
        Act(
            c.AllocateAudit, d.allocate, gate=require_earlier_audits, stages=during(), words="give a file to an auditor"
        ),
        _on_audit(c.ReassignAudit, d.reassign, during(*OUT), words="give an audit to another auditor"),
        _on_audit(
            c.RecordReflection,
            d.record_reflection,
            until_closed(*UNCLOSED, then_if_owed="audit.reflection_recorded"),
            words="set down the practitioner's reflection",
        ),
        _on_audit(
            c.RecordMeeting,
            d.record_meeting,
            until_closed(*UNCLOSED, then_if_owed="audit.meeting_recorded"),
            words="record the meeting of auditor and practitioner",
        ),
        _on_audit(
            c.RecordFeedback,
            d.record_feedback,
            until_closed(*UNCLOSED, then_if_owed="audit.feedback_recorded"),
            words="record the feedback of child or family",
        ),
        _on_audit(
            ScoreAudit,
            agencies.score,
            during(*UNCLOSED),
            words="score an audit for one's own agency",
            of="tool.agencies",
        ),
        _on_audit(c.GradeSection, d.grade_section, during(*OUT), words="grade a section"),
        _on_audit(
            c.RaiseSafetyConcern, d.raise_safety_concern, during(*STANDING), words="say that a child may be unsafe"
        ),
        _on_audit(c.SubmitAudit, grading.submit, during(*OUT), words="return an audit"),
        _on_audit(
            c.AllocateModerator,
            d.allocate_moderator,
            to_be_moderated(*BEING_FINISHED),
            words="give an audit to a moderator",
        ),
        _on_audit(
            c.ModerateAudit,
            grading.moderate,
            to_be_moderated("with moderator", "moderated", "signed off"),
            before=require_separate,
        ),
        _on_audit(
            DisputeGrade,
            grade_dispute.dispute,
            during(*MODERATED),
            words="dispute the grade of a moderated audit",
            of="grade_dispute",
        ),
        _on_audit(
            SettleGrade,
            grade_dispute.settle,
            during(*MODERATED),
            words="settle a dispute about a grade",
            of="grade_dispute",
        ),
        _on_audit(
            c.SignOffAudit,
            d.sign_off,
            until_closed("moderated", then_if_owed="audit.signed_off"),
            words="add the last comments to an audit",
        ),
        _on_audit(c.ShareAudit, d.share, during(*RETURNED), words="send an audit to the team"),
        _on_audit(c.GiveFeedback, d.give_feedback, during(*RETURNED), words="talk the findings through"),
        _on_audit(c.FileAudit, closing.file, during(*RETURNED), words="place an audit on the child's record"),
        _on_audit(c.CloseAudit, closing.close, during(*BEING_FINISHED)),
        _on_audit(c.VoidAudit, d.void, during(*STANDING), words="void an audit"),
        _on_audit(c.ExemptAudit, d.exempt, during(*OUT)),
        _on_audit(StopClock, stopping.stop, during(*STANDING), words="let a clock of an audit stand still"),
        _on_audit(ResumeClock, stopping.resume, during(*STANDING), words="let a clock of an audit go on"),
        _on_audit(c.RecordDeparture, d.record_departure, during(*STANDING), words="record that a child has left"),
    ),
    reactions=(
        Reaction((ObligationMet,), settled_together),
        Reaction(reactions.TOLD, reactions.earlier_audit),
        Reaction((SampleDrawn,), reactions.marked),
    ),
    warnings=(warnings_on_audit,),
)
