"""Commands that run and watch the system: `up`, `work`, `health` and `demo`."""

import os
from collections.abc import Collection
from dataclasses import asdict
from typing import Annotated

import typer

from events.errors import Refused
from services.clock import local_date
from services.policy.framework_review import overdue_reviews
from services.settings import Settings, read_settings
from workers.cli.demo.command import demo
from workers.cli.options import PlaceOfViews, QuestionOfViews
from workers.cli.spread import spread
from workers.cli.tables import Column, print_json, print_table, screen
from workers.health.whole import health as ask
from workers.parts.groups import projectors
from workers.parts.registry import STARTED
from workers.processes.logs import configure_logs
from workers.processes.program import program, require_installed
from workers.running.process import run_worker
from workers.running.supervisor import environment
from workers.system import System


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command("up")(up)
    app.command("work")(work)
    app.command("api")(api)
    app.command("health")(health)
    app.command("demo")(demo)


@spread
def up(
    call: PlaceOfViews,
) -> None:
    """Run everything on this machine until Ctrl-C: server, streams, all workers and the HTTP API on loopback."""
    settings = _for_a_person(call.settings)
    configure_logs(settings)
    require_installed()
    # What stays is a process without what reading a command takes, and holds a third of it.
    words = program("workers.cli.everything")
    os.execve(words[0], words, {**os.environ, **environment(settings)})  # noqa: S606 - our own words


def _for_a_person(settings: Settings) -> Settings:
    """On a terminal only what is wrong is logged, unless a level was set: a person reads it, not a collector."""
    if "log_level" in settings.model_fields_set or not screen(stderr=True).is_terminal:
        return settings
    return settings.model_copy(update={"log_level": "warning"})


@spread
def api(
    call: PlaceOfViews,
    host: Annotated[str | None, typer.Option(help="The address, instead of the one of the settings.")] = None,
    port: Annotated[int | None, typer.Option(help="The port, instead of the one of the settings; 0 takes any.")] = None,
) -> None:
    """Serve the HTTP API until Ctrl-C, beside workers that run elsewhere. It may run many times, on several ports."""
    from services.access import TokenReader  # noqa: PLC0415 - only this command needs it
    from workers.api.door import NAME, require_free  # noqa: PLC0415 - as above

    said = {name: held for name, held in (("api_host", host), ("api_port", port)) if held is not None}
    settings = read_settings(**{**call.settings.model_dump(exclude_unset=True), **said})
    require_free(settings)
    TokenReader.of(settings)
    run_worker(NAME, settings)


@spread
def work(
    name: Annotated[str, typer.Argument(help=f"One of {', '.join(STARTED)}.")],
    call: PlaceOfViews,
) -> None:
    """Run one worker, or several in one process, until Ctrl-C. It may run many times, here or on other machines."""
    if name not in (*STARTED, *projectors(call.settings.projector_shards)):
        raise Refused("worker", f"unknown worker {name}; known: {', '.join(STARTED)}")
    run_worker(name, call.settings)


@spread
def health(
    call: QuestionOfViews,
) -> None:
    """Say whether each worker keeps up, and which framework is due for its own review. Exit code 1 if one does not."""
    settings = call.settings
    found = ask(settings)
    if call.as_json:
        print_json(asdict(each) for each in found)
    else:
        columns: list[Column] = [
            ("worker", lambda row: row.worker),
            ("authority", lambda row: row.authority),
            ("state", lambda row: row.state),
            ("behind by", lambda row: row.behind),
            ("about", lambda row: row.told),
        ]
        print_table(screen(), "workers", columns, found)
        for passed in _reviews(settings, {each.authority for each in found if each.state == "refused"}):
            screen().print(f"  {passed}")
    if not all(each.ok for each in found):
        raise typer.Exit(1)


def _reviews(settings: Settings, refused: Collection[str]) -> list[str]:
    """What is said of frameworks whose own review is overdue, by what each council goes by; not of those `refused`."""
    with System(settings) as system:
        held = [system.policies[each] for each in system.authorities if each not in refused]
        return [*overdue_reviews(held, local_date(system.clock()))]
