"""Commands that ask about rounds: `round list`, `round show`, and `round verify`, which draws again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Annotated, Any

import typer

from events.errors import NotFound
from events.recorded import Recorded
from projections.rounds import RoundListed, rounds
from services.directory.snapshot import directory_of
from services.obligation_status import owed_by
from services.obligations.engine import obligations
from services.policy.model import Policy
from services.policy.versions import Policies
from services.rounds.commands import ROUND
from services.rounds.planning import missing_approvals, still_lacking
from services.rounds.proving import proofs
from services.rounds.state import Round
from workers.cli import views
from workers.cli.options import Authority, Question, QuestionInTime, QuestionOfList, reference, require_one_of
from workers.cli.proofs import say_proofs
from workers.cli.showing import Asking, asking
from workers.cli.spread import spread
from workers.cli.tables import Column, print_json, print_table

Named = Annotated[str, typer.Argument(metavar="ROUND", help="The round, such as 2026-06.")]


@dataclass(frozen=True, slots=True)
class RoundRow:
    """One round as a person reads it. `missing` says what its audits wait for, `given` how many are given out."""

    round: str
    kind: str
    name: str
    theme: str | None
    services: tuple[str, ...]
    areas: tuple[str, ...]
    starts: date
    ends: date
    planned: bool
    missing: tuple[str, ...]
    drawn: Mapping[str, int]
    given: int
    counted: int
    dips: int

    @classmethod
    def of(cls, history: Iterable[Recorded], name: str, policy: Policy) -> "RoundRow | None":
        """The row of a round; None before it was given its place."""
        state = Round.of(history)
        if state.scheduled is None:
            return None
        held = state.scheduled
        return cls(
            round=name,
            kind=held.kind,
            name=held.name,
            theme=held.theme,
            services=held.services,
            areas=held.areas,
            starts=held.starts,
            ends=held.ends,
            planned=state.planned is not None,
            missing=tuple(missing_approvals(state, policy)),
            drawn={draw: len(each.chosen) for draw, each in state.draws.items()},
            given=len(state.given),
            counted=len(state.counted),
            dips=len(state.dips),
        )

    @classmethod
    def listed(cls, row: RoundListed, policy: Policy) -> "RoundRow":
        """The same row of what the view keeps of the round."""
        held = row.model_dump(exclude={"units", "approved"})
        missing = tuple(still_lacking(row.units, row.approved, policy))
        return cls(**held, planned=row.units is not None, missing=missing)


def add_to(app: typer.Typer) -> None:
    """Add these commands to those about rounds."""
    app.command("list")(list_rounds)
    app.command("show")(show_round)
    app.command("verify")(verify_round)


@spread
def list_rounds(
    authority: Authority,
    call: QuestionOfList,
    service: Annotated[str | None, typer.Option(help="Only rounds in which this service area is audited.")] = None,
) -> None:
    """The year's schedule: every round with its services, what it waits for, and how far it is (TOR-24, SOU-15)."""
    with asking(authority, call, "rounds") as ask:
        policy = ask.system.policies[authority].newest
        found = ask.cut("rounds", lambda cut: rounds(ask.system.engine, authority, service=service, cut=cut))
        areas = policy.rounds.service_areas
        if not found and areas:
            require_one_of("service", service, areas)
        rows = [RoundRow.listed(each, policy) for each in found]
        _answer(ask, "rounds of auditing", _row_columns(ask.titles), rows)


