"""`sightline policy`: check a policy, show a framework in words, and say what changed between two versions."""

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from textwrap import wrap
from typing import Annotated

import typer
from rich.console import Console

from events.errors import Refused
from services.clauses import where
from services.directory.snapshot import directory_of
from services.directory.state import DIRECTORY, Directory, fold_directory
from services.import_lines import HistoryFile
from services.modules import CATALOGUE
from services.policy.describe.changes import Change, changes
from services.policy.describe.pages import Paragraph, paragraphs
from services.policy.model import Policy
from services.policy.start import NAME, parts_of, start_of, story_of
from services.policy.versions import Policies
from services.policy.written import is_policy
from services.policy_files import check, doubts, load, of_base, path_of
from services.policy_folder import Folder, folder_of
from services.rehearsal import Rehearsal
from services.settings import Settings
from workers.cli.deciding import deciding, named
from workers.cli.files import read_lines
from workers.cli.folders import known_policies, sound_policies
from workers.cli.options import Authority, Place, PolicyFolder, known_authority, settings_of, written_day
from workers.cli.proposals import standing_beside_history
from workers.cli.spread import spread
from workers.cli.tables import screen
from workers.system import System

MEASURE = (60, 110)
"""How wide a page of words is: never narrower, and no wider than the eye likes to go back."""

BROKEN = 2
"""The exit code for a file that breaks a rule."""

policy_app = typer.Typer(name="policy", help="Policies: checked, shown in words, and compared.", no_args_is_help=True)

Version = Annotated[str | None, typer.Option(help="The version (default: the newest).")]
On = Annotated[str | None, typer.Option("--on", help="As it decides on this day (YYYY-MM-DD), by what was adopted.")]
POLICY = "The policy: a file, or a folder of parts."
Compared = Annotated[
    str, typer.Argument(help="A policy file or folder, AUTHORITY for its newest version, or AUTHORITY:VERSION.")
]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.add_typer(policy_app)


@policy_app.command("check")
def check_file(
    file: Annotated[Path, typer.Argument(help=POLICY)],
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count as mistakes do.")] = False,
    people: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="A history that says who holds which post, as for an import."),
    ] = None,
    directory: Annotated[
        bool, typer.Option("--directory", help="Ask the running system who holds which post.")
    ] = False,
) -> None:
    """Say every mistake of a policy, each with its file and line, its key and the rule that it breaks.

    A sound file may still be odd: what can never fire, what nobody may do, and a ladder that comes too late or skips
    somebody of the chain are warned of; with --people or --directory so are posts without a holder. What is meant,
    the file says (`knowingly`, or an act with `[]`). What it takes from the base that it extends is listed. Where
    there is a history, it is told whether the file is what was adopted, or proposes something else; the server of the
    data folder is started for that if none runs. Exit code 0 for a sound file, 2 if it breaks a rule or, if --strict,
    is odd.
    """
    policy, mistakes = check(file)
    console = screen()
    for mistake in mistakes:
        _say(console, " ".join(str(mistake).split()))
    if mistakes or policy is None:
        _say(console, f"{file}: {_counted(mistakes, 'mistake')}")
        raise typer.Exit(BROKEN)
    odd = doubts(file, held=_held(policy, people, running=directory))
    for doubt in odd:
        where, _, words = str(doubt).partition(" ")
        _say(console, f"{where} warning: {words}")
    warned = f"; {_counted(odd, 'warning')}" if odd else ""
    clocks = f"{_counted(policy.obligations, 'clock')}, {_counted(policy.alerts, 'alert')}"
    _say(console, f"{file}: sound; {policy.framework}, version {policy.version}, {clocks}{warned}")
    if base := of_base(file):
        for told in base.told():
            _say(console, f"{file}: taken from {base.base}, {told}")
    if standing := standing_beside_history(policy, settings_of()):
        _say(console, f"{file}: {standing}")
    if odd and strict:
        raise typer.Exit(BROKEN)


