"""Lists page by page: every command that answers with one takes both options, and all of its pages are the list."""

from inspect import unwrap
from typing import Any, get_type_hints

import pytest

from tests.cli.council import Council
from tests.cli.program import Said
from tests.cli.test_tree import COMMANDS
from workers.cli import options
from workers.cli.options import InPages, QuestionInTime

NO_LISTS = {
    *("round show", "show owed", "report show", "report trace", "report issued", "report compare"),
    *("pack make", "story audit", "story action", "story child"),
}
"""What is told of one record, one report or one window is told whole."""

ARGUMENTS = {"show timeline": ["--audit", "T-CLOSED"]}
NEXT = "go on with --after "


def _call(command: Any) -> type:
    kinds = get_type_hints(unwrap(command.callback)).values() if command.callback else ()
    return next((each for each in kinds if isinstance(each, type) and issubclass(each, QuestionInTime)), object)


LISTS = [name for name, command in COMMANDS.items() if issubclass(_call(command), InPages)]


def _after(said: Said) -> str | None:
    """Where to go on, as the page says on standard error."""
    _, found, told = said.err.partition(NEXT)
    return told.partition(",")[0] if found else None


def test_every_list_takes_them() -> None:
    """Whatever can be asked as at a day and answers with a list; what it takes stands in one place."""
    asked = {name for name, command in COMMANDS.items() if issubclass(_call(command), QuestionInTime)}
    assert asked - set(LISTS) == NO_LISTS
    assert {"show overdue", "show workload", "show programme", "round list", "cases show", "notices"} < set(LISTS)


def test_all_pages_are_the_list(council: Council) -> None:
    """Page by page as JSON, each as long as asked for, in the same order; the last one names no further."""
    several = []
    for name in LISTS:
        words = [*name.split(), "torbay", *ARGUMENTS.get(name, [])]
        whole = council.program.run(*words, "--json")
        assert (whole.code, _after(whole)) == (0, None), (name, whole)
        limit, found = len(whole.json) // 3 + 1, []
        after: list[str] = []
        while True:
            said = council.program.run(*words, "--json", "--limit", str(limit), *after)
            assert (said.code, len(said.json) <= limit) == (0, True), (name, said)
            found += said.json
            place = _after(said)
            if place is None:
                break
            shown = f"rows {len(found) - len(said.json) + 1} to {len(found)}"
            assert said.err.startswith((f"sightline: {shown} of {len(whole.json)}; ", f"sightline: {shown}, and more"))
            after = ["--after", place]
        assert found == whole.json, name
        several += [name] if len(whole.json) > limit else []
    assert len(several) > 8, several


def test_a_table_ends_after_a_page(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    """And says how to go on; JSON is cut only where it is asked for, and nothing is where all are wanted."""
    rows = council.program.ask("notices", "torbay")
    assert council.program.run("notices", "torbay").err == ""
    monkeypatch.setattr(options, "USUAL_PAGE", 2)
    said = council.program.run("notices", "torbay")
    assert said.err.startswith(f"sightline: rows 1 to 2, and more come after; {NEXT}")
    assert "--limit 0" in said.err
    assert len(council.program.run("notices", "torbay", "--limit", "0").out) > len(said.out)
    assert council.program.ask("notices", "torbay") == rows
    assert council.program.run("notices", "torbay", "--limit", "0").err == ""
    following = council.program.run("notices", "torbay", "--after", _after(said) or "")
    assert following.err.startswith("sightline: rows 3 to 4, and more come after; ")


def test_only_texts_of_the_page_are_opened(council: Council) -> None:
    """Nobody reads what is not shown, and no record says that somebody did."""

    def opened() -> list[list[str]]:
        return [row["fields"] for row in council.program.ask("show", "reads", "torbay")]

    asked = ("show", "timeline", "torbay", "--audit", "T-CLOSED")
    before, rows = len(opened()), council.program.ask(*asked)
    (whole,) = opened()[before:]
    number = next(number for number, row in enumerate(rows, start=1) if row["texts"])
    council.program.ask(*asked, "--limit", str(number))
    assert opened()[before + 1 :] == [[name for name in whole if name.rpartition(".")[2] in rows[number - 1]["texts"]]]
    assert len(opened()[-1]) < len(whole)


@pytest.mark.parametrize("place", ["", "%", "AAAA", "AAAAAAAA", "é", "A" * 4001])
def test_what_is_no_place(place: str, council: Council) -> None:
    """One line that names the option, and nothing of the list."""
    assert "after: " in council.program.run("show", "register", "torbay", "--after", place).mistake()


def test_a_place_belongs_to_its_list(council: Council) -> None:
    """One of another list, or of another authority's, is refused, and never taken for one of this."""
    for name, authority in (("register", "torbay"), ("escalations", "torbay")):
        place = _after(council.program.run("show", name, authority, "--limit", "1"))
        assert place is not None
        for other in {("actions", "torbay"), ("register", "halton"), ("overdue", "torbay")}:
            said = council.program.run("show", *other, "--after", place)
            assert "after: " in said.mistake()


def test_a_place_belongs_to_its_question(council: Council) -> None:
    """One of the same list with another filter is refused: behind it would lie other rows. How it is told is free."""
    asked = ("show", "timeline", "torbay", "--audit")
    place = _after(council.program.run(*asked, "T-CLOSED", "--limit", "1"))
    assert place is not None
    assert council.program.run(*asked, "T-CLOSED", "--limit", "2", "--json", "--after", place).code == 0
    assert "after: " in council.program.run(*asked, "T-LATE", "--after", place).mistake()


def test_a_limit_is_a_number(council: Council) -> None:
    """Not below nought, and nothing else."""
    for limit in ("-1", "x"):
        assert "--limit" in council.program.run("show", "register", "torbay", "--limit", limit).mistake()
