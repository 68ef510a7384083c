"""Rebuilding every view at once on a system that runs: nothing changes, nothing is sent, every reader answered."""

from threading import Event, Thread

import pytest

from tests.cli.council import Council, no_policy

EVERY = ("torbay", "everything")


@pytest.mark.parametrize("council_named", EVERY)
def test_every_view_while_it_is_read(council_named: str, council: Council) -> None:
    """The report is empty, no event and no notice comes of it, and no reader fails meanwhile."""
    before = {name: council.program.ask(*name) for name in (("notices", "torbay"), ("show", "deliveries", "torbay"))}
    length, views = council.length, council.program.ask("show", "register", "torbay")
    failed: list[object] = []
    stop = Event()

    def poll() -> None:
        from projections.register import register  # noqa: PLC0415 - the reader of another process knows no more

        while not stop.is_set():
            try:
                if len(register(council.system.engine, "torbay")) != len(views):
                    failed.append("less than all")
            except Exception as error:  # noqa: BLE001 - whatever a reader meets is the finding
                failed.append(error)

    reader = Thread(target=poll)
    reader.start()
    found = council.program.ask("rebuild", "--all", council_named)
    stop.set()
    reader.join()
    assert failed == []
    assert {each["view"] for each in found} >= {"register", "timeline", "owed", "notices"}
    assert [each for each in found if each["differing"] or each["changed"]] == []
    named = {"torbay"} if council_named == "torbay" else set(council.system.authorities)
    assert {frozenset(each["positions"]) for each in found} == {frozenset(named)}
    assert council.length == length
    assert {name: council.program.ask(*name) for name in before} == before
    said = council.program.run("rebuild", "--all", council_named)
    assert (said.code, "every view rebuilt" in said.out, "no row" in said.out) == (0, True, True)


@pytest.mark.parametrize("asked", [(), ("register", "--all", "torbay")])
def test_one_view_or_all(asked: tuple[str, ...], council: Council) -> None:
    """Neither, or both, is refused in one line."""
    assert "name either a view or --all COUNCIL" in council.program.run("rebuild", *asked).mistake()


def test_of_nobody(council: Council) -> None:
    """A council that there is not is refused by name."""
    assert council.program.run("rebuild", "--all", "nowhere").mistake() == no_policy("nowhere", council)