@policy_app.command("show")
@spread
def show(authority: Authority, call: Place, version: Version = None, on: On = None) -> None:
    """Tell a framework in words, by the stages of the work, to be checked against the paper and signed.

    It is what the files say, which decides once it was adopted. What they do not say, and the base that they extend
    does, is marked with the name of the base. With --on it is what was adopted and decides on that day.
    """
    console, settings = screen(), call.settings
    if on is None:
        policy = _version(folder_of(settings.policies), authority, version)
        base = of_base(path_of(settings.policies, policy))
    else:
        policy, base = _on(authority, settings, version, on), None
        _say(console, f"{policy.framework}: {named(policy)}")
    if base:
        _say(console, f"What ends with [{base.base}] is taken from that base, which the council's own files extend.")
    for chapter, told in groupby(paragraphs(policy, CATALOGUE.known, base), key=lambda each: each.chapter):
        console.print()
        console.print(chapter.upper(), style="bold", markup=False)
        for each in told:
            if each.heading:
                console.print()
                _say(console, f"  {each.heading}{f'  [{each.source}]' if each.source else ''}")
            for line in _wrapped(each, console.width):
                _say(console, line)


def _wrapped(paragraph: Paragraph, width: int) -> Iterator[str]:
    """The lines of a paragraph and of what is listed beneath it, within the width of the page."""
    wide = max(MEASURE[0], min(width, MEASURE[1]))
    if paragraph.text:
        yield from wrap(paragraph.text, wide, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False)
    for item in paragraph.items:
        yield from wrap(item, wide, initial_indent="    - ", subsequent_indent="      ", break_on_hyphens=False)


@policy_app.command("new")
def new(
    name: Annotated[str, typer.Argument(help="What the council is called here, such as newtown.")],
    folder: Annotated[Path, typer.Option(help="Where the files go.")] = Path(),
    one_file: Annotated[bool, typer.Option("--one-file", help="One file, NAME.yaml, for a short framework.")] = False,
) -> None:
    """Write a commented policy to begin with, a folder NAME of parts, and a month's story to try it on.

    Each part holds some keys of the policy, and is short enough to be read by whoever answers for it; how the keys are
    spread over files is free. The story is NAME-story.jsonl. The policy is sound as it stands; `policy check` warns of
    what has to be filled in. Nothing is written over.
    """
    if not NAME.fullmatch(name):
        raise Refused("name", f"{name!r} is no name: small letters, digits and hyphens, a letter in front")
    policy, story = folder / (f"{name}.yaml" if one_file else name), folder / f"{name}-story.jsonl"
    for path in (folder / name, folder / f"{name}.yaml", story):
        if path.exists():
            raise Refused("name", f"{path} is there already")
    if folder.exists() and not folder.is_dir():
        raise Refused("folder", f"{folder} is no folder")
    folder.mkdir(parents=True, exist_ok=True)
    if one_file:
        policy.write_text(start_of(name), encoding="utf-8")
    else:
        policy.mkdir()
        for part, text in parts_of(name).items():
            (policy / f"{part}.yaml").write_text(text, encoding="utf-8")
    story.write_text("".join(f"{json.dumps(line)}\n" for line in story_of(name)), encoding="utf-8")
    console = screen()
    _say(console, f"{policy}: now `sightline policy check {policy}` says what has to be filled in")
    _say(console, f"{story}: `sightline plan {story} --policies {folder}` tells what follows from it")


