"""Commands about rounds of auditing: each is one act of one person, as it would stand in a file of commands."""

from datetime import date
from hashlib import sha256
from typing import Annotated, Any

import orjson
import typer

from events.cases import ListedCase
from events.errors import NotFound, Refused
from events.recorded import Recorded
from events.rounds import RoundAssigned, RoundDrawn
from services.case_lists import case_list_aggregate, listed
from services.cases.decisions import NUMBER
from services.keyring import Keyring
from services.obligations.calendar import month_end
from services.rounds.commands import ROUND
from services.rounds.state import Round
from workers.cli.act import Acting, FurtherOf, Hand, acting
from workers.cli.options import Authority, reference
from workers.cli.recording import print_summary
from workers.cli.round_views import add_to as add_views
from workers.cli.spread import spread
from workers.cli.tables import screen

rounds = typer.Typer(help="Rounds of auditing: plan, draw, assign, allocate, and prove the draw.", no_args_is_help=True)

Named = Annotated[str, typer.Argument(metavar="ROUND", help="The round, such as 2026-06.")]
OfDraw = Annotated[str, typer.Argument(metavar="DRAW", help="A draw that the policy names, such as audits.")]
Seed = Annotated[str | None, typer.Option(help="The seed; without it, one that follows from the frame.")]
Units = Annotated[list[str] | None, typer.Option("--unit", help="A service under audit; may be given again.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.add_typer(rounds, name="round")
    add_views(rounds)


@rounds.command("schedule")
@spread
def schedule(
    authority: Authority,
    month: Annotated[str, typer.Argument(help="The first month, such as 2026-04.")],
    call: Hand,
    further: Annotated[Any, FurtherOf("round.schedule", ("month", "kind", "theme", "starts", "round"))],
    months: Annotated[int, typer.Option(min=1, max=24, help="So many months, a round each.")] = 1,
    kind: Annotated[str | None, typer.Option(help="A kind of activity that the policy names.")] = None,
    theme: Annotated[str | None, typer.Option(help="The theme.")] = None,
    starts: Annotated[str | None, typer.Option(help="The first day, instead of the first working day.")] = None,
    named: Annotated[str | None, typer.Option("--round", help="The round's reference, if it is not the month.")] = None,
) -> None:
    """Give rounds their place in the year. What is not said follows from the policy's rotation and calendar."""
    if months > 1 and (starts or named or further.keys() & {"id", "name", "ends"}):
        raise Refused("months", "a start or a reference is that of one round, as are a name, an end and an id")
    first = _first_of(month)
    said = {"kind": kind, "theme": theme, "starts": starts, **further}
    with acting(authority, call) as desk:
        for _ in range(months):
            name = named or f"{first:%Y-%m}"
            desk.do("round.schedule", round=name, month=f"{first:%Y-%m}", **said)
            fact = _state(desk, name).scheduled
            if fact is not None:
                areas = f": {', '.join(fact.services)}" if fact.services else ""
                _say(f"{name}: {fact.name}, {fact.starts} to {fact.ends}{areas}")
            first = date.fromordinal(month_end(first).toordinal() + 1)


@rounds.command("plan")
@spread
def plan(
    authority: Authority,
    name: Named,
    call: Hand,
    further: Annotated[Any, FurtherOf("round.plan", ("focus", "origin", "units"))],
    focus: Annotated[str | None, typer.Option(help="What the round looks at above all.")] = None,
    origin: Annotated[str | None, typer.Option(help="Where the focus comes from, as the policy words it.")] = None,
    unit: Units = None,
) -> None:
    """Open the plan of a round, or change it; a changed plan is approved afresh."""
    with acting(authority, call) as desk:
        desk.do("round.plan", round=name, focus=focus, origin=origin, units=unit, **further)
        _say(f"{name}: the plan is open")


@rounds.command("enquire")
@spread
def enquire(
    authority: Authority,
    name: Named,
    line: Annotated[list[str], typer.Option(help="A line of enquiry; may be given again.")],
    call: Hand,
    further: Annotated[Any, FurtherOf("round.enquire", ("lines",))],
) -> None:
    """Add lines of enquiry to the plan."""
    with acting(authority, call) as desk:
        desk.do("round.enquire", round=name, lines=line, **further)
        _say(f"{name}: {len(line)} lines of enquiry added")


@rounds.command("request-data")
@spread
def request_data(
    authority: Authority,
    name: Named,
    call: Hand,
    further: Annotated[Any, FurtherOf("round.request_data", ())],
) -> None:
    """Ask for the round's data. A late request is recorded as late."""
    with acting(authority, call) as desk:
        desk.do("round.request_data", round=name, **further)
        asked = _state(desk, name).requested
        if asked is not None:
            _say(f"{name}: data from {asked.since} to {asked.until} are asked for")


@rounds.command("approve")
@spread
def approve(
    authority: Authority,
    name: Named,
    role: Annotated[str, typer.Option(help="In which role.")],
    call: Hand,
    further: Annotated[Any, FurtherOf("round.approve", ("units",))],
    unit: Units = None,
) -> None:
    """Approve the plan as it stands."""
    with acting(authority, call) as desk:
        desk.do("round.approve", round=name, units=unit, **further)
        _say(f"{name}: approved as {role}")


@rounds.command("draw")
@spread
def draw(
    authority: Authority,
    name: Named,
    which: OfDraw,
    cases: Annotated[str, typer.Option(help="The case list to draw from.")],
    call: Hand,
    further: Annotated[
        Any, FurtherOf("round.draw", ("draw", "cases", "size", "method", "services", "teams", "like", "seed"))
    ],
    size: Annotated[int | None, typer.Option(help="How many children, if not as many as the policy says.")] = None,
    method: Annotated[str | None, typer.Option(help="random, systematic or stratified.")] = None,
    service: Annotated[list[str] | None, typer.Option(help="Only of this service area; may be given again.")] = None,
    team: Annotated[list[str] | None, typer.Option(help="Only of this team; may be given again.")] = None,
    like: Annotated[str | None, typer.Option(help="Children that resemble this one.")] = None,
    seed: Seed = None,
) -> None:
    """Draw children from a case list by chance, so that anybody can draw the same again."""
    how = {"cases": cases, "size": size, "method": method, "services": service, "teams": team}
    with acting(authority, call) as desk:
        desk.do("round.draw", round=name, draw=which, **how, like=like, seed=seed, **further)
        found = _drawn(desk, name, which)
        _say(f"{name}: {len(found.chosen)} of {found.frame_size} children drawn ({found.method}), seed {found.seed}")


@rounds.command("assign")
@spread
def assign(
    authority: Authority,
    name: Named,
    which: OfDraw,
    call: Hand,
    further: Annotated[Any, FurtherOf("round.assign", ("draw", "auditors", "seed"))],
    auditor: Annotated[list[str] | None, typer.Option(help="Who takes part, if not all; may be given again.")] = None,
    seed: Seed = None,
) -> None:
    """Give each child of a draw to an auditor by chance. Says which child and which rule, where that cannot be."""
    with acting(authority, call) as desk:
        desk.do("round.assign", round=name, draw=which, auditors=auditor, seed=seed, **further)
        found = _assigned(desk, name, which)
        people = len(set(found.pairs.values()))
        _say(f"{name}: {len(found.pairs)} children given to {people} auditors, seed {found.seed}")


@rounds.command("allocate")
@spread
def allocate(
    authority: Authority,
    name: Named,
    which: OfDraw,
    call: Hand,
    audit_type: Annotated[
        str | None, typer.Option("--type", help="The type of audit; else the policy's first.")
    ] = None,
) -> None:
    """Give out the assigned files as audits of the round. Safe to run twice: what is given out stays as it is.

    Exit code 1 if some were refused (they are listed with the reason).
    """
    with acting(authority, call) as desk:
        assigned = _assigned(desk, name, which)
        cases = desk.desk.store.load(case_list_aggregate(_drawn(desk, name, which).cases))
        known = {case.child: case for case in listed(cases)}
        out = {each.child for each in _state(desk, name).given.values()}
        kind = audit_type or desk.system.policies[authority].newest.tool.types[0]
        lines = [
            desk.line(
                "audit.allocate",
                id=sha256(f"{authority}|{name}|{which}|{child}".encode()).hexdigest()[:32],
                audit=f"{name}-{which}-{number:03}",
                audit_type=kind,
                round=name,
                auditor=auditor,
                **_of_case(desk, known[child]),
            )
            for number, (child, auditor) in enumerate(sorted(assigned.pairs.items()), start=1)
            if child not in out
        ]
        summary = desk.importer.run(orjson.dumps(line) for line in lines)
    summary.repeated += len(out & set(assigned.pairs))
    print_summary(summary)
    if summary.refused:
        raise typer.Exit(1)


def _of_case(desk: Acting, case: ListedCase) -> dict[str, Any]:
    """What an allocation says of a child, as the case list has it."""
    ring = desk.importer.keys[desk.authority]
    number = ring.unseal(case.number, NUMBER) if isinstance(ring, Keyring) else None
    return {
        "child": case.child,
        "child_number": number if isinstance(number, str) else None,
        "team": case.team,
        "worker": case.worker,
        "strand": case.strand,
        "open_since": case.open_since,
    }


def _say(words: str) -> None:
    screen().print(words, markup=False, soft_wrap=True)


def _first_of(month: str) -> date:
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError as error:
        raise Refused("month", f"{month!r} is not a valid month; write YYYY-MM") from error


def _state(desk: Acting, name: str) -> Round:
    history: tuple[Recorded, ...] = desk.desk.store.load(f"{ROUND}{reference('round', name)}")
    if not history:
        raise NotFound("round", name)
    return Round.of(history)


def _drawn(desk: Acting, name: str, which: str) -> RoundDrawn:
    found = _state(desk, name).draws.get(which)
    if found is None:
        raise NotFound(f"draw {which} of round", name)
    return found


def _assigned(desk: Acting, name: str, which: str) -> RoundAssigned:
    found = _state(desk, name).assigned.get(which)
    if found is None:
        raise NotFound(f"assignment of {which} of round", name)
    return found
