"""Part 9: was the finding talked through in supervision? What the framework asks of that, and what came of it."""

from collections.abc import Iterator, Mapping

from events.audits import FeedbackGiven
from projections.given import AnswerRow
from workers.asking.words import people
from workers.pack.material import Material, Page
from workers.pack.tables import crossed, listing
from workers.reports.page import Note, Section

NUMBER, NAME, TITLE = 9, "supervision", "Supervision"

WORD = "supervis"
"""A framework's rules and questions about supervision are known by the word, in the name or in the title."""

STATES = ("met", "met late", "open", "overdue", "fell away", "nothing owed")


def pages(material: Material) -> Iterator[Page]:
    """One page: what was owed to supervision, what was answered of it, and when findings were talked through."""
    books = material.books
    owed, talked = [], []
    for row, history in material.histories():
        owed += [(row, each) for each in books.owed(history) if _about(each.obligation, each.title)]
        talked += [
            (row.audit, row.worker, each.fact.recipient, each.envelope.occurred)
            for each in history
            if isinstance(each.fact, FeedbackGiven)
        ]
    said = [each for each in material.answers if _of(each, books.titles)]
    texts = {each.text: "a text" for each in said if each.text}
    columns = ("audit", "what", "by whom", "due", "done", "how it stands")
    listed = (
        (row.audit, each.title, people(each.owners, books.titles), each.due, each.met, each.state) for row, each in owed
    )
    told = (
        (
            each.about.partition("/")[2],
            books.titles.get(f"?{each.question}", each.question),
            each.occurred,
            ", ".join(each.plain) or texts.get(each.text or ""),
        )
        for each in said
    )
    blocks = (
        *(() if owed else (Note(text="The framework asks nothing of supervision about the audits of the window."),)),
        crossed(
            "states",
            "What was owed to supervision",
            "what",
            STATES,
            [(each.title, each.state, f"audit/{row.audit}") for row, each in owed],
        ),
        listing("owed", "What was owed, one by one", columns, listed),
        listing("answers", "What was answered about supervision", ("audit", "question", "when", "answer"), told),
        listing(
            "feedback", "When findings were talked through", ("audit", "practitioner", "with whom", "when"), talked
        ),
    )
    yield Page("supervision", TITLE, (Section(key="supervision", title=TITLE, blocks=blocks),))


def _about(*words: str) -> bool:
    return any(WORD in each.casefold() for each in words)


def _of(row: AnswerRow, titles: Mapping[str, str]) -> bool:
    return _about(row.question, titles.get(f"?{row.question}", ""))