@policy_app.command("where")
def where_is(
    clause: Annotated[
        list[str], typer.Argument(help="A paragraph of the paper (§4.3, App 1), or an id of its own or of ours.")
    ],
    of: Annotated[str | None, typer.Option("--of", help="Whose paper is meant; without it, everybody's.")] = None,
    policies: PolicyFolder = None,
) -> None:
    """Say where a sentence of a framework went: lines of policies, the program's code that cites it, and its tests.

    Tests are told where the source tree lies beside the program; they are not installed with it. Of a council whose
    paper is in no catalogue of ours, it is every line that names the clause as its `source`.
    """
    console, folder = screen(), settings_of(policies=policies).policies
    sound_policies(folder)
    for found in where(" ".join(clause), folder, of):
        paragraphs = f"{', '.join(found.paragraphs)} " if found.paragraphs else ""
        whose = f"{paragraphs}of {found.authority}" if found.authority else "a reading"
        console.print(f"{found.id}: {whose}", style="bold", markup=False)
        for place in (*found.policy, *found.code):
            _say(console, f"  {place.file}:{place.line}  {place.what}  {place.text}")
        if found.tests is None:
            _say(console, "  tests: not installed with the program; they are in its source tree")
        for test in found.tests or ():
            _say(console, f"  {test}")
        if not (found.policy or found.code):
            _say(console, "  cited nowhere in policies and code")


@policy_app.command("diff")
def diff(before: Compared, after: Compared, policies: PolicyFolder = None) -> None:
    """Say what the second framework adds to the first, leaves out and changes, in the words of `show`."""
    found = changes(_policy(before, policies), _policy(after, policies), CATALOGUE.known)
    print_changes(screen(), found)


def print_changes(console: Console, found: Sequence[Change]) -> None:
    """Print what was changed, chapter by chapter."""
    if not found:
        _say(console, "no difference")
    for chapter, told in groupby(found, key=lambda each: each.chapter):
        console.print(chapter.upper(), style="bold", markup=False)
        for change in told:
            for line in _lines(change):
                _say(console, f"  {line}")


def _lines(change: Change) -> list[str]:
    about = f"{change.about}: " if change.about else ""
    if change.what == "changed":
        return [f"changed  {about}{change.before}", f"     to  {about}{change.after}"]
    return [f"{change.what:<7}  {about}{change.before or change.after}"]


def _policy(named: str, folder: Path | None) -> Policy:
    """The policy in a file or a folder of parts, or of an authority in the folder. Refused if it is neither."""
    path = Path(named)
    if is_policy(path):
        return load(path)
    authority, _, version = named.partition(":")
    return _version(folder_of(settings_of(policies=folder).policies), authority, version or None)


def _on(authority: str, settings: Settings, version: str | None, day: str) -> Policy:
    """The version by which work was, is or will be decided on a day. Refused for what is none."""
    if version is not None:
        raise Refused("on", "not with --version: the day says which version decides")
    return deciding(authority, settings).in_force(written_day(day, "on"))


def _version(held: Folder, authority: str, version: str | None) -> Policy:
    known = known_policies(held, authority)
    return known.version(version) if version else known.newest


def _held(policy: Policy, files: list[Path] | None, *, running: bool) -> frozenset[str] | None:
    """The posts that somebody holds, by a history in files or by the running system; None where neither is at hand."""
    if not files and not running:
        return None
    directory = _directory_in(policy, files) if files else _directory_running(policy)
    return frozenset(each.post.role for each in directory.tenures if each.until is None)


def _directory_running(policy: Policy) -> Directory:
    with System(settings_of()) as system:
        return directory_of(system.history(known_authority(system, policy.authority)))


def _directory_in(policy: Policy, files: list[Path]) -> Directory:
    rehearsal = Rehearsal({policy.authority: Policies(policy.authority, (policy,))}, unverified=True)
    rehearsal.run_files([HistoryFile(str(file), read_lines(file)) for file in files])
    return fold_directory(rehearsal.stores[policy.authority].load(DIRECTORY))


def _counted(things: Sequence[object], word: str) -> str:
    return f"{len(things)} {word}{'' if len(things) == 1 else 's'}"


def _say(console: Console, line: str) -> None:
    console.print(line, markup=False, soft_wrap=True)
