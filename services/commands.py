"""Every command in one place: its form, its JSON Schema, and what is decided from it."""

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Annotated, Any, get_args

from pydantic import Field, TypeAdapter, ValidationError

from events.base import Fact
from events.errors import Refused
from services.actions import commands as actions
from services.actions import decisions as on_actions
from services.audits import closing, grading
from services.audits import commands as audits
from services.audits import decisions as on_audits
from services.audits.state import Audit
from services.cases import commands as cases
from services.cases import decisions as on_cases
from services.command import Aside, Command, Situation, command_name
from services.disputes import commands as disputes
from services.disputes import decisions as on_disputes
from services.duties import commands as duties
from services.duties import decisions as on_duties
from services.escalations import commands as escalations
from services.escalations import decisions as on_escalations
from services.faults import rule_of
from services.indicators import commands as indicators
from services.indicators import decisions as on_indicators
from services.people import commands as people
from services.people.decisions import decide_people
from services.registers import commands as registers
from services.registers import decisions as on_entries
from services.rounds import commands as rounds
from services.rounds import decisions as on_rounds
from services.rounds import planning
from services.sampling import commands as sampling
from services.sampling import drawing
from services.soundness import require_single_lines, require_sound

MatterDecision = Callable[[Any, Any, Situation], list[Fact]]

ON_MATTERS: Mapping[type[Command], MatterDecision] = {
    escalations.AcknowledgeEscalation: on_escalations.acknowledge,
    escalations.ResolveEscalation: on_escalations.resolve,
    escalations.MeetObligation: on_escalations.meet_obligation,
}
"""What is decided from each command that may be about an audit as well as about another record."""

AuditDecision = Callable[[Any, Audit, Situation], list[Fact]]

AUDIT_DECISIONS: Mapping[type[Command], AuditDecision] = {
    audits.AllocateAudit: on_audits.allocate,
    audits.ReassignAudit: on_audits.reassign,
    audits.RecordReflection: on_audits.record_reflection,
    audits.RecordMeeting: on_audits.record_meeting,
    audits.RecordFeedback: on_audits.record_feedback,
    audits.GradeSection: on_audits.grade_section,
    audits.RaiseSafetyConcern: on_audits.raise_safety_concern,
    audits.SubmitAudit: grading.submit,
    audits.AllocateModerator: on_audits.allocate_moderator,
    audits.ModerateAudit: grading.moderate,
    audits.SignOffAudit: on_audits.sign_off,
    audits.ShareAudit: on_audits.share,
    audits.GiveFeedback: on_audits.give_feedback,
    audits.FileAudit: closing.file,
    audits.CloseAudit: closing.close,
    audits.VoidAudit: on_audits.void,
    audits.ExemptAudit: on_audits.exempt,
    audits.RecordDeparture: on_audits.record_departure,
    actions.SetAction: on_actions.set_action,
    actions.RedateAction: on_actions.redate_action,
    actions.CompleteAction: on_actions.complete_action,
    actions.ConfirmActions: on_actions.confirm_actions,
    **ON_MATTERS,
}
"""What is decided from each command about an audit."""

RECORD_DECISIONS: Mapping[type[Command], MatterDecision] = {
    **dict.fromkeys(get_args(get_args(people.PeopleCommands)[0]), decide_people),
    rounds.ScheduleRound: planning.schedule,
    rounds.PlanRound: planning.plan,
    rounds.AddEnquiries: planning.enquire,
    rounds.AgreeQuestions: planning.agree_questions,
    rounds.RequestData: planning.request_data,
    rounds.ReceiveData: planning.receive_data,
    rounds.ApproveRound: planning.approve,
    rounds.ReviewRound: planning.review,
    rounds.DrawRound: on_rounds.draw,
    rounds.AssignRound: on_rounds.assign,
    rounds.RecordDips: planning.record_dips,
    sampling.DrawSample: drawing.draw,
    sampling.DiscussSample: drawing.discuss,
    disputes.RaiseDispute: on_disputes.raise_dispute,
    disputes.EscalateDispute: on_disputes.escalate_dispute,
    disputes.ResolveDispute: on_disputes.resolve_dispute,
    registers.RecordEntry: on_entries.record,
    registers.StepEntry: on_entries.step,
    registers.WithdrawEntry: on_entries.withdraw,
    registers.SetEntryAction: on_entries.set_action,
    registers.CompleteEntryAction: on_entries.complete_action,
    registers.ConfirmEntryActions: on_entries.confirm_actions,
    cases.ImportCases: on_cases.import_cases,
    duties.RecordDuty: on_duties.record,
    duties.SkipDuty: on_duties.skip,
    indicators.RecordIndicator: on_indicators.record,
    indicators.CompareIndicator: on_indicators.compare,
    **ON_MATTERS,
}
"""What is decided from each other command, on the one record that it names."""

