"""What the notices say they are about: the team, the service or the units, as the event behind the notice has them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from events.audits import AuditSubmitted
from events.base import Fact
from events.disputes import DisputeEscalated, DisputeRaised
from events.escalations import EscalationRaised, NoticeLapsed, NoticeSent, Recipient
from events.programme import TaskRecorded
from events.registers import EntryRecorded, EntryStepped
from events.rounds import RoundPlanned, RoundScheduled
from events.sampling import ReturnCounted
from projections.notices import notices
from projections.rebuild import rebuild
from tests.histories import START, TORBAY, allocated, batches, history, sealed
from tests.projections.views import in_database, in_memory, kept, made

ON = START.date()
HEAD = Recipient(asked="head of service", role="Head of Service", unit="S-1", holder="P-5")
STEP: dict[str, Any] = {"obligation": "return", "step": "overdue", "due": datetime(2026, 1, 2, tzinfo=UTC)}
SCHEDULED = RoundScheduled(kind="audit round", name="Month 2", services=("CWD", "SARS"), starts=ON, ends=ON)
TASK = TaskRecorded(duty="t3_3", on=ON, holder="P-4")
COUNTED = ReturnCounted(audit="A-1", audit_type="full", grade=None)
PLANNED = EntryRecorded(kind="dip_sample", on=ON, holder="P-1")
SHARED = EntryStepped(kind="dip_sample", step="shared", on=ON, holder="P-1")
RAISED = DisputeRaised(child="C-1", team="T-3", concern=sealed(), tier="team_manager")
ESCALATED = DisputeEscalated(team="T-3", tier="director", reason=sealed())


def sent(about: str = "audit/A-1", *, behind: int = 0) -> NoticeSent:
    """A notice to the head of service, for the event of that number on the record; 0 for one that names none."""
    trigger = f"{TORBAY}-{about.replace('/', '-')}-{behind}.0" if behind else ""
    return NoticeSent(**STEP, kind="notice", title="Return overdue", recipients=(HEAD,), trigger=trigger)


def teams(engine: Engine) -> list[str | None]:
    return [row.team for row in notices(engine, TORBAY)]


def test_two_teams_notices_differ_in_their_team(sqlite: Engine) -> None:
    """What one person is told of the audits of two teams is alike but for the record and the team."""
    first, second = "audit/A-1", "audit/A-2"
    kept(
        sqlite,
        "notices",
        history([(first, allocated(team="T-1")), (second, allocated(team="T-2")), (first, sent()), (second, sent())]),
    )
    rows = notices(sqlite, TORBAY)
    assert [(row.about, row.team) for row in rows] == [(first, "T-1"), (second, "T-2")]
    alike = {row.model_copy(update={"about": "", "audit": None, "team": None, "sent_at": START}) for row in rows}
    assert len(alike) == 1


@pytest.mark.parametrize(
    ("about", "before", "behind", "team"),
    [
        ("audit/A-1", [allocated(team="T-1")], 1, "T-1"),
        ("audit/A-1", [allocated(team="T-1"), AuditSubmitted(grade="Good")], 2, "T-1"),
        ("dispute/D-1", [RAISED, ESCALATED], 2, "T-3"),
        ("entry/E-1", [PLANNED.model_copy(update={"team": "T-1", "service": "S-1"})], 1, "T-1"),
        ("entry/E-1", [PLANNED.model_copy(update={"service": "S-1"})], 1, "S-1"),
        ("entry/E-1", [PLANNED, SHARED.model_copy(update={"team": "T-2"})], 2, "T-2"),
        ("entry/E-1", [PLANNED.model_copy(update={"subject": "H-1"})], 1, "H-1"),
        ("entry/E-1", [PLANNED], 1, None),
        ("round/R-1", [SCHEDULED], 1, "CWD, SARS"),
        ("round/R-1", [SCHEDULED, RoundPlanned(diagnostics=(), units=("S-1", "S-2"))], 2, "S-1, S-2"),
        ("round/R-1", [SCHEDULED, RoundPlanned(diagnostics=())], 2, "CWD, SARS"),
        ("duty/P-4", [TASK.model_copy(update={"about": each}) for each in ("T-1", "T-2")], 1, "T-1"),
        ("duty/P-4", [TASK.model_copy(update={"about": "T-1"}), TASK], 2, None),
        ("month/2026-01", [COUNTED.model_copy(update={"service": each}) for each in ("S-1", "S-2")], 2, "S-2"),
        ("month/2026-01", [COUNTED.model_copy(update={"service": "S-1"}), COUNTED], 2, None),
        ("month/2026-01", [COUNTED.model_copy(update={"service": "S-1"})], 0, None),
        ("audit/A-1", [], 0, None),
    ],
)
def test_the_team_is_that_of_the_event_behind_it(
    sqlite: Engine, about: str, before: list[Fact], behind: int, team: str | None
) -> None:
    """The event that began the clock says it, else the record; of many teams' month or task nobody guesses one."""
    kept(sqlite, "notices", history([(about, fact) for fact in (*before, sent(about, behind=behind))]))
    assert teams(sqlite) == [team]


def test_what_was_escalated_or_came_too_late_names_its_team(sqlite: Engine) -> None:
    """An escalation and a step that came too late have their team as every notice has."""
    raised = EscalationRaised(**STEP, level=1, title="Return overdue", recipients=(HEAD,))
    kept(sqlite, "notices", history([allocated(team="T-1"), raised, NoticeLapsed(**STEP, reason="too_late")]))
    assert teams(sqlite) == ["T-1", "T-1"]


def test_rebuilt_they_are_the_same(engine: Engine) -> None:
    """The teams follow from the history alone: live in batches of any size, rebuilt, and folded one by one."""
    about = "month/2026-01"
    counted = [COUNTED.model_copy(update={"service": each}) for each in ("S-1", "S-2")]
    month = [(about, fact) for fact in (*counted, sent(about, behind=1), sent(about, behind=2))]
    round_ = [("round/R-1", fact) for fact in (SCHEDULED, sent("round/R-1", behind=1))]
    events = history([allocated(team="T-1"), *month, sent(), *round_])
    kept(engine, "notices", events, size=2)
    before = in_database(engine, made("notices"))
    assert teams(engine) == ["S-1", "S-2", "T-1", "CWD, SARS"]
    rebuild(made("notices"), engine, {TORBAY: lambda after: batches(events[after:], 3)})
    assert in_database(engine, made("notices")) == before == in_memory(made("notices"), events)
