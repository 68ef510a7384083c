"""The bundled stories of five councils, carried out in memory, and everything that is told in them."""

from functools import cache
from pathlib import Path

from events.escalations import EscalationRaised, NoticeSent
from events.recorded import Recorded
from services.directory.state import DIRECTORY, fold_directory
from services.escalations.recording import as_recorded
from services.escalations.settle import settle
from services.rehearsal import END_OF_TIME, Rehearsal
from tests.desks import SHIPPED

STORIES = Path(__file__).parents[3] / "workers/demo"


@cache
def told_by(council: str) -> tuple[list[Recorded], list[Recorded]]:
    """Every event of the story, and the notices and escalations that follow from it."""
    rehearsal = Rehearsal({council: SHIPPED[council]}, unverified=True)
    rehearsal.run((STORIES / f"{council}.jsonl").read_bytes().splitlines())
    store = rehearsal.stores[council]
    directory = fold_directory(store.load(DIRECTORY))
    told: list[Recorded] = []
    for aggregate, history in store.streams.items():
        if aggregate.startswith(rehearsal.catalogue.worked_out):
            record = rehearsal.catalogue.record_of(history)
            facts = settle(record, SHIPPED[council], directory, END_OF_TIME).facts
            told.extend(as_recorded(history, facts, END_OF_TIME))
    sent = [each for each in told if isinstance(each.fact, NoticeSent | EscalationRaised)]
    return [each for history in store.streams.values() for each in history], sent