AnyCommand = Annotated[
    audits.AuditCommands
    | actions.ActionCommands
    | escalations.EscalationCommands
    | people.PeopleCommands
    | disputes.DisputeCommands
    | sampling.SamplingCommands
    | cases.ImportCases
    | duties.DutyCommands
    | registers.EntryCommands
    | indicators.IndicatorCommands
    | rounds.RoundCommands,
    Field(discriminator="command"),
]

COMMANDS: Mapping[str, type[Command]] = {command_name(each): each for each in (*AUDIT_DECISIONS, *RECORD_DECISIONS)}
"""Every command by its name."""

COMMAND_IN_A_LINE = re.compile(rb'"command"\s*:\s*"([A-Za-z_]{1,40}(?:\.[A-Za-z_]{1,40})?)"')
"""The name of a command in a line that may be no JSON."""

NEAREST, LONGEST_SHOWN = 3, 60

_ADAPTER: TypeAdapter[Command] = TypeAdapter(AnyCommand)


def parse(line: bytes | str) -> Command:
    """The command in a line of JSON. Raises Refused naming the first field at fault and its rule."""
    try:
        command = _ADAPTER.validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        if first["type"] == "json_invalid":
            raise Refused("line", f"this is no JSON: {first['ctx']['error']}") from error
        if first["type"].startswith("union_tag"):
            raise Refused("command", _which(first["ctx"].get("tag"))) from error
        # The first part of the place is the command's own name, which the reader knows.
        field = ".".join(str(part) for part in first["loc"] if part not in COMMANDS) or "line"
        raise Refused(field, rule_of(first)) from error
    text = line.decode() if isinstance(line, bytes) else line
    require_sound(text)
    if "\\" in text:  # what needs no escape in JSON is of one line
        require_single_lines(command.model_dump(mode="json", by_alias=True, context=Aside()))
    return command


def read_command(line: bytes) -> str:
    """The command that a line names, however broken the line is; empty where it names none that could be one."""
    found = COMMAND_IN_A_LINE.search(line)
    return found[1].decode() if found else ""


def _which(written: str | None) -> str:
    """What to write instead of an unknown command: the nearest names."""
    if written is None:
        return "is needed, such as audit.allocate; `sightline schema` lists all"
    lower = written.lower()[:LONGEST_SHOWN]
    by_last_word = {name.partition(".")[2]: name for name in COMMANDS}
    close = get_close_matches(lower, COMMANDS, n=NEAREST) + [
        by_last_word[word] for word in get_close_matches(lower.rpartition(".")[2], by_last_word, n=NEAREST)
    ]
    nearest = list(dict.fromkeys(close))[:NEAREST]
    shown = written if len(written) <= LONGEST_SHOWN else f"{written[:LONGEST_SHOWN]}…"
    near = f"did you mean {' or '.join(nearest)}?" if nearest else "`sightline schema` lists all"
    return f"there is no command {ascii(shown)[1:-1]}; {near}"


def json_schema() -> dict[str, Any]:
    """The JSON Schema of every command, as one schema that picks by `command`."""
    schema = _ADAPTER.json_schema(ref_template="#/$defs/{model}")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Sightline command", **schema}
