"""Rounds of auditing: planned, approved, drawn and given out; and which files were given to whom in a month."""

from collections.abc import Mapping
from typing import Any

from events.base import Fact
from events.rounds import RoundPlanned
from services.core.part import Act, Part, Reaction
from services.core.record import Kind
from services.rounds import commands as c
from services.rounds import decisions as d
from services.rounds import planning, reactions
from services.rounds.files_given import Files
from services.rounds.state import Round
from services.rounds.warnings import warnings_on_round


def _begun_by(fact: Fact) -> Mapping[str, Any]:
    """A round is about the services under audit."""
    return {"abouts": fact.units} if isinstance(fact, RoundPlanned) else {}


MODULE = Part(
    name="rounds",
    kinds=(Kind("round", Round, owes=True, own_key=True, begun_by=_begun_by), Kind("files", Files)),
    acts=(
        Act(c.ScheduleRound, planning.schedule, words="give a round its place in the year"),
        Act(c.PlanRound, planning.plan),
        Act(c.AddEnquiries, planning.enquire, words="pick lines of enquiry for a round"),
        Act(c.AgreeQuestions, planning.agree_questions, words="agree the questions of a round"),
        Act(c.RequestData, planning.request_data, words="ask for the data of a round"),
        Act(c.ReceiveData, planning.receive_data, words="record that the data of a round have come"),
        Act(c.ApproveRound, planning.approve, words="approve the plan of a round"),
        Act(c.ReviewRound, planning.review, words="record that a body looked at a round again"),
        Act(c.DrawRound, d.draw, words="draw the children of a round"),
        Act(c.AssignRound, d.assign, words="give the children of a draw to auditors by chance"),
        Act(c.RecordDips, planning.record_dips, words="record the dip samples of a round"),
    ),
    reactions=(
        Reaction(reactions.OF_ROUND, reactions.joins_round),
        Reaction(reactions.OF_FILES, reactions.joins_files),
    ),
    gates={"audit.allocate": reactions.require_round},
    warnings=(warnings_on_round,),
)
