"""The sweep: what a lost timer missed is found, and what stands armed is left alone."""

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from events.audits import AuditSubmitted
from events.escalations import EscalationRaised, NoticeLapsed, NoticeSent
from events.recorded import Recorded
from events.reports import ReportOwed
from events.subjects import timer_stream
from services.obligations.model import Rung
from tests.histories import allocated
from tests.workers.rig import LOWEST, Rig
from workers.due.sweeper import Sweeper
from workers.due.timers import schedule_header, step_token

MakeRig = Callable[..., Rig]
DUE = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)


async def armed(rig: Rig, client: object) -> dict[str, int]:
    info = await client.jetstream().stream_info(timer_stream(rig.authority), "timers.*.armed.>")  # type: ignore[attr-defined]  # a client
    return dict(info.state.subjects or {})


async def test_what_nobody_armed_is_raised(rig: Rig) -> None:
    """With the timekeeper gone, the sweep alone brings what is due."""
    rig.record("A-1", allocated(due=None), AuditSubmitted(grade=LOWEST))
    async with rig.workers("escalator", "sweeper"):
        await rig.until(lambda: len(rig.steps("A-1")) == 3)


async def test_timers_that_were_purged_are_armed_again(make_rig: MakeRig) -> None:
    """A purge of the timer stream costs no notice: a start of the sweeper arms all again, and they fire."""
    rig = make_rig(clock_offset=DUE - timedelta(hours=1) - datetime.now(UTC))
    client, loop = await rig.system.connect(), asyncio.get_running_loop()
    async with rig.workers("timekeeper", "escalator"):
        rig.record("A-1", allocated(due=date(2026, 3, 16)))
        await rig.drained()
        before = await armed(rig, client)
        assert len(before) == 3
        await client.jetstream().purge_stream(timer_stream(rig.authority))
        async with rig.workers("sweeper"):
            await rig.until(
                lambda: asyncio.run_coroutine_threadsafe(armed(rig, client), loop).result().keys() == before.keys()
            )
    assert rig.steps("A-1") == []
    await client.jetstream().purge_stream(timer_stream(rig.authority))
    await client.close()
    soon = DUE - timedelta(seconds=3) - datetime.now(UTC)
    rig = make_rig(authority=rig.authority, clock_offset=soon, sweep_seconds=3600.0)  # it sweeps as it starts, once
    async with rig.workers("timekeeper", "escalator", "sweeper"):
        await rig.until(lambda: bool(rig.steps("A-1")))
    (sent,) = rig.steps("A-1")
    assert isinstance(sent, NoticeSent)
    assert rig.history("A-1")[-1].envelope.occurred >= DUE


async def test_a_sweep_that_finds_all_in_order_arms_nothing(rig: Rig) -> None:
    """What stands armed at its instant is not armed again, by a sweep or by a timekeeper that started anew."""
    client = await rig.system.connect()
    async with rig.workers("timekeeper"):
        rig.record("A-1", allocated(due=None))
        await rig.drained("timekeeper")
    before = await client.jetstream().stream_info(timer_stream(rig.authority))
    sweeper = Sweeper(rig.system, rig.authority, client)
    assert [await sweeper.sweep() for _ in range(3)] == [0, 0, 0]
    after = await client.jetstream().stream_info(timer_stream(rig.authority))
    assert after.state.last_seq == before.state.last_seq
    await client.close()


def test_a_schedule_is_never_early_by_rounding() -> None:
    """The server reads milliseconds: the instant is rounded up, after the rehearsal's offset was taken off."""
    due = datetime(2026, 3, 9, 8, 0, 0, 1, tzinfo=UTC)
    assert schedule_header(due, timedelta()) == "@at 2026-03-09T08:00:00.001Z"
    assert schedule_header(DUE, timedelta(days=1, microseconds=1)) == "@at 2026-03-08T08:00:00.000Z"


def test_a_step_keeps_its_token_when_its_date_moves() -> None:
    """A later date replaces the timer of the earlier one; another step has another timer."""
    first = Rung("action", "reminder", "X-1", DUE, "reminder", 1, "Action due", (), "E-1.0")
    later = Rung("action", "reminder", "X-1", DUE + timedelta(days=7), "reminder", 1, "Action due", (), "E-2.0")
    other = Rung("action", "reminder", "X-2", DUE, "reminder", 1, "Action due", (), "E-1.0")
    assert step_token(first) == step_token(later) != step_token(other)


LADDER = """    ladder:
      - {name: late, on: due + 1 day, kind: escalation, to: [director], title: Highlight report late, hour: at once}
"""


def with_a_ladder(text: str) -> str:
    """Torbay's framework, which chases its highlight report."""
    head, name, rest = text.partition("  - name: audit_highlight\n")
    assert name
    return head + name + rest.replace("    sections:\n", LADDER + "    sections:\n", 1)


async def test_the_end_of_a_period_begins_what_its_report_owes(make_rig: MakeRig) -> None:
    """No act begins it: the sweep does, and what is late is told to whom the framework names, once."""
    now = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)  # March's is due by the end of April
    rig = make_rig(clock_offset=now - datetime.now(UTC), change=with_a_ladder)
    rig.record("A-1", allocated(due=None), at=datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    record = "report/audit_highlight-2026-03"

    def steps() -> list[Recorded]:
        history = rig.system.history(rig.authority).load(record)
        return [each for each in history if isinstance(each.fact, EscalationRaised | NoticeLapsed)]

    async with rig.workers("escalator", "sweeper"):
        await rig.until(lambda: bool(steps()))
    client = await rig.system.connect()
    sweeper = Sweeper(rig.system, rig.authority, client)
    await sweeper.sweep()
    await client.close()
    first, step = rig.system.history(rig.authority).load(record)
    assert isinstance(first.fact, ReportOwed)
    assert (first.fact.period, first.envelope.occurred) == ("2026-03", datetime(2026, 3, 31, 23, 0, tzinfo=UTC))
    assert isinstance(step.fact, EscalationRaised)
