"""Which tests are to notice a mutant: those that the tables of requirements name for the clauses of its entry."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from services.clauses import cited_in
from services.policy.key_path import KeyPath
from services.policy.written import policies_in
from services.policy.yaml_positions import line_of, read_yaml
from services.policy_files import of_base
from services.settings import SHIPPED_POLICIES
from tests.requirements.tasks.councils import COUNCILS
from tests.requirements.tasks.year import may_be_less

FOLLOWS = (
    "clocks/test_clocks.py::test_what_lasts_with_a_grade_says_so_where_it_starts[{council}]",
    "clocks/test_clocks.py::test_what_follows_from_an_audit[{council}]",
    "clocks/test_clocks.py::test_what_follows_from_an_entry[{council}]",
)
WITH_ROUNDS = (*FOLLOWS, "clocks/test_clocks.py::test_what_follows_from_a_round[{council}]")
WITH_TASKS = (*FOLLOWS, "clocks/test_clocks.py::test_what_follows_from_a_task[{council}]")
WITH_DISPUTES = (*FOLLOWS, "clocks/test_clocks.py::test_what_follows_from_a_dispute[{council}]")
IN_PART = "tasks/test_tasks.py::test_what_does_not_meet_a_task[{council}:{entry}]"
TASKS = (
    "tasks/test_tasks.py::test_when_a_task_is_due_and_to_whom[{council}:{entry}]",
    "tasks/test_tasks.py::test_what_meets_a_task[{council}:{entry}]",
    IN_PART,
)
GRADES = (
    "test_scales.py::test_what_may_be_given[{council}]",
    "test_scales.py::test_whom_the_lowest_grade_calls[{council}]",
    "test_scales.py::test_what_is_better[{council}]",
    "test_scales.py::test_what_lifts_from_the_lowest_grade[{council}]",
)
SAYS = "contents/test_contents.py::test_what_a_report_says[{}]"
TABLED: dict[str, tuple[str, ...]] = {
    "acts": ("who_may/test_who_may.py::test_who_may_do_what[{council}]",),
    "own_unit": ("who_may/test_who_may.py::test_who_may_do_it_only_at_home[{council}]",),
    "obligations": FOLLOWS,
    "torbay/obligations": WITH_ROUNDS,
    "southwark/obligations": WITH_DISPUTES,
    "alerts": FOLLOWS,
    "torbay/alerts": WITH_ROUNDS,
    "southwark/alerts": WITH_DISPUTES,
    "east-sussex/alerts": WITH_TASKS,
    "reports": (
        "calendar/test_calendar.py::test_when_a_report_is_due_and_to_whom[{council}:{entry}]",
        "calendar/test_calendar.py::test_who_issues_a_report[{council}:{entry}]",
        SAYS.format("{council}:{entry}"),
    ),
    "tool.questions": ("asked/test_asked.py::test_what_a_form_asks[{council}:{entry}]",),
    "indicators": (
        "watched/test_watched.py::test_what_an_indicator_takes[{council}:{entry}]",
        "watched/test_watched.py::test_how_an_indicator_is_shown[{council}:{entry}]",
        "watched/test_watched.py::test_what_the_audits_tell[{council}:{entry}]",
    ),
    "rounds.draws": ("test_draws.py::test_what_is_drawn[{council}:{entry}]",),
    "rounds.kinds": ("test_kinds_of_rounds.py::test_which_activities_are_planned[{council}]",),
    "rounds.origins": ("test_kinds_of_rounds.py::test_from_what_a_focus_arises[{council}]",),
    "roles": (
        "test_posts.py::test_where_each_post_is_held[{council}]",
        "test_posts.py::test_which_posts_are_groups[{council}]",
    ),
    "chain": ("test_posts.py::test_who_stands_above_whom[{council}]",),
    "tool.references": ("test_beside.py::test_what_stands_beside_the_form[{council}]",),
    "closing": (
        "test_closing.py::test_what_an_audit_is_closed_after[{council}]",
        "test_closing.py::test_what_an_audit_is_filed_after[{council}]",
        "test_closing.py::test_what_is_closed_without_an_action",
    ),
    "torbay/grades.sets": (*GRADES, *FOLLOWS, SAYS.format("torbay:audit_highlight")),
    "swindon/grades.sets": (*GRADES, *FOLLOWS, SAYS.format("swindon:assurance_summary")),
    **{f"{council}/grades": GRADES for council in ("torbay", "halton", "swindon")},
    "southwark/grades": GRADES[:2],
    "registers": ("books/test_books.py::test_what_is_kept_in_a_register[{council}:{entry}]",),
    "duties": TASKS,
    "east-sussex/duties": (*TASKS, "tasks/test_tasks.py::test_when_a_task_may_be_left_out[{council}:{entry}]"),
    "east-sussex/standing": ("test_east_sussex.py::test_task_without_a_clock",),
}
"""Of each part of a policy, or of one council's, the tests that hold every entry of it to a line of a table.

