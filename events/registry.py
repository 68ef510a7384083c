"""Stored names and their contracts: the only place that turns facts into bytes and bytes into facts."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from pydantic import ValidationError

from events import (
    actions,
    audits,
    cases,
    children,
    commands,
    directory,
    disputes,
    duties,
    escalations,
    imports,
    indicators,
    losses,
    registers,
    rounds,
    sampling,
)
from events.base import Fact
from events.errors import ContractError

STORED_NAME = re.compile(r"[a-z]+(\.[a-z_]+)+\.v[1-9][0-9]*")

CONTRACTS: tuple[type[Fact], ...] = (
    audits.AuditAllocated,
    audits.AuditReassigned,
    audits.ReflectionRecorded,
    audits.MeetingRecorded,
    audits.FeedbackRecorded,
    audits.SectionGraded,
    audits.SectionCommented,
    audits.SafetyConcernRaised,
    audits.AuditAnswered,
    audits.AuditSubmitted,
    audits.ModeratorAllocated,
    audits.AuditModerated,
    audits.AuditSignedOff,
    audits.AuditShared,
    audits.FeedbackGiven,
    audits.AuditFiled,
    audits.AuditClosed,
    audits.AuditVoided,
    audits.ReauditAllocated,
    audits.AuditSampled,
    audits.ReauditCompleted,
    audits.ReauditWithdrawn,
    audits.ExtraWithdrawn,
    audits.ExtraCompleted,
    audits.AuditExempted,
    audits.ChildLeft,
    commands.ActRefused,
    actions.ActionSet,
    actions.ActionRedated,
    actions.ActionCompleted,
    actions.ActionConfirmed,
    escalations.NoticeSent,
    escalations.NoticeLapsed,
    escalations.EscalationRaised,
    escalations.EscalationAcknowledged,
    escalations.EscalationResolved,
    escalations.ObligationMet,
    directory.UnitPlaced,
    directory.PersonAppointed,
    directory.PersonMoved,
    directory.PersonLeft,
    directory.PersonTrained,
    sampling.FileSelected,
    sampling.ReturnCounted,
    sampling.FileWithdrawn,
    sampling.SampleDrawn,
    sampling.SampleDiscussed,
    duties.DutyRecorded,
    duties.DutySkipped,
    disputes.DisputeRaised,
    disputes.DisputeEscalated,
    disputes.DisputeResolved,
    registers.EntryRecorded,
    registers.EntryStepped,
    registers.EntryWithdrawn,
    indicators.IndicatorRecorded,
    indicators.IndicatorCompared,
    cases.CaseListOpened,
    cases.CasesListed,
    cases.CaseListClosed,
    rounds.RoundScheduled,
    rounds.RoundPlanned,
    rounds.EnquiriesAdded,
    rounds.QuestionsAgreed,
    rounds.DataRequested,
    rounds.DataReceived,
    rounds.RoundApproved,
    rounds.RoundReviewed,
    rounds.RoundDrawn,
    rounds.RoundAssigned,
    rounds.RoundAuditGiven,
    rounds.RoundAuditCounted,
    rounds.RoundAuditWithdrawn,
    rounds.DipsRecorded,
    rounds.FileGiven,
    rounds.FilePassedOn,
    rounds.FileTakenBack,
    children.ChildErased,
    children.ChildHeld,
    children.ChildHoldReleased,
    imports.ImportOpened,
    imports.ImportClosed,
    commands.CommandNamed,
    losses.LossAccepted,
    losses.DamageAccepted,
)

Body = dict[str, Any]
Upcast = Callable[[Body], tuple[str, Body]]


def _moderated_v1(body: Body) -> tuple[str, Body]:
    """Version 1 named only the overall grade: no section had been changed that we know of."""
    return "audit.moderated.v2", {**body, "sections": {}}


UPCASTS: Mapping[str, Upcast] = {"audit.moderated.v1": _moderated_v1}
"""Former stored names, each with the step to a newer one. Steps may chain."""


def _register() -> dict[str, type[Fact]]:
    known: dict[str, type[Fact]] = {}
    for contract in CONTRACTS:
        name = contract.stored_name
        if not STORED_NAME.fullmatch(name):
            raise ContractError(name, "a stored name is dotted lower-case words and a version")
        if name in known or name in UPCASTS:
            raise ContractError(name, "the stored name is taken")
        known[name] = contract
    return known


BY_NAME: Mapping[str, type[Fact]] = _register()


def encode(fact: Fact) -> bytes:
    """The stored body: compact JSON of every field, defaults too, so that no later default can change it.

    The same fact always gives the same bytes.
    """
    return fact.model_dump_json().encode()


def decode(stored_name: str, body: bytes) -> Fact:
    """The fact that `body` holds, brought up to the newest version of its contract.

    Raises ContractError for an unknown name or a body that does not fit it.
    """
    while stored_name in UPCASTS:
        stored_name, newer = UPCASTS[stored_name](_older(stored_name, body))
        body = orjson.dumps(newer)
    contract = BY_NAME.get(stored_name)
    if contract is None:
        raise ContractError(stored_name, "no contract has this stored name")
    try:
        return contract.model_validate_json(body)
    except ValidationError as error:
        where = ", ".join(".".join(map(str, each["loc"])) or "body" for each in error.errors())
        raise ContractError(stored_name, f"the body does not fit: {where}") from error


def _older(stored_name: str, body: bytes) -> Body:
    try:
        older = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise ContractError(stored_name, "the body does not fit: body") from error
    if not isinstance(older, dict):
        raise ContractError(stored_name, "the body does not fit: body")
    return older