@spread
def show_round(
    authority: Authority,
    name: Named,
    call: QuestionInTime,
) -> None:
    """One round: its plan, its draws and who audits what, and how far its targets are met."""
    with asking(authority, call) as ask:
        history = _history(ask, name)
        policies_of = ask.system.policies[authority]
        row = RoundRow.of(history, name, policies_of.newest)
        if row is None:
            raise NotFound("round", name)
        state, now = Round.of(history), ask.system.clock()
        told = {**asdict(row), **_plan(state), "targets": list(_targets(history, policies_of, now))}
        if call.as_json:
            print_json([told])
            return
        rows = [(key.replace("_", " "), _plain(held)) for key, held in told.items() if held not in (None, (), [], {})]
        print_table(ask.console, f"{authority}: round {name}", [("", lambda e: e[0]), ("is", lambda e: e[1])], rows)
        owed = list(
            owed_by(
                ask.system.catalogue.record_of(history), policies_of, directory_of(ask.system.history(authority)), now
            )
        )
        print_table(ask.console, "What it owes", views.owed_columns(ask.titles), [asdict(each) for each in owed])


def _plan(state: Round) -> dict[str, Any]:
    plan, data = state.planned, state.requested
    return {
        "focus": plan.focus if plan else None,
        "origin": plan.origin if plan else None,
        "units": plan.units if plan else (),
        "diagnostics": plan.diagnostics if plan else (),
        "lines_of_enquiry": tuple(state.enquiries),
        "questions": {each.service: each.questions for each in state.questions.values()},
        "data_asked_for": f"{data.since} to {data.until}{', late' if data.late else ''}" if data else None,
        "approved_by": {role: sorted(units) for role, units in state.approved.items()},
        "chosen": {name: each.chosen for name, each in state.draws.items()},
        "auditors": {name: dict(each.pairs) for name, each in state.assigned.items()},
    }


def _targets(history: tuple[Recorded, ...], policies: Policies, now: datetime) -> Iterator[str]:
    """How far each target is met: what is beyond a range is noted, and nothing more (A-TOR-10)."""
    state = Round.of(history)
    for each in obligations(history, policies):
        if each.rule.met_sum and not each.fell_away:
            yield f"{each.rule.title}: {each.done_at(now)} of {each.rule.met_count}"
    for draw in policies.newest.rounds.draws:
        if draw.at_most is not None and len(state.dips) > draw.at_most:
            yield f"{len(state.dips)} dip samples are more than the {draw.at_most} that are aimed at"


@spread
def verify_round(
    authority: Authority,
    name: Named,
    call: Question,
) -> None:
    """Draw and assign again from what is recorded, and compare: was anything chosen by hand? Exit code 1 if so.

    The frame is built afresh from the events of the case list.
    """
    with asking(authority, call) as ask:
        store = ask.system.history(authority)
        found = list(proofs(name, _history(ask, name), store.load))
        if not found:
            raise NotFound("draw of round", name)
        say_proofs(ask, found)


def _history(ask: Asking, name: str) -> tuple[Recorded, ...]:
    history = ask.system.history(ask.authority).load(f"{ROUND}{reference('round', name)}")
    if not history:
        raise NotFound("round", name)
    return history


def _answer(ask: Asking, title: str, columns: list[Column], rows: Sequence[RoundRow]) -> None:
    if ask.as_json:
        print_json(asdict(row) for row in rows)
    else:
        print_table(ask.console, f"{ask.authority}: {title}", columns, rows)


def _row_columns(titles: Mapping[str, str]) -> list[Column]:
    def waits(row: RoundRow) -> str:
        words = "; ".join(row.missing)
        for key, title in titles.items():
            words = words.replace(f"approval of {key}", f"approval of {title}")
        return words

    return [
        ("round", lambda row: row.round),
        ("kind", lambda row: row.kind),
        ("what", lambda row: row.name),
        ("services", lambda row: ", ".join(row.services)),
        ("starts", lambda row: row.starts),
        ("ends", lambda row: row.ends),
        ("waits for", waits),
        ("audits", lambda row: f"{row.counted} of {row.given} count" if row.given else None),
        ("dip samples", lambda row: row.dips or None),
    ]


def _plain(held: object) -> str:
    match held:
        case dict():
            return "; ".join(f"{key}: {_plain(each)}" for key, each in held.items())
        case list() | tuple():
            return ", ".join(map(_plain, held))
    return str(held)