They are asked whichever clause an entry names."""

Named = Mapping[str, Sequence[str]]
"""The tests of each clause."""


class Clauses:
    """The clauses that each entry of a policy file rests on.

    They stand in its `source`, or in that of the entry around it, and in a comment on its line or right above it.
    Where neither says anything, the comments of the entries around it count.
    """

    def __init__(self, path: Path, text: str) -> None:
        self._lines = text.splitlines()
        self._content, self._at = read_yaml(path, text)

    def of(self, key: KeyPath, line: int) -> frozenset[str]:
        """The clauses of the entry with these keys, which is written on that line; empty if nothing around it says."""
        around = [key[:depth] for depth in range(len(key), 0, -1)]
        source = next((found for each in around if (found := self._source(each))), frozenset())
        if found := self._beside(line) | source:
            return found
        return next((found for each in around if (found := self._beside(line_of(self._at, each)))), frozenset())

    def _source(self, key: KeyPath) -> frozenset[str]:
        held = self._content
        for each in key:
            held = held[each]  # type: ignore[index]  # the keys are those of the file
        said = held.get("source", ()) if isinstance(held, dict) else ()
        return frozenset(each for text in said for each in cited_in(str(text)))

    def _beside(self, line: int) -> frozenset[str]:
        """What the comment on a line cites, and the comments right above it."""
        found = cited_in(self._lines[line - 1].partition("#")[2])
        above = line - 2
        while above >= 0 and self._lines[above].lstrip().startswith("#"):
            found |= cited_in(self._lines[above])
            above -= 1
        return frozenset(found)


def named_for(clauses: Iterable[str], named: Named) -> tuple[str, ...]:
    """Every test that is named for one of the clauses, each once."""
    return tuple(sorted({test for each in clauses for test in named.get(each, ())}))


def tabled_for(council: str, place: str) -> tuple[str, ...]:
    """The tests that hold the entry at that place to its line of a table; empty where its part has none."""
    parts = {each.removeprefix(f"{council}/"): tests for each, tests in TABLED.items()}
    part = next((each for each in parts if f"{place}.".startswith(f"{each}.")), None)
    if part is None:
        return ()
    entry = place.removeprefix(part).strip(".").partition(".")[0]
    tests = (each for each in parts[part] if entry or "{entry}" not in each)
    if entry not in _in_part(council):
        tests = (each for each in tests if each != IN_PART)
    return tuple(f"tests/requirements/{each.format(council=council, entry=entry)}" for each in tests)


@cache
def _in_part(council: str) -> frozenset[str]:
    """The tasks of which less can be done than they ask for; of the others that test has no case."""
    return frozenset(task.name for task in COUNCILS[council].rows if may_be_less(council, task))


def takers(place: str) -> list[str]:
    """The councils whose policies take of a base what stands at that place of it."""
    return [name for name, taken in _taken().items() if any(f"{place}.".startswith(f"{each}.") for each in taken)]


@cache
def _taken() -> Mapping[str, frozenset[str]]:
    """What each council takes, by its places."""
    held = {path.name: of_base(path) for path in policies_in(SHIPPED_POLICIES)}
    return {name: base.places for name, base in held.items() if base is not None}
